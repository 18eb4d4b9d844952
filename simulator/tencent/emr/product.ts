// EMR as the simulator's core and the cloud's gateway know it.
import { z } from "zod";
import { milliseconds, objectOf, type WorldParts } from "../../product";
import type { TencentProduct } from "../product";
import { emrActions } from "./actions";
import { emrFaults } from "./faults";
import { type EmrSettings, emrSettings } from "./settings";
import { EmrWorld } from "./world";

const processSelector = z.strictObject({
  service: z.string().optional(),
  component: z.string().optional(),
  ip: z.string().optional(),
});
const processChange = processSelector.extend({ set: z.record(z.string(), z.unknown()) });

export const emr = {
  path: "tencent/emr",
  version: "2019-01-03",
  regionRequired: false,
  actions: emrActions,
  settings: emrSettings,
  faults: emrFaults,
  // A change of tags names no cluster, an order for a compute resource need not: they find all of them taken.
  takeLock: (emr, { InstanceId }, milliseconds) => {
    for (const { clusterId } of emr.clusters()) {
      if (!InstanceId || InstanceId === clusterId) emr.holdLock(clusterId, milliseconds);
    }
  },
  state: (emr) => ({
    clusters: emr.clusters().map((cluster) => ({
      clusterId: cluster.clusterId,
      clusterName: cluster.clusterName,
      region: cluster.region,
      status: emr.status(cluster),
      busy: cluster.holders.map((holder) => holder.description),
      nodes: emr.nodes(cluster.clusterId),
      purchases: cluster.purchases,
      flows: cluster.flows,
    })),
  }),
  newWorld: ({ clock, settings, ids }: WorldParts<EmrSettings>) => new EmrWorld(clock, settings, ids),
  routes: {
    "POST clusters": (emr, { body }) => {
      const { clusterId } = emr.createCluster(objectOf(body));
      return { clusterId, nodes: emr.nodes(clusterId) };
    },
    "DELETE clusters/*": (emr, { parts: [clusterId = ""] }) => {
      emr.destroyCluster(clusterId);
      return {};
    },
    "GET clusters/*/nodes": (emr, { parts: [clusterId = ""] }) => emr.nodes(clusterId),
    "GET clusters/*/purchases": (emr, { parts: [clusterId = ""] }) => emr.purchases(clusterId),
    "POST clusters/*/nodes": (emr, { body, parts: [clusterId = ""] }) =>
      emr.addForeignNode(clusterId, objectOf(body)),
    "POST clusters/*/autoscaled": (emr, { body, parts: [clusterId = ""] }) =>
      emr.addAutoscaledNode(clusterId, objectOf(body)),
    "DELETE clusters/*/nodes/*": (emr, { parts: [clusterId = "", nodeId = ""] }) => {
      emr.removeNode(clusterId, nodeId);
      return {};
    },
    "POST clusters/*/nodes/*/replace": (emr, { parts: [clusterId = "", nodeId = ""] }) =>
      emr.replaceNode(clusterId, nodeId),
    "GET clusters/*/services": (emr, { parts: [clusterId = ""] }) => emr.services(clusterId),
    "PATCH clusters/*/processes": (emr, { body, parts: [clusterId = ""] }) => {
      const { set, ...selector } = processChange.parse(body);
      return emr.changeProcesses(clusterId, selector, set);
    },
    "POST clusters/*/processes/stop": (emr, { body, parts: [clusterId = ""] }) =>
      emr.stopProcesses(clusterId, processSelector.parse(body)),
    "POST clusters/*/processes/restart": (emr, { body, parts: [clusterId = ""] }) =>
      emr.restartProcesses(clusterId, processSelector.parse(body)),
    "POST clusters/*/lock": (emr, { body, parts: [clusterId = ""] }) => {
      emr.holdLock(clusterId, milliseconds.parse(body).milliseconds);
      return {};
    },
    "POST clusters/*/flows/*/release": (emr, { parts: [clusterId = "", traceId = ""] }) => {
      emr.releaseFlow(clusterId, traceId);
      return {};
    },
  },
} satisfies TencentProduct<EmrWorld>;
