// Looks at a service's processes, plans the way to the wanted state, and goes it. The calls answer with nothing but a
// RequestId, so that what they did is seen process by process. A restart is never sent twice on a guess.
import type { z } from "zod";
import { type Context, warn } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { noteDuration } from "../history";
import type { Journal } from "../journal";
import { badInput, type Note, sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { listLag, wholeList } from "../pages";
import { type CallStep, type Plan, PlanTeller } from "../plan";
import { backoffMilliseconds } from "../retry";
import { sameValue } from "../schema";
import { Status } from "../status";
import { type Deadline, poll } from "../wait";
import type { TencentClient } from "./client";
import { tencentClient } from "./config";
import { describeServiceNodeInfos, startStopServiceOrMonitor } from "./emr";
import { describeCluster, type EmrCluster, restingCluster, usableCluster } from "./emrCluster";
import {
  isMeant,
  isOvertaken,
  isRestarted,
  processKey,
  type RecalledService,
  type RestartRecord,
  rememberOutcome,
  rememberSent,
  type ServiceEntry,
  serviceJournal,
  serviceKey,
  showsEnd,
  triggersPrint,
  usualLimit,
  wasRestarted,
} from "./emrServiceStateMemory";
import type {
  PendingOperation,
  ProcessOutput,
  ServiceState,
  ServiceStateInputs,
} from "./emrServiceStateSchema";

type OpType = z.input<typeof startStopServiceOrMonitor.request>["opType"];

/** How long processes may take to show a change after the cluster is at rest again. */
const settleGrace = 60_000;
/** How long nothing may be seen of a start, a stop or maintenance before it counts as not sent. */
const startGrace = 120_000;
const pageSize = 999;

/** All processes of a service. States are asked for through filters, whose meaning is documented. */
async function listProcesses(
  client: TencentClient,
  clusterId: string,
  service: string,
): Promise<ProcessOutput[]> {
  const all = await listFiltered(client, clusterId, service, {});
  const isStopped = among(await listFiltered(client, clusterId, service, { operatorStateId: 2 }));
  const isMaintained = among(await listFiltered(client, clusterId, service, { maintainStateId: 2 }));
  const instanceOf = instancesOf(all);
  return all
    .map((process) => ({
      component: process.nodeName,
      ip: process.ip,
      ...instanceOf(process),
      state: isStopped(process) ? "stopped" : "running",
      maintenance: isMaintained(process),
      health: healthOf(process),
      lastRestart: process.lastRestartTime ?? "",
    }))
    .sort((a, b) => (processKey(a) < processKey(b) ? -1 : 1));
}

/** Whether a process is one of these: ask once for each, since those that nothing tells apart are counted off. */
function among(rows: readonly ListedProcess[]): (row: ListedProcess) => boolean {
  const left = countsOf(rows.map(keyOf));
  return (row) => {
    const count = left.get(keyOf(row)) ?? 0;
    left.set(keyOf(row), count - 1);
    return count > 0;
  };
}

/** What tells a process from others of its name on its node, again asked once for each. Nothing where it is alone. */
function instancesOf(rows: readonly ListedProcess[]): (row: ListedProcess) => { instance?: string } {
  const placeOf = ({ nodeName, ip }: ListedProcess) => `${nodeName}@${ip}`;
  const neighbors = countsOf(rows.map(placeOf));
  const told = new Map<string, number>();
  return (row) => {
    if (neighbors.get(placeOf(row)) === 1) return {};
    const number = (told.get(keyOf(row)) ?? 0) + 1;
    told.set(keyOf(row), number);
    const parts = [row.nameService, row.nodeFlagFilter, number > 1 ? String(number) : undefined];
    return { instance: parts.filter(Boolean).join("/") || "1" };
  };
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** The probe's word; the number 0 is documented as unavailable, whatever the text says. */
function healthOf({ healthStatus }: ListedProcess): string {
  return healthStatus?.code === 0 ? "unavailable" : (healthStatus?.text ?? "");
}

type ListedProcess = z.output<typeof describeServiceNodeInfos.response>["serviceNodeList"][number];
const keyOf = ({ nodeName, ip, nameService = "", nodeFlagFilter = "" }: ListedProcess) =>
  [nodeName, ip, nameService, nodeFlagFilter].join("@");

export async function listFiltered(
  client: TencentClient,
  instanceId: string,
  serviceName: string,
  filter: { operatorStateId?: number; maintainStateId?: number },
): Promise<ListedProcess[]> {
  return wholeList({
    what: `processes of ${serviceName} on ${instanceId}`,
    who: "EMR",
    // The health of a process changes by itself, and the time of its restart while it is restarted.
    keyOf,
    size: pageSize,
    ask: async (offset = 0) => {
      const { serviceNodeList, totalCnt } = await client.call(describeServiceNodeInfos, {
        instanceId,
        serviceName,
        offset,
        limit: pageSize,
        ...filter,
      });
      return { items: serviceNodeList, total: totalCnt };
    },
  });
}

export interface ServiceView {
  /** The processes that are meant. */
  processes: ProcessOutput[];
  /** Components that the service has, for errors. */
  components: string[];
  /** Addresses in nodeIps on which no such process is. */
  missingIps: string[];
}

/** Which processes are meant. */
type Scope = Pick<ServiceStateInputs, "clusterId" | "service" | "components" | "nodeIps">;

/** Whether a change is for all processes, and not only for those that are not as the others. */
export const movesAll = ({ runState }: Pick<ServiceState, "runState">, { state }: ServiceStateInputs) =>
  runState !== state && runState !== "partial";

export async function viewService(client: TencentClient, inputs: Scope): Promise<ServiceView> {
  const all = await listProcesses(client, inputs.clusterId, inputs.service).catch((error: unknown) => {
    // A service of clients only has no processes, and some editions refuse to list them.
    if (error instanceof CloudError && error.code === "UnsupportedOperation.ServiceNotSupport") return [];
    throw error;
  });
  const processes = all.filter((process) => isMeant(process, inputs));
  return {
    processes,
    components: [...new Set(all.map(({ component }) => component))],
    missingIps: (inputs.nodeIps ?? []).filter((ip) => !processes.some((process) => process.ip === ip)),
  };
}

function runStateOf(processes: ProcessOutput[]): "running" | "stopped" | "partial" | "none" {
  const states = new Set(processes.map(({ state }) => state));
  if (states.size === 0) return "none";
  return states.size > 1 ? "partial" : states.has("running") ? "running" : "stopped";
}

function maintenanceStateOf(processes: ProcessOutput[]): "all" | "none" | "some" {
  const count = processes.filter(({ maintenance }) => maintenance).length;
  return count === 0 ? "none" : count === processes.length ? "all" : "some";
}

/**
 * What to do to get the processes from what they are to what they shall be. Pure. `restart` are those still to restart;
 * where something is deleted, what is missing is as good as done.
 */
export function planService(
  wanted: ServiceStateInputs,
  view: ServiceView,
  restart: ProcessOutput[],
  isDelete = false,
): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const { processes } = view;
  if (!isDelete) plan.blocked.push(...missingParts(wanted, view));
  if (plan.blocked.length > 0) return plan;
  const add = (
    opType: OpType,
    targets: ProcessOutput[],
    verb: string,
    extra: Record<string, unknown> = {},
  ) => {
    if (targets.length === 0) return;
    plan.steps.push({
      kind: "call",
      action: "StartStopServiceOrMonitor",
      verb: opType,
      target: wanted.clusterId,
      parameters: { OpType: opType, ServiceName: wanted.service, ...extra },
      targets: targets.map(processKey),
      summary: `${verb} ${processesOf(targets, wanted.service)}`,
      ...disturbance(opType, targets, wanted),
    });
    plan.steps.push({
      kind: "wait",
      summary: "wait until every process shows it and the cluster is free again",
    });
  };
  const toEnter = wanted.maintenance === true ? processes.filter(({ maintenance }) => !maintenance) : [];
  const toLeave = wanted.maintenance === false ? processes.filter(({ maintenance }) => maintenance) : [];
  if (wanted.state === "stopped") {
    // Maintenance comes first, or the watchdog revives what has been stopped.
    add("StopMonitor", toEnter, "enter maintenance with");
    add(
      "StopService",
      processes.filter(({ state }) => state === "running"),
      "stop",
    );
    add("StartMonitor", toLeave, "leave maintenance with");
    return plan;
  }
  const stopped = processes.filter(({ state }) => state === "stopped");
  add("StartService", stopped, "start");
  // What is only now started has the new configuration anyway.
  add(
    "RestartService",
    restart.filter((process) => !stopped.some((other) => processKey(other) === processKey(process))),
    "restart",
    {
      BatchSize: strategyOf(wanted).batchSize,
    },
  );
  add("StopMonitor", toEnter, "enter maintenance with");
  add("StartMonitor", toLeave, "leave maintenance with");
  return plan;
}

/** Why what is meant is not there. */
export function missingParts(wanted: Scope, { processes, components, missingIps }: ServiceView): Note[] {
  const unknown = (wanted.components ?? []).filter((component) => !components.includes(component));
  if (components.length > 0 && unknown.length > 0) {
    return [
      badInput(
        "components",
        `${wanted.service} has no ${unknown.join(", ")}; it has ${components.join(", ")}`,
      ),
    ];
  }
  if (components.length > 0 && missingIps.length > 0)
    return [badInput("nodeIps", `no such process is on ${missingIps.join(", ")}`)];
  if (processes.length > 0) return [];
  return [
    badInput(
      "service",
      `${wanted.service} has no processes on ${wanted.clusterId}: it is not installed, is spelled otherwise (names are upper case, such as YARN), or consists of clients only, which neither run nor stop`,
    ),
  ];
}

/** What people notice of an operation: only stops and restarts are noticed. */
function disturbance(
  opType: OpType,
  targets: ProcessOutput[],
  wanted: ServiceStateInputs,
): { disturbs?: string } {
  const what = processesOf(targets, wanted.service);
  if (opType === "StopService") return { disturbs: `${what} stop` };
  if (opType !== "RestartService") return {};
  const { rollingRestartSwitch, batchSize, timeWait } = strategyOf(wanted);
  const how =
    rollingRestartSwitch === 1
      ? `${batchSize} at a time${timeWait > 0 ? `, ${timeWait} s apart` : ""}`
      : "all at once";
  return { disturbs: `${what} restart, ${how}` };
}

function processesOf(processes: ProcessOutput[], service: string): string {
  const components = [...new Set(processes.map(({ component }) => component))];
  return `${processes.length} process${processes.length === 1 ? "" : "es"} of ${service} (${components.join(", ")})`;
}

type Strategy = NonNullable<z.input<typeof startStopServiceOrMonitor.request>["strategyConfig"]>;
/** Every field of a request, so that the compiler asks for those that are new. */
type Complete<Request> = { [Name in keyof Request]-?: NonNullable<Request[Name]> };

function strategyOf({ restart = {} }: ServiceStateInputs): Complete<Strategy> {
  const { rolling = true, batchSize = 1, waitSeconds = 0, onFailure = "block", ...untold } = restart;
  // A new setting has to be told what it means here.
  untold satisfies Record<string, never>;
  return {
    rollingRestartSwitch: rolling ? 1 : 0,
    batchSize,
    timeWait: waitSeconds,
    dealOnFail: onFailure === "continue" ? 1 : 0,
  };
}

/** Makes the processes what is wanted, under the cluster's lock. `known` is what state recorded. */
export async function applyService(
  context: Context,
  operation: Operation,
  wanted: ServiceStateInputs,
  known: RecalledService | undefined,
): Promise<ServiceState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `tencent/${tencentClient(context, place).region}/${clusterId}`;
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    new ServiceRun(limited, tencentClient(limited, place), operation, wanted, known).run(),
  );
}

