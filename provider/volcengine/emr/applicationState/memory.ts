// What this machine remembers of an application's actions: which are open, and what came of the others until state holds it.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../../../base/context";
import { entriesOf, type Journal, openJournal, type WrittenJournal } from "../../../base/journal";
import type { Open } from "../../../core/resource";
import { runState } from "../../../core/runState";
import { instancesOfTarget, runStateOf, type Target, targetKey, targetOf } from "./plan";
import {
  type ApplicationState,
  type ApplicationStateInputs,
  type PendingAction,
  pendingAction,
} from "./schema";

const outcome = z.object({
  event: z.string(),
  at: z.number(),
  /** "unknown": it was given up to find out. */
  made: z.enum(["running", "stopped", "unknown"]),
  /** Fingerprint of the configuration that came with it; absent where none did. */
  configs: z.string().optional(),
  /** The `actualState` that it has taken into account. */
  said: runState.optional(),
});
export type Outcome = z.output<typeof outcome>;

const journalEntry = z.object({
  /** Actions whose outcome is not known, each with the resource that asked for it. */
  open: z.record(
    z.string(),
    z.object({ owner: z.string(), action: pendingAction, configs: z.string().optional() }),
  ),
  /** For which triggers each target was last started, restarted or stopped, when that was asked for, and what came of it. */
  done: z.record(z.string(), outcome),
  /** Actions of which the outcome is known: what state says about them is out of date. */
  settled: z.array(z.string()),
});
type Entry = z.output<typeof journalEntry>;

/** How long a create that did not end is taken up again. */
const resumeLimit = 86_400_000;
const keptSettled = 20;

type ApplicationScope = Pick<
  ApplicationStateInputs,
  "clusterId" | "application" | "components" | "releaseName"
>;

export function applicationKey(scope: ApplicationScope): string {
  const { clusterId, application, components, releaseName } = scope;
  const names = (components ?? []).map((name) => name.toLowerCase()).sort();
  return [clusterId, application.toLowerCase(), names.join("+"), releaseName ?? ""]
    .filter((part) => part !== "")
    .join("/");
}

export function journalOf(
  context: Pick<Context, "journalDirectory">,
  region: string,
  { clusterId, application }: ApplicationStateInputs,
): Journal<Entry> {
  // By application and not by scope: what was restarted stays so when the scope is changed.
  const key = `application/${region}/${clusterId}/${application.toLowerCase()}`;
  return openJournal(context.journalDirectory, key, journalEntry);
}

const fingerprint = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

export const configsPrint = ({ applicationConfigs = [] }: ApplicationStateInputs) =>
  applicationConfigs.length > 0 ? fingerprint(applicationConfigs) : undefined;

/** Whether a journal's key is that of a target of this resource. */
const isMeantBy =
  ({ components, releaseName }: ApplicationStateInputs) =>
  (key: string) =>
    (components?.some((name) => key.split("/")[0] === name.toLowerCase()) ?? true) &&
    (key.split("/")[1] ?? "") === (releaseName ?? "");

/** Nobody looks after the components any more: what is remembered of them is forgotten. */
export function forgetApplication(context: Context, state: ApplicationState): void {
  const journal = journalOf(context, state.region, state);
  const entry = journal.read();
  if (!entry) return;
  const isMeant = isMeantBy(state);
  const done = Object.entries(entry.done).filter(([key]) => !isMeant(key));
  journal.write({ ...entry, done: Object.fromEntries(done) });
}

/** Whether another machine has moved on since: state knows of a later action, and this one is not open in it. */
const isOvertaken = ({ id, sentAt }: PendingAction, known: ApplicationState | undefined) =>
  known !== undefined && sentAt <= known.lastActionAt && known.pendingAction?.id !== id;

const ownerOfNew = (key: string) => `new ${key}`;

/** Actions of a resource that are open. */
function openActions(
  { open, settled }: Entry,
  owner: string,
  known: ApplicationState | undefined,
): PendingAction[] {
  // What a killed create has begun is the business of a state that was imported since.
  const isImported = known !== undefined && known.lastRequestId === "" && known.lastActionAt === 0;
  const owners = isImported ? [owner, ownerOfNew(owner)] : [owner];
  const own = Object.values(open)
    .filter((each) => owners.includes(each.owner) && !isOvertaken(each.action, known))
    .map(({ action }) => action);
  const recorded = known?.pendingAction;
  const isNew = recorded && !settled.includes(recorded.id) && !own.some(({ id }) => id === recorded.id);
  return recorded && isNew ? [...own, recorded] : own;
}

/** A state with what this machine remembers beyond it. */
export interface Recalled extends ApplicationState {
  /** Components that an earlier run has acted on, and could not record what came of it. */
  unsaved?: string[];
  /** For which triggers and configuration an earlier run acted on targets, where no state holds that. */
  doneFor?: Record<string, string>;
}

