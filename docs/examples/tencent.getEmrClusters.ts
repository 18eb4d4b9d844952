import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const clusters = bigdata.tencent.getEmrClusters({
    region: "ap-guangzhou",
});
export const first = clusters.then(clusters => `Cluster ${clusters.clusters?.[0]?.clusterId}`);