class ServiceRun {
  private readonly deadline: Deadline;
  private readonly status: Status;
  private readonly journal: Journal<ServiceEntry>;
  private readonly triggers: string;
  private view: ServiceView | undefined;
  private lastRequestId: string;
  private lastError: CloudError | undefined;
  private touched = false;
  private resends = 0;
  private waits = 0;
  private restartDone: boolean;
  /** Whether the diff has announced a restart. */
  private readonly restarts: boolean;
  /** The operation that was sent, and that has not been seen to be over. */
  private pending: PendingOperation | undefined;

  constructor(
    private readonly context: Limited,
    private readonly client: TencentClient,
    private readonly operation: Operation,
    private readonly wanted: ServiceStateInputs,
    private readonly known: RecalledService | undefined,
  ) {
    this.deadline = context.deadline;
    this.status = new Status(context);
    this.lastRequestId = known?.lastRequestId ?? "";
    this.triggers = triggersPrint(wanted);
    this.journal = serviceJournal(context, { ...wanted, region: client.region });
    // A recorded state comes with what this machine remembers beyond it.
    this.pending = known ? known.pendingOperation : this.journal.read()?.sent[serviceKey(wanted)];
    // Only a change restarts: neither a new resource nor one that is deleted has one.
    this.restartDone =
      operation !== "update" ||
      wanted.state !== "running" ||
      sameValue(known?.restartTriggers ?? {}, wanted.restartTriggers ?? {}) ||
      (known !== undefined && wasRestarted(known, wanted));
    this.restarts = !this.restartDone;
  }

