// How EMR nodes are bought: the settings of a purchase, and what asks for one and for its price.
import { z } from "zod";
import { lenient, parseObject, wholeNumber } from "../../call/wire";
import { choice, named, numberChoice } from "../../core/choice";
import { input, inputObject, part } from "../../core/fields";
import { emrAction } from "./action";

export const emrClusterId = z
  .string()
  .regex(/^emr-[0-9a-z]+$/, "must be the id of an EMR cluster, such as emr-5n3l5c83");

/** A tag of a node. API: `Tag`. */
export const tag = named(
  "Tag",
  "A tag.",
  z.strictObject({
    tagKey: z.string().min(1).max(127).describe("Key, at most 127 characters. API: `TagKey`."),
    tagValue: z.string().max(255).describe("Value, at most 255 characters. API: `TagValue`."),
  }),
);

/** Tags as the functions tell them. */
export const tagList = z.array(tag);

/** Roles of which nodes can be bought. */
export const purchasedRole = choice(
  {
    task: "Task nodes: they compute, and hold no HDFS data.",
    core: "Core nodes: they compute and hold HDFS data.",
    router: "Router nodes: clients and gateways, or what the cluster's kind uses them for.",
    master: "Master nodes. They can be added, and never removed.",
  },
  { typeName: "Role", typeDescription: "What bought nodes of an EMR cluster are for." },
);

/** A script that runs on each new node. API: `PreExecuteFileSettings`. */
const bootstrapScript = z.strictObject({
  cosFileUri: z
    .string()
    .min(1)
    .describe(
      "Where the script is in object storage (COS), such as `https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/init.sh`. API: `CosFileURI`.",
    ),
  args: z.array(z.string()).optional().describe("Arguments, in order. API: `Args`."),
  runOrder: z.int().min(0).optional().describe("Position among the scripts, lowest first. API: `RunOrder`."),
  whenRun: choice({
    resourceAfter: "Once the machine is there.",
    clusterAfter: "Once the services are set up.",
  })
    .optional()
    .describe(
      "`resourceAfter`: once the machine is there; `clusterAfter`: once the services are set up. API: `WhenRun`.",
    ),
  remark: part({ change: "later" }, z.string().optional().describe("A note. API: `Remark`.")),
  cosSecretId: part(
    { change: "later", secret: true },
    z
      .string()
      .min(1)
      .optional()
      .describe("Secret id that may read the script. Kept as a secret. API: `CosSecretId`."),
  ),
  cosSecretKey: part(
    { change: "later", secret: true },
    z
      .string()
      .min(1)
      .optional()
      .describe("Secret key that may read the script. Kept as a secret. API: `CosSecretKey`."),
  ),
});

const pvcVolume = z.strictObject({
  diskSize: z.int().min(1).optional().describe("Size of a disk, GB. API: `DiskSize`."),
  diskType: choice({ CLOUD_PREMIUM: "Premium cloud storage.", CLOUD_SSD: "Cloud SSD." })
    .optional()
    .describe("`CLOUD_PREMIUM` or `CLOUD_SSD`. API: `DiskType`."),
  diskNum: z.int().min(1).optional().describe("Number of disks. API: `DiskNum`."),
});

const podVolume = z.strictObject({
  volumeType: choice(
    { pvc: "A disk by a persistent volume claim.", hostpath: "A directory of the host." },
    { names: { hostpath: "HostPath" } },
  ).describe("`pvc` or `hostpath`. API: `VolumeType`."),
  pvcVolume: pvcVolume.optional().describe("The disk, for `pvc`. API: `PVCVolume`."),
  hostVolume: z
    .strictObject({
      volumePath: z
        .string()
        .min(1)
        .describe("Directory on the host that is mounted for data. API: `VolumePath`."),
    })
    .optional()
    .describe("The host directory, for `hostpath`. API: `HostVolume`."),
});

/** Where pods come from and what they get. API: `PodSpec`. */
const podSpec = z.strictObject({
  resourceProviderIdentifier: z
    .string()
    .min(1)
    .describe("Id of the TKE cluster, such as `cls-a1cd23fa`. API: `ResourceProviderIdentifier`."),
  resourceProviderType: choice({ tke: "Tencent Kubernetes Engine." }).describe(
    "Kind of the cluster: `tke`, the only one. API: `ResourceProviderType`.",
  ),
  nodeType: choice({ TASK: "Task nodes." }).describe("Use of the pods: `TASK`. API: `NodeType`."),
  cpu: z.int().min(1).describe("CPU cores. API: `Cpu`."),
  memory: z.int().min(1).describe("Memory, GB. API: `Memory`."),
  cpuType: choice({ intel: "Intel processors.", amd: "AMD processors." })
    .optional()
    .describe("`intel` or `amd`, for EKS. API: `CpuType`."),
  podVolumes: z.array(podVolume).optional().describe("Data directories of the pods. API: `PodVolumes`."),
});

