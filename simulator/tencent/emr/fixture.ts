// What tests and demos create clusters from. Checked, because it also arrives over HTTP.
import { z } from "zod";
import type { Cluster, Subnet, Zone } from "./cluster";

const zone = z.strictObject({ zone: z.string(), zoneId: z.int() });
const subnet = z.strictObject({ subnetId: z.string(), subnetName: z.string(), zoneId: z.int() });
const tag = z.strictObject({ TagKey: z.string(), TagValue: z.string() });
const count = z.int().nonnegative().optional();

export const clusterFixture = z.strictObject({
  /** Default: a generated `emr-xxxxxxxx`. */
  clusterId: z.string().optional(),
  clusterName: z.string().optional(),
  region: z.string().default("ap-guangzhou"),
  uin: z.string().default("100000000001"),
  appId: z.int().default(1_250_000_000),
  /** 0 is the default project. */
  projectId: z.int().default(0),
  status: z.int().default(2),
  emrVersion: z.string().default("EMR-V3.5.0"),
  /** "EMR", "CLICKHOUSE", "KAFKA", … */
  serviceClass: z.string().default("EMR"),
  chargeType: z.union([z.literal(0), z.literal(1)]).default(0),
  vpcId: z.string().default("vpc-sim00001"),
  /** Default: zones 3 and 4 of ap-guangzhou (100003, 100004), elsewhere `REGION-1` and `-2` (200001, 200002). */
  zones: z.array(zone).min(1).optional(),
  /** Default: one subnet in each zone, `subnet-sim00001` and following. */
  subnets: z.array(subnet).min(1).optional(),
  supportsPod: z.boolean().default(false),
  /** Such as `emr-cr-j91kjr07`. */
  computeResourceIds: z.array(z.string()).default([]),
  isCvmReplace: z.boolean().default(false),
  services: z
    .array(z.string())
    .default(["HDFS-3.2.2", "YARN-3.2.2", "ZOOKEEPER-3.6.3", "HIVE-3.1.3", "SPARK-3.3.2"]),
  tags: z.array(tag).default([]),
  /** How many nodes to begin with. */
  nodes: z
    .strictObject({ master: count, core: count, task: count, router: count, common: count })
    .default({ master: 1, core: 2 }),
});

export type ClusterFixture = z.input<typeof clusterFixture>;

export function newCluster(
  fixture: z.output<typeof clusterFixture>,
  clusterId: string,
  now: number,
): Cluster {
  const { nodes: _nodes, status, ...given } = fixture;
  const zones = fixture.zones ?? defaultZones(fixture.region);
  return {
    ...given,
    clusterId,
    clusterName: fixture.clusterName ?? `simulated ${clusterId}`,
    restingStatus: status,
    zones,
    subnets: fixture.subnets ?? zones.map(defaultSubnet),
    createdAt: now - 86_400_000,
    allNodes: [],
    holders: [],
    flows: [],
    purchases: [],
    tokens: new Map(),
  };
}

function defaultZones(region: string): Zone[] {
  if (region === "ap-guangzhou") {
    return [
      { zone: "ap-guangzhou-3", zoneId: 100003 },
      { zone: "ap-guangzhou-4", zoneId: 100004 },
    ];
  }
  return [
    { zone: `${region}-1`, zoneId: 200001 },
    { zone: `${region}-2`, zoneId: 200002 },
  ];
}

function defaultSubnet(zone: Zone, index: number): Subnet {
  return {
    subnetId: `subnet-sim0000${index + 1}`,
    subnetName: `simulated subnet ${index + 1}`,
    zoneId: zone.zoneId,
  };
}
