// Two stacks of two machines, which know nothing of each other, change one cluster, engine or instance at the same time.
import { expect, test } from "vitest";
import type { ListedResource } from "../engine/resourceList";
import { isLook } from "./changes";
import {
  applicationState,
  declare,
  engineImage,
  makeStand,
  nodeGroup,
  pool,
  type Stand,
  serviceState,
  stepsOf,
} from "./stand";
import { dataEngineId, instanceId, newVersion, vkeClusterId } from "./subjects";

interface Pair {
  /** What each of them declares. */
  of: [ListedResource, ListedResource];
  /** How many changes these take in all. */
  changes: number;
}

const pairs: [string, (stand: Stand) => Pair][] = [
  [
    "pools",
    (stand) => ({
      of: [pool(stand, 2), pool(stand, 3, { poolId: "others/test/workers" })],
      changes: 2,
    }),
  ],
  [
    "services",
    (stand) => ({
      of: [
        serviceState(stand, { service: "YARN", state: "stopped" }),
        serviceState(stand, { service: "HDFS", state: "stopped" }),
      ],
      changes: 2,
    }),
  ],
  [
    "the same service, which both want stopped",
    (stand) => ({
      of: [serviceState(stand, { state: "stopped" }), serviceState(stand, { state: "stopped" })],
      changes: 1,
    }),
  ],
  [
    "the same engine, which both want to have one version",
    ({ sim }) => {
      sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
      const image = engineImage({ dataEngineId, imageVersion: newVersion });
      return { of: [image, image], changes: 1 };
    },
  ],
  [
    "node groups",
    ({ sim }) => {
      sim.ddm.createInstance({ instanceId, groups: [{ name: "one" }, { name: "two" }] });
      const groups = sim.ddm.groups(instanceId).map(({ groupId, flavorId }) => {
        const nodes = sim.ddm.nodes(instanceId).filter((node) => node.groupId === groupId);
        return nodeGroup({ instanceId, groupId, flavorId, nodeCount: nodes.length + 1 });
      });
      return { of: groups as Pair["of"], changes: 2 };
    },
  ],
  [
    "components",
    ({ sim }) => {
      sim.vke.createCluster({
        clusterId: vkeClusterId,
        applications: { Ray: { RayOperator: ["operator"], RayHistoryServer: ["history"] } },
      });
      const stopped = (component: string) =>
        applicationState({
          clusterId: vkeClusterId,
          application: "RAY",
          components: [component],
          state: "stopped",
        });
      return { of: [stopped("RayOperator"), stopped("RayHistoryServer")], changes: 2 };
    },
  ],
];

test.each(pairs)("%s", async (_, make) => {
  const one = await makeStand();
  const two = await makeStand({ sim: one.sim, project: "others" });
  const { of, changes } = make(one);
  declare(one, of[0]);
  declare(two, of[1]);
  const ups = await Promise.all([one.stack.up(), two.stack.up()]);
  expect(ups.map(({ error }) => error)).toEqual([undefined, undefined]);
  const acted = () => one.sim.journal.filter((call) => call.acted && !isLook(call.action));
  const before = acted().map(({ action }) => action);
  expect(before.length).toBeLessThanOrEqual(2);
  expect(before.length).toBeGreaterThanOrEqual(changes);
  for (const { stack } of [one, two]) expect(stepsOf(await stack.up())).toEqual([]);
  expect(acted()).toHaveLength(before.length);
});
