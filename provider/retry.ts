// Pauses between attempts, and the rate at which calls leave this process.
import type { Clock } from "./clock";

/** Full-jitter exponential backoff: the pause before attempt `attempt` (1 is the first repeat). */
export function backoffMilliseconds(attempt: number, first = 1000, most = 20_000): number {
  const ceiling = Math.min(most, first * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}

/** Lets through at most `perSecond` calls a second for each name; a caller over the rate waits its turn. */
export function createRateLimit(perSecond: number): (name: string, clock: Clock) => Promise<void> {
  const nextFree = new Map<string, number>();
  const gap = 1000 / perSecond;
  return async (name, clock) => {
    const now = await clock.now();
    // A burst of a full second's worth is allowed after a quiet second, as token buckets do.
    const slot = Math.max(nextFree.get(name) ?? 0, now - 1000 + gap);
    nextFree.set(name, slot + gap);
    if (slot > now) await clock.sleep(slot - now);
  };
}
