// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link EmrNodePool}. */
export interface EmrNodePoolArgs {
  /** Region. Default: the configured one. Changing it replaces the resource. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the pool. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
  /** What the nodes are for: `task`, `core`, `router` or `master`. Masters can be added, but the provider never removes them. Changing it replaces the pool. */
  role: pulumi.Input<"task" | "core" | "router" | "master">;
  /** How many nodes the pool has. Nodes of autoscaling and of others do not count. At most 2000; bought in batches of 20. API: `TaskCount` and its like. */
  count: pulumi.Input<number>;
  /** Name of the pool on the cluster, kept in a tag of each node. Unique among all pools of a cluster, in every stack. Default `<project>/<stack>/<name>`. Changing it replaces the pool. */
  poolId?: pulumi.Input<string> | undefined;
  /** Billing: `0` hourly, `1` monthly (prepaid; not in every edition of the API). Default `0`. API: `PayMode`. */
  payMode?: pulumi.Input<0 | 1> | undefined;
  /** Unit of `timeSpan`: `s` when hourly, `m` (months) when monthly. Default: the one that fits `payMode`. API: `TimeUnit`. */
  timeUnit?: pulumi.Input<"s" | "m"> | undefined;
  /** Hourly: `3600`, the only value, and the default. Monthly: the number of months to buy, at most 60, required. API: `TimeSpan`. */
  timeSpan?: pulumi.Input<number> | undefined;
  /** Renew monthly nodes by themselves when they run out. Only with `payMode` 1. Default: off. API: `AutoRenew`. */
  autoRenew?: pulumi.Input<boolean> | undefined;
  /** Numbers of the processes that new nodes shall not run. Excludes `softDeployInfo` and `serviceNodeInfo`. API: `UnNecessaryNodeList`. */
  unnecessaryNodeList?: pulumi.Input<pulumi.Input<number>[]> | undefined;
  /** Numbers of the services to deploy, such as 2 for YARN. API: `SoftDeployInfo`. */
  softDeployInfo?: pulumi.Input<pulumi.Input<number>[]> | undefined;
  /** Numbers of the processes to start, such as 7 for NodeManager; best together with `softDeployInfo`. API: `ServiceNodeInfo`. */
  serviceNodeInfo?: pulumi.Input<pulumi.Input<number>[]> | undefined;
  /** Bootstrap scripts. API: `PreExecutedFileSettings`. */
  preExecutedFileSettings?: pulumi.Input<pulumi.Input<EmrNodePoolPreExecutedFileSettingArgs>[]> | undefined;
  /** Spread placement group: at most one id. API: `DisasterRecoverGroupIds`. */
  disasterRecoverGroupIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Tags of the nodes, besides the pool's own. The order does not matter. API: `Tags`. */
  tags?: pulumi.Input<pulumi.Input<EmrNodePoolTagArgs>[]> | undefined;
  /** `HOST` for machines, `POD` for pods of a TKE or EKS cluster (role task only). Default: machines. API: `HardwareResourceType`. */
  hardwareResourceType?: pulumi.Input<"HOST" | "POD"> | undefined;
  /** Size and source of pods; needs `hardwareResourceType` POD. API: `PodSpec`. */
  podSpec?: pulumi.Input<EmrNodePoolPodSpecArgs> | undefined;
  /** Permissions and parameters of pods; needs `hardwareResourceType` POD. API: `PodParameter`. */
  podParameter?: pulumi.Input<EmrNodePoolPodParameterArgs> | undefined;
  /** ClickHouse clusters: the server group. API: `ClickHouseClusterName`. */
  clickHouseClusterName?: pulumi.Input<string> | undefined;
  /** ClickHouse clusters: `new` makes the server group, `old` takes an existing one. API: `ClickHouseClusterType`. */
  clickHouseClusterType?: pulumi.Input<"new" | "old"> | undefined;
  /** YARN node label of the new nodes; it can only be set at birth and cannot be read back. API: `YarnNodeLabel`. */
  yarnNodeLabel?: pulumi.Input<string> | undefined;
  /** Start the services on new nodes. Default: they are not started. API: `StartServiceAfterScaleOut`. */
  startServiceAfterScaleOut?: pulumi.Input<boolean> | undefined;
  /** Number of the availability zone, such as 100003. Default: the cluster's main zone. API: `ZoneId`. */
  zoneId?: pulumi.Input<number> | undefined;
  /** Subnet, such as `subnet-ddx09lvc`. Default: the one chosen for the cluster. API: `SubnetId`. */
  subnetId?: pulumi.Input<string> | undefined;
  /** Configuration groups of the new nodes' services, JSON text such as `{"HDFS-3.2.2": -1}`. API: `ScaleOutServiceConfAssign`. */
  scaleOutServiceConfAssign?: pulumi.Input<string> | undefined;
  /** Ids (`emr-vm-…` or `ins-…`) of existing nodes that the pool takes over, as if it had bought them: they count, and go when the pool shrinks or is deleted. Taking an id out later changes nothing: `exclude` lets go of a node. */
  adopt?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Ids (`emr-vm-…` or `ins-…`) of nodes that the pool leaves alone: it never takes them over, and lets go of them, without terminating them, if they were its own. */
  exclude?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Which nodes go first when the pool shrinks, and how. */
  scaleIn?: pulumi.Input<EmrNodePoolScaleInArgs> | undefined;
  /** What deleting the resource does with its nodes: `terminate` them or `leave` them running and billed. Default `terminate`. */
  deletionPolicy?: pulumi.Input<"terminate" | "leave"> | undefined;
  /** How long each operation may take. */
  timeouts?: pulumi.Input<EmrNodePoolTimeoutsArgs> | undefined;
}

export interface EmrNodePoolPreExecutedFileSettingArgs {
  /** Where the script is in object storage (COS), such as `https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/init.sh`. API: `CosFileURI`. */
  cosFileUri: pulumi.Input<string>;
  /** Arguments, in order. API: `Args`. */
  args?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Position among the scripts, lowest first. API: `RunOrder`. */
  runOrder?: pulumi.Input<number> | undefined;
  /** `resourceAfter`: once the machine is there; `clusterAfter`: once the services are set up. API: `WhenRun`. */
  whenRun?: pulumi.Input<"resourceAfter" | "clusterAfter"> | undefined;
  /** A note. API: `Remark`. */
  remark?: pulumi.Input<string> | undefined;
  /** Secret id that may read the script. Kept as a secret. API: `CosSecretId`. */
  cosSecretId?: pulumi.Input<string> | undefined;
  /** Secret key that may read the script. Kept as a secret. API: `CosSecretKey`. */
  cosSecretKey?: pulumi.Input<string> | undefined;
}

export interface EmrNodePoolTagArgs {
  /** Key, at most 127 characters. API: `TagKey`. */
  tagKey: pulumi.Input<string>;
  /** Value, at most 255 characters. API: `TagValue`. */
  tagValue: pulumi.Input<string>;
}

export interface EmrNodePoolPodSpecPodVolumePvcVolumeArgs {
  /** Size of a disk, GB. API: `DiskSize`. */
  diskSize?: pulumi.Input<number> | undefined;
  /** `CLOUD_PREMIUM` or `CLOUD_SSD`. API: `DiskType`. */
  diskType?: pulumi.Input<"CLOUD_PREMIUM" | "CLOUD_SSD"> | undefined;
  /** Number of disks. API: `DiskNum`. */
  diskNum?: pulumi.Input<number> | undefined;
}

export interface EmrNodePoolPodSpecPodVolumeHostVolumeArgs {
  /** Directory on the host that is mounted for data. API: `VolumePath`. */
  volumePath: pulumi.Input<string>;
}

