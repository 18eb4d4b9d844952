// The machine sleeps for an hour in the middle of a change, its clock is set ahead or back by hours, in a run or between two,
// and what the cloud has begun never ends. Nothing is done twice, and nobody waits for longer than the limit.
import { describe, expect, test } from "vitest";
import { Machine } from "../session";
import { type Change, changes, isLook } from "./changes";
import { tellingsOf } from "./purchases";
import type { Stand } from "./stand";

const minute = 60_000;
const hour = 60 * minute;
/** The limit of every operation where the program sets none, and what a last look may take. */
const limit = 61 * minute;

/** Calls that changed something, of those from this one on. */
const acted = ({ sim }: Stand, since: number) =>
  sim.journal.slice(since).filter((call) => call.acted && !isLook(call.action)).length;

/** A change on a machine of its own. `whileWaiting` happens once, at the first pause after the change was made. */
async function onMachine(on: () => Promise<Change>, whileWaiting: (machine: Machine, stand: Stand) => void) {
  const change = await on();
  const { stand } = change;
  const machine = new Machine(stand.sim);
  const since = stand.sim.journal.length;
  let isOver = false;
  stand.newClock = () =>
    machine.clock(() => {
      if (isOver || acted(stand, since) === 0) return;
      isOver = true;
      whileWaiting(machine, stand);
    });
  return { ...change, machine, happened: () => isOver, acted: () => acted(stand, since) };
}

