// What happens to a node pool when things are not as they should be.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { declare, doorState, makeStand, pool, recordedNodes, stateOf, stepsOf } from "../../stand";

describe("one cluster, several owners", () => {
  test("two pools in one run, with autoscaled and console nodes beside them, change one after the other", async () => {
    const stand = await makeStand();
    const { stack, sim } = stand;
    const foreign = [
      sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId,
      sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
    ];
    declare(stand, pool(stand, 3, {}, "a"), pool(stand, 2, {}, "b"));
    expect((await stack.up()).error).toBeUndefined();
    const busy = sim.journal.filter(({ outcome }) => outcome === "ResourceInUse.InstanceInProcess");
    expect(busy).toEqual([]);
    const [a, b] = [await recordedNodes(stand, "a"), await recordedNodes(stand, "b")];
    expect([a.length, b.length]).toEqual([3, 2]);
    expect([...a, ...b, ...foreign].sort()).toEqual(stand.nodeIds().sort());

    declare(stand, pool(stand, 1, {}, "a"), pool(stand, 4, {}, "b"));
    expect((await stack.up()).error).toBeUndefined();
    expect(await recordedNodes(stand, "b")).toEqual(expect.arrayContaining(b));
    declare(stand, pool(stand, 4, {}, "b"));
    expect(stepsOf(await stack.up())).toEqual(["delete a"]);
    expect(await recordedNodes(stand, "b")).toHaveLength(4);
    expect(await stack.destroy()).toMatchObject({ ok: true });
    expect(stand.nodeIds().sort()).toEqual(foreign.sort());
    expect(stand.bought()).toBe(7);
  });

  test("two processes at once wait for each other by the cloud's lock", async () => {
    const one = await makeStand();
    const two = await makeStand({ sim: one.sim, project: "other" });
    declare(one, pool(one, 3, { poolId: "one" }));
    declare(two, pool(two, 2, { poolId: "two" }));
    const results = await Promise.all([one.stack.up(), two.stack.up()]);
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(await recordedNodes(one)).toHaveLength(3);
    expect(await recordedNodes(two)).toHaveLength(2);
    expect(one.bought()).toBe(5);
    const ended = await Promise.all([one.stack.destroy(), two.stack.destroy()]);
    expect(ended.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(one.nodeIds()).toEqual([]);
  });

  test("pools on different clusters do not wait for each other", async () => {
    const stand = await makeStand();
    stand.sim.emr.createCluster({ clusterId: "emr-other" });
    declare(stand, pool(stand, 1, {}, "a"), pool({ clusterId: "emr-other" }, 1, {}, "b"));
    expect((await stand.stack.up()).error).toBeUndefined();
    const calls = stand.sim.journal.filter(({ action }) => action !== "DescribeClusterFlowStatusDetail");
    const clusters = calls.map(
      ({ request }) => JSON.stringify(request).match(/emr-(?:other|scenario1)/)?.[0],
    );
    const turns = clusters.filter((cluster, index) => index > 0 && cluster !== clusters[index - 1]);
    expect(turns.length).toBeGreaterThan(3);
  });

  test("somebody else's workflow is waited for, before and at the purchase", async () => {
    const stand = await makeStand();
    stand.sim.emr.holdLock(stand.clusterId, 120_000);
    stand.sim.faults.add({ kind: "busy", milliseconds: 90_000, action: "ScaleOutInstance" });
    declare(stand, pool(stand, 2));
    const result = await stand.stack.up();
    expect(result.error).toBeUndefined();
    expect(stand.bought()).toBe(2);
    const text = result.messages.map(({ message }) => message).join("\n");
    expect(text).toMatch(/waits for cluster emr-scenario1 \(status 7/);
    expect(text).toMatch(/something else is being done there \(ResourceInUse/);
  });
});

describe("when the cloud does less than asked", () => {
  test("a purchase filled in part is recorded, and the next up asks only for the rest", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "partialFill", filled: 1 });
    declare(stand, pool(stand, 3));
    const first = await stand.stack.up();
    expect(first.ok).toBe(false);
    expect(first.error).toMatch(/brought 1 of 3 task nodes/);
    expect(await stateOf(stand)).toMatchObject({ nodeCount: 1, ...doorState });
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(3);
    expect(stand.sim.emr.purchases(stand.clusterId).map(({ nodeIds }) => nodeIds.length)).toEqual([1, 2]);
  });

  test("a purchase in batches that fails in the second keeps the first", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({
      kind: "error",
      code: "ResourcesSoldOut.CvmSoldOut",
      action: "ScaleOutInstance",
      skip: 1,
    });
    declare(stand, pool(stand, 45));
    const first = await stand.stack.up();
    expect(first.error).toMatch(/ResourcesSoldOut\.CvmSoldOut, RequestId .*another zone/);
    expect(await stateOf(stand)).toMatchObject({ nodeCount: 20 });
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.sim.emr.purchases(stand.clusterId).map(({ count }) => count)).toEqual([20, 20, 5]);
  });

  test.each([
    [
      "sold out",
      { kind: "error", code: "ResourcesSoldOut.CvmSoldOut", action: "InquiryPriceScaleOutInstance" },
    ],
    [
      "no default spec",
      {
        kind: "error",
        code: "ResourceUnavailable.ResourceSpecNotDefaultSpec",
        action: "InquiryPriceScaleOutInstance",
      },
    ],
  ] as const)("%s is found out before the purchase, and nothing is recorded", async (_name, fault) => {
    const stand = await makeStand();
    stand.sim.faults.add(fault);
    declare(stand, pool(stand, 2));
    const result = await stand.stack.up();
    expect(result.error).toContain(fault.code);
    expect(stand.changes()).toEqual([]);
    expect(await stateOf(stand)).toBeUndefined();
  });

  test("a price that cannot be had does not stop the purchase", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({
      kind: "error",
      code: "UnauthorizedOperation.CheckCamAuth",
      action: "InquiryPriceScaleOutInstance",
    });
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(1);
  });

  test("nodes whose tags could not be set are the pool's all the same", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "tagStageFails" });
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(await recordedNodes(stand)).toHaveLength(2);
    expect(stepsOf(await stand.stack.up())).toEqual([]);
    expect(await stand.stack.destroy()).toMatchObject({ ok: true });
    expect(stand.nodeIds()).toEqual([]);
  });

  test.each(["traceId", "flowId", "nothing"] as const)(
    "an answer with %s as its handle is followed to the end",
    async (scaleOutAnswer) => {
      const stand = await makeStand();
      stand.sim.settings.scaleOutAnswer = scaleOutAnswer;
      declare(stand, pool(stand, 2));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect(stand.nodeIds()).toHaveLength(2);
      expect(stand.bought()).toBe(2);
    },
  );

  test("a wait that passes its limit says which option to raise, and the next up goes on", async () => {
    const stand = await makeStand({ simulator: { timeScale: 3 } });
    declare(stand, pool(stand, 2, { timeouts: { create: "5m" } }));
    const first = await stand.stack.up();
    expect(first.error).toMatch(/Raise timeouts\.create \(now 5m\)/);
    expect(await stateOf(stand)).toMatchObject({ pendingOrder: { count: 2, acknowledged: true } });
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(2);
    expect((await stateOf(stand))?.["pendingOrder"]).toBeUndefined();
  });
});

