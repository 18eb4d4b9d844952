// The control API under /_sim/: what the library offers, for callers in other processes.
import { setTimeout as realDelay } from "node:timers/promises";
import { z } from "zod";
import { type Fault, faultSchema } from "./faults";
import { patchSettings } from "./settings";
import type { Simulator } from "./simulator";
import { imageFixture } from "./tencent/dlc/image";
import { configFixture, instanceFixture, type VkeCluster } from "./volcengine/vke/cluster";

export interface ControlAnswer {
  status: number;
  body: unknown;
}

type Route = (simulator: Simulator, request: ControlRequest) => unknown;

interface ControlRequest {
  body: unknown;
  query: URLSearchParams;
  /** Variable parts of the path, in order. */
  parts: string[];
}

const milliseconds = z.object({ milliseconds: z.number().nonnegative() });

const processSelector = z.strictObject({
  service: z.string().optional(),
  component: z.string().optional(),
  ip: z.string().optional(),
});
const processChange = processSelector.extend({ set: z.record(z.string(), z.unknown()) });
const move = z.strictObject({ imageVersionId: z.string(), childImageVersionId: z.string().optional() });
const namedState = z.strictObject({ state: z.string() });
const consoleAction = z.strictObject({
  action: z.enum(["start", "stop", "restart"]),
  application: z.string(),
  component: z.string(),
  name: z.string().optional(),
});
const child = z.strictObject({ imageVersion: z.string().optional() });