describe.each(changes)("%s", (_, __, on) => {
  test("the machine sleeps for an hour, and the cloud is done meanwhile", async () => {
    const { up, happened, acted, done } = await onMachine(on, (machine) => machine.sleep(hour));
    expect((await up()).error).toBeUndefined();
    expect([happened(), acted(), done()]).toEqual([true, 1, 1]);
  });

  test("the machine sleeps for an hour, and the cloud is not done: the run ends, and the next goes on", async () => {
    const { stand, up, happened, acted, done } = await onMachine(on, (machine) => machine.sleep(hour));
    stand.sim.settings.timeScale = 600;
    const first = await up();
    expect([happened(), acted()]).toEqual([true, 1]);
    expect(first.error).toMatch(
      /Gave up waiting for .*timeouts\.(create|update) \(now \d+m\).*run `pulumi up` again/s,
    );
    stand.sim.clock.advance(96 * hour);
    expect((await up()).error).toBeUndefined();
    expect([acted(), done()]).toEqual([1, 1]);
  });

  test("the machine sleeps for an hour before the change, and something else holds the place then", async () => {
    const change = await on();
    const { stand } = change;
    const machine = new Machine(stand.sim);
    const since = stand.sim.journal.length;
    stand.sim.faults.add({ kind: "busy", action: change.call, milliseconds: 90 * minute });
    let isOver = false;
    stand.newClock = () =>
      machine.clock(() => {
        const isRefused = stand.sim.journal.slice(since).some(({ action }) => action === change.call);
        if (isOver || !isRefused) return;
        isOver = true;
        machine.sleep(hour);
      });
    const first = await change.up();
    expect(isOver).toBe(true);
    if (first.error === undefined) {
      expect(acted(stand, since)).toBe(1);
      return;
    }
    expect(acted(stand, since)).toBe(0);
    stand.sim.clock.advance(hour);
    expect((await change.up()).error).toBeUndefined();
    expect([acted(stand, since), change.done()]).toEqual([1, 1]);
  });

  test("the machine sleeps for an hour while the answer is on its way, and the connection is gone", async () => {
    const { stand, call, up, machine, acted, done } = await onMachine(on, () => {});
    stand.sim.faults.add({ kind: "dropAnswer", action: call });
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== call || phase !== "acted") return undefined;
      stop();
      machine.sleep(hour);
      return undefined;
    });
    if ((await up()).error !== undefined) expect((await up()).error).toBeUndefined();
    expect(stand.sim.faults.pending).toEqual([]);
    expect([acted(), done()]).toEqual([1, 1]);
  });

  test.each([5, -5])("its clock is set by %i hours in the middle", async (hours) => {
    const { stand, up, happened, acted, done } = await onMachine(on, (machine) => {
      machine.ahead = hours * hour;
    });
    const startedAt = stand.sim.clock.now();
    const { error } = await up();
    expect(error).toBeUndefined();
    expect(stand.sim.clock.now() - startedAt).toBeLessThan(30 * minute);
    expect([happened(), acted(), done()]).toEqual([true, 1, 1]);
  });

  test.each([5, -5])(
    "its clock is set by %i hours in the middle, and what it asked for never came to the cloud",
    async (hours) => {
      const { stand, call, up, machine, acted, done } = await onMachine(on, () => {});
      stand.sim.faults.add({ kind: "dropRequest", action: call });
      const stop = stand.sim.onCall(({ action, phase }) => {
        if (action !== call || phase !== "received") return undefined;
        stop();
        machine.ahead = hours * hour;
        return undefined;
      });
      const startedAt = stand.sim.clock.now();
      if ((await up()).error !== undefined) expect((await up()).error).toBeUndefined();
      expect(machine.ahead).toBe(hours * hour);
      expect(stand.sim.clock.now() - startedAt).toBeLessThan(2 * limit);
      expect([acted(), done()]).toEqual([1, 1]);
    },
  );

  test.each([
    ["received", 0, 5],
    ["received", 0, -5],
    ["received", 5, 0],
    ["received", -5, 0],
    ["acted", 0, 5],
    ["acted", 0, -5],
    ["acted", 5, 0],
    ["acted", -5, 0],
  ] as const)(
    "a run is killed when its call is %s, and the clock is %i hours ahead in it and %i in the next",
    async (phase, before, after) => {
      const { stand, call, killAt, up, machine, acted, done } = await onMachine(on, () => {});
      machine.ahead = before * hour;
      killAt(call, phase);
      await up();
      machine.ahead = after * hour;
      const startedAt = stand.sim.clock.now();
      for (let run = 0; run < 2; run++) if ((await up()).error === undefined) break;
      expect((await up()).error).toBeUndefined();
      expect(stand.sim.clock.now() - startedAt).toBeLessThan(limit);
      expect([acted(), done()]).toEqual([1, 1]);
    },
  );

  test.each([5, -5])(
    "a run is killed once its call was made, the clock is set by %i hours, and the cloud's lists are late",
    async (hours) => {
      const { stand, call, killAt, up, machine, acted, done } = await onMachine(on, () => {});
      Object.assign(stand.sim.settings, {
        nodeListLagMilliseconds: 5 * minute,
        restartTimeLagMilliseconds: 5 * minute,
      });
      killAt(call, "acted");
      await up();
      machine.ahead = hours * hour;
      for (let run = 0; run < 2; run++) if ((await up()).error === undefined) break;
      expect((await up()).error).toBeUndefined();
      expect([acted(), done()]).toEqual([1, 1]);
    },
  );

  test.each([
    ["", 0],
    [", though the clock is set back in the middle", -5],
  ])(
    "what the cloud has begun never ends: the run ends at its limit and says so, and nothing is lost%s",
    async (_said, hours) => {
      const { stand, up, acted, done } = await onMachine(on, (machine) => {
        machine.ahead = hours * hour;
      });
      stand.sim.settings.timeScale = 1_000_000;
      const startedAt = stand.sim.clock.now();
      const first = await up();
      expect(first.error).toMatch(/Gave up waiting for .*timeouts\.(create|update).*run `pulumi up` again/s);
      expect(stand.sim.clock.now() - startedAt).toBeLessThan(limit);
      expect(acted()).toBe(1);
      // The next waits for the same thing, and begins nothing beside it.
      expect((await up()).error).toMatch(/Gave up/);
      expect(tellingsOf(await stand.stack.refresh())).not.toMatch(/Error:/);
      expect(acted()).toBe(1);
      stand.sim.clock.advance(1_000_000 * 30 * minute);
      expect((await up()).error).toBeUndefined();
      expect([acted(), done()]).toEqual([1, 1]);
    },
  );
});