describe("replacement, removal and what protects nodes", () => {
  test("a setting fixed at birth replaces the pool, old nodes first", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    await stand.stack.up();
    const old = stand.nodeIds();
    declare(stand, pool(stand, 2, { zoneId: 100004 }));
    expect(stepsOf(await stand.stack.preview())).toContain("replace workers");
    const result = await stand.stack.up();
    expect(result.error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(2);
    expect(stand.nodeIds()).not.toEqual(expect.arrayContaining(old));
    expect(stand.changes()).toEqual(["ScaleOutInstance", "TerminateClusterNodes", "ScaleOutInstance"]);
  });

  test("deletionPolicy leave forgets the nodes and calls nothing", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2, { deletionPolicy: "leave" }));
    await stand.stack.up();
    const calls = stand.sim.journal.length;
    expect(await stand.stack.destroy()).toMatchObject({ ok: true });
    expect(stand.sim.journal).toHaveLength(calls);
    expect(stand.nodeIds()).toHaveLength(2);
  });

  test("core nodes go only where that is allowed", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2, { role: "core" }));
    expect((await stand.stack.up()).error).toBeUndefined();
    const refused = await stand.stack.destroy();
    expect(refused.error).toMatch(/allowCoreScaleIn/);
    expect(stand.nodeIds("core")).toHaveLength(4);
    declare(stand, pool(stand, 2, { role: "core", scaleIn: { allowCoreScaleIn: true } }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds("core")).toHaveLength(2);
  });

  test("adopted nodes count, and go with the pool", async () => {
    const stand = await makeStand();
    const node = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" });
    declare(stand, pool(stand, 2, { adopt: [node.orderNo] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(1);
    expect(await recordedNodes(stand)).toContain(node.emrResourceId);
    expect(stepsOf(await stand.stack.up())).toEqual([]);
    expect(await stand.stack.destroy()).toMatchObject({ ok: true });
    expect(stand.nodeIds()).toEqual([]);
  });

  test("adopting what is not there is refused before any change", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2, { adopt: ["ins-missing"] }));
    expect((await stand.stack.up()).error).toMatch(/has no node ins-missing/);
    expect(stand.changes()).toEqual([]);
  });

  test("tags change in place, on the nodes that are there", async () => {
    const stand = await makeStand();
    declare(
      stand,
      pool(stand, 2, {
        tags: [
          { tagKey: "team", tagValue: "a" },
          { tagKey: "old", tagValue: "x" },
        ],
      }),
    );
    await stand.stack.up();
    declare(stand, pool(stand, 2, { tags: [{ tagKey: "team", tagValue: "b" }] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    for (const node of stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task")) {
      expect(node.tags).toContainEqual({ TagKey: "team", TagValue: "b" });
      expect(node.tags.map(({ TagKey }) => TagKey)).not.toContain("old");
    }
    expect(stand.bought()).toBe(2);
    expect(stepsOf(await stand.stack.up())).toEqual([]);
  });

  test("a tag that somebody removes is drift, and is set again", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2, { tags: [{ tagKey: "team", tagValue: "a" }] }));
    await stand.stack.up();
    const node = stand.sim.emr.nodes(stand.clusterId).find(({ role }) => role === "task");
    if (node) node.tags = node.tags.filter(({ TagKey }) => TagKey !== "team");
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update workers"]);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(node?.tags).toContainEqual({ TagKey: "team", TagValue: "a" });
  });

  test("zero nodes and back", async () => {
    const stand = await makeStand();
    for (const count of [0, 2, 0, 1]) {
      declare(stand, pool(stand, count));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect(stand.nodeIds()).toHaveLength(count);
    }
    expect(stand.bought()).toBe(3);
  });
});

