// Brings an application's components to the wanted state. The call has no token, so it is sent once; whether it took is
// found out from its operation and from what the components show. A restart is never sent twice on a guess.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context";
import { CloudError, messageOf, StoppedError } from "../errors";
import { type Journal, openJournal } from "../journal";
import { exclusively, type Operation, Stopped } from "../operation";
import { type CallStep, describePlan, describeStep } from "../plan";
import { backoffMilliseconds } from "../retry";
import { sameValue } from "../schema";
import { type Deadline, poll } from "../wait";
import type { VolcengineClient } from "./client";
import { volcengineClient } from "./config";
import {
  type Action,
  instancesOfTarget,
  type Known,
  planApplication,
  runStateOf,
  type Target,
  targetKey,
  targetsOf,
} from "./emrApplicationStatePlan";
import {
  type ApplicationState,
  type ApplicationStateInputs,
  type PendingAction,
  pendingAction,
} from "./emrApplicationStateSchema";
import { clusterPhase, getOperation, instancePhase, operationPhase, runApplicationAction } from "./vke";
import { configsOf, findCluster, operationsOf, type Sight, viewApplication } from "./vkeSight";

/** How long nothing may be seen of a request before it counts as not received; longer where it was accepted. */
const unseenLimit = 180_000;
const acceptedLimit = 600_000;
/** How long the cloud may not know an operation that it has just made. */
const visibleLimit = 30_000;
/** How long a component may take to show what an operation did. */
const settleLimit = 300_000;
/** How often a cluster that is taken, or does not allow the action, is asked again. */
const mostWaits = 6;

const journalEntry = z.object({
  /** Actions whose outcome is not known, by target. */
  open: z.record(z.string(), pendingAction),
  /** For which triggers each target was last started or restarted. */
  done: z.record(z.string(), z.string()),
  /** When the last action of each target was sent of which the outcome is known: what state says of older ones is out of date. */
  settled: z.record(z.string(), z.number()),
});
type Entry = z.output<typeof journalEntry>;

export function applicationKey(inputs: ApplicationStateInputs): string {
  const { clusterId, application, components, releaseName } = inputs;
  const scope = [[...(components ?? [])].sort().join("+"), releaseName ?? ""];
  return [clusterId, application, ...scope].filter((part) => part !== "").join("/");
}

export async function applyApplication(
  context: Context,
  operation: Operation,
  wanted: ApplicationStateInputs,
  known: ApplicationState | undefined,
): Promise<ApplicationState> {
  const client = volcengineClient(context, { ...wanted, region: known?.region ?? wanted.region });
  const { clusterId, timeouts } = wanted;
  const key = `volcengine/${client.region}/${clusterId}`;
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: "30m" }, (deadline) =>
    new ApplicationRun(context, client, operation, wanted, known, deadline).run(),
  );
}

class ApplicationRun {
  private readonly journal: Journal<Entry>;
  /** What the triggers and the configuration are now, as a fingerprint. */
  private readonly event: string;
  private readonly last = new Map<string, string>();
  private sight: Sight | undefined;
  private lastOperationId: string;
  private lastRequestId: string;
  private touched = false;
  private waits = 0;
  private resends = 0;
  /** Whether components that run are to be restarted at all. */
  private wantsRestart: boolean;

  constructor(
    private readonly context: Context,
    private readonly client: VolcengineClient,
    private readonly operation: Operation,
    private readonly wanted: ApplicationStateInputs,
    private readonly known: ApplicationState | undefined,
    private readonly deadline: Deadline,
  ) {
    this.lastOperationId = known?.lastOperationId ?? "";
    this.lastRequestId = known?.lastRequestId ?? "";
    // By application and not by scope: what was restarted stays so when the scope is changed.
    const key = `application/${client.region}/${wanted.clusterId}/${wanted.application.toLowerCase()}`;
    this.journal = openJournal(context.journalDirectory, key, journalEntry);
    const isOverwritten = known?.configsApplied === false ? known.lastOperationId : "";
    const triggers = Object.entries(wanted.restartTriggers ?? {}).sort();
    const event = JSON.stringify([triggers, wanted.applicationConfigs ?? [], isOverwritten]);
    this.event = createHash("sha256").update(event).digest("hex");
    this.wantsRestart = wantsRestart(operation, known, wanted);
  }

