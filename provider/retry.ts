// Pauses between attempts, and the rate at which calls leave this process.
import type { Clock } from "./clock";

/** Full-jitter exponential backoff: the pause before attempt `attempt` (1 is the first repeat). */
export function backoffMilliseconds(attempt: number, first = 1000, most = 20_000): number {
  const ceiling = Math.min(most, first * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}

/**
 * Lets through at most `most` calls of each name in any second; a caller over that waits its turn. Clouds count in
 * windows of their own, so a bucket that also allows a burst would let too many into one of them.
 */
export function createRateLimit(most: number): (name: string, clock: Clock) => Promise<void> {
  const recent = new Map<string, number[]>();
  return async (name, clock) => {
    const now = await clock.now();
    const slots = (recent.get(name) ?? []).slice(-most);
    const earliest = slots.length < most ? now : (slots[0] ?? now) + 1000;
    const slot = Math.max(now, earliest, slots.at(-1) ?? 0);
    recent.set(name, [...slots, slot]);
    if (slot > now) await clock.sleep(slot - now);
  };
}
