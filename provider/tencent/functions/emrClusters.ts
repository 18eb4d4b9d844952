// tencent.getEmrClusters, tencent.getEmrCluster: which EMR clusters there are, and what one of them is.
import { z } from "zod";
import { choice } from "../../choice";
import { defineFunction } from "../../function";
import { askedPlace } from "../../placeInputs";
import { tencentClient } from "../config";
import { clusterStatuses } from "../emr";
import { type ClusterRow, type EmrNode, listClusters, listNodesSurely } from "../emrCluster";
import { emrClusterId, tagList } from "../emrPurchase";
import { requireCluster, sortedTags } from "./emrCommon";
import { roleOf, roles } from "./emrNodes";

type Status = (typeof clusterStatuses)[keyof typeof clusterStatuses];
const statusMeanings = Object.fromEntries(
  Object.entries(clusterStatuses).map(([code, word]) => [word, `What the API numbers ${code}.`]),
) as Record<Status, string>;

const cluster = z.object({
  clusterId: z.string().describe("Id of the cluster, such as `emr-5n3l5c83`. API: `ClusterId`."),
  name: z.string().describe("Name of the cluster. API: `ClusterName`."),
  status: z
    .string()
    .describe(
      "What the cluster is doing: `running` where it rests, else a word such as `creating`, `scalingOut`, `isolated` or `scaleOutFailed`; `unknown` for a number that the API does not document. API: `Status`.",
    ),
  statusCode: z.int().describe("The same as the API's number: 2 is `running`. API: `Status`."),
  version: z.string().describe("EMR version, such as `EMR-V3.5.0`. API: `EmrVersion`."),
  kind: z.string().describe("Kind of the cluster, such as `EMR` or `CLICKHOUSE`. API: `ServiceClass`."),
  chargeType: z
    .int()
    .optional()
    .describe(
      "Billing of the cluster: `0` hourly, `1` monthly; absent where it is not told. API: `ChargeType`.",
    ),
  zone: z.string().describe("Main availability zone, such as `ap-guangzhou-3`. API: `Zone`."),
  zoneId: z
    .int()
    .optional()
    .describe("Number of the main zone, such as 100003; absent where it is not told. API: `ZoneId`."),
  vpcId: z.string().describe("Private network. API: `UniqVpcId`."),
  subnetId: z.string().describe("Subnet chosen for the cluster. API: `UniqSubnetId`."),
  createTime: z.string().describe("When it was made, in the cloud's clock. API: `AddTime`."),
  tags: tagList.describe("Tags of the cluster, in the order of their keys. API: `Tags`."),
});

function statusOf(status: number): string {
  return (clusterStatuses as Record<number, string>)[status] ?? "unknown";
}

function clusterOf(row: ClusterRow): z.output<typeof cluster> {
  return {
    clusterId: row.clusterId,
    name: row.clusterName ?? "",
    status: statusOf(row.status),
    statusCode: row.status,
    version: row.emrVersion ?? "",
    kind: row.serviceClass ?? "",
    chargeType: row.chargeType,
    zone: row.zone ?? "",
    zoneId: row.zoneId,
    vpcId: row.uniqVpcId ?? "",
    subnetId: row.uniqSubnetId ?? "",
    createTime: row.addTime ?? "",
    tags: sortedTags(row.tags ?? []),
  };
}

export const getEmrClusters = defineFunction({
  token: "tencent:getEmrClusters",
  description:
    "The Tencent Cloud EMR clusters of a region, in all projects of the account, except those that are destroyed.",
  inputs: z.strictObject({
    ...askedPlace,
    name: z.string().min(1).optional().describe("Only clusters of exactly this name. API: `ClusterName`."),
    status: choice(statusMeanings).optional().describe("Only clusters in this status. API: `Status`."),
  }),
  outputs: z.object({
    clusters: z.array(cluster).describe("The clusters, in the order of their ids. API: `ClusterList`."),
    region: z.string().describe("Region that was asked."),
  }),
  async call(context, { name, status, ...place }) {
    const client = tencentClient(context, place);
    const clusters = (await listClusters(client)).map(clusterOf);
    const isMeant = (each: z.output<typeof cluster>) =>
      (name === undefined || each.name === name) && (status === undefined || each.status === status);
    return { clusters: clusters.filter(isMeant), region: client.region };
  },
});

const count = (role: string) =>
  z.int().describe(`Number of ${role} nodes, those of autoscaling included. API: \`NodeList\`.`);

export const getEmrCluster = defineFunction({
  token: "tencent:getEmrCluster",
  description: "One Tencent Cloud EMR cluster, and how many nodes of each role it has.",
  inputs: z.strictObject({
    ...askedPlace,
    clusterId: emrClusterId.describe("Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceIds`."),
  }),
  outputs: cluster.extend({
    zones: z.array(z.string()).describe("Availability zones of its nodes, by name. API: `Zone`."),
    nodeCounts: z
      .object({
        master: count("master"),
        core: count("core"),
        task: count("task"),
        router: count("router"),
        common: count("common"),
      })
      .describe("How many nodes there are of each role."),
    nodeCount: z.int().describe("Number of all nodes. API: `NodeList`."),
    region: z.string().describe("Region of the cluster."),
  }),
  async call(context, { clusterId, ...place }) {
    const client = tencentClient(context, place);
    const row = await requireCluster(client, clusterId);
    const nodes = await listNodesSurely(client, context.clock, clusterId, []);
    return {
      ...clusterOf(row),
      zones: [...new Set(nodes.flatMap(({ zone }) => zone || []))].sort(),
      nodeCounts: countsOf(nodes),
      nodeCount: nodes.length,
      region: client.region,
    };
  },
});

/** How EMR is asked what a cluster is doing. */
export const clusterStatus = {
  token: getEmrCluster.token,
  asked: ({ clusterId }: { clusterId: string }) => ({ clusterId }),
  told: ({ status }: Record<string, unknown>, { clusterId }: { clusterId: string }) => ({
    name: clusterId,
    status: String(status),
  }),
};

function countsOf(nodes: readonly EmrNode[]): Record<(typeof roles)[number], number> {
  const counts = roles.map((role) => [role, nodes.filter((node) => roleOf(node) === role).length] as const);
  return Object.fromEntries(counts) as Record<(typeof roles)[number], number>;
}
