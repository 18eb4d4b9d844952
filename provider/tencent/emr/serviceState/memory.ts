// What this machine remembers of the operations on a service's processes until the stack's state holds how they ended, with
// the ledger of restarts by the triggers that asked for them and by process.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../../../base/context";
import { entriesOf, type Journal, openJournal, type WrittenJournal } from "../../../base/journal";
import type { Operation } from "../../../core/operation";
import type { Open } from "../../../core/resource";
import { sameValue } from "../../../core/schema";
import { isRestarted, type ServiceOperation } from "./evidence";
import { isMeant, processKey, type Scope } from "./observe";
import {
  type PendingOperation,
  type ProcessOutput,
  pendingOperation,
  type ServiceState,
  type ServiceStateInputs,
} from "./schema";

// Of a restart, for each process that it is for: when the process had last been restarted before, when the restart was
// sent for it, and whether the cloud had accepted it.
const restartRecord = z.object({ last: z.string(), sentAt: z.number().optional(), accepted: z.boolean() });
type RestartRecord = z.output<typeof restartRecord>;

const outcome = z.object({ runState: z.string(), maintenanceState: z.string() });
type Outcome = z.output<typeof outcome>;

const serviceEntry = z.object({
  /** By the triggers that asked for it, and by process. */
  restarts: z.record(z.string(), z.record(z.string(), restartRecord)).default({}),
  /** The latest restart that each resource has seen the end of, and the `basis` of its run. */
  restarted: z.record(z.string(), z.object({ triggers: z.string(), basis: z.string() })).default({}),
  /** The latest operation of each resource. */
  sent: z
    .record(
      z.string(),
      pendingOperation.extend({
        /** The state's latest RequestId when this was written; null where there was no state. */
        basis: z.string().nullable(),
        /** How the processes were once it was over. */
        outcome: outcome.optional(),
      }),
    )
    .default({}),
});
type ServiceEntry = z.output<typeof serviceEntry>;
type Remembered = ServiceEntry["sent"][string];
const noEntry: ServiceEntry = { restarts: {}, restarted: {}, sent: {} };

/** The limit of an operation where the program sets none. */
export const usualLimit = "30m";

type Where = Pick<Context, "journalDirectory">;
type Placed = Scope & Pick<ServiceState, "region">;

export function serviceKey({ clusterId, service, components, nodeIps }: Scope): string {
  const [parts, ips] = [components ?? [], nodeIps ?? []].map((names) => [...names].sort().join("+"));
  const scope = ips ? `${parts}@${ips}` : parts;
  return `${clusterId}/${service}${scope ? `/${scope}` : ""}`;
}

// By service and not by scope: what was restarted stays so when the scope is changed.
export const serviceJournal = (
  { journalDirectory }: Where,
  { region, clusterId, service }: Placed,
): Journal<ServiceEntry> =>
  openJournal(journalDirectory, `service/${region}/${clusterId}/${service}`, serviceEntry);

/** Changes what is remembered of the latest operation; without one there is none any more. */
function rememberSent(journal: Journal<ServiceEntry>, scope: Scope, sent: Remembered | undefined): void {
  const entry = journal.read() ?? noEntry;
  const { [serviceKey(scope)]: before, ...others } = entry.sent;
  if (!before && !sent) return;
  journal.write({ ...entry, sent: sent ? { ...others, [serviceKey(scope)]: sent } : others });
}

const isSame = (a: Outcome, b: Outcome) =>
  a.runState === b.runState && a.maintenanceState === b.maintenanceState;

/** A state with what this machine remembers beyond it. */
export interface RecalledService extends ServiceState {
  /** For which triggers which processes have been restarted, where no state holds that. */
  restartedFor?: Record<string, string[]>;
}

function triggersPrint({ restartTriggers = {} }: Pick<ServiceStateInputs, "restartTriggers">): string {
  const triggers = JSON.stringify(Object.entries(restartTriggers).sort());
  return createHash("sha256").update(triggers).digest("hex");
}

