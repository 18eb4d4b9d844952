// tencent.getEmrNodes: the nodes of an EMR cluster.
import { z } from "zod";
import { choice } from "../../choice";
import { defineFunction } from "../../function";
import { askedPlace } from "../../placeInputs";
import { tencentClient } from "../config";
import { type EmrNode, listNodesSurely } from "../emrCluster";
import { nodeOutput, poolTag } from "../emrNodePoolSchema";
import { nodeOutputOf, tagOf } from "../emrNodePoolSurvey";
import { emrClusterId, tagList } from "../emrPurchase";
import { orMissingCluster, sortedTags } from "./emrCommon";

/** In the order of the API's numbers. */
export const roles = ["common", "master", "core", "task", "router"] as const;

export function roleOf({ flag }: EmrNode): string {
  return roles[flag] ?? "unknown";
}

const node = nodeOutput.extend({
  name: z.string().describe("Name that the cluster has given it, such as `task.3`. API: `NameTag`."),
  role: z
    .string()
    .describe("`master`, `core`, `task`, `router` or `common`; `unknown` for another number. API: `Flag`."),
  zoneId: z
    .int()
    .optional()
    .describe("Number of the zone, such as 100003; absent where it is not told. API: `ZoneId`."),
  hardware: z
    .string()
    .describe(
      "`HOST` for a machine, `POD` for a pod of a TKE or EKS cluster; empty where it is not told. API: `HardwareResourceType`.",
    ),
  autoscaled: z.boolean().describe("Whether autoscaling made it, and may take it away. API: `AutoFlag`."),
  destroyable: z
    .boolean()
    .describe("Whether it may be removed: no termination protection is on. API: `DisableApiTermination`."),
  poolId: z
    .string()
    .describe(
      `The pool that it belongs to, the \`poolId\` of a \`tencent.EmrNodePool\`; empty where it carries no such tag. API: the tag \`${poolTag}\`.`,
    ),
  tags: tagList.describe("Tags, in the order of their keys. API: `Tags`."),
});

export const getEmrNodes = defineFunction({
  token: "tencent:getEmrNodes",
  description: "The nodes of a Tencent Cloud EMR cluster, or those of one role.",
  inputs: z.strictObject({
    ...askedPlace,
    clusterId: emrClusterId.describe("Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`."),
    role: choice({
      common: "Common nodes: ZooKeeper and the like.",
      master: "Master nodes.",
      core: "Core nodes.",
      task: "Task nodes.",
      router: "Router nodes.",
    })
      .optional()
      .describe("Only nodes of this role. Default: all. API: `NodeFlag`."),
  }),
  outputs: z.object({
    nodes: z.array(node).describe("The nodes, in the order of their ids. API: `NodeList`."),
    nodeCount: z.int().describe("Number of these nodes."),
    privateIps: z.array(z.string()).describe("Private IP addresses of these nodes, in the same order."),
    region: z.string().describe("Region of the cluster."),
  }),
  async call(context, { clusterId, role, ...place }) {
    const client = tencentClient(context, place);
    const listed = await orMissingCluster(
      client,
      clusterId,
      listNodesSurely(client, context.clock, clusterId, []),
    );
    const nodes = listed
      .filter((each) => role === undefined || roleOf(each) === role)
      .map((each) => ({
        ...nodeOutputOf(each),
        name: each.nameTag ?? "",
        role: roleOf(each),
        zoneId: each.zoneId,
        hardware: each.hardwareResourceType ?? "",
        autoscaled: each.autoFlag === 1,
        destroyable: each.disableApiTermination !== true,
        poolId: tagOf(each, poolTag) ?? "",
        tags: sortedTags(each.tags ?? []),
      }))
      .sort((a, b) => (a.resourceId < b.resourceId ? -1 : 1));
    return {
      nodes,
      nodeCount: nodes.length,
      privateIps: nodes.flatMap(({ ip }) => ip || []),
      region: client.region,
    };
  },
});
