// What this machine remembers of the operations on a service's processes until the stack's state holds how they ended.
import { z } from "zod";
import type { Context } from "../context";
import { type Journal, openJournal, readJournals } from "../journal";
import type { Open } from "../resource";
import {
  type PendingOperation,
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
  const entry = journal.read() ?? { restarts: {}, sent: {} };
  const { [serviceKey(scope)]: before, ...others } = entry.sent;
  if (!before && !sent) return;
  journal.write({ ...entry, sent: sent ? { ...others, [serviceKey(scope)]: sent } : others });
}

const isSame = (a: Outcome, b: Outcome) =>
  a.runState === b.runState && a.maintenanceState === b.maintenanceState;

/** The operation that a state does not hold the end of, if somebody has not moved on since. */
function unsaved(context: Where, state: ServiceState): PendingOperation | undefined {
  const sent = serviceJournal(context, state).read()?.sent[serviceKey(state)];
  if (!sent || sent.basis !== state.lastRequestId) return undefined;
  return sent.outcome && isSame(sent.outcome, state)
    ? undefined
    : { opType: sent.opType, sentAt: sent.sentAt };
}

export function recallService(context: Where, olds: ServiceState): ServiceState {
  const sent = unsaved(context, olds);
  return sent ? { ...olds, pendingOperation: sent } : olds;
}

/** What a saved state holds, or has left behind, need not be remembered any more. */
export function forgetSavedService(context: Where, saved: ServiceState): void {
  if (!unsaved(context, saved)) forgetService(context, saved);
}

/** Nobody looks after these processes any more. */
export function forgetService(context: Where, state: ServiceState): void {
  rememberSent(serviceJournal(context, state), state, undefined);
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
