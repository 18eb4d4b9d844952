// What each resource is tried with: a world that holds what its inputs name, and what the schemas cannot tell of them.
import { poolTag } from "../../provider/tencent/emr/nodePool/schema";
import { defaultFlavorId, defaultProjectId, type Simulator } from "../../simulator/index";
import type { Pair } from "./schemaPaths";

export type Inputs = Record<string, unknown>;

export interface Subject {
  type: string;
  /** Makes what the inputs name. */
  world(sim: Simulator, inputs: Inputs): void;
  base: Inputs;
  /** What the inputs become after the create, one update each. */
  updates(inputs: Inputs): Inputs[];
  /** Values that the schema cannot tell, by path. */
  values: Readonly<Record<string, Pair>>;
  /** What an input needs beside it, for its first value and its second where they differ. Undefined takes away. */
  beside: Readonly<Record<string, Inputs | readonly [Inputs, Inputs]>>;
  /** Inputs of which one value ends the operation with an error. */
  stops: readonly string[];
  /** Further changes of inputs, for what only they make the provider send. */
  changes?: readonly (readonly [Inputs, Inputs])[];
  /** Inputs that change no request, and why. */
  unsent: Readonly<Record<string, string>>;
}

const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
const limits = {
  "timeouts.create": "only a limit",
  "timeouts.update": "only a limit",
  "timeouts.delete": "only a limit",
};
const regions: Pair = ["ap-guangzhou", "ap-shanghai"];
const profiles: Pair = [undefined, "other"];
const monthly = { payMode: 1, timeSpan: 1 };
const pods = { hardwareResourceType: "POD" };
const podSpec = {
  resourceProviderIdentifier: "cls-1",
  resourceProviderType: "tke",
  nodeType: "TASK",
  cpu: 1,
  memory: 1,
};
/** Nodes that are there before the pool. */
const [first, second, claimed] = ["emr-vm-given1", "emr-vm-given2", "emr-vm-given3"];
const members = { adopt: [first, second], count: 2 };

const poolBase = { clusterId: "emr-a1", role: "task", count: 2, poolId: "workers" };
const tag = (tagKey: string, tagValue: string) => ({ tagKey, tagValue });

const pool: Subject = {
  type: "tencent:EmrNodePool",
  base: poolBase,
  changes: [
    [
      { ...poolBase, tags: [tag("a", "1"), tag("b", "1")] },
      { ...poolBase, tags: [tag("a", "2")] },
    ],
  ],
  updates: (inputs) => [
    { ...inputs, count: Number(inputs["count"]) + 1 },
    { ...inputs, count: 1 },
  ],
  world(sim, inputs) {
    const clusterId = text(inputs["clusterId"], "");
    sim.emr.createCluster({
      clusterId,
      region: text(inputs["region"], "ap-guangzhou"),
      supportsPod: true,
      serviceClass: inputs["clickHouseClusterName"] ? "CLICKHOUSE" : "EMR",
      nodes: { master: 1, core: 2, router: 1 },
    });
    for (const id of [first, second])
      sim.emr.addForeignNode(clusterId, { emrResourceId: id, orderNo: id.replace("emr-vm", "ins") });
    if (inputs["exclude"]) {
      const tags = [{ TagKey: poolTag, TagValue: text(inputs["poolId"], "") }];
      sim.emr.addForeignNode(clusterId, { emrResourceId: claimed, tags });
    }
  },
  values: {
    region: regions,
    profile: profiles,
    role: ["router", "master"],
    count: [2, 4],
    timeUnit: [undefined, "s"],
    timeSpan: [1, 2],
    hardwareResourceType: [undefined, "HOST"],
    zoneId: [100003, 100004],
    subnetId: ["subnet-sim00001", "subnet-sim00002"],
    scaleOutServiceConfAssign: ['{"YARN-3.2.2":-1}', '{"YARN-3.2.2":1}'],
    "podParameter.config": ['{"a":1}', '{"a":2}'],
    adopt: [[first], [second]],
    exclude: [[second], [claimed]],
    "scaleIn.nodes": [[first], [second]],
  },
  beside: {
    role: { deletionPolicy: "leave" },
    payMode: [{}, { timeSpan: 1 }],
    timeSpan: monthly,
    autoRenew: monthly,
    podSpec: pods,
    podParameter: { ...pods, podSpec },
    clickHouseClusterName: { clickHouseClusterType: "old" },
    clickHouseClusterType: { clickHouseClusterName: "a" },
    "scaleIn.nodes": members,
    "scaleIn.allowCoreScaleIn": { role: "core" },
  },
  stops: ["role", "exclude", "scaleIn.allowCoreScaleIn"],
  unsent: {
    ...limits,
    timeUnit: "follows from payMode, which it has to fit",
    "podSpec.resourceProviderType": "has one value",
    "podSpec.nodeType": "has one value",
  },
};

