import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const services = bigdata.tencent.getEmrServices({
    clusterId: "emr-5n3l5c83",
});
export const first = services.then(services => `Service ${services.services?.[0]?.name}`);
