import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const ray = bigdata.volcengine.getVkeComponents({
    clusterId: "emr-0123",
    application: "Ray",
});
export const instances = ray.then(ray => ray.instances);
