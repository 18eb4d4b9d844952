// An update of a DDM node group does what its preview announced and no more, and a create removes nothing.
import { describe, expect, test } from "vitest";
import { declare, makeStand, nodeGroup, stateOf, stepsOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

const allowed = { scaleIn: { allowed: true } };

describe("others have changed the group, and state was not refreshed", () => {
  test("nothing is added for a node that vanished unseen", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(3);
    stand.sim.clock.advance(3_600_000);
    stand.sim.ddm.removeNode(instanceId, nodes()[0] ?? "");
    expect((await deploy(4)).error).toMatch(
      /2 would have to be added where the preview announced 1.*pulumi refresh/,
    );
    expect(bought(stand)).toBe(1);
    await stand.stack.refresh();
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 3]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["isAutoPay", { isAutoPay: true }],
    ["onDelete", { onDelete: "shrinkToInitial" }],
    ["cancelledOrders", { cancelledOrders: ["CS1"] }],
  ])("a change of %s alone adds and removes nothing", async (_name, more) => {
    const { stand, deploy, nodes, declareGroup } = await withInstance();
    await deploy(3, allowed);
    stand.sim.clock.advance(3_600_000);
    for (const change of ["vanished", "came"] as const) {
      if (change === "vanished") stand.sim.ddm.removeNode(instanceId, nodes()[0] ?? "");
      else for (let i = 0; i < 2; i++) stand.sim.ddm.addNode(instanceId);
      const given = change === "vanished" ? { ...allowed, ...more } : allowed;
      const present = nodes();
      const up = await deploy(3, given);
      // The second round begins from a state that shows what was seen.
      if (change === "vanished") {
        expect(up.error).toBeUndefined();
        expect(JSON.stringify(up.messages)).toMatch(/it has 2 nodes, not 3/);
        expect(await stateOf(stand, "group")).toMatchObject({ nodes: [{}, {}], nodeCount: 3 });
        declareGroup(3, given);
        const preview = await stand.stack.preview();
        expect(stepsOf(preview)).toEqual(["update group"]);
        expect(JSON.stringify(preview.messages)).toMatch(/add 1 node /);
        expect((await deploy(3, given)).error).toBeUndefined();
        expect([nodes().length, bought(stand)]).toEqual([3, 2]);
      } else {
        expect(up.error).toBeUndefined();
        expect(JSON.stringify(up.messages)).toMatch(/it has 5 nodes, not 3/);
        expect(nodes()).toEqual(present);
        expect(stepsOf(await stand.stack.preview())).toEqual(["update group"]);
      }
    }
  });
});

describe("a create", () => {
  test("removes no node, whatever scaleIn allows", async () => {
    const { stand, deploy, nodes } = await withInstance();
    expect((await deploy(1, allowed)).error).toMatch(/has 2 nodes, and a resource that is only now created/);
    expect([nodes().length, stand.changes()]).toEqual([2, []]);
    expect(await stateOf(stand, "group")).toBeUndefined();
  });

  test("over the group of another stack takes its nodes as initial, and leaves that stack its own", async () => {
    const { stand, flavorId, deploy, nodes } = await withInstance();
    const shrink = { ...allowed, onDelete: "shrinkToInitial" };
    await deploy(4, shrink);
    const other = await makeStand({
      sim: stand.sim,
      stackName: "other",
      journalDirectory: stand.journalDirectory,
    });
    declare(other, nodeGroup({ instanceId, flavorId, nodeCount: 3, ...shrink }));
    expect((await other.stack.up()).error).toMatch(/the group has 4 nodes/);
    declare(other, nodeGroup({ instanceId, flavorId, nodeCount: 4, ...shrink }));
    expect((await other.stack.up()).error).toBeUndefined();
    expect(await stateOf(other, "group")).toMatchObject({
      initialNodeIds: [...nodes()].sort(),
      addedNodeIds: [],
    });
    expect((await other.stack.destroy()).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });

  test("that is refused takes no charge: the other stack's destroy still takes back its nodes", async () => {
    const { stand, flavorId, deploy, nodes } = await withInstance();
    const shrink = { ...allowed, onDelete: "shrinkToInitial" };
    await deploy(4, shrink);
    const other = await makeStand({
      sim: stand.sim,
      stackName: "other",
      journalDirectory: stand.journalDirectory,
    });
    declare(other, nodeGroup({ instanceId, flavorId, nodeCount: 3 }));
    expect((await other.stack.up()).error).toMatch(/the group has 4 nodes/);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(nodes()).toHaveLength(2);
  });

  test("of two in one program is refused, and buys no more than one of them asks for", async () => {
    const { stand, flavorId, nodes } = await withInstance();
    declare(stand, ...["a", "b"].map((name) => nodeGroup({ instanceId, flavorId, nodeCount: 4 }, name)));
    expect((await stand.stack.preview()).error).toMatch(/a of this program is about too/);
    expect((await stand.stack.up()).error).toMatch(/a of this program is about too/);
    expect(nodes().length - 2).toBe(2 * enlargements(stand));
    expect(enlargements(stand)).toBeLessThanOrEqual(1);
  });
});

test("a preview warns where the plan usually takes longer than its limit", async () => {
  const { stand, deploy, declareGroup } = await withInstance();
  await deploy(2);
  declareGroup(3, { timeouts: { update: "2m" } });
  expect(JSON.stringify((await stand.stack.preview()).messages)).toMatch(
    /usually takes about 4 min.*timeouts\.update is 2m/,
  );
});

test.each(["update", "delete"])("an instance that is gone: %s says what to run", async (operation) => {
  const { stand, deploy } = await withInstance();
  await deploy(3, { onDelete: "shrinkToInitial" });
  if (operation === "update") {
    stand.sim.ddm.destroyInstance(instanceId);
    expect((await deploy(4)).error).toMatch(/does not exist.*If it existed before, run `pulumi refresh`/);
    return;
  }
  // It goes once the deletion has begun.
  let looks = 0;
  stand.sim.onCall(({ action, phase }) => {
    if (action === "ShowInstance" && phase === "received" && ++looks === 2)
      stand.sim.ddm.destroyInstance(instanceId);
  });
  expect((await stand.stack.destroy()).error).toMatch(
    /does not exist.*If it existed before, run `pulumi refresh`/,
  );
});
