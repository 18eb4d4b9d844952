// The rate at which calls leave this process.
import { describe, expect, test } from "vitest";
import { createRateLimit } from "../../provider/retry";

/** A clock that moves when somebody sleeps or sets it. */
function makeClock() {
  const clock = {
    time: 1_000_000,
    slept: [] as number[],
    now: async () => clock.time,
    sleep: async (milliseconds: number) => {
      clock.slept.push(milliseconds);
      clock.time += milliseconds;
    },
  };
  return clock;
}

describe("a rate limit", () => {
  test("lets no more calls through in any second, each name for itself", async () => {
    const clock = makeClock();
    const takeTurn = createRateLimit(2);
    const turns: number[] = [];
    for (const pause of [0, 300, 0, 900, 0, 0]) {
      clock.time += pause;
      await takeTurn("a", clock);
      turns.push(clock.time);
    }
    for (const [index, time] of turns.entries())
      expect(time - (turns[index - 2] ?? 0)).toBeGreaterThanOrEqual(1000);
    const before = clock.time;
    await takeTurn("b", clock);
    expect(clock.time).toBe(before);
  });

  test("does not wait for a time that was before the clock was set back", async () => {
    const clock = makeClock();
    const takeTurn = createRateLimit(2);
    await takeTurn("a", clock);
    await takeTurn("a", clock);
    clock.time -= 3_600_000;
    await takeTurn("a", clock);
    expect(clock.slept).toEqual([1000]);
  });
});
