import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const cluster = bigdata.tencent.getEmrCluster({
    clusterId: "emr-5n3l5c83",
});
export const size = cluster.then(cluster => `${cluster.nodeCounts?.task} task nodes`);
