// Lists that are cut, capped or behind: exactly as many nodes are bought as wanted, and no member drops out of state.
import { describe, expect, test } from "vitest";
import { unforeseen } from "../../announcement";
import { declare, makeStand, pool, recordedNodes, type Stand } from "../../stand";

const minutes = 60_000;

/** The cloud in its own time, so that a lag is as long as it says. */
const slowStand = () => makeStand({ simulator: { timeScale: 1 } });

/** Runs `up` until it succeeds. No run may drop a member or buy more than is wanted. */
async function upUntilDone(stand: Stand, count: number, runs = 5): Promise<string[]> {
  const errors: string[] = [];
  let held = await recordedNodes(stand);
  for (let run = 0; run < runs; run++) {
    const { error } = await stand.stack.up();
    const now = await recordedNodes(stand);
    expect(now).toEqual(expect.arrayContaining(held));
    expect(stand.bought()).toBeLessThanOrEqual(count);
    held = now;
    if (error === undefined) break;
    errors.push(error);
    expect(run, error).toBeLessThan(runs - 1);
  }
  expect(held.sort()).toEqual(stand.nodeIds().sort());
  expect(stand.bought()).toBe(count);
  return errors;
}

describe("the list of nodes is cut at 4 rows", () => {
  test.each([1, 3, 6, 12])("for %i answers, from the start of a grow", async (times) => {
    const stand = await makeStand();
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "cutList", rows: 4, action: "DescribeClusterNodes", times });
    declare(stand, pool(stand, 5));
    for (const error of await upUntilDone(stand, 5)) expect(error).toMatch(/counts \d+ .*shows only 4/);
  });

  test.each([2, 5, 9])("for two answers, after %i good ones, as a pool is made", async (skip) => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "cutList", rows: 4, action: "DescribeClusterNodes", times: 2, skip });
    declare(stand, pool(stand, 4));
    for (const error of await upUntilDone(stand, 4)) expect(error).toMatch(/counts \d+ .*shows only 4/);
  });

  test("while refreshed and destroyed: nothing is forgotten", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).error).toBeUndefined();
    const cut = (times: number) =>
      stand.sim.faults.add({ kind: "cutList", rows: 4, action: "DescribeClusterNodes", times });
    cut(10_000);
    expect((await stand.stack.refresh()).error).toMatch(/counts \d+ .*shows only 4/);
    expect((await stand.stack.destroy()).error).toMatch(/counts \d+ .*shows only 4/);
    expect(await recordedNodes(stand)).toHaveLength(3);
    stand.sim.faults.clear();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });
});

test.each(["capped", "whole"] as const)(
  "a cluster of 1,000 nodes, an unpaged list being %s",
  async (unpagedNodeList) => {
    const stand = await makeStand();
    Object.assign(stand.sim.settings, { unpagedNodeList });
    const others = Array.from(
      { length: 1000 },
      () => stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
    );
    const own = () => stand.nodeIds().filter((id) => !others.includes(id));
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 4));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await recordedNodes(stand)).sort()).toEqual(own().sort());
    expect([own().length, stand.bought()]).toEqual([4, 4]);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(1000);
  },
);

describe.each([
  { tagsVisible: true, nodeCountLags: true },
  { tagsVisible: true, nodeCountLags: false },
  { tagsVisible: false, nodeCountLags: true },
  { tagsVisible: false, nodeCountLags: false },
])("new nodes are listed late, $tagsVisible, $nodeCountLags", (settings) => {
  test.each([
    [5, false],
    [8, false],
    [9, false],
    [8, true],
  ] as const)("by %i minutes, the answer dropped: %s", async (lag, isDropped) => {
    const stand = await slowStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    Object.assign(stand.sim.settings, { ...settings, nodeListLagMilliseconds: lag * minutes });
    if (isDropped) stand.sim.faults.add({ kind: "dropAnswer", action: "ScaleOutInstance" });
    stand.sim.clock.advance(lag * minutes);
    declare(stand, pool(stand, 3));
    for (const error of await upUntilDone(stand, 3)) expect(error).toMatch(/counts \d+ .*shows only \d+/);
  });
});

const shortList = {
  because: "a plan does not wait for a list that is shorter than its count, and an up does",
  notSeen: /counts 6 nodes .* but shows only 4: nothing is concluded/,
};

describe.each([true, false])(
  "new nodes are listed later than lists should lag, tags visible: %s",
  (tagsVisible) => {
    test.each([
      [true, false],
      [false, false],
      [true, true],
    ])("the count lags too: %s, the answer dropped: %s", async (nodeCountLags, isDropped) => {
      const stand = await slowStand();
      declare(stand, pool(stand, 1));
      expect((await stand.stack.up()).error).toBeUndefined();
      const lag = 25 * minutes;
      Object.assign(stand.sim.settings, { tagsVisible, nodeCountLags, nodeListLagMilliseconds: lag });
      stand.sim.clock.advance(lag);
      if (isDropped) stand.sim.faults.add({ kind: "dropAnswer", action: "ScaleOutInstance" });
      declare(stand, pool(stand, 3));
      const ups = () => upUntilDone(stand, 3);
      const errors = nodeCountLags ? await ups() : await unforeseen(stand.stack, shortList, ups);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toMatch(/lists only 0 of 2|counts \d+ .*shows only \d+/);
    });
  },
);

test("a node that is gone as soon as it came holds an order open for an hour, and no longer", async () => {
  const stand = await slowStand();
  declare(stand, pool(stand, 1));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.faults.add({ kind: "vanishNode" });
  declare(stand, pool(stand, 3));
  expect((await stand.stack.up()).error).toMatch(/lists only 1 of 2/);
  expect(await recordedNodes(stand)).toHaveLength(2);
  stand.sim.clock.advance(60 * minutes);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(3);
  expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
  expect(stand.bought()).toBe(4);
});
