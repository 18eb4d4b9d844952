// Parameter rules of ScaleOutInstance, each with the code the reference lists for it.

import { ApiError } from "../errors";
import type { Cluster, Tag } from "./cluster";
import type { Order, ScaleOutRequest } from "./order";
import type { EmrSettings, ScalableRole } from "./settings";

export function checkScaleOut(request: ScaleOutRequest, cluster: Cluster, settings: EmrSettings): Order[] {
  checkBilling(request, settings);
  const hardware = hardwareOf(request, settings);
  const counts = countsOf(request, cluster, hardware);
  checkCounts(counts, cluster, settings);
  checkServices(request);
  checkScripts(request);
  checkPlacement(request, cluster);
  checkPod(request, hardware, counts, cluster);
  checkClickHouse(request, cluster);
  checkSwitches(request);
  checkTags(request.Tags ?? [], settings);
  const prepaid = request.PayMode === 1;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([role, count]) => ({ role: role as ScalableRole, count, prepaid, hardware }));
}

/** Shared with the price inquiry, which takes the same three fields. */
export function checkBilling(
  request: { PayMode: number; TimeUnit: string; TimeSpan: number },
  settings: EmrSettings,
): void {
  const { PayMode, TimeUnit, TimeSpan } = request;
  const payModes = settings.edition === "mainland" ? [0, 1] : [0];
  if (!payModes.includes(PayMode)) throw new ApiError("InvalidParameter.InvalidPaymode");
  if (TimeUnit !== (PayMode === 0 ? "s" : "m")) throw new ApiError("InvalidParameter.InvalidTimeUnit");
  const validSpan = PayMode === 0 ? TimeSpan === 3600 : TimeSpan >= 1 && TimeSpan <= 60;
  if (!validSpan) throw new ApiError("InvalidParameter.InvalidTimeSpan");
}

type Counts = Record<ScalableRole, number>;

function countsOf(request: ScaleOutRequest, cluster: Cluster, hardware: Order["hardware"]): Counts {
  const masterHasNoEffect = ["CLICKHOUSE", "KAFKA"].includes(cluster.serviceClass) || hardware === "POD";
  return {
    task: request.TaskCount ?? 0,
    core: request.CoreCount ?? 0,
    router: request.RouterCount ?? 0,
    master: masterHasNoEffect ? 0 : (request.MasterCount ?? 0),
  };
}

function checkCounts(counts: Counts, cluster: Cluster, settings: EmrSettings): void {
  const values = Object.values(counts);
  if (values.some((count) => count < 0) || values.every((count) => count === 0)) {
    throw new ApiError("InvalidParameter.InvalidCount");
  }
  const exclusive = settings.mixedRoles === "refused" ? values : [counts.task, counts.core];
  if (exclusive.filter((count) => count > 0).length > 1) {
    throw new ApiError("InvalidParameter.InvalidCountNum");
  }
  const limitCodes: Record<ScalableRole, string> = {
    task: "InvalidParameter.InvalidTaskCount",
    core: "InvalidParameter.InvalidCoreCount",
    router: "InvalidParameter.InvalidRouterCount",
    master: "InvalidParameter.MoreMaxlimitNum",
  };
  for (const role of settings.countLimitRoles) {
    const present = cluster.allNodes.filter((node) => node.role === role && node.goneAt === undefined).length;
    const counted = counts[role] + (settings.countLimitScope === "cluster" ? present : 0);
    if (counts[role] > 0 && counted > settings.countLimit) throw new ApiError(limitCodes[role]);
  }
}

function checkServices(request: ScaleOutRequest): void {
  const { UnNecessaryNodeList = [], SoftDeployInfo = [], ServiceNodeInfo = [] } = request;
  const negative = (id: number) => id < 0;
  if (SoftDeployInfo.some(negative) || (SoftDeployInfo.length > 0 && UnNecessaryNodeList.length > 0)) {
    throw new ApiError("InvalidParameter.InvalidSoftDeployInfo");
  }
  if (ServiceNodeInfo.some(negative) || (ServiceNodeInfo.length > 0 && UnNecessaryNodeList.length > 0)) {
    throw new ApiError("InvalidParameter.InvalidServiceNodeInfo");
  }
  if (UnNecessaryNodeList.some(negative)) throw invalid("UnNecessaryNodeList");
}

