// Brings an application's components to the wanted state. The call has no token, so it is sent once; whether it took is
// found out from its operation and from what the components show. A restart is never sent twice on a guess.
import { randomUUID } from "node:crypto";
import { type Context, warn } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { inputsThat } from "../fields";
import { noteDuration } from "../history";
import type { Journal } from "../journal";
import { sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { listLag } from "../pages";
import { type CallStep, PlanTeller } from "../plan";
import { backoffMilliseconds } from "../retry";
import { sameValue } from "../schema";
import { Status } from "../status";
import { type Deadline, poll } from "../wait";
import type { VolcengineClient } from "./client";
import { volcengineClient } from "./config";
import {
  applicationKey,
  configsPrint,
  type Entry,
  eventOf,
  isOvertaken,
  journalOf,
  latestOutcome,
  type Outcome,
  openActions,
  type Recalled,
  recordedState,
} from "./emrApplicationStateMemory";
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
  applicationStateInputs,
  type PendingAction,
} from "./emrApplicationStateSchema";
import {
  clusterPhase,
  getOperation,
  instancePhase,
  isTime,
  type OperationPhase,
  type OperationRecord,
  operationIdOf,
  operationPhase,
  operationStateOf,
  runApplicationAction,
} from "./vke";
import type { Pages } from "./vkePages";
import { configsOf, findCluster, operationsOf, type Sight, viewApplication } from "./vkeSight";

/** How long the cloud may not know an operation that it has just made. */
const visibleLimit = 30_000;
/** How long a component may take to show what an operation did. */
const settleLimit = 300_000;
/** How long a cloud surely remembers its operations. */
const memory = 1_800_000;
/** How long a create that did not end is taken up again. */
const resumeLimit = 86_400_000;
/** How many operations can be remembered as having been there before: state keeps their ids while an action is open. */
const mostBefore = 1000;
/** How often a cluster that is taken, or does not allow the action, is asked again. */
const mostWaits = 6;

const keptSettled = 20;

export const usualLimit = "30m";

export async function applyApplication(
  context: Context,
  operation: Operation,
  wanted: ApplicationStateInputs,
  known: Recalled | undefined,
): Promise<ApplicationState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `volcengine/${volcengineClient(context, place).region}/${clusterId}`;
  // What only says how the provider works needs no cluster that takes actions.
  if (operation === "update" && known && changesPolicyOnly(known, wanted))
    return { ...emptied(known), ...wanted, region: known.region };
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    new ApplicationRun(limited, volcengineClient(limited, place), operation, wanted, known).run(),
  );
}

const laterInputs: readonly string[] = inputsThat(applicationStateInputs, "later");

function changesPolicyOnly(known: Recalled, wanted: ApplicationStateInputs): boolean {
  if (known.pendingAction || known.unsaved || known.runState !== wanted.state) return false;
  if (!known.configsApplied && wanted.state === "running" && wanted.applicationConfigs?.length) return false;
  return Object.keys(applicationStateInputs.shape).every((name) => {
    const property = name as keyof ApplicationStateInputs;
    if (laterInputs.includes(name) || (name === "region" && wanted.region === undefined)) return true;
    return sameValue(known[property], wanted[property]);
  });
}

/** State without the inputs: what is not among the new ones shall not stay. */
function emptied(known: ApplicationState): ApplicationState {
  const outputs = Object.entries(known).filter(([name]) => !(name in applicationStateInputs.shape));
  return Object.fromEntries(outputs) as unknown as ApplicationState;
}

class ApplicationRun {
  private readonly deadline: Deadline;
  private readonly status: Status;
  private readonly journal: Journal<Entry>;
  /** What the triggers and the configuration are now, as a fingerprint. */
  private readonly event: string;
  private readonly owner: string;
  private sight: Sight | undefined;
  private lastOperationId: string;
  private lastRequestId: string;
  private lastActionAt: number;
  private startedAt = 0;
  private touched = false;
  private waits = 0;
  private resends = 0;
  /** Operations that turned out to be somebody else's. */
  private readonly strangers = new Set<string>();
  /** Whether components that run are to be restarted at all. */
  private wantsRestart: boolean;
  /** Whether the preview could tell, or leave open, that components in scope are brought to what is wanted. */
  private readonly isStateOpen: boolean;
  /** Targets with which another configuration came than state knows of. */
  private readonly overwritten = new Set<string>();

