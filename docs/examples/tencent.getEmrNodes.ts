import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const cores = bigdata.tencent.getEmrNodes({
    clusterId: "emr-5n3l5c83",
    role: bigdata.tencent.GetEmrNodesRole.Core,
});
export const coreIps = cores.then(cores => cores.privateIps);