/** The operation that a state does not hold the end of, if somebody has not moved on since. */
function unsaved(context: Where, state: ServiceState): PendingOperation | undefined {
  const sent = serviceJournal(context, state).read()?.sent[serviceKey(state)];
  // What a killed create has sent counts for an imported state, which has no RequestId either.
  if (!sent || (sent.basis ?? "") !== state.lastRequestId) return undefined;
  return sent.outcome && isSame(sent.outcome, state)
    ? undefined
    : { opType: sent.opType, sentAt: sent.sentAt };
}

export function recallService(context: Where, olds: ServiceState): RecalledService {
  const sent = unsaved(context, olds);
  const restartedFor = restartsBeyond(context, olds);
  return {
    ...olds,
    ...(sent ? { pendingOperation: sent } : {}),
    ...(Object.keys(restartedFor).length > 0 ? { restartedFor } : {}),
  };
}

/** Which processes were restarted for triggers that a state does not hold. */
function restartsBeyond(context: Where, olds: ServiceState): Record<string, string[]> {
  const entry = serviceJournal(context, olds).read();
  if (!entry) return {};
  const present = triggersPrint(olds);
  const restarts = Object.entries(entry.restarts).filter(
    ([triggers]) => triggers !== present && !isOvertaken(entry, olds, triggers),
  );
  return Object.fromEntries(
    restarts.map(([triggers, records]) => {
      const isOver = entry.restarted[serviceKey(olds)]?.triggers === triggers;
      const done = olds.processes.filter((process) => {
        const record = records[processKey(process)];
        return record && (isOver || isRestarted(process, record));
      });
      return [triggers, done.map(processKey)];
    }),
  );
}

/** Whether a resource has moved on since it was restarted for these triggers: then they are a change like any other. */
function isOvertaken(
  { restarted }: ServiceEntry,
  known: Scope & Pick<ServiceState, "lastRequestId">,
  triggers: string,
): boolean {
  const ended = restarted[serviceKey(known)];
  return ended?.triggers === triggers && ended.basis !== known.lastRequestId;
}

/** The processes that a change of the triggers restarts, as far as state and this machine's memory tell. */
export function dueForRestart(olds: RecalledService, wanted: ServiceStateInputs): ProcessOutput[] {
  const done = olds.restartedFor?.[triggersPrint(wanted)] ?? [];
  return olds.processes.filter((process) => isMeant(process, wanted) && !done.includes(processKey(process)));
}

/** Whether an earlier run has done all of it, but for processes that have joined since: these need none. */
export const wasRestarted = (olds: RecalledService, wanted: ServiceStateInputs): boolean =>
  serviceKey(olds) === serviceKey(wanted) &&
  olds.processes.length > 0 &&
  dueForRestart(olds, wanted).length === 0;

/** What a saved state holds, or has left behind, need not be remembered any more. */
export function forgetSavedService(context: Where, saved: ServiceState): void {
  if (!unsaved(context, saved)) rememberSent(serviceJournal(context, saved), saved, undefined);
}

/** Nobody looks after these processes any more. */
export function forgetService(context: Where, state: ServiceState): void {
  const journal = serviceJournal(context, state);
  rememberSent(journal, state, undefined);
  const entry = journal.read();
  if (!entry?.restarted[serviceKey(state)]) return;
  const { [serviceKey(state)]: _, ...restarted } = entry.restarted;
  journal.write({ ...entry, restarted });
}

/** The processes as they were when the operation was over. */
export function rememberOutcome(
  journal: Journal<ServiceEntry>,
  scope: Scope,
  { runState, maintenanceState }: Outcome,
): void {
  const sent = journal.read()?.sent[serviceKey(scope)];
  if (sent) rememberSent(journal, scope, { ...sent, outcome: { runState, maintenanceState } });
}