  async run(): Promise<ServiceState> {
    let hasForgotten = false;
    try {
      const teller = new PlanTeller(this.context);
      for (;;) {
        if ((await this.context.clock.now()) >= this.deadline.at) {
          throw new StoppedError(
            `Gave up on ${this.wanted.service} of ${this.wanted.clusterId}. ${this.deadline.hint}`,
          );
        }
        await this.clusterAtRest();
        await this.look();
        await this.settle();
        if (!hasForgotten) this.forgetRestarts();
        hasForgotten = true;
        const restart = this.restartDone ? [] : await this.stillToRestart();
        const view = this.view as ServiceView;
        const plan = planService(this.wanted, this.announced(view), restart, this.operation === "delete");
        if (plan.steps.length > 0) teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        const step = plan.steps.find((each): each is CallStep => each.kind === "call");
        if (!step) return this.finish(view);
        await requireTime(this.context, step);
        await this.status.during(step, () => this.perform(step, view));
      }
    } catch (error) {
      if (this.touched) {
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the processes again: ${messageOf(failure)}`),
        );
      }
      throw new Stopped(error, this.view && this.state(this.view), this.touched);
    }
  }

  private finish(view: ServiceView): ServiceState {
    this.restartDone = true;
    // Remembered until a saved state has it; a deletion saves none.
    if (this.operation === "delete") rememberSent(this.journal, this.scope, undefined);
    else this.rememberEnd(view);
    this.tellUnannounced(view);
    const unwell = view.processes.filter(
      ({ state, health }) => state === "running" && health === "unavailable",
    );
    if (unwell.length > 0) {
      warn(
        this.context,
        `started, but unavailable according to the cloud's probe: ${unwell.map(processKey).join(", ")}`,
      );
    }
    return this.state(view);
  }

