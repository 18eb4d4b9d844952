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
