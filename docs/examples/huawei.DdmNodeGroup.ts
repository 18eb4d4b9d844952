import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const groups = bigdata.huawei.getDdmGroups({
    instanceId: "1f5c9fd6cd984056ba89c8c87cc03278in09",
});
const readers = new bigdata.huawei.DdmNodeGroup("readers", {
    instanceId: "1f5c9fd6cd984056ba89c8c87cc03278in09",
    groupId: groups.then(groups => groups.groups?.[0]?.id),
    flavorId: groups.then(groups => groups.groups?.[0]?.flavorId),
    nodeCount: 4,
    scaleIn: {
        allowed: true,
    },
    onDelete: bigdata.huawei.DdmNodeGroupOnDelete.ShrinkToInitial,
});
export const addresses = readers.privateIps;
