// Looks at a service's processes, plans the way to the wanted state, and goes it. The calls answer with nothing but a
// RequestId, so that what they did is seen process by process. A restart is never sent twice on a guess.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context";
import { CloudError, messageOf, StoppedError } from "../errors";
import { type Journal, openJournal } from "../journal";
import { withLock } from "../lock";
import { type CallStep, describePlan, describeStep, type Plan } from "../plan";
import { backoffMilliseconds } from "../retry";
import { sameValue } from "../schema";
import { type Deadline, durationMilliseconds, poll } from "../wait";
import type { TencentClient } from "./client";
import { tencentClient } from "./config";
import { describeServiceNodeInfos, startStopServiceOrMonitor } from "./emr";
import { describeCluster, type EmrCluster, findCluster } from "./emrCluster";
import type { ProcessOutput, ServiceState, ServiceStateInputs } from "./emrServiceStateSchema";

type OpType = z.input<typeof startStopServiceOrMonitor.request>["opType"];

/** How long processes may take to show a change after the cluster is at rest again. */
const settleGrace = 60_000;
/** How long nothing may be seen of a restart before it counts as not sent. */
const startGrace = 120_000;
const pageSize = 999;

const processKey = ({ component, ip }: Pick<ProcessOutput, "component" | "ip">) => `${component}@${ip}`;

/** All processes of a service. States are asked for through filters, whose meaning is documented. */
async function listProcesses(
  client: TencentClient,
  clusterId: string,
  service: string,
): Promise<ProcessOutput[]> {
  const all = await listFiltered(client, clusterId, service, {});
  const stopped = new Set(
    (await listFiltered(client, clusterId, service, { operatorStateId: 2 })).map(keyOf),
  );
  const maintained = new Set(
    (await listFiltered(client, clusterId, service, { maintainStateId: 2 })).map(keyOf),
  );
  return all
    .map((process) => ({
      component: process.nodeName,
      ip: process.ip,
      state: stopped.has(keyOf(process)) ? "stopped" : "running",
      maintenance: maintained.has(keyOf(process)),
      health: process.healthStatus?.text ?? "",
      lastRestart: process.lastRestartTime ?? "",
    }))
    .sort((a, b) => (processKey(a) < processKey(b) ? -1 : 1));
}

type ListedProcess = z.output<typeof describeServiceNodeInfos.response>["serviceNodeList"][number];
const keyOf = ({ nodeName, ip }: ListedProcess) => `${nodeName}@${ip}`;

async function listFiltered(
  client: TencentClient,
  instanceId: string,
  serviceName: string,
  filter: { operatorStateId?: number; maintainStateId?: number },
): Promise<ListedProcess[]> {
  const found = new Map<string, ListedProcess>();
  for (;;) {
    const before = found.size;
    const page = await client.call(describeServiceNodeInfos, {
      instanceId,
      serviceName,
      offset: before,
      limit: pageSize,
      ...filter,
    });
    for (const process of page.serviceNodeList) found.set(keyOf(process), process);
    if (found.size >= (page.totalCnt ?? 0) || page.serviceNodeList.length === 0) return [...found.values()];
    if (found.size === before) {
      throw new StoppedError(
        `EMR lists ${page.totalCnt} processes of ${serviceName} on ${instanceId}, but shows only ${before}.`,
      );
    }
  }
}

export interface ServiceView {
  /** The processes that are meant. */
  processes: ProcessOutput[];
  /** Components that the service has, for errors. */
  components: string[];
  /** Addresses in nodeIps on which no such process is. */
  missingIps: string[];
}

export async function viewService(client: TencentClient, inputs: ServiceStateInputs): Promise<ServiceView> {
  const all = await listProcesses(client, inputs.clusterId, inputs.service).catch((error: unknown) => {
    // A service of clients only has no processes, and some editions refuse to list them.
    if (error instanceof CloudError && error.code === "UnsupportedOperation.ServiceNotSupport") return [];
    throw error;
  });
  const processes = all.filter(
    ({ component, ip }) =>
      (inputs.components?.includes(component) ?? true) && (inputs.nodeIps?.includes(ip) ?? true),
  );
  return {
    processes,
    components: [...new Set(all.map(({ component }) => component))],
    missingIps: (inputs.nodeIps ?? []).filter((ip) => !processes.some((process) => process.ip === ip)),
  };
}

