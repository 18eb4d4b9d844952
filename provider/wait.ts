import type { Clock } from "./clock";
import { StoppedError } from "./errors";

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
