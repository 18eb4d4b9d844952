// Two pools of one name: a stack that was renamed, a resource that was moved or renamed, two stacks with one poolId, nodes
// of version 0.1. Neither takes what is the other's, and a new one asks before it buys.
import { describe, expect, test } from "vitest";
import type { DeploymentV3 } from "../../../drivers/driver";
import { calls, tellingsOf } from "../../purchases";
import { declare, makeStand, pool, recordedNodes, rename, type Stand, stateOf } from "../../stand";

const poolId = "pools/dev/workers";

/** What is exported from a stack, as the stack would have it under another name. */
const renamed = (exported: DeploymentV3, from: string, to: string): DeploymentV3 =>
  JSON.parse(JSON.stringify(exported).replaceAll(`urn:pulumi:${from}::`, `urn:pulumi:${to}::`));

const newStack = (of: Stand, stackName: string, sharesJournal: boolean) =>
  makeStand({ sim: of.sim, stackName, ...(sharesJournal ? { journalDirectory: of.journalDirectory } : {}) });

interface Namesakes {
  /** Has the nodes. */
  owner: Stand;
  /** Is only now made. */
  other: Stand;
  /** Declares the new pool. */
  declareOther(count: number, more?: Record<string, unknown>): void;
}

const asIs =
  (stand: Stand) =>
  (count: number, more: Record<string, unknown> = {}) =>
    declare(stand, pool(stand, count, { poolId, ...more }));

async function withNodes(tagsVisible: boolean): Promise<Stand> {
  const dev = await makeStand({ stackName: "dev" });
  dev.sim.settings.tagsVisible = tagsVisible;
  declare(dev, pool(dev, 2, { poolId }));
  expect((await dev.stack.up()).error).toBeUndefined();
  return dev;
}

const ways: [string, (tagsVisible: boolean, sharesJournal: boolean) => Promise<Namesakes>][] = [
  [
    "the stack is renamed, and a new one gets the old name",
    async (tagsVisible, sharesJournal) => {
      const dev = await withNodes(tagsVisible);
      const prod = await newStack(dev, "prod", sharesJournal);
      await prod.stack.importState(renamed(await dev.stack.exportState(), "dev", "prod"));
      const again = await newStack(dev, "dev", sharesJournal);
      return { owner: prod, other: again, declareOther: asIs(again) };
    },
  ],
  [
    "the resource is moved to another stack, and declared again in the first",
    async (tagsVisible, sharesJournal) => {
      const dev = await withNodes(tagsVisible);
      const infra = await newStack(dev, "infra", sharesJournal);
      await infra.stack.importState(renamed(await dev.stack.exportState(), "dev", "infra"));
      const left = await dev.stack.exportState();
      left.deployment.resources = (left.deployment.resources ?? []).filter(
        ({ urn }) => !urn.endsWith("::workers"),
      );
      await dev.stack.importState(left);
      return { owner: infra, other: dev, declareOther: asIs(dev) };
    },
  ],
  [
    "two stacks give one poolId",
    async (tagsVisible, sharesJournal) => {
      const dev = await withNodes(tagsVisible);
      const test = await newStack(dev, "test", sharesJournal);
      return { owner: dev, other: test, declareOther: asIs(test) };
    },
  ],
  [
    "the nodes are of version 0.1",
    async (tagsVisible, sharesJournal) => {
      const dev = await withNodes(tagsVisible);
      for (const node of dev.sim.emr.nodes(dev.clusterId))
        node.tags = node.tags.filter(({ TagKey }) => TagKey !== "pulumi-bigdata-owner");
      const state = await dev.stack.exportState();
      for (const { outputs } of state.deployment.resources ?? []) delete outputs?.["owner"];
      await dev.stack.importState(state);
      const test = await newStack(dev, "test", sharesJournal);
      return { owner: dev, other: test, declareOther: asIs(test) };
    },
  ],
];

