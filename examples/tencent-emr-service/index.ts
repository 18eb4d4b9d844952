import * as pulumi from "@pulumi/pulumi";
import { tencent } from "pulumi-bigdata";

const config = new pulumi.Config();
const clusterId = config.require("clusterId");

const workers = new tencent.EmrNodePool("workers", {
  clusterId,
  role: "task",
  count: config.getNumber("taskNodes") ?? 1,
});

// The pool's addresses are a trigger: when nodes come or go, YARN is restarted two nodes at a time, once they are there.
const yarn = new tencent.EmrServiceState("yarn", {
  clusterId,
  service: "YARN",
  components: ["NodeManager"],
  state: "running",
  restartTriggers: { nodes: workers.privateIps.apply((ips) => ips.join(",")) },
  restart: { rolling: true, batchSize: 2, waitSeconds: 30 },
});

export const nodeManagers = yarn.processes.apply((processes) => processes.length);
export const runState = yarn.runState;
