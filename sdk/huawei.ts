import * as pulumi from "@pulumi/pulumi";
import {
  type DynamicOptions,
  dynamicOptions,
  dynamicProperties,
  dynamicShell,
  type OutputsOf,
} from "./dynamic";
import type * as plugin from "./plugin/huawei";

export * from "./huaweiFunctions";
export type { DdmNodeGroupArgs } from "./plugin/huawei";
export * from "./plugin/types/enums/huawei";

export interface DdmNodeGroup extends OutputsOf<plugin.DdmNodeGroup> {}

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
  constructor(name: string, args: plugin.DdmNodeGroupArgs, opts?: DynamicOptions) {
    super(
      ddmNodeGroupShell,
      name,
      dynamicProperties("huawei:DdmNodeGroup", name, opts, args),
      dynamicOptions("huawei:DdmNodeGroup", name, opts),
      "bigdata/huawei",
      "DdmNodeGroup",
    );
  }
}
