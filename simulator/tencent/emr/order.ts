// What is asked for in a scale-out, and whether it could be carried out: registered spec, quota, stock. The price inquiry asks the same.

import { ApiError } from "../errors";
import type { Cluster, Tag } from "./cluster";
import type { ScalableRole } from "./settings";
import type { EmrWorld } from "./world";

export interface ScaleOutRequest {
  InstanceId: string;
  TimeUnit: string;
  TimeSpan: number;
  PayMode: number;
  ClientToken?: string;
  TaskCount?: number;
  CoreCount?: number;
  RouterCount?: number;
  MasterCount?: number;
  UnNecessaryNodeList?: number[];
  SoftDeployInfo?: number[];
  ServiceNodeInfo?: number[];
  PreExecutedFileSettings?: { WhenRun?: string; CosFileURI?: string; Path?: string; RunOrder?: number }[];
  DisasterRecoverGroupIds?: string[];
  Tags?: Tag[];
  HardwareResourceType?: string;
  PodSpec?: { NodeType: string; Cpu: number; Memory: number };
  PodParameter?: { Config: string };
  ClickHouseClusterName?: string;
  ClickHouseClusterType?: string;
  YarnNodeLabel?: string;
  StartServiceAfterScaleOut?: string;
  ZoneId?: number;
  SubnetId?: string;
  ScaleOutServiceConfAssign?: string;
  ComputeResourceId?: string;
  AutoRenew?: number;
  NodeMarks?: { NodeType?: string; NodeNames?: string[]; Zone?: string };
}

export interface Order {
  role: ScalableRole;
  count: number;
  prepaid: boolean;
  hardware: "HOST" | "POD" | "MNode";
}

export function checkAvailable(orders: Order[], cluster: Cluster, world: EmrWorld): void {
  const { hasDefaultSpec, quota, stock } = world.settings;
  // Pods bring their own spec and stand in no CVM stock.
  const machines = orders.filter((order) => order.hardware !== "POD");
  for (const { role } of machines) {
    if (!hasDefaultSpec[role]) throw new ApiError("ResourceUnavailable.ResourceSpecNotDefaultSpec");
  }
  const hourly = machines.filter((order) => !order.prepaid).reduce((sum, order) => sum + order.count, 0);
  const inUse = cluster.allNodes.filter((node) => node.goneAt === undefined && node.chargeType === 0).length;
  if (quota !== null && hourly > 0 && inUse + hourly > quota) {
    throw new ApiError("InternalError.CheckQuotaErr", `The CVM quota of ${quota} nodes is exceeded.`);
  }
  for (const { role, count } of machines) {
    const left = stock[role];
    if (left === null) continue;
    if (left <= 0) throw new ApiError("ResourcesSoldOut.CvmSoldOut");
    if (left < count) throw new ApiError("ResourceInsufficient.InstanceInsufficient");
  }
}
