// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as types from "./huaweiTypes";

/**
 * The Huawei Cloud DDM instances of a project.
 *
 * See `docs/functions.md`.
 */
export function getDdmInstances(args: types.GetDdmInstancesArgs = {}): Promise<types.GetDdmInstancesResult> {
  return ask("huawei:getDdmInstances", args);
}

/** {@link getDdmInstances} with arguments that may be outputs: not asked before they are known. */
export function getDdmInstancesOutput(
  args: types.GetDdmInstancesOutputArgs = {},
): pulumi.Output<types.GetDdmInstancesResult> {
  return askOutput("huawei:getDdmInstances", args);
}

/**
 * The node groups of a Huawei Cloud DDM instance, with their nodes.
 *
 * Old kernels list no groups: then there are those that the nodes name, or one without an id that has all nodes.
 *
 * See `docs/functions.md`.
 */
export function getDdmGroups(args: types.GetDdmGroupsArgs): Promise<types.GetDdmGroupsResult> {
  return ask("huawei:getDdmGroups", args);
}

/** {@link getDdmGroups} with arguments that may be outputs: not asked before they are known. */
export function getDdmGroupsOutput(
  args: types.GetDdmGroupsOutputArgs,
): pulumi.Output<types.GetDdmGroupsResult> {
  return askOutput("huawei:getDdmGroups", args);
}

/**
 * The flavours (machine classes) of Huawei Cloud DDM for a version of its kernel, or for an instance's.
 *
 * See `docs/functions.md`.
 */
export function getDdmFlavors(args: types.GetDdmFlavorsArgs = {}): Promise<types.GetDdmFlavorsResult> {
  return ask("huawei:getDdmFlavors", args);
}

/** {@link getDdmFlavors} with arguments that may be outputs: not asked before they are known. */
export function getDdmFlavorsOutput(
  args: types.GetDdmFlavorsOutputArgs = {},
): pulumi.Output<types.GetDdmFlavorsResult> {
  return askOutput("huawei:getDdmFlavors", args);
}