export interface EmrNodePoolPodSpecPodVolumeArgs {
  /** `pvc` or `hostpath`. API: `VolumeType`. */
  volumeType: pulumi.Input<"pvc" | "hostpath">;
  /** The disk, for `pvc`. API: `PVCVolume`. */
  pvcVolume?: pulumi.Input<EmrNodePoolPodSpecPodVolumePvcVolumeArgs> | undefined;
  /** The host directory, for `hostpath`. API: `HostVolume`. */
  hostVolume?: pulumi.Input<EmrNodePoolPodSpecPodVolumeHostVolumeArgs> | undefined;
}

export interface EmrNodePoolPodSpecArgs {
  /** Id of the TKE cluster, such as `cls-a1cd23fa`. API: `ResourceProviderIdentifier`. */
  resourceProviderIdentifier: pulumi.Input<string>;
  /** Kind of the cluster: `tke`, the only one. API: `ResourceProviderType`. */
  resourceProviderType: pulumi.Input<"tke">;
  /** Use of the pods: `TASK`. API: `NodeType`. */
  nodeType: pulumi.Input<"TASK">;
  /** CPU cores. API: `Cpu`. */
  cpu: pulumi.Input<number>;
  /** Memory, GB. API: `Memory`. */
  memory: pulumi.Input<number>;
  /** `intel` or `amd`, for EKS. API: `CpuType`. */
  cpuType?: pulumi.Input<"intel" | "amd"> | undefined;
  /** Data directories of the pods. API: `PodVolumes`. */
  podVolumes?: pulumi.Input<pulumi.Input<EmrNodePoolPodSpecPodVolumeArgs>[]> | undefined;
}

export interface EmrNodePoolPodParameterArgs {
  /** Id of the TKE or EKS cluster. API: `ClusterId`. */
  clusterId: pulumi.Input<string>;
  /** Kubernetes configuration (kubeconfig), JSON text. Kept as a secret. API: `Config`. */
  config: pulumi.Input<string>;
  /** Kubernetes object that customises the pods, JSON text. API: `Parameter`. */
  parameter: pulumi.Input<string>;
}

export interface EmrNodePoolScaleInArgs {
  /** `newest` or `oldest` nodes first, by the time they were applied for. Default `newest`. */
  order?: pulumi.Input<"newest" | "oldest"> | undefined;
  /** Ids (`emr-vm-…` or `ins-…`) of nodes that go before all others. */
  nodes?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Seconds (60 to 1800) that YARN, HBase and Presto/Trino work may take to leave a node. Default: nodes go at once. API: `GraceDownTime`. */
  graceSeconds?: pulumi.Input<number> | undefined;
  /** Allow core nodes to be removed although the HDFS data on them is lost. Default: refused. */
  allowCoreScaleIn?: pulumi.Input<boolean> | undefined;
}

export interface EmrNodePoolTimeoutsArgs {
  /** Limit for creating, such as `90m`. Default `60m`. */
  create?: pulumi.Input<string> | undefined;
  /** Limit for updating. Default `60m`. */
  update?: pulumi.Input<string> | undefined;
  /** Limit for deleting. Default `60m`. */
  delete?: pulumi.Input<string> | undefined;
}

/** Outputs of {@link EmrNodePool}. */
export interface EmrNodePoolOutputs {
  /** Region of the cluster. */
  readonly region: pulumi.Output<string>;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  readonly profile: pulumi.Output<string | undefined>;
  /** Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the pool. API: `InstanceId`. */
  readonly clusterId: pulumi.Output<string>;
  /** What the nodes are for: `task`, `core`, `router` or `master`. Masters can be added, but the provider never removes them. Changing it replaces the pool. */
  readonly role: pulumi.Output<"task" | "core" | "router" | "master">;
  /** How many nodes the pool has. Nodes of autoscaling and of others do not count. At most 2000; bought in batches of 20. API: `TaskCount` and its like. */
  readonly count: pulumi.Output<number>;
  /** Name of the pool on the cluster, kept in a tag of each node. Unique among all pools of a cluster, in every stack. Default `<project>/<stack>/<name>`. Changing it replaces the pool. */
  readonly poolId: pulumi.Output<string>;
  /** Billing: `0` hourly, `1` monthly (prepaid; not in every edition of the API). Default `0`. API: `PayMode`. */
  readonly payMode: pulumi.Output<0 | 1>;
  /** Unit of `timeSpan`: `s` when hourly, `m` (months) when monthly. Default: the one that fits `payMode`. API: `TimeUnit`. */
  readonly timeUnit: pulumi.Output<"s" | "m" | undefined>;
  /** Hourly: `3600`, the only value, and the default. Monthly: the number of months to buy, at most 60, required. API: `TimeSpan`. */
  readonly timeSpan: pulumi.Output<number | undefined>;
  /** Renew monthly nodes by themselves when they run out. Only with `payMode` 1. Default: off. API: `AutoRenew`. */
  readonly autoRenew: pulumi.Output<boolean | undefined>;
  /** Numbers of the processes that new nodes shall not run. Excludes `softDeployInfo` and `serviceNodeInfo`. API: `UnNecessaryNodeList`. */
  readonly unnecessaryNodeList: pulumi.Output<number[] | undefined>;
  /** Numbers of the services to deploy, such as 2 for YARN. API: `SoftDeployInfo`. */
  readonly softDeployInfo: pulumi.Output<number[] | undefined>;
  /** Numbers of the processes to start, such as 7 for NodeManager; best together with `softDeployInfo`. API: `ServiceNodeInfo`. */
  readonly serviceNodeInfo: pulumi.Output<number[] | undefined>;
  /** Bootstrap scripts. API: `PreExecutedFileSettings`. */
  readonly preExecutedFileSettings: pulumi.Output<EmrNodePoolPreExecutedFileSetting[] | undefined>;
  /** Spread placement group: at most one id. API: `DisasterRecoverGroupIds`. */
  readonly disasterRecoverGroupIds: pulumi.Output<string[] | undefined>;
  /** Tags of the nodes, besides the pool's own. The order does not matter. API: `Tags`. */
  readonly tags: pulumi.Output<EmrNodePoolTag[] | undefined>;
  /** `HOST` for machines, `POD` for pods of a TKE or EKS cluster (role task only). Default: machines. API: `HardwareResourceType`. */
  readonly hardwareResourceType: pulumi.Output<"HOST" | "POD" | undefined>;
  /** Size and source of pods; needs `hardwareResourceType` POD. API: `PodSpec`. */
  readonly podSpec: pulumi.Output<EmrNodePoolPodSpec | undefined>;
  /** Permissions and parameters of pods; needs `hardwareResourceType` POD. API: `PodParameter`. */
  readonly podParameter: pulumi.Output<EmrNodePoolPodParameter | undefined>;
  /** ClickHouse clusters: the server group. API: `ClickHouseClusterName`. */
  readonly clickHouseClusterName: pulumi.Output<string | undefined>;
  /** ClickHouse clusters: `new` makes the server group, `old` takes an existing one. API: `ClickHouseClusterType`. */
  readonly clickHouseClusterType: pulumi.Output<"new" | "old" | undefined>;
  /** YARN node label of the new nodes; it can only be set at birth and cannot be read back. API: `YarnNodeLabel`. */
  readonly yarnNodeLabel: pulumi.Output<string | undefined>;
  /** Start the services on new nodes. Default: they are not started. API: `StartServiceAfterScaleOut`. */
  readonly startServiceAfterScaleOut: pulumi.Output<boolean | undefined>;
  /** Number of the availability zone, such as 100003. Default: the cluster's main zone. API: `ZoneId`. */
  readonly zoneId: pulumi.Output<number | undefined>;
  /** Subnet, such as `subnet-ddx09lvc`. Default: the one chosen for the cluster. API: `SubnetId`. */
  readonly subnetId: pulumi.Output<string | undefined>;
  /** Configuration groups of the new nodes' services, JSON text such as `{"HDFS-3.2.2": -1}`. API: `ScaleOutServiceConfAssign`. */
  readonly scaleOutServiceConfAssign: pulumi.Output<string | undefined>;
  /** Ids (`emr-vm-…` or `ins-…`) of existing nodes that the pool takes over, as if it had bought them: they count, and go when the pool shrinks or is deleted. Taking an id out later changes nothing: `exclude` lets go of a node. */
  readonly adopt: pulumi.Output<string[] | undefined>;
  /** Ids (`emr-vm-…` or `ins-…`) of nodes that the pool leaves alone: it never takes them over, and lets go of them, without terminating them, if they were its own. */
  readonly exclude: pulumi.Output<string[] | undefined>;
  /** Which nodes go first when the pool shrinks, and how. */
  readonly scaleIn: pulumi.Output<EmrNodePoolScaleIn | undefined>;
  /** What deleting the resource does with its nodes: `terminate` them or `leave` them running and billed. Default `terminate`. */
  readonly deletionPolicy: pulumi.Output<"terminate" | "leave">;
  /** How long each operation may take. */
  readonly timeouts: pulumi.Output<EmrNodePoolTimeouts | undefined>;
  /** The pool's nodes, in the order of their ids. */
  readonly nodes: pulumi.Output<EmrNodePoolNode[]>;
  /** Number of the pool's nodes. */
  readonly nodeCount: pulumi.Output<number>;
  /** Private IP addresses of the nodes. */
  readonly privateIps: pulumi.Output<string[]>;
  /** The latest workflow: `TraceId …` or `FlowId …`; empty where the cloud gave none. */
  readonly lastFlow: pulumi.Output<string>;
  /** RequestId of the latest call that changed something; empty if there was none. */
  readonly lastRequestId: pulumi.Output<string>;
  /** Fingerprint of the settings that nodes are born with; also in the nodes' tag `pulumi-bigdata-spec`. */
  readonly specHash: pulumi.Output<string>;
  /** A purchase whose outcome was not known when the operation ended; the next `up` looks for it. */
  readonly pendingOrder: pulumi.Output<EmrNodePoolPendingOrder | undefined>;
  /** Marks nodes as bought by this pool, whatever the resource, its stack or its project is called; also in the nodes' tag `pulumi-bigdata-owner`. */
  readonly owner: pulumi.Output<string | undefined>;
  /** Nodes of the pool that the cluster no longer lists. They count again if they come back; absent where there are none. */
  readonly vanished: pulumi.Output<EmrNodePoolVanished[] | undefined>;
  /** Ids of nodes that lack the pool's tags; the next `up` sets them. Absent where there are none. */
  readonly untagged: pulumi.Output<string[] | undefined>;
  /** Names of the inputs that the program leaves open, and whose values were found. */
  readonly inputsFound: pulumi.Output<string[]>;
}

