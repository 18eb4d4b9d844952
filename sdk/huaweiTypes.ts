// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link DdmNodeGroup}. */
export interface DdmNodeGroupArgs {
  /** Region. Default: the configured one. Changing it replaces the resource. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Project of the instance. Default: the configured one. Changing it replaces the resource. API: `project_id`. */
  projectId?: pulumi.Input<string> | undefined;
  /** Id of the DDM instance. Changing it replaces the resource. API: `instance_id`. */
  instanceId: pulumi.Input<string>;
  /** Id of the node group; required once the instance has more than one. Changing it replaces the resource. API: `group_id`. */
  groupId?: pulumi.Input<string> | undefined;
  /** Id of the flavour that the group has: new nodes get it too, and it is no way to choose another. API: `flavor_id`. */
  flavorId: pulumi.Input<string>;
  /** How many nodes the group has, 1 to 32. API: `node_number` is the difference. */
  nodeCount: pulumi.Input<number>;
  /** Yearly/monthly instances: pay the order from the balance. Default: it is left unpaid, and the error says which it is. API: `is_auto_pay`. */
  isAutoPay?: pulumi.Input<boolean> | undefined;
  /** Yearly/monthly instances: zones of the new nodes, one for each. API: `available_zones`. */
  availabilityZones?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Ids of orders that were cancelled, and of enlargements that came to nothing, as an error names them: they are not waited for any more. */
  cancelledOrders?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Whether and how nodes are removed: bad ones first, then those that the resource added last, then others that came after it. Default: never. */
  scaleIn?: pulumi.Input<DdmNodeGroupScaleInArgs> | undefined;
  /** What deleting the resource does: `leave` the nodes, or `shrinkToInitial`: remove nodes that the resource has added, as long as there are more than when it was created. Default `leave`. */
  onDelete?: pulumi.Input<"leave" | "shrinkToInitial"> | undefined;
  /** How long each operation may take. */
  timeouts?: pulumi.Input<DdmNodeGroupTimeoutsArgs> | undefined;
}

export interface DdmNodeGroupScaleInArgs {
  /** Whether nodes may be removed at all when `nodeCount` goes down. */
  allowed: pulumi.Input<boolean>;
}

export interface DdmNodeGroupTimeoutsArgs {
  /** Limit for creating, such as `90m`. Default `60m`. */
  create?: pulumi.Input<string> | undefined;
  /** Limit for updating. Default `60m`. */
  update?: pulumi.Input<string> | undefined;
  /** Limit for deleting. Default `60m`. */
  delete?: pulumi.Input<string> | undefined;
}

/** Outputs of {@link DdmNodeGroup}. */
export interface DdmNodeGroupOutputs {
  /** Region of the instance. */
  readonly region: pulumi.Output<string>;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  readonly profile: pulumi.Output<string | undefined>;
  /** Project of the instance. */
  readonly projectId: pulumi.Output<string>;
  /** Id of the DDM instance. Changing it replaces the resource. API: `instance_id`. */
  readonly instanceId: pulumi.Output<string>;
  /** Id of the node group; empty where the instance tells none. */
  readonly groupId: pulumi.Output<string>;
  /** Id of the flavour that the group has: new nodes get it too, and it is no way to choose another. API: `flavor_id`. */
  readonly flavorId: pulumi.Output<string>;
  /** How many nodes the group has, 1 to 32. API: `node_number` is the difference. */
  readonly nodeCount: pulumi.Output<number>;
  /** Yearly/monthly instances: pay the order from the balance. Default: it is left unpaid, and the error says which it is. API: `is_auto_pay`. */
  readonly isAutoPay: pulumi.Output<boolean | undefined>;
  /** Yearly/monthly instances: zones of the new nodes, one for each. API: `available_zones`. */
  readonly availabilityZones: pulumi.Output<string[] | undefined>;
  /** Ids of orders that were cancelled, and of enlargements that came to nothing, as an error names them: they are not waited for any more. */
  readonly cancelledOrders: pulumi.Output<string[] | undefined>;
  /** Whether and how nodes are removed: bad ones first, then those that the resource added last, then others that came after it. Default: never. */
  readonly scaleIn: pulumi.Output<DdmNodeGroupScaleIn | undefined>;
  /** What deleting the resource does: `leave` the nodes, or `shrinkToInitial`: remove nodes that the resource has added, as long as there are more than when it was created. Default `leave`. */
  readonly onDelete: pulumi.Output<"leave" | "shrinkToInitial">;
  /** How long each operation may take. */
  readonly timeouts: pulumi.Output<DdmNodeGroupTimeouts | undefined>;
  /** The group's nodes, in the order of their ids. */
  readonly nodes: pulumi.Output<DdmNodeGroupNode[]>;
  /** IP addresses of the nodes. */
  readonly privateIps: pulumi.Output<string[]>;
  /** The nodes that the group had when the resource was created. */
  readonly initialNodeIds: pulumi.Output<string[]>;
  /** Nodes that the resource has added, in the order in which they came. */
  readonly addedNodeIds: pulumi.Output<string[]>;
  /** When the resource took charge of the group, milliseconds since the epoch. */
  readonly createdAt: pulumi.Output<number>;
  /** Status of the instance when it was last looked at. API: `status`. */
  readonly instanceStatus: pulumi.Output<string>;
  /** The latest job; empty if there was none. */
  readonly lastJobId: pulumi.Output<string>;
  /** Request id of the latest call that changed something; empty if there was none. */
  readonly lastRequestId: pulumi.Output<string>;
  /** An enlargement whose outcome was not known when the operation ended. */
  readonly pendingEnlarge: pulumi.Output<DdmNodeGroupPendingEnlarge | undefined>;
  /** Names of the inputs that the program leaves open, and whose values were found. */
  readonly inputsFound: pulumi.Output<string[]>;
}