export function runStateOf(processes: ProcessOutput[]): "running" | "stopped" | "partial" | "none" {
  const states = new Set(processes.map(({ state }) => state));
  if (states.size === 0) return "none";
  return states.size > 1 ? "partial" : states.has("running") ? "running" : "stopped";
}

export function maintenanceStateOf(processes: ProcessOutput[]): "all" | "none" | "some" {
  const count = processes.filter(({ maintenance }) => maintenance).length;
  return count === 0 ? "none" : count === processes.length ? "all" : "some";
}

/** What to do to get the processes from what they are to what they shall be. Pure. `restart`: those still to restart. */
export function planService(wanted: ServiceStateInputs, view: ServiceView, restart: ProcessOutput[]): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const { processes } = view;
  const unknown = (wanted.components ?? []).filter((component) => !view.components.includes(component));
  if (unknown.length > 0 && view.components.length > 0) {
    plan.blocked.push(
      `components: ${wanted.service} has no ${unknown.join(", ")}; it has ${view.components.join(", ")}`,
    );
  }
  if (view.components.length > 0 && view.missingIps.length > 0) {
    plan.blocked.push(`nodeIps: no such process is on ${view.missingIps.join(", ")}`);
  }
  if (processes.length === 0 && plan.blocked.length === 0) {
    plan.blocked.push(
      `service: ${wanted.service} has no processes on ${wanted.clusterId}: it is not installed, is spelled otherwise (names are upper case, such as YARN), or consists of clients only, which neither run nor stop`,
    );
  }
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
      target: wanted.clusterId,
      parameters: { OpType: opType, ServiceName: wanted.service, ...extra },
      summary: `${verb} ${processesOf(targets, wanted.service)}`,
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
  add(
    "RestartService",
    restart.filter((process) => !stopped.includes(process)),
    "restart",
    {
      BatchSize: strategyOf(wanted).batchSize,
    },
  );
  add("StopMonitor", toEnter, "enter maintenance with");
  add("StartMonitor", toLeave, "leave maintenance with");
  return plan;
}

function processesOf(processes: ProcessOutput[], service: string): string {
  const components = [...new Set(processes.map(({ component }) => component))];
  return `${processes.length} process${processes.length === 1 ? "" : "es"} of ${service} (${components.join(", ")})`;
}

function strategyOf({ restart = {} }: ServiceStateInputs) {
  return {
    rollingRestartSwitch: restart.rolling === false ? 0 : 1,
    batchSize: restart.batchSize ?? 1,
    timeWait: restart.waitSeconds ?? 0,
    dealOnFail: restart.onFailure === "continue" ? 1 : 0,
  };
}

/** Ended before the processes were what they should be. */
export class ServiceStopped extends Error {
  override readonly name = "ServiceStopped";
  constructor(
    readonly reason: Error,
    readonly state: ServiceState | undefined,
    readonly touched: boolean,
  ) {
    super(reason.message, { cause: reason });
  }
}

// A restart that was sent, or was about to be: for which triggers, and when each process had last been restarted then.
const restartEntry = z.object({
  restart: z
    .object({ triggers: z.string(), before: z.record(z.string(), z.string()), sentAt: z.number() })
    .optional(),
});
type RestartEntry = z.output<typeof restartEntry>;

export type Operation = "create" | "update" | "delete";

export function serviceKey({ clusterId, service, components, nodeIps }: ServiceStateInputs): string {
  const scope = [components ?? [], nodeIps ?? []].map((names) => [...names].sort().join("+")).join("@");
  return `${clusterId}/${service}${scope === "@" ? "" : `/${scope}`}`;
}

/** Makes the processes what is wanted, under the cluster's lock. `known` is what state recorded. */
export async function applyService(
  context: Context,
  operation: Operation,
  wanted: ServiceStateInputs,
  known: ServiceState | undefined,
): Promise<ServiceState> {
  const client = tencentClient(context);
  const limit = wanted.timeouts?.[operation] ?? "30m";
  return withLock(
    `tencent/${client.region}/${wanted.clusterId}`,
    async () => {
      const deadline: Deadline = {
        at: (await context.clock.now()) + durationMilliseconds(limit),
        hint: `Raise timeouts.${operation} (now ${limit}) if this is normal for the cluster; run \`pulumi up\` again to go on from here.`,
      };
      return new ServiceRun(context, client, operation, wanted, known, deadline).run();
    },
    () => context.progress(`${wanted.service}: waits for other changes to ${wanted.clusterId} in this run`),
  );
}

