// Resources of one cluster, engine or instance look at it together, and decide each for itself.
import { describe, expect, onTestFinished, test } from "vitest";
import type { Context } from "../../provider/base/context";
import { resourceOf } from "../../provider/byName";
import type { Resource } from "../../provider/core/resource";
import { type Simulator, startSimulator } from "../../simulator/index";
import { contextOn } from "../session";
import {
  applicationState,
  credentials,
  declare,
  engineImage,
  makeStand,
  nodeGroup,
  pool,
  providerConfig,
  recordedNodes,
  type Stand,
  serviceState,
  stepsOf,
} from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId, withAll } from "./subjects";

/** How often each action was called during some work. */
async function callsOf(sim: Simulator, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = sim.journal.length;
  await work();
  const counts: Record<string, number> = {};
  for (const { action } of sim.journal.slice(before)) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

const clusters = ["emr-shared1", "emr-shared2", "emr-shared3"];

async function withPools(more: readonly ReturnType<typeof serviceState>[] = []): Promise<Stand> {
  const stand = await makeStand();
  for (const clusterId of clusters) stand.sim.emr.createCluster({ clusterId });
  const pools = clusters.flatMap((clusterId) =>
    [1, 2, 3, 4].map((number) => pool({ clusterId }, 1, {}, `${clusterId}-${number}`)),
  );
  declare(stand, ...pools, ...more);
  expect((await stand.stack.up()).error).toBeUndefined();
  return stand;
}

describe("a refresh asks once", () => {
  test("for each EMR cluster and its nodes, whatever pools are on it", async () => {
    const { sim, stack } = await withPools();
    const calls = await callsOf(sim, async () => expect((await stack.refresh()).error).toBeUndefined());
    expect(calls).toEqual({ DescribeInstances: 3, DescribeClusterNodes: 3 });
  });

  test("for a service, an instance and an application, whatever parts are declared", async () => {
    const stand = await withAll({ timeScale: 0.1, credentials: [credentials] });
    const { sim, stack } = stand;
    sim.ddm.createInstance({ instanceId: "shared1in09", groups: [{ name: "one" }, { name: "two" }] });
    const [one, two] = sim.ddm.groups("shared1in09");
    const groups = [one, two].map((group, index) =>
      nodeGroup(
        {
          instanceId: "shared1in09",
          groupId: group?.groupId,
          flavorId: group?.flavorId,
          nodeCount: 2,
        },
        `group${index}`,
      ),
    );
    declare(
      stand,
      ...["NodeManager", "ResourceManager"].map((component) =>
        serviceState(stand, { components: [component], state: "running" }, component),
      ),
      ...groups,
      ...["batch", "serving"].map((releaseName) =>
        applicationState(
          {
            ...{ clusterId: vkeClusterId, application: "Ray", components: ["RayCluster"] },
            ...{ releaseName, state: "running" },
          },
          releaseName,
        ),
      ),
    );
    expect((await stack.up()).error).toBeUndefined();
    const calls = await callsOf(sim, async () => expect((await stack.refresh()).error).toBeUndefined());
    expect(calls).toEqual({
      ...{ DescribeInstances: 1, DescribeServiceNodeInfos: 3 },
      ...{ ShowInstance: 1, ListGroups: 1, ShowInstanceV3: 1, ListNodes: 1 },
      ...{ GetVirtualCluster: 1, ListApplications: 1, ListComponentInstances: 1 },
    });
  });

  test("for all DLC engines of a kind, and the versions on offer", async () => {
    const stand = await makeStand();
    const { sim, stack } = stand;
    const names = [1, 2, 3, 4, 5].map((number) => `DataEngine-shared${number}`);
    for (const name of names) sim.dlc.createEngine({ dataEngineId: name });
    declare(
      stand,
      ...names.map((name) => engineImage({ dataEngineId: name, imageVersion: oldVersion }, name)),
    );
    expect((await stack.up()).error).toBeUndefined();
    const calls = await callsOf(sim, async () => expect((await stack.refresh()).error).toBeUndefined());
    expect(calls).toEqual({ DescribeDataEngines: 1, DescribeDataEngineImageVersions: 1 });
  });
});

describe("what is shared fools nobody", () => {
  test("where somebody else changes things between two reads", async () => {
    const stand = await withPools();
    const { sim, stack } = stand;
    expect(stepsOf(await stack.refresh())).toEqual([]);
    const [victim = ""] = await recordedNodes(stand, "emr-shared1-2");
    sim.emr.removeNode("emr-shared1", victim);
    // Another run looks anew at once.
    expect(stepsOf(await stack.refresh())).toEqual(["update emr-shared1-2"]);
  });

  test("where lists lag, so that one misses nodes: it is read again once for all, and nothing vanishes", async () => {
    const { sim, stack } = await withPools();
    sim.faults.add({ kind: "cutList", action: "DescribeClusterNodes", rows: 2 });
    const calls = await callsOf(sim, async () => expect(stepsOf(await stack.refresh())).toEqual([]));
    // One answer that is too short is read on, and then the whole list anew.
    expect(calls).toEqual({ DescribeInstances: 3, DescribeClusterNodes: 5 });
  });

  test("where the list of all engines is refused: that is told, and not asked for in another way", async () => {
    const { sim } = await withAll({ timeScale: 0.1, credentials: [credentials] });
    const looking = { ...contextOn(sim, providerConfig(sim.url)), onlyLooks: true };
    const image = await resourceOf("tencent:DlcEngineImage");
    const code = "UnauthorizedOperation";
    sim.faults.add({ kind: "error", action: "DescribeDataEngines", code, message: "not yours" });
    const calls = await callsOf(sim, () => expect(image.find(looking, dataEngineId)).rejects.toThrow(code));
    expect(calls).toEqual({ DescribeDataEngines: 1 });
  });

  test("where two accounts, or two regions, have clusters of one id", async () => {
    const other = { secretId: "AKIDotherAccount", secretKey: "otherAccountSecretKey0001" };
    const { sim, clusterId } = await makeStand();
    const second = await startSimulator({ credentials: [other], timeScale: 0.1 });
    onTestFinished(() => second.close());
    second.emr.createCluster({ clusterId });
    const profile = {
      ...{ tencentSecretId: other.secretId, tencentSecretKey: other.secretKey },
      tencentEndpoint: second.url,
    };
    const profiles = JSON.stringify({ prod: profile });
    const context = contextOn(sim, { ...providerConfig(sim.url), profiles });
    const looking = { ...context, onlyLooks: true };
    const service = await resourceOf("tencent:EmrServiceState");
    const id = `${clusterId}/YARN`;
    sim.emr.stopProcesses(clusterId, { service: "YARN" });
    const [here, there] = await Promise.all([
      service.find(looking, id),
      service.find(looking, id, { profile: "prod" }),
    ]);
    expect([here?.state["runState"], there?.state["runState"]]).toEqual(["stopped", "running"]);
    await expect(service.find(looking, id, { region: "ap-shanghai" })).resolves.toBeUndefined();
  });
});

/** A change by somebody else, of which a look that is a moment old knows nothing, and then one of ours that has to know. */
interface Surprise {
  type: string;
  inputs: Record<string, unknown>;
  next: Record<string, unknown>;
  surprise(sim: Simulator, state: Record<string, unknown>): void;
  holds(sim: Simulator): unknown;
  expected: unknown;
}

const clusterId = "emr-scenario1";
const firstId = (state: Record<string, unknown>, key: string) =>
  (state["nodes"] as Record<string, string>[])[0]?.[key] ?? "";

const surprises: Surprise[] = [
  {
    type: "tencent:EmrNodePool",
    inputs: { clusterId, role: "task", count: 2, poolId: "a" },
    next: { count: 1 },
    surprise: (sim, state) => void sim.emr.removeNode(clusterId, firstId(state, "resourceId")),
    holds: (sim) => sim.emr.nodes(clusterId).filter(({ role }) => role === "task").length,
    expected: 1,
  },
  {
    type: "tencent:EmrServiceState",
    inputs: { clusterId, service: "YARN", state: "running" },
    next: { state: "stopped" },
    surprise: (sim) => void sim.emr.stopProcesses(clusterId, { service: "YARN" }),
    holds: (sim) => sim.journal.filter(({ action }) => action === "StartStopServiceOrMonitor"),
    expected: [],
  },
  {
    type: "tencent:DlcEngineImage",
    inputs: { dataEngineId, imageVersion: newVersion },
    next: { imageVersion: oldVersion },
    surprise: (sim) => void sim.dlc.moveVersion(dataEngineId, sim.dlc.image(oldVersion).imageVersionId),
    holds: (sim) => sim.journal.filter(({ action }) => action === "SwitchDataEngineImage").length,
    expected: 1,
  },
  {
    type: "huawei:DdmNodeGroup",
    inputs: { instanceId, nodeCount: 3 },
    next: { nodeCount: 2, scaleIn: { allowed: true } },
    surprise: (sim, state) => void sim.ddm.removeNode(instanceId, firstId(state, "id")),
    holds: (sim) => sim.ddm.nodes(instanceId).length,
    expected: 2,
  },
  {
    type: "volcengine:EmrApplicationState",
    inputs: { clusterId: vkeClusterId, application: "Ray", components: ["RayOperator"], state: "running" },
    next: { state: "stopped" },
    surprise: (sim) => {
      const instance = sim.vke.instance(vkeClusterId, "Ray", "RayOperator", "operator");
      instance.state = "STOPPED";
    },
    holds: (sim) => sim.vke.actions(vkeClusterId),
    expected: [],
  },
];

describe("no change is decided on a look that others have taken", () => {
  test.each(surprises)("$type", async ({ type, inputs, next, surprise, holds, expected }) => {
    const { sim, journalDirectory } = await withAll({ timeScale: 0.1, credentials: [credentials] });
    const flavorId =
      type === "huawei:DdmNodeGroup" ? { flavorId: sim.ddm.groups(instanceId)[0]?.flavorId } : {};
    const context: Context = contextOn(sim, providerConfig(sim.url), { journalDirectory });
    const looking = { ...context, onlyLooks: true };
    const resource: Resource = await resourceOf(type);
    const checked = resource.check({ ...inputs, ...flavorId }, {});
    expect(checked.failures).toEqual([]);
    const { id, state } = await resource.create(context, checked.inputs);
    const seen = await resource.read(looking, id, state);
    expect(seen?.inputs).toBeUndefined();
    surprise(sim, state);
    // The clock stands still: to those who only look nothing has changed yet.
    expect((await resource.read(looking, id, state))?.inputs).toBeUndefined();
    await resource.update(context, id, state, { ...checked.inputs, ...next });
    expect(holds(sim)).toEqual(expected);
  });
});
