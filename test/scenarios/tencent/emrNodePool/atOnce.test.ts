// Refusals at every call, several runs at once, blocked workflows, limits in the middle.
import { describe, expect, test } from "vitest";
import { declare, makeStand, pool, recordedNodes, type Stand, stateOf } from "../../stand";

describe("refresh never takes a failing call for a pool that is gone", () => {
  test("each read, each kind of failure", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    const codes = ["AuthFailure.TokenFailure", "UnauthorizedOperation.CheckCamAuth", "RequestLimitExceeded"];
    for (const action of ["DescribeInstances", "DescribeClusterNodes"]) {
      for (const code of codes) {
        stand.sim.faults.add({ kind: "error", code, action, times: 30 });
        const refreshed = await stand.stack.refresh();
        stand.sim.faults.clear();
        expect(refreshed.ok, `${action} ${code}`).toBe(false);
        expect(refreshed.error).toContain(code);
        expect(await recordedNodes(stand)).toHaveLength(1);
      }
    }
  });

  test("an empty list of clusters and a refused list of nodes", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.settings.missingCluster = "empty";
    await stand.stack.setConfig("bigdata:tencentRegion", "ap-shanghai");
    await stand.stack.up();
    stand.sim.faults.add({ kind: "error", code: "UnauthorizedOperation", action: "DescribeClusterNodes" });
    expect((await stand.stack.refresh()).ok).toBe(false);
    expect(await recordedNodes(stand)).toHaveLength(1);
  });
});

describe("at the same time", () => {
  test.each([true, false])(
    "two pools of two stacks on one cluster, tags visible: %s",
    async (tagsVisible) => {
      const one = await makeStand();
      one.sim.settings.tagsVisible = tagsVisible;
      const two = await makeStand({ sim: one.sim, project: "others" });
      declare(one, pool(one, 2));
      declare(two, pool(two, 3, { poolId: "others/test/workers" }));
      const ups = await Promise.all([one.stack.up(), two.stack.up()]);
      expect(ups.map(({ error }) => error)).toEqual([undefined, undefined]);
      const [first, second] = [await recordedNodes(one), await recordedNodes(two)];
      expect([first.length, second.length, new Set([...first, ...second]).size]).toEqual([2, 3, 5]);
      expect(one.bought()).toBe(5);
    },
  );

  test.each(["sameAnswer", "duplicateOrder", "invalidToken", "ignored"] as const)(
    "the same stack twice, a repeated token being %s",
    async (repeatedToken) => {
      const one = await makeStand();
      one.sim.settings.repeatedToken = repeatedToken;
      const two = await makeStand({ sim: one.sim, journalDirectory: one.journalDirectory });
      declare(one, pool(one, 2));
      declare(two, pool(two, 2));
      const ups = await Promise.all([one.stack.up(), two.stack.up()]);
      expect(one.bought()).toBe(2);
      // Nothing tells one from a pool of the same name: one of them has the nodes, and the other stops.
      expect(ups.map(({ ok }) => ok).sort()).toEqual([false, true]);
      const again = await (ups[0].ok ? two : one).stack.up();
      expect(again.error).toMatch(/in adopt/);
      expect(one.bought()).toBe(2);
    },
  );
});

test("a workflow blocks, is told of, and is released without machines", async () => {
  const stand = await makeStand();
  stand.sim.faults.add({ kind: "flowBlocks", stage: "applyCvm" });
  declare(stand, pool(stand, 2));
  const first = await stand.stack.up();
  expect(first.error).toMatch(/blocked/);
  expect(await stateOf(stand)).toHaveProperty("pendingOrder");
  expect((await stand.stack.refresh()).error).toBeUndefined();
  expect(await stateOf(stand)).toHaveProperty("pendingOrder");
  const [flow] = stand.sim.emr.cluster(stand.clusterId).flows;
  stand.sim.emr.releaseFlow(stand.clusterId, flow?.traceId ?? "");
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(2);
  expect(await recordedNodes(stand)).toHaveLength(2);
  expect(await stateOf(stand)).not.toHaveProperty("pendingOrder");
});

test("limits pass in every wait; each `up` goes on, a refresh in between changes nothing", async () => {
  const stand = await makeStand({ simulator: { timeScale: 4 } });
  const limits = { timeouts: { create: "5m", update: "5m", delete: "5m" } };
  declare(stand, pool(stand, 3, limits));
  const untilDone = async (what: () => ReturnType<Stand["stack"]["up"]>) => {
    for (let round = 0; round < 12; round++) {
      if ((await what()).ok) return round;
      await stand.stack.refresh();
    }
    throw new Error("does not get done");
  };
  expect(await untilDone(() => stand.stack.up())).toBeGreaterThan(1);
  expect(await recordedNodes(stand)).toHaveLength(3);
  declare(stand, pool(stand, 1, limits));
  expect(await untilDone(() => stand.stack.up())).toBeGreaterThan(0);
  expect(stand.nodeIds()).toHaveLength(1);
  expect(await untilDone(() => stand.stack.destroy())).toBeGreaterThan(0);
  expect(stand.nodeIds()).toEqual([]);
  expect(stand.bought()).toBe(3);
});

test("45 nodes, the second batch filled by half, then 15", async () => {
  const stand = await makeStand();
  stand.sim.faults.add({ kind: "partialFill", filled: 9, skip: 1 });
  declare(stand, pool(stand, 45));
  const first = await stand.stack.up();
  expect(first.error).toMatch(/brought 9 of 20/);
  expect(await recordedNodes(stand)).toHaveLength(29);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([stand.nodeIds().length, stand.bought()]).toEqual([45, 45]);
  declare(stand, pool(stand, 15));
  stand.sim.settings.busyCode = "FlowRejected";
  stand.sim.faults.add({ kind: "busy", milliseconds: 30_000, action: "TerminateClusterNodes", times: 2 });
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(15);
});

test.each(["recycleBin", "secondCallDestroys"] as const)(
  "monthly nodes go, removal being %s",
  async (prepaidRemoval) => {
    const stand = await makeStand();
    Object.assign(stand.sim.settings, { prepaidRemoval });
    declare(stand, pool(stand, 2, { payMode: 1, timeSpan: 1 }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  },
);

test("core nodes without machine ids yet: shrinking waits for the ids", async () => {
  const stand = await makeStand();
  const core = { role: "core", scaleIn: { allowCoreScaleIn: true } };
  stand.sim.settings.orderNoLagMilliseconds = 3_000_000;
  declare(stand, pool(stand, 1, core));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 0, core));
  expect((await stand.stack.up()).error).toBeUndefined();
});

test("the cluster is destroyed while a destroy waits for it", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.emr.holdLock(stand.clusterId, 600_000);
  let looks = 0;
  stand.sim.onCall(({ action, phase }) => {
    if (action === "DescribeInstances" && phase === "received" && ++looks === 4) {
      stand.sim.emr.destroyCluster(stand.clusterId);
    }
  });
  expect((await stand.stack.destroy()).error).toBeUndefined();
});