  private rememberEnd({ processes }: ServiceView): void {
    rememberOutcome(this.journal, this.scope, outputsOf(processes));
    if (!this.restarts) return;
    const entry = this.journal.read();
    if (!entry) return;
    const ended = { triggers: this.triggers, basis: this.known?.lastRequestId ?? "" };
    this.journal.write({ ...entry, restarted: { ...entry.restarted, [serviceKey(this.scope)]: ended } });
  }

  /** What the resource's memory goes by: the scope that state knows. */
  private get scope() {
    return this.known ?? this.wanted;
  }

  /**
   * The processes as far as an update has announced to change them, judged by what state recorded: what has changed since
   * counts as it should be. A restart is for all, and so is what looks after an interrupted run.
   */
  private announced(view: ServiceView): ServiceView {
    const { known, wanted } = this;
    if (this.operation !== "update" || !known) return view;
    const recorded = new Map(known.processes.map((process) => [processKey(process), process]));
    const changesAll = movesAll(known, wanted) || this.restarts || known.pendingOperation !== undefined;
    const watchesAll =
      known.maintenanceState === (wanted.maintenance ? "none" : "all") ||
      known.pendingOperation !== undefined;
    const processes = view.processes.map((process) => {
      const before = recorded.get(processKey(process));
      const isNew = !before && !isMeant(process, known);
      const follows = changesAll || isNew || (before !== undefined && before.state !== wanted.state);
      const isWatched =
        watchesAll || isNew || (before !== undefined && before.maintenance !== wanted.maintenance);
      return {
        ...process,
        state: follows ? process.state : wanted.state,
        maintenance: isWatched ? process.maintenance : (wanted.maintenance ?? process.maintenance),
      };
    });
    return { ...view, processes };
  }

  /** What is seen and was not announced is told, and recorded for the next preview to show. */
  private tellUnannounced(view: ServiceView): void {
    const { processes } = this.announced(view);
    const left = view.processes.filter((process, index) => !sameValue(process, processes[index]));
    if (left.length === 0) return;
    const list = left.map(
      (process) =>
        `${processKey(process)} (${process.state}${process.maintenance ? ", in maintenance" : ""})`,
    );
    this.context.progress(
      `not as last recorded: ${list.join(", ")}. This was not announced, and they are left as they are. Run \`pulumi refresh\` and \`pulumi up\` to have them changed`,
      "warning",
    );
  }

