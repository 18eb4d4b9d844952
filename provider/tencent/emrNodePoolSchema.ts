// What a node pool may be told, and what it tells.
import { z } from "zod";
import { choice } from "../choice";
import { input, inputObject, inputsThat, output, part } from "../fields";
import { profileInput, regionInput } from "../placeInputs";
import type { Rule } from "../schema";
import { timeoutProblems, timeoutsInput } from "../timeouts";
import { parseObject } from "../wire";
import { emrClusterId, nodePurchase, purchasedRole } from "./emrPurchase";

/** Tags that mark a node as a pool's own: its name, the settings it was born with, and who bought it. */
export const poolTag = "pulumi-bigdata-pool";
export const specTag = "pulumi-bigdata-spec";
export const ownerTag = "pulumi-bigdata-owner";
export const ownTags: readonly string[] = [poolTag, specTag, ownerTag];

/** Which nodes go first when the pool shrinks, and how. */
const scaleIn = z.strictObject({
  order: part(
    { implied: "newest" },
    choice({
      newest: "The nodes that were applied for last go first.",
      oldest: "The nodes that were applied for first go first.",
    })
      .optional()
      .describe("`newest` or `oldest` nodes first, by the time they were applied for. Default `newest`."),
  ),
  nodes: z
    .array(z.string().min(1))
    .optional()
    .describe("Ids (`emr-vm-…` or `ins-…`) of nodes that go before all others."),
  graceSeconds: z
    .int()
    .min(60)
    .max(1800)
    .optional()
    .describe(
      "Seconds (60 to 1800) that YARN, HBase and Presto/Trino work may take to leave a node. Default: nodes go at once. API: `GraceDownTime`.",
    ),
  allowCoreScaleIn: part(
    { implied: false },
    z
      .boolean()
      .optional()
      .describe("Allow core nodes to be removed although the HDFS data on them is lost. Default: refused."),
  ),
});

const nodeId = z.string().regex(/^(emr-vm|ins)-/, "must be a node id such as emr-vm-… or ins-…");

export const longestPoolId = 200;
/** What a pool's id, being a tag's value, cannot hold. */
export const notInPoolId = /[^\p{L}\p{N} +\-=._:/@()[\]]/gu;

export const nodePoolInputs = inputObject({
  region: regionInput,
  profile: profileInput,
  clusterId: input(
    { change: "replaces" },
    emrClusterId.describe(
      "Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the pool. API: `InstanceId`.",
    ),
  ),
  role: input(
    { change: "replaces" },
    purchasedRole.describe(
      "What the nodes are for: `task`, `core`, `router` or `master`. Masters can be added, but the provider never removes them. Changing it replaces the pool.",
    ),
  ),
  count: input(
    { change: "inPlace" },
    z
      .int()
      .min(0)
      .max(2000)
      .describe(
        "How many nodes the pool has. Nodes of autoscaling and of others do not count. At most 2000; bought in batches of 20. API: `TaskCount` and its like.",
      ),
  ),
  poolId: input(
    { change: "replaces", proposed: true },
    z
      .string()
      .min(1)
      .max(longestPoolId)
      .regex(
        /^[\p{L}\p{N} +\-=._:/@()[\]]+$/u,
        "must be made of letters, digits, spaces and + - = . _ : / @ ( ) [ ]",
      )
      .describe(
        "Name of the pool on the cluster, kept in a tag of each node. Unique among all pools of a cluster, in every stack. Default `<project>/<stack>/<name>`. Changing it replaces the pool.",
      ),
  ),
  ...nodePurchase.shape,
  adopt: input(
    { change: "inPlace", set: true },
    z
      .array(nodeId)
      .optional()
      .describe(
        "Ids (`emr-vm-…` or `ins-…`) of existing nodes that the pool takes over, as if it had bought them: they count, and go when the pool shrinks or is deleted. Taking an id out later changes nothing: `exclude` lets go of a node.",
      ),
  ),
  exclude: input(
    { change: "inPlace", set: true },
    z
      .array(nodeId)
      .optional()
      .describe(
        "Ids (`emr-vm-…` or `ins-…`) of nodes that the pool leaves alone: it never takes them over, and lets go of them, without terminating them, if they were its own.",
      ),
  ),
  scaleIn: input(
    { change: "later" },
    scaleIn.optional().describe("Which nodes go first when the pool shrinks, and how."),
  ),
  deletionPolicy: input(
    { change: "later" },
    choice({
      terminate: "The nodes are terminated.",
      leave: "The nodes stay, running and billed.",
    })
      .default("terminate")
      .describe(
        "What deleting the resource does with its nodes: `terminate` them or `leave` them running and billed. Default `terminate`.",
      ),
  ),
  timeouts: timeoutsInput("60m"),
});

export type NodePoolInputs = z.output<typeof nodePoolInputs>;

/** What makes a pool the same as another. */
export type PoolName = Pick<NodePoolInputs, "clusterId" | "role" | "poolId">;

export const poolKey = ({ clusterId, role, poolId }: PoolName) => `${clusterId}/${role}/${poolId}`;

