import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const price = bigdata.tencent.getEmrScaleOutPrice({
    clusterId: "emr-5n3l5c83",
    role: bigdata.tencent.Role.Task,
    count: 10,
    payMode: bigdata.tencent.PayMode.Hourly,
});
export const pricePerHour = price.then(price => price.discountedPrice);
