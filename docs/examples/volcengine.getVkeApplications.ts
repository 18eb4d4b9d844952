import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const applications = bigdata.volcengine.getVkeApplications({
    clusterId: "emr-0123",
});
export const first = applications.then(applications => `Application ${applications.applications?.[0]?.name}`);
