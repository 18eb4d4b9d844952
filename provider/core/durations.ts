// How long calls usually take, from the call to the end of what it starts, and whether that fits into a limit.
import { StoppedError } from "../base/errors";
import { durationMilliseconds } from "../base/wait";
import { note } from "./note";
import type { Limited, Operation } from "./operation";
import type { CallStep, Plan } from "./plan";
import { inFull } from "./plan";
import { isUnknown } from "./schema";

const minute = 60;

/** In seconds, as the simulator has it from what is known of the clouds. */
export const usual: Readonly<Record<string, number>> = {
  ScaleOutInstance: 4 * minute,
  TerminateClusterNodes: 2 * minute,
  ModifyResourcesTags: 20,
  StartStopServiceOrMonitor: minute,
  SwitchDataEngineImage: 5 * minute,
  UpgradeDataEngineImage: 5 * minute,
  SuspendResumeDataEngine: 2 * minute,
  enlarge: 4 * minute,
  "batch-delete": 2 * minute,
  RunApplicationAction: minute,
};

export function usualSeconds({ action, request }: CallStep): number | undefined {
  const seconds = usual[action];
  const grace = "graceDownTime" in request ? request.graceDownTime : undefined;
  return seconds === undefined ? undefined : seconds + (typeof grace === "number" ? grace : 0);
}

export function timeText(seconds: number): string {
  if (seconds < minute) return `about ${Math.round(seconds)} s`;
  const minutes = Math.ceil(seconds / minute);
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}

const secondsOf = (calls: readonly CallStep[]) =>
  calls.reduce((sum, call) => sum + (usualSeconds(call) ?? 0), 0);

/** What will not fit into the operation's limit is not begun; `following` are calls that have to come after it. */
export async function requireTime(
  { clock, deadline }: Limited,
  step: CallStep,
  following: readonly CallStep[] = [],
  /** Why it was not begun earlier. */
  obstacle = "",
): Promise<void> {
  const needed = secondsOf([step, ...following]);
  const left = Math.max(0, (deadline.at - (await clock.now())) / 1000);
  if (left >= needed) return;
  throw new StoppedError(
    `Not begun: ${inFull(step)} (${step.action} on ${step.target}). It usually takes ${timeText(needed)}, and ${timeText(left)} of the limit is left. ${obstacle && `${obstacle} `}${deadline.hint}`,
  );
}

/** A plan that usually takes longer than the timeout of its operation says so. */
export function warnedOfTimeout(
  plan: Plan,
  timeouts: Partial<Record<Operation, string | undefined>> | undefined,
  operation: Operation,
  usualLimit: string,
): Plan {
  const given = isUnknown(timeouts) ? undefined : timeouts?.[operation];
  return isUnknown(given) ? plan : warnedOfLimit(plan, given ?? usualLimit, `timeouts.${operation}`);
}

function warnedOfLimit(plan: Plan, limit: string, option: string): Plan {
  const seconds = secondsOf(plan.steps.filter((step) => step.kind === "call"));
  if (seconds * 1000 <= durationMilliseconds(limit)) return plan;
  const text = `this usually takes ${timeText(seconds)}, and ${option} is ${limit}: what does not fit is not begun, and the next \`pulumi up\` goes on from there. Raise ${option} to have it all in one`;
  return { ...plan, warnings: [...plan.warnings, note("limit", text, "timeouts")] };
}