export interface EmrNodePoolPreExecutedFileSetting {
  /** Where the script is in object storage (COS), such as `https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/init.sh`. API: `CosFileURI`. */
  readonly cosFileUri: string;
  /** Arguments, in order. API: `Args`. */
  readonly args?: string[] | undefined;
  /** Position among the scripts, lowest first. API: `RunOrder`. */
  readonly runOrder?: number | undefined;
  /** `resourceAfter`: once the machine is there; `clusterAfter`: once the services are set up. API: `WhenRun`. */
  readonly whenRun?: "resourceAfter" | "clusterAfter" | undefined;
  /** A note. API: `Remark`. */
  readonly remark?: string | undefined;
  /** Secret id that may read the script. Kept as a secret. API: `CosSecretId`. */
  readonly cosSecretId?: string | undefined;
  /** Secret key that may read the script. Kept as a secret. API: `CosSecretKey`. */
  readonly cosSecretKey?: string | undefined;
}

export interface EmrNodePoolTag {
  /** Key, at most 127 characters. API: `TagKey`. */
  readonly tagKey: string;
  /** Value, at most 255 characters. API: `TagValue`. */
  readonly tagValue: string;
}

export interface EmrNodePoolPodSpecPodVolumePvcVolume {
  /** Size of a disk, GB. API: `DiskSize`. */
  readonly diskSize?: number | undefined;
  /** `CLOUD_PREMIUM` or `CLOUD_SSD`. API: `DiskType`. */
  readonly diskType?: "CLOUD_PREMIUM" | "CLOUD_SSD" | undefined;
  /** Number of disks. API: `DiskNum`. */
  readonly diskNum?: number | undefined;
}

export interface EmrNodePoolPodSpecPodVolumeHostVolume {
  /** Directory on the host that is mounted for data. API: `VolumePath`. */
  readonly volumePath: string;
}

export interface EmrNodePoolPodSpecPodVolume {
  /** `pvc` or `hostpath`. API: `VolumeType`. */
  readonly volumeType: "pvc" | "hostpath";
  /** The disk, for `pvc`. API: `PVCVolume`. */
  readonly pvcVolume?: EmrNodePoolPodSpecPodVolumePvcVolume | undefined;
  /** The host directory, for `hostpath`. API: `HostVolume`. */
  readonly hostVolume?: EmrNodePoolPodSpecPodVolumeHostVolume | undefined;
}

export interface EmrNodePoolPodSpec {
  /** Id of the TKE cluster, such as `cls-a1cd23fa`. API: `ResourceProviderIdentifier`. */
  readonly resourceProviderIdentifier: string;
  /** Kind of the cluster: `tke`, the only one. API: `ResourceProviderType`. */
  readonly resourceProviderType: "tke";
  /** Use of the pods: `TASK`. API: `NodeType`. */
  readonly nodeType: "TASK";
  /** CPU cores. API: `Cpu`. */
  readonly cpu: number;
  /** Memory, GB. API: `Memory`. */
  readonly memory: number;
  /** `intel` or `amd`, for EKS. API: `CpuType`. */
  readonly cpuType?: "intel" | "amd" | undefined;
  /** Data directories of the pods. API: `PodVolumes`. */
  readonly podVolumes?: EmrNodePoolPodSpecPodVolume[] | undefined;
}

export interface EmrNodePoolPodParameter {
  /** Id of the TKE or EKS cluster. API: `ClusterId`. */
  readonly clusterId: string;
  /** Kubernetes configuration (kubeconfig), JSON text. Kept as a secret. API: `Config`. */
  readonly config: string;
  /** Kubernetes object that customises the pods, JSON text. API: `Parameter`. */
  readonly parameter: string;
}

export interface EmrNodePoolScaleIn {
  /** `newest` or `oldest` nodes first, by the time they were applied for. Default `newest`. */
  readonly order?: "newest" | "oldest" | undefined;
  /** Ids (`emr-vm-…` or `ins-…`) of nodes that go before all others. */
  readonly nodes?: string[] | undefined;
  /** Seconds (60 to 1800) that YARN, HBase and Presto/Trino work may take to leave a node. Default: nodes go at once. API: `GraceDownTime`. */
  readonly graceSeconds?: number | undefined;
  /** Allow core nodes to be removed although the HDFS data on them is lost. Default: refused. */
  readonly allowCoreScaleIn?: boolean | undefined;
}

export interface EmrNodePoolTimeouts {
  /** Limit for creating, such as `90m`. Default `60m`. */
  readonly create?: string | undefined;
  /** Limit for updating. Default `60m`. */
  readonly update?: string | undefined;
  /** Limit for deleting. Default `60m`. */
  readonly delete?: string | undefined;
}

