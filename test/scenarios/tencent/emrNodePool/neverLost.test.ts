// What exists is lost from state, or bought a second time.
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  credentials,
  declare,
  journalsOf,
  makeKillableStand,
  makeStand,
  pool,
  recordedNodes,
  type Stand,
  stateOf,
} from "../../stand";

const refusal = { kind: "error", code: "UnauthorizedOperation.CheckCamAuth" } as const;

test("an order is pending and the first look at the cluster is refused: the members stay in state", async () => {
  const { stand, killAt } = await makeKillableStand();
  stand.sim.settings.tagsVisible = false;
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  const members = stand.nodeIds();
  killAt("ScaleOutInstance", "acted");
  declare(stand, pool(stand, 4));
  expect((await stand.stack.up()).ok).toBe(false);
  stand.sim.faults.add({ ...refusal, action: "DescribeInstances" });
  expect((await stand.stack.up()).ok).toBe(false);
  expect.soft((await recordedNodes(stand)).sort()).toEqual(members.sort());
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.bought()).toBe(4);
});

describe("the region in the stack's config is changed by mistake", () => {
  async function misdirected(): Promise<Stand> {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    await stand.stack.setConfig("bigdata:tencentRegion", "ap-shanghai");
    // Refresh and destroy take the configuration of the latest `up`, which has nothing to do here.
    await stand.stack.up();
    return stand;
  }

  test("refresh does not forget the pool", async () => {
    const stand = await misdirected();
    await stand.stack.refresh();
    expect(await recordedNodes(stand)).toHaveLength(2);
  });

  test("destroy does not report the nodes gone", async () => {
    const stand = await misdirected();
    const destroyed = await stand.stack.destroy();
    if (destroyed.ok) expect(stand.nodeIds()).toEqual([]);
    else expect(await recordedNodes(stand)).toHaveLength(2);
  });
});

test("a node of a failed workflow that is listed late, tags not being visible, is told of and not bought again", async () => {
  const stand = await makeStand({ simulator: { timeScale: 1, credentials: [credentials] } });
  Object.assign(stand.sim.settings, { statusLagMilliseconds: 80_000, tagsVisible: false });
  // The machine is applied for at 35 s and listed at 115 s; the workflow ends at 70 s.
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  declare(stand, pool(stand, 2));
  const first = await stand.stack.up();
  const [node = ""] = stand.nodeIds();
  expect(first.error).toContain(node);
  declare(stand, pool(stand, 2, { adopt: [node] }));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
  expect(stand.bought()).toBe(2);
});

test("a journal that cannot be written leaves no order behind that was never sent", async () => {
  const stand = await makeStand();
  // Nothing can be read there, and nothing be made either.
  symlinkSync(join(dirname(stand.journalDirectory), "no", "where"), stand.journalDirectory);
  declare(stand, pool(stand, 2));
  const up = await stand.stack.up();
  expect(up.error).toMatch(/The journal .* cannot be written/);
  expect(stand.bought()).toBe(0);
  expect(await stateOf(stand)).toBeUndefined();
});

test("a status that is wrong once does not make refresh forget a pool whose nodes are still listed", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.faults.add({ kind: "lyingStatus", status: 201 });
  await stand.stack.refresh();
  expect(await recordedNodes(stand)).toHaveLength(2);
});

test("created again within five minutes after a destroy, on another machine", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect((await stand.stack.destroy()).error).toBeUndefined();
  rmSync(stand.journalDirectory, { recursive: true });
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.nodeIds()).toHaveLength(2);
});

test("an order whose time lies in the future (the machine's clock was wrong) does not block the pool for good", async () => {
  const { stand, killAt } = await makeKillableStand();
  declare(stand, pool(stand, 2, { timeouts: { create: "20m" } }));
  killAt("ScaleOutInstance", "received");
  await stand.stack.up();
  const [path = ""] = journalsOf(stand);
  const journal = JSON.parse(readFileSync(path, "utf8"));
  journal.entry.orders[0].order.sentAt += 86_400_000;
  writeFileSync(path, JSON.stringify(journal));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.bought()).toBe(2);
});

describe("a workflow that cannot be read", () => {
  test.each([
    { name: "tags not being visible", settings: { tagsVisible: false } },
    { name: "the tag stage having failed", settings: {} },
  ])("$name: its nodes are neither lost nor bought again", async ({ settings }) => {
    const stand = await makeStand();
    Object.assign(stand.sim.settings, settings, { missingActions: ["DescribeClusterFlowStatusDetail"] });
    if (!("tagsVisible" in settings)) stand.sim.faults.add({ kind: "tagStageFails" });
    declare(stand, pool(stand, 2));
    await stand.stack.up();
    await stand.stack.up();
    expect(stand.bought()).toBe(2);
  });
});