/** `*` stands for one path segment. */
const routes: Record<string, Route> = {
  "GET /_sim/clock": ({ clock }) => ({ now: clock.now() }),
  "POST /_sim/clock/sleep": async ({ clock, clockMode }, { body }) => {
    const wanted = milliseconds.parse(body).milliseconds;
    if (clockMode === "stepped") clock.advance(wanted);
    else await realDelay(wanted);
    return { now: clock.now() };
  },
  "POST /_sim/clock/advance": ({ clock }, { body }) => {
    clock.advance(milliseconds.parse(body).milliseconds);
    return { now: clock.now() };
  },

  "GET /_sim/state": (simulator) => ({
    now: simulator.clock.now(),
    clusters: simulator.emr.clusters().map((cluster) => ({
      clusterId: cluster.clusterId,
      clusterName: cluster.clusterName,
      region: cluster.region,
      status: simulator.emr.status(cluster),
      busy: cluster.holders.map((holder) => holder.description),
      nodes: simulator.emr.nodes(cluster.clusterId),
      purchases: cluster.purchases,
      flows: cluster.flows,
    })),
    engines: simulator.dlc.engines(),
    instances: simulator.ddm.instances(),
    orders: simulator.ddm.orders(),
    virtualClusters: simulator.vke.clusters().map((cluster) => vkeState(simulator, cluster)),
    operations: simulator.vke.operations(),
    settings: simulator.settings,
    faults: simulator.faults.pending,
  }),
  "GET /_sim/journal": ({ journal }, { query }) => {
    const since = Number(query.get("since") ?? 0);
    return journal.filter((entry) => entry.sequence > since);
  },
  "GET /_sim/settings": ({ settings }) => settings,
  "PATCH /_sim/settings": ({ settings }, { body }) => {
    patchSettings(settings, body);
    return settings;
  },
  "POST /_sim/faults": ({ faults }, { body }) => {
    const list = z.union([faultSchema, z.array(faultSchema)]).parse(body);
    for (const fault of Array.isArray(list) ? list : [list]) faults.add(fault as Fault);
    return faults.pending;
  },
  "DELETE /_sim/faults": ({ faults }) => {
    faults.clear();
    return [];
  },
  "POST /_sim/reset": (simulator) => {
    simulator.reset();
    return {};
  },

  "POST /_sim/tencent/emr/clusters": ({ emr }, { body }) => {
    const { clusterId } = emr.createCluster(objectOf(body));
    return { clusterId, nodes: emr.nodes(clusterId) };
  },
  "DELETE /_sim/tencent/emr/clusters/*": ({ emr }, { parts: [clusterId = ""] }) => {
    emr.destroyCluster(clusterId);
    return {};
  },
  "GET /_sim/tencent/emr/clusters/*/nodes": ({ emr }, { parts: [clusterId = ""] }) => emr.nodes(clusterId),
  "GET /_sim/tencent/emr/clusters/*/purchases": ({ emr }, { parts: [clusterId = ""] }) =>
    emr.purchases(clusterId),
  "POST /_sim/tencent/emr/clusters/*/nodes": ({ emr }, { body, parts: [clusterId = ""] }) =>
    emr.addForeignNode(clusterId, objectOf(body)),
  "POST /_sim/tencent/emr/clusters/*/autoscaled": ({ emr }, { body, parts: [clusterId = ""] }) =>
    emr.addAutoscaledNode(clusterId, objectOf(body)),
  "DELETE /_sim/tencent/emr/clusters/*/nodes/*": ({ emr }, { parts: [clusterId = "", nodeId = ""] }) => {
    emr.removeNode(clusterId, nodeId);
    return {};
  },
  "POST /_sim/tencent/emr/clusters/*/nodes/*/replace": ({ emr }, { parts: [clusterId = "", nodeId = ""] }) =>
    emr.replaceNode(clusterId, nodeId),
  "GET /_sim/tencent/emr/clusters/*/services": ({ emr }, { parts: [clusterId = ""] }) =>
    emr.services(clusterId),
  "PATCH /_sim/tencent/emr/clusters/*/processes": ({ emr }, { body, parts: [clusterId = ""] }) => {
    const { set, ...selector } = processChange.parse(body);
    return emr.changeProcesses(clusterId, selector, set);
  },
  "POST /_sim/tencent/emr/clusters/*/processes/stop": ({ emr }, { body, parts: [clusterId = ""] }) =>
    emr.stopProcesses(clusterId, processSelector.parse(body)),
  "POST /_sim/tencent/emr/clusters/*/processes/restart": ({ emr }, { body, parts: [clusterId = ""] }) =>
    emr.restartProcesses(clusterId, processSelector.parse(body)),
  "POST /_sim/tencent/emr/clusters/*/lock": ({ emr }, { body, parts: [clusterId = ""] }) => {
    emr.holdLock(clusterId, milliseconds.parse(body).milliseconds);
    return {};
  },
  "POST /_sim/tencent/emr/clusters/*/flows/*/release": (
    { emr },
    { parts: [clusterId = "", traceId = ""] },
  ) => {
    emr.releaseFlow(clusterId, traceId);
    return {};
  },

  "POST /_sim/tencent/dlc/engines": ({ dlc }, { body }) => dlc.createEngine(objectOf(body)),
  "GET /_sim/tencent/dlc/engines": ({ dlc }) => dlc.engines(),
  "GET /_sim/tencent/dlc/engines/*": ({ dlc }, { parts: [engineId = ""] }) => dlc.engine(engineId),
  "PATCH /_sim/tencent/dlc/engines/*": ({ dlc }, { body, parts: [engineId = ""] }) =>
    dlc.changeEngine(engineId, objectOf(body)),
  "DELETE /_sim/tencent/dlc/engines/*": ({ dlc }, { parts: [engineId = ""] }) => {
    dlc.destroyEngine(engineId);
    return {};
  },
  "POST /_sim/tencent/dlc/engines/*/version": ({ dlc }, { body, parts: [engineId = ""] }) => {
    const { imageVersionId, childImageVersionId } = move.parse(body);
    dlc.moveVersion(engineId, imageVersionId, childImageVersionId);
    return dlc.engine(engineId);
  },
  "POST /_sim/tencent/dlc/engines/*/lock": ({ dlc }, { body, parts: [engineId = ""] }) => {
    dlc.holdEngine(engineId, milliseconds.parse(body).milliseconds);
    return {};
  },
  "GET /_sim/tencent/dlc/images": ({ dlc }) => dlc.images(),
  "POST /_sim/tencent/dlc/images": ({ dlc }, { body }) => dlc.createImage(imageFixture.parse(body)),
  "DELETE /_sim/tencent/dlc/images/*": ({ dlc }, { parts: [imageVersionId = ""] }) => {
    dlc.withdrawImage(imageVersionId);
    return {};
  },
  "POST /_sim/tencent/dlc/images/*/children": ({ dlc }, { body, parts: [imageVersionId = ""] }) =>
    dlc.createChildImage(imageVersionId, child.parse(body).imageVersion),

  "POST /_sim/huawei/ddm/instances": ({ ddm }, { body }) => ddm.createInstance(objectOf(body)),
  "GET /_sim/huawei/ddm/instances": ({ ddm }) => ddm.instances(),
  "GET /_sim/huawei/ddm/instances/*": ({ ddm }, { parts: [instanceId = ""] }) => ddm.instance(instanceId),
  "PATCH /_sim/huawei/ddm/instances/*": ({ ddm }, { body, parts: [instanceId = ""] }) =>
    ddm.changeInstance(instanceId, objectOf(body)),
  "DELETE /_sim/huawei/ddm/instances/*": ({ ddm }, { parts: [instanceId = ""] }) => {
    ddm.destroyInstance(instanceId);
    return {};
  },
  "GET /_sim/huawei/ddm/instances/*/purchases": ({ ddm }, { parts: [instanceId = ""] }) =>
    ddm.purchases(instanceId),
  "GET /_sim/huawei/ddm/instances/*/nodes": ({ ddm }, { parts: [instanceId = ""] }) => ddm.nodes(instanceId),
  "POST /_sim/huawei/ddm/instances/*/nodes": ({ ddm }, { body, parts: [instanceId = ""] }) =>
    ddm.addNode(instanceId, objectOf(body)),
  "PATCH /_sim/huawei/ddm/instances/*/nodes/*": ({ ddm }, { body, parts: [instanceId = "", nodeId = ""] }) =>
    ddm.changeNode(instanceId, nodeId, objectOf(body)),
  "DELETE /_sim/huawei/ddm/instances/*/nodes/*": ({ ddm }, { parts: [instanceId = "", nodeId = ""] }) => {
    ddm.removeNode(instanceId, nodeId);
    return {};
  },
  "POST /_sim/huawei/ddm/instances/*/groups": ({ ddm }, { body, parts: [instanceId = ""] }) =>
    ddm.addGroup(instanceId, objectOf(body)),
  "DELETE /_sim/huawei/ddm/instances/*/groups/*": ({ ddm }, { parts: [instanceId = "", groupId = ""] }) => {
    ddm.removeGroup(instanceId, groupId);
    return {};
  },
  "POST /_sim/huawei/ddm/instances/*/lock": ({ ddm }, { body, parts: [instanceId = ""] }) => {
    ddm.holdLock(instanceId, milliseconds.parse(body).milliseconds);
    return {};
  },
  "GET /_sim/huawei/ddm/orders": ({ ddm }) => ddm.orders(),
  "POST /_sim/huawei/ddm/orders/*/pay": ({ ddm }, { parts: [orderId = ""] }) => ddm.payOrder(orderId),
  "POST /_sim/huawei/ddm/orders/*/cancel": ({ ddm }, { parts: [orderId = ""] }) => ddm.cancelOrder(orderId),
  "POST /_sim/huawei/iam/revoke": ({ iam }) => {
    iam.revokeTokens();
    return {};
  },

  "POST /_sim/volcengine/vke/clusters": (simulator, { body }) =>
    vkeState(simulator, simulator.vke.createCluster(objectOf(body))),
  "GET /_sim/volcengine/vke/clusters": (simulator) =>
    simulator.vke.clusters().map((cluster) => vkeState(simulator, cluster)),
  "GET /_sim/volcengine/vke/clusters/*": (simulator, { parts: [clusterId = ""] }) =>
    vkeState(simulator, simulator.vke.cluster(clusterId)),
  "PATCH /_sim/volcengine/vke/clusters/*": (simulator, { body, parts: [clusterId = ""] }) => {
    simulator.vke.setClusterState(clusterId, namedState.parse(body).state);
    return vkeState(simulator, simulator.vke.cluster(clusterId));
  },
  "DELETE /_sim/volcengine/vke/clusters/*": ({ vke }, { parts: [clusterId = ""] }) => {
    vke.removeCluster(clusterId);
    return {};
  },
  "POST /_sim/volcengine/vke/clusters/*/lock": ({ vke }, { body, parts: [clusterId = ""] }) => {
    vke.holdCluster(clusterId, milliseconds.parse(body).milliseconds);
    return {};
  },
  "POST /_sim/volcengine/vke/clusters/*/actions": ({ vke }, { body, parts: [clusterId = ""] }) => {
    const { action, ...where } = consoleAction.parse(body);
    return vke.actInConsole(clusterId, action, where);
  },
  "DELETE /_sim/volcengine/vke/clusters/*/*": ({ vke }, { parts: [clusterId = "", application = ""] }) => {
    vke.removeApplication(clusterId, application);
    return {};
  },
  "POST /_sim/volcengine/vke/clusters/*/*/configs": (
    { vke },
    { body, parts: [clusterId = "", application = ""] },
  ) => vke.setConfig(clusterId, application, configFixture.parse(body)),
  "POST /_sim/volcengine/vke/clusters/*/*/*": (
    { vke },
    { body, parts: [clusterId = "", application = "", component = ""] },
  ) => vke.addInstance(clusterId, application, component, instanceFixture.parse(body)),
  "PATCH /_sim/volcengine/vke/clusters/*/*/*/*": (
    { vke },
    { body, parts: [clusterId = "", application = "", component = "", name = ""] },
  ) => {
    vke.setState(clusterId, application, component, name, namedState.parse(body).state);
    return vke.instance(clusterId, application, component, name);
  },
  "DELETE /_sim/volcengine/vke/clusters/*/*/*/*": (
    { vke },
    { parts: [clusterId = "", application = "", component = "", name = ""] },
  ) => {
    vke.removeInstance(clusterId, application, component, name);
    return {};
  },
  "GET /_sim/volcengine/vke/operations": ({ vke }) => vke.operations(),
  "POST /_sim/volcengine/vke/operations/*/release": ({ vke }, { parts: [operationId = ""] }) => {
    vke.release(operationId);
    return vke.operation(operationId);
  },
  "POST /_sim/volcengine/vke/operations/*/cancel": ({ vke }, { parts: [operationId = ""] }) => {
    vke.cancel(operationId);
    return vke.operation(operationId);
  },
};