export interface EmrNodePoolNode {
  /** EMR's id of the node, `emr-vm-…`. API: `EmrResourceId`. */
  readonly resourceId: string;
  /** Id of the virtual machine, `ins-…`; empty while it is being made, and for pods. API: `OrderNo`. */
  readonly orderNo: string;
  /** Private IP address. API: `Ip`. */
  readonly ip: string;
  /** `running`, `stopped`, `degraded` (some processes stopped) or `unknown`, from the node's processes. API: `ServicesStatus`. */
  readonly state: string;
  /** Availability zone. API: `Zone`. */
  readonly zone: string;
  /** When the node was applied for, in the cloud's clock. API: `ApplyTime`. */
  readonly applyTime: string;
  /** `0` hourly, `1` monthly. API: `ChargeType`. */
  readonly chargeType: number;
  /** Machine type, such as `S5.2XLARGE16`. */
  readonly spec: string;
}

export interface EmrNodePoolPendingOrderFlow {
  readonly key: "TraceId" | "FlowId";
  readonly value: string;
}

export interface EmrNodePoolPendingOrder {
  readonly token: string;
  /** When it was sent, milliseconds since the epoch. */
  readonly sentAt: number;
  /** The cluster's own time just before, as far as it told. */
  readonly serverTime: string;
  readonly count: number;
  /** Fingerprint of the settings that its nodes are born with. */
  readonly specHash: string;
  readonly payMode: number;
  readonly zoneId?: number | undefined;
  /** All nodes of the cluster just before. */
  readonly before: string[];
  /** What its nodes carry in the tag `pulumi-bigdata-owner`. */
  readonly owner?: string | undefined;
  /** Handle of the workflow, once the cloud has answered. */
  readonly flow?: EmrNodePoolPendingOrderFlow | undefined;
  /** Whether the cloud has accepted it for certain. */
  readonly acknowledged: boolean;
  /** Whether the cluster was seen adding nodes after it was sent: its answer may have got lost. */
  readonly begun?: boolean | undefined;
}

export interface EmrNodePoolVanished {
  readonly resourceId: string;
  readonly applyTime: string;
}

/** Every property of {@link EmrNodePool} that the engine sets. */
export const emrNodePoolOutputs: readonly (keyof EmrNodePoolOutputs)[] = [
  "region",
  "profile",
  "clusterId",
  "role",
  "count",
  "poolId",
  "payMode",
  "timeUnit",
  "timeSpan",
  "autoRenew",
  "unnecessaryNodeList",
  "softDeployInfo",
  "serviceNodeInfo",
  "preExecutedFileSettings",
  "disasterRecoverGroupIds",
  "tags",
  "hardwareResourceType",
  "podSpec",
  "podParameter",
  "clickHouseClusterName",
  "clickHouseClusterType",
  "yarnNodeLabel",
  "startServiceAfterScaleOut",
  "zoneId",
  "subnetId",
  "scaleOutServiceConfAssign",
  "adopt",
  "exclude",
  "scaleIn",
  "deletionPolicy",
  "timeouts",
  "nodes",
  "nodeCount",
  "privateIps",
  "lastFlow",
  "lastRequestId",
  "specHash",
  "pendingOrder",
  "owner",
  "vanished",
  "untagged",
  "inputsFound"
];

/** Inputs of {@link EmrServiceState}. */
export interface EmrServiceStateArgs {
  /** Region. Default: the configured one. Changing it replaces the resource. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the resource. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
  /** Name of the service, such as `YARN`. Changing it replaces the resource. API: `ServiceName`. */
  service: pulumi.Input<string>;
  /** Components of the service, such as `NodeManager`. Default: all. API: `ComponentName`. */
  components?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Nodes on which the components are meant, by private IP address. Needs `components`. Default: all. API: `IpList`. */
  nodeIps?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** What the processes shall be. API: `OpType` StartService and StopService. */
  state: pulumi.Input<"running" | "stopped">;
  /** `true`: in maintenance, the watchdog leaves the processes alone and raises no alarms; `false`: it watches and revives them. Default: as it is. API: `OpType` StopMonitor enters maintenance, StartMonitor leaves it. */
  maintenance?: pulumi.Input<boolean> | undefined;
  /** Any values, such as a checksum of the configuration: a change restarts the processes. API: `OpType` RestartService. */
  restartTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** How a restart goes about it. API: `StrategyConfig`. */
  restart?: pulumi.Input<EmrServiceStateRestartArgs> | undefined;
  /** What deleting the resource does to the processes: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`. */
  onDelete?: pulumi.Input<"leave" | "running" | "stopped"> | undefined;
  /** How long each operation may take. */
  timeouts?: pulumi.Input<EmrServiceStateTimeoutsArgs> | undefined;
}

export interface EmrServiceStateRestartArgs {
  /** Restart in batches instead of all at once. Default `true`. API: `RollingRestartSwitch`. */
  rolling?: pulumi.Input<boolean> | undefined;
  /** Processes in a batch, 1 to 99999. Default `1`. API: `BatchSize`. */
  batchSize?: pulumi.Input<number> | undefined;
  /** Seconds between batches, 0 to 300. Default `0`. API: `TimeWait`. */
  waitSeconds?: pulumi.Input<number> | undefined;
  /** What a batch that fails does to the others. Default `block`. API: `DealOnFail`. */
  onFailure?: pulumi.Input<"block" | "continue"> | undefined;
}

export interface EmrServiceStateTimeoutsArgs {
  /** Limit for creating, such as `45m`. Default `30m`. */
  create?: pulumi.Input<string> | undefined;
  /** Limit for updating. Default `30m`. */
  update?: pulumi.Input<string> | undefined;
  /** Limit for deleting. Default `30m`. */
  delete?: pulumi.Input<string> | undefined;
}

/** Outputs of {@link EmrServiceState}. */
export interface EmrServiceStateOutputs {
  /** Region of the cluster. */
  readonly region: pulumi.Output<string>;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  readonly profile: pulumi.Output<string | undefined>;
  /** Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the resource. API: `InstanceId`. */
  readonly clusterId: pulumi.Output<string>;
  /** Name of the service, such as `YARN`. Changing it replaces the resource. API: `ServiceName`. */
  readonly service: pulumi.Output<string>;
  /** Components of the service, such as `NodeManager`. Default: all. API: `ComponentName`. */
  readonly components: pulumi.Output<string[] | undefined>;
  /** Nodes on which the components are meant, by private IP address. Needs `components`. Default: all. API: `IpList`. */
  readonly nodeIps: pulumi.Output<string[] | undefined>;
  /** What the processes shall be. API: `OpType` StartService and StopService. */
  readonly state: pulumi.Output<"running" | "stopped">;
  /** `true`: in maintenance, the watchdog leaves the processes alone and raises no alarms; `false`: it watches and revives them. Default: as it is. API: `OpType` StopMonitor enters maintenance, StartMonitor leaves it. */
  readonly maintenance: pulumi.Output<boolean | undefined>;
  /** Any values, such as a checksum of the configuration: a change restarts the processes. API: `OpType` RestartService. */
  readonly restartTriggers: pulumi.Output<Record<string, string> | undefined>;
  /** How a restart goes about it. API: `StrategyConfig`. */
  readonly restart: pulumi.Output<EmrServiceStateRestart | undefined>;
  /** What deleting the resource does to the processes: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`. */
  readonly onDelete: pulumi.Output<"leave" | "running" | "stopped">;
  /** How long each operation may take. */
  readonly timeouts: pulumi.Output<EmrServiceStateTimeouts | undefined>;
  /** The processes that are meant. */
  readonly processes: pulumi.Output<EmrServiceStateProcess[]>;
  /** `running`, `stopped`, `partial` (some of each) or `none` (no processes). */
  readonly runState: pulumi.Output<string>;
  /** `all`, `none` or `some` of the processes are in maintenance. */
  readonly maintenanceState: pulumi.Output<string>;
  /** RequestId of the latest call that changed something; empty if there was none. */
  readonly lastRequestId: pulumi.Output<string>;
  /** An operation that was sent by a run that did not see its end. The next `up` looks what became of it. */
  readonly pendingOperation: pulumi.Output<EmrServiceStatePendingOperation | undefined>;
  /** Names of the inputs that the program leaves open, and whose values were found. */
  readonly inputsFound: pulumi.Output<string[]>;
}

