// The run ends between the moment an order is settled and the moment the engine saves it; and a grow that is killed and
// then not wanted any more. What was bought is never bought again, and never left to be billed.
import { describe, expect, test } from "vitest";
import { calls, expectHeld, killOnceSettled, makeKillable, settledOrders, tellingsOf } from "../../purchases";
import { declare, pool, recordedNodes, type Stand, stateOf, stepsOf } from "../../stand";

describe("killed once the order is settled, before the engine has saved", () => {
  test.each([true, false])("tags visible: %s", async (tagsVisible) => {
    const killable = await makeKillable();
    const { stand } = killable;
    stand.sim.settings.tagsVisible = tagsVisible;
    const foreign = stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId;
    const own = () => stand.nodeIds().filter((id) => id !== foreign);
    for (const count of [2, 4]) {
      declare(stand, pool(stand, count));
      killOnceSettled(killable);
      expect((await stand.stack.up()).ok).toBe(false);
      expect(own()).toHaveLength(count);
      expect(await recordedNodes(stand)).toHaveLength(count - 2);
      expect((await stand.stack.up()).error).toBeUndefined();
      await expectHeld(stand, own());
      // From now on state knows, and nothing is left to do.
      expect(stepsOf(await stand.stack.up())).toEqual([]);
    }
    expect(calls(stand, "ScaleOutInstance")).toBe(2);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([foreign]);
  });
});

describe("the engine's save gets lost", () => {
  test.each([true, false])("tags visible: %s", async (tagsVisible) => {
    const { stand } = await makeKillable();
    stand.sim.settings.tagsVisible = tagsVisible;
    for (const count of [2, 4]) {
      const before = await stand.stack.exportState();
      declare(stand, pool(stand, count));
      expect((await stand.stack.up()).error).toBeUndefined();
      await stand.stack.importState(before);
      const again = await stand.stack.up();
      if (count === 2) {
        // Of a create that had handed over, another resource may hold what came: it is asked for, not bought.
        for (const id of stand.nodeIds()) expect(again.error).toContain(id);
        expect(stand.bought()).toBe(2);
        declare(stand, pool(stand, count, { adopt: stand.nodeIds() }));
        expect((await stand.stack.up()).error).toBeUndefined();
        declare(stand, pool(stand, count));
        expect((await stand.stack.up()).error).toBeUndefined();
      } else expect(again.error).toBeUndefined();
      await expectHeld(stand, stand.nodeIds(), count);
    }
  });
});

/** A pool of two, of which a grow to four is killed, wherever it is. */
async function killedGrow(tagsVisible: boolean, where: "acted" | "settled"): Promise<Stand> {
  const killable = await makeKillable();
  const { stand, killWhen } = killable;
  stand.sim.settings.tagsVisible = tagsVisible;
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  if (where === "settled") killOnceSettled(killable);
  else killWhen(({ action, phase }) => action === "ScaleOutInstance" && phase === "acted");
  declare(stand, pool(stand, 4));
  expect((await stand.stack.up()).ok).toBe(false);
  expect(await recordedNodes(stand)).toHaveLength(2);
  return stand;
}

describe.each([true, false])("a grow is killed, tags visible: %s", (tagsVisible) => {
  describe.each(["acted", "settled"] as const)("when its order was %s", (where) => {
    test("count is set back: a preview says so, refresh shows the nodes, up settles, destroy takes all", async () => {
      const stand = await killedGrow(tagsVisible, where);
      declare(stand, pool(stand, 2));
      const preview = await stand.stack.preview();
      expect(stepsOf(preview)).toEqual(["update workers"]);
      expect(tellingsOf(preview)).toMatch(/find out what an earlier order|which an earlier run bought/);
      stand.sim.clock.advance(60_000);
      expect((await stand.stack.refresh()).error).toBeUndefined();
      if (tagsVisible || where === "settled")
        expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
      // What the preview has not named may stay for one run more, but nothing is forgotten.
      for (let run = 0; run < 2; run++) {
        expect((await stand.stack.up()).error).toBeUndefined();
        expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
      }
      expect(stand.nodeIds()).toHaveLength(2);
      expect(settledOrders(stand)).toBe(2);
      expect((await stand.stack.destroy()).error).toBeUndefined();
      expect([stand.nodeIds(), stand.bought(), await stateOf(stand)]).toEqual([[], 4, undefined]);
    });

    test("it is destroyed right after", async () => {
      const stand = await killedGrow(tagsVisible, where);
      expect((await stand.stack.destroy()).error).toBeUndefined();
      stand.sim.clock.advance(3_600_000);
      expect([stand.nodeIds(), stand.bought(), await stateOf(stand)]).toEqual([[], 4, undefined]);
    });
  });
});