function vkeState({ vke }: Simulator, cluster: VkeCluster) {
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

export async function control(
  simulator: Simulator,
  method: string,
  url: URL,
  bodyText: string,
): Promise<ControlAnswer> {
  const path = `${method} ${url.pathname}`.split("/");
  for (const [pattern, route] of Object.entries(routes)) {
    const parts = match(pattern.split("/"), path);
    if (!parts) continue;
    try {
      const body = bodyText === "" ? {} : JSON.parse(bodyText);
      return { status: 200, body: await route(simulator, { body, query: url.searchParams, parts }) };
    } catch (error) {
      const text = error instanceof z.ZodError ? z.prettifyError(error) : String((error as Error).message);
      return { status: 400, body: { error: text } };
    }
  }
  return {
    status: 404,
    body: { error: `The simulator has no ${method} ${url.pathname}.`, known: Object.keys(routes) },
  };
}

function match(pattern: string[], path: string[]): string[] | undefined {
  if (pattern.length !== path.length) return undefined;
  const parts: string[] = [];
  for (const [index, wanted] of pattern.entries()) {
    const given = path[index] ?? "";
    if (wanted === "*") parts.push(decodeURIComponent(given));
    else if (wanted !== given) return undefined;
  }
  return parts;
}

function objectOf(body: unknown): Record<string, never> {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new Error("The body must be a JSON object.");
  }
  return body as Record<string, never>;
}
