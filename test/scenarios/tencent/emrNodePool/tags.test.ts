// Tags, endless waits, unclear messages, secrets.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { specHash } from "../../../../provider/tencent/emr/nodePool/birth";
import type { NodePoolInputs } from "../../../../provider/tencent/emr/nodePool/schema";
import {
  declare,
  filesBelow,
  makeStand,
  pool,
  recordedNodes,
  type Stand,
  stateOf,
  stepsOf,
} from "../../stand";

const a = { tagKey: "a", tagValue: "1" };
const a2 = { tagKey: "a", tagValue: "2" };
const b = { tagKey: "b", tagValue: "1" };

const tagsOf = (stand: Stand) =>
  stand.sim.emr
    .nodes(stand.clusterId)
    .filter(({ role }) => role === "task")
    .map(({ tags }) =>
      tags
        .filter(({ TagKey }) => !TagKey.startsWith("pulumi-bigdata"))
        .map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`)
        .sort()
        .join(),
    );

describe("tags", () => {
  test("taken away", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1, { tags: [a, b] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 1, { tags: [a] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(tagsOf(stand)).toEqual(["a=1"]);
  });

  test("changed and taken away while ModifyResourcesTags fails: the next `up` makes up for it", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1, { tags: [a, b] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "error", code: "UnsupportedOperation", action: "ModifyResourcesTags" });
    declare(stand, pool(stand, 1, { tags: [a2] }));
    expect((await stand.stack.up()).ok).toBe(false);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(tagsOf(stand)).toEqual(["a=2"]);
  });

  test("changed and taken away on 21 nodes, the second batch finding the cluster taken", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 21, { tags: [a, b] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "busy", milliseconds: 20_000, action: "ModifyResourcesTags", skip: 1 });
    declare(stand, pool(stand, 21, { tags: [a2] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(new Set(tagsOf(stand))).toEqual(new Set(["a=2"]));
  });

  test("changed where tags cannot be seen", async () => {
    const stand = await makeStand();
    stand.sim.settings.tagsVisible = false;
    declare(stand, pool(stand, 1, { tags: [a] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 1, { tags: [a2] }));
    const first = await stand.stack.up();
    const second = await stand.stack.up();
    expect.soft(first.error).toBeUndefined();
    // Whatever is reported: not that all is well while it is not.
    if (second.ok) expect(tagsOf(stand)).toEqual(["a=2"]);
  });

  test("to be set on a node that vanishes at that moment", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1, { tags: [a] }));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 1, { tags: [b] }));
    let lists = 0;
    stand.sim.onCall(({ action, phase }) => {
      if (action !== "DescribeClusterNodes" || phase !== "received" || ++lists !== 2) return;
      for (const id of stand.nodeIds()) stand.sim.emr.removeNode(stand.clusterId, id);
    });
    const up = await stand.stack.up();
    expect(up.error ?? "").not.toMatch(/too_small|"path"/);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(tagsOf(stand)).toEqual(["b=1"]);
  });

  test("missing on new nodes because their stage failed: they are set afterwards", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "tagStageFails" });
    declare(stand, pool(stand, 1, { tags: [a] }));
    await stand.stack.up();
    await stand.stack.up();
    const [node] = stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task");
    expect(node?.tags.map(({ TagKey }) => TagKey).sort()).toEqual([
      "a",
      "pulumi-bigdata-owner",
      "pulumi-bigdata-pool",
      "pulumi-bigdata-spec",
    ]);
  });
});

describe("waits end", () => {
  test("a node that stays listed while the removal call says that it does not exist", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1, { timeouts: { delete: "5m" } }));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.faults.add({
      kind: "error",
      code: "ResourceNotFound.CvmInstanceNotFound",
      action: "TerminateClusterNodes",
      times: 200,
    });
    const start = stand.sim.clock.now();
    const destroyed = await stand.stack.destroy();
    expect(stand.sim.clock.now() - start).toBeLessThan(10 * 60_000);
    expect(destroyed.ok).toBe(false);
  });
});

describe("what is told", () => {
  test("a workflow that fails after its machines came is mentioned", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "flowFails", reason: "NodeManager could not be installed" });
    declare(stand, pool(stand, 2));
    const up = await stand.stack.up();
    expect(JSON.stringify(up.messages) + (up.error ?? "")).toMatch(/NodeManager could not be installed/);
  });

  test("secrets of bootstrap scripts that the cloud echoes stay secret", async () => {
    const stand = await makeStand();
    const cosSecretKey = "cosSecretKeyThatNobodyMaySee";
    stand.sim.faults.add({
      kind: "error",
      code: "InvalidParameter",
      message: `PreExecutedFileSettings.0.CosSecretKey ${cosSecretKey} is not valid`,
      action: "ScaleOutInstance",
    });
    const script = {
      cosFileUri: "https://b.cos.ap-guangzhou.myqcloud.com/x.sh",
      cosSecretId: "AKIDcos",
      cosSecretKey,
    };
    declare(stand, pool(stand, 1, { preExecutedFileSettings: [script] }));
    const up = await stand.stack.up();
    expect(up.ok).toBe(false);
    expect(JSON.stringify(up.messages) + up.error).not.toContain(cosSecretKey);
    const journals = filesBelow(stand.journalDirectory).map((path) => readFileSync(path, "utf8"));
    expect(journals.join()).not.toContain(cosSecretKey);
  });
});

test("inputs that mean the same have the same fingerprint", () => {
  const inputs = { payMode: 0, softDeployInfo: [1, 2] } as unknown as NodePoolInputs;
  const reordered = { payMode: 0, softDeployInfo: [2, 1] } as unknown as NodePoolInputs;
  expect(specHash(reordered)).toBe(specHash(inputs));
});

test("the pool's tag, taken away by other hands, is missed by a refresh and set again", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  const [node] = stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task");
  const tags = node?.tags ?? [];
  if (node) node.tags = [];
  expect((await stand.stack.refresh()).error).toBeUndefined();
  expect(await stateOf(stand)).toMatchObject({ untagged: [node?.emrResourceId] });
  const told = (await stand.stack.preview()).messages.map(({ message }) => message).join("\n");
  expect(told).toContain(`set the tags of ${node?.emrResourceId}`);
  const before = stand.changes().length;
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.changes().slice(before)).toEqual(["ModifyResourcesTags"]);
  expect(node?.tags).toEqual(expect.arrayContaining(tags));
  expect(await stateOf(stand)).not.toHaveProperty("untagged");
  expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  expect(stepsOf(await stand.stack.up())).toEqual([]);
});

test("an adopted node is tagged once, though tags cannot be seen", async () => {
  const stand = await makeStand();
  stand.sim.settings.tagsVisible = false;
  const { emrResourceId } = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" });
  for (const count of [1, 2]) {
    declare(stand, pool(stand, count, { adopt: [emrResourceId] }));
    expect((await stand.stack.up()).error).toBeUndefined();
  }
  expect(stand.changes()).toEqual(["ModifyResourcesTags", "ScaleOutInstance"]);
});

test("adopted: a node whose tags could not be set at first gets them later", async () => {
  const stand = await makeStand();
  const { emrResourceId } = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" });
  stand.sim.faults.add({ kind: "error", code: "UnsupportedOperation", action: "ModifyResourcesTags" });
  declare(stand, pool(stand, 1, { adopt: [emrResourceId] }));
  expect((await stand.stack.up()).ok).toBe(false);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(await recordedNodes(stand)).toEqual([emrResourceId]);
  const [node] = stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task");
  expect(node?.tags.map(({ TagKey }) => TagKey)).toContain("pulumi-bigdata-pool");
});
