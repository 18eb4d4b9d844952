// Other hands on the cluster, credentials, clocks, secrets, adoption, pods.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createTencentClient } from "../../../../provider/tencent/client";
import { describeInstances } from "../../../../provider/tencent/emr/api";
import {
  credentials,
  declare,
  filesBelow,
  makeKillableStand,
  makeStand,
  pool,
  recordedNodes,
  type Stand,
  stateOf,
} from "../../stand";

const tasks = (stand: Stand) => stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task");

test("a foreign node is replaced automatically while a partly filled order runs", async () => {
  const stand = await makeStand();
  const broken = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" });
  let replacement = "";
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  stand.sim.onCall(({ action, phase }) => {
    if (action !== "DescribeClusterFlowStatusDetail" || phase !== "received" || replacement) return;
    replacement = stand.sim.emr.replaceNode(stand.clusterId, broken.emrResourceId).emrResourceId;
  });
  declare(stand, pool(stand, 2));
  await stand.stack.up();
  expect(await recordedNodes(stand)).not.toContain(replacement);
  // Whose it is cannot be told, so it is asked for, and nothing is removed before that is clear.
  expect((await stand.stack.destroy()).error).toContain(replacement);
  const node = tasks(stand).find(({ emrResourceId }) => emrResourceId === replacement);
  node?.tags.push({ TagKey: "pulumi-bigdata-pool", TagValue: "none" });
  expect((await stand.stack.destroy()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual([replacement]);
});

test("autoscaling comes and goes during a partly filled order", async () => {
  const stand = await makeStand();
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  let auto = "";
  stand.sim.onCall(({ action, phase }) => {
    if (action !== "DescribeClusterFlowStatusDetail" || phase !== "received" || auto) return;
    auto = stand.sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId;
  });
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toMatch(/1 of 2/);
  expect((await stand.stack.destroy()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual([auto]);
});

test("a node that was applied for long after a lost order does not block the pool", async () => {
  const { stand, killAt } = await makeKillableStand();
  declare(stand, pool(stand, 1, {}, "other"));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 1, {}, "other"), pool(stand, 2));
  killAt("ScaleOutInstance", "received");
  await stand.stack.up();
  stand.sim.clock.advance(6 * 3_600_000);
  const foreign = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId;
  const up = await stand.stack.up();
  expect(await recordedNodes(stand)).not.toContain(foreign);
  expect(up.error).toBeUndefined();
});

describe("automatic replacement of a member", () => {
  test.each([true, false])("tags kept: %s", async (replacementKeepsTags) => {
    const stand = await makeStand();
    Object.assign(stand.sim.settings, { replacementKeepsTags });
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    const [victim = ""] = await recordedNodes(stand);
    const before = stand.nodeIds();
    stand.sim.emr.replaceNode(stand.clusterId, victim);
    const [replacement = ""] = stand.nodeIds().filter((id) => !before.includes(id));
    expect((await stand.stack.refresh()).error).toBeUndefined();
    const up = await stand.stack.up();
    if (!replacementKeepsTags) {
      // What vanished and what appeared are named side by side, and nothing is bought.
      expect(up.error).toContain(victim);
      expect(up.error).toContain(replacement);
      declare(stand, pool(stand, 2, { adopt: [replacement] }));
      expect((await stand.stack.up()).error).toBeUndefined();
    } else expect(up.error).toBeUndefined();
    expect(await recordedNodes(stand)).toHaveLength(2);
    expect(stand.bought()).toBe(2);
  });
});

describe("adopt", () => {
  test("missing, foreign, autoscaled: refused; by machine id: taken; vanished later: made up for", async () => {
    const stand = await makeStand();
    const auto = stand.sim.emr.addAutoscaledNode(stand.clusterId, {});
    const own = stand.sim.emr.addForeignNode(stand.clusterId, {});
    const taken = stand.sim.emr.addForeignNode(stand.clusterId, {
      tags: [{ TagKey: "pulumi-bigdata-pool", TagValue: "someone" }],
    });
    for (const id of ["ins-00000000", taken.emrResourceId, auto.emrResourceId]) {
      declare(stand, pool(stand, 1, { adopt: [id] }));
      expect((await stand.stack.up()).error).toMatch(/adopt/);
      expect(await stateOf(stand)).toBeUndefined();
    }
    declare(stand, pool(stand, 1, { adopt: [own.orderNo] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(await recordedNodes(stand)).toEqual([own.emrResourceId]);
    expect(stand.bought()).toBe(0);
    stand.sim.emr.removeNode(stand.clusterId, own.emrResourceId);
    await stand.stack.refresh();
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(1);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds().sort()).toEqual([auto.emrResourceId, taken.emrResourceId].sort());
  });
});

test("pods, where only the older removal call takes them", async () => {
  const stand = await makeStand({ clusterId: "emr-scenario1" });
  stand.sim.emr.cluster(stand.clusterId).supportsPod = true;
  const podSpec = {
    resourceProviderIdentifier: "cls-a1cd23fa",
    resourceProviderType: "tke",
    nodeType: "TASK",
    cpu: 4,
    memory: 8,
  };
  const podParameter = { clusterId: "cls-a1cd23fa", config: "{}", parameter: "{}" };
  declare(stand, pool(stand, 2, { hardwareResourceType: "POD", podSpec, podParameter }));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(await recordedNodes(stand)).toHaveLength(2);
  expect((await stand.stack.destroy()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual([]);
});

test("a token expires while an order is followed; a new one goes on", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  stand.sim.faults.add({
    kind: "error",
    code: "AuthFailure.TokenFailure",
    action: "DescribeClusterNodes",
    skip: 3,
    times: 5,
  });
  const first = await stand.stack.up();
  stand.sim.faults.clear();
  expect(first.error).toMatch(/TokenFailure/);
  expect(await stateOf(stand)).toHaveProperty("pendingOrder");
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([stand.bought(), (await recordedNodes(stand)).length]).toEqual([2, 2]);
});

test("a changing call is refused or throttled: nothing is bought, removed or forgotten", async () => {
  const stand = await makeStand();
  for (const code of ["UnauthorizedOperation.CheckCamAuth", "RequestLimitExceeded"]) {
    declare(stand, pool(stand, 1, { timeouts: { create: "5m", delete: "5m" } }));
    stand.sim.faults.add({ kind: "error", code, action: "ScaleOutInstance", times: 1000 });
    expect((await stand.stack.up()).error).toContain(code);
    stand.sim.faults.clear();
    expect(await stateOf(stand)).toBeUndefined();
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "error", code, action: "TerminateClusterNodes", times: 1000 });
    expect((await stand.stack.destroy()).error).toContain(code);
    stand.sim.faults.clear();
    expect(await recordedNodes(stand)).toHaveLength(1);
    expect((await stand.stack.destroy()).error).toBeUndefined();
  }
  expect(stand.bought()).toBe(2);
});

test("a clock that is ten minutes off is put right", async () => {
  const stand = await makeStand();
  for (const offset of [600_000, -600_000]) {
    const clock = {
      now: async () => stand.sim.clock.now() + offset,
      sleep: async (milliseconds: number) => stand.sim.clock.advance(milliseconds),
    };
    const client = createTencentClient(
      { credentials, region: "ap-guangzhou", endpoint: stand.sim.url },
      { clock },
    );
    for (let call = 0; call < 2; call++) {
      const answer = await client.call(describeInstances, {
        displayStrategy: "clusterList",
        instanceIds: [stand.clusterId],
        projectId: -1,
      });
      expect(answer.clusterList).toHaveLength(1);
    }
  }
});

test("no secret of the configuration gets into state, messages or the journal", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  const results = [await stand.stack.up()];
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  stand.sim.faults.add({
    kind: "error",
    code: "InternalError",
    message: `bad token ${credentials.token} for ${credentials.secretKey}`,
    action: "InquiryPriceScaleOutInstance",
    times: 6,
  });
  declare(stand, pool(stand, 4));
  results.push(await stand.stack.up(), await stand.stack.refresh());
  const files = filesBelow(stand.journalDirectory);
  const state = await stand.stack.exportState();
  const text = [...files.map((file) => readFileSync(file, "utf8")), JSON.stringify([state, results])].join();
  expect(text).not.toContain(credentials.secretKey);
  expect(text).not.toContain(credentials.token);
});

test("the resource is deleted with deletionPolicy leave while an order is pending", async () => {
  const { stand, killAt } = await makeKillableStand();
  const leave = { deletionPolicy: "leave" };
  declare(stand, pool(stand, 1, leave));
  expect((await stand.stack.up()).error).toBeUndefined();
  killAt("ScaleOutInstance", "acted");
  declare(stand, pool(stand, 3, leave));
  await stand.stack.up();
  expect((await stand.stack.destroy()).error).toBeUndefined();
  // Made again, it does not know them for its own: nothing is bought beside them, and nothing is taken over silently.
  declare(stand, pool(stand, 3, leave));
  const { error } = await stand.stack.up();
  for (const id of stand.nodeIds()) expect(error).toContain(id);
  declare(stand, pool(stand, 3, { ...leave, adopt: stand.nodeIds() }));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([stand.bought(), (await recordedNodes(stand)).length]).toEqual([3, 3]);
});

test("a lost order, another machine heals it and moves on, and then the first machine comes back", async () => {
  const { stand: first, killAt } = await makeKillableStand();
  declare(first, pool(first, 1));
  expect((await first.stack.up()).error).toBeUndefined();
  const second = await makeStand({ sim: first.sim });
  killAt("ScaleOutInstance", "acted");
  declare(first, pool(first, 3));
  await first.stack.up();
  await second.stack.importState(await first.stack.exportState());
  declare(second, pool(second, 3));
  expect((await second.stack.up()).error).toBeUndefined();
  declare(second, pool(second, 0));
  expect((await second.stack.up()).error).toBeUndefined();
  first.sim.clock.advance(3_600_000);
  const foreign = first.sim.emr.addForeignNode(first.clusterId, { role: "task" }).emrResourceId;
  await first.stack.importState(await second.stack.exportState());
  declare(first, pool(first, 2));
  const up = await first.stack.up();
  expect(await recordedNodes(first)).not.toContain(foreign);
  expect(up.error).toBeUndefined();
});

test("tags and count change together, and the purchase is sold out", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1, { tags: [{ tagKey: "a", tagValue: "1" }] }));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.settings.stock.task = 0;
  declare(stand, pool(stand, 2, { tags: [{ tagKey: "a", tagValue: "2" }] }));
  expect((await stand.stack.up()).error).toMatch(/SoldOut/);
  // What was done is recorded, and is not planned again.
  expect(await stateOf(stand)).toMatchObject({ tags: [{ tagKey: "a", tagValue: "2" }] });
  stand.sim.settings.stock.task = null;
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(tasks(stand).map(({ tags }) => tags.find(({ TagKey }) => TagKey === "a")?.TagValue)).toEqual([
    "2",
    "2",
  ]);
});