describe.each(ways)("%s", (_, arrange) => {
  test.each([
    [true, true],
    [true, false],
    [false, true],
  ])(
    "tags visible: %s, on the same machine: %s: creating stops and names the nodes",
    async (tagsVisible, shares) => {
      const { owner, other, declareOther } = await arrange(tagsVisible, shares);
      const nodes = owner.nodeIds();
      const removals = () => calls(owner, "TerminateClusterNodes") + calls(owner, "TerminateTasks");

      declareOther(1);
      const { error = "" } = await other.stack.up();
      for (const id of nodes) expect(error).toContain(id);
      expect(error).toMatch(/adopt.*exclude.*poolId/s);
      expect([other.bought(), removals(), await stateOf(other)]).toEqual([2, 0, undefined]);

      // One way out: leave them alone.
      declareOther(1, { exclude: nodes });
      expect((await other.stack.up()).error).toBeUndefined();
      const own = await recordedNodes(other);
      expect([own.length, other.bought(), removals()]).toEqual([1, 3, 0]);
      expect(nodes).not.toContain(own[0]);

      // The other goes on with its own, whatever it does.
      declare(owner, pool(owner, 3, { poolId }));
      const grown = await owner.stack.up();
      if (grown.error) expect(grown.error).toContain(own[0]);
      else expect(await recordedNodes(owner)).toHaveLength(3);
      expect(await recordedNodes(owner)).not.toContain(own[0]);
      expect((await owner.stack.refresh()).error).toBeUndefined();
      expect(await recordedNodes(owner)).not.toContain(own[0]);

      expect((await other.stack.destroy()).error).toBeUndefined();
      expect(owner.nodeIds()).toEqual(expect.arrayContaining(nodes));
      expect(owner.nodeIds()).not.toContain(own[0]);
      expect((await owner.stack.destroy()).error).toBeUndefined();
      expect(owner.nodeIds()).toEqual([]);
    },
  );

  test("another poolId is a way out, and destroying the owner leaves the other", async () => {
    const { owner, other, declareOther } = await arrange(true, true);
    declareOther(1, { poolId: "pools/dev/others" });
    expect((await other.stack.up()).error).toBeUndefined();
    const own = await recordedNodes(other);
    expect([own.length, other.bought()]).toEqual([1, 3]);
    expect((await owner.stack.destroy()).error).toBeUndefined();
    expect(owner.nodeIds()).toEqual(own);
    expect((await other.stack.destroy()).error).toBeUndefined();
    expect(owner.nodeIds()).toEqual([]);
  });

  test.each([true, false])(
    "tags visible: %s: the one that should have them adopts them",
    async (tagsVisible) => {
      const { owner, other, declareOther } = await arrange(tagsVisible, true);
      const nodes = owner.nodeIds();
      declareOther(2, { adopt: nodes });
      expect((await other.stack.up()).error).toBeUndefined();
      expect((await recordedNodes(other)).sort()).toEqual([...nodes].sort());
      expect(other.bought()).toBe(2);
      if (!tagsVisible) return;
      // Who had them sees the new owner's tag, and removes nothing.
      const destroyed = await owner.stack.destroy();
      expect(tellingsOf(destroyed)).toContain(nodes[0]);
      expect(owner.nodeIds()).toEqual(nodes);
      expect((await other.stack.destroy()).error).toBeUndefined();
      expect(owner.nodeIds()).toEqual([]);
    },
  );
});

describe("within one stack", () => {
  test.each([true, false])(
    "a rename with an alias, and a new pool under the old name and poolId; tags visible: %s",
    async (tagsVisible) => {
      const stand = await withNodes(tagsVisible);
      const nodes = stand.nodeIds();
      await rename(stand, "workers", "renamed");
      const old = pool(stand, 2, { poolId }, "renamed");
      declare(stand, old);
      expect((await stand.stack.up()).error).toBeUndefined();
      // Another poolId is the only way out: the two of one program would go on undoing what the other does.
      for (const more of [{}, { exclude: nodes }]) {
        declare(stand, old, pool(stand, 1, { poolId, ...more }));
        const { error } = await stand.stack.up();
        expect(error).toMatch(
          /poolId: is about pool pools\/dev\/workers .*renamed of this program is about too/,
        );
        expect([stand.bought(), stand.nodeIds(), await stateOf(stand)]).toEqual([2, nodes, undefined]);
      }
      declare(stand, old, pool(stand, 1, { poolId: "pools/dev/others" }));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect((await recordedNodes(stand, "renamed")).sort()).toEqual([...nodes].sort());
      expect([stand.bought(), (await recordedNodes(stand)).length]).toEqual([3, 1]);
      declare(stand, old);
      expect((await stand.stack.up()).error).toBeUndefined();
      expect(stand.nodeIds()).toEqual(nodes);
    },
  );
});