describe("gone, forbidden, and not to be told apart", () => {
  test.each(["error", "empty"] as const)(
    "a cluster that is gone (told as: %s) takes the pool out of state",
    async (missingCluster) => {
      const stand = await makeStand();
      declare(stand, pool(stand, 1));
      await stand.stack.up();
      stand.sim.settings.missingCluster = missingCluster;
      stand.sim.emr.destroyCluster(stand.clusterId);
      expect(stepsOf(await stand.stack.refresh())).toEqual(["delete workers"]);
      expect(await stateOf(stand)).toBeUndefined();
    },
  );

  test("destroying a pool whose cluster is gone succeeds", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    await stand.stack.up();
    stand.sim.emr.destroyCluster(stand.clusterId);
    expect((await stand.stack.destroy()).error).toBeUndefined();
  });

  test("all nodes gone is a difference, not the end of the pool", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    await stand.stack.up();
    for (const id of stand.nodeIds()) stand.sim.emr.removeNode(stand.clusterId, id);
    await stand.stack.refresh();
    expect(await stateOf(stand)).toMatchObject({ nodeCount: 0, count: 0 });
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(2);
  });

  test.each([
    ["a refused permission", { kind: "error", code: "UnauthorizedOperation.CheckCamAuth", times: 99 }],
    ["a dead network", { kind: "dropRequest", times: 999 }],
  ] as const)("%s never drops a pool from state", async (_name, fault) => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    await stand.stack.up();
    stand.sim.faults.add(fault);
    const refreshed = await stand.stack.refresh();
    expect(refreshed.ok).toBe(false);
    expect(await stateOf(stand)).toMatchObject({ nodeCount: 1 });
    expect(await stand.stack.destroy()).toMatchObject({ ok: false });
    expect(await stateOf(stand)).toMatchObject({ nodeCount: 1 });
    stand.sim.faults.clear();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  test("missing credentials: what to set", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    for (const key of ["tencentSecretId", "tencentSecretKey", "tencentRegion"])
      await stand.stack.setConfig(`bigdata:${key}`, "");
    const { error } = await stand.stack.up();
    for (const name of [
      "bigdata:tencentSecretId",
      "TENCENTCLOUD_SECRET_ID",
      "--secret bigdata:tencentSecretKey",
      "TENCENTCLOUD_SECRET_KEY",
      "bigdata:tencentRegion",
      "TENCENTCLOUD_REGION",
    ]) {
      expect(error).toContain(name);
    }
    expect(stand.sim.journal).toEqual([]);
  });

  test("without a journal to write to nothing is bought", async () => {
    const stand = await makeStand({ journalDirectory: "/dev/null/journal" });
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toMatch(/PULUMI_BIGDATA_STATE_DIR/);
    expect(stand.changes()).toEqual([]);
    rmSync(stand.journalDirectory, { recursive: true, force: true });
  });
});