export interface EmrServiceStateRestart {
  /** Restart in batches instead of all at once. Default `true`. API: `RollingRestartSwitch`. */
  readonly rolling?: boolean | undefined;
  /** Processes in a batch, 1 to 99999. Default `1`. API: `BatchSize`. */
  readonly batchSize?: number | undefined;
  /** Seconds between batches, 0 to 300. Default `0`. API: `TimeWait`. */
  readonly waitSeconds?: number | undefined;
  /** What a batch that fails does to the others. Default `block`. API: `DealOnFail`. */
  readonly onFailure?: "block" | "continue" | undefined;
}

export interface EmrServiceStateTimeouts {
  /** Limit for creating, such as `45m`. Default `30m`. */
  readonly create?: string | undefined;
  /** Limit for updating. Default `30m`. */
  readonly update?: string | undefined;
  /** Limit for deleting. Default `30m`. */
  readonly delete?: string | undefined;
}

export interface EmrServiceStateProcess {
  /** Name of the process, such as `NodeManager`. API: `NodeName`. */
  readonly component: string;
  /** Private IP address of its node. API: `Ip`. */
  readonly ip: string;
  /** What tells it from other processes of its name on that node, such as `ns1/master`; absent where there is no other. API: `NameService`, `NodeFlagFilter`. */
  readonly instance?: string | undefined;
  /** `running` or `stopped`. */
  readonly state: string;
  /** Whether it is in maintenance. */
  readonly maintenance: boolean;
  /** What the cloud's probe says; empty where it says nothing. API: `HealthStatus`. */
  readonly health: string;
  /** When it was last restarted, in the cloud's clock. API: `LastRestartTime`. */
  readonly lastRestart: string;
}

export interface EmrServiceStatePendingOperation {
  /** The operation. API: `OpType`. */
  readonly opType: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
}

/** Every property of {@link EmrServiceState} that the engine sets. */
export const emrServiceStateOutputs: readonly (keyof EmrServiceStateOutputs)[] = [
  "region",
  "profile",
  "clusterId",
  "service",
  "components",
  "nodeIps",
  "state",
  "maintenance",
  "restartTriggers",
  "restart",
  "onDelete",
  "timeouts",
  "processes",
  "runState",
  "maintenanceState",
  "lastRequestId",
  "pendingOperation",
  "inputsFound"
];

/** Inputs of {@link DlcEngineImage}. */
export interface DlcEngineImageArgs {
  /** Region. Default: the configured one. Changing it replaces the resource. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the engine, such as `DataEngine-0a1b2c3d`; give this or `dataEngineName`. Another engine replaces the resource. API: `DataEngineId`. */
  dataEngineId?: pulumi.Input<string> | undefined;
  /** Name of the engine; give this or `dataEngineId`. An edition of the API without DescribeDataEngines finds an engine by its name alone. API: `DataEngineName`. */
  dataEngineName?: pulumi.Input<string> | undefined;
  /** Id of the major version that the engine shall run; give this or `imageVersion`. API: `NewImageVersionId`. */
  imageVersionId?: pulumi.Input<string> | undefined;
  /** Name of the major version that the engine shall run, such as `SuperSQL-S 1.0`; give this or `imageVersionId`. It must be among those on offer for the engine's type. */
  imageVersion?: pulumi.Input<string> | undefined;
  /** Minor version: `track` takes what the engine has, `latest` upgrades to the newest of the major version. Default `track`. API: UpgradeDataEngineImage. */
  childVersion?: pulumi.Input<"track" | "latest"> | undefined;
  /** A suspended engine takes no version. `true` resumes it (which bills it) for the change and suspends it again; `false` stops with an error. Default `false`. API: SuspendResumeDataEngine. */
  allowSuspended?: pulumi.Input<boolean> | undefined;
  /** What deleting the resource does: `leave` the version as it is, or `restorePrevious`, the one before the resource was created. A version that is no longer on offer cannot be restored: the engine stays as it is, and a warning says so. Default `leave`. */
  onDelete?: pulumi.Input<"leave" | "restorePrevious"> | undefined;
  /** How long each operation may take. */
  timeouts?: pulumi.Input<DlcEngineImageTimeoutsArgs> | undefined;
}

export interface DlcEngineImageTimeoutsArgs {
  /** Limit for creating, such as `45m`. Default `30m`. */
  create?: pulumi.Input<string> | undefined;
  /** Limit for updating. Default `30m`. */
  update?: pulumi.Input<string> | undefined;
  /** Limit for deleting. Default `30m`. */
  delete?: pulumi.Input<string> | undefined;
}

/** Outputs of {@link DlcEngineImage}. */
export interface DlcEngineImageOutputs {
  /** Region of the engine. */
  readonly region: pulumi.Output<string>;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  readonly profile: pulumi.Output<string | undefined>;
  /** Id of the engine. */
  readonly dataEngineId: pulumi.Output<string>;
  /** Name of the engine. */
  readonly dataEngineName: pulumi.Output<string>;
  /** Id of the major version that the engine runs. API: `ImageVersionId`. */
  readonly imageVersionId: pulumi.Output<string>;
  /** Name of the major version that the engine runs. API: `ImageVersionName`. */
  readonly imageVersion: pulumi.Output<string>;
  /** Minor version: `track` takes what the engine has, `latest` upgrades to the newest of the major version. Default `track`. API: UpgradeDataEngineImage. */
  readonly childVersion: pulumi.Output<"track" | "latest">;
  /** A suspended engine takes no version. `true` resumes it (which bills it) for the change and suspends it again; `false` stops with an error. Default `false`. API: SuspendResumeDataEngine. */
  readonly allowSuspended: pulumi.Output<boolean>;
  /** What deleting the resource does: `leave` the version as it is, or `restorePrevious`, the one before the resource was created. A version that is no longer on offer cannot be restored: the engine stays as it is, and a warning says so. Default `leave`. */
  readonly onDelete: pulumi.Output<"leave" | "restorePrevious">;
  /** How long each operation may take. */
  readonly timeouts: pulumi.Output<DlcEngineImageTimeouts | undefined>;
  /** Id of the minor version that the engine runs; it moves by itself. API: `ChildImageVersionId`. */
  readonly childImageVersionId: pulumi.Output<string>;
  /** Whether a newer minor version was on offer when the engine was last looked at. */
  readonly upgradeAvailable: pulumi.Output<boolean>;
  /** Id of the major version before the resource was created; what `restorePrevious` goes back to. */
  readonly previousImageVersionId: pulumi.Output<string>;
  /** `running`, `suspended`, `initialising`, `failed`, `deleting` or `unknown`. API: `State`. */
  readonly engineState: pulumi.Output<string>;
  /** RequestId of the latest call that changed something; empty if there was none. */
  readonly lastRequestId: pulumi.Output<string>;
  /** `true` where a change that did not finish resumed the engine, which runs and is billed until the next `up` suspends it again. */
  readonly resumedForChange: pulumi.Output<boolean | undefined>;
  /** A switch that was sent by a run that did not see its end. The next `up` looks what became of it. */
  readonly pendingSwitch: pulumi.Output<DlcEngineImagePendingSwitch | undefined>;
  /** Names of the inputs that the program leaves open, and whose values were found. */
  readonly inputsFound: pulumi.Output<string[]>;
}