class ServiceRun {
  private readonly journal: Journal<RestartEntry>;
  private readonly triggers: string;
  private view: ServiceView | undefined;
  private lastRequestId: string;
  private touched = false;
  private repeats = 0;
  private waits = 0;
  private restartDone: boolean;

  constructor(
    private readonly context: Context,
    private readonly client: TencentClient,
    operation: Operation,
    private readonly wanted: ServiceStateInputs,
    private readonly known: ServiceState | undefined,
    private readonly deadline: Deadline,
  ) {
    this.lastRequestId = known?.lastRequestId ?? "";
    this.triggers = createHash("sha256")
      .update(JSON.stringify(Object.entries(wanted.restartTriggers ?? {}).sort()))
      .digest("hex");
    this.journal = openJournal(
      context.journalDirectory,
      `service/${client.region}/${serviceKey(wanted)}`,
      restartEntry,
    );
    // Only a change restarts: neither a new resource nor one that is deleted has one.
    this.restartDone =
      operation !== "update" ||
      wanted.state !== "running" ||
      sameValue(known?.restartTriggers ?? {}, wanted.restartTriggers ?? {});
  }

  async run(): Promise<ServiceState> {
    try {
      for (let shown = ""; ; ) {
        await this.clusterAtRest();
        const view = await this.look();
        const plan = planService(this.wanted, view, this.restartDone ? [] : await this.stillToRestart(view));
        const lines = describePlan(plan);
        if (lines.join() !== shown && plan.steps.length > 0)
          for (const line of lines) this.say(`plan: ${line}`);
        shown = lines.join();
        if (plan.blocked.length > 0) throw new StoppedError(`${plan.blocked.join(". ")}.`);
        const step = plan.steps.find((each): each is CallStep => each.kind === "call");
        if (!step) {
          this.restartDone = true;
          return this.state(view);
        }
        await this.perform(step, view);
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(messageOf(error));
      if (this.touched)
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the processes again: ${messageOf(failure)}`),
        );
      throw new ServiceStopped(reason, this.view && this.state(this.view), this.touched);
    }
  }

  private say(message: string): void {
    this.context.progress(`${this.wanted.service} on ${this.wanted.clusterId}: ${message}`);
  }

  private async look(): Promise<ServiceView> {
    this.view = await viewService(this.client, this.wanted);
    return this.view;
  }

  private async cluster(): Promise<EmrCluster> {
    const cluster = await findCluster(this.client, this.wanted.clusterId);
    if (!cluster)
      throw new StoppedError(
        `EMR cluster ${this.wanted.clusterId} does not exist: check clusterId and the region.`,
      );
    if (cluster.phase === "unusable") {
      throw new StoppedError(`${describeCluster(cluster)} cannot be changed: look at it in the EMR console.`);
    }
    return cluster;
  }

  private async clusterAtRest(): Promise<void> {
    let told = false;
    await poll(
      this.context.clock,
      this.deadline,
      () => `cluster ${this.wanted.clusterId} to be free`,
      async () => {
        const cluster = await this.cluster();
        if (cluster.phase !== "busy") return cluster;
        if (!told) this.say(`waits for ${describeCluster(cluster)}`);
        told = true;
        return undefined;
      },
    );
  }

  /** The processes that the change of the triggers has not restarted yet; finds out first what an earlier run did. */
  private async stillToRestart(view: ServiceView): Promise<ProcessOutput[]> {
    const open = this.journal.read()?.restart;
    if (!open || open.triggers !== this.triggers) return view.processes;
    const left = view.processes.filter((process) => !isRestarted(process, open.before));
    const now = await this.context.clock.now();
    const age = now - Math.min(open.sentAt, now);
    if (left.length === view.processes.length && age < startGrace) {
      this.say("an earlier run may have sent the restart: waits to see whether it begins");
      await this.context.clock.sleep(startGrace - age);
      await this.clusterAtRest();
      const again = await this.look();
      return again.processes.filter((process) => !isRestarted(process, open.before));
    }
    return left;
  }

  private async perform(step: CallStep, view: ServiceView): Promise<void> {
    const opType = step.parameters["OpType"] as OpType;
    const targets = this.targetsOf(opType, view);
    this.say(`${describeStep(step)} …`);
    if (opType === "RestartService") await this.rememberRestart(view);
    this.touched = true;
    try {
      const answer = await this.client.call(startStopServiceOrMonitor, {
        instanceId: this.wanted.clusterId,
        opType,
        opScope: this.scopeOf(targets, view),
        ...(opType === "RestartService" ? { strategyConfig: strategyOf(this.wanted) } : {}),
      });
      this.lastRequestId = answer.requestId;
      this.say(`${opType} accepted, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.kind === "busy") return this.waitForOthers(error);
      if (!error.mayHaveHappened) throw error;
      this.repeats += 1;
      if (this.repeats > 3) throw error;
      this.say(`${error.message} Looks at the processes`);
    }
    await this.waitFor(opType, targets, view);
  }

