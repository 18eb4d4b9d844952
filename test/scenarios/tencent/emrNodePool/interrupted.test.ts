// Runs that were interrupted, and inputs that changed in between.
import { describe, expect, test } from "vitest";
import { declare, makeKillableStand, makeStand, pool, recordedNodes } from "../../stand";

test("crash in update after the purchase, then destroy: everything of the pool goes", async () => {
  for (const tagsVisible of [true, false]) {
    const { stand, killAt } = await makeKillableStand();
    stand.sim.settings.tagsVisible = tagsVisible;
    const foreign = stand.sim.emr.addForeignNode(stand.clusterId, {}).emrResourceId;
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 3));
    killAt("ScaleOutInstance", "acted");
    expect((await stand.stack.up()).ok).toBe(false);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([foreign]);
  }
});

test("crash after the purchase, then payMode changes, tags not being visible: nothing is lost or bought twice", async () => {
  const { stand, killAt } = await makeKillableStand();
  stand.sim.settings.tagsVisible = false;
  declare(stand, pool(stand, 2));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 2, { payMode: 1, timeSpan: 1 }));
  const up = await stand.stack.up();
  const recorded = await recordedNodes(stand);
  // Either it stops and says why, or what was bought first is known.
  if (up.ok) expect(recorded.sort()).toEqual(stand.nodeIds().sort());
  else expect(stand.bought()).toBe(2);
});

test("a crash after the purchase, then another poolId: the forgotten order is at least told of", async () => {
  const { stand, killAt } = await makeKillableStand();
  declare(stand, pool(stand, 2));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 2, { poolId: "renamed" }));
  const up = await stand.stack.up();
  expect(JSON.stringify(up.messages) + (up.error ?? "")).toContain("pools/test/workers");
});

test("an order is pending, an adopted id is wrong: state does not say that it was adopted", async () => {
  const { stand, killAt } = await makeKillableStand();
  declare(stand, pool(stand, 1));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 2));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 3, { adopt: ["emr-vm-typo0000"] }));
  expect((await stand.stack.up()).error).toMatch(/adopt/);
  const again = await stand.stack.up();
  expect(again.error).toMatch(/adopt/);
  expect(stand.bought()).toBe(2);
});

test("an order is pending and tags change, the settling being refused: the tags are set later", async () => {
  const { stand, killAt } = await makeKillableStand();
  const a = (tagValue: string) => ({
    tags: [{ tagKey: "a", tagValue }, ...(tagValue === "1" ? [{ tagKey: "b", tagValue }] : [])],
  });
  declare(stand, pool(stand, 1, a("1")));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 2, a("1")));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 2, a("2")));
  stand.sim.faults.add({
    kind: "error",
    code: "UnauthorizedOperation",
    action: "DescribeClusterNodes",
    skip: 1,
  });
  expect((await stand.stack.up()).ok).toBe(false);
  expect((await stand.stack.up()).error).toBeUndefined();
  const keys = stand.sim.emr
    .nodes(stand.clusterId)
    .filter(({ role }) => role === "task")
    .map(({ tags }) =>
      tags
        .map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`)
        .filter((text) => /^[ab]=/.test(text))
        .sort()
        .join(),
    );
  expect(keys).toEqual(["a=2", "a=2"]);
});

test("grow and shrink and grow within five minutes, on machines without each other's journal", async () => {
  const one = await makeStand();
  const two = await makeStand({ sim: one.sim });
  let [now, next] = [one, two];
  let bought = 0;
  for (const count of [1, 2, 1, 2, 0, 1]) {
    declare(now, pool(now, count));
    const before = one.nodeIds().length;
    const up = await now.stack.up();
    expect(up.error, `to ${count}`).toBeUndefined();
    bought += Math.max(0, count - before);
    expect(one.nodeIds()).toHaveLength(count);
    await next.stack.importState(await now.stack.exportState());
    [now, next] = [next, now];
  }
  expect(one.bought()).toBe(bought);
});

describe("two adoptions of one node", () => {
  test.each([true, false])("tags visible: %s", async (tagsVisible) => {
    const stand = await makeStand();
    stand.sim.settings.tagsVisible = tagsVisible;
    const { emrResourceId } = stand.sim.emr.addForeignNode(stand.clusterId, {});
    const adopt = { adopt: [emrResourceId] };
    declare(stand, pool(stand, 1, adopt, "one"), pool(stand, 1, adopt, "two"));
    const up = await stand.stack.up();
    expect(up.ok).toBe(false);
    const owners = [await recordedNodes(stand, "one"), await recordedNodes(stand, "two")].flat();
    expect(owners).toEqual([emrResourceId]);
  });
});
