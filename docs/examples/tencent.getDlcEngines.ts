import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const engines = bigdata.tencent.getDlcEngines({
    region: "ap-guangzhou",
});
export const first = engines.then(engines => `Engine ${engines.engines?.[0]?.dataEngineName}`);
