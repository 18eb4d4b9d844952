// What this machine remembers of the operations on a service's processes until the stack's state holds how they ended.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context";
import { type Journal, openJournal, readJournals } from "../journal";
import type { Open } from "../resource";
import {
  type PendingOperation,
  type ProcessOutput,
  pendingOperation,
  type ServiceState,
  type ServiceStateInputs,
} from "./emrServiceStateSchema";

// Of a restart, for each process that it is for: when the process had last been restarted before, when the restart was
// sent for it, and whether the cloud had accepted it.
const restartRecord = z.object({ last: z.string(), sentAt: z.number().optional(), accepted: z.boolean() });
export type RestartRecord = z.output<typeof restartRecord>;

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
export type ServiceEntry = z.output<typeof serviceEntry>;
const noEntry: ServiceEntry = { restarts: {}, restarted: {}, sent: {} };

/** The limit of an operation where the program sets none. */
export const usualLimit = "30m";

type Where = Pick<Context, "journalDirectory">;
type Scope = Pick<ServiceStateInputs, "clusterId" | "service" | "components" | "nodeIps">;
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
export function rememberSent(
  journal: Journal<ServiceEntry>,
  scope: Scope,
  sent: ServiceEntry["sent"][string] | undefined,
): void {
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

export const processKey = ({
  component,
  ip,
  instance,
}: Pick<ProcessOutput, "component" | "ip" | "instance">) =>
  instance === undefined ? `${component}@${ip}` : `${component}@${ip}/${instance}`;

export function triggersPrint({ restartTriggers = {} }: Pick<ServiceStateInputs, "restartTriggers">): string {
  const triggers = JSON.stringify(Object.entries(restartTriggers).sort());
  return createHash("sha256").update(triggers).digest("hex");
}

/** Whether a process was restarted since; one that tells no time counts as restarted once that was accepted. */
export function isRestarted(process: ProcessOutput, record: RestartRecord | undefined): boolean {
  if (!record) return false;
  if (process.lastRestart === "" || process.lastRestart.startsWith("0000")) return record.accepted;
  return process.lastRestart > record.last;
}

/** The operation that a state does not hold the end of, if somebody has not moved on since. */
function unsaved(context: Where, state: ServiceState): PendingOperation | undefined {
  const sent = serviceJournal(context, state).read()?.sent[serviceKey(state)];
  if (!sent || sent.basis !== state.lastRequestId) return undefined;
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
export function isOvertaken(
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

export const isMeant = (
  { component, ip }: Pick<ProcessOutput, "component" | "ip">,
  { components, nodeIps }: Pick<Scope, "components" | "nodeIps">,
) => (components?.includes(component) ?? true) && (nodeIps?.includes(ip) ?? true);

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

/** Whether all processes are as an operation would leave them; of a restart that does not tell. */
export function showsEnd({ opType }: PendingOperation, { runState, maintenanceState }: Outcome): boolean {
  if (opType === "StartService") return runState === "running";
  if (opType === "StopService") return runState === "stopped";
  if (opType === "StopMonitor") return maintenanceState === "all";
  return opType === "StartMonitor" && maintenanceState === "none";
}

/** Operations that this machine remembers as sent, and of which it does not know how they ended. */
export function openOperations(directory: string): Open[] {
  return readJournals(directory, serviceEntry).flatMap(({ key, entry }) => {
    const [kind, , on = "", service = ""] = key.split("/");
    if (kind !== "service") return [];
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
