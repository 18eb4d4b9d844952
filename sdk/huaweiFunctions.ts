// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as plugin from "./plugin/huawei";

export type { GetDdmInstancesArgs, GetDdmInstancesOutputArgs, GetDdmInstancesResult, GetDdmGroupsArgs, GetDdmGroupsOutputArgs, GetDdmGroupsResult, GetDdmFlavorsArgs, GetDdmFlavorsOutputArgs, GetDdmFlavorsResult } from "./plugin/huawei";

/**
 * The Huawei Cloud DDM instances of a project.
 *
 * See `docs/functions.md`.
 */
export function getDdmInstances(args: plugin.GetDdmInstancesArgs = {}): Promise<plugin.GetDdmInstancesResult> {
  return ask("huawei:getDdmInstances", args);
}

/** {@link getDdmInstances} with arguments that may be outputs: not asked before they are known. */
export function getDdmInstancesOutput(
  args: plugin.GetDdmInstancesOutputArgs = {},
): pulumi.Output<plugin.GetDdmInstancesResult> {
  return askOutput("huawei:getDdmInstances", args);
}

/**
 * The node groups of a Huawei Cloud DDM instance, with their nodes.
 *
 * Old kernels list no groups: then there are those that the nodes name, or one without an id that has all nodes.
 *
 * See `docs/functions.md`.
 */
export function getDdmGroups(args: plugin.GetDdmGroupsArgs): Promise<plugin.GetDdmGroupsResult> {
  return ask("huawei:getDdmGroups", args);
}

/** {@link getDdmGroups} with arguments that may be outputs: not asked before they are known. */
export function getDdmGroupsOutput(
  args: plugin.GetDdmGroupsOutputArgs,
): pulumi.Output<plugin.GetDdmGroupsResult> {
  return askOutput("huawei:getDdmGroups", args);
}

/**
 * The flavours (machine classes) of Huawei Cloud DDM for a version of its kernel, or for an instance's.
 *
 * See `docs/functions.md`.
 */
export function getDdmFlavors(args: plugin.GetDdmFlavorsArgs = {}): Promise<plugin.GetDdmFlavorsResult> {
  return ask("huawei:getDdmFlavors", args);
}

/** {@link getDdmFlavors} with arguments that may be outputs: not asked before they are known. */
export function getDdmFlavorsOutput(
  args: plugin.GetDdmFlavorsOutputArgs = {},
): pulumi.Output<plugin.GetDdmFlavorsResult> {
  return askOutput("huawei:getDdmFlavors", args);
}
