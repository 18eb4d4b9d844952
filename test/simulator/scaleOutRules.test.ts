import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ClusterFixture, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, scaleOut } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

interface Row {
  name: string;
  request: Record<string, unknown>;
  outcome: string;
  cluster?: ClusterFixture;
  settings?: Partial<Settings>;
}

const pod = {
  ResourceProviderIdentifier: "cls-sim00001",
  ResourceProviderType: "tke",
  NodeType: "TASK",
  Cpu: 4,
  Memory: 8,
};
const tag = (TagKey: string, TagValue = "v") => ({ TagKey, TagValue });
const international = { edition: "international" } as const;

const rows: Row[] = [
  { name: "smallest request", request: {}, outcome: "ok" },
  {
    name: "the seed's example, integers as strings",
    request: { CoreCount: "1", PayMode: "0", TimeSpan: "3600" },
    outcome: "ok",
  },
  {
    name: "integers as strings, strict",
    request: { CoreCount: "1" },
    settings: { strictTypes: true },
    outcome: "InvalidParameter",
  },
  { name: "integer that is none", request: { TaskCount: 1.5 }, outcome: "InvalidParameter" },
  { name: "integer for a string", request: { StartServiceAfterScaleOut: true }, outcome: "InvalidParameter" },
  { name: "null", request: { ClientToken: null }, outcome: "InvalidParameter" },
  { name: "no InstanceId", request: { InstanceId: undefined }, outcome: "MissingParameter" },
  { name: "no TimeUnit", request: { TimeUnit: undefined }, outcome: "MissingParameter" },
  { name: "no TimeSpan", request: { TimeSpan: undefined }, outcome: "MissingParameter" },
  { name: "no PayMode", request: { PayMode: undefined }, outcome: "MissingParameter" },
  { name: "unknown field", request: { NodeCount: 1 }, outcome: "UnknownParameter" },
  { name: "unknown member", request: { Tags: [{ Key: "a" }] }, outcome: "UnknownParameter" },
  { name: "mainland field", request: { NodeMarks: { NodeType: "task" } }, outcome: "ok" },
  {
    name: "mainland field, international edition",
    request: { NodeMarks: { NodeType: "task" } },
    settings: international,
    outcome: "UnknownParameter",
  },
  {
    name: "malformed cluster id",
    request: { InstanceId: "cluster 1" },
    outcome: "InvalidParameter.InvalidInstanceName",
  },
  {
    name: "no such cluster",
    request: { InstanceId: "emr-none" },
    outcome: "ResourceNotFound.InstanceNotFound",
  },

  { name: "monthly", request: { PayMode: 1, TimeUnit: "m", TimeSpan: 1 }, outcome: "ok" },
  {
    name: "monthly, international edition",
    request: { PayMode: 1, TimeUnit: "m", TimeSpan: 1 },
    settings: international,
    outcome: "InvalidParameter.InvalidPaymode",
  },
  { name: "pay mode 2", request: { PayMode: 2 }, outcome: "InvalidParameter.InvalidPaymode" },
  {
    name: "hourly by the month",
    request: { TimeUnit: "m", TimeSpan: 1 },
    outcome: "InvalidParameter.InvalidTimeUnit",
  },
  { name: "monthly by the second", request: { PayMode: 1 }, outcome: "InvalidParameter.InvalidTimeUnit" },
  { name: "hourly, two hours", request: { TimeSpan: 7200 }, outcome: "InvalidParameter.InvalidTimeSpan" },
  {
    name: "no month at all",
    request: { PayMode: 1, TimeUnit: "m", TimeSpan: 0 },
    outcome: "InvalidParameter.InvalidTimeSpan",
  },

  { name: "nothing to add", request: { TaskCount: 0 }, outcome: "InvalidParameter.InvalidCount" },
  { name: "negative", request: { TaskCount: -1 }, outcome: "InvalidParameter.InvalidCount" },
  {
    name: "task and core",
    request: { TaskCount: 1, CoreCount: 1 },
    outcome: "InvalidParameter.InvalidCountNum",
  },
  {
    name: "task and router",
    request: { TaskCount: 1, RouterCount: 1 },
    outcome: "InvalidParameter.InvalidCountNum",
  },
  {
    name: "task and router, where that is allowed",
    request: { TaskCount: 1, RouterCount: 1 },
    settings: { mixedRoles: "routerAndMasterAllowed" },
    outcome: "ok",
  },
  { name: "20 task nodes", request: { TaskCount: 20 }, outcome: "ok" },
  { name: "21 task nodes", request: { TaskCount: 21 }, outcome: "InvalidParameter.InvalidTaskCount" },
  { name: "21 core nodes", request: { CoreCount: 21 }, outcome: "ok" },
  {
    name: "21 core nodes, limited",
    request: { CoreCount: 21 },
    settings: { countLimitRoles: ["core"] },
    outcome: "InvalidParameter.InvalidCoreCount",
  },
  {
    name: "limit for the cluster",
    request: { TaskCount: 3 },
    cluster: { nodes: { task: 18 } },
    settings: { countLimitScope: "cluster" },
    outcome: "InvalidParameter.InvalidTaskCount",
  },
  {
    name: "masters of ClickHouse have no effect",
    request: { TaskCount: 1, MasterCount: 2 },
    cluster: { serviceClass: "CLICKHOUSE" },
    outcome: "ok",
  },

  {
    name: "services and excluded processes",
    request: { SoftDeployInfo: [1], UnNecessaryNodeList: [2] },
    outcome: "InvalidParameter.InvalidSoftDeployInfo",
  },
  {
    name: "processes and excluded processes",
    request: { ServiceNodeInfo: [7], UnNecessaryNodeList: [2] },
    outcome: "InvalidParameter.InvalidServiceNodeInfo",
  },
  { name: "services and processes", request: { SoftDeployInfo: [2], ServiceNodeInfo: [7] }, outcome: "ok" },
  {
    name: "negative service",
    request: { SoftDeployInfo: [-1] },
    outcome: "InvalidParameter.InvalidSoftDeployInfo",
  },
  {
    name: "script at another moment",
    request: { PreExecutedFileSettings: [{ CosFileURI: "https://x/y.sh", WhenRun: "later" }] },
    outcome: "InvalidParameter",
  },
  {
    name: "script without a file",
    request: { PreExecutedFileSettings: [{ WhenRun: "clusterAfter" }] },
    outcome: "InvalidParameter",
  },
  { name: "one placement group", request: { DisasterRecoverGroupIds: ["ps-1"] }, outcome: "ok" },
  {
    name: "two placement groups",
    request: { DisasterRecoverGroupIds: ["ps-1", "ps-2"] },
    outcome: "InvalidParameter",
  },
  { name: "other zone of the cluster", request: { ZoneId: 100004 }, outcome: "ok" },
  { name: "foreign zone", request: { ZoneId: 1 }, outcome: "InvalidParameter.InvalidZone" },
  { name: "subnet", request: { SubnetId: "subnet-sim00002" }, outcome: "ok" },
  { name: "no subnet id", request: { SubnetId: "net-1" }, outcome: "InvalidParameter.InvalidSubnetId" },
  { name: "unknown subnet", request: { SubnetId: "subnet-x" }, outcome: "ResourceNotFound.SubnetNotFound" },
  {
    name: "subnet of another zone",
    request: { ZoneId: 100003, SubnetId: "subnet-sim00002" },
    outcome: "InvalidParameter.InvalidSubnetId",
  },

  { name: "host in lower case", request: { HardwareResourceType: "host" }, outcome: "ok" },
  { name: "other hardware", request: { HardwareResourceType: "vm" }, outcome: "InvalidParameter" },
  {
    name: "MNode, international edition",
    request: { HardwareResourceType: "MNode" },
    settings: international,
    outcome: "InvalidParameter",
  },
  { name: "pod spec without pod", request: { PodSpec: pod }, outcome: "InvalidParameter" },
  {
    name: "pod parameter without pod",
    request: { PodParameter: { ClusterId: "cls-1", Config: "{}", Parameter: "" } },
    outcome: "InvalidParameter.InvalidCustomizedPodParam",
  },
  {
    name: "pod where there are none",
    request: { HardwareResourceType: "pod", PodSpec: pod },
    outcome: "FailedOperation.NotSupportPod",
  },
  {
    name: "pod without spec",
    request: { HardwareResourceType: "pod" },
    cluster: { supportsPod: true },
    outcome: "InvalidParameter.InvalidResourceSpec",
  },
  {
    name: "pod for core",
    request: { CoreCount: 1, HardwareResourceType: "pod", PodSpec: pod },
    cluster: { supportsPod: true },
    outcome: "FailedOperation.NotSupportPod",
  },
  {
    name: "pod",
    request: { HardwareResourceType: "pod", PodSpec: pod },
    cluster: { supportsPod: true },
    outcome: "ok",
  },

  {
    name: "ClickHouse fields elsewhere",
    request: { ClickHouseClusterName: "g", ClickHouseClusterType: "new" },
    outcome: "InvalidParameter.InvalidClickHouseCluster",
  },
  {
    name: "ClickHouse type",
    request: { ClickHouseClusterName: "g", ClickHouseClusterType: "other" },
    cluster: { serviceClass: "CLICKHOUSE" },
    outcome: "InvalidParameter.InvalidClickHouseCluster",
  },
  {
    name: "ClickHouse",
    request: { ClickHouseClusterName: "g", ClickHouseClusterType: "old" },
    cluster: { serviceClass: "CLICKHOUSE" },
    outcome: "ok",
  },
  { name: "start of services", request: { StartServiceAfterScaleOut: "true" }, outcome: "ok" },
  {
    name: "start of services: yes",
    request: { StartServiceAfterScaleOut: "yes" },
    outcome: "InvalidParameter",
  },
  { name: "renewal 2", request: { AutoRenew: 2 }, outcome: "InvalidParameter" },
  {
    name: "configuration sets",
    request: { ScaleOutServiceConfAssign: '{"HDFS-3.2.2":-1}' },
    outcome: "ok",
  },
  {
    name: "configuration sets not JSON",
    request: { ScaleOutServiceConfAssign: "HDFS=1" },
    outcome: "InvalidParameter",
  },
  { name: "mark of another role", request: { NodeMarks: { NodeType: "edge" } }, outcome: "InvalidParameter" },

  { name: "tags", request: { Tags: [tag("a"), tag("b")] }, outcome: "ok" },
  { name: "tag without key", request: { Tags: [tag("")] }, outcome: "InvalidParameter" },
  { name: "tag without value", request: { Tags: [{ TagKey: "a" }] }, outcome: "MissingParameter" },
  { name: "tag twice", request: { Tags: [tag("a"), tag("a")] }, outcome: "InvalidParameter" },
  {
    name: "tag that does not exist",
    request: { Tags: [tag("a")] },
    settings: { tagsMustExist: true },
    outcome: "ResourceNotFound.TagsNotFound",
  },
  {
    name: "tag that exists",
    request: { Tags: [tag("a")] },
    settings: { tagsMustExist: true, knownTags: [tag("a")] },
    outcome: "ok",
  },

  {
    name: "no default spec",
    request: {},
    settings: { hasDefaultSpec: { master: true, core: true, task: false, router: true } },
    outcome: "ResourceUnavailable.ResourceSpecNotDefaultSpec",
  },
  {
    name: "sold out",
    request: {},
    settings: { stock: { master: null, core: null, task: 0, router: null } },
    outcome: "ResourcesSoldOut.CvmSoldOut",
  },
  {
    name: "not enough left",
    request: { TaskCount: 3 },
    settings: { stock: { master: null, core: null, task: 2, router: null } },
    outcome: "ResourceInsufficient.InstanceInsufficient",
  },
  {
    name: "quota",
    request: { TaskCount: 2 },
    settings: { quota: 4 },
    outcome: "InternalError.CheckQuotaErr",
  },
];

describe("ScaleOutInstance", () => {
  test.each(rows)("$name → $outcome", async ({ request, outcome, cluster, settings }) => {
    simulator.emr.createCluster({ clusterId, ...cluster });
    Object.assign(simulator.settings, settings);
    const reply = await call(simulator, "ScaleOutInstance", scaleOut(request));
    expect(reply.outcome).toBe(outcome);
    expect(simulator.emr.purchases(clusterId).length > 0).toBe(outcome === "ok");
    expect(simulator.journal.at(-1)?.acted).toBe(outcome === "ok");
  });

  test("says 4 while adding, and 5 for routers", async () => {
    simulator.emr.createCluster({ clusterId });
    const other = simulator.emr.createCluster({ nodes: {} });
    await call(simulator, "ScaleOutInstance", scaleOut());
    await call(simulator, "ScaleOutInstance", scaleOut({ InstanceId: other.clusterId, RouterCount: 1 }));
    expect(simulator.emr.status(simulator.emr.cluster(clusterId))).toBe(4);
    expect(simulator.emr.status(other)).toBe(5);
  });
});