export interface DlcEngineImageTimeouts {
  /** Limit for creating, such as `45m`. Default `30m`. */
  readonly create?: string | undefined;
  /** Limit for updating. Default `30m`. */
  readonly update?: string | undefined;
  /** Limit for deleting. Default `30m`. */
  readonly delete?: string | undefined;
}

export interface DlcEngineImagePendingSwitch {
  /** Id of the version that the engine was sent to. */
  readonly imageVersionId: string;
  /** Name of that version; empty if it is not known. */
  readonly imageVersion: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
}

/** Every property of {@link DlcEngineImage} that the engine sets. */
export const dlcEngineImageOutputs: readonly (keyof DlcEngineImageOutputs)[] = [
  "region",
  "profile",
  "dataEngineId",
  "dataEngineName",
  "imageVersionId",
  "imageVersion",
  "childVersion",
  "allowSuspended",
  "onDelete",
  "timeouts",
  "childImageVersionId",
  "upgradeAvailable",
  "previousImageVersionId",
  "engineState",
  "lastRequestId",
  "resumedForChange",
  "pendingSwitch",
  "inputsFound"
];

/** Arguments of {@link getEmrClusters}. */
export interface GetEmrClustersArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Only clusters of exactly this name. API: `ClusterName`. */
  name?: string | undefined;
  /** Only clusters in this status. API: `Status`. */
  status?: "running" | "creating" | "scalingOut" | "addingRouters" | "installing" | "executing" | "restartingServices" | "enteringMaintenance" | "pausingServices" | "leavingMaintenance" | "startingServices" | "pushingConfiguration" | "terminating" | "removingCoreNodes" | "removingTaskNodes" | "removingRouterNodes" | "changingPassword" | "isolating" | "reversing" | "reclaiming" | "awaitingSpecChange" | "isolated" | "removingNodes" | "awaitingRefund" | "refunded" | "terminated" | "creationFailed" | "scaleOutFailed" | undefined;
}

/** Arguments of {@link getEmrClustersOutput}. */
export interface GetEmrClustersOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Only clusters of exactly this name. API: `ClusterName`. */
  name?: pulumi.Input<string> | undefined;
  /** Only clusters in this status. API: `Status`. */
  status?: pulumi.Input<"running" | "creating" | "scalingOut" | "addingRouters" | "installing" | "executing" | "restartingServices" | "enteringMaintenance" | "pausingServices" | "leavingMaintenance" | "startingServices" | "pushingConfiguration" | "terminating" | "removingCoreNodes" | "removingTaskNodes" | "removingRouterNodes" | "changingPassword" | "isolating" | "reversing" | "reclaiming" | "awaitingSpecChange" | "isolated" | "removingNodes" | "awaitingRefund" | "refunded" | "terminated" | "creationFailed" | "scaleOutFailed"> | undefined;
}

/** What {@link getEmrClusters} answers. */
export interface GetEmrClustersResult {
  /** The clusters, in the order of their ids. API: `ClusterList`. */
  readonly clusters: GetEmrClustersCluster[];
  /** Region that was asked. */
  readonly region: string;
}

export interface GetEmrClustersClusterTag {
  /** Key. API: `TagKey`. */
  readonly tagKey: string;
  /** Value. API: `TagValue`. */
  readonly tagValue: string;
}

export interface GetEmrClustersCluster {
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `ClusterId`. */
  readonly clusterId: string;
  /** Name of the cluster. API: `ClusterName`. */
  readonly name: string;
  /** What the cluster is doing: `running` where it rests, else a word such as `creating`, `scalingOut`, `isolated` or `scaleOutFailed`; `unknown` for a number that the API does not document. API: `Status`. */
  readonly status: string;
  /** The same as the API's number: 2 is `running`. API: `Status`. */
  readonly statusCode: number;
  /** EMR version, such as `EMR-V3.5.0`. API: `EmrVersion`. */
  readonly version: string;
  /** Kind of the cluster, such as `EMR` or `CLICKHOUSE`. API: `ServiceClass`. */
  readonly kind: string;
  /** Billing of the cluster: `0` hourly, `1` monthly; absent where it is not told. API: `ChargeType`. */
  readonly chargeType?: number | undefined;
  /** Main availability zone, such as `ap-guangzhou-3`. API: `Zone`. */
  readonly zone: string;
  /** Number of the main zone, such as 100003; absent where it is not told. API: `ZoneId`. */
  readonly zoneId?: number | undefined;
  /** Private network. API: `UniqVpcId`. */
  readonly vpcId: string;
  /** Subnet chosen for the cluster. API: `UniqSubnetId`. */
  readonly subnetId: string;
  /** When it was made, in the cloud's clock. API: `AddTime`. */
  readonly createTime: string;
  /** Tags of the cluster, in the order of their keys. API: `Tags`. */
  readonly tags: GetEmrClustersClusterTag[];
}

/** Arguments of {@link getEmrCluster}. */
export interface GetEmrClusterArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceIds`. */
  clusterId: string;
}

/** Arguments of {@link getEmrClusterOutput}. */
export interface GetEmrClusterOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceIds`. */
  clusterId: pulumi.Input<string>;
}

/** What {@link getEmrCluster} answers. */
export interface GetEmrClusterResult {
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `ClusterId`. */
  readonly clusterId: string;
  /** Name of the cluster. API: `ClusterName`. */
  readonly name: string;
  /** What the cluster is doing: `running` where it rests, else a word such as `creating`, `scalingOut`, `isolated` or `scaleOutFailed`; `unknown` for a number that the API does not document. API: `Status`. */
  readonly status: string;
  /** The same as the API's number: 2 is `running`. API: `Status`. */
  readonly statusCode: number;
  /** EMR version, such as `EMR-V3.5.0`. API: `EmrVersion`. */
  readonly version: string;
  /** Kind of the cluster, such as `EMR` or `CLICKHOUSE`. API: `ServiceClass`. */
  readonly kind: string;
  /** Billing of the cluster: `0` hourly, `1` monthly; absent where it is not told. API: `ChargeType`. */
  readonly chargeType?: number | undefined;
  /** Main availability zone, such as `ap-guangzhou-3`. API: `Zone`. */
  readonly zone: string;
  /** Number of the main zone, such as 100003; absent where it is not told. API: `ZoneId`. */
  readonly zoneId?: number | undefined;
  /** Private network. API: `UniqVpcId`. */
  readonly vpcId: string;
  /** Subnet chosen for the cluster. API: `UniqSubnetId`. */
  readonly subnetId: string;
  /** When it was made, in the cloud's clock. API: `AddTime`. */
  readonly createTime: string;
  /** Tags of the cluster, in the order of their keys. API: `Tags`. */
  readonly tags: GetEmrClusterTag[];
  /** Availability zones of its nodes, by name. API: `Zone`. */
  readonly zones: string[];
  /** How many nodes there are of each role. */
  readonly nodeCounts: GetEmrClusterNodeCounts;
  /** Number of all nodes. API: `NodeList`. */
  readonly nodeCount: number;
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetEmrClusterTag {
  /** Key. API: `TagKey`. */
  readonly tagKey: string;
  /** Value. API: `TagValue`. */
  readonly tagValue: string;
}

export interface GetEmrClusterNodeCounts {
  /** Number of master nodes, those of autoscaling included. API: `NodeList`. */
  readonly master: number;
  /** Number of core nodes, those of autoscaling included. API: `NodeList`. */
  readonly core: number;
  /** Number of task nodes, those of autoscaling included. API: `NodeList`. */
  readonly task: number;
  /** Number of router nodes, those of autoscaling included. API: `NodeList`. */
  readonly router: number;
  /** Number of common nodes, those of autoscaling included. API: `NodeList`. */
  readonly common: number;
}

/** Arguments of {@link getEmrNodes}. */
export interface GetEmrNodesArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: string;
  /** Only nodes of this role. Default: all. API: `NodeFlag`. */
  role?: "common" | "master" | "core" | "task" | "router" | undefined;
}