  private say(message: string): void {
    this.status.say(message);
  }

  private async look(): Promise<ServiceView> {
    this.view = await viewService(this.client, this.wanted);
    return this.view;
  }

  private cluster(): Promise<EmrCluster> {
    return usableCluster(this.client, this.wanted.clusterId);
  }

  private async clusterAtRest(): Promise<void> {
    const { client, deadline, wanted } = this;
    await restingCluster(client, this.context.clock, wanted.clusterId, deadline, (busy) =>
      this.say(`waits for ${describeCluster(busy)}`),
    );
  }

  private records(): Record<string, RestartRecord> {
    return this.journal.read()?.restarts[this.triggers] ?? {};
  }

  private saveRecords(records: Record<string, RestartRecord>): void {
    const restarts = { ...this.journal.read()?.restarts, [this.triggers]: records };
    const kept = Object.entries(restarts).filter(([, each]) => Object.keys(each).length > 0);
    const { sent = {}, restarted = {} } = this.journal.read() ?? {};
    this.journal.write({ sent, restarted, restarts: Object.fromEntries(kept) });
  }

  /**
   * Restarts that other triggers asked for are over: state says how they ended. Those of the present triggers are kept
   * after their end too, since the reply that tells of it may get lost.
   */
  private forgetRestarts(): void {
    const { processes } = this.view as ServiceView;
    const entry = this.journal.read();
    if (!entry) return;
    const { known, operation, restarts: isChange, triggers: present } = this;
    const isNew = isChange && known !== undefined && isOvertaken(entry, known, present);
    const kept = operation === "update" && !isNew ? present : undefined;
    const { [serviceKey(this.scope)]: ended, ...others } = entry.restarted;
    const restarted = ended?.triggers === kept ? entry.restarted : others;
    const keys = new Set(processes.map(processKey));
    const restarts = Object.entries(entry.restarts)
      .map(
        ([triggers, records]) =>
          [
            triggers,
            Object.fromEntries(
              Object.entries(records).filter(([key]) => triggers === kept || !keys.has(key)),
            ),
          ] as const,
      )
      .filter(([, records]) => Object.keys(records).length > 0);
    this.journal.write({ ...entry, restarted, restarts: Object.fromEntries(restarts) });
  }

  /**
   * The processes that the change of the triggers has not restarted yet. What an earlier run may have sent is waited
   * for first, until nothing moves any more; `view` is up to date afterwards.
   */
  private async stillToRestart(): Promise<ProcessOutput[]> {
    const records = this.records();
    const sent = Object.values(records).flatMap(({ sentAt }) => sentAt ?? []);
    if (sent.length > 0) await this.watchEarlierRestart(Math.max(...sent));
    const { processes } = this.view as ServiceView;
    // Written down when it is decided, before anything is started: what starts after that needs no restart.
    const missing = processes.filter((process) => records[processKey(process)] === undefined);
    if (missing.length > 0) {
      const added = missing.map((process) => [
        processKey(process),
        { last: process.lastRestart, accepted: false },
      ]);
      this.saveRecords({ ...records, ...Object.fromEntries(added) });
    }
    const left = processes.filter((process) => !isRestarted(process, this.records()[processKey(process)]));
    const accepted = left.filter((process) => records[processKey(process)]?.accepted);
    if (accepted.length > 0 && accepted.length === left.length && this.resends === 0) {
      const isPart = processes.length > left.length;
      // Part of an accepted restart failed: the rest may be asked for. Nothing at all shown is another matter.
      if (!isPart) {
        throw new StoppedError(
          `An accepted restart of ${this.wanted.service} on ${this.wanted.clusterId} shows on none of its processes, and is not sent again on a guess. Look at them in the EMR console; change restartTriggers once more to restart them.`,
        );
      }
    }
    return left;
  }

  private async watchEarlierRestart(sentAt: number): Promise<void> {
    this.say("an earlier run may have sent the restart: waits until nothing moves any more");
    await this.watchEarlier("restart", sentAt, (processes) => {
      const records = this.records();
      return processes.every(
        (process) => process.state === "running" && isRestarted(process, records[processKey(process)]),
      );
    });
    this.pending = undefined;
  }

