// The gateway's limit of calls per second and action, in simulator time.
import type { Clock } from "../clock";
import { ApiError } from "./errors";

const second = 1000;

export class RateLimiter {
  readonly #clock: Clock;
  #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; throws if it is one too many. Refused calls do not count. */
  count(action: string, perSecond: number): void {
    const now = this.#clock.now();
    const recent = (this.#calls.get(action) ?? []).filter((time) => time > now - second);
    this.#calls.set(action, recent);
    if (recent.length >= perSecond) throw new ApiError("RequestLimitExceeded");
    recent.push(now);
  }

  reset(): void {
    this.#calls.clear();
  }
}
