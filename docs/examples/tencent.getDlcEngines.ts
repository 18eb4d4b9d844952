import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const enginesVar = bigdata.tencent.getDlcEngines({
    region: "ap-guangzhou",
});
export const engines = enginesVar.then(enginesVar => enginesVar.engines);
