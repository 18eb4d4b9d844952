import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const tenMore = bigdata.tencent.getEmrScaleOutPrice({
    clusterId: "emr-5n3l5c83",
    role: bigdata.tencent.Role.Task,
    count: 10,
});
export const price = tenMore.then(tenMore => `${tenMore.discountedPrice} CNY per hour`);