  async run(): Promise<ApplicationState> {
    try {
      if (this.operation === "create" && this.wantsRestart) await this.clusterAtRest();
      if (this.operation === "create" && this.wantsRestart && (await this.areConfigsThere()))
        this.wantsRestart = false;
      for (let shown = ""; ; ) {
        if ((await this.context.clock.now()) >= this.deadline.at) {
          throw new StoppedError(
            `Gave up on ${this.wanted.application} of ${this.wanted.clusterId}. ${this.deadline.hint}`,
          );
        }
        await this.clusterAtRest();
        await this.look();
        await this.settleEarlier();
        const sight = await this.atRest();
        const plan = planApplication(this.wanted, this.knownOf(sight), this.operation === "delete");
        const lines = describePlan(plan);
        const isNews = plan.steps.length + plan.warnings.length > 0 && lines.join() !== shown;
        if (isNews) for (const line of lines) this.say(`plan: ${line}`);
        shown = lines.join();
        if (plan.blocked.length > 0) throw new StoppedError(`${plan.blocked.join(". ")}.`);
        const step = plan.steps.find((each): each is CallStep => each.kind === "call");
        if (!step) return await this.finish(sight);
        await this.perform(step, sight);
      }
    } catch (error) {
      if (this.touched) {
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the components again: ${messageOf(failure)}`),
        );
      }
      const open = this.ownOpen()[0];
      const state = this.sight && this.state(this.sight, false);
      throw new Stopped(
        error,
        state && { ...state, ...(open ? { pendingAction: open } : {}) },
        this.touched || open !== undefined,
      );
    }
  }

  private say(message: string): void {
    this.context.progress(`${this.wanted.application} on ${this.wanted.clusterId}: ${message}`);
  }

  private async look(): Promise<Sight> {
    const { clusterId, application } = this.wanted;
    const view = await viewApplication(this.client, clusterId, application);
    if ("others" in view) {
      const others = view.others.length > 0 ? `it has ${view.others.join(", ")}` : "it has none";
      throw new StoppedError(`application: ${clusterId} has no application ${application}; ${others}.`);
    }
    this.sight = view;
    return view;
  }

  private async clusterAtRest(): Promise<void> {
    const { clusterId } = this.wanted;
    let told = false;
    let state = "";
    await poll(
      this.context.clock,
      this.deadline,
      () => `cluster ${clusterId} to run (last seen ${state})`,
      async () => {
        const cluster = await findCluster(this.client, clusterId);
        if (!cluster) {
          throw new StoppedError(
            `EMR on VKE cluster ${clusterId} does not exist in ${this.client.region}: check clusterId and the region.`,
          );
        }
        state = cluster.state;
        const phase = clusterPhase(state);
        if (phase === "running") return true;
        if (phase === "unusable") {
          throw new StoppedError(
            `EMR on VKE cluster ${clusterId} is ${state} and takes no action: look at it in the EMR console.`,
          );
        }
        if (!told) this.say(`waits for the cluster, which is ${state}`);
        told = true;
        return undefined;
      },
    );
  }

  /** The components once none of them is on its way any more. */
  private async atRest(): Promise<Sight> {
    let told = false;
    return poll(
      this.context.clock,
      this.deadline,
      () => `the components of ${this.wanted.application} to come to rest`,
      async () => {
        const sight = told ? await this.look() : (this.sight ?? (await this.look()));
        const moving = this.targets(sight)
          .flatMap((target) => instancesOfTarget(sight.instances ?? [], target))
          .find(({ state }) => instancePhase(state) === "moving");
        if (!moving) return sight;
        if (!told) this.say(`waits for ${moving.component}, which is ${moving.state}`);
        told = true;
        return undefined;
      },
    );
  }

  private targets(sight: Sight): Target[] {
    return targetsOf(this.wanted, sight).targets;
  }

  private knownOf(sight: Sight): Known {
    const { done } = this.entry();
    return {
      sight,
      last: (target) => this.last.get(targetKey(target)) ?? this.known?.runState,
      needsRestart: (target) => this.wantsRestart && done[targetKey(target)] !== this.event,
    };
  }

  private entry(): Entry {
    return this.journal.read() ?? { open: {}, done: {}, settled: {} };
  }

  /** Open actions that are for what is meant here; those of other resources are theirs to settle. */
  private ownOpen(): PendingAction[] {
    const recorded = this.known?.pendingAction;
    const { open, settled } = this.entry();
    const all = Object.values(open);
    const isNew = (pending: PendingAction) =>
      open[keyOfPending(pending)] === undefined && pending.sentAt > (settled[keyOfPending(pending)] ?? 0);
    if (recorded && isNew(recorded)) all.push(recorded);
    return all.filter(
      ({ component, releaseName }) =>
        releaseName === (this.wanted.releaseName ?? "") &&
        (this.wanted.components?.some((name) => name.toLowerCase() === component.toLowerCase()) ?? true),
    );
  }

  private save(pending: PendingAction): void {
    const entry = this.entry();
    this.journal.write({ ...entry, open: { ...entry.open, [keyOfPending(pending)]: pending } });
  }

  /** The action is over. `event`: what the target has been started or restarted for, where it has. */
  private close(pending: PendingAction, event?: string): void {
    const { open, done, settled } = this.entry();
    const key = keyOfPending(pending);
    const { [key]: _, ...rest } = open;
    this.journal.write({
      open: rest,
      done: event === undefined ? done : { ...done, [key]: event },
      settled: { ...settled, [key]: pending.sentAt },
    });
  }

  private async settleEarlier(): Promise<void> {
    for (const pending of this.ownOpen()) {
      this.say(`finds out what became of an earlier ${pending.action} of ${nameOf(pending)}`);
      await this.settle(pending, true);
    }
  }

  private async perform(step: CallStep, sight: Sight): Promise<void> {
    const key = step.targets?.[0];
    const target = this.targets(sight).find((each) => targetKey(each) === key);
    if (!target) throw new Error(`no target ${key}`);
    const action = actionOf(step, this.wanted);
    const own = instancesOfTarget(sight.instances ?? [], target);
    const pending: PendingAction = {
      component: target.component,
      releaseName: target.release,
      action,
      sentAt: await this.context.clock.now(),
      accepted: false,
      operationId: "",
      startTimes: own.map(({ startTime }) => startTime).filter((time) => time !== ""),
      event: this.event,
    };
    this.save(pending);
    this.say(`${describeStep(step)} …`);
    try {
      const answer = await this.client.call(runApplicationAction, {
        clusterId: this.wanted.clusterId,
        actionName: this.wanted.actionNames?.[action] ?? action,
        actionScope: "COMPONENT",
        components: [{ applicationName: sight.application, componentNames: [target.component] }],
        ...paramsOf(this.wanted, action),
      });
      this.touched = true;
      pending.accepted = true;
      pending.operationId = answer.operationId ?? "";
      this.lastRequestId = answer.requestId;
      this.save(pending);
      const which = pending.operationId
        ? `operation ${pending.operationId}`
        : "without an operation to follow";
      this.say(`${action} accepted, ${which}, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!error.mayHaveHappened) {
        this.close(pending);
        if (error.kind === "busy") return this.waitForOthers(error);
        throw error;
      }
      this.touched = true;
      this.say(`${error.message} Looks for its effect before anything else`);
    }
    await this.settle(pending, false);
  }

