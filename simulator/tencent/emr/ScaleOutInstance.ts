import { isDeepStrictEqual } from "node:util";
import { ApiError } from "../errors";
import type { Fields } from "../shape";
import { type Call, defineAction, type Outcome } from "./action";
import type { Cluster } from "./cluster";
import { checkClusterId } from "./clusterId";
import { checkAvailable, type ScaleOutRequest } from "./order";
import { startScaleOut } from "./scaleOutFlow";
import { checkScaleOut } from "./scaleOutRules";

const tagFields: Fields = {
  TagKey: { type: "string", required: true },
  TagValue: { type: "string", required: true },
};

const scriptFields: Fields = {
  Path: { type: "string" },
  Args: { type: "strings" },
  Bucket: { type: "string" },
  Region: { type: "string" },
  Domain: { type: "string" },
  RunOrder: { type: "integer" },
  WhenRun: { type: "string" },
  CosFileName: { type: "string" },
  CosFileURI: { type: "string" },
  CosSecretId: { type: "string" },
  CosSecretKey: { type: "string" },
  AppId: { type: "string" },
  Remark: { type: "string" },
};

const podSpecFields: Fields = {
  ResourceProviderIdentifier: { type: "string", required: true },
  ResourceProviderType: { type: "string", required: true },
  NodeType: { type: "string", required: true },
  Cpu: { type: "integer", required: true },
  Memory: { type: "integer", required: true },
  DataVolumes: { type: "strings" },
  CpuType: { type: "string" },
  PodVolumes: {
    type: "objects",
    fields: {
      VolumeType: { type: "string", required: true },
      PVCVolume: {
        type: "object",
        fields: {
          DiskType: { type: "string" },
          DiskSize: { type: "integer" },
          DiskNum: { type: "integer" },
          ExtraPerformance: { type: "integer" },
        },
      },
      HostVolume: {
        type: "object",
        fields: { VolumePath: { type: "string" }, VolumeType: { type: "string" } },
      },
    },
  },
  IsDynamicSpec: { type: "integer" },
  DynamicPodSpec: {
    type: "object",
    fields: {
      RequestCpu: { type: "integer" },
      LimitCpu: { type: "integer" },
      RequestMemory: { type: "integer" },
      LimitMemory: { type: "integer" },
    },
  },
  VpcId: { type: "string" },
  SubnetId: { type: "string" },
  PodName: { type: "string" },
};

const labelFields: Fields = { Name: { type: "string" }, Value: { type: "string" } };
const taintFields: Fields = {
  Key: { type: "string" },
  Value: { type: "string" },
  Effect: { type: "string" },
};

const fields: Fields = {
  InstanceId: { type: "string", required: true },
  TimeUnit: { type: "string", required: true },
  TimeSpan: { type: "integer", required: true },
  PayMode: { type: "integer", required: true },
  ClientToken: { type: "string" },
  TaskCount: { type: "integer" },
  CoreCount: { type: "integer" },
  RouterCount: { type: "integer" },
  MasterCount: { type: "integer" },
  UnNecessaryNodeList: { type: "integers" },
  SoftDeployInfo: { type: "integers" },
  ServiceNodeInfo: { type: "integers" },
  PreExecutedFileSettings: { type: "objects", fields: scriptFields },
  DisasterRecoverGroupIds: { type: "strings" },
  Tags: { type: "objects", fields: tagFields },
  HardwareResourceType: { type: "string" },
  PodSpec: { type: "object", fields: podSpecFields },
  PodParameter: {
    type: "object",
    fields: {
      ClusterId: { type: "string", required: true },
      Config: { type: "string", required: true },
      Parameter: { type: "string", required: true },
    },
  },
  ClickHouseClusterName: { type: "string" },
  ClickHouseClusterType: { type: "string" },
  YarnNodeLabel: { type: "string" },
  StartServiceAfterScaleOut: { type: "string" },
  ZoneId: { type: "integer" },
  SubnetId: { type: "string" },
  ScaleOutServiceConfAssign: { type: "string" },
  AutoRenew: { type: "integer" },
  ResourceBaseType: { type: "string", edition: "mainland" },
  ComputeResourceId: { type: "string", edition: "mainland" },
  ComputeResourceAdvanceParams: {
    type: "object",
    edition: "mainland",
    fields: {
      Labels: { type: "objects", fields: labelFields },
      Taints: { type: "objects", fields: taintFields },
      PreStartUserScript: { type: "string" },
      UserScript: { type: "string" },
      TkeClusterNodePool: { type: "string" },
      NodePoolJoinMode: { type: "string" },
    },
  },
  NodeMarks: {
    type: "object",
    edition: "mainland",
    fields: { NodeType: { type: "string" }, NodeNames: { type: "strings" }, Zone: { type: "string" } },
  },
  WarehouseName: { type: "string", edition: "mainland" },
  PartitionNumber: { type: "integer", edition: "mainland" },
};

