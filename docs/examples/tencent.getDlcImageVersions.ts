import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const versionsVar = bigdata.tencent.getDlcImageVersions({
    dataEngineName: "spark-prod",
});
export const versions = versionsVar.then(versionsVar => versionsVar.versions);
