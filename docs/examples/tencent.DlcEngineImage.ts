import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const spark = new bigdata.tencent.DlcEngineImage("spark", {
    dataEngineName: "spark-prod",
    imageVersion: "SuperSQL-S 1.0",
    childVersion: bigdata.tencent.DlcEngineImageChildVersion.Latest,
    onDelete: bigdata.tencent.DlcEngineImageOnDelete.RestorePrevious,
});
export const engineState = spark.engineState;
