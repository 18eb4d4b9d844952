import type { Clock } from "./clock";
import { StoppedError } from "./errors";

export interface Deadline {
  /** Milliseconds since the epoch. */
  at: number;
  /** What to tell the person whose patience it is. */
  hint: string;
}

/** In milliseconds. */
const pauses = { first: 2_000, longest: 150_000 };

/**
 * How long to wait until the next look, in milliseconds. What usually takes a known time is looked at seldom before, often
 * around it, and else in proportion to how long it has taken: half an hour costs at most 40 looks.
 */
export function pauseAfter(elapsed: number, usual = 0): number {
  const soon = usual * 0.75;
  const pause =
    elapsed < soon
      ? Math.min(Math.max(elapsed / 2, pauses.first), soon - elapsed)
      : elapsed < usual * 1.5
        ? usual / 15
        : elapsed / 5;
  return Math.floor(Math.min(Math.max(pause, pauses.first), pauses.longest));
}

export interface Waiting {
  /** For people. */
  waitingFor(): string;
  /** Pauses before the first look too, for work that has only just been asked for. */
  startsLater?: boolean;
  /** How long it usually takes, in milliseconds. */
  usual?: number | undefined;
}

/** Looks again and again until `look` returns something else than undefined. */
export async function poll<T>(
  clock: Clock,
  deadline: Deadline,
  { waitingFor, startsLater = false, usual }: Waiting,
  look: (now: number) => Promise<T | undefined>,
): Promise<T> {
  const since = await clock.now();
  if (startsLater) await clock.sleep(pauses.first);
  for (;;) {
    const now = await clock.now();
    const found = await look(now);
    if (found !== undefined) return found;
    if (now >= deadline.at) throw new StoppedError(`Gave up waiting for ${waitingFor()}. ${deadline.hint}`);
    await clock.sleep(Math.min(pauseAfter(now - since, usual), Math.max(deadline.at - now, 1)));
  }
}

/** Milliseconds of a duration such as `90s`, `30m` or `1h30m`. */
export function durationMilliseconds(text: string): number {
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
}
