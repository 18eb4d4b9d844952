import { ApiError } from "../errors";
import { defineAction, nullIfEmpty } from "./action";
import { type Cluster, type EmrNode, type Role, roleFlags } from "./cluster";
import { checkClusterId } from "./clusterId";
import { page } from "./page";
import type { EmrWorld } from "./world";

interface Request {
  InstanceId: string;
  NodeFlag: string;
  Offset?: number;
  Limit?: number;
  HardwareResourceType?: string;
  SearchFields?: { SearchType: string; SearchValue: string }[];
  OrderField?: string;
  Asc?: number;
}

export const DescribeClusterNodes = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    NodeFlag: { type: "string", required: true },
    ExportDb: { type: "boolean" },
    Offset: { type: "integer" },
    Limit: { type: "integer" },
    HardwareResourceType: { type: "string" },
    SearchFields: {
      type: "objects",
      fields: {
        SearchType: { type: "string", required: true },
        SearchValue: { type: "string", required: true },
      },
    },
    OrderField: { type: "string" },
    Asc: { type: "integer" },
  },
  (call) => {
    const { request, region, world } = call;
    checkClusterId(request.InstanceId);
    const cluster = world.require(request.InstanceId, region);
    const present = sorted(request, search(request, ofHardware(request, withFlag(request, cluster, world))));
    const nodes = present.filter((node) => world.isInNodeList(node, cluster));
    const { nodeCountLags, unpagedNodeList } = world.settings;
    const shown = page(nodes, call, "DescribeClusterNodes", { unpaged: unpagedNodeList });
    const tagKeys = new Set(nodes.flatMap((node) => visibleTags(node, world).map((tag) => tag.TagKey)));
    return {
      answer: {
        TotalCnt: (nodeCountLags ? nodes : present).length,
        NodeList: nullIfEmpty(shown.map((node) => row(node, cluster, world))),
        TagKeys: nullIfEmpty([...tagKeys]),
        HardwareResourceTypeList: [...new Set(nodes.map((node) => node.hardwareResourceType))],
      },
      changed: false,
    };
  },
);

function withFlag(request: Request, cluster: Cluster, world: EmrWorld): EmrNode[] {
  const listed = world.listedNodes(cluster);
  switch (request.NodeFlag) {
    case "all":
      return listed;
    case "master":
    case "core":
    case "task":
    case "common":
    case "router":
      return listed.filter((node) => node.role === (request.NodeFlag as Role));
    case "db":
      return [];
    // The vendor's own spelling.
    case "recyle":
      return cluster.allNodes.filter((node) => node.recycledAt !== undefined);
    case "renew":
      return listed.filter((node) => node.chargeType === 1 && node.autoRenew === 0);
    default:
      throw new ApiError(world.settings.unknownNodeFlagCode);
  }
}

function ofHardware(request: Request, nodes: EmrNode[]): EmrNode[] {
  const wanted = (request.HardwareResourceType ?? "all").toUpperCase();
  if (!["ALL", "HOST", "POD"].includes(wanted)) {
    throw new ApiError("InvalidParameter", "Invalid parameter: HardwareResourceType.");
  }
  return wanted === "ALL"
    ? nodes
    : nodes.filter((node) => node.hardwareResourceType.toUpperCase() === wanted);
}

function search(request: Request, nodes: EmrNode[]): EmrNode[] {
  // The searchable fields are not documented, so the value is looked for in every identifying one.
  return nodes.filter((node) =>
    (request.SearchFields ?? []).every(({ SearchValue }) =>
      [node.ip, node.emrResourceId, node.orderNo, node.nameTag].includes(SearchValue),
    ),
  );
}

function sorted(request: Request, nodes: EmrNode[]): EmrNode[] {
  const direction = request.Asc === 1 ? 1 : -1;
  if (request.OrderField === "ApplyTime") {
    return [...nodes].sort((a, b) => direction * (a.appliedAt - b.appliedAt));
  }
  return [...nodes].sort((a, b) => roleFlags[a.role] - roleFlags[b.role]);
}

function visibleTags(node: EmrNode, world: EmrWorld) {
  return world.settings.tagsVisible ? node.tags : [];
}

const gigabyte = 1024 ** 3;

function row(node: EmrNode, cluster: Cluster, world: EmrWorld): Record<string, unknown> {
  const mainland = world.settings.edition === "mainland";
  return {
    AppId: cluster.appId,
    SerialNo: node.serialNo,
    OrderNo: node.orderNo,
    WanIp: "",
    Flag: roleFlags[node.role],
    Spec: node.spec,
    CpuNum: node.cpuNum,
    MemSize: node.memoryGigabytes * gigabyte,
    MemDesc: `${node.memoryGigabytes}GB`,
    RegionId: 1,
    ZoneId: node.zoneId,
    ApplyTime: world.timeText(node.appliedAt),
    FreeTime: world.timeText(node.recycledAt),
    DiskSize: `${node.diskGigabytes}.00 GB`,
    HwMemSize: node.memoryGigabytes * gigabyte,
    HwMemSizeDesc: `${node.memoryGigabytes}GB`,
    HwDiskSize: node.diskGigabytes * gigabyte,
    HwDiskSizeDesc: `${node.diskGigabytes}.00 GB`,
    NameTag: node.nameTag,
    Services: node.processes.map((process) => process.listName).join(","),
    ServicesStatus: node.processes
      .map(({ listName, started }) => `${listName}:${started ? "STARTED" : world.settings.stoppedWord}`)
      .join(","),
    StorageType: node.storageType,
    RootStorageType: node.storageType,
    RootSize: node.rootGigabytes,
    MCMultiDisk: [
      {
        Count: 1,
        Type: node.storageType,
        Size: `${node.diskGigabytes}GB`,
        Volume: node.diskGigabytes * gigabyte,
      },
    ],
    ChargeType: node.chargeType,
    ExpireTime: world.timeText(node.expiresAt),
    EmrResourceId: node.emrResourceId,
    // Hourly nodes show 1 as well, as in the vendor's examples.
    IsAutoRenew: node.chargeType === 1 ? node.autoRenew : 1,
    DeviceClass: node.spec,
    DeviceName: node.spec,
    Mutable: 0,
    CdbIp: "",
    CdbPort: 0,
    CdbNodeInfo: null,
    SharedClusterId: "",
    SharedClusterIdDesc: "",
    Ip: node.ip,
    Destroyable: node.destroyable,
    DisableApiTermination: node.disableApiTermination,
    Tags: nullIfEmpty(visibleTags(node, world)),
    AutoFlag: node.autoFlag,
    HardwareResourceType: node.hardwareResourceType,
    TimingResource: node.timingResource,
    IsDynamicSpec: 0,
    DynamicPodSpec: "",
    SupportModifyPayMode: 1,
    Zone: node.zone,
    SubnetInfo: { SubnetId: node.subnetId, SubnetName: node.subnetName },
    Clients: "",
    CurrentTime: world.timeText(world.clock.now()),
    IsFederation: 0,
    ServiceClient: "",
    TradeVersion: 1,
    Remark: node.remark,
    ...(mainland ? { NodeMark: node.nodeMark, NodeGroupId: "", NodeGroupName: "", GpuDesc: "" } : {}),
  };
}
