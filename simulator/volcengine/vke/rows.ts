// How clusters, applications, instances, configs and operations look on the wire.
import type { VkeApplication, VkeCluster, VkeConfig, VkeInstance } from "./cluster";
import type { VkeOperation } from "./operation";
import {
  shownId,
  shownInstanceState,
  shownName,
  shownOperationState,
  shownState,
  shownTime,
} from "./spelling";
import type { VkeWorld } from "./world";

const account = { AccountId: 2100000001, UserId: 2100000001 };

export function clusterRow(cluster: VkeCluster, version: string, world: VkeWorld) {
  const { settings } = world;
  return {
    ClusterId: cluster.clusterId,
    ClusterName: cluster.clusterName,
    ReleaseVersion: cluster.releaseVersion,
    ClusterState: shownState(world.clusterState(cluster, version), settings),
    StateChangeReason: cluster.stateChangeReason,
    Region: cluster.region,
    VpcId: cluster.vpcId,
    ProjectName: cluster.projectName,
    CreateTime: shownTime(cluster.createTime, settings),
    ReadyTime: shownTime(cluster.readyTime, settings),
    UpdateTime: shownTime(cluster.updateTime, settings),
    DeleteTime: shownTime(cluster.deleteTime, settings),
    ...account,
    Creator: "simulated-user",
    VkeClusterId: cluster.vkeClusterId,
  };
}

export function applicationRow(application: VkeApplication, clusterId: string, world: VkeWorld) {
  const { settings } = world;
  return {
    ClusterId: clusterId,
    ApplicationName: shownName(application.name, settings),
    ApplicationVersion: application.version,
    ApplicationState: shownState(applicationState(application, world), settings),
    CreateTime: shownTime(application.createTime, settings),
    UpdateTime: shownTime(application.updateTime, settings),
  };
}

function applicationState({ components }: VkeApplication, { settings }: VkeWorld): string {
  const states = [...components.values()].flat().map(({ state }) => state);
  if (!settings.applicationStateFollows || states.length === 0) return settings.applicationStateWord;
  if (states.some((state) => state === "EXCEPTION" || state.endsWith("_FAILED"))) return "EXCEPTION";
  return states.every((state) => state === "STOPPED") ? "STOPPED" : settings.applicationStateWord;
}

/** `lie`: the state to show instead of the true one. */
export function instanceRow(instance: VkeInstance, clusterId: string, world: VkeWorld, lie?: string) {
  const { settings } = world;
  const state = shownInstanceState(lie ?? instance.state, settings);
  const { instanceShape } = settings;
  const [stateField = "", nameField = ""] =
    instanceShape === "unmappable" ? ["Phase", "Pod"] : instanceShape.split("/");
  return {
    ClusterId: clusterId,
    ApplicationName: shownName(instance.application, settings),
    ComponentName: shownName(instance.component, settings),
    ...(settings.namespaceShown ? { Namespace: instance.namespace } : {}),
    [nameField]: instance.name,
    [stateField]: state,
    CreateTime: shownTime(instance.createTime, settings),
    ...(settings.startTimeShown ? { StartTime: shownTime(world.seenStartTime(instance), settings) } : {}),
  };
}

export function configRow(config: VkeConfig, { settings }: VkeWorld) {
  const effective = config.value === config.effective;
  return {
    ComponentName: shownName(config.component, settings),
    FileName: config.file,
    ConfigKey: config.key,
    ConfigValue: config.value,
    Effective: settings.effectiveShape === "boolean" ? effective : String(effective),
  };
}

/** The answer of a call that starts an operation. */
export function acceptedRow({ clusterId, operationId }: VkeOperation, { settings }: VkeWorld) {
  return {
    ClusterId: clusterId,
    ...(settings.operationIdInAnswer ? { OperationId: shownId(operationId, settings) } : {}),
  };
}

export function operationRow(operation: VkeOperation, { settings }: VkeWorld) {
  const { actionName, targets, params, reason } = operation;
  const content = {
    ProductName: "E-MapReduce-VKE",
    ActionName: actionName,
    Components: targets.map(({ application, component }) => ({
      ApplicationName: application,
      ComponentNames: [component],
    })),
    ...(settings.contentEchoesParams ? { ActionParams: params } : {}),
  };
  return {
    ClusterId: operation.clusterId,
    OperationId: shownId(operation.operationId, settings),
    OperationName: "RunApplicationAction",
    OperationType: "PRODUCT",
    ProductName: "E-MapReduce-VKE",
    OperationState: shownOperationState(operation.state, settings),
    StateChangeReason: reason === undefined ? null : shownReason(reason, settings.reasonShape),
    ...account,
    CreateTime: shownTime(operation.createTime, settings),
    UpdateTime: shownTime(operation.endTime ?? operation.startTime ?? operation.createTime, settings),
    StartTime: shownTime(operation.startTime, settings),
    EndTime: shownTime(operation.endTime, settings),
    Content: JSON.stringify(content),
    Operator: operation.by === "caller" ? "simulated-user" : "somebody-else",
    Remark: null,
    ...Object.fromEntries(settings.operationShows),
  };
}

function shownReason(reason: string, shape: "text" | "object"): unknown {
  return shape === "text" ? reason : { code: "OperationFailed", reason };
}