export interface DdmNodeGroupScaleIn {
  /** Whether nodes may be removed at all when `nodeCount` goes down. */
  readonly allowed: boolean;
}

export interface DdmNodeGroupTimeouts {
  /** Limit for creating, such as `90m`. Default `60m`. */
  readonly create?: string | undefined;
  /** Limit for updating. Default `60m`. */
  readonly update?: string | undefined;
  /** Limit for deleting. Default `60m`. */
  readonly delete?: string | undefined;
}

export interface DdmNodeGroupNode {
  /** Id of the node. API: `node_id`. */
  readonly id: string;
  /** IP address. API: `ip`. */
  readonly ip: string;
  /** Status, such as `normal`. API: `status`. */
  readonly status: string;
  /** Availability zone, where the API tells it. API: `az`. */
  readonly zone: string;
}

export interface DdmNodeGroupPendingEnlarge {
  /** Name that the provider has given it. */
  readonly id: string;
  /** Group that it is for; empty where the instance tells none. */
  readonly groupId: string;
  /** When it was sent, milliseconds since the epoch. */
  readonly sentAt: number;
  /** How many nodes were asked for. */
  readonly count: number;
  /** The group's nodes just before. */
  readonly before: string[];
  /** Jobs of the kind that there were before. */
  readonly jobsBefore: string[];
  /** Whether it makes an order: the instance is yearly/monthly. */
  readonly isOrder: boolean;
  /** Whether the cloud has accepted it for certain. */
  readonly acknowledged: boolean;
  /** The job, where the cloud gave one. */
  readonly jobId?: string | undefined;
  /** The order, where the cloud gave one. */
  readonly orderId?: string | undefined;
}

/** Every property of {@link DdmNodeGroup} that the engine sets. */
export const ddmNodeGroupOutputs: readonly (keyof DdmNodeGroupOutputs)[] = [
  "region",
  "profile",
  "projectId",
  "instanceId",
  "groupId",
  "flavorId",
  "nodeCount",
  "isAutoPay",
  "availabilityZones",
  "cancelledOrders",
  "scaleIn",
  "onDelete",
  "timeouts",
  "nodes",
  "privateIps",
  "initialNodeIds",
  "addedNodeIds",
  "createdAt",
  "instanceStatus",
  "lastJobId",
  "lastRequestId",
  "pendingEnlarge",
  "inputsFound"
];

/** Arguments of {@link getDdmInstances}. */
export interface GetDdmInstancesArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: string | undefined;
}

/** Arguments of {@link getDdmInstancesOutput}. */
export interface GetDdmInstancesOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: pulumi.Input<string> | undefined;
}

/** What {@link getDdmInstances} answers. */
export interface GetDdmInstancesResult {
  /** The instances, in the order of their ids. API: `instances`. */
  readonly instances: GetDdmInstancesInstance[];
  /** Region that was asked. */
  readonly region: string;
  /** Project that was asked. */
  readonly projectId: string;
}

export interface GetDdmInstancesInstance {
  /** Id of the instance. API: `id`. */
  readonly id: string;
  /** Name of the instance. API: `name`. */
  readonly name: string;
  /** Status in the cloud's word, such as `RUNNING`. API: `status`. */
  readonly status: string;
  /** Version of the kernel, such as `3.0.8`. API: `engine_version`. */
  readonly engineVersion: string;
  /** Code of the machine class, such as `ddm.c6.xlarge.2`, where all groups have one. API: `flavor_ref`. */
  readonly flavorCode: string;
  /** Number of nodes of all groups; absent where it is not told. API: `node_count`. */
  readonly nodeCount?: number | undefined;
  /** IP addresses, in the cloud's order. API: `access_ip`. */
  readonly addresses: string[];
  /** Port of the addresses. API: `access_port`. */
  readonly port: string;
  /** Availability zones, by name. API: `available_zone`. */
  readonly availabilityZones: string[];
  /** Private network. API: `vpc_id`. */
  readonly vpcId: string;
  /** Subnet. API: `subnet_id`. */
  readonly subnetId: string;
  /** Security group. API: `security_group_id`. */
  readonly securityGroupId: string;
  /** Enterprise project. API: `enterprise_project_id`. */
  readonly enterpriseProjectId: string;
  /** Whether it is billed by year or month. API: `order_id` is filled then. */
  readonly isPrepaid: boolean;
  /** When it was made, such as `2021-11-09T03:30:01+0000`. API: `created`. */
  readonly created: string;
  /** What is wrong with it, where the cloud says so. API: `error_msg`. */
  readonly errorMessage: string;
}

