import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const ray = bigdata.volcengine.getVkeComponents({
    clusterId: "emr-0123",
    application: "Ray",
});
export const first = ray.then(ray => `Ray is ${ray.instances?.[0]?.state}`);
