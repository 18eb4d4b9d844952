// A DDM instance or group that is gone, and answers that only look like it.
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../../simulator/index";
import { type Stand, stateOf, stepsOf } from "../../stand";
import { instanceId, withInstance } from "../../subjects";

const shrink = { onDelete: "shrinkToInitial" };
const json = (status: number, body: object): Fault => ({ kind: "http", status, body: JSON.stringify(body) });
const coded = (status: number, code: string): Fault => ({ kind: "error", status, code });
const group = async (stand: Stand) => (await stateOf(stand, "group")) as { nodes: unknown[] } | undefined;

/** What one call changes just before the cloud acts on it is put right just after. */
function during(stand: Stand, call: string, change: () => () => void, times = 1): void {
  let undo = () => {};
  let left = times;
  stand.sim.onCall(({ action, phase }) => {
    if (action !== call) return;
    if (phase === "acted") undo();
    else if (left-- > 0) undo = change();
  });
}

/** The next lists of groups are empty. */
const hideGroups = (stand: Stand, times?: number) =>
  during(
    stand,
    "ListGroups",
    () => {
      const groups = stand.sim.ddm.instance(instanceId).allGroups;
      const hidden = groups.splice(0);
      return () => groups.push(...hidden);
    },
    times,
  );

describe("an instance", () => {
  test.each<[string, Fault]>([
    ["DBS.200002", coded(404, "DBS.200002")],
    ["a sibling's code", coded(404, "DBS.280110")],
    ["a code that nobody has published", coded(404, "DDM.0404")],
    ["a code in the envelope of v3", json(404, { error_code: "DDM.0404", error_msg: "no such instance" })],
  ])("is gone where show instance answers 404 with %s", async (_, fault) => {
    const { stand, deploy } = await withInstance();
    await deploy(3, shrink);
    stand.sim.faults.add({ ...fault, action: "ShowInstance", times: 99 });
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete group"]);
    expect(await group(stand)).toBeUndefined();
  });

  test("that is gone is not in the way of a destroy", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(3, shrink);
    stand.sim.settings.huawei.missingInstanceCode = "DBS.280110";
    stand.sim.ddm.destroyInstance(instanceId);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(await group(stand)).toBeUndefined();
  });

  test.each<[string, Fault, RegExp]>([
    ["a 404 without a code", json(404, { error_msg: "not found" }), /HTTP404.*huaweiEndpoint/],
    ["a 404 of another service", json(404, { error: { code: 404, message: "x" } }), /404.*huaweiEndpoint/],
    ["a 404 with an HTML page", { kind: "http", status: 404 }, /HTTP404.*huaweiEndpoint/],
    ["the gateway's 404", coded(404, "APIGW.0101"), /0101.*does not offer the call/],
    ["a 400", coded(400, "DBS.280110"), /280110/],
    ["a 400 with the code of a missing one", coded(400, "DBS.200002"), /200002.*Check the inputs/],
    ["a 403 with the code of a missing one", coded(403, "DBS.200002"), /200002.*permissions/],
  ])("is not gone because of %s", async (_, fault, reason) => {
    const { stand, deploy } = await withInstance();
    stand.sim.settings.huawei.gatewayCodePrefix = "APIG";
    await deploy(3, shrink);
    stand.sim.faults.add({ ...fault, action: "ShowInstance", times: 99 });
    for (const result of [await stand.stack.refresh(), await stand.stack.destroy()])
      expect(result.error).toMatch(reason);
    expect((await group(stand))?.nodes).toHaveLength(3);
  });

  test.each(["ListGroups", "ListNodes", "ShowInstanceV3"])(
    "is not gone because of a 404 to %s",
    async (action) => {
      const { stand, deploy } = await withInstance();
      await deploy(3, shrink);
      for (const code of ["DBS.200002", "DBS.280110", "DDM.0404"]) {
        stand.sim.faults.add({ ...coded(404, code), action, times: 99 });
        await stand.stack.refresh();
        expect((await group(stand))?.nodes, code).toHaveLength(3);
        stand.sim.faults.clear();
      }
    },
  );
});

describe("a group", () => {
  test("is not gone because of empty lists of groups while its nodes are listed", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(3, shrink);
    hideGroups(stand, 99);
    const refreshed = await stand.stack.refresh();
    expect([refreshed.error, stepsOf(refreshed)]).toEqual([undefined, []]);
    expect((await group(stand))?.nodes).toHaveLength(3);
  });

  test.each([
    ["nodes that say which group they are in", true],
    ["nodes that do not", false],
  ])("is not gone because it is missing from every list, with %s", async (_, nodeGroupsShown) => {
    const { stand, group: own, deploy } = await withInstance();
    stand.sim.ddm.addGroup(instanceId, { name: "reports" });
    stand.sim.settings.huawei.nodeGroupsShown = nodeGroupsShown;
    await deploy(3, { groupId: own?.groupId });
    during(
      stand,
      "ListGroups",
      () => {
        Object.assign(own ?? {}, { createdAt: Number.MAX_VALUE });
        return () => Object.assign(own ?? {}, { createdAt: 0 });
      },
      99,
    );
    await stand.stack.refresh();
    expect((await group(stand))?.nodes).toHaveLength(3);
  });

  test("is not gone because one look finds neither it nor its nodes", async () => {
    const { stand, group: own, deploy } = await withInstance();
    stand.sim.ddm.addGroup(instanceId, { name: "reports" });
    await deploy(3, { groupId: own?.groupId });
    for (const call of ["ListGroups", "ListNodes"])
      during(stand, call, () => {
        Object.assign(own ?? {}, { createdAt: Number.MAX_VALUE });
        return () => Object.assign(own ?? {}, { createdAt: 0 });
      });
    const refreshed = await stand.stack.refresh();
    expect([refreshed.error, stepsOf(refreshed)]).toEqual([undefined, []]);
    expect((await group(stand))?.nodes).toHaveLength(3);
  });

  test("is gone where two looks say so", async () => {
    const { stand, group: own, deploy } = await withInstance();
    stand.sim.ddm.addGroup(instanceId, { name: "reports" });
    await deploy(3, { groupId: own?.groupId, ...shrink });
    stand.sim.ddm.removeGroup(instanceId, own?.groupId ?? "");
    const [before, at] = [stand.sim.journal.length, stand.sim.clock.now()];
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete group"]);
    const looks = stand.sim.journal.slice(before).filter(({ action }) => action === "ListGroups");
    expect([looks.length, stand.sim.clock.now() > at]).toEqual([2, true]);
  });
});

test("an instance that lists neither groups nor nodes keeps what is recorded", async () => {
  const { stand, deploy } = await withInstance();
  await deploy(3, shrink);
  stand.sim.ddm.instance(instanceId).allGroups = [];
  expect((await stand.stack.refresh()).error).toMatch(/DDM lists no/);
  expect((await group(stand))?.nodes).toHaveLength(3);
});
