import * as pulumi from "@pulumi/pulumi";
import { tencent } from "pulumi-bigdata";

const config = new pulumi.Config();

// `pulumi config set imageVersion "SuperSQL-S 3.5"` and `pulumi up` switch the engine; `pulumi destroy` goes back to
// the version that it had before.
const image = new tencent.DlcEngineImage("image", {
  dataEngineName: config.require("engine"),
  imageVersion: config.get("imageVersion") ?? "SuperSQL-S 1.0",
  onDelete: "restorePrevious",
});

export const imageVersionId = image.imageVersionId;
export const minorVersionId = image.childImageVersionId;