/** Arguments of {@link getEmrNodesOutput}. */
export interface GetEmrNodesOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
  /** Only nodes of this role. Default: all. API: `NodeFlag`. */
  role?: pulumi.Input<"common" | "master" | "core" | "task" | "router"> | undefined;
}

/** What {@link getEmrNodes} answers. */
export interface GetEmrNodesResult {
  /** The nodes, in the order of their ids. API: `NodeList`. */
  readonly nodes: GetEmrNodesNode[];
  /** Number of these nodes. */
  readonly nodeCount: number;
  /** Private IP addresses of these nodes, in the same order. */
  readonly privateIps: string[];
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetEmrNodesNodeTag {
  /** Key. API: `TagKey`. */
  readonly tagKey: string;
  /** Value. API: `TagValue`. */
  readonly tagValue: string;
}

export interface GetEmrNodesNode {
  /** EMR's id of the node, `emr-vm-…`. API: `EmrResourceId`. */
  readonly resourceId: string;
  /** Id of the virtual machine, `ins-…`; empty while it is being made, and for pods. API: `OrderNo`. */
  readonly orderNo: string;
  /** Private IP address. API: `Ip`. */
  readonly ip: string;
  /** `running`, `stopped`, `degraded` (some processes stopped) or `unknown`, from the node's processes. API: `ServicesStatus`. */
  readonly state: string;
  /** Availability zone. API: `Zone`. */
  readonly zone: string;
  /** When the node was applied for, in the cloud's clock. API: `ApplyTime`. */
  readonly applyTime: string;
  /** `0` hourly, `1` monthly. API: `ChargeType`. */
  readonly chargeType: number;
  /** Machine type, such as `S5.2XLARGE16`. */
  readonly spec: string;
  /** Name that the cluster has given it, such as `task.3`. API: `NameTag`. */
  readonly name: string;
  /** `master`, `core`, `task`, `router` or `common`; `unknown` for another number. API: `Flag`. */
  readonly role: string;
  /** Number of the zone, such as 100003; absent where it is not told. API: `ZoneId`. */
  readonly zoneId?: number | undefined;
  /** `HOST` for a machine, `POD` for a pod of a TKE or EKS cluster; empty where it is not told. API: `HardwareResourceType`. */
  readonly hardware: string;
  /** Whether autoscaling made it, and may take it away. API: `AutoFlag`. */
  readonly autoscaled: boolean;
  /** Whether it may be removed: no termination protection is on. API: `DisableApiTermination`. */
  readonly destroyable: boolean;
  /** The pool that it belongs to, the `poolId` of a `tencent.EmrNodePool`; empty where it carries no such tag. API: the tag `pulumi-bigdata-pool`. */
  readonly poolId: string;
  /** Tags, in the order of their keys. API: `Tags`. */
  readonly tags: GetEmrNodesNodeTag[];
}

/** Arguments of {@link getEmrServices}. */
export interface GetEmrServicesArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: string;
}

/** Arguments of {@link getEmrServicesOutput}. */
export interface GetEmrServicesOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
}

/** What {@link getEmrServices} answers. */
export interface GetEmrServicesResult {
  /** The services, in the order of their names. */
  readonly services: GetEmrServicesService[];
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetEmrServicesServiceComponent {
  /** Name of the process, such as `NodeManager`. API: `NodeName`. */
  readonly name: string;
  /** Private IP addresses of the nodes that have it, in the order of their texts. API: `Ip`. */
  readonly nodeIps: string[];
}

export interface GetEmrServicesService {
  /** Name of the service in upper case, such as `YARN`. API: `SoftInfo`. */
  readonly name: string;
  /** Its version, such as `3.2.2`; empty where it is not told. API: `SoftInfo`. */
  readonly version: string;
  /** Its components, in the order of their names; empty for a service of clients only. API: `ServiceNodeList`. */
  readonly components: GetEmrServicesServiceComponent[];
}

/** Arguments of {@link getEmrProcesses}. */
export interface GetEmrProcessesArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: string;
  /** Name of the service in upper case, such as `YARN`. API: `ServiceName`. */
  service: string;
  /** Components of the service, such as `NodeManager`. Default: all. API: `ComponentName`. */
  components?: string[] | undefined;
}

/** Arguments of {@link getEmrProcessesOutput}. */
export interface GetEmrProcessesOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
  /** Name of the service in upper case, such as `YARN`. API: `ServiceName`. */
  service: pulumi.Input<string>;
  /** Components of the service, such as `NodeManager`. Default: all. API: `ComponentName`. */
  components?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** What {@link getEmrProcesses} answers. */
export interface GetEmrProcessesResult {
  /** The processes that are meant. */
  readonly processes: GetEmrProcessesProcess[];
  /** `running`, `stopped`, `partial` (some of each) or `none` (no processes). */
  readonly runState: string;
  /** `all`, `none` or `some` of the processes are in maintenance. */
  readonly maintenanceState: string;
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetEmrProcessesProcess {
  /** Name of the process, such as `NodeManager`. API: `NodeName`. */
  readonly component: string;
  /** Private IP address of its node. API: `Ip`. */
  readonly ip: string;
  /** What tells it from other processes of its name on that node, such as `ns1/master`; absent where there is no other. API: `NameService`, `NodeFlagFilter`. */
  readonly instance?: string | undefined;
  /** `running` or `stopped`. */
  readonly state: string;
  /** Whether it is in maintenance. */
  readonly maintenance: boolean;
  /** What the cloud's probe says; empty where it says nothing. API: `HealthStatus`. */
  readonly health: string;
  /** When it was last restarted, in the cloud's clock. API: `LastRestartTime`. */
  readonly lastRestart: string;
}

/** Arguments of {@link getEmrScaleOutPrice}. */
export interface GetEmrScaleOutPriceArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: string;
  /** What the nodes are for. API: `TaskCount` and its like. */
  role: "task" | "core" | "router" | "master";
  /** How many nodes, 1 to 2000. API: `TaskCount` and its like. */
  count: number;
  /** Billing: `0` hourly, `1` monthly. Default `0`. API: `PayMode`. */
  payMode?: 0 | 1 | undefined;
  /** Unit of `timeSpan`: `s` when hourly, `m` (months) when monthly. Default: the one that fits `payMode`. API: `TimeUnit`. */
  timeUnit?: "s" | "m" | undefined;
  /** Hourly: `3600`, the only value, and the default. Monthly: the number of months to buy, at most 60, required. API: `TimeSpan`. */
  timeSpan?: number | undefined;
  /** `HOST` for machines, `POD` for pods of a TKE or EKS cluster (role task only). Default: machines. API: `HardwareResourceType`. */
  hardwareResourceType?: "HOST" | "POD" | undefined;
  /** Number of the availability zone, such as 100003. Default: the cluster's main zone. API: `ZoneId`. */
  zoneId?: number | undefined;
}

