// The rate at which calls leave this process.
import { expect, test } from "vitest";
import type { Caller } from "../../provider/base/context";
import { CloudError } from "../../provider/base/errors";
import { durationMilliseconds, pauseAfter } from "../../provider/base/wait";
import { callWithRetries } from "../../provider/call/retry";
import { Turns, turnsByName } from "../../provider/call/turns";
import type { WireAction } from "../../provider/call/wire";
import { makeClock } from "./toyClock";

/** The most that left in any second. */
const mostInASecond = (times: readonly number[]) =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));

test("no more calls leave in any second, each name for itself", async () => {
  const clock = makeClock();
  const byName = turnsByName();
  const turns = (name: string) => byName(name, 2);
  const times: number[] = [];
  for (const pause of [0, 300, 0, 900, 0, 0]) {
    clock.time += pause;
    await turns("a").take(clock);
    times.push(clock.time);
  }
  expect(mostInASecond(times)).toBe(2);
  const before = clock.time;
  await turns("b").take(clock);
  expect(clock.time).toBe(before);
});

test("a thousand who wait are served in their order, and hold up nobody else", async () => {
  const clock = makeClock();
  const byName = turnsByName();
  const turns = (name: string) => byName(name, 20);
  const order: number[] = [];
  const times: number[] = [];
  const polls = Array.from({ length: 1000 }, async (_, index) => {
    await turns("poll").take(clock);
    order.push(index);
    times.push(clock.time);
  });
  const started = clock.time;
  await turns("buy").take(clock);
  expect(clock.time - started).toBeLessThanOrEqual(1000);
  await Promise.all(polls);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(mostInASecond(times)).toBe(20);
  expect(clock.time - started).toBe(49_000);
});

test("who is stopped while waiting holds up nobody behind", async () => {
  const clock = makeClock();
  const turns = new Turns(1);
  await turns.take(clock);
  const stopped = turns.take({ ...clock, now: clock.now, sleep: () => Promise.reject(new Error("stopped")) });
  const next = turns.take(clock);
  await expect(stopped).rejects.toThrow("stopped");
  await next;
  expect(clock.slept).toEqual([1000]);
});

test("nobody waits for a time that was before the clock was set back", async () => {
  const clock = makeClock();
  const turns = new Turns(2);
  await turns.take(clock);
  await turns.take(clock);
  clock.time -= 3_600_000;
  await turns.take(clock);
  expect(clock.slept).toEqual([1000]);
});

test("where the cloud allows less, calls slow down for all, speed up again by and by, and that is said once", async () => {
  const clock = makeClock();
  const turns = new Turns(20);
  const said: string[] = [];
  /** What the account really allows in a second. */
  let allowed = 7;
  const served: number[] = [];
  let refusals = 0;
  const caller: Caller = { clock, progress: (text, kind) => said.push(`${kind}: ${text}`) };
  const call = () =>
    callWithRetries({
      caller,
      callee: { cloud: "Cloud", endpointKey: "cloudEndpoint" },
      question: "q",
      action: { name: "List", repeat: "read" } as WireAction,
      turns,
      once: async () => {
        if (served.filter((time) => time > clock.time - 1000).length < allowed) {
          served.push(clock.time);
          return;
        }
        refusals += 1;
        throw new CloudError({
          ...{ cloud: "Cloud", action: "List", code: "RequestLimitExceeded", kind: "throttled" },
          ...{ message: "too many", advice: "", mayHaveHappened: false },
        });
      },
    });
  const runFor = async (milliseconds: number) => {
    const from = clock.time;
    const before = served.length;
    while (clock.time - from < milliseconds) await call();
    return ((served.length - before) * 1000) / (clock.time - from);
  };
  await runFor(20_000);
  refusals = 0;
  const rate = await runFor(300_000);
  // Most of what is allowed is used, and hardly anything is refused.
  expect(rate).toBeGreaterThan(allowed * 0.6);
  expect(refusals / (rate * 300)).toBeLessThan(0.05);
  expect(said).toEqual([expect.stringMatching(/^warning: Cloud allows fewer calls of List .* 10 a second/)]);
  allowed = 100;
  await runFor(200_000);
  expect(await runFor(10_000)).toBeGreaterThan(18);
});

test.each([undefined, "20s", "1m", "4m", "5m", "30m"])(
  "half an hour costs at most 40 looks (usually %s), and no look is far too late",
  (usual) => {
    const expected = usual === undefined ? undefined : durationMilliseconds(usual);
    let elapsed = 0;
    let looks = 0;
    while (elapsed < 1_800_000) {
      const pause = pauseAfter(elapsed, expected);
      const isEarly = elapsed < 0.75 * (expected ?? 0);
      expect(pause).toBeLessThanOrEqual(Math.max(2_000, isEarly ? elapsed / 2 : elapsed / 5));
      expect(pause).toBeGreaterThanOrEqual(2_000);
      elapsed += pause;
      looks += 1;
    }
    expect(looks).toBeLessThanOrEqual(40);
  },
);
