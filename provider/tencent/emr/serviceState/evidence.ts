// What became of an operation on an EMR service, by what is seen of its processes. Pure. The calls answer with nothing but a
// RequestId, so that what they did is seen process by process. A restart is never sent twice on a guess.

import { listLag } from "../../../call/pages";
import type { Look, Verdict } from "../../../core/apply";
import type { EmrCluster } from "../cluster";
import { outputsOf, processKey } from "./observe";
import type { PendingOperation, ProcessOutput, ServiceState } from "./schema";

/** How long processes may take to show a change after the cluster is at rest again. */
const settleGrace = 60_000;
/** How long nothing may be seen of a start, a stop or maintenance before it counts as not sent. */
const startGrace = 120_000;
/** How often an operation that got lost is sent again. */
export const repeats = 3;

export interface ServiceSeen {
  cluster: Pick<EmrCluster, "phase">;
  processes: readonly ProcessOutput[];
}

/** Of a restart: when the process had last been restarted before, and whether the cloud had accepted it. */
export interface RestartMark {
  last: string;
  accepted: boolean;
}

export interface ServiceOperation extends PendingOperation {
  accepted: boolean;
  targets: { key: string; last: string }[];
}

export interface EarlierRestart {
  sentAt: number;
  /** For people: the service and its cluster. */
  name: string;
  records: Readonly<Record<string, RestartMark>>;
}

export const isWorking = ({ cluster }: ServiceSeen) => cluster.phase === "busy";

/** Whether a process was restarted since; one that tells no time counts as restarted once that was accepted. */
export function isRestarted(
  { lastRestart }: Pick<ProcessOutput, "lastRestart">,
  mark: RestartMark | undefined,
): boolean {
  if (!mark) return false;
  if (lastRestart === "" || lastRestart.startsWith("0000")) return mark.accepted;
  return lastRestart > mark.last;
}

/** Whether all processes are as an operation would leave them; of a restart that does not tell. */
export function showsEnd(
  { opType }: Pick<PendingOperation, "opType">,
  { runState, maintenanceState }: Pick<ServiceState, "runState" | "maintenanceState">,
): boolean {
  if (opType === "StartService") return runState === "running";
  if (opType === "StopService") return runState === "stopped";
  if (opType === "StopMonitor") return maintenanceState === "all";
  return opType === "StartMonitor" && maintenanceState === "none";
}

function isDone(opType: string, process: ProcessOutput, mark: RestartMark): boolean {
  if (opType === "RestartService") return process.state === "running" && isRestarted(process, mark);
  return showsEnd({ opType }, outputsOf([process]));
}

/** The targets that an operation of this run has left as they were. */
export function judgeOperation(
  clusterId: string,
  { opType, accepted, targets }: ServiceOperation,
  { seen, rested, hasMoved, attempt, doubt, requestId }: Look<ServiceSeen>,
): Verdict<object, "done" | "lost"> {
  const listed = new Map(seen.processes.map((process) => [processKey(process), process]));
  // A target that is not listed is not done: one list alone makes nothing vanish.
  const left = targets.filter(({ key, last }) => {
    const process = listed.get(key);
    return !process || !isDone(opType, process, { last, accepted });
  });
  const progress = `${targets.length - left.length} of ${targets.length} done`;
  if (rested === undefined) return { is: "open", progress };
  if (left.length === 0) return { is: "over", came: "done", progress };
  // A restart that nothing shows of yet is given more time: it is not sent again before a list would show it.
  const unseenGrace = opType === "RestartService" ? listLag : startGrace;
  if (rested < (hasMoved ? settleGrace : unseenGrace)) return { is: "open", progress };
  // Nothing at all was done and no answer came: the request got lost, and may be sent again, now that this is known.
  const gotLost =
    !accepted && !hasMoved && left.length === targets.length && doubt?.code !== "FailedOperation";
  if (gotLost && attempt <= repeats) return { is: "lost", came: "lost", progress };
  const said = doubt ? ` The cloud said: ${doubt.message}` : "";
  const why = `${opType} on ${clusterId} left ${left.length} of ${targets.length} processes as they were: ${left.map(({ key }) => key).join(", ")} (RequestId ${doubt?.requestId || requestId || "unknown"}). Look at them in the EMR console, then run \`pulumi up\` again; it goes on with these.${said}`;
  return { is: "unclear", why };
}

/** What an earlier run has sent can be seen, or has had time enough to be. */
export function judgeEarlierOperation(
  sent: PendingOperation,
  look: Look<ServiceSeen>,
): Verdict<object, "done"> {
  const { seen } = look;
  const isOver = !isWorking(seen) && showsEnd(sent, outputsOf([...seen.processes]));
  return isOver || hadTime(look) ? { is: "over", came: "done" } : { is: "open" };
}

/** What shows of a restart that was sent needs none; the rest may be asked for where a part shows, or the cloud did not accept it. */
export function judgeEarlierRestart(sent: EarlierRestart, look: Look<ServiceSeen>): Verdict<object, "done"> {
  const { seen } = look;
  const markOf = (process: ProcessOutput) => sent.records[processKey(process)];
  const restarted = seen.processes.filter((process) => isRestarted(process, markOf(process)));
  const isOver =
    restarted.length === seen.processes.length && restarted.every(({ state }) => state === "running");
  if (isOver && !isWorking(seen)) return { is: "over", came: "done" };
  if (!hadTime(look)) return { is: "open" };
  const wasAccepted = seen.processes.some((process) => markOf(process)?.accepted);
  if (!wasAccepted || restarted.length > 0) return { is: "over", came: "done" };
  const why = `An accepted restart of ${sent.name} shows on none of its processes, and is not sent again on a guess. Look at them in the EMR console; change restartTriggers once more to restart them.`;
  return { is: "unclear", why };
}

/** Nothing moves any more, and a list would show what was sent then. */
const hadTime = ({ age, rested }: Look<ServiceSeen>) =>
  rested !== undefined && rested >= settleGrace && age >= listLag;
