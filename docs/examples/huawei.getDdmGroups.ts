import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const groups = bigdata.huawei.getDdmGroups({
    instanceId: "1f5c9fd6cd984056ba89c8c87cc03278in09",
});
export const first = groups.then(groups => `Flavour ${groups.groups?.[0]?.flavorId}`);
