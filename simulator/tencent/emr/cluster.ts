// What a cluster is made of.

import type { Flow } from "./flow";
import type { ScalableRole } from "./settings";

export type Role = ScalableRole | "common";

/** `Flag` of a node row. */
export const roleFlags: Record<Role, number> = { common: 0, master: 1, core: 2, task: 3, router: 4 };

export interface Tag {
  TagKey: string;
  TagValue: string;
}

/** One process on one node. Tests may change any field; the next answer shows it. */
export interface Process {
  /** Like "HDFS". */
  service: string;
  /** As service calls spell it, like "ZKFailoverController". */
  component: string;
  /** As the node list spells it, like "zkfc". */
  listName: string;
  /** Process number. */
  componentId: number;
  /** Of its node. */
  ip: string;
  /** The HDFS name service it belongs to; empty unless there are several. */
  nameService: string;
  started: boolean;
  /** Simulator time in milliseconds, as is the next. Undefined = never started or not stopped. */
  lastRestartAt: number | undefined;
  /** The time before, as long as lists lag. */
  restartBefore?: number | undefined;
  stoppedAt: number | undefined;
  maintenance: boolean;
  /** In maintenance, but still probed. */
  probedInMaintenance: boolean;
  /** 1 good, 0 unavailable, -2 unknown, -3 at risk. Not shown while the process is not probed. */
  health: number;
  /** 1 synced, -1 stale, -2 failed. */
  confStatus: number;
  /** 1 = the data node is in HDFS's own maintenance. */
  dataNodeMaintenance: 0 | 1;
}

/** One node. Tests may change any field; the next answer shows it. */
export interface EmrNode {
  emrResourceId: string;
  /** The CVM id `ins-…`; empty for pods and for machines not obtained yet. */
  orderNo: string;
  serialNo: string;
  role: Role;
  nameTag: string;
  ip: string;
  /** Family only, like "CVM.S5". */
  spec: string;
  cpuNum: number;
  memoryGigabytes: number;
  diskGigabytes: number;
  rootGigabytes: number;
  storageType: number;
  chargeType: 0 | 1;
  autoRenew: 0 | 1;
  /** 1 = made by autoscaling. */
  autoFlag: 0 | 1;
  /** Simulator time in milliseconds, as are the next three. */
  appliedAt: number;
  /** Monthly nodes only. */
  expiresAt?: number | undefined;
  /** When the node left the cluster; undefined = alive. */
  goneAt?: number | undefined;
  /** When the node went to the recycle bin; undefined = it is not there. */
  recycledAt?: number | undefined;
  tags: Tag[];
  processes: Process[];
  destroyable: 0 | 1;
  disableApiTermination: boolean;
  timingResource: boolean;
  hardwareResourceType: "HOST" | "POD" | "MNode";
  zone: string;
  zoneId: number;
  subnetId: string;
  subnetName: string;
  nodeMark: string;
  /** Not shown by any call; here for tests. */
  yarnNodeLabel: string;
  remark: string;
  /** Of the scale-out that made it; empty for other nodes. */
  flowTraceId: string;
  /** Ordered but never obtained. */
  ghost: boolean;
}

export interface Zone {
  zone: string;
  zoneId: number;
}

export interface Subnet {
  subnetId: string;
  subnetName: string;
  zoneId: number;
}

/** An order that was carried out. */
export interface Purchase {
  time: number;
  role: Role;
  count: number;
  clientToken: string;
  /** Filled when the machines have been obtained. */
  nodeIds: string[];
  requestId: string;
}

/** A workflow, ours or somebody's, that keeps the cluster busy. */
export interface Holder {
  status: number;
  since: number;
  description: string;
  /** Of the flow that holds; a workflow of the console has none that callers could know. */
  traceId: string;
}

export interface Cluster {
  clusterId: string;
  clusterName: string;
  region: string;
  uin: string;
  appId: number;
  projectId: number;
  /** Status while no workflow runs: 2, 302 or whatever a test sets. */
  restingStatus: number;
  emrVersion: string;
  /** "EMR", "CLICKHOUSE", "KAFKA", … */
  serviceClass: string;
  chargeType: 0 | 1;
  vpcId: string;
  /** The first is the main zone. */
  zones: Zone[];
  /** The first is the one chosen at creation. */
  subnets: Subnet[];
  supportsPod: boolean;
  /** Compute resources (`emr-cr-…`) whose nodes it can be given. */
  computeResourceIds: string[];
  isCvmReplace: boolean;
  services: string[];
  tags: Tag[];
  createdAt: number;
  /** All nodes ever, the gone ones too. */
  allNodes: EmrNode[];
  holders: Holder[];
  flows: Flow[];
  purchases: Purchase[];
  /** Earlier scale-outs by ClientToken. */
  tokens: Map<string, { time: number; body: string; answer: Record<string, unknown> }>;
}
