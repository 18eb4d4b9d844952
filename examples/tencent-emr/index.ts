import * as pulumi from "@pulumi/pulumi";
import { tencent } from "pulumi-bigdata";

const config = new pulumi.Config();

// Task nodes of an existing cluster. `pulumi config set taskNodes 5` and `pulumi up` buy three more; a smaller
// number lets the newest go, each with five minutes to finish its work.
const workers = new tencent.EmrNodePool("workers", {
  clusterId: config.require("clusterId"),
  role: "task",
  count: config.getNumber("taskNodes") ?? 2,
  tags: [{ tagKey: "team", tagValue: "data-platform" }],
  startServiceAfterScaleOut: true,
  scaleIn: { order: "newest", graceSeconds: 300 },
});

export const nodeCount = workers.nodeCount;
export const privateIps = workers.privateIps;