  /** Waits until what an earlier run has sent can be seen, or has had time enough to be. */
  private async settle(): Promise<void> {
    const { pending } = this;
    if (!pending) return;
    const isSameRestart =
      !this.restartDone && Object.values(this.records()).some(({ sentAt }) => sentAt !== undefined);
    // That is looked after where it is decided what is still to be restarted.
    if (pending.opType === "RestartService" && isSameRestart) return;
    this.say(`looks what became of the ${pending.opType} of an earlier run`);
    await this.watchEarlier(pending.opType, pending.sentAt, (processes) =>
      showsEnd(pending, outputsOf(processes)),
    );
    this.pending = undefined;
    rememberOutcome(this.journal, this.scope, outputsOf((this.view as ServiceView).processes));
  }

  /** Waits until nothing moves any more of what was sent then, and a list would show it. */
  private async watchEarlier(
    what: string,
    sentAt: number,
    isDone: (processes: ProcessOutput[]) => boolean,
  ): Promise<void> {
    let signature = "";
    let stillSince: number | undefined;
    await poll(
      this.context.clock,
      this.deadline,
      () => `the earlier ${what} of ${this.wanted.service} to be over`,
      async (now) => {
        const cluster = await this.cluster();
        const { processes } = await this.look();
        const present = JSON.stringify(
          processes.map(({ state, maintenance, lastRestart }) => [state, maintenance, lastRestart]),
        );
        if (cluster.phase === "busy" || present !== signature) stillSince = undefined;
        else stillSince ??= now;
        signature = present;
        if (cluster.phase !== "busy" && isDone(processes)) return true;
        const age = now - Math.min(sentAt, now);
        return stillSince !== undefined && now - stillSince >= settleGrace && age >= listLag
          ? true
          : undefined;
      },
    );
  }

