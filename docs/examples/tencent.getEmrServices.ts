import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const servicesVar = bigdata.tencent.getEmrServices({
    clusterId: "emr-5n3l5c83",
});
export const services = servicesVar.then(servicesVar => servicesVar.services);
