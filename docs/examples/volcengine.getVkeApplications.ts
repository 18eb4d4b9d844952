import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const applicationsVar = bigdata.volcengine.getVkeApplications({
    clusterId: "emr-0123",
});
export const applications = applicationsVar.then(applicationsVar => applicationsVar.applications);
