import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const instances = bigdata.huawei.getDdmInstances({
    region: "eu-west-101",
});
export const first = instances.then(instances => `Instance ${instances.instances?.[0]?.name}`);