/** Operations that this machine remembers as sent, and of which it does not know how they ended. */
export function openOperations(journals: readonly WrittenJournal[]): Open[] {
  return entriesOf(journals, "service/", serviceEntry).flatMap(({ key, entry }) => {
    const [, , on = "", service = ""] = key.split("/");
    return Object.values(entry.sent)
      .filter(({ outcome: known }) => known === undefined)
      .map(
        ({ opType, sentAt }): Open => ({
          on,
          what: `${opType} of ${service}`,
          outcome: "unknown",
          isLost: true,
          since: sentAt,
          ids: {},
          advice:
            "run `pulumi up` on the stack that has this service: it looks at the processes before it does anything again",
        }),
      );
  });
}

/** What one operation on a service knows of it and writes down: before anything is sent, and once the outcome is known. */
export class ServiceMemory {
  /** The operation that was sent, and that has not been seen to be over. */
  pending: PendingOperation | undefined;
  /** Whether the diff has announced a restart. */
  readonly restarts: boolean;
  /** Whether nothing is to be restarted any more. */
  isRestartDone: boolean;
  /** Whether a restart that was decided was refused: where that is recorded a run follows, which forgets the decision if it is taken back. */
  isRestartRefused = false;
  private readonly journal: Journal<ServiceEntry>;
  private readonly triggers: string;
  /** What the resource's memory goes by: the scope that state knows. */
  private readonly scope: Scope;
  /** Until when restarts were sent that have been looked after. */
  private watchedUntil = Number.NEGATIVE_INFINITY;
  private before: { records: Record<string, RestartRecord>; sent: Remembered | undefined } | undefined;

  constructor(
    context: Where,
    region: string,
    private readonly operation: Operation,
    wanted: ServiceStateInputs,
    private readonly known: RecalledService | undefined,
  ) {
    this.scope = known ?? wanted;
    this.triggers = triggersPrint(wanted);
    this.journal = serviceJournal(context, { ...wanted, region });
    // A recorded state comes with what this machine remembers beyond it.
    this.pending = known ? known.pendingOperation : this.journal.read()?.sent[serviceKey(wanted)];
    // Only a change restarts: neither a new resource nor one that is deleted has one.
    this.isRestartDone =
      operation !== "update" ||
      wanted.state !== "running" ||
      sameValue(known?.restartTriggers ?? {}, wanted.restartTriggers ?? {}) ||
      (known !== undefined && wasRestarted(known, wanted));
    this.restarts = !this.isRestartDone;
  }

  private records(): Record<string, RestartRecord> {
    return this.journal.read()?.restarts[this.triggers] ?? {};
  }

  private saveRecords(records: Record<string, RestartRecord>): void {
    const entry = this.journal.read() ?? noEntry;
    this.journal.write({ ...entry, restarts: withoutEmpty({ ...entry.restarts, [this.triggers]: records }) });
  }

  /** Whether the triggers have asked for a restart before, and the resource has moved on since. */
  private isAskedAnew(entry: ServiceEntry): boolean {
    return this.restarts && this.known !== undefined && isOvertaken(entry, this.known, this.triggers);
  }

  /** The restart for the present triggers that was sent, and that nobody has looked after. */
  sentRestart(): { sentAt: number; records: Record<string, RestartRecord> } | undefined {
    const entry = this.journal.read();
    if (this.isRestartDone || !entry || this.isAskedAnew(entry)) return undefined;
    const records = this.records();
    const sentAt = Math.max(...Object.values(records).flatMap(({ sentAt: at }) => at ?? []));
    return sentAt > this.watchedUntil ? { sentAt, records } : undefined;
  }

  restartWatched(sentAt: number): void {
    this.watchedUntil = sentAt;
    this.pending = undefined;
  }

  /** What an earlier run has sent is over. */
  settled(outcome: Outcome): void {
    this.pending = undefined;
    rememberOutcome(this.journal, this.scope, outcome);
  }

