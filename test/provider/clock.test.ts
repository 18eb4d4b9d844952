// Time as a run has it: it passes evenly, whoever sets the machine's clock, and while the machine sleeps.
import { expect, test } from "vitest";
import { cloudTime, steadyTime, wallTime } from "../../provider/base/clock";
import { Session } from "../../provider/base/session";
import { makeClock } from "./toyClock";

const hour = 3_600_000;

test("a clock that is set moves nothing, and sleep counts, on systems that count it and on those that do not", () => {
  const machine = { shown: 1_000_000, passed: 5, running: 70_000 };
  const now = steadyTime({
    shown: () => machine.shown,
    passed: () => machine.passed,
    running: () => machine.running,
  });
  const pass = (milliseconds: number, isAsleep = false, isCounted = !isAsleep) => {
    machine.shown += milliseconds;
    machine.running += milliseconds;
    if (isCounted) machine.passed += milliseconds;
  };
  expect(now()).toBe(1_000_000);
  pass(500);
  expect(now()).toBe(1_000_500);
  machine.shown += 5 * hour;
  pass(500);
  expect(now()).toBe(1_001_000);
  machine.shown -= 10 * hour;
  expect(now()).toBe(1_001_000);
  pass(hour, true);
  expect(now()).toBe(1_001_000 + hour);
  pass(hour, true, true);
  expect(now()).toBe(1_001_000 + 2 * hour);
  // What is not exact is no sleep, and nothing goes back.
  machine.running -= 4_000;
  expect(now()).toBe(1_001_000 + 2 * hour);
  machine.running += 8_000;
  expect(now()).toBe(1_001_000 + 2 * hour);
});

test("a process has a clock that stays with the machine's", async () => {
  const { clock } = new Session();
  for (const time of [await clock.now(), await wallTime(clock), await cloudTime(clock)])
    expect(Math.abs(time - Date.now())).toBeLessThan(5_000);
});

test("the cloud's time is what its answers tell, where that is far from the machine's", async () => {
  const machine = makeClock();
  const session = new Session({ clock: machine });
  expect(await cloudTime(session.clock)).toBe(machine.time);
  await session.hear(machine.time - 30_000);
  expect(await cloudTime(session.clock)).toBe(machine.time);
  await session.hear(machine.time - 5 * hour);
  machine.time += 1_000;
  expect(await cloudTime(session.clock)).toBe(machine.time - 5 * hour);
  // The next answer is a little later.
  await session.hear(machine.time - 5 * hour + 2_000);
  expect(await cloudTime(session.clock)).toBe(machine.time - 5 * hour);
  await session.hear(machine.time);
  expect(await cloudTime(session.clock)).toBe(machine.time);
});
