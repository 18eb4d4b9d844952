// A gateway's limit of calls per second, in simulator time.
import type { Clock } from "./clock";

const second = 1000;

export class RateLimiter {
  readonly #clock: Clock;
  #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call unless it is one too many. Refused calls do not count. */
  admits(key: string, perSecond: number | null): boolean {
    const now = this.#clock.now();
    const recent = (this.#calls.get(key) ?? []).filter((time) => time > now - second);
    this.#calls.set(key, recent);
    if (perSecond !== null && recent.length >= perSecond) return false;
    recent.push(now);
    return true;
  }

  reset(): void {
    this.#calls.clear();
  }
}