const service: Subject = {
  type: "tencent:EmrServiceState",
  base: { clusterId: "emr-a1", service: "YARN", state: "running" },
  updates: restarted,
  world(sim, inputs) {
    const clusterId = text(inputs["clusterId"], "");
    sim.emr.createCluster({ clusterId, region: text(inputs["region"], "ap-guangzhou") });
    if (inputs["state"] === "running") sim.emr.stopProcesses(clusterId, {});
  },
  values: {
    region: regions,
    profile: profiles,
    service: ["YARN", "HDFS"],
    components: [["NodeManager"], ["ResourceManager"]],
    nodeIps: [["10.0.0.11"], ["10.0.0.12"]],
    onDelete: ["leave", "stopped"],
  },
  beside: { nodeIps: { components: ["NodeManager"] } },
  stops: [],
  unsent: limits,
};

/** A change of the triggers, which restarts what runs. */
function restarted(inputs: Inputs): Inputs[] {
  return [{ ...inputs, restartTriggers: { ...(inputs["restartTriggers"] as object), more: "1" } }];
}

const oldVersion = "SuperSQL-S 1.0";

const image = (sim: Simulator): Subject => ({
  type: "tencent:DlcEngineImage",
  base: { dataEngineId: "DataEngine-a1", imageVersion: "SuperSQL-S 3.5" },
  updates: () => [],
  world(world, inputs) {
    world.dlc.createEngine({
      dataEngineId: text(inputs["dataEngineId"], "DataEngine-a1"),
      dataEngineName: text(inputs["dataEngineName"], "engine-a1"),
      region: text(inputs["region"], "ap-guangzhou"),
      imageVersion: oldVersion,
      childImageVersion: `${oldVersion}.1`,
      state: inputs["allowSuspended"] === undefined ? 2 : 1,
    });
  },
  values: {
    region: regions,
    profile: profiles,
    dataEngineId: ["DataEngine-a1", "DataEngine-b2"],
    dataEngineName: ["engine-a1", "engine-b2"],
    imageVersion: ["SuperSQL-S 3.5", oldVersion],
    imageVersionId: ["SuperSQL-S 3.5", oldVersion].map((name) => sim.dlc.image(name).imageVersionId) as never,
  },
  beside: {
    dataEngineName: { dataEngineId: undefined },
    imageVersionId: { imageVersion: undefined },
    childVersion: { imageVersion: oldVersion },
  },
  stops: ["allowSuspended"],
  unsent: limits,
});

const otherProject = "fedcba9876543210fedcba9876543210";