  private async perform(step: CallStep, view: ServiceView): Promise<void> {
    const opType = step.parameters["OpType"] as OpType;
    const targets = view.processes.filter((process) => step.targets?.includes(processKey(process)));
    const isRestart = opType === "RestartService";
    const before = this.records();
    const sentBefore = this.journal.read()?.sent[serviceKey(this.scope)];
    const sentAt = await this.context.clock.now();
    const basis = this.known?.lastRequestId ?? null;
    rememberSent(this.journal, this.scope, { opType, sentAt, basis });
    if (isRestart) this.markSent(targets, { sentAt, accepted: false });
    this.touched = true;
    let accepted = false;
    try {
      const answer = await this.client.call(startStopServiceOrMonitor, {
        instanceId: this.wanted.clusterId,
        opType,
        opScope: this.scopeOf(targets, view),
        ...(isRestart ? { strategyConfig: strategyOf(this.wanted) } : {}),
      });
      accepted = true;
      this.lastError = undefined;
      this.lastRequestId = answer.requestId;
      if (isRestart) this.markSent(targets, { sentAt, accepted: true });
      this.say(`accepted, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!error.mayHaveHappened) {
        // Nothing was done, so that what is remembered is what was before.
        if (isRestart) this.saveRecords(before);
        rememberSent(this.journal, this.scope, sentBefore);
        if (error.kind === "busy") return this.waitForOthers(error);
        throw error;
      }
      this.lastError = error;
      this.say(`${error.message} Looks at the processes`);
    }
    this.pending = { opType, sentAt };
    await this.waitFor(opType, targets, accepted);
    this.pending = undefined;
    if (accepted) await noteDuration(this.context, step, sentAt);
  }

  private markSent(
    targets: ProcessOutput[],
    { sentAt, accepted }: { sentAt: number; accepted: boolean },
  ): void {
    const records = this.records();
    const marked = targets.map((process) => {
      const key = processKey(process);
      return [key, { last: records[key]?.last ?? process.lastRestart, sentAt, accepted }] as const;
    });
    this.saveRecords({ ...records, ...Object.fromEntries(marked) });
  }

  /** The whole service where all of it is meant, else the components and nodes one by one. */
  private scopeOf(targets: ProcessOutput[], view: ServiceView) {
    const isWhole = !this.wanted.components && targets.length === view.processes.length;
    const components = [...new Set(targets.map(({ component }) => component))];
    return {
      serviceInfoList: [
        {
          serviceName: this.wanted.service,
          ...(isWhole
            ? {}
            : {
                componentInfoList: components.map((componentName) => ({
                  componentName,
                  // Two processes of one name on one node can only be named together.
                  ipList: [
                    ...new Set(
                      targets.filter(({ component }) => component === componentName).map(({ ip }) => ip),
                    ),
                  ],
                })),
              }),
        },
      ],
    };
  }

  private async waitForOthers(error: CloudError): Promise<void> {
    if ((await this.context.clock.now()) >= this.deadline.at) throw error;
    this.waits += 1;
    this.say(`another workflow holds the cluster (${error.code}); waits`);
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 10_000, 60_000));
  }

  /** Waits until every target shows the change, or nothing moves any more. */
  private async waitFor(opType: OpType, targets: ProcessOutput[], accepted: boolean): Promise<void> {
    const isRestart = opType === "RestartService";
    const records = this.records();
    const isDone = (process: ProcessOutput): boolean => {
      if (opType === "StartService") return process.state === "running";
      if (opType === "StopService") return process.state === "stopped";
      if (opType === "StopMonitor") return process.maintenance;
      if (opType === "StartMonitor") return !process.maintenance;
      return process.state === "running" && isRestarted(process, records[processKey(process)]);
    };
    let signature = "";
    let stillSince: number | undefined;
    let hasMoved = false;
    let told = "";
    const left = await poll(
      this.context.clock,
      this.deadline,
      () => `${targets.length} process(es) of ${this.wanted.service} after ${opType}`,
      async (now) => {
        const cluster = await this.cluster();
        const { processes } = await this.look();
        const listed = new Map(processes.map((process) => [processKey(process), process]));
        // A target that is not listed is not done: one list alone makes nothing vanish.
        const open = targets.filter((target) => {
          const process = listed.get(processKey(target));
          return !process || !isDone(process);
        });
        const text = `${targets.length - open.length} of ${targets.length} done`;
        if (text !== told) this.say(text);
        told = text;
        const present = JSON.stringify(
          targets
            .map((target) => listed.get(processKey(target)))
            .map((process) => [process?.state, process?.lastRestart, process?.maintenance]),
        );
        if (cluster.phase === "busy" || (signature !== "" && present !== signature)) hasMoved = true;
        if (cluster.phase === "busy" || present !== signature) stillSince = undefined;
        else stillSince ??= now;
        signature = present;
        if (cluster.phase === "busy") return undefined;
        if (open.length === 0) return open;
        // A restart that nothing shows of yet is given more time: it is not sent again before a list would show it.
        const grace = hasMoved ? settleGrace : isRestart ? listLag : startGrace;
        return stillSince !== undefined && now - stillSince >= grace ? open : undefined;
      },
      true,
    );
    if (left.length === 0) {
      if (isRestart)
        this.restartDone = (this.view as ServiceView).processes.every((process) =>
          isRestarted(process, this.records()[processKey(process)]),
        );
      return;
    }
    // Nothing at all was done and no answer came: the request got lost, and may be sent again, now that this is known.
    const gotLost =
      !accepted && !hasMoved && left.length === targets.length && this.lastError?.code !== "FailedOperation";
    if (gotLost && this.resends < 3) {
      this.resends += 1;
      if (isRestart)
        this.saveRecords(
          Object.fromEntries(
            Object.entries(records).map(([key, { last }]) => [key, { last, accepted: false }]),
          ),
        );
      return;
    }
    const said = this.lastError ? ` The cloud said: ${this.lastError.message}` : "";
    throw new StoppedError(
      `${opType} on ${this.wanted.clusterId} left ${left.length} of ${targets.length} processes as they were: ${left.map(processKey).join(", ")} (RequestId ${this.lastError?.requestId || this.lastRequestId || "unknown"}). Look at them in the EMR console, then run \`pulumi up\` again; it goes on with these.${said}`,
    );
  }

  /** What to record: the inputs as carried out, and the processes as last seen. */
  private state(view: ServiceView): ServiceState {
    const { restartTriggers: _, ...inputs } = this.wanted;
    const triggers = this.restartDone ? this.wanted.restartTriggers : this.known?.restartTriggers;
    return {
      ...inputs,
      ...(triggers ? { restartTriggers: triggers } : {}),
      ...outputsOf(view.processes),
      region: this.client.region,
      lastRequestId: this.lastRequestId,
      ...(this.pending ? { pendingOperation: this.pending } : {}),
    };
  }
}

export function outputsOf(
  processes: ProcessOutput[],
): Pick<ServiceState, "processes" | "runState" | "maintenanceState"> {
  return {
    processes,
    runState: runStateOf(processes),
    maintenanceState: maintenanceStateOf(processes),
  };
}
