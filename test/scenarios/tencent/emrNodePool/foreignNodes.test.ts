// Whose nodes are they? Console nodes that turn up around a purchase must never become the pool's.
import { describe, expect, test } from "vitest";
import { declare, makeKillableStand, makeStand, pool, recordedNodes, type Stand, stateOf } from "../../stand";

function buyInConsole(stand: Stand, count: number): string[] {
  return Array.from(
    { length: count },
    () => stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
  );
}

/** Whatever `up` and `destroy` say, what people bought in the console is still there and was never recorded. */
async function expectUntouched(stand: Stand, foreign: string[]): Promise<void> {
  const recorded = await recordedNodes(stand);
  expect(recorded.filter((id) => foreign.includes(id))).toEqual([]);
  await stand.stack.destroy();
  expect(stand.nodeIds()).toEqual(expect.arrayContaining(foreign));
}

describe("console nodes around an order", () => {
  test("bought while the order's request got lost, tags being visible", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    let foreign: string[] = [];
    stand.sim.onCall(({ action, phase }) => {
      if (action !== "ScaleOutInstance" || phase !== "received" || foreign.length) return undefined;
      foreign = buyInConsole(stand, 2);
      return "drop";
    });
    await stand.stack.up();
    expect(foreign).toHaveLength(2);
    await expectUntouched(stand, foreign);
  });

  test("bought by hand after a run was killed before its request got through, tags being visible", async () => {
    const { stand, killAt } = await makeKillableStand();
    declare(stand, pool(stand, 2));
    killAt("ScaleOutInstance", "received");
    await stand.stack.up();
    stand.sim.clock.advance(3_600_000);
    const foreign = buyInConsole(stand, 2);
    await stand.stack.up();
    await expectUntouched(stand, foreign);
  });

  test("bought right after the order's workflow failed without machines", async () => {
    const stand = await makeStand();
    // Another pool, so that tags are known to be visible.
    declare(stand, pool(stand, 1, {}, "other"));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "flowFails", stage: "applyCvm", reason: "no machines" });
    declare(stand, pool(stand, 1, {}, "other"), pool(stand, 2));
    let foreign: string[] = [];
    stand.sim.onCall(({ action, phase }) => {
      const flow = stand.sim.emr.cluster(stand.clusterId).flows[1];
      if (action !== "DescribeClusterFlowStatusDetail" || phase !== "received" || foreign.length) return;
      if (flow && stand.sim.clock.now() >= (flow.endsAt ?? 0)) foreign = buyInConsole(stand, 2);
    });
    const up = await stand.stack.up();
    expect(foreign).toHaveLength(2);
    expect(up.ok).toBe(false);
    await expectUntouched(stand, foreign);
  });

  test("bought an hour after a killed run's order failed", async () => {
    const { stand, killAt } = await makeKillableStand();
    stand.sim.faults.add({ kind: "flowFails", stage: "applyCvm", reason: "no machines" });
    declare(stand, pool(stand, 2));
    killAt("DescribeClusterFlowStatusDetail", "received");
    await stand.stack.up();
    stand.sim.clock.advance(3_600_000);
    const foreign = buyInConsole(stand, 2);
    await stand.stack.up();
    await expectUntouched(stand, foreign);
  });

  test("bought after a destroy that settled an order and then failed: the order in state is not settled again", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    // The order of two brings one and stays pending, because nobody may read workflows.
    stand.sim.faults.add({ kind: "partialFill", filled: 1 });
    stand.sim.faults.add({
      kind: "error",
      code: "UnauthorizedOperation.CheckCamAuth",
      action: "DescribeClusterFlowStatusDetail",
    });
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).ok).toBe(false);
    expect(await stateOf(stand)).toHaveProperty("pendingOrder");
    stand.sim.clock.advance(600_000);
    const shield = stand.sim.emr.nodes(stand.clusterId).find(({ role }) => role === "task");
    if (shield) shield.disableApiTermination = true;
    expect((await stand.stack.destroy()).ok).toBe(false);
    if (shield) shield.disableApiTermination = false;
    const foreign = buyInConsole(stand, 1);
    const destroyed = await stand.stack.destroy();
    expect(stand.nodeIds()).toEqual(foreign);
    expect(destroyed.error).toBeUndefined();
  });
});

test("ghost entries of machines that were never obtained are not members", async () => {
  const stand = await makeStand();
  stand.sim.settings.failedPurchaseLeavesGhosts = true;
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  declare(stand, pool(stand, 3));
  const up = await stand.stack.up();
  expect(up.ok).toBe(false);
  expect(await recordedNodes(stand)).toEqual(stand.nodeIds());
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(3);
  expect(stand.bought()).toBe(3);
});

test("a run is killed after its purchase and the zone changes: nodes of the old zone do not pass for new ones", async () => {
  const { stand, killAt } = await makeKillableStand();
  declare(stand, pool(stand, 2, { zoneId: 100003 }));
  killAt("ScaleOutInstance", "acted");
  await stand.stack.up();
  declare(stand, pool(stand, 2, { zoneId: 100004 }));
  const up = await stand.stack.up();
  const zones = ((await stateOf(stand))?.["nodes"] ?? []) as { zone: string }[];
  if (up.ok) expect(zones.map(({ zone }) => zone)).toEqual(["ap-guangzhou-4", "ap-guangzhou-4"]);
  else expect(up.error).toMatch(/other settings/);
});

test("a resource renamed with the same poolId does not lose its nodes", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2, { poolId: "mine" }, "old"));
  expect((await stand.stack.up()).error).toBeUndefined();
  const before = stand.nodeIds();
  declare(stand, pool(stand, 2, { poolId: "mine" }, "new"));
  await stand.stack.up();
  expect(stand.nodeIds()).toEqual(before);
});
