// Lists of DDM that lag behind by minutes, or are cut below their own total.
import { describe, expect, test } from "vitest";
import type { Simulator } from "../../../../simulator/index";
import { type Stand, stateOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

const minute = 60_000;
const adding = { action: "EnlargeInstance" };
const shrink = { onDelete: "shrinkToInitial" };

/** Does something once the cloud has acted on the next call like this. */
function onceActed(stand: Stand, call: string, work: () => void): void {
  const stop = stand.sim.onCall(({ action, phase }) => {
    if (action !== call || phase !== "acted") return;
    stop();
    work();
  });
}

/** The lists lack these nodes until then: by a hook, since no plan can know of it. */
function hideUntil(sim: Simulator, ids: string[], at: number): void {
  sim.onCall(() => {
    for (const id of ids) sim.ddm.changeNode(instanceId, id, { createdAt: at });
  });
}

describe("new nodes that are listed minutes after their job", () => {
  const lags = [5 * minute, 8 * minute];
  const misfortunes: Record<string, (stand: Stand) => void> = {
    "the call is answered": () => {},
    "the answer is lost": ({ sim }) => sim.faults.add({ kind: "dropAnswer", ...adding }),
    "the answer is lost and jobs cannot be read": ({ sim }) => {
      sim.faults.add({ kind: "dropAnswer", ...adding });
      sim.settings.missingActions = ["ListJobs"];
    },
    "the call is answered, jobs cannot be read and one node is listed at once": (stand) => {
      stand.sim.settings.missingActions = ["ListJobs", "ShowJob"];
      onceActed(stand, "EnlargeInstance", () => {
        const [first] = stand.sim.ddm.purchases(instanceId)[0]?.nodeIds ?? [];
        hideUntil(stand.sim, first ? [first] : [], stand.sim.clock.now());
      });
    },
    "one node is listed at once": (stand) =>
      onceActed(stand, "EnlargeInstance", () => {
        const [first] = stand.sim.ddm.purchases(instanceId)[0]?.nodeIds ?? [];
        hideUntil(stand.sim, first ? [first] : [], stand.sim.clock.now());
      }),
    "the job fails for one of them": ({ sim }) => sim.faults.add({ kind: "partialFill", filled: 1 }),
  };
  const rows = Object.keys(misfortunes).flatMap((name) => lags.map((lag) => [lag / minute, name] as const));

  test.each(rows)("are bought once (%i minutes, %s)", async (minutes, name) => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    stand.sim.settings.huawei.nodeListLagMilliseconds = minutes * minute;
    misfortunes[name]?.(stand);
    for (let ups = 0; ups < 3; ups++) if ((await deploy(4)).error === undefined) break;
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, 1]);
    expect(await stateOf(stand, "group")).toMatchObject({ nodes: [{}, {}, {}, {}], addedNodeIds: [{}, {}] });
  });

  test("are waited for in one up, and a lost request is sent again in it", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    stand.sim.settings.huawei.nodeListLagMilliseconds = 8 * minute;
    stand.sim.faults.add({ kind: "dropRequest", ...adding });
    const sent = stand.sim.clock.now();
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, 2]);
    const second = stand.sim.ddm.purchases(instanceId)[0]?.time ?? 0;
    expect(second - sent).toBeGreaterThanOrEqual(10 * minute);
  });

  test("are bought once where each up is cut short", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    stand.sim.settings.huawei.nodeListLagMilliseconds = 8 * minute;
    stand.sim.faults.add({ kind: "dropAnswer", ...adding });
    const limited = { timeouts: { update: "4m" } };
    for (let ups = 0; ups < 3; ups++) if ((await deploy(4, limited)).error === undefined) break;
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
    expect(await stateOf(stand, "group")).not.toHaveProperty("pendingEnlarge");
  });

  test("that are missing again soon after are not bought again", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(4);
    const { sim } = stand;
    hideUntil(sim, sim.ddm.purchases(instanceId)[0]?.nodeIds ?? [], sim.clock.now() + 8 * minute);
    expect((await deploy(5)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([5, 3]);
  });

  test("that are missing long after are replaced within minutes", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(4);
    stand.sim.clock.advance(11 * minute);
    for (const id of stand.sim.ddm.purchases(instanceId)[0]?.nodeIds ?? [])
      stand.sim.ddm.removeNode(instanceId, id);
    await stand.stack.refresh();
    const at = stand.sim.clock.now();
    expect((await deploy(5)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([5, 5]);
    expect(stand.sim.clock.now() - at).toBeLessThan(5 * minute);
  });
});

describe("nodes that were removed", () => {
  const allowed = { scaleIn: { allowed: true } };

  test("and are listed for minutes more are removed once", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(4);
    stand.sim.clock.advance(11 * minute);
    // Scaled: six minutes, for the lists and the status.
    stand.sim.settings.huawei.statusLagMilliseconds = 60 * minute;
    expect((await deploy(3, allowed)).error).toBeUndefined();
    expect(nodes()).toHaveLength(3);
    expect(stand.changes().filter((action) => action === "BatchDeleteNodes")).toHaveLength(1);
  });

  test("soon after they came are not waited for", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(4);
    expect((await deploy(2, allowed)).error).toBeUndefined();
    const at = stand.sim.clock.now();
    expect((await deploy(3, allowed)).error).toBeUndefined();
    expect(nodes()).toHaveLength(3);
    expect(stand.sim.clock.now() - at).toBeLessThan(5 * minute);
  });
});

describe("a list that is shorter than its own total", () => {
  const short = /DDM counts (\d+) .*but shows only (\d+)/;

  test.each(["ListNodes", "ListGroups"] as const)(
    "drops no member, and nothing is bought on it (%s)",
    async (list) => {
      const { stand, group, deploy } = await withInstance({ groups: [{ nodes: 3 }, { name: "reports" }] });
      const named = { groupId: group?.groupId, ...shrink };
      await deploy(4, named);
      const before = await stateOf(stand, "group");
      stand.sim.settings.huawei.shownAtMost[list] = 1;
      for (const result of [await stand.stack.refresh(), await deploy(6, named), await stand.stack.destroy()])
        expect(result.error).toMatch(short);
      expect((await stateOf(stand, "group"))?.["nodes"]).toEqual(before?.["nodes"]);
      expect([bought(stand), enlargements(stand)]).toEqual([1, 1]);
    },
  );

  test("of jobs stops before anything is bought", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(3);
    stand.sim.settings.huawei.shownAtMost.ListJobs = 0;
    expect((await deploy(4)).error).toMatch(/DDM counts 1 jobs, but shows only 0/);
    expect(bought(stand)).toBe(1);
  });

  test("of flavors stops before anything is bought", async () => {
    const { stand, deploy } = await withInstance();
    stand.sim.settings.missingActions = ["ShowInstanceV3"];
    stand.sim.settings.huawei.shownAtMost.ListFlavorsV3 = 1;
    expect((await deploy(3)).error).toMatch(/DDM counts \d+ X86 flavors.*but shows only 1/);
    expect(enlargements(stand)).toBe(0);
  });

  test("makes no order empty: what is pending stays so, and the next up goes on", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    onceActed(stand, "EnlargeInstance", () => {
      stand.sim.settings.huawei.shownAtMost.ListNodes = 2;
    });
    expect((await deploy(4)).error).toMatch(short);
    expect(await stateOf(stand, "group")).toMatchObject({ pendingEnlarge: { count: 2 } });
    stand.sim.settings.huawei.shownAtMost.ListNodes = null;
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });
});
