// The lives of the resources other than the node pool, and that what must not happen twice happens once. More about each
// is in the folders of the clouds.
import { expect, test } from "vitest";
import type { Fault } from "../../simulator/index";
import { declare, engineImage, serviceState, stateOf, stepsOf } from "./stand";
import {
  bought,
  dataEngineId,
  enlargements,
  instanceId,
  newVersion,
  oldVersion,
  operations,
  restarted,
  switches,
  withEngine,
  withInstance,
  withService,
} from "./subjects";

test("a DLC engine image: preview, switch, no change, drift, heal, back, delete", async () => {
  const { stand, engine, versionOf, deploy } = await withEngine();
  const { stack, sim } = stand;
  declare(stand, engineImage({ dataEngineId, imageVersion: newVersion }));
  expect(stepsOf(await stack.preview())).toEqual(["create image"]);
  expect(stand.changes()).toEqual([]);

  expect((await stack.up()).error).toBeUndefined();
  expect(engine.imageVersionId).toBe(versionOf(newVersion));
  expect(await stateOf(stand, "image")).toMatchObject({
    dataEngineId,
    dataEngineName: "reports",
    imageVersion: newVersion,
    imageVersionId: versionOf(newVersion),
    previousImageVersionId: versionOf(oldVersion),
    childImageVersionId: engine.childImageVersionId,
    engineState: "running",
    region: "ap-guangzhou",
    lastRequestId: expect.stringMatching(/-/),
  });
  expect(stepsOf(await stack.up())).toEqual([]);

  sim.dlc.moveVersion(dataEngineId, versionOf(oldVersion));
  expect(stepsOf(await stack.refresh())).toEqual(["update image"]);
  const preview = await stack.preview();
  expect(stepsOf(preview)).toEqual(["update image"]);
  const told = preview.messages.map(({ message }) => message).join("\n");
  expect(told).toContain(`switch from ${oldVersion} to ${newVersion}`);
  expect((await stack.up()).error).toBeUndefined();
  expect(engine.imageVersionId).toBe(versionOf(newVersion));

  expect(
    (await deploy({ imageVersion: undefined, imageVersionId: versionOf(oldVersion) })).error,
  ).toBeUndefined();
  expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  expect(switches(stand)).toBe(3);
  expect((await stack.destroy()).error).toBeUndefined();
  expect(switches(stand)).toBe(3);
});

test("what is read again and again keeps what only state knows", async () => {
  const { stand, engine, versionOf } = await withEngine();
  const { stack, sim } = stand;
  declare(stand, engineImage({ dataEngineId, imageVersion: newVersion, onDelete: "restorePrevious" }));
  expect((await stack.up()).error).toBeUndefined();
  const { inputsFound } = (await stateOf(stand, "image")) as { inputsFound?: string[] };
  expect(inputsFound).toEqual(["region", "dataEngineName", "imageVersionId"]);
  sim.dlc.moveVersion(dataEngineId, versionOf(oldVersion));
  for (const _ of [1, 2]) expect((await stack.refresh()).error).toBeUndefined();
  sim.dlc.moveVersion(dataEngineId, versionOf(newVersion));
  expect((await stack.refresh()).error).toBeUndefined();
  expect(await stateOf(stand, "image")).toMatchObject({ inputsFound });
  expect((await stack.destroy()).error).toBeUndefined();
  expect(engine.imageVersionId).toBe(versionOf(oldVersion));
});