  constructor(
    private readonly context: Limited,
    private readonly client: VolcengineClient,
    private readonly operation: Operation,
    private readonly wanted: ApplicationStateInputs,
    private readonly known: ApplicationState | undefined,
  ) {
    this.deadline = context.deadline;
    this.status = new Status(context);
    this.lastOperationId = known?.lastOperationId ?? "";
    this.lastRequestId = known?.lastRequestId ?? "";
    this.lastActionAt = known?.lastActionAt ?? 0;
    // A new resource may be for the same components as one that exists.
    this.owner = known ? applicationKey(known) : `new ${applicationKey(wanted)}`;
    this.journal = journalOf(context, client.region, wanted);
    this.event = eventOf(wanted);
    this.wantsRestart = wantsRestart(operation, known, wanted);
    this.isStateOpen =
      operation !== "update" || !known || recordedState(known) !== wanted.state || this.ownOpen().length > 0;
  }

  async run(): Promise<ApplicationState> {
    this.startedAt = await this.context.clock.now();
    try {
      if (this.operation === "create" && this.wantsRestart) await this.clusterAtRest();
      if (this.operation === "create" && this.wantsRestart && (await this.areConfigsThere()))
        this.wantsRestart = false;
      const teller = new PlanTeller(this.context);
      for (;;) {
        if ((await this.context.clock.now()) >= this.deadline.at) {
          throw new StoppedError(
            `Gave up on ${this.wanted.application} of ${this.wanted.clusterId}. ${this.deadline.hint}`,
          );
        }
        await this.clusterAtRest();
        await this.look();
        await this.settleEarlier();
        const sight = await this.atRest();
        await this.heedConfigs(sight);
        const mode = this.operation === "delete" ? "delete" : "apply";
        const plan = planApplication(this.wanted, this.knownOf(sight), mode);
        teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        const step = plan.steps.find((each): each is CallStep => each.kind === "call");
        if (!step) return await this.finish(sight);
        await requireTime(this.context, step);
        await this.status.during(step, () => this.perform(step, sight));
      }
    } catch (error) {
      if (this.touched) {
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the components again: ${messageOf(failure)}`),
        );
      }
      const open = this.ownOpen()[0];
      const state = this.sight && this.state(this.sight, false);
      const configsApplied = state?.configsApplied && !this.mayHaveConfigs();
      throw new Stopped(
        error,
        state && { ...state, configsApplied, ...(open ? { pendingAction: open } : {}) },
        this.touched || open !== undefined,
      );
    }
  }

  /** What to do where something is missing that state has. */
  private get ifGone(): string {
    return this.known ? " If it existed before, run `pulumi refresh`." : "";
  }

  private say(message: string): void {
    this.status.say(message);
  }

  private async look(): Promise<Sight> {
    const { clusterId, application } = this.wanted;
    const needsNames = this.wanted.releaseName !== undefined;
    const view = await viewApplication(this.client, clusterId, application, needsNames);
    if ("others" in view) {
      const others = view.others.length > 0 ? `it has ${view.others.join(", ")}` : "it has none";
      throw new StoppedError(
        `application: ${clusterId} has no application ${application}; ${others}.${this.ifGone}`,
      );
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
            `EMR on VKE cluster ${clusterId} does not exist in ${this.client.region}: check clusterId and the region.${this.ifGone}`,
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
    let last = "";
    return poll(
      this.context.clock,
      this.deadline,
      () => `the components of ${this.wanted.application} to come to rest (last seen ${last})`,
      async () => {
        const sight = told ? await this.look() : (this.sight ?? (await this.look()));
        const moving = this.targets(sight)
          .flatMap((target) => instancesOfTarget(sight.instances ?? [], target))
          .find(({ state }) => instancePhase(state) === "moving");
        if (!moving) return sight;
        last = `${moving.component} ${moving.state}`;
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
    const { known } = this;
    const wasInScope = ({ component }: Target) =>
      known?.components?.some((name) => name.toLowerCase() === component.toLowerCase()) ?? true;
    return {
      sight,
      mayAct: (target) =>
        this.isStateOpen ||
        this.wantsRestart ||
        !sight.instances ||
        !wasInScope(target) ||
        this.recent(target) !== undefined,
      last: (target) =>
        this.recent(target)?.made ?? (known && wasInScope(target) ? known.runState : undefined),
      needsRestart: (target) =>
        (this.wantsRestart || this.overwritten.has(targetKey(target))) &&
        this.recent(target)?.event !== this.event,
    };
  }

  /** What was last done to a target, where that is newer than what state tells. */
  private recent(target: Target): Outcome | undefined {
    const done = this.entry().done[targetKey(target)];
    if (!done || done.at <= (this.known?.lastActionAt ?? 0)) return undefined;
    return this.known || done.at >= this.startedAt - resumeLimit ? done : undefined;
  }

  private entry(): Entry {
    return this.journal.read() ?? { open: {}, done: {}, settled: [] };
  }

  /** Actions of this resource that are open; those of others are theirs to settle. */
  private ownOpen(): PendingAction[] {
    return openActions(this.entry(), this.owner, this.known);
  }

  private save(pending: PendingAction): void {
    const entry = this.entry();
    this.journal.write({
      ...entry,
      open: {
        ...entry.open,
        [pending.id]: { owner: this.owner, action: pending, configs: configsPrint(this.wanted) },
      },
    });
  }

  /** The action is over. `made`: what has come of it, where something has. */
  private close(pending: PendingAction, made?: Outcome["made"]): void {
    const { open, done, settled } = this.entry();
    const { [pending.id]: saved, ...rest } = open;
    const { event, sentAt: at } = pending;
    // Of what another machine has sent it is not known which configuration came with it.
    const configs = pending.hasConfigs ? (saved?.configs ?? "") : undefined;
    if (made) this.lastActionAt = Math.max(this.lastActionAt, at);
    this.journal.write({
      open: rest,
      done: made ? { ...done, [keyOfPending(pending)]: { event, at, made, configs } } : done,
      settled: [...settled, pending.id].slice(-keptSettled),
    });
  }

  private async settleEarlier(): Promise<void> {
    const { open } = this.entry();
    for (const { owner, action } of Object.values(open))
      if (owner === this.owner && isOvertaken(action, this.known)) this.close(action);
    for (const pending of this.ownOpen()) {
      this.say(`finds out what became of an earlier ${pending.action} of ${nameOf(pending)}`);
      await this.settle(pending, true);
    }
  }

  private async perform(step: CallStep, sight: Sight): Promise<void> {
    const key = step.targets?.[0];
    const target = this.targets(sight).find((each) => targetKey(each) === key);
    if (!target) throw new Error(`no target ${key}`);
    const action = (step.verb ?? "restart") as Action;
    const own = instancesOfTarget(sight.instances ?? [], target);
    const { clusterId, applicationConfigs = [] } = this.wanted;
    const operationsBefore = idsOf(await operationsOf(this.client, clusterId));
    const pending: PendingAction = {
      id: randomUUID(),
      component: target.component,
      releaseName: target.release,
      action,
      // The clock of a machine that was here before may be ahead, and what is newer counts.
      sentAt: Math.max(await this.context.clock.now(), (this.known?.lastActionAt ?? 0) + 1),
      accepted: false,
      operationId: "",
      requestId: "",
      startTimes: own.map(({ startTime }) => startTime).filter((time) => time !== ""),
      ...(operationsBefore ? { operationsBefore } : {}),
      hasConfigs: action !== "stop" && applicationConfigs.length > 0,
      event: this.event,
    };
    this.save(pending);
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
      pending.operationId = operationIdOf(answer);
      pending.requestId = answer.requestId;
      this.lastRequestId = answer.requestId;
      this.save(pending);
      const which = pending.operationId
        ? `operation ${pending.operationId}`
        : "without an operation to follow";
      this.say(`accepted, ${which}, RequestId ${answer.requestId}`);
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
    if (pending.accepted) await noteDuration(this.context, step, pending.sentAt);
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
    for (;;) {
      const isCertain = pending.operationId !== "";
      const operation = isCertain
        ? { id: pending.operationId, match: "yes" as const }
        : await this.findOperation(pending);
      const end = operation && (await this.follow(operation.id, pending));
      if (!operation || (!end && isCertain)) {
        if ((await this.settleBySight(pending)) === "again") continue;
        return;
      }
      if (end && (await this.judge(pending, { ...operation, ...end, isCertain }, isEarlier))) return;
      this.strangers.add(operation.id);
    }
  }

  /** Draws the conclusion from an operation that has ended; false where it may have been somebody else's. */
  private async judge(pending: PendingAction, end: Ended, isEarlier: boolean): Promise<boolean> {
    const { isCertain, phase } = end;
    const facts = `${pending.action} of ${nameOf(pending)} ended ${end.state}${end.reason ? ` (${end.reason})` : ""}, operation ${end.id}${pending.requestId ? `, RequestId ${pending.requestId}` : ""}`;
    if (!isCertain && (phase === "failed" || phase === "skipped")) return false;
    if (phase === "failed") {
      this.close(pending);
      this.lastOperationId = end.id;
      // What an earlier run asked for is known to have failed: it may be asked for again.
      if (!isEarlier) throw new StoppedError(`${facts}. Look at the operation in the EMR console.`);
      this.say(`${facts}; it is planned anew`);
      return true;
    }
    const shows = await this.showsEffect(pending, isCertain && phase === "succeeded");
    const isOurs = isCertain || (end.match === "yes" && phase === "succeeded");
    const hasHappened =
      shows === "yes" || (shows === "unseen" && (phase === "succeeded" || phase === "skipped"));
    const isProven =
      isOurs && phase === "skipped"
        ? shows === "yes" || pending.action !== "restart"
        : hasHappened && (isOurs || shows === "yes");
    const isCarriedOut = isOurs && phase !== "skipped";
    if (isProven && (isCarriedOut || (await this.haveConfigsArrived(pending)) === "yes")) {
      this.lastOperationId = end.id;
      this.succeed(pending, shows === "yes" ? "yes" : "unseen");
      return true;
    }
    if (!isCertain) return false;
    this.lastOperationId = end.id;
    const isMoving = this.ownInstances(pending).some(({ state }) => instancePhase(state) === "moving");
    if (phase === "unknown" || (phase === "ended" && (shows === "unseen" || isMoving))) {
      this.leaveOpen(pending, `; ${facts}`);
      return true;
    }
    // The operation is done, whatever the component makes of it: asking again would do it twice.
    this.close(pending, phase === "succeeded" ? madeBy(pending) : undefined);
    const seen = this.sight?.instances ? this.seenOf(pending) : "what the component is cannot be seen";
    throw new StoppedError(
      `${facts}, but ${seen}. Look at the component in the EMR console, then run \`pulumi up\` again.`,
    );
  }

  /** Whether the cluster shows the configuration that came with an action. Without any there is nothing to show. */
  private async haveConfigsArrived(pending: PendingAction): Promise<"yes" | "no" | "unknown"> {
    if (!pending.hasConfigs) return "yes";
    if (pending.event !== this.event) return "unknown";
    const { clusterId, applicationConfigs = [] } = this.wanted;
    const application = this.sight?.application ?? this.wanted.application;
    const shown = await configsOf(this.client, clusterId, application, applicationConfigs);
    if (!shown) return "unknown";
    return sameValue(byKey(shown.items), byKey(applicationConfigs)) ? "yes" : "no";
  }

  private succeed(pending: PendingAction, shows: "yes" | "unseen"): void {
    this.close(pending, madeBy(pending));
    if (shows === "unseen")
      this.say(`${pending.action} of ${nameOf(pending)} is over, as far as can be told`);
    else this.say(`${nameOf(pending)}: ${pending.action} done, ${this.seenOf(pending)}`);
  }

  /** Whether configuration may have reached the cluster that state does not tell of. */
  private mayHaveConfigs(): boolean {
    const isSent = this.ownOpen().some(({ hasConfigs }) => hasConfigs);
    const { done } = this.entry();
    const own = this.sight ? this.targets(this.sight).map(targetKey) : [];
    const isDone = own.some((key) => (done[key]?.at ?? 0) > (this.known?.lastActionAt ?? 0));
    return isSent || (isDone && (this.wanted.applicationConfigs ?? []).length > 0);
  }

  /** The instances of an action, as last seen. */
  private ownInstances(pending: PendingAction) {
    return instancesOfTarget(this.sight?.instances ?? [], targetOf(pending));
  }

  private seenOf(pending: PendingAction): string {
    const own = this.ownInstances(pending);
    const states = [...new Set(own.map(({ state }) => state))].join(", ");
    return own.length > 0 ? `the component is ${states}` : "the component is not listed";
  }

  /**
   * Whether the component shows what the action is for, once nothing moves any more. `isTold`: the operation itself has
   * said that a restart happened, so that nothing else has to prove it. "unseen": it cannot be seen.
   */
  private async showsEffect(pending: PendingAction, isTold: boolean): Promise<"yes" | "no" | "unseen"> {
    const begun = await this.context.clock.now();
    const settled = Math.min(begun + settleLimit, this.deadline.at);
    return poll(
      this.context.clock,
      this.deadline,
      () => `${nameOf(pending)} to show the ${pending.action}`,
      async (now) => {
        if (!(await this.look()).instances) return "unseen";
        const own = this.ownInstances(pending);
        if (!isAsWanted(own, pending)) return now >= settled ? "no" : undefined;
        if (pending.action !== "restart" || isTold) return "yes";
        const isProven = startedSince(own, pending);
        if (isProven === undefined) return "unseen";
        // Where the work's limit comes first it stays open: a start may show late.
        return isProven ? "yes" : now >= begun + listLag ? "no" : undefined;
      },
    );
  }

  /** Follows an operation to its end; undefined where the cloud does not know it. */
  private async follow(
    operationId: string,
    pending: PendingAction,
  ): Promise<Pick<Ended, "phase" | "state" | "reason"> | undefined> {
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
        const state = operationStateOf(record) ?? "";
        if (state !== told) this.say(`${state} (operation ${operationId})`);
        told = state;
        if (phase === "open") return undefined;
        if (phase === "unknown") {
          // On its way or over: the component tells, or the program does not ask for it any more.
          await this.look();
          const isDropped = now - begun >= listLag && !this.isStillAsked(pending);
          if (!isShown(this.ownInstances(pending), pending) && !isDropped) return undefined;
        }
        return { phase, state, reason: reasonText(record.stateChangeReason) };
      },
      true,
    ).then((end) => (end === "unknown" ? undefined : end));
  }

  private async operationRecord(operationId: string) {
    try {
      const { items, ...flat } = await this.client.call(getOperation, { operationId });
      // The answer to a question for one needs no id.
      const idIs = (id: string) => items?.find((item) => operationIdOf(item) === id);
      const record = items ? (idIs(operationId) ?? idIs("")) : flat;
      // An empty answer is one way of saying that there is none.
      const tells = record && (operationStateOf(record) !== undefined || isTime(record.endTime));
      return tells ? record : undefined;
    } catch (error) {
      const isUnknown =
        error instanceof CloudError && ["fixInput", "gone", "refused", "permission"].includes(error.kind);
      if (isUnknown) return undefined;
      throw error;
    }
  }

  /** An operation that may be that of an action whose answer got lost: one that was not there before. */
  private async findOperation(
    pending: PendingAction,
  ): Promise<{ id: string; match: "yes" | "maybe" } | undefined> {
    const { operationsBefore } = pending;
    // The latest of our own may be listed late.
    const known = [this.known?.lastOperationId, this.lastOperationId];
    const records = (await operationsOf(this.client, this.wanted.clusterId))?.items ?? [];
    const fresh = records
      .map((record) => ({ id: operationIdOf(record), match: matchOf(record, pending, this.wanted) }))
      .filter(({ id }) => id !== "" && !this.strangers.has(id) && !known.includes(id))
      .filter(({ id }) => operationsBefore !== undefined && !operationsBefore.includes(id));
    const found = fresh.find(({ match }) => match === "yes") ?? fresh.find(({ match }) => match === "maybe");
    return found && { id: found.id, match: found.match === "yes" ? "yes" : "maybe" };
  }

  /**
   * Without an operation to follow: what the component shows, for as long as a request may take to show. "again": an
   * operation has appeared.
   */
  private async settleBySight(pending: PendingAction): Promise<"settled" | "again"> {
    const limit = pending.sentAt + listLag;
    const found = await poll(
      this.context.clock,
      this.deadline,
      () => `a sign of the ${pending.action} of ${nameOf(pending)}`,
      async (now) => {
        if (!pending.operationId && (await this.findOperation(pending))) return "again" as const;
        const sight = await this.look();
        const own = this.ownInstances(pending);
        if (isShown(own, pending) && (await this.haveConfigsArrived(pending)) === "yes")
          return "yes" as const;
        const isMoving = own.some(({ state }) => instancePhase(state) === "moving");
        if (now < limit || isMoving) return undefined;
        const cannotTell =
          !sight.instances || (isAsWanted(own, pending) && startedSince(own, pending) === undefined);
        return cannotTell ? ("unseen" as const) : ("no" as const);
      },
      true,
    );
    if (found === "again") return "again";
    if (found === "yes" || (found === "unseen" && pending.accepted)) {
      this.succeed(pending, found);
      return "settled";
    }
    const again = () => {
      this.resends += 1;
      this.close(pending);
      this.say(`nothing came of the ${pending.action} of ${nameOf(pending)}; it is planned anew`);
      return "settled" as const;
    };
    const list = await operationsOf(this.client, this.wanted.clusterId);
    if (!pending.accepted && this.resends < 3) {
      const isRecent = (await this.context.clock.now()) - pending.sentAt < memory;
      if (isAbsentFrom(list, pending, this.wanted, found === "no" && isRecent)) return again();
      // Where the component is seen, a start and a stop name where they end.
      if (pending.action !== "restart" && found === "no") return again();
    }
    this.leaveOpen(pending, list?.gap ? `; ${list.gap}` : "");
    return "settled";
  }

  /** Whether the program asks for what an action was for; other triggers, or none any more, are its word on that. */
  private isStillAsked(pending: PendingAction): boolean {
    const isWanted = pending.action === "restart" ? this.wantsRestart : madeBy(pending) === this.wanted.state;
    return pending.event === this.event && isWanted;
  }

  /** It cannot be told what came of an action: the work stops, unless the program has given its word. */
  private leaveOpen(pending: PendingAction, facts: string): void {
    if (this.isStillAsked(pending)) throw this.inDoubt(pending, facts);
    this.close(pending, pending.action === "restart" ? undefined : "unknown");
    this.say(`leaves it open whether the ${pending.action} of ${nameOf(pending)} was carried out`);
  }

  private inDoubt(pending: PendingAction, facts: string): StoppedError {
    const { action, accepted, hasConfigs } = pending;
    const what = accepted ? "was accepted, but does not show" : "may have been carried out or not";
    const back = hasConfigs ? "restartTriggers and applicationConfigs" : "restartTriggers";
    const leave = action === "restart" ? `, or ${back} back to what they were to leave it as it is` : "";
    return new StoppedError(
      `The ${action} of ${nameOf(pending)} on ${this.wanted.clusterId} ${what}, and is not sent again on a guess${facts}. Look at the component in the EMR console; then change restartTriggers to another value to ${action} it${leave}.`,
    );
  }

  /** Another configuration came with an action that state does not know of: the wanted one is put back where it does not show. */
  private async heedConfigs(sight: Sight): Promise<void> {
    const own = configsPrint(this.wanted);
    if (this.operation !== "update" || this.wanted.state !== "running" || !own) return;
    const others = this.targets(sight).filter((target) => {
      const { configs } = this.recent(target) ?? {};
      return configs !== undefined && configs !== own;
    });
    if (others.length === 0 || (await this.areConfigsThere())) return;
    for (const target of others) this.overwritten.add(targetKey(target));
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
    const shown = await configsOf(this.client, clusterId, sight.application, applicationConfigs, (warning) =>
      warn(this.context, warning),
    );
    if (shown && !shown.areEffective && this.wanted.state === "running")
      warn(this.context, "the cluster does not show all of applicationConfigs in effect");
    return { ...this.state(sight, true), observedConfigs: byKey(shown?.items ?? []) };
  }

  /** What to record: the inputs as carried out, and the components as last seen. */
  private state(sight: Sight, isDone: boolean): ApplicationState {
    const { restartTriggers: _, applicationConfigs: __, ...inputs } = this.wanted;
    const { last, needsRestart } = this.knownOf(sight);
    const targets = this.targets(sight);
    const isApplied = isDone || (targets.length > 0 && !targets.some(needsRestart));
    const { restartTriggers, applicationConfigs } = isApplied ? this.wanted : (this.known ?? {});
    const own = targets.flatMap((target) => instancesOfTarget(sight.instances ?? [], target));
    const lasts = new Set(targets.map((target) => last(target) ?? "unknown"));
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
      // Until all of it is recorded, the journal is newer.
      lastActionAt: isDone
        ? Math.max(this.lastActionAt, latestOutcome(this.entry(), targets.map(targetKey)))
        : isApplied
          ? this.lastActionAt
          : (this.known?.lastActionAt ?? 0),
    };
  }
}

