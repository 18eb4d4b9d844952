// Waiting with a limit: one loop for everything that the clouds do in their own time.
import { z } from "zod";
import { named } from "./choice";
import type { Clock } from "./clock";
import { StoppedError } from "./errors";
import { input } from "./fields";

export interface Deadline {
  /** Milliseconds since the epoch. */
  at: number;
  /** What to tell the person whose patience it is. */
  hint: string;
}

const firstPause = 2_000;
const longestPause = 15_000;

/**
 * Looks again and again until `look` returns something else than undefined; the pauses grow to a limit. `startLater`
 * pauses before the first look too, for work that has only just been asked for.
 */
export async function poll<T>(
  clock: Clock,
  deadline: Deadline,
  waitingFor: () => string,
  look: (now: number) => Promise<T | undefined>,
  startLater = false,
): Promise<T> {
  if (startLater) await clock.sleep(firstPause);
  for (let pause = firstPause; ; pause = Math.min(pause * 1.3, longestPause)) {
    const now = await clock.now();
    const found = await look(now);
    if (found !== undefined) return found;
    if (now >= deadline.at) throw new StoppedError(`Gave up waiting for ${waitingFor()}. ${deadline.hint}`);
    await clock.sleep(Math.round(Math.min(pause, Math.max(deadline.at - now, 1))));
  }
}

/** Milliseconds of a duration such as `90s`, `30m` or `1h30m`. */
export function durationMilliseconds(text: string): number {
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
}

/** An input that says how long something may take. */
const duration = z
  .string()
  .regex(/^(?=\d)(\d+h)?(\d+m)?(\d+s)?$/, "must be a duration such as 90s, 30m or 1h30m");

/** How long a resource's operations may take. */
export function timeoutsInput(usual: string) {
  return input(
    { change: "later" },
    timeouts.optional().describe(`How long each operation may take. Default: \`${usual}\` for each.`),
  );
}

const timeouts = named(
  "index:Timeouts",
  "Limits of a resource's operations.",
  z.strictObject({
    create: duration.optional().describe("Limit for creating, such as `90s`, `45m` or `1h30m`."),
    update: duration.optional().describe("Limit for updating."),
    delete: duration.optional().describe("Limit for deleting."),
  }),
);

/** What is wrong with a resource's `timeouts`: each must leave some time. */
export function timeoutProblems(
  timeouts: Record<string, string | undefined> = {},
): { property: string; reason: string }[] {
  return Object.entries(timeouts)
    .filter(([, text]) => text !== undefined && durationMilliseconds(text) === 0)
    .map(([name, text]) => ({ property: `timeouts.${name}`, reason: `must not be zero, got "${text}"` }));
}
