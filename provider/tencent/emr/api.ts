// The EMR actions that the provider calls, in our spelling: what a request may contain and what an answer must.
// Fields that only some editions of the API return are optional.
import { z } from "zod";
import { count, lenient, listOf, wholeNumber } from "../../call/wire";
import { emrAction } from "./action";
import { emrClusterId, tag } from "./purchaseApi";

/** Tags as lists show them; an entry without a key is none. */
const listedTags = z
  .array(z.looseObject({ tagKey: lenient(z.string()), tagValue: lenient(z.string()) }))
  .transform((tags) =>
    tags.flatMap(({ tagKey, tagValue = "" }) => (tagKey === undefined ? [] : [{ tagKey, tagValue }])),
  );

/** What is installed, as names with versions. API: `EmrProductConfigDetail`, and its older twin. */
const installed = z.looseObject({ softInfo: z.array(z.string()).optional() });

export const describeInstances = emrAction(
  "DescribeInstances",
  "read",
  z.strictObject({
    displayStrategy: z.literal("clusterList"),
    /** Default: all. */
    instanceIds: z.array(emrClusterId).min(1).optional(),
    projectId: z.int(),
    // The documents call it the number of a page.
    offset: z.int().optional(),
    limit: z.int().optional(),
    orderField: z.literal("clusterId").optional(),
    asc: z.literal(1).optional(),
  }),
  z.looseObject({
    totalCnt: count,
    clusterList: z
      .array(
        z.looseObject({
          clusterId: z.string(),
          clusterName: lenient(z.string()),
          status: wholeNumber,
          clusterTitle: lenient(z.string()),
          zoneId: lenient(wholeNumber),
          uin: lenient(z.union([z.string(), z.number()])),
          // Only told on: whatever they hold, a cluster stays readable.
          emrVersion: lenient(z.string()),
          serviceClass: lenient(z.string()),
          chargeType: lenient(z.int()),
          zone: lenient(z.string()),
          addTime: lenient(z.string()),
          uniqVpcId: lenient(z.string()),
          uniqSubnetId: lenient(z.string()),
          tags: lenient(listedTags),
          configDetail: lenient(installed),
          config: lenient(installed),
        }),
      )
      .default([]),
  }),
);

export const describeClusterNodes = emrAction(
  "DescribeClusterNodes",
  "read",
  // Without Offset and Limit the whole list comes, or its first page: the documents say both.
  z.strictObject({
    instanceId: emrClusterId,
    nodeFlag: z.enum(["all", "master", "core", "task", "router"]),
    offset: z.int().optional(),
    limit: z.int().optional(),
  }),
  listOf(
    "nodeList",
    "totalCnt",
    z.looseObject({
      totalCnt: count,
      nodeList: z
        .array(
          z.looseObject({
            emrResourceId: z.string(),
            orderNo: z.string().optional(),
            flag: wholeNumber,
            autoFlag: wholeNumber.optional(),
            tags: listedTags.optional(),
            // These narrow down what a node can be, or are only told on: whatever they hold, the list stays readable.
            nameTag: lenient(z.string()),
            ip: lenient(z.string()),
            spec: lenient(z.string()),
            cpuNum: lenient(z.number()),
            memSize: lenient(z.number()),
            chargeType: lenient(wholeNumber),
            applyTime: lenient(z.string()),
            currentTime: lenient(z.string()),
            disableApiTermination: lenient(z.boolean()),
            zone: lenient(z.string()),
            zoneId: lenient(wholeNumber),
            servicesStatus: lenient(z.string()),
            hardwareResourceType: lenient(z.string()),
          }),
        )
        .default([]),
    }),
  ),
);

export const describeClusterFlowStatusDetail = emrAction(
  "DescribeClusterFlowStatusDetail",
  "read",
  z.strictObject({
    instanceId: emrClusterId,
    flowParam: z.strictObject({ fKey: z.enum(["TraceId", "FlowId"]), fValue: z.string() }),
  }),
  z.looseObject({
    flowTotalProgress: lenient(z.number()),
    flowTotalStatus: wholeNumber,
    stageDetails: lenient(
      z.array(
        z.looseObject({
          stage: lenient(z.string()),
          name: lenient(z.string()),
          status: lenient(wholeNumber),
          failedReason: lenient(z.string()),
          starttime: lenient(z.string()),
          endtime: lenient(z.string()),
        }),
      ),
    ),
  }),
);

const removed = z.looseObject({ flowId: lenient(wholeNumber) });

export const terminateClusterNodes = emrAction(
  "TerminateClusterNodes",
  "never",
  z.strictObject({
    instanceId: emrClusterId,
    cvmInstanceIds: z.array(z.string().min(1)).min(1),
    nodeFlag: z.enum(["TASK", "CORE", "ROUTER"]),
    graceDownFlag: z.boolean().optional(),
    graceDownTime: z.int().min(60).max(1800).optional(),
  }),
  removed,
);

export const terminateTasks = emrAction(
  "TerminateTasks",
  "never",
  z.strictObject({ instanceId: emrClusterId, resourceIds: z.array(z.string().min(1)).min(1) }),
  removed,
);

export const modifyResourcesTags = emrAction(
  "ModifyResourcesTags",
  "converge",
  z.strictObject({
    modifyType: z.literal("Node"),
    modifyResourceTagsInfoList: z
      .array(
        z.strictObject({
          resourceId: z.string(),
          resource: z.string(),
          resourcePrefix: z.literal("emr-vm"),
          resourceRegion: z.string(),
          serviceType: z.literal("emr"),
          addTags: z.array(tag).optional(),
          modifyTags: z.array(tag).optional(),
          deleteTags: z.array(tag).optional(),
        }),
      )
      .min(1),
  }),
  z.looseObject({
    failList: lenient(z.array(z.unknown())),
    partSuccessList: lenient(z.array(z.unknown())),
    clusterToFlowIdList: lenient(z.array(z.looseObject({ flowId: lenient(wholeNumber) }))),
  }),
);

/** What a cluster's status number says. */
export const clusterStatuses = {
  2: "running",
  3: "creating",
  4: "scalingOut",
  5: "addingRouters",
  6: "installing",
  7: "executing",
  8: "restartingServices",
  9: "enteringMaintenance",
  10: "pausingServices",
  11: "leavingMaintenance",
  12: "startingServices",
  13: "pushingConfiguration",
  14: "terminating",
  15: "removingCoreNodes",
  16: "removingTaskNodes",
  17: "removingRouterNodes",
  18: "changingPassword",
  19: "isolating",
  20: "reversing",
  21: "reclaiming",
  22: "awaitingSpecChange",
  23: "isolated",
  24: "removingNodes",
  33: "awaitingRefund",
  34: "refunded",
  201: "terminated",
  301: "creationFailed",
  302: "scaleOutFailed",
} as const;

/** What a cluster's status number allows. Numbers that the documents do not list count as busy. */
export function clusterPhase(status: number): "idle" | "busy" | "gone" | "unusable" {
  if (status === 2) return "idle";
  if ([33, 34, 201, -2].includes(status)) return "gone";
  // 14, 19, 21: being destroyed, isolated or reclaimed; 23 isolated; 301 creation failed.
  if ([14, 19, 21, 23, 301].includes(status)) return "unusable";
  return "busy";
}