/** What triggers and configuration are, as a fingerprint. */
export function eventOf({ restartTriggers = {}, applicationConfigs = [] }: ApplicationStateInputs): string {
  return fingerprint([Object.entries(restartTriggers).sort(), applicationConfigs]);
}

const isUnseenImport = (state: ApplicationState) =>
  state.runState === "unknown" && state.lastRequestId === "" && state.lastActionAt === 0;

/** What counts as the state before: what is on its way is no difference, and neither is what was imported unseen. */
export const recordedState = (olds: ApplicationState) =>
  olds.runState === "moving" || isUnseenImport(olds) ? olds.state : olds.runState;

export function recallApplication(
  context: Context,
  olds: ApplicationState | undefined,
): Recalled | undefined {
  const entry = olds && journalOf(context, olds.region, olds).read();
  if (!entry) return olds;
  const open = openActions(entry, applicationKey(olds), olds)[0];
  const { pendingAction: _, ...rest } = olds;
  const isMeant = isMeantBy(olds);
  const newer = Object.entries(entry.done).filter(([key, { at }]) => isMeant(key) && at > olds.lastActionAt);
  const recalled: Recalled = {
    ...rest,
    ...(open ? { pendingAction: open } : {}),
    ...(newer.length > 0
      ? { doneFor: Object.fromEntries(newer.map(([key, { event }]) => [key, event])) }
      : {}),
  };
  if (isUnseenImport(olds)) return recalled;
  const disagreeing = newer.filter(([key, each]) => disagrees(olds, key, each));
  if (disagreeing.length === 0) return recalled;
  const unsaved = disagreeing.map(([key]) => nameIn(olds, key));
  if (olds.driftVisible) return { ...recalled, unsaved };
  // What our own actions ended with counts as the state, and these are newer.
  const made = new Map(newer.map(([key, each]) => [key.split("/")[0] ?? "", each.made]));
  const states = new Set(olds.components?.map((name) => made.get(name.toLowerCase()) ?? olds.runState));
  return { ...recalled, unsaved, runState: states.size === 1 ? [...states].join() : "partial" };
}

/** Whether what came of an action is not what state says. */
function disagrees(olds: ApplicationState, key: string, { made, configs }: Outcome): boolean {
  const [component = "", release = ""] = key.split("/");
  const seen = instancesOfTarget(olds.instances, { component, release });
  const recorded = olds.driftVisible && seen.length > 0 ? runStateOf(seen) : olds.runState;
  const own = configsPrint(olds);
  return made !== recorded || (configs !== undefined && own !== undefined && configs !== own);
}

/** The component of a journal's key, as state writes it. */
function nameIn({ components = [], instances }: ApplicationState, key: string): string {
  const [component = ""] = key.split("/");
  const names = [...instances.map((each) => each.component), ...components];
  return names.find((name) => name.toLowerCase() === component) ?? component;
}

/** What a run remembers of its application's actions. */
export class ApplicationMemory {
  private readonly journal: Journal<Entry>;
  private readonly owner: string;
  /** What the triggers and the configuration are now, as a fingerprint. */
  readonly event: string;
  /** When the latest action of this run was sent whose outcome is known, or what state tells of that. */
  private lastActionAt: number;
  private startedAt = 0;

  constructor(
    context: Context,
    region: string,
    private readonly wanted: ApplicationStateInputs,
    private readonly known: ApplicationState | undefined,
  ) {
    this.journal = journalOf(context, region, wanted);
    // A new resource may be for the same components as one that exists.
    this.owner = known ? applicationKey(known) : ownerOfNew(applicationKey(wanted));
    this.event = eventOf(wanted);
    this.lastActionAt = known?.lastActionAt ?? 0;
  }

  private entry(): Entry {
    return this.journal.read() ?? { open: {}, done: {}, settled: [] };
  }

  /** Actions of this resource that are open; those of others are theirs to settle. */
  open(): PendingAction[] {
    return openActions(this.entry(), this.owner, this.known);
  }

  /** What another machine has gone beyond is no longer open, and what a person says again after it was taken out is news. */
  begin(now: number): void {
    this.startedAt = now;
    const { done, ...entry } = this.entry();
    const isMeant = isMeantBy(this.wanted);
    const isOutdated = (key: string, { said }: Outcome) =>
      said !== undefined && said !== this.wanted.actualState && isMeant(key);
    if (Object.entries(done).some((each) => isOutdated(...each))) {
      const left = Object.entries(done).map(([key, { said, ...each }]) => [
        key,
        isOutdated(key, { said, ...each }) ? each : { said, ...each },
      ]);
      this.journal.write({ ...entry, done: Object.fromEntries(left) });
    }
    for (const { owner, action } of Object.values(this.entry().open))
      if (owner === this.owner && isOvertaken(action, this.known)) this.close(action);
  }

