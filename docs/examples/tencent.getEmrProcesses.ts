import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const yarn = bigdata.tencent.getEmrProcesses({
    clusterId: "emr-5n3l5c83",
    service: "YARN",
});
export const yarnIs = yarn.then(yarn => yarn.runState);