/** An operation that has ended, and how far it can be taken for ours. */
interface Ended {
  id: string;
  match: "yes" | "maybe";
  isCertain: boolean;
  phase: Exclude<OperationPhase, "open">;
  state: string;
  reason: string;
}

/** The ids of a list of operations; undefined where it is not all, or too long to be kept. */
function idsOf(list: Pages<OperationRecord> | undefined): string[] | undefined {
  if (!list || list.gap || list.items.length > mostBefore) return undefined;
  return list.items.map(operationIdOf).filter((id) => id !== "");
}

/**
 * Whether it is known that a request never arrived: the list of operations reaches back to before it, and has none for it.
 * A list that has never shown an operation may show none at all, so that the component has to agree: `isUnchanged`.
 */
function isAbsentFrom(
  list: Pages<OperationRecord> | undefined,
  pending: PendingAction,
  wanted: ApplicationStateInputs,
  isUnchanged: boolean,
): boolean {
  const before = pending.operationsBefore;
  if (!list || list.gap || !before) return false;
  const isOld = (record: OperationRecord) => before.includes(operationIdOf(record));
  const reachesBack = before.length > 0 ? list.items.some(isOld) : isUnchanged;
  return (
    reachesBack && list.items.every((record) => isOld(record) || matchOf(record, pending, wanted) === "no")
  );
}