function checkScripts(request: ScaleOutRequest): void {
  for (const script of request.PreExecutedFileSettings ?? []) {
    if (script.WhenRun !== undefined && !["resourceAfter", "clusterAfter"].includes(script.WhenRun)) {
      throw invalid("PreExecutedFileSettings.WhenRun");
    }
    if (!script.CosFileURI && !script.Path) throw invalid("PreExecutedFileSettings.CosFileURI");
  }
}

function checkPlacement(request: ScaleOutRequest, cluster: Cluster): void {
  if ((request.DisasterRecoverGroupIds ?? []).length > 1) throw invalid("DisasterRecoverGroupIds");
  const { ZoneId, SubnetId } = request;
  if (ZoneId !== undefined && !cluster.zones.some((zone) => zone.zoneId === ZoneId)) {
    throw new ApiError("InvalidParameter.InvalidZone");
  }
  if (SubnetId === undefined) return;
  if (!SubnetId.startsWith("subnet-")) throw new ApiError("InvalidParameter.InvalidSubnetId");
  const subnet = cluster.subnets.find((candidate) => candidate.subnetId === SubnetId);
  if (!subnet) throw new ApiError("ResourceNotFound.SubnetNotFound");
  if (ZoneId !== undefined && subnet.zoneId !== ZoneId)
    throw new ApiError("InvalidParameter.InvalidSubnetId");
}

/** Spelled in lower case by the older pages, in upper case by the newer. */
function hardwareOf(request: ScaleOutRequest, settings: EmrSettings): Order["hardware"] {
  const given = (request.HardwareResourceType ?? "HOST").toUpperCase();
  if (given === "HOST" || given === "POD") return given;
  if (given === "MNODE" && settings.edition === "mainland") return "MNode";
  throw invalid("HardwareResourceType");
}

function checkPod(
  request: ScaleOutRequest,
  hardware: Order["hardware"],
  counts: Counts,
  cluster: Cluster,
): void {
  if (hardware !== "POD") {
    if (request.PodSpec) throw invalid("PodSpec");
    if (request.PodParameter) throw new ApiError("InvalidParameter.InvalidCustomizedPodParam");
    return;
  }
  if (!cluster.supportsPod || counts.task === 0) throw new ApiError("FailedOperation.NotSupportPod");
  if (request.PodSpec?.NodeType.toUpperCase() !== "TASK") {
    throw new ApiError("InvalidParameter.InvalidResourceSpec");
  }
  if (request.PodParameter && !isJson(request.PodParameter.Config)) {
    throw new ApiError("InvalidParameter.InvalidCustomizedPodParam");
  }
}

function checkClickHouse(request: ScaleOutRequest, cluster: Cluster): void {
  const { ClickHouseClusterName, ClickHouseClusterType } = request;
  if (ClickHouseClusterName === undefined && ClickHouseClusterType === undefined) return;
  const validType = ClickHouseClusterType === "new" || ClickHouseClusterType === "old";
  if (cluster.serviceClass !== "CLICKHOUSE" || !ClickHouseClusterName || !validType) {
    throw new ApiError("InvalidParameter.InvalidClickHouseCluster");
  }
}

function checkSwitches(request: ScaleOutRequest): void {
  const { StartServiceAfterScaleOut, AutoRenew, ScaleOutServiceConfAssign, NodeMarks } = request;
  if (StartServiceAfterScaleOut !== undefined && !["true", "false"].includes(StartServiceAfterScaleOut)) {
    throw invalid("StartServiceAfterScaleOut");
  }
  if (AutoRenew !== undefined && AutoRenew !== 0 && AutoRenew !== 1) throw invalid("AutoRenew");
  if (ScaleOutServiceConfAssign && !isJson(ScaleOutServiceConfAssign)) {
    throw invalid("ScaleOutServiceConfAssign");
  }
  const markType = NodeMarks?.NodeType;
  if (markType !== undefined && !["master", "core", "task", "router"].includes(markType)) {
    throw invalid("NodeMarks.NodeType");
  }
}

function checkTags(tags: Tag[], settings: EmrSettings): void {
  const keys = tags.map((tag) => tag.TagKey);
  if (keys.includes("") || new Set(keys).size < keys.length) throw invalid("Tags");
  if (!settings.tagsMustExist) return;
  const known = (tag: Tag) =>
    settings.knownTags.some(
      (candidate) => candidate.TagKey === tag.TagKey && candidate.TagValue === tag.TagValue,
    );
  if (!tags.every(known)) throw new ApiError("ResourceNotFound.TagsNotFound");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(name: string): ApiError {
  return new ApiError("InvalidParameter", `Invalid parameter: ${name}.`);
}