  private targetsOf(opType: OpType, view: ServiceView): ProcessOutput[] {
    const { processes } = view;
    switch (opType) {
      case "StartService":
        return processes.filter(({ state }) => state === "stopped");
      case "StopService":
        return processes.filter(({ state }) => state === "running");
      case "StopMonitor":
        return processes.filter(({ maintenance }) => !maintenance);
      case "StartMonitor":
        return processes.filter(({ maintenance }) => maintenance);
      case "RestartService": {
        const open = this.journal.read()?.restart;
        if (open?.triggers !== this.triggers) return processes;
        return processes.filter((process) => !isRestarted(process, open.before));
      }
    }
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
                  ipList: targets.filter(({ component }) => component === componentName).map(({ ip }) => ip),
                })),
              }),
        },
      ],
    };
  }

  /** Writes down when each process was last restarted, before it is asked for: that shows later which ones were. */
  private async rememberRestart(view: ServiceView): Promise<void> {
    const open = this.journal.read()?.restart;
    const sentAt = await this.context.clock.now();
    const before =
      open?.triggers === this.triggers
        ? open.before
        : Object.fromEntries(view.processes.map((process) => [processKey(process), process.lastRestart]));
    this.journal.write({ restart: { triggers: this.triggers, before, sentAt } });
  }

  private async waitForOthers(error: CloudError): Promise<void> {
    if ((await this.context.clock.now()) >= this.deadline.at) throw error;
    this.waits += 1;
    this.say(`another workflow holds the cluster (${error.code}); waits`);
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 10_000, 60_000));
  }

  private async waitFor(opType: OpType, targets: ProcessOutput[], view: ServiceView): Promise<void> {
    const before = Object.fromEntries(
      view.processes.map((process) => [processKey(process), process.lastRestart]),
    );
    const keys = new Set(targets.map(processKey));
    const isDone = (process: ProcessOutput): boolean => {
      if (opType === "StartService") return process.state === "running";
      if (opType === "StopService") return process.state === "stopped";
      if (opType === "StopMonitor") return process.maintenance;
      if (opType === "StartMonitor") return !process.maintenance;
      return process.state === "running" && isRestarted(process, before);
    };
    const accepted = this.repeats === 0;
    let restingSince: number | undefined;
    let told = -1;
    const left = await poll(
      this.context.clock,
      this.deadline,
      () => `${targets.length} process(es) of ${this.wanted.service} after ${opType}`,
      async (now) => {
        const cluster = await this.cluster();
        const { processes } = await this.look();
        const meant = processes.filter((process) => keys.has(processKey(process)));
        const open = meant.filter((process) => !isDone(process));
        const done = meant.length - open.length;
        if (done !== told) this.say(`${done} of ${meant.length} done`);
        told = done;
        if (cluster.phase === "busy") restingSince = undefined;
        else restingSince ??= now;
        if (restingSince === undefined) return undefined;
        if (open.length === 0) return open;
        const grace = open.length === meant.length ? startGrace : settleGrace;
        return now - restingSince >= grace ? open : undefined;
      },
      true,
    );
    if (left.length === 0) {
      if (opType === "RestartService") {
        this.restartDone = true;
        this.journal.write({});
      }
      this.repeats = 0;
      return;
    }
    // Nothing at all was done: the request got lost, and may be sent again, now that this is known.
    if (left.length === targets.length && !accepted && this.repeats < 3) return;
    throw new StoppedError(
      `${opType} on ${this.wanted.clusterId} left ${left.length} of ${targets.length} processes as they were: ${left.map(processKey).join(", ")} (RequestId ${this.lastRequestId || "unknown"}). Look at them in the EMR console, then run \`pulumi up\` again; it goes on with these.`,
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
    };
  }
}

function isRestarted(process: ProcessOutput, before: Record<string, string>): boolean {
  return process.lastRestart > (before[processKey(process)] ?? "");
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
