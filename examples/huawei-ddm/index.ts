import * as pulumi from "@pulumi/pulumi";
import { huawei } from "pulumi-bigdata";

const config = new pulumi.Config();

// `pulumi config set nodes 4` and `pulumi up` add nodes; a smaller number is refused unless scaleIn allows it.
const group = new huawei.DdmNodeGroup("group", {
  instanceId: config.require("instanceId"),
  flavorId: config.require("flavorId"),
  nodeCount: config.getNumber("nodes") ?? 2,
  onDelete: "leave",
});

export const addresses = group.privateIps;
export const status = group.instanceStatus;