/** A node of the pool. */
export const nodeOutput = z.object({
  resourceId: z.string().describe("EMR's id of the node, `emr-vm-…`. API: `EmrResourceId`."),
  orderNo: z
    .string()
    .describe(
      "Id of the virtual machine, `ins-…`; empty while it is being made, and for pods. API: `OrderNo`.",
    ),
  ip: z.string().describe("Private IP address. API: `Ip`."),
  state: z
    .string()
    .describe(
      "`running`, `stopped`, `degraded` (some processes stopped) or `unknown`, from the node's processes. API: `ServicesStatus`.",
    ),
  zone: z.string().describe("Availability zone. API: `Zone`."),
  applyTime: z.string().describe("When the node was applied for, in the cloud's clock. API: `ApplyTime`."),
  chargeType: z.int().describe("`0` hourly, `1` monthly. API: `ChargeType`."),
  spec: z.string().describe("Machine type, such as `S5.2XLARGE16`."),
});

export type NodeOutput = z.output<typeof nodeOutput>;

/** A purchase of which it is not known yet what it brought. */
export const order = z.object({
  token: z
    .string()
    .describe("Token of the purchase, by which the cloud knows a repetition. API: `ClientToken`."),
  sentAt: z.number().describe("When it was sent, milliseconds since the epoch."),
  serverTime: z.string().describe("The cluster's own time just before, as far as it told."),
  count: z.int().describe("How many nodes were asked for."),
  specHash: z.string().describe("Fingerprint of the settings that its nodes are born with."),
  payMode: z.int().describe("How they are billed: `0` hourly, `1` monthly. API: `PayMode`."),
  zoneId: z.int().optional().describe("Number of the zone that was asked for. API: `ZoneId`."),
  before: z.array(z.string()).describe("All nodes of the cluster just before."),
  owner: z.string().optional().describe("What its nodes carry in the tag `pulumi-bigdata-owner`."),
  flow: z
    .object({
      key: choice({
        TraceId: "The edition of the API that follows a workflow by its trace.",
        FlowId: "The edition of the API that numbers workflows.",
      }).describe("Kind of the handle. API: `FKey`."),
      value: z.string().describe("The handle. API: `FValue`."),
    })
    .optional()
    .describe("Handle of the workflow, once the cloud has answered."),
  acknowledged: z.boolean().describe("Whether the cloud has accepted it for certain."),
  begun: z
    .boolean()
    .optional()
    .describe("Whether the cluster was seen adding nodes after it was sent: its answer may have got lost."),
});

export type Order = z.output<typeof order>;

/** What the pool tells, besides its inputs. */
export const nodePoolOutputs = z.object({
  nodes: z.array(nodeOutput).describe("The pool's nodes; new ones come last."),
  nodeCount: z.int().describe("Number of the pool's nodes."),
  privateIps: z
    .array(z.string())
    .describe("Private IP addresses of the nodes, in their order: new ones come last."),
  region: output({ stable: true }, z.string().describe("Region of the cluster.")),
  lastFlow: z
    .string()
    .describe("The latest workflow: `TraceId …` or `FlowId …`; empty where the cloud gave none."),
  lastRequestId: z
    .string()
    .describe("RequestId of the latest call that changed something; empty if there was none."),
  specHash: z
    .string()
    .describe(
      "Fingerprint of the settings that nodes are born with; also in the nodes' tag `pulumi-bigdata-spec`.",
    ),
  pendingOrder: order
    .optional()
    .describe("A purchase whose outcome was not known when the operation ended; the next `up` looks for it."),
  owner: output(
    { stable: true },
    z
      .string()
      .optional()
      .describe(
        "Marks nodes as bought by this pool, whatever the resource, its stack or its project is called; also in the nodes' tag `pulumi-bigdata-owner`.",
      ),
  ),
  vanished: z
    .array(
      z.object({
        resourceId: z.string().describe("EMR's id of the node."),
        applyTime: z.string().describe("When it was applied for, in the cloud's clock."),
      }),
    )
    .optional()
    .describe(
      "Nodes of the pool that the cluster no longer lists. They count again if they come back; absent where there are none.",
    ),
  untagged: z
    .array(z.string())
    .optional()
    .describe(
      "Ids of nodes that lack the pool's tags; the next `up` sets them. Absent where there are none.",
    ),
});

export type NodePoolState = NodePoolInputs & z.output<typeof nodePoolOutputs>;

/** Settings that nodes are born with and keep. */
export const birthProperties = inputsThat(nodePurchase, "replaces");