/** Permissions and parameters of the pods. API: `PodParameter`. */
const podParameter = z.strictObject({
  clusterId: z.string().min(1).describe("Id of the TKE or EKS cluster. API: `ClusterId`."),
  config: part(
    { change: "later", secret: true },
    z
      .string()
      .min(1)
      .describe("Kubernetes configuration (kubeconfig), JSON text. Kept as a secret. API: `Config`."),
  ),
  parameter: z
    .string()
    .min(1)
    .describe("Kubernetes object that customises the pods, JSON text. API: `Parameter`."),
});

/** The groups of a JSON object's text: spacing and order mean nothing. */
function configurationGroups(text: string): unknown {
  const groups = parseObject(text);
  return groups ? Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1)) : text;
}

/**
 * How new nodes are bought and set up: the parameters of ScaleOutInstance that users choose. What replaces is what nodes are
 * born with; in this order it makes their fingerprint.
 */
export const nodePurchase = inputObject({
  payMode: input(
    { change: "replaces" },
    numberChoice(
      {
        0: ["Hourly", "By the hour, in arrears."],
        1: ["Monthly", "By the month, in advance. Not in every edition of the API."],
      },
      { typeName: "PayMode", typeDescription: "How nodes are billed." },
    )
      .default(0)
      .describe(
        "Billing: `0` hourly, `1` monthly (prepaid; not in every edition of the API). Default `0`. API: `PayMode`.",
      ),
  ),
  timeUnit: input(
    { change: "later", means: () => undefined },
    choice(
      { s: "Seconds, for hourly nodes.", m: "Months, for monthly nodes." },
      { typeName: "TimeUnit", typeDescription: "Unit of `timeSpan`.", names: { s: "Seconds", m: "Months" } },
    )
      .optional()
      .describe(
        "Unit of `timeSpan`: `s` when hourly, `m` (months) when monthly. Default: the one that fits `payMode`. API: `TimeUnit`.",
      ),
  ),
  timeSpan: input(
    { change: "later", implied: 3600 },
    z
      .int()
      .min(1)
      .max(3600)
      .optional()
      .describe(
        "Hourly: `3600`, the only value, and the default. Monthly: the number of months to buy, at most 60, required. API: `TimeSpan`.",
      ),
  ),
  autoRenew: input(
    { change: "later", implied: false },
    z
      .boolean()
      .optional()
      .describe(
        "Renew monthly nodes by themselves when they run out. Only with `payMode` 1. Default: off. API: `AutoRenew`.",
      ),
  ),
  unnecessaryNodeList: input(
    { change: "replaces", set: true },
    z
      .array(z.int().min(0))
      .optional()
      .describe(
        "Numbers of the processes that new nodes shall not run. Excludes `softDeployInfo` and `serviceNodeInfo`. API: `UnNecessaryNodeList`.",
      ),
  ),
  softDeployInfo: input(
    { change: "replaces", set: true },
    z
      .array(z.int().min(0))
      .optional()
      .describe("Numbers of the services to deploy, such as 2 for YARN. API: `SoftDeployInfo`."),
  ),
  serviceNodeInfo: input(
    { change: "replaces", set: true },
    z
      .array(z.int().min(0))
      .optional()
      .describe(
        "Numbers of the processes to start, such as 7 for NodeManager; best together with `softDeployInfo`. API: `ServiceNodeInfo`.",
      ),
  ),
  preExecutedFileSettings: input(
    { change: "replaces", secret: true },
    z.array(bootstrapScript).optional().describe("Bootstrap scripts. API: `PreExecutedFileSettings`."),
  ),
  disasterRecoverGroupIds: input(
    { change: "replaces" },
    z
      .array(z.string().min(1))
      .max(1)
      .optional()
      .describe("Spread placement group: at most one id. API: `DisasterRecoverGroupIds`."),
  ),
  tags: input(
    { change: "inPlace", set: true },
    z
      .array(tag)
      .optional()
      .describe("Tags of the nodes, besides the pool's own. The order does not matter. API: `Tags`."),
  ),
  hardwareResourceType: input(
    { change: "replaces", implied: "HOST" },
    choice(
      { HOST: "Machines.", POD: "Pods of a TKE or EKS cluster." },
      { typeName: "HardwareResourceType", typeDescription: "What nodes are made of." },
    )
      .optional()
      .describe(
        "`HOST` for machines, `POD` for pods of a TKE or EKS cluster (role task only). Default: machines. API: `HardwareResourceType`.",
      ),
  ),
  podSpec: input(
    { change: "replaces" },
    podSpec.optional().describe("Size and source of pods; needs `hardwareResourceType` POD. API: `PodSpec`."),
  ),
  podParameter: input(
    { change: "replaces", secret: true },
    podParameter
      .optional()
      .describe("Permissions and parameters of pods; needs `hardwareResourceType` POD. API: `PodParameter`."),
  ),
  clickHouseClusterName: input(
    { change: "replaces" },
    z
      .string()
      .min(1)
      .optional()
      .describe("ClickHouse clusters: the server group. API: `ClickHouseClusterName`."),
  ),
  clickHouseClusterType: input(
    { change: "later" },
    choice({ new: "The server group is made.", old: "The server group exists." })
      .optional()
      .describe(
        "ClickHouse clusters: `new` makes the server group, `old` takes an existing one. API: `ClickHouseClusterType`.",
      ),
  ),
  yarnNodeLabel: input(
    { change: "replaces" },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "YARN node label of the new nodes; it can only be set at birth and cannot be read back. API: `YarnNodeLabel`.",
      ),
  ),
  startServiceAfterScaleOut: input(
    { change: "later", implied: false },
    z
      .boolean()
      .optional()
      .describe(
        "Start the services on new nodes. Default: they are not started. API: `StartServiceAfterScaleOut`.",
      ),
  ),
  zoneId: input(
    { change: "replaces" },
    z
      .int()
      .min(1)
      .optional()
      .describe(
        "Number of the availability zone, such as 100003. Default: the cluster's main zone. API: `ZoneId`.",
      ),
  ),
  subnetId: input(
    { change: "replaces" },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Subnet, such as `subnet-ddx09lvc`. Default: the one chosen for the cluster. API: `SubnetId`.",
      ),
  ),
  scaleOutServiceConfAssign: input(
    { change: "replaces", means: configurationGroups },
    z
      .string()
      .min(2)
      .optional()
      .describe(
        'Configuration groups of the new nodes\' services, JSON text such as `{"HDFS-3.2.2": -1}`. API: `ScaleOutServiceConfAssign`.',
      ),
  ),
});