/** Whether an operation is for what an action asked for, by what its content says; "maybe" where that does not say it. */
function matchOf(
  { content }: OperationRecord,
  { component, releaseName, action, hasConfigs }: PendingAction,
  { actionNames }: ApplicationStateInputs,
): "yes" | "maybe" | "no" {
  const text = (typeof content === "string" ? content : (JSON.stringify(content) ?? "")).toLowerCase();
  const says = (word: string) => text.includes(word.toLowerCase());
  const verb = /"actionname"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (verb !== undefined && verb !== (actionNames?.[action] ?? action).toLowerCase()) return "no";
  // What names no component at all may be for any.
  if (!says(component)) return says("componentnames") ? "no" : "maybe";
  const tellsParams = says("actionparams");
  const isOfRelease = releaseName === "" ? !says("releasename") : says(releaseName);
  const isWithConfigs = says("applicationconfigs") === hasConfigs;
  if (tellsParams && (!isOfRelease || !isWithConfigs)) return "no";
  const isWhole = verb !== undefined && (tellsParams || (releaseName === "" && !hasConfigs));
  return isWhole ? "yes" : "maybe";
}

const madeBy = ({ action }: PendingAction) => (action === "stop" ? "stopped" : "running");

/** Whether all instances are what a start, a restart or a stop makes them. */
function isAsWanted(own: readonly { state: string }[], { action }: PendingAction): boolean {
  const phase = action === "stop" ? "stopped" : "running";
  return own.length > 0 && own.every(({ state }) => instancePhase(state) === phase);
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

/** Whether the instances show for certain what an action is for. */
const isShown = (own: readonly { state: string; startTime: string }[], pending: PendingAction) =>
  isAsWanted(own, pending) && (pending.action !== "restart" || startedSince(own, pending) === true);

/** Whether all of these were started since; undefined where that is not told. */
function startedSince(
  own: readonly { startTime: string }[],
  { startTimes }: PendingAction,
): boolean | undefined {
  if (startTimes.length === 0 || own.some(({ startTime }) => startTime === "")) return undefined;
  return own.every(({ startTime }) => !startTimes.includes(startTime));
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
