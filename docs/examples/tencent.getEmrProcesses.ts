import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const yarnVar = bigdata.tencent.getEmrProcesses({
    clusterId: "emr-5n3l5c83",
    service: "YARN",
});
export const yarn = yarnVar.then(yarnVar => `YARN is ${yarnVar.runState}`);