export const scaleOutInstance = emrAction(
  "ScaleOutInstance",
  "never",
  nodePurchase
    .omit({ payMode: true, timeUnit: true, timeSpan: true, autoRenew: true, startServiceAfterScaleOut: true })
    .extend({
      instanceId: emrClusterId,
      payMode: z.int(),
      timeUnit: z.enum(["s", "m"]),
      timeSpan: z.int(),
      autoRenew: z.int().optional(),
      startServiceAfterScaleOut: z.enum(["true", "false"]).optional(),
      clientToken: z.string(),
      taskCount: z.int().min(1).max(20).optional(),
      coreCount: z.int().min(1).max(20).optional(),
      routerCount: z.int().min(1).max(20).optional(),
      masterCount: z.int().min(1).max(20).optional(),
    }),
  z.looseObject({
    flowId: lenient(wholeNumber),
    traceId: lenient(z.string()),
  }),
);

/** What a price is asked with: the settings of a purchase that InquiryPriceScaleOutInstance takes. */
export const pricedSettings = nodePurchase.pick({
  payMode: true,
  timeUnit: true,
  timeSpan: true,
  hardwareResourceType: true,
  zoneId: true,
});

export const inquiryPriceScaleOutInstance = emrAction(
  "InquiryPriceScaleOutInstance",
  "read",
  pricedSettings.extend({
    instanceId: emrClusterId,
    timeUnit: z.enum(["s", "m"]),
    timeSpan: z.int(),
    payMode: z.int(),
    zoneId: z.int(),
    currency: z.literal("CNY"),
    coreCount: z.int(),
    taskCount: z.int(),
    routerCount: z.int().optional(),
    masterCount: z.int().optional(),
  }),
  z.looseObject({
    originalCost: lenient(z.string()),
    discountCost: lenient(z.string()),
    unit: lenient(z.string()),
  }),
);