  /**
   * Restarts that other triggers asked for are over: state says how they ended. Those of the present triggers are kept
   * after their end too, since the reply that tells of it may get lost.
   */
  forgetRestarts(processes: readonly ProcessOutput[]): void {
    const entry = this.journal.read();
    if (!entry) return;
    const kept = this.operation === "update" && !this.isAskedAnew(entry) ? this.triggers : undefined;
    const { [serviceKey(this.scope)]: ended, ...others } = entry.restarted;
    const restarted = ended?.triggers === kept ? entry.restarted : others;
    const keys = new Set(processes.map(processKey));
    const restarts = Object.entries(entry.restarts).map(([triggers, records]) => {
      const left = Object.entries(records).filter(([key]) => triggers === kept || !keys.has(key));
      return [triggers, Object.fromEntries(left)];
    });
    this.journal.write({ ...entry, restarted, restarts: withoutEmpty(Object.fromEntries(restarts)) });
  }

  /** The processes that the change of the triggers has not restarted yet. */
  stillToRestart(processes: readonly ProcessOutput[]): ProcessOutput[] {
    if (this.isRestartDone) return [];
    const records = this.records();
    // Written down when it is decided, before anything is started: what starts after that needs no restart.
    const missing = processes.filter((process) => records[processKey(process)] === undefined);
    if (missing.length > 0) {
      const added = missing.map((process) => [
        processKey(process),
        { last: process.lastRestart, accepted: false },
      ]);
      this.saveRecords({ ...records, ...Object.fromEntries(added) });
    }
    return processes.filter((process) => !isRestarted(process, records[processKey(process)]));
  }

  /** When a process had last been restarted before the restart for the present triggers. */
  lastRestartOf(process: ProcessOutput): string {
    return this.records()[processKey(process)]?.last ?? process.lastRestart;
  }

  /** It is about to be sent, or has been accepted. */
  rememberOperation({ opType, sentAt, accepted, targets }: ServiceOperation): void {
    const isRestart = opType === "RestartService";
    if (!accepted) {
      const sent = this.journal.read()?.sent[serviceKey(this.scope)];
      this.before = { records: this.records(), sent };
      const basis = this.known?.lastRequestId ?? null;
      rememberSent(this.journal, this.scope, { opType, sentAt, basis });
      this.pending = { opType, sentAt };
    }
    if (!isRestart) return;
    const marked = targets.map(({ key, last }) => [key, { last, sentAt, accepted }]);
    this.saveRecords({ ...this.records(), ...Object.fromEntries(marked) });
  }

  /** Nothing was done, so that what is remembered is what was before. */
  operationRefused({ opType }: ServiceOperation): void {
    if (opType === "RestartService") {
      this.saveRecords(this.before?.records ?? {});
      this.isRestartRefused = true;
    }
    rememberSent(this.journal, this.scope, this.before?.sent);
    this.pending = undefined;
  }

  /** Nothing came of it, so that it may be sent again. */
  operationLost({ opType, targets }: ServiceOperation): void {
    this.pending = undefined;
    if (opType !== "RestartService") return;
    const unsent = targets.map(({ key, last }) => [key, { last, accepted: false }]);
    this.saveRecords({ ...this.records(), ...Object.fromEntries(unsent) });
  }

  operationDone({ opType }: ServiceOperation, processes: readonly ProcessOutput[]): void {
    this.pending = undefined;
    if (opType !== "RestartService") return;
    const records = this.records();
    this.isRestartDone = processes.every((process) => isRestarted(process, records[processKey(process)]));
  }

  /** All is as wanted: remembered until a saved state has it; a deletion saves none. */
  ended(outcome: Outcome): void {
    this.isRestartDone = true;
    if (this.operation === "delete") {
      rememberSent(this.journal, this.scope, undefined);
      return;
    }
    rememberOutcome(this.journal, this.scope, outcome);
    const entry = this.journal.read();
    if (!this.restarts || !entry) return;
    const ended = { triggers: this.triggers, basis: this.known?.lastRequestId ?? "" };
    this.journal.write({ ...entry, restarted: { ...entry.restarted, [serviceKey(this.scope)]: ended } });
  }
}

/** The restarts without those that have no process left. */
function withoutEmpty(restarts: ServiceEntry["restarts"]): ServiceEntry["restarts"] {
  return Object.fromEntries(
    Object.entries(restarts).filter(([, records]) => Object.keys(records).length > 0),
  );
}
