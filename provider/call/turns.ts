// The rate at which calls leave this process.
import type { Clock } from "../base/clock";

/** How long until one call more a second is tried after a cloud has said that there were too many, in milliseconds. */
const recovery = 10_000;

/**
 * Lets through at most so many calls in any second; whoever is over that waits, first come first served. Clouds count in
 * windows of their own, so a bucket that also allows a burst would let too many into one of them.
 */
export class Turns {
  /** When the latest ones left. */
  private taken: number[] = [];
  /** The last one who waits. */
  private tail: Promise<void> = Promise.resolve();
  private slowed: { to: number; at: number } | undefined;

  /** `most`: calls a second. */
  constructor(private readonly most: number) {}

  async take(clock: Clock): Promise<void> {
    const before = this.tail;
    const mine = before.then(() => this.wait(clock));
    this.tail = mine.catch(() => {});
    await mine;
  }

  private async wait(clock: Clock): Promise<void> {
    for (;;) {
      const now = await clock.now();
      // A clock that was set back takes the turns with it.
      const setBack = Math.max(0, (this.taken.at(-1) ?? now) - now);
      if (setBack > 0) this.taken = this.taken.map((at) => at - setBack);
      const earliest = (this.taken.at(-this.rate(now)) ?? Number.NEGATIVE_INFINITY) + 1000;
      if (earliest <= now) {
        this.taken.push(now);
        if (this.taken.length > this.most) this.taken.shift();
        return;
      }
      await clock.sleep(earliest - now);
    }
  }

  private rate(now: number): number {
    if (!this.slowed) return this.most;
    const { to, at } = this.slowed;
    return Math.min(this.most, to + Math.max(0, Math.floor((now - at) / recovery)));
  }

  /** The cloud says that these are too many. Gives back how many a second there are from now on, the first time. */
  slowDown(now: number): number | undefined {
    // What was sent within the same second says the same.
    if (this.slowed && now - this.slowed.at < 1000) return undefined;
    const isNews = this.slowed === undefined;
    this.slowed = { to: Math.max(1, Math.floor(this.rate(now) / 2)), at: now };
    return isNews ? this.slowed.to : undefined;
  }
}

/** The turns of each name, `most` a second. */
export function turnsByName(): (name: string, most: number) => Turns {
  const all = new Map<string, Turns>();
  return (name, most) => {
    const turns = all.get(name) ?? new Turns(most);
    all.set(name, turns);
    return turns;
  };
}
