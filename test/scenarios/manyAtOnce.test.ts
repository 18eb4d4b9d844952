// All five resources at once, thirty of them over six clusters: one after the other on each cluster, side by side across.
import { expect, test } from "vitest";
import type { JournalEntry } from "../../simulator/index";
import {
  applicationState,
  declare,
  engineImage,
  makeStand,
  nodeGroup,
  pool,
  serviceState,
  stepsOf,
} from "./stand";
import { newVersion } from "./subjects";

const emr = ["emr-many1", "emr-many2"];
const vke = ["emr-vke-many1", "emr-vke-many2"];
const dataEngineId = "DataEngine-many1";
const instanceId = "many1in09";

/** Which cluster a call changes. */
function clusterOf({ request, target }: JournalEntry): string {
  const { InstanceId, ClusterId, DataEngineId } = (request ?? {}) as Record<string, string | undefined>;
  return InstanceId ?? ClusterId ?? DataEngineId ?? /instances\/([^/]+)/.exec(target ?? "")?.[1] ?? "";
}

test("thirty resources over six clusters", { timeout: 240_000 }, async () => {
  const stand = await makeStand();
  const { sim, stack } = stand;
  for (const clusterId of emr) sim.emr.createCluster({ clusterId });
  for (const clusterId of vke) {
    sim.vke.createCluster({
      clusterId,
      applications: {
        Ray: { RayCluster: ["a", "b"], RayOperator: ["operator"], RayHistoryServer: ["history"] },
      },
    });
  }
  sim.dlc.createEngine({ dataEngineId });
  sim.ddm.createInstance({ instanceId, groups: [{ name: "one" }, { name: "two" }, { name: "three" }] });

  const resources = [
    ...emr.flatMap((clusterId) => [
      ...[1, 2, 3, 4, 5, 6].map((number) => pool({ clusterId }, 1, {}, `${clusterId}-pool${number}`)),
      ...["HDFS", "YARN", "HIVE"].map((service) =>
        serviceState({ clusterId }, { service, state: "stopped" }, `${clusterId}-${service}`),
      ),
    ]),
    ...vke.flatMap((clusterId) => [
      ...["RayOperator", "RayHistoryServer"].map((component) =>
        applicationState(
          { clusterId, application: "Ray", components: [component], state: "stopped" },
          `${clusterId}-${component}`,
        ),
      ),
      ...["a", "b"].map((releaseName) =>
        applicationState(
          { clusterId, application: "Ray", components: ["RayCluster"], releaseName, state: "stopped" },
          `${clusterId}-${releaseName}`,
        ),
      ),
    ]),
    engineImage({ dataEngineId, imageVersion: newVersion }),
    ...sim.ddm.groups(instanceId).map(({ groupId, flavorId }, index) => {
      const nodeCount = sim.ddm.nodes(instanceId).filter((node) => node.groupId === groupId).length + 1;
      return nodeGroup({ instanceId, groupId, flavorId, nodeCount }, `group${index}`);
    }),
  ];
  expect(resources).toHaveLength(30);
  declare(stand, ...resources);
  const up = await stack.up();
  expect(up.error).toBeUndefined();
  expect(stepsOf(up)).toHaveLength(30);

  const changes = sim.journal.filter(({ acted }) => acted);
  const byCluster = new Map<string, JournalEntry[]>();
  for (const call of changes)
    byCluster.set(clusterOf(call), [...(byCluster.get(clusterOf(call)) ?? []), call]);
  expect([...byCluster.keys()].sort()).toEqual([...emr, ...vke, dataEngineId, instanceId].sort());
  // Serial: no call met a cluster at work, and nothing was under way when the next began.
  expect(sim.journal.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  for (const clusterId of vke) {
    const operations = sim.vke.operations(clusterId);
    expect(operations).toHaveLength(4);
    for (const [index, { createTime }] of operations.entries())
      expect(createTime).toBeGreaterThanOrEqual(operations[index - 1]?.endTime ?? 0);
  }
  // Parallel: everywhere the first change came before the last of any cluster with several.
  const first = [...byCluster.values()].map((calls) => calls[0]?.time ?? 0);
  const last = [...byCluster.values()]
    .filter((calls) => calls.length > 1)
    .map((calls) => calls.at(-1)?.time ?? 0);
  expect(Math.max(...first)).toBeLessThan(Math.min(...last));
  expect(stepsOf(await stack.up())).toEqual([]);
});