const group: Subject = {
  type: "huawei:DdmNodeGroup",
  base: { instanceId: "ddm-a1", flavorId: defaultFlavorId, nodeCount: 3 },
  updates: () => [],
  world(sim, inputs) {
    sim.settings.huawei.projects.push({ id: otherProject, name: "eu-west-101_other" });
    const [flavor] = sim.ddm.flavors;
    const flavorId = text(inputs["flavorId"], "");
    if (flavor) sim.ddm.flavors.push({ ...flavor, id: "flavor-b2" });
    const groups = inputs["groupId"]
      ? [
          { groupId: "a0gr09", flavorId },
          { groupId: "b0gr09", flavorId },
        ]
      : [{ flavorId }];
    sim.ddm.createInstance({
      instanceId: text(inputs["instanceId"], ""),
      charging: inputs["availabilityZones"] ? "prePaid" : "postPaid",
      projectId: text(inputs["projectId"], defaultProjectId),
      groups,
    });
  },
  values: {
    region: ["eu-west-101", "eu-west-102"],
    profile: profiles,
    projectId: [defaultProjectId, otherProject],
    groupId: ["a0gr09", "b0gr09"],
    flavorId: [defaultFlavorId, "flavor-b2"],
    nodeCount: [3, 4],
    availabilityZones: [["eu-west-101a"], ["eu-west-101b"]],
  },
  beside: { availabilityZones: { isAutoPay: true }, "scaleIn.allowed": { nodeCount: 1 } },
  stops: ["scaleIn.allowed"],
  unsent: {
    ...limits,
    region: "part of the host's name, where no endpoint is configured",
    cancelledOrders: "names orders that are no longer waited for",
    "scaleIn.allowed": "without it a removal is refused before any call",
  },
};

const application: Subject = {
  type: "volcengine:EmrApplicationState",
  base: { clusterId: "emr-a1", application: "Ray", components: ["RayOperator"], state: "running" },
  updates: (inputs) => (inputs["state"] === "running" ? restarted(inputs) : []),
  world(sim, inputs) {
    sim.settings.volcengine.actionNameCase = "ignored";
    const instance = (name: string) => ({
      name,
      state: inputs["state"] === "running" ? "STOPPED" : "STARTED",
    });
    const components = { RayOperator: [instance("operator")], RayCluster: [instance("a"), instance("b")] };
    sim.vke.createCluster({
      clusterId: text(inputs["clusterId"], ""),
      region: text(inputs["region"], "cn-beijing"),
      applications: { Ray: { ...components, RayHistoryServer: [instance("history")] }, Spark: components },
    });
  },
  values: {
    region: ["cn-beijing", "cn-shanghai"],
    profile: profiles,
    application: ["Ray", "Spark"],
    components: [["RayOperator"], ["RayHistoryServer"]],
    "actionNames.start": ["start", "START"],
    "actionNames.stop": ["stop", "STOP"],
    "actionNames.restart": ["restart", "RESTART"],
    onDelete: ["leave", "stopped"],
  },
  beside: { releaseName: { components: ["RayCluster"] }, "actionNames.stop": { state: "stopped" } },
  stops: [],
  unsent: { ...limits, actualState: "says what cannot be seen" },
};

export const subjectsIn = (sim: Simulator): Subject[] => [pool, service, image(sim), group, application];

const nextPage = "only for the second page and those after it";
const ofClusters = "only for the function getEmrClusters, and the second page";
const ofFlavors = "only for the function getDdmFlavors";
const ofInstances = "only for the function getDdmInstances";
const ofOtherKinds = "only for engines that the plain list leaves out";

/** Fields of requests that the resources do not send here, and why. */
export const notSent: Readonly<Record<string, string>> = {
  "DescribeInstances orderField": ofClusters,
  "DescribeInstances asc": ofClusters,
  "DescribeInstances offset": ofClusters,
  "DescribeInstances limit": ofClusters,
  "DescribeClusterNodes offset": nextPage,
  "DescribeClusterNodes limit": nextPage,
  "DescribeDataEngines engineExecType": ofOtherKinds,
  "DescribeDataEngines engineGeneration": ofOtherKinds,
  "DescribeDataEngines offset": nextPage,
  "ListApplications nextToken": nextPage,
  "ListComponentInstances nextToken": nextPage,
  "ListConfigs nextToken": nextPage,
  "ListOperations nextToken": nextPage,
  "list flavours query.engine_version": ofFlavors,
  "list flavours query.limit": ofFlavors,
  "list flavours query.offset": ofFlavors,
  "list instances query.limit": ofInstances,
  "list instances query.offset": ofInstances,
};
