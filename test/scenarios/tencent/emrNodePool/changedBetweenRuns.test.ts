// What a reviewer found: refreshes before deletes, names that change, inputs that change between runs, and defaults.
import { describe, expect, test } from "vitest";
import {
  declare,
  makeKillableStand,
  makeStand,
  pool,
  recordedNodes,
  rename,
  stateOf,
  stepsOf,
} from "../../stand";

describe("a refresh in the same run as", () => {
  test("a destroy: the nodes go all the same", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.destroy({ refresh: true })).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  test("an up that deletes: the nodes go all the same", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2), pool(stand, 1, {}, "other"));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 1, {}, "other"));
    expect((await stand.stack.up({ refresh: true })).error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(1);
  });
});

test("a resource that gets another name keeps its pool's id, and its nodes", async () => {
  const stand = await makeStand();
  const named = (name: string) => {
    const listed = pool(stand, 2, { poolId: undefined, defaultPoolId: `pools/test/${name}` }, name);
    const { poolId: _, ...inputs } = listed.inputs as Record<string, never>;
    return { ...listed, inputs };
  };
  declare(stand, named("before"));
  expect((await stand.stack.up()).error).toBeUndefined();
  const nodes = stand.nodeIds();
  await rename(stand, "before", "after");
  declare(stand, named("after"));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual(nodes);
  expect(await stateOf(stand, "after")).toMatchObject({ poolId: "pools/test/before" });
  expect(await stateOf(stand, "after")).not.toHaveProperty("defaultPoolId");
});

describe("killed after the purchase, and then other settings", () => {
  async function disagreeing() {
    const { stand, killAt } = await makeKillableStand();
    declare(stand, pool(stand, 2, { zoneId: 100003 }));
    killAt("ScaleOutInstance", "acted");
    expect((await stand.stack.up()).ok).toBe(false);
    declare(stand, pool(stand, 2, { zoneId: 100004 }));
    expect((await stand.stack.up()).error).toMatch(/with other settings.*Go back to the earlier inputs/);
    return stand;
  }

  test("going back to the earlier inputs works, as the error says", async () => {
    const stand = await disagreeing();
    declare(stand, pool(stand, 2, { zoneId: 100003 }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect([stand.nodeIds().length, stand.bought()]).toEqual([2, 2]);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  test("so does naming the nodes in adopt", async () => {
    const stand = await disagreeing();
    declare(stand, pool(stand, 2, { zoneId: 100004, adopt: stand.nodeIds() }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(2);
    expect(await recordedNodes(stand)).toEqual(stand.nodeIds().sort());
  });

  test("so does leaving them alone", async () => {
    const stand = await disagreeing();
    const first = stand.nodeIds();
    declare(stand, pool(stand, 2, { zoneId: 100004, exclude: first }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await recordedNodes(stand)).filter((id) => first.includes(id))).toEqual([]);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual(first);
  });
});

test("a pool whose nodes are left on deletion can be replaced", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1, { deletionPolicy: "leave" }));
  expect((await stand.stack.up()).error).toBeUndefined();
  const left = stand.nodeIds();
  declare(stand, pool(stand, 1, { deletionPolicy: "leave", zoneId: 100004 }));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(2);
  expect(await recordedNodes(stand)).not.toContain(left[0]);
});

test("adopting more nodes than count removes none of them", async () => {
  const stand = await makeStand();
  const nodes = [1, 2].map(
    () => stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
  );
  declare(stand, pool(stand, 1, { adopt: nodes }));
  expect((await stand.stack.up()).error).toMatch(/raise count to 2/);
  expect(stand.changes()).toEqual([]);
});

test("an excluded member is let go of, not terminated", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  const [kept = ""] = stand.nodeIds();
  declare(stand, pool(stand, 1, { exclude: [kept] }));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.changes()).toEqual(["ScaleOutInstance"]);
  expect((await stand.stack.destroy()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual([kept]);
});

test("a ClickHouse server group is made once, and then grown", async () => {
  const stand = await makeStand({ clusterId: "emr-scenario1" });
  stand.sim.emr.createCluster({ clusterId: "emr-clickhouse1", serviceClass: "CLICKHOUSE" });
  const house = (count: number) =>
    pool({ clusterId: "emr-clickhouse1" }, count, {
      role: "core",
      clickHouseClusterName: "group",
      clickHouseClusterType: "new",
    });
  declare(stand, house(22));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, house(23));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.sim.emr.purchases("emr-clickhouse1").map(({ count }) => count)).toEqual([20, 2, 1]);
});

test("inputs that only say how the provider works need no cluster", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1, { timeouts: { update: "5m" } }));
  expect((await stand.stack.up()).error).toBeUndefined();
  const calls = stand.sim.journal.length;
  declare(stand, pool(stand, 1, { deletionPolicy: "leave" }));
  expect(stepsOf(await stand.stack.up())).toEqual(["update workers"]);
  expect(stand.sim.journal).toHaveLength(calls);
  const state = await stateOf(stand);
  expect(state).toMatchObject({ deletionPolicy: "leave", nodeCount: 1 });
  expect(state).not.toHaveProperty("timeouts");
});

test("a preview tells the plan, and what is refused, before anything happens", async () => {
  const stand = await makeStand();
  const told = async () => (await stand.stack.preview()).messages.map(({ message }) => message).join("\n");
  declare(stand, pool(stand, 2));
  expect(await told()).toMatch(/buy 2 task nodes \(ScaleOutInstance on emr-scenario1\)/);
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 1));
  expect(await told()).toMatch(/remove 1 task node: emr-vm-\w+ .*do not come back/);
  declare(stand, pool(stand, 2, { role: "core" }, "hearts"));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 1, { role: "core" }, "hearts"));
  expect((await stand.stack.preview()).error).toMatch(/allowCoreScaleIn/);
});
