// VKE as the simulator's core and the cloud's gateway know it.
import { z } from "zod";
import { milliseconds, objectOf, type WorldParts } from "../../product";
import type { VolcengineProduct } from "../product";
import type { AllVolcengineSettings } from "../settings";
import { vkeActions } from "./actions";
import { configFixture, instanceFixture, type VkeCluster } from "./cluster";
import { vkeFaults } from "./faults";
import { VkeWorld } from "./world";

const namedState = z.strictObject({ state: z.string() });
const consoleAction = z.strictObject({
  action: z.enum(["start", "stop", "restart"]),
  application: z.string(),
  component: z.string(),
  name: z.string().optional(),
});

export const vke = {
  path: "volcengine/vke",
  actions: vkeActions,
  faults: vkeFaults,
  takeLock: (vke, { ClusterId }, milliseconds) => {
    const cluster = vke.clusters().find(({ clusterId }) => clusterId === ClusterId);
    if (cluster) vke.holdCluster(cluster.clusterId, milliseconds);
  },
  state: (vke) => ({
    virtualClusters: vke.clusters().map((cluster) => vkeState(vke, cluster)),
    operations: vke.operations(),
  }),
  newWorld: ({ clock, settings, ids }: WorldParts<AllVolcengineSettings>) =>
    new VkeWorld(clock, settings, ids),
  routes: {
    "POST clusters": (vke, { body }) => vkeState(vke, vke.createCluster(objectOf(body))),
    "GET clusters": (vke) => vke.clusters().map((cluster) => vkeState(vke, cluster)),
    "GET clusters/*": (vke, { parts: [clusterId = ""] }) => vkeState(vke, vke.cluster(clusterId)),
    "PATCH clusters/*": (vke, { body, parts: [clusterId = ""] }) => {
      vke.setClusterState(clusterId, namedState.parse(body).state);
      return vkeState(vke, vke.cluster(clusterId));
    },
    "DELETE clusters/*": (vke, { parts: [clusterId = ""] }) => {
      vke.removeCluster(clusterId);
      return {};
    },
    "POST clusters/*/lock": (vke, { body, parts: [clusterId = ""] }) => {
      vke.holdCluster(clusterId, milliseconds.parse(body).milliseconds);
      return {};
    },
    "POST clusters/*/actions": (vke, { body, parts: [clusterId = ""] }) => {
      const { action, ...where } = consoleAction.parse(body);
      return vke.actInConsole(clusterId, action, where);
    },
    "DELETE clusters/*/*": (vke, { parts: [clusterId = "", application = ""] }) => {
      vke.removeApplication(clusterId, application);
      return {};
    },
    "POST clusters/*/*/configs": (vke, { body, parts: [clusterId = "", application = ""] }) =>
      vke.setConfig(clusterId, application, configFixture.parse(body)),
    "POST clusters/*/*/*": (vke, { body, parts: [clusterId = "", application = "", component = ""] }) =>
      vke.addInstance(clusterId, application, component, instanceFixture.parse(body)),
    "PATCH clusters/*/*/*/*": (
      vke,
      { body, parts: [clusterId = "", application = "", component = "", name = ""] },
    ) => {
      vke.setState(clusterId, application, component, name, namedState.parse(body).state);
      return vke.instance(clusterId, application, component, name);
    },
    "DELETE clusters/*/*/*/*": (
      vke,
      { parts: [clusterId = "", application = "", component = "", name = ""] },
    ) => {
      vke.removeInstance(clusterId, application, component, name);
      return {};
    },
    "GET operations": (vke) => vke.operations(),
    "POST operations/*/release": (vke, { parts: [operationId = ""] }) => {
      vke.release(operationId);
      return vke.operation(operationId);
    },
    "POST operations/*/cancel": (vke, { parts: [operationId = ""] }) => {
      vke.cancel(operationId);
      return vke.operation(operationId);
    },
  },
} satisfies VolcengineProduct<VkeWorld>;

function vkeState(vke: VkeWorld, cluster: VkeCluster) {
  const { clusterId, clusterName, region, state, applications } = cluster;
  const configs = [...applications.values()].map((application) => [application.name, application.configs]);
  return {
    clusterId,
    clusterName,
    region,
    state,
    busy: cluster.holders,
    instances: vke.instances(clusterId),
    configs: Object.fromEntries(configs),
  };
}
