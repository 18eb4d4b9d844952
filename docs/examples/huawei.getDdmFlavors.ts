import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const flavorsVar = bigdata.huawei.getDdmFlavors({
    engineVersion: "3.0.8",
});
export const flavors = flavorsVar.then(flavorsVar => flavorsVar.flavors);
