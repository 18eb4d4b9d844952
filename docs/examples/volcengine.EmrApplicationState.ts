import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const ray = new bigdata.volcengine.EmrApplicationState("ray", {
    clusterId: "emr-0123",
    application: "Ray",
    components: ["RayOperator"],
    state: bigdata.RunState.Running,
    applicationConfigs: [{
        file: "ray-operator-values.yaml",
        key: "resources.cpu",
        value: "1",
    }],
});
export const runState = ray.runState;
