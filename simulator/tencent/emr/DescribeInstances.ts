import { ApiError } from "../errors";
import { type Call, defineAction, nullIfEmpty } from "./action";
import type { Cluster, EmrNode, Role } from "./cluster";
import { checkClusterId } from "./clusterId";
import { emrFaults } from "./faults";
import { page } from "./page";
import type { EmrWorld } from "./world";

interface Request {
  DisplayStrategy: string;
  InstanceIds?: string[];
  Offset?: number;
  Limit?: number;
  ProjectId?: number;
  OrderField?: string;
  Asc?: number;
}

const allProjects = -1;
const destroyed = [34, 201];
const creating = [3, 301];

export const DescribeInstances = defineAction<Request>(
  {
    DisplayStrategy: { type: "string", required: true },
    InstanceIds: { type: "strings" },
    Offset: { type: "integer" },
    Limit: { type: "integer" },
    ProjectId: { type: "integer" },
    OrderField: { type: "string" },
    Asc: { type: "integer" },
  },
  (call) => {
    const { request, world, faults } = call;
    const clusters = sorted(request, wanted(call), world);
    const Limit = request.Limit ?? (world.settings.edition === "mainland" ? 100 : 10);
    const lie = faults.take(emrFaults.lyingStatus, "DescribeInstances");
    const asked = { ...call, request: { ...request, Limit } };
    const rows = page(clusters, asked, "DescribeInstances").map((cluster) =>
      row(cluster, lie?.status ?? world.status(cluster), world),
    );
    const tagKeys = new Set(clusters.flatMap((cluster) => cluster.tags.map((tag) => tag.TagKey)));
    return {
      answer: {
        TotalCnt: clusters.length,
        ClusterList: nullIfEmpty(rows),
        TagKeys: nullIfEmpty([...tagKeys]),
      },
      changed: false,
    };
  },
);

function wanted({ request, region, world }: Call<Request>): Cluster[] {
  const { DisplayStrategy, InstanceIds, ProjectId = 0 } = request;
  const strategies = ["clusterList", "monitorManage", "cloudHardwareManage", "componentManage"];
  if (!strategies.includes(DisplayStrategy)) throw new ApiError("InvalidParameter.DisplayStrategyNotMatch");
  const hidden = DisplayStrategy === "clusterList" ? destroyed : [...destroyed, ...creating];

  const named = InstanceIds?.length ? InstanceIds : undefined;
  for (const clusterId of named ?? []) {
    checkClusterId(clusterId);
    if (world.settings.missingCluster === "error") world.require(clusterId, region);
  }
  return world
    .clusters()
    .filter((cluster) => region === "" || cluster.region === region)
    .filter((cluster) => !named || named.includes(cluster.clusterId))
    .filter((cluster) => ProjectId === allProjects || cluster.projectId === ProjectId)
    .filter((cluster) => !hidden.includes(cluster.restingStatus));
}

function sorted(request: Request, clusters: Cluster[], world: EmrWorld): Cluster[] {
  const direction = request.Asc === 1 ? 1 : -1;
  const by = (compare: (a: Cluster, b: Cluster) => number) =>
    [...clusters].sort((a, b) => direction * compare(a, b));
  // The documents spell it "clusterId", the example "clusterid".
  switch ((request.OrderField ?? "").toLowerCase()) {
    case "":
    case "addtime":
      return by((a, b) => a.createdAt - b.createdAt);
    case "clusterid":
      return by((a, b) => (a.clusterId < b.clusterId ? -1 : 1));
    case "status":
      return by((a, b) => world.status(a) - world.status(b));
    default:
      throw new ApiError("InvalidParameter.OrderFieldNotMatch");
  }
}

const titles: Record<number, string> = {
  2: "Running",
  3: "Creating",
  4: "Scaling out",
  5: "Adding router nodes",
  7: "Executing a command",
  8: "Restarting services",
  9: "Entering maintenance",
  10: "Pausing services",
  11: "Leaving maintenance",
  12: "Starting services",
  15: "Terminating core nodes",
  16: "Terminating task nodes",
  17: "Terminating router nodes",
  23: "Isolated",
  24: "Scaling in",
  301: "Creation failed",
  302: "Scale-out failed",
};

