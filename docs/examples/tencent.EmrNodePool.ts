import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const workers = new bigdata.tencent.EmrNodePool("workers", {
    clusterId: "emr-5n3l5c83",
    role: bigdata.tencent.Role.Task,
    count: 5,
    tags: [{
        tagKey: "team",
        tagValue: "analytics",
    }],
    scaleIn: {
        order: bigdata.tencent.EmrNodePoolScaleInOrder.Oldest,
        graceSeconds: 600,
    },
    timeouts: {
        create: "90m",
    },
});
export const workerIps = workers.privateIps;
