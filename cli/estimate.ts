// How long calls take: by what earlier runs took on this machine, else by what is usual. An estimate, and said to be one.
import { timeText, usualSeconds } from "../provider/core/durations";
import { type Measurement, measuredSeconds } from "../provider/core/measurements";
import type { CallStep } from "../provider/core/plan";

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