  private async waitForOthers(error: CloudError): Promise<void> {
    // The same answer says that the cluster never allows the action, so that patience has an end.
    if (this.waits >= mostWaits || (await this.context.clock.now()) >= this.deadline.at) throw error;
    this.waits += 1;
    this.say(`the cluster does not take the action now (${error.code}); waits`);
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 10_000, 60_000));
  }

  /** Finds out how an action ended. Afterwards it is no longer open, or the run has stopped. */
  private async settle(pending: PendingAction, isEarlier: boolean): Promise<void> {
    const strangers = new Set<string>();
    for (;;) {
      const operationId = pending.operationId || (await this.findOperation(pending, strangers));
      const end = operationId ? await this.follow(operationId, pending) : undefined;
      if (end === undefined) return this.settleBySight(pending, strangers);
      const isCertain = pending.operationId !== "";
      const facts = `${pending.action} of ${nameOf(pending)} ended ${end.state}${end.reason ? ` (${end.reason})` : ""}, operation ${operationId}, RequestId ${this.lastRequestId || "unknown"}`;
      if (end.phase === "failed") {
        this.close(pending);
        this.lastOperationId = operationId ?? "";
        // What an earlier run asked for is known to have failed: it may be asked for again.
        if (isEarlier) return this.say(`${facts}; it is planned anew`);
        throw new StoppedError(`${facts}. Look at the operation in the EMR console.`);
      }
      const shows = await this.showsEffect(pending, end.phase === "succeeded" ? "settled" : "moved");
      if (!isCertain && pending.action === "restart" && shows === "no") {
        // Somebody else's operation.
        strangers.add(operationId ?? "");
        continue;
      }
      this.lastOperationId = operationId ?? "";
      if (end.phase === "succeeded" && shows !== "no") return this.succeed(pending, shows);
      if (end.phase !== "succeeded" && shows === "yes") return this.succeed(pending, shows);
      if (end.phase === "skipped" && shows === "unseen" && pending.action !== "restart") {
        return this.succeed(pending, shows);
      }
      this.close(pending);
      const seen = this.sight?.instances
        ? `, but ${this.seenOf(pending)}`
        : ", and what the component is cannot be seen";
      throw new StoppedError(
        `${facts}${seen}. Look at the component in the EMR console, then run \`pulumi up\` again.`,
      );
    }
  }

  private succeed(pending: PendingAction, shows: "yes" | "unseen"): void {
    this.close(pending, pending.action === "stop" ? undefined : pending.event);
    this.last.set(keyOfPending(pending), pending.action === "stop" ? "stopped" : "running");
    if (shows === "unseen")
      this.say(`${pending.action} of ${nameOf(pending)} is over, as far as can be told`);
    else this.say(`${nameOf(pending)}: ${pending.action} done, ${this.seenOf(pending)}`);
  }

  private seenOf(pending: PendingAction): string {
    const own = instancesOfTarget(this.sight?.instances ?? [], targetOf(pending));
    const states = [...new Set(own.map(({ state }) => state))].join(", ");
    return own.length > 0 ? `the component is ${states}` : "the component is not listed";
  }

  /**
   * Whether the component shows what the action is for. "settled": once nothing moves any more. "moved": only where a
   * restart can be told from none. "unseen": it cannot be seen at all.
   */
  private async showsEffect(
    pending: PendingAction,
    proof: "settled" | "moved",
  ): Promise<"yes" | "no" | "unseen"> {
    const until = Math.min((await this.context.clock.now()) + settleLimit, this.deadline.at);
    return poll(
      this.context.clock,
      this.deadline,
      () => `${nameOf(pending)} to come to rest`,
      async (now) => {
        const sight = await this.look();
        if (!sight.instances) return "unseen";
        const own = instancesOfTarget(sight.instances, targetOf(pending));
        const phases = own.map(({ state }) => instancePhase(state));
        const wantedPhase = pending.action === "stop" ? "stopped" : "running";
        const isThere = own.length > 0 && phases.every((phase) => phase === wantedPhase);
        const isProven = proof === "settled" && pending.operationId !== "";
        if (isThere && (pending.action !== "restart" || isProven)) return "yes";
        if (isThere) {
          const proven = startedSince(own, pending);
          if (proven !== undefined) return proven ? "yes" : now >= until ? "no" : undefined;
          return proof === "settled" ? "yes" : "unseen";
        }
        return now >= until ? "no" : undefined;
      },
    );
  }

  /** Follows an operation to its end; undefined where the cloud does not know it. */
  private async follow(
    operationId: string,
    pending: PendingAction,
  ): Promise<
    { phase: "succeeded" | "failed" | "skipped" | "ended"; state: string; reason: string } | undefined
  > {
    const begun = await this.context.clock.now();
    let told = "";
    return poll(
      this.context.clock,
      this.deadline,
      () =>
        `operation ${operationId} (${pending.action} of ${nameOf(pending)}, last seen ${told || "nothing"})`,
      async (now) => {
        const record = await this.operationRecord(operationId);
        if (!record) return now - begun >= visibleLimit ? "unknown" : undefined;
        const phase = operationPhase(record);
        const state = record.operationState ?? "";
        if (state !== told) this.say(`operation ${operationId}: ${state}`);
        told = state;
        return phase === "open" ? undefined : { phase, state, reason: reasonText(record.stateChangeReason) };
      },
      true,
    ).then((end) => (end === "unknown" ? undefined : end));
  }

  private async operationRecord(operationId: string) {
    try {
      const { items, ...flat } = await this.client.call(getOperation, { operationId });
      if (!items) return flat;
      return items.find((item) => (item.operationId ?? item.operateId) === operationId);
    } catch (error) {
      const isUnknown =
        error instanceof CloudError && ["fixInput", "gone", "refused", "permission"].includes(error.kind);
      if (isUnknown) return undefined;
      throw error;
    }
  }

  /** The operation of an action whose answer got lost: the first of the cluster's that began after it was sent. */
  private async findOperation(
    pending: PendingAction,
    strangers: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const records = await operationsOf(this.client, this.wanted.clusterId);
    const mine = (records ?? [])
      .map((record) => ({ ...record, id: record.operationId ?? record.operateId ?? "" }))
      .filter(({ id }) => id !== "" && id !== this.lastOperationId && !strangers.has(id))
      .filter(({ createTime }) => milliseconds(createTime) >= pending.sentAt - 60_000)
      .filter(({ content }) => content?.toLowerCase().includes(pending.component.toLowerCase()) ?? true)
      .sort((a, b) => milliseconds(a.createTime) - milliseconds(b.createTime));
    return mine[0]?.id;
  }

  /** Without an operation to follow: what the component shows, for as long as a request may take to show. */
  private async settleBySight(pending: PendingAction, strangers: ReadonlySet<string>): Promise<void> {
    const limit = pending.sentAt + (pending.accepted ? acceptedLimit : unseenLimit);
    const found = await poll(
      this.context.clock,
      this.deadline,
      () => `a sign of the ${pending.action} of ${nameOf(pending)}`,
      async (now) => {
        const operationId = pending.operationId ? undefined : await this.findOperation(pending, strangers);
        if (operationId) return { operationId };
        const sight = await this.look();
        const own = instancesOfTarget(sight.instances ?? [], targetOf(pending));
        const wantedPhase = pending.action === "stop" ? "stopped" : "running";
        const isThere = own.length > 0 && own.every(({ state }) => instancePhase(state) === wantedPhase);
        const isProven = pending.action !== "restart" || startedSince(own, pending) === true;
        if (isThere && isProven) return "yes" as const;
        const isMoving = own.some(({ state }) => instancePhase(state) === "moving");
        if (now < limit || isMoving) return undefined;
        const cannotTell = !sight.instances || (isThere && startedSince(own, pending) === undefined);
        return cannotTell ? ("unseen" as const) : ("no" as const);
      },
      true,
    );
    if (typeof found === "object") {
      pending.operationId = found.operationId;
      this.save(pending);
      return this.settle(pending, false);
    }
    if (found === "yes" || (found === "unseen" && pending.accepted)) return this.succeed(pending, found);
    // A start and a stop name where they end, so that they may be asked for again.
    if (pending.action !== "restart" && !pending.accepted && this.resends < 3) {
      this.resends += 1;
      this.close(pending);
      return this.say(`nothing came of the ${pending.action} of ${nameOf(pending)}; it is planned anew`);
    }
    const isListed = (await operationsOf(this.client, this.wanted.clusterId)) !== undefined;
    if (pending.action === "restart" && !pending.accepted && isListed && this.resends < 3) {
      this.resends += 1;
      this.close(pending);
      return this.say(
        `the cluster has no operation of the restart of ${nameOf(pending)}; it is planned anew`,
      );
    }
    // Other triggers, or none any more: the program has given its word on the one in doubt.
    if (pending.event !== this.event || !this.wantsRestart) {
      this.close(pending);
      return this.say(`leaves it open whether ${nameOf(pending)} was restarted then`);
    }
    const what = pending.accepted ? "was accepted, but does not show" : "may have been carried out or not";
    throw new StoppedError(
      `The ${pending.action} of ${nameOf(pending)} on ${this.wanted.clusterId} ${what}, and is not sent again on a guess. Look at the component in the EMR console; then change restartTriggers to another value to restart it, or back to what they were to leave it as it is.`,
    );
  }

  /** Whether the cluster shows all of the configuration already, in effect. */
  private async areConfigsThere(): Promise<boolean> {
    const { clusterId, applicationConfigs = [] } = this.wanted;
    const sight = await this.look();
    const shown = await configsOf(this.client, clusterId, sight.application, applicationConfigs);
    return shown?.areEffective === true && sameValue(byKey(shown.items), byKey(applicationConfigs));
  }

  private async finish(sight: Sight): Promise<ApplicationState> {
    if (this.operation === "delete") {
      const entry = this.entry();
      const gone = new Set(this.targets(sight).map(targetKey));
      const done = Object.entries(entry.done).filter(([key]) => !gone.has(key));
      this.journal.write({ ...entry, done: Object.fromEntries(done) });
    }
    const { clusterId, applicationConfigs = [] } = this.wanted;
    const shown = await configsOf(this.client, clusterId, sight.application, applicationConfigs);
    if (shown && !shown.areEffective && this.wanted.state === "running")
      this.say("warning: the cluster does not show all of applicationConfigs in effect");
    return { ...this.state(sight, true), observedConfigs: byKey(shown?.items ?? []) };
  }

  /** What to record: the inputs as carried out, and the components as last seen. */
  private state(sight: Sight, isDone: boolean): ApplicationState {
    const { restartTriggers: _, applicationConfigs: __, ...inputs } = this.wanted;
    const isApplied = isDone || !this.wantsRestart;
    const { restartTriggers, applicationConfigs } = isApplied ? this.wanted : (this.known ?? {});
    const targets = this.targets(sight);
    const own = targets.flatMap((target) => instancesOfTarget(sight.instances ?? [], target));
    const lasts = new Set(
      targets.map((target) => this.last.get(targetKey(target)) ?? this.known?.runState ?? "unknown"),
    );
    const isSame = sameValue(this.known?.applicationConfigs ?? [], applicationConfigs ?? []);
    const isStillOff = this.wanted.state === "stopped" && !(isSame && (this.known?.configsApplied ?? false));
    return {
      ...inputs,
      ...(restartTriggers ? { restartTriggers } : {}),
      ...(applicationConfigs ? { applicationConfigs } : {}),
      region: this.client.region,
      runState: sight.instances
        ? runStateOf(own)
        : lasts.size === 1
          ? ([...lasts][0] ?? "unknown")
          : "partial",
      instances: own,
      applicationState: sight.applicationState,
      observationSource: sight.instances ? "componentInstances" : "operations",
      driftVisible: sight.instances !== undefined,
      configsApplied:
        (applicationConfigs ?? []).length === 0 ||
        (isApplied ? !isStillOff : (this.known?.configsApplied ?? true)),
      observedConfigs: this.known?.observedConfigs ?? {},
      lastOperationId: this.lastOperationId,
      lastRequestId: this.lastRequestId,
    };
  }
}

