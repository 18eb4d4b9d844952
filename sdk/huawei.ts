import * as pulumi from "@pulumi/pulumi";
import { type DynamicOptions, dynamicOptions, dynamicProperties, dynamicShell } from "./dynamic";
import { type DdmNodeGroupArgs, type DdmNodeGroupOutputs, ddmNodeGroupOutputs } from "./huaweiTypes";

export * from "./huaweiFunctions";
export type * from "./huaweiTypes";

export interface DdmNodeGroup extends DdmNodeGroupOutputs {}

const ddmNodeGroupShell = dynamicShell("huawei:DdmNodeGroup");

/**
 * The number of nodes of a group of a Huawei Cloud DDM instance: `docs/huawei.DdmNodeGroup.md`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the engine sets every output that is declared there
export class DdmNodeGroup extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Which group, and how large it shall be.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: DdmNodeGroupArgs, opts?: DynamicOptions) {
    super(
      ddmNodeGroupShell,
      name,
      dynamicProperties("huawei:DdmNodeGroup", name, opts, ddmNodeGroupOutputs, args),
      dynamicOptions("huawei:DdmNodeGroup", name, opts),
      "bigdata/huawei",
      "DdmNodeGroup",
    );
  }
}
