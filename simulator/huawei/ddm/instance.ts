// What an instance is made of, and what tests and demos create one from.
import { z } from "zod";
import { defaultEngineId, defaultFlavorId, defaultZones } from "./flavor";

type GroupRole = "rw" | "r";
type NodeStatus = "normal" | "abnormal" | "creating" | "createfail" | "enlargefail" | "resizing";

export interface DdmNode {
  nodeId: string;
  name: string;
  groupId: string;
  ip: string;
  availableZone: string;
  subnetId: string;
  status: NodeStatus | (string & {});
  /** Simulator time from which the node is listed. */
  createdAt: number;
  goneAt: number | undefined;
}

export interface DdmGroup {
  groupId: string;
  name: string;
  role: GroupRole;
  flavorId: string;
  isDefault: boolean;
  loadBalance: boolean;
  createdAt: number;
  goneAt: number | undefined;
  /** Also those that are gone. */
  allNodes: DdmNode[];
}

export interface DdmJob {
  jobId: string;
  name: string;
  /** From a v2 action. */
  v2: boolean;
  instanceId: string;
  instanceName: string;
  createdAt: number;
  endsAt: number;
  status: "Running" | "Completed" | "Failed";
  failReason: string;
}

export interface DdmPurchase {
  /** When the enlarging began. */
  time: number;
  count: number;
  groupId: string;
  flavorId: string;
  nodeIds: string[];
  /** Empty for pay-per-use. */
  orderId: string;
  jobId: string;
}

export interface DdmOrder {
  orderId: string;
  instanceId: string;
  /** 3 processing, 4 cancelled, 5 completed, 6 pending payment. */
  status: 3 | 4 | 5 | 6;
  purpose: string;
  /** Nodes it adds, or takes. */
  count: number;
  createdAt: number;
  paidAt: number | undefined;
  /** Resources made by it. */
  resourceIds: string[];
}

/** Keeps an instance from being changed. */
export interface DdmHolder {
  status: string;
  since: number;
  description: string;
}

/** One instance. Tests may change any field; the next answer shows it. */
export interface DdmInstance {
  instanceId: string;
  instanceName: string;
  projectId: string;
  /** Status while nothing holds the instance. */
  restingStatus: string;
  charging: "postPaid" | "prePaid";
  /** Of its purchase; empty for pay-per-use. */
  orderId: string;
  errorMsg: string | undefined;
  engineId: string;
  engineVersion: string;
  availableZones: string[];
  vpcId: string;
  subnetId: string;
  securityGroupId: string;
  enterpriseProjectId: string;
  port: string;
  adminUserName: string;
  enableSsl: boolean;
  /** State of the associated data nodes. */
  rds: "normal" | "abnormal" | "busy" | "missing";
  tags: { key: string; value: string }[];
  createdAt: number;
  updatedAt: number;
  /** Also those that are gone. */
  allGroups: DdmGroup[];
  holders: DdmHolder[];
  jobs: DdmJob[];
  purchases: DdmPurchase[];
}

export const groupFixture = z.strictObject({
  /** Default: generated, `…gr09`. */
  groupId: z.string().optional(),
  name: z.string().optional(),
  role: z.enum(["rw", "r"]).default("rw"),
  flavorId: z.string().default(defaultFlavorId),
  loadBalance: z.boolean().default(true),
  /** How many nodes to begin with. */
  nodes: z.int().nonnegative().default(2),
});
export type DdmGroupFixture = z.input<typeof groupFixture>;

export const nodeFixture = z.strictObject({
  /** Default: generated, `…no09`. */
  nodeId: z.string().optional(),
  /** Default: the first group. */
  groupId: z.string().optional(),
  status: z.string().default("normal"),
  availableZone: z.string().optional(),
  subnetId: z.string().optional(),
});
export type DdmNodeFixture = z.input<typeof nodeFixture>;

export const instanceFixture = z.strictObject({
  /** Default: generated, `…in09`. */
  instanceId: z.string().optional(),
  instanceName: z.string().optional(),
  /** Default: the first of `settings.huawei.projects`. */
  projectId: z.string().optional(),
  restingStatus: z.string().default("RUNNING"),
  charging: z.enum(["postPaid", "prePaid"]).default("postPaid"),
  engineId: z.string().default(defaultEngineId),
  engineVersion: z.string().default("3.0.8"),
  availableZones: z.array(z.string()).min(1).default(defaultZones),
  vpcId: z.string().default("3cb1a9b0-5d0a-4f2e-8c3a-000000000001"),
  subnetId: z.string().default("3cb1a9b0-5d0a-4f2e-8c3a-000000000002"),
  securityGroupId: z.string().default("3cb1a9b0-5d0a-4f2e-8c3a-000000000003"),
  enterpriseProjectId: z.string().default("0"),
  port: z.string().default("5066"),
  adminUserName: z.string().default("root"),
  enableSsl: z.boolean().default(false),
  rds: z.enum(["normal", "abnormal", "busy", "missing"]).default("normal"),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })).default([]),
  /** Default: `group-default`, read-write, two nodes. The first one is the default group. */
  groups: z
    .array(groupFixture)
    .min(1)
    .default(() => [groupFixture.parse({})]),
});
export type DdmInstanceFixture = z.input<typeof instanceFixture>;
