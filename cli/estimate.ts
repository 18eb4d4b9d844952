// How long calls take, by what the simulator was told of the clouds: an estimate, and said to be one.
import type { CallStep } from "../provider/plan";

const second = 1;
const minute = 60 * second;

/** Seconds from a call to the end of what it starts. */
const usual: Readonly<Record<string, number>> = {
  ScaleOutInstance: 4 * minute,
  TerminateClusterNodes: 2 * minute,
  ModifyResourcesTags: 5 * second,
  StartStopServiceOrMonitor: minute,
  SwitchDataEngineImage: 5 * minute,
  UpgradeDataEngineImage: 5 * minute,
  SuspendResumeDataEngine: 2 * minute,
  enlarge: 4 * minute,
  "batch-delete": 2 * minute,
  RunApplicationAction: minute,
};

/** Seconds that these calls take one after the other; undefined where one is not known. */
export function estimate(calls: readonly CallStep[]): number | undefined {
  let sum = 0;
  for (const { action, parameters } of calls) {
    const seconds = usual[action];
    if (seconds === undefined) return undefined;
    const grace = parameters["GraceDownTime"];
    sum += seconds + (typeof grace === "number" ? grace : 0);
  }
  return sum;
}

export function durationText(seconds: number | undefined): string {
  if (seconds === undefined) return "not known";
  if (seconds < minute) return `about ${seconds} s`;
  const minutes = Math.ceil(seconds / minute);
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}