/** Whether what runs has to be restarted: only a change does that, or configuration that is not there yet. */
export function wantsRestart(
  operation: Operation,
  known: ApplicationState | undefined,
  wanted: ApplicationStateInputs,
): boolean {
  if (operation === "delete" || wanted.state !== "running") return false;
  const configs = wanted.applicationConfigs ?? [];
  if (operation === "create" || !known) return configs.length > 0;
  const before = byKey(known.applicationConfigs ?? []);
  const isChanged = configs.some(({ file, key, value }) => before[`${file}/${key}`] !== value);
  const isLost = configs.length > 0 && !known.configsApplied;
  return isChanged || isLost || !sameValue(known.restartTriggers ?? {}, wanted.restartTriggers ?? {});
}

export function byKey(
  items: readonly { file: string; key: string; value: string }[],
): Record<string, string> {
  return Object.fromEntries(items.map(({ file, key, value }) => [`${file}/${key}`, value]));
}

const targetOf = ({ component, releaseName }: PendingAction): Target => ({ component, release: releaseName });
const keyOfPending = (pending: PendingAction) => targetKey(targetOf(pending));
const nameOf = ({ component, releaseName }: PendingAction) =>
  `${component}${releaseName ? ` ${releaseName}` : ""}`;

/** Whether all of these were started since; undefined where that is not told. */
function startedSince(
  own: readonly { startTime: string }[],
  { startTimes }: PendingAction,
): boolean | undefined {
  if (startTimes.length === 0 || own.some(({ startTime }) => startTime === "")) return undefined;
  return own.every(({ startTime }) => !startTimes.includes(startTime));
}