  save(pending: PendingAction): void {
    const entry = this.entry();
    const saved = { owner: this.owner, action: pending, configs: configsPrint(this.wanted) };
    this.journal.write({ ...entry, open: { ...entry.open, [pending.id]: saved } });
  }

  /** The action is over. `made`: what has come of it, where something has. */
  close(pending: PendingAction, made?: Outcome["made"]): void {
    const { open, done, settled } = this.entry();
    const { [pending.id]: saved, ...rest } = open;
    const { event, sentAt: at } = pending;
    // Of what another machine has sent it is not known which configuration came with it.
    const configs = pending.hasConfigs ? (saved?.configs ?? "") : undefined;
    if (made) this.lastActionAt = Math.max(this.lastActionAt, at);
    const key = targetKey(targetOf(pending));
    const before = done[key];
    // A restart that is not known to have been carried out is still asked for.
    const isDone = made !== "unknown" || pending.action !== "restart";
    const outcome = made && {
      event: isDone ? event : (before?.event ?? ""),
      at,
      made,
      configs,
      ...(made === "unknown" ? {} : { said: before?.said }),
    };
    this.journal.write({
      open: rest,
      done: outcome ? { ...done, [key]: outcome } : done,
      settled: [...settled, pending.id].slice(-keptSettled),
    });
  }

  /** What was last done to a target, where that is newer than what state tells. */
  recent(target: Target): Outcome | undefined {
    const done = this.entry().done[targetKey(target)];
    if (!done || done.at <= (this.known?.lastActionAt ?? 0)) return undefined;
    return this.known || done.at >= this.startedAt - resumeLimit ? done : undefined;
  }

  /** What a person says that these are, if that is news. */
  news(targets: readonly Target[]): ApplicationStateInputs["actualState"] {
    const { actualState } = this.wanted;
    const isNews =
      actualState !== this.known?.actualState &&
      targets.every((target) => this.recent(target)?.said !== actualState);
    return isNews ? actualState : undefined;
  }

  /** What a person says comes after all that has been done. */
  heed(said: NonNullable<Outcome["said"]>, targets: readonly Target[], now: number): void {
    const entry = this.entry();
    const at = Math.max(now, latestOutcome(entry, targets.map(targetKey)) + 1, this.lastActionAt + 1);
    const heeded = targets.map((target) => {
      const { event = "", configs } = this.recent(target) ?? {};
      return [targetKey(target), { event, at, made: said, configs, said }];
    });
    this.lastActionAt = at;
    this.journal.write({ ...entry, done: { ...entry.done, ...Object.fromEntries(heeded) } });
  }

  /** Whether configuration may have reached these that state does not tell of. */
  mayHaveConfigs(targets: readonly Target[]): boolean {
    const isSent = this.open().some(({ hasConfigs }) => hasConfigs);
    const isDone = latestOutcome(this.entry(), targets.map(targetKey)) > (this.known?.lastActionAt ?? 0);
    return isSent || (isDone && (this.wanted.applicationConfigs ?? []).length > 0);
  }

  /** When the latest action was sent that is recorded: of this run, or to any of these. Until all of it is, the journal is newer. */
  recordedAt(isApplied: boolean, targets: readonly Target[]): number {
    if (!isApplied) return this.known?.lastActionAt ?? 0;
    return Math.max(this.lastActionAt, latestOutcome(this.entry(), targets.map(targetKey)));
  }

  /** Nobody looks after these any more. */
  forget(targets: readonly Target[]): void {
    const entry = this.entry();
    const gone = new Set(targets.map(targetKey));
    const done = Object.entries(entry.done).filter(([key]) => !gone.has(key));
    this.journal.write({ ...entry, done: Object.fromEntries(done) });
  }
}

/** When the latest action was sent whose outcome is known, to any of these. */
export function latestOutcome(entry: Entry | undefined, keys: readonly string[]): number {
  return Math.max(0, ...keys.map((key) => entry?.done[key]?.at ?? 0));
}

/** Actions that this machine remembers, and whose outcome it does not know. */
export function openActionsIn(journals: readonly WrittenJournal[]): Open[] {
  return entriesOf(journals, "application/", journalEntry).flatMap(({ key, entry }) => {
    const [, , on = "", application = ""] = key.split("/");
    return Object.values(entry.open).map(
      ({ action: { id, action, component, sentAt, operationId, requestId } }): Open => ({
        on,
        what: `${action} of ${component} of ${application}`,
        outcome: "unknown",
        isLost: true,
        since: sentAt,
        ids: {
          id,
          ...(operationId ? { operation: operationId } : {}),
          ...(requestId ? { request: requestId } : {}),
        },
        advice:
          "run `pulumi up` on the stack that has this application: it finds out what became of the action before it asks for another",
      }),
    );
  });
}
