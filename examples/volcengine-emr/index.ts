import * as pulumi from "@pulumi/pulumi";
import { volcengine } from "pulumi-bigdata";

const config = new pulumi.Config();

// `pulumi config set cpu 2` and `pulumi up` restart the operator with the new value.
const operator = new volcengine.EmrApplicationState("operator", {
  clusterId: config.require("clusterId"),
  application: "Ray",
  components: ["RayOperator"],
  state: "running",
  applicationConfigs: [
    { file: "ray-operator-values.yaml", key: "resources.cpu", value: config.get("cpu") ?? "1" },
  ],
});

export const runState = operator.runState;
/** Whether somebody else's hand would be seen: that depends on what the account's API offers. */
export const driftVisible = operator.driftVisible;