function actionOf(step: CallStep, { actionNames }: ApplicationStateInputs): Action {
  const name = step.parameters["ActionName"];
  const actions: Action[] = ["start", "stop", "restart"];
  return actions.find((action) => (actionNames?.[action] ?? action) === name) ?? "restart";
}

/** The action's parameters; configuration is a JSON text within, in a spelling of its own. */
function paramsOf(wanted: ApplicationStateInputs, action: Action) {
  const configs = action === "stop" ? [] : (wanted.applicationConfigs ?? []);
  const items = configs.map(({ file, key, value }) => ({
    configFileName: file,
    configItemKey: key,
    configItemValue: value,
  }));
  const actionParams = [
    ...Object.entries(wanted.actionParams ?? {}).map(([key, value]) => ({ key, value })),
    ...(wanted.releaseName ? [{ key: "releaseName", value: wanted.releaseName }] : []),
    ...(items.length > 0 ? [{ key: "applicationConfigs", value: JSON.stringify(items) }] : []),
  ];
  return actionParams.length > 0 ? { actionParams } : {};
}

function reasonText(reason: unknown): string {
  if (reason === undefined || reason === null || reason === "") return "";
  const text = typeof reason === "string" ? reason : JSON.stringify(reason);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** A time in milliseconds, whether the cloud tells it in seconds or in those. */
function milliseconds(time = 0): number {
  return time < 1e11 ? time * 1000 : time;
}