/** Arguments of {@link getDdmGroups}. */
export interface GetDdmGroupsArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: string | undefined;
  /** Id of the DDM instance. API: `instance_id`. */
  instanceId: string;
}

/** Arguments of {@link getDdmGroupsOutput}. */
export interface GetDdmGroupsOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: pulumi.Input<string> | undefined;
  /** Id of the DDM instance. API: `instance_id`. */
  instanceId: pulumi.Input<string>;
}

/** What {@link getDdmGroups} answers. */
export interface GetDdmGroupsResult {
  /** The groups, in the order of their ids. API: `group_list`. */
  readonly groups: GetDdmGroupsGroup[];
  /** Status of the instance, such as `RUNNING`. API: `status`. */
  readonly instanceStatus: string;
  /** Version of the kernel, such as `3.0.8`. API: `engine_version`. */
  readonly engineVersion: string;
  /** Region of the instance. */
  readonly region: string;
  /** Project of the instance. */
  readonly projectId: string;
}

export interface GetDdmGroupsGroupNode {
  /** Id of the node. API: `node_id`. */
  readonly id: string;
  /** IP address. API: `ip`. */
  readonly ip: string;
  /** Status, such as `normal`. API: `status`. */
  readonly status: string;
  /** Availability zone, where the API tells it. API: `az`. */
  readonly zone: string;
}

export interface GetDdmGroupsGroup {
  /** Id of the group; empty where the instance tells no groups. API: `id`. */
  readonly id: string;
  /** Name of the group, where the API lists groups. API: `name`. */
  readonly name: string;
  /** `rw` for reading and writing, `r` for reading, where it is told. API: `role`. */
  readonly role: string;
  /** Address and port, or those of every node, where it is told. API: `endpoint`. */
  readonly endpoint: string;
  /** Whether `endpoint` is a load balancer. API: `is_load_balance`. */
  readonly isLoadBalanced: boolean;
  /** Id of the flavour, as `huawei.DdmNodeGroup` takes it; empty where it is not told. API: `flavor_primary_key_id`. */
  readonly flavorId: string;
  /** vCPUs of a node; absent where it is not told. API: `cpu_num_per_node`. */
  readonly cpu?: number | undefined;
  /** Memory of a node, GB; absent where it is not told. API: `mem_num_per_node`. */
  readonly memory?: number | undefined;
  /** `X86` or `ARM`, where it is told. API: `architecture`. */
  readonly architecture: string;
  /** Nodes of the group, in the order of their ids. API: `nodes`. */
  readonly nodes: GetDdmGroupsGroupNode[];
}

/** Arguments of {@link getDdmFlavors}. */
export interface GetDdmFlavorsArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: string | undefined;
  /** Instance whose version is meant; give this or `engineVersion`. API: `instance_id`. */
  instanceId?: string | undefined;
  /** Version of the kernel, such as `3.0.8`; give this or `instanceId`. API: `engine_version`. */
  engineVersion?: string | undefined;
}

/** Arguments of {@link getDdmFlavorsOutput}. */
export interface GetDdmFlavorsOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Project that is asked. Default: the configured one. API: `project_id`. */
  projectId?: pulumi.Input<string> | undefined;
  /** Instance whose version is meant; give this or `engineVersion`. API: `instance_id`. */
  instanceId?: pulumi.Input<string> | undefined;
  /** Version of the kernel, such as `3.0.8`; give this or `instanceId`. API: `engine_version`. */
  engineVersion?: pulumi.Input<string> | undefined;
}

/** What {@link getDdmFlavors} answers. */
export interface GetDdmFlavorsResult {
  /** The flavours, in the order of their ids. API: `flavors`. */
  readonly flavors: GetDdmFlavorsFlavor[];
  /** Version of the kernel that they are for. API: `engine_version`. */
  readonly engineVersion: string;
  /** Region that was asked. */
  readonly region: string;
  /** Project that was asked. */
  readonly projectId: string;
}

export interface GetDdmFlavorsFlavorZone {
  /** Availability zone. API: `code`. */
  readonly name: string;
  /** `normal` where it can be had, else `sellout` or `unsupported`. API: `status`. */
  readonly status: string;
}

export interface GetDdmFlavorsFlavor {
  /** Id of the flavour, as `huawei.DdmNodeGroup` takes it. API: `id`. */
  readonly id: string;
  /** Its code, such as `ddm.c6.xlarge.2`; empty where it is not told. API: `spec_code`. */
  readonly code: string;
  /** vCPUs; absent where it is not a number. API: `vcpus`. */
  readonly cpu?: number | undefined;
  /** Memory, GB; absent where it is not a number. API: `ram`. */
  readonly memory?: number | undefined;
  /** `X86` or `ARM`. API: `group_type`. */
  readonly architecture: string;
  /** Availability zones, in the order of their names. API: `az_infos`. */
  readonly zones: GetDdmFlavorsFlavorZone[];
}