/** Arguments of {@link getEmrScaleOutPriceOutput}. */
export interface GetEmrScaleOutPriceOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`. */
  clusterId: pulumi.Input<string>;
  /** What the nodes are for. API: `TaskCount` and its like. */
  role: pulumi.Input<"task" | "core" | "router" | "master">;
  /** How many nodes, 1 to 2000. API: `TaskCount` and its like. */
  count: pulumi.Input<number>;
  /** Billing: `0` hourly, `1` monthly. Default `0`. API: `PayMode`. */
  payMode?: pulumi.Input<0 | 1> | undefined;
  /** Unit of `timeSpan`: `s` when hourly, `m` (months) when monthly. Default: the one that fits `payMode`. API: `TimeUnit`. */
  timeUnit?: pulumi.Input<"s" | "m"> | undefined;
  /** Hourly: `3600`, the only value, and the default. Monthly: the number of months to buy, at most 60, required. API: `TimeSpan`. */
  timeSpan?: pulumi.Input<number> | undefined;
  /** `HOST` for machines, `POD` for pods of a TKE or EKS cluster (role task only). Default: machines. API: `HardwareResourceType`. */
  hardwareResourceType?: pulumi.Input<"HOST" | "POD"> | undefined;
  /** Number of the availability zone, such as 100003. Default: the cluster's main zone. API: `ZoneId`. */
  zoneId?: pulumi.Input<number> | undefined;
}

/** What {@link getEmrScaleOutPrice} answers. */
export interface GetEmrScaleOutPriceResult {
  /** Price of all `count` nodes without discounts, in `currency`, for the time that `span` and `unit` tell. API: `OriginalCost`. */
  readonly originalPrice: number;
  /** What they would cost: the same with the account's discounts. API: `DiscountCost`. */
  readonly discountedPrice: number;
  /** Currency of the prices: `CNY`. API: `Currency`. */
  readonly currency: string;
  /** Unit of `span`. API: `TimeUnit` `s` is priced per hour, `m` is months. */
  readonly unit: "hour" | "month";
  /** How many hours or months the prices are for: 1 hour, or the months in `timeSpan`. API: `TimeSpan`. */
  readonly span: number;
  /** How many nodes the prices are for. */
  readonly count: number;
  /** Number of the zone that the prices are for. API: `ZoneId`. */
  readonly zoneId: number;
  /** Region of the cluster. */
  readonly region: string;
}

/** Arguments of {@link getDlcEngines}. */
export interface GetDlcEnginesArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Only the engine of exactly this name; required where the edition of the API has no DescribeDataEngines. API: the filter `data-engine-name`. */
  name?: string | undefined;
}

/** Arguments of {@link getDlcEnginesOutput}. */
export interface GetDlcEnginesOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Only the engine of exactly this name; required where the edition of the API has no DescribeDataEngines. API: the filter `data-engine-name`. */
  name?: pulumi.Input<string> | undefined;
}

/** What {@link getDlcEngines} answers. */
export interface GetDlcEnginesResult {
  /** The engines, in the order of their names. API: `DataEngines`. */
  readonly engines: GetDlcEnginesEngine[];
  /** Region that was asked. */
  readonly region: string;
}

export interface GetDlcEnginesEngine {
  /** Id of the engine, such as `DataEngine-0a1b2c3d`. API: `DataEngineId`. */
  readonly dataEngineId: string;
  /** Name of the engine. API: `DataEngineName`. */
  readonly dataEngineName: string;
  /** `running`, `suspended`, `initialising`, `failed`, `deleting` or `unknown`. API: `State`. */
  readonly state: string;
  /** What the cloud says of the state, such as why it failed. API: `Message`. */
  readonly message: string;
  /** `spark` or `presto`. API: `EngineType`. */
  readonly engineType: string;
  /** `SparkSQL`, `SparkBatch`, `PrestoSQL` and so on; empty where it is not told. API: `EngineTypeDetail`. */
  readonly engineTypeDetail: string;
  /** Kind of tasks: `SQL` or `BATCH`. API: `EngineExecType`. */
  readonly execType: string;
  /** `SuperSQL`, or `Native` for standard engines. API: `EngineGeneration`. */
  readonly generation: string;
  /** Kind of resources, such as `spark_private`. API: `ClusterType`. */
  readonly clusterType: string;
  /** Billing: `0` shared, `1` hourly, `2` monthly; absent where it is not told. API: `Mode`. */
  readonly mode?: number | undefined;
  /** Size in CU; absent where it is not told. API: `Size`. */
  readonly size?: number | undefined;
  /** Whether a task resumes it. API: `AutoResume`. */
  readonly autoResume: boolean;
  /** Whether it suspends itself when idle. API: `AutoSuspend`. */
  readonly autoSuspend: boolean;
  /** Id of the major version that it runs; empty for an engine without versions. API: `ImageVersionId`. */
  readonly imageVersionId: string;
  /** Name of that version, such as `SuperSQL-S 1.0`. API: `ImageVersionName`. */
  readonly imageVersionName: string;
  /** Id of the minor version that it runs. API: `ChildImageVersionId`. */
  readonly childImageVersionId: string;
}

/** Arguments of {@link getDlcImageVersions}. */
export interface GetDlcImageVersionsArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the engine, such as `DataEngine-0a1b2c3d`; give this or `dataEngineName`. API: `DataEngineId`. */
  dataEngineId?: string | undefined;
  /** Name of the engine; give this or `dataEngineId`. An edition of the API without DescribeDataEngines finds an engine by its name alone. API: `DataEngineName`. */
  dataEngineName?: string | undefined;
}

/** Arguments of {@link getDlcImageVersionsOutput}. */
export interface GetDlcImageVersionsOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the engine, such as `DataEngine-0a1b2c3d`; give this or `dataEngineName`. API: `DataEngineId`. */
  dataEngineId?: pulumi.Input<string> | undefined;
  /** Name of the engine; give this or `dataEngineId`. An edition of the API without DescribeDataEngines finds an engine by its name alone. API: `DataEngineName`. */
  dataEngineName?: pulumi.Input<string> | undefined;
}

/** What {@link getDlcImageVersions} answers. */
export interface GetDlcImageVersionsResult {
  /** Id of the engine. API: `DataEngineId`. */
  readonly dataEngineId: string;
  /** Name of the engine. API: `DataEngineName`. */
  readonly dataEngineName: string;
  /** Major versions for engines of its type, in the order of their names. API: `ImageParentVersions`. */
  readonly versions: GetDlcImageVersionsVersion[];
  /** Whether the version that the engine runs has a newer minor version; asked only while it runs. API: `IsUpgrade`. */
  readonly upgradeAvailable: boolean;
  /** Region of the engine. */
  readonly region: string;
}

export interface GetDlcImageVersionsVersionChildren {
  /** Id of the minor version. API: `ChildImageVersionId`. */
  readonly childImageVersionId: string;
  /** Whether the engine runs it. */
  readonly isCurrent: boolean;
}

export interface GetDlcImageVersionsVersion {
  /** Id of the major version. API: `ImageVersionId`. */
  readonly imageVersionId: string;
  /** Its name, such as `SuperSQL-S 1.0`. API: `ImageVersion`. */
  readonly name: string;
  /** `online` where an engine can be switched to it, else `initialising`, `offline` or `unknown`. API: `State`. */
  readonly state: string;
  /** What the cloud says about it. API: `Description`. */
  readonly description: string;
  /** Whether it is offered to all accounts. API: `IsPublic`. */
  readonly isPublic: boolean;
  /** When it was published, in the cloud's clock. API: `InsertTime`. */
  readonly insertTime: string;
  /** When it was last changed, in the cloud's clock. API: `UpdateTime`. */
  readonly updateTime: string;
  /** Whether the engine runs it. */
  readonly isCurrent: boolean;
  /** Minor versions as far as the API tells them, in the order of their ids: of the version that the engine runs, the present one, and the newest where an upgrade would go there. */
  readonly children: GetDlcImageVersionsVersionChildren[];
}
