import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const instancesVar = bigdata.huawei.getDdmInstances({
    region: "eu-west-101",
});
export const instances = instancesVar.then(instancesVar => instancesVar.instances);
