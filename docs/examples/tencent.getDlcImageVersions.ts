import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const versions = bigdata.tencent.getDlcImageVersions({
    dataEngineName: "spark-prod",
});
export const first = versions.then(versions => `Version ${versions.versions?.[0]?.name}`);
