import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const flavors = bigdata.huawei.getDdmFlavors({
    engineVersion: "3.0.8",
});
export const first = flavors.then(flavors => `Flavour ${flavors.flavors?.[0]?.code}`);
