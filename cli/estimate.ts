// How long calls take: by what earlier runs took on this machine, else by what is usual. An estimate, and said to be one.
import type { Measurement } from "../provider/history";
import type { CallStep } from "../provider/plan";

const minute = 60;

/** Seconds from a call to the end of what it starts, as the simulator has it from what is known of the clouds. */
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

export interface Estimate {
  seconds: number;
  calls: number;
  /** For how many of the calls there were earlier runs. */
  measured: number;
}

/** What these calls take one after the other; undefined where one is not known. */
export function estimate(
  calls: readonly CallStep[],
  history: readonly Measurement[] = [],
): Estimate | undefined {
  const sum: Estimate = { seconds: 0, calls: calls.length, measured: 0 };
  for (const call of calls) {
    const known = measuredSeconds(call, history);
    const seconds = known ?? usualSeconds(call);
    if (seconds === undefined) return undefined;
    sum.seconds += seconds;
    sum.measured += known === undefined ? 0 : 1;
  }
  return sum;
}

/** The median of the last runs of the same call, on the same target where there are any. */
function measuredSeconds(
  { action, verb, target }: CallStep,
  history: readonly Measurement[],
): number | undefined {
  const same = history.filter((each) => each.action === action && each.verb === verb);
  const here = same.filter((each) => each.target === target);
  const last = (here.length > 0 ? here : same)
    .slice(-20)
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  return last[Math.floor(last.length / 2)];
}

function usualSeconds({ action, parameters }: CallStep): number | undefined {
  const seconds = usual[action];
  const grace = parameters["GraceDownTime"];
  return seconds === undefined ? undefined : seconds + (typeof grace === "number" ? grace : 0);
}

export function durationText(given: Estimate | undefined): string {
  if (!given) return "duration not known";
  if (given.calls === 0) return "no change is made by a call";
  const from =
    given.measured === 0
      ? "usual times"
      : given.measured === given.calls
        ? "earlier runs"
        : "earlier runs and usual times";
  return `${timeText(given.seconds)} (estimate from ${from})`;
}

export function timeText(seconds: number): string {
  if (seconds < minute) return `about ${seconds} s`;
  const minutes = Math.ceil(seconds / minute);
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}
