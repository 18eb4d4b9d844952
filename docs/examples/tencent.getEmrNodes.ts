import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const nodes = bigdata.tencent.getEmrNodes({
    clusterId: "emr-5n3l5c83",
});
export const first = nodes.then(nodes => `Node ${nodes.nodes?.[0]?.ip}`);
