// Nodes of other hands: bought in the console or by autoscaling while an order runs, and put by the cloud in a member's place.
import { describe, expect, test } from "vitest";
import { calls, tellingsOf } from "../../purchases";
import { declare, makeStand, pool, recordedNodes, stepsOf } from "../../stand";

describe.each(["console", "autoscaling"] as const)(
  "a node of the %s is first listed while our order runs",
  (whose) => {
    test.each([
      { name: "filled in part", filled: 1 },
      { name: "not filled at all", filled: 0 },
    ])("tags not visible, the order being $name", async ({ filled }) => {
      const stand = await makeStand();
      stand.sim.settings.tagsVisible = false;
      declare(stand, pool(stand, 1));
      expect((await stand.stack.up()).error).toBeUndefined();
      const [first = ""] = stand.nodeIds();
      stand.sim.faults.add({ kind: "partialFill", filled });
      let foreign = "";
      stand.sim.onCall(({ action, phase }) => {
        if (action !== "DescribeClusterFlowStatusDetail" || phase !== "received" || foreign) return;
        const node =
          whose === "console"
            ? stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" })
            : stand.sim.emr.addAutoscaledNode(stand.clusterId, {});
        foreign = node.emrResourceId;
      });
      declare(stand, pool(stand, 3));
      const up = await stand.stack.up();
      expect(up.ok).toBe(false);
      expect(foreign).not.toBe("");
      expect(await recordedNodes(stand)).not.toContain(foreign);
      expect(await recordedNodes(stand)).toContain(first);
      if (whose === "autoscaling") {
        expect(up.error).not.toContain(foreign);
        return;
      }
      expect(up.error).toContain(foreign);
      expect(up.error).toMatch(/adopt.*exclude/s);
      expect(calls(stand, "ScaleOutInstance")).toBe(2);
      const mine = stand.nodeIds().filter((id) => id !== foreign && id !== first);
      // Nothing goes on before it is said whose they are.
      expect((await stand.stack.up()).error).toContain(foreign);
      expect(calls(stand, "ScaleOutInstance")).toBe(2);
      declare(stand, pool(stand, 3, { exclude: [foreign], ...(mine.length > 0 ? { adopt: mine } : {}) }));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect((await recordedNodes(stand)).sort()).toEqual(
        stand
          .nodeIds()
          .filter((id) => id !== foreign)
          .sort(),
      );
      expect(stand.bought()).toBe(3);
      expect((await stand.stack.destroy()).error).toBeUndefined();
      expect(stand.nodeIds()).toEqual([foreign]);
    });
  },
);

describe.each([true, false])("the cloud has replaced a member, tags visible: %s", (tagsVisible) => {
  async function replaced(refreshes: boolean) {
    const stand = await makeStand();
    stand.sim.settings.tagsVisible = tagsVisible;
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).error).toBeUndefined();
    const [old = ""] = stand.nodeIds();
    stand.sim.clock.advance(3_600_000);
    const { emrResourceId } = stand.sim.emr.replaceNode(stand.clusterId, old);
    if (refreshes) expect((await stand.stack.refresh()).error).toBeUndefined();
    return { stand, old, replacement: emrResourceId };
  }

  test.each([true, false])(
    "nothing is bought, both are named, adopt heals; refreshed before: %s",
    async (refreshes) => {
      const { stand, old, replacement } = await replaced(refreshes);
      // Without a refresh there is no difference, so that something else has to change.
      declare(stand, pool(stand, refreshes ? 3 : 4));
      const { error = "" } = await stand.stack.up();
      expect(error).toContain(old);
      expect(error).toContain(replacement);
      expect(error).toMatch(/adopt.*exclude/s);
      expect(stand.bought()).toBe(3);
      declare(stand, pool(stand, 3, { adopt: [replacement] }));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
      expect(stand.bought()).toBe(3);
      declare(stand, pool(stand, 3, { adopt: [replacement] }));
      expect(stepsOf(await stand.stack.up())).toEqual([]);
      expect((await stand.stack.destroy()).error).toBeUndefined();
      expect(stand.nodeIds()).toEqual([]);
    },
  );

  test.each([true, false])("exclude buys one; refreshed before: %s", async (refreshes) => {
    const { stand, replacement } = await replaced(refreshes);
    declare(stand, pool(stand, 3, { exclude: [replacement] }));
    const first = await stand.stack.up();
    expect(first.error).toBeUndefined();
    if (!refreshes) {
      // The preview could not show the loss: it is told, and bought for by the next run.
      expect([stand.bought(), tellingsOf(first)]).toEqual([3, expect.stringContaining("pulumi refresh")]);
      expect((await stand.stack.refresh()).error).toBeUndefined();
      expect((await stand.stack.up()).error).toBeUndefined();
    }
    expect(stand.bought()).toBe(4);
    expect(await recordedNodes(stand)).toHaveLength(3);
    expect(await recordedNodes(stand)).not.toContain(replacement);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([replacement]);
  });
});
