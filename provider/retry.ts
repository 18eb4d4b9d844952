// Pauses between attempts, and the rate at which calls leave this process.
import type { Clock } from "./clock";
import { CloudError } from "./errors";

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
  const recent = new Map<string, { at: number; taken: number[] }>();
  return async (name, clock) => {
    const now = await clock.now();
    const { at, taken } = recent.get(name) ?? { at: now, taken: [] };
    // A clock that was set back takes the turns with it.
    const setBack = Math.max(0, at - now);
    const slots = taken.slice(-most).map((slot) => slot - setBack);
    const earliest = slots.length < most ? now : (slots[0] ?? now) + 1000;
    const slot = Math.max(now, earliest, slots.at(-1) ?? 0);
    recent.set(name, { at: now, taken: [...slots, slot] });
    if (slot > now) await clock.sleep(slot - now);
  };
}

/** How often a call is repeated before its failure is told. */
const attempts = { throttled: 10, fault: 5 };

export interface RetriedCall<T> {
  clock: Clock;
  /** Waits for the call's turn and makes it once; fails with a CloudError. */
  once(): Promise<T>;
  /** A second sending can do no harm. Otherwise only what certainly did not reach the cloud is sent again. */
  isRepeatable: boolean;
  /** Puts right what made a call fail, such as a clock that is off or a token that has run out; tried once. */
  mend?(error: CloudError): Promise<boolean>;
}

/** Makes a call, and repeats it where that cannot do harm. */
export async function callWithRetries<T>({ clock, once, isRepeatable, mend }: RetriedCall<T>): Promise<T> {
  let throttled = 0;
  let faults = 0;
  let mended = false;
  // Of a call that must not be made twice it counts whether it can have happened, also where the pause is cut short.
  const pause = (attempt: number, error: CloudError) =>
    clock.sleep(backoffMilliseconds(attempt)).catch((stopped: unknown) => {
      throw isRepeatable ? stopped : error;
    });
  for (;;) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const isFault = error.kind === "server" || error.kind === "network";
      const isHarmless = isRepeatable || (error.kind === "network" && !error.mayHaveHappened);
      if (error.kind === "throttled" && throttled < attempts.throttled) {
        throttled += 1;
        await pause(throttled, error);
      } else if (isFault && isHarmless && faults < attempts.fault) {
        faults += 1;
        await pause(faults, error);
      } else if (!mended && (await mend?.(error))) {
        mended = true;
      } else {
        throw error;
      }
    }
  }
}