function row(cluster: Cluster, status: number, world: EmrWorld): Record<string, unknown> {
  const nodes = world.listedNodes(cluster);
  const zone = cluster.zones[0];
  const subnet = cluster.subnets[0];
  const config = configOf(cluster, nodes);
  const now = world.clock.now();
  return {
    Id: Number(cluster.appId % 100_000),
    ClusterId: cluster.clusterId,
    Ftitle: titles[status] ?? "",
    ClusterTitle: titles[status] ?? "",
    ClusterName: cluster.clusterName,
    RegionId: 1,
    Zone: zone?.zone ?? "",
    ZoneId: zone?.zoneId ?? 0,
    AppId: cluster.appId,
    Uin: cluster.uin,
    ProjectId: cluster.projectId,
    VpcId: 1,
    SubnetId: 1,
    UniqVpcId: cluster.vpcId,
    UniqSubnetId: subnet?.subnetId ?? "",
    VpcName: cluster.vpcId,
    SubnetName: subnet?.subnetName ?? "",
    Status: status,
    AddTime: world.timeText(cluster.createdAt),
    RunTime: `${Math.floor((now - cluster.createdAt) / 1000)}s`,
    Config: config,
    ConfigDetail: config,
    MasterIp: nodes.find((node) => node.role === "master")?.ip ?? "",
    EmrVersion: cluster.emrVersion,
    ChargeType: cluster.chargeType,
    TradeVersion: 1,
    ResourceOrderId: 1,
    IsTradeCluster: 1,
    AlarmInfo: status === 302 ? "scale-out failed" : "",
    IsWoodpeckerCluster: 1,
    MetaDb: "",
    HiveMetaDb: "",
    Tags: nullIfEmpty(cluster.tags),
    ServiceClass: cluster.serviceClass,
    SceneServiceClass: cluster.serviceClass,
    SceneName: "Hadoop-Default",
    SceneEmrVersion: cluster.emrVersion,
    DisplayName: cluster.serviceClass,
    AliasInfo: "",
    ProductId: 1,
    ClusterExternalServiceInfo: null,
    TopologyInfoList: topology(cluster, nodes),
    IsMultiZoneCluster: new Set(nodes.map((node) => node.zoneId)).size > 1,
    IsCvmReplace: cluster.isCvmReplace,
  };
}

function countOf(nodes: EmrNode[], role: Role): number {
  return nodes.filter((node) => node.role === role).length;
}

function configOf(cluster: Cluster, nodes: EmrNode[]): Record<string, unknown> {
  return {
    SoftInfo: cluster.services,
    MasterNodeSize: countOf(nodes, "master"),
    CoreNodeSize: countOf(nodes, "core"),
    TaskNodeSize: countOf(nodes, "task"),
    ComNodeSize: countOf(nodes, "common"),
    RouterNodeSize: countOf(nodes, "router"),
    MasterResource: null,
    CoreResource: null,
    TaskResource: null,
    ComResource: null,
    OnCos: false,
    ChargeType: cluster.chargeType,
    SupportHA: countOf(nodes, "master") > 1,
    SecurityOn: false,
    SecurityGroup: "",
    SecurityGroups: null,
    CbsEncrypt: 0,
    ApplicationRole: "",
    PublicKeyId: "",
  };
}

function topology(cluster: Cluster, nodes: EmrNode[]): Record<string, unknown>[] {
  return cluster.zones.map((zone) => {
    const here = nodes.filter((node) => node.zoneId === zone.zoneId);
    const roles = [...new Set(here.map((node) => node.role))];
    return {
      ZoneId: zone.zoneId,
      Zone: zone.zone,
      SubnetInfoList: cluster.subnets
        .filter((subnet) => subnet.zoneId === zone.zoneId)
        .map(({ subnetId, subnetName }) => ({ SubnetId: subnetId, SubnetName: subnetName })),
      NodeInfoList: nullIfEmpty(roles.map((role) => ({ NodeType: role, NodeSize: countOf(here, role) }))),
    };
  });
}
