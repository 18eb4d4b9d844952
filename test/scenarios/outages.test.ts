// The cloud answers 503, or too many requests, to every call for 20 minutes, from any moment of an operation on: looks go
// on, nothing is done twice, and the operation ends long before its limit. And limits that many batches do not fit into.
import { describe, expect, test } from "vitest";
import type { CallEvent, Fault } from "../../simulator/index";
import type { UpdateResult } from "../drivers/driver";
import { isLook } from "./changes";
import { calls, expectHeld, tellingsOf } from "./purchases";
import { declare, makeStand, pool, recordedNodes, type Stand, stepsOf } from "./stand";
import { bought, newVersion, withApplication, withEngine, withInstance, withService } from "./subjects";

const minute = 60_000;

const outages: [string, Fault][] = [
  ["503", { kind: "http", status: 503, times: 1_000_000 }],
  ["too many requests", { kind: "throttle", times: 1_000_000 }],
];

/** From the first call of which this is true, every call fails for 20 minutes. */
function failsFrom({ sim }: Stand, fault: Fault, begins: (event: CallEvent) => boolean): () => boolean {
  let until: number | undefined;
  sim.onCall((event) => {
    if (event.phase !== "received") return;
    if (until === undefined && begins(event)) {
      until = sim.clock.now() + 20 * minute;
      sim.faults.add(fault);
    }
    if (until !== undefined && sim.clock.now() >= until) sim.faults.clear();
  });
  return () => until !== undefined;
}

/** Calls that changed something, of those from this one on. */
const acted = ({ sim }: Stand, since: number) =>
  sim.journal.slice(since).filter((call) => call.acted && !isLook(call.action)).length;

interface Subject {
  stand: Stand;
  run(): Promise<UpdateResult>;
  /** Everything is as declared, and nothing was done twice. */
  check(): Promise<void>;
  /** How many changes it takes. */
  changes?: number;
}

type Table = [string, () => Promise<Subject>][];

const slow = { simulator: { timeScale: 1 } };

async function withPool(count: number): Promise<Stand> {
  const stand = await makeStand(slow);
  if (count === 0) return stand;
  declare(stand, pool(stand, count));
  expect((await stand.stack.up()).error).toBeUndefined();
  return stand;
}

function poolTo(from: number, to: number): () => Promise<Subject> {
  return async () => {
    const stand = await withPool(from);
    declare(stand, pool(stand, to));
    return {
      stand,
      run: () => stand.stack.up(),
      check: async () => {
        expect(stand.nodeIds()).toHaveLength(to);
        await expectHeld(stand, stand.nodeIds(), Math.max(from, to));
      },
    };
  };
}

const pools: Table = [
  ["a pool is made", poolTo(0, 3)],
  ["a pool grows", poolTo(1, 3)],
  ["a pool shrinks", poolTo(3, 1)],
  [
    "a pool is deleted",
    async () => {
      const stand = await withPool(2);
      return {
        stand,
        run: () => stand.stack.destroy(),
        check: async () => expect([stand.nodeIds(), stand.bought()]).toEqual([[], 2]),
      };
    },
  ],
];

const others: Table = [
  [
    "a service is restarted",
    async () => {
      const { stand, deploy } = await withService();
      await deploy({ state: "running", restartTriggers: { config: "1" } });
      return {
        stand,
        run: () => deploy({ state: "running", restartTriggers: { config: "2" } }),
        check: async () => {},
      };
    },
  ],
  [
    "an engine's image is switched",
    async () => {
      const { stand, deploy, engine, versionOf } = await withEngine();
      return {
        stand,
        run: () => deploy(),
        check: async () => expect(engine.imageVersionId).toBe(versionOf(newVersion)),
      };
    },
  ],
  [
    "a group grows",
    async () => {
      const { stand, deploy, nodes } = await withInstance();
      await deploy(2);
      return {
        stand,
        run: () => deploy(4),
        check: async () => expect([nodes().length, bought(stand)]).toEqual([4, 2]),
      };
    },
  ],
  [
    "a group shrinks",
    async () => {
      const { stand, deploy, nodes } = await withInstance();
      await deploy(4);
      return {
        stand,
        run: () => deploy(2, { scaleIn: { allowed: true } }),
        check: async () => expect([nodes().length, bought(stand)]).toEqual([2, 2]),
      };
    },
  ],
  [
    "an application is restarted",
    async () => {
      const { stand, deploy } = await withApplication();
      await deploy({ restartTriggers: { config: "1" } });
      return {
        stand,
        run: () => deploy({ restartTriggers: { config: "2" } }),
        check: async () => {},
      };
    },
  ],
];

/** When it begins, by how far the operation has got. */
const moments: [string, (hasSent: boolean, action: string) => boolean][] = [
  ["at the first call", () => true],
  ["at the change", (_, action) => !isLook(action)],
  ["while the change is under way", (hasSent) => hasSent],
];

describe.each(outages)("%s for 20 minutes", (_, fault) => {
  describe.each(moments)("%s", (__, begins) => {
    test.each([...pools, ...others])("while %s", async (___, arrange) => {
      const { stand, run, check } = await arrange();
      const { journal, clock } = stand.sim;
      const since = journal.length;
      const hasBegun = failsFrom(stand, fault, ({ action }) => begins(acted(stand, since) > 0, action));
      const startedAt = clock.now();
      const first = await run();
      expect(hasBegun()).toBe(true);
      expect(clock.now() - startedAt).toBeLessThan(55 * minute);
      expect(acted(stand, since)).toBeLessThanOrEqual(1);
      if (first.error) expect((await run()).error).toBeUndefined();
      expect(acted(stand, since)).toBe(1);
      await check();
      expect(stand.changes().length).toBeGreaterThan(0);
    });
  });
});

test.each([
  ["15m", 100, 3],
  ["30m", 160, 2],
])(
  "a limit of %s for %i nodes: each run begins what fits, and the next buys the rest",
  async (limit, count, runs) => {
    const stand = await makeStand(slow);
    const limitMilliseconds = Number.parseInt(limit, 10) * minute;
    declare(stand, pool(stand, count, { timeouts: { create: limit, update: limit } }));
    let run = 0;
    for (let isDone = false; !isDone; run++) {
      expect(run).toBeLessThan(runs + 1);
      const told = tellingsOf(await stand.stack.preview());
      expect(told).toContain(`${count - stand.bought()} task nodes`);
      const since = stand.sim.journal.length;
      const startedAt = stand.sim.clock.now();
      const { error } = await stand.stack.up();
      for (const { action, time } of stand.sim.journal.slice(since))
        if (!isLook(action)) expect(time - startedAt).toBeLessThan(limitMilliseconds);
      expect(stand.sim.clock.now() - startedAt).toBeLessThan(limitMilliseconds + minute);
      expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
      expect(stand.nodeIds()).toHaveLength(stand.bought());
      isDone = error === undefined;
      if (!isDone) expect(error).toMatch(/Not begun.*timeouts\.(create|update)/s);
    }
    expect([stand.bought(), calls(stand, "ScaleOutInstance")]).toEqual([count, Math.ceil(count / 20)]);
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
  },
);

test("a limit that is shorter than one batch: nothing is begun, and it is said what to raise", async () => {
  const stand = await makeStand(slow);
  declare(stand, pool(stand, 500, { timeouts: { create: "3m" } }));
  expect((await stand.stack.up()).error).toMatch(/Not begun.*timeouts\.create/s);
  expect([stand.bought(), calls(stand, "ScaleOutInstance")]).toEqual([0, 0]);
});