test("an EMR service: preview, create, no change, stop, start, drift, heal, delete", async () => {
  const { stand, deploy, processes } = await withService();
  const { stack, sim } = stand;
  declare(stand, serviceState(stand, { state: "running" }));
  expect(stepsOf(await stack.preview())).toEqual(["create service"]);
  expect(sim.journal).toEqual([]);

  expect((await stack.up()).error).toBeUndefined();
  expect(operations(stand)).toEqual([]);
  expect(await stateOf(stand, "service")).toMatchObject({
    runState: "running",
    maintenanceState: "none",
    processes: expect.arrayContaining([
      expect.objectContaining({
        component: "NodeManager",
        state: "running",
        lastRestart: expect.stringMatching(/^\d{4}-/),
      }),
    ]),
  });
  expect(stepsOf(await stack.up())).toEqual([]);

  expect((await deploy({ state: "stopped" })).error).toBeUndefined();
  expect(processes().every(({ started }) => !started)).toBe(true);
  declare(stand, serviceState(stand, { state: "running" }));
  const preview = await stack.preview();
  expect(preview.messages.map(({ message }) => message).join("\n")).toMatch(/start \d+ processes of YARN/);
  expect((await deploy({ state: "running" })).error).toBeUndefined();
  expect(processes().every(({ started }) => started)).toBe(true);
  expect(operations(stand)).toEqual(["StopService", "StartService"]);

  sim.emr.stopProcesses(stand.clusterId, { service: "YARN", component: "NodeManager" });
  expect(stepsOf(await stack.refresh())).toEqual(["update service"]);
  expect(await stateOf(stand, "service")).toMatchObject({ runState: "partial" });
  expect((await deploy({ state: "running" })).error).toBeUndefined();
  expect(processes().every(({ started }) => started)).toBe(true);

  const calls = operations(stand).length;
  expect((await stack.destroy()).error).toBeUndefined();
  expect(operations(stand)).toHaveLength(calls);
});

test("a DDM node group: preview, create, no change, grow, drift, heal, shrink, delete", async () => {
  const { stand, group, declareGroup, deploy, nodes } = await withInstance();
  const { stack, sim } = stand;
  declareGroup(2);
  expect(stepsOf(await stack.preview())).toEqual(["create group"]);
  expect(sim.journal).toEqual([]);
  expect((await stack.up()).error).toBeUndefined();
  expect(enlargements(stand)).toBe(0);
  expect(await stateOf(stand, "group")).toMatchObject({
    groupId: group?.groupId,
    region: "eu-west-101",
    instanceStatus: "RUNNING",
    initialNodeIds: expect.arrayContaining(nodes()),
  });
  expect(stepsOf(await stack.up())).toEqual([]);

  declareGroup(4);
  const preview = await stack.preview();
  expect(preview.messages.map(({ message }) => message).join("\n")).toMatch(/add 2 nodes to group/);
  expect((await stack.up()).error).toBeUndefined();
  expect(nodes()).toHaveLength(4);
  expect(await stateOf(stand, "group")).toMatchObject({
    lastJobId: expect.stringMatching(/./),
    lastRequestId: expect.stringMatching(/./),
  });

  const [victim = ""] = nodes();
  sim.ddm.removeNode(instanceId, victim);
  expect(stepsOf(await stack.refresh())).toEqual(["update group"]);
  expect((await deploy(4)).error).toBeUndefined();
  expect([nodes().length, bought(stand)]).toEqual([4, 3]);

  expect((await deploy(3)).error).toMatch(/removing 1 of them is not allowed: set scaleIn\.allowed/);
  expect(nodes()).toHaveLength(4);
  expect(
    (await deploy(3, { scaleIn: { allowed: true }, onDelete: "shrinkToInitial" })).error,
  ).toBeUndefined();
  expect(nodes()).toHaveLength(3);
  expect((await stack.destroy()).error).toBeUndefined();
  expect(nodes()).toHaveLength(2);
  expect(bought(stand)).toBe(3);
});

const lost: [string, Fault, number][] = [["the answer is lost", { kind: "dropAnswer" }, 1]];

test.each(lost)("a service is restarted once where %s", async (_name, fault, sends) => {
  const { stand, deploy, processes } = await withService();
  await deploy({ state: "running", restartTriggers: { config: "1" } });
  const before = restarted(processes());
  stand.sim.faults.add({ ...fault, action: "StartStopServiceOrMonitor" });
  expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
  expect(operations(stand)).toHaveLength(sends);
  expect(processes().every(({ lastRestartAt }, index) => (lastRestartAt ?? 0) > (before[index] ?? 0))).toBe(
    true,
  );
});

test.each(lost)("nodes are added to a group once where %s", async (_name, fault, sends) => {
  const { stand, deploy, nodes } = await withInstance();
  await deploy(2);
  stand.sim.faults.add({ ...fault, action: "EnlargeInstance" });
  expect((await deploy(4)).error).toBeUndefined();
  expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, sends]);
});