export const ScaleOutInstance = defineAction<ScaleOutRequest>(
  fields,
  (call) => {
    const { request, world } = call;
    const cluster = clusterOf(call);
    const order = checkScaleOut(request, cluster, world.settings);
    const repeated = repeatedToken(call, cluster);
    if (repeated) return repeated;
    world.requireIdle(cluster);
    checkAvailable(order, cluster, world);

    const flow = startScaleOut(order, cluster, call);
    const { scaleOutAnswer } = world.settings;
    const answer = {
      InstanceId: cluster.clusterId,
      DealNames: [world.ids.digits(20)],
      ClientToken: request.ClientToken ?? "",
      FlowId: scaleOutAnswer === "flowId" ? flow.flowId : 0,
      BillId: world.ids.digits(19),
      ...(scaleOutAnswer === "traceId" ? { TraceId: flow.traceId } : {}),
    };
    if (request.ClientToken) {
      cluster.tokens.set(request.ClientToken, {
        time: world.clock.now(),
        body: JSON.stringify(request),
        answer,
      });
    }
    return { answer, changed: true };
  },
  { takesLock: true },
);

/** Who orders for a compute resource may leave the cluster's id empty, as the vendor's example does. */
function clusterOf({ request, region, world }: Call<ScaleOutRequest>): Cluster {
  const { ComputeResourceId, InstanceId } = request;
  if (InstanceId === "" && ComputeResourceId !== undefined) {
    const owner = world
      .clusters()
      .find(({ computeResourceIds }) => computeResourceIds.includes(ComputeResourceId));
    return world.require(owner?.clusterId ?? ComputeResourceId, region);
  }
  checkClusterId(InstanceId);
  return world.require(InstanceId, region);
}

function repeatedToken(call: Call<ScaleOutRequest>, cluster: Cluster): Outcome | undefined {
  const { request, world } = call;
  const { repeatedToken: reading, repeatedTokenOtherBody, tokenWindowMilliseconds } = world.settings;
  const earlier = request.ClientToken ? cluster.tokens.get(request.ClientToken) : undefined;
  if (!earlier || world.clock.now() - earlier.time >= tokenWindowMilliseconds) return undefined;
  switch (reading) {
    case "ignored":
      return undefined;
    case "duplicateOrder":
      throw new ApiError("FailedOperation.DuplicateOrderNotAllowed");
    case "invalidToken":
      throw new ApiError("InvalidParameter.InvalidClientToken");
    case "sameAnswer": {
      const sameBody = isDeepStrictEqual(JSON.parse(earlier.body), JSON.parse(JSON.stringify(request)));
      if (!sameBody && repeatedTokenOtherBody === "invalidToken") {
        throw new ApiError(
          "InvalidParameter.InvalidClientToken",
          "The ClientToken was used with other parameters.",
        );
      }
      return { answer: earlier.answer, changed: false };
    }
  }
}
