import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const clustersVar = bigdata.tencent.getEmrClusters({
    status: bigdata.tencent.GetEmrClustersStatus.Running,
});
export const clusters = clustersVar.then(clustersVar => clustersVar.clusters);
