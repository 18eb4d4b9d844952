import * as pulumi from "@pulumi/pulumi";
import { tencent } from "pulumi-bigdata/plugin";

const config = new pulumi.Config();
const clusterId = config.require("clusterId");

const workers = new tencent.EmrNodePool(
  "workers",
  { clusterId, role: "task", count: config.getNumber("taskNodes") ?? 1 },
  { customTimeouts: { create: "90m" } },
);

const yarn = new tencent.EmrServiceState("yarn", {
  clusterId,
  service: "YARN",
  components: ["NodeManager"],
  state: "running",
  restartTriggers: { nodes: workers.privateIps.apply((ips) => ips.join(",")) },
});

// Something that exists and is looked at only.
const hdfs = tencent.EmrServiceState.get("hdfs", pulumi.interpolate`${clusterId}/HDFS`);

// A question to the cloud, by the plugin, once the pool has its nodes: while they come the cluster is scaling out.
const cluster = tencent.getEmrClusterOutput({ clusterId: workers.clusterId });

export const nodeCount = workers.nodeCount;
export const nodeManagers = yarn.processes.apply((processes) => processes.length);
export const hdfsState = hdfs.runState;
export const clusterStatus = cluster.status;