/** How long nodes are bought for. */
export const billingRules: readonly Rule<Pick<NodePoolInputs, "payMode" | "timeUnit" | "timeSpan">>[] = [
  {
    property: "timeUnit",
    reads: ["payMode", "timeUnit"],
    problem: ({ payMode, timeUnit }) =>
      timeUnit === undefined || (timeUnit === "m") === (payMode === 1)
        ? undefined
        : `must be "${payMode === 1 ? "m" : "s"}" when payMode is ${payMode}, got "${timeUnit}"`,
  },
  {
    property: "timeSpan",
    reads: ["payMode", "timeSpan"],
    problem: ({ payMode, timeSpan }) => {
      if (payMode !== 1) {
        return timeSpan === undefined || timeSpan === 3600
          ? undefined
          : `must be 3600 (or be left out) when payMode is 0, got ${timeSpan}`;
      }
      if (timeSpan === undefined) return "is required when payMode is 1: the number of months to buy";
      return timeSpan > 60
        ? `must be a number of months, at most 60, when payMode is 1, got ${timeSpan}`
        : undefined;
    },
  },
];

/** Only task nodes can be pods. */
export const podRule: Rule<Pick<NodePoolInputs, "hardwareResourceType" | "role">> = {
  property: "hardwareResourceType",
  reads: ["hardwareResourceType", "role"],
  problem: ({ hardwareResourceType, role }) =>
    hardwareResourceType === "POD" && role !== "task"
      ? `can be POD only for the role task, not ${role}`
      : undefined,
};

export const nodePoolRules: readonly Rule<NodePoolInputs>[] = [
  ...billingRules,
  {
    property: "autoRenew",
    reads: ["payMode", "autoRenew"],
    problem: ({ payMode, autoRenew }) =>
      autoRenew !== undefined && payMode !== 1
        ? "is only for payMode 1: hourly nodes have nothing to renew; leave it out"
        : undefined,
  },
  {
    property: "unnecessaryNodeList",
    reads: ["unnecessaryNodeList", "softDeployInfo", "serviceNodeInfo"],
    problem: ({ unnecessaryNodeList, softDeployInfo, serviceNodeInfo }) =>
      unnecessaryNodeList !== undefined && (softDeployInfo !== undefined || serviceNodeInfo !== undefined)
        ? "excludes softDeployInfo and serviceNodeInfo: name either what not to run or what to run"
        : undefined,
  },
  {
    property: "podSpec",
    reads: ["hardwareResourceType", "podSpec"],
    problem: ({ hardwareResourceType, podSpec }) => {
      if (hardwareResourceType === "POD") {
        return podSpec === undefined ? "is required when hardwareResourceType is POD" : undefined;
      }
      return podSpec === undefined ? undefined : "is only for hardwareResourceType POD";
    },
  },
  {
    property: "podParameter",
    reads: ["hardwareResourceType", "podParameter"],
    problem: ({ hardwareResourceType, podParameter }) =>
      podParameter !== undefined && hardwareResourceType !== "POD"
        ? "is only for hardwareResourceType POD"
        : undefined,
  },
  podRule,
  {
    property: "clickHouseClusterType",
    reads: ["clickHouseClusterName", "clickHouseClusterType"],
    problem: ({ clickHouseClusterName, clickHouseClusterType }) =>
      (clickHouseClusterName === undefined) === (clickHouseClusterType === undefined)
        ? undefined
        : "goes together with clickHouseClusterName: give both or neither",
  },
  {
    property: "role",
    reads: ["role", "clickHouseClusterName"],
    problem: ({ role, clickHouseClusterName }) =>
      role === "master" && clickHouseClusterName !== undefined
        ? "master has no effect on ClickHouse clusters: use core"
        : undefined,
  },
  {
    property: "deletionPolicy",
    reads: ["role", "deletionPolicy"],
    problem: ({ role, deletionPolicy }) =>
      role === "master" && deletionPolicy !== "leave"
        ? 'must be "leave" for the role master: masters cannot be removed from a cluster'
        : undefined,
  },
  {
    property: "scaleOutServiceConfAssign",
    reads: ["scaleOutServiceConfAssign"],
    problem: ({ scaleOutServiceConfAssign: text }) =>
      text === undefined || parseObject(text)
        ? undefined
        : 'must be the text of a JSON object, such as {"HDFS-3.2.2": -1}',
  },
  {
    property: "tags",
    reads: ["tags"],
    problem: ({ tags = [] }) =>
      tags.flatMap(({ tagKey }, index) => {
        const property = `tags[${index}].tagKey`;
        if (ownTags.includes(tagKey)) {
          return [{ property, reason: `must not be ${tagKey}: the pool sets that tag itself` }];
        }
        const isTwice = tags.findIndex((tag) => tag.tagKey === tagKey) < index;
        return isTwice ? [{ property, reason: `names the key ${tagKey} twice` }] : [];
      }),
  },
  {
    property: "adopt",
    reads: ["adopt", "exclude"],
    problem: ({ adopt = [], exclude = [] }) =>
      adopt.flatMap((id, index) => {
        const property = `adopt[${index}]`;
        if (exclude.includes(id)) return [{ property, reason: `names ${id}, which exclude names too` }];
        return adopt.indexOf(id) < index ? [{ property, reason: `names ${id} twice` }] : [];
      }),
  },
  {
    property: "timeouts",
    reads: ["timeouts"],
    problem: ({ timeouts: limits }) => timeoutProblems(limits),
  },
];
