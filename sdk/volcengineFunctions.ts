// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as types from "./volcengineTypes";

/**
 * The applications of a Volcengine EMR on VKE cluster.
 *
 * See `docs/functions.md`.
 */
export function getVkeApplications(args: types.GetVkeApplicationsArgs): Promise<types.GetVkeApplicationsResult> {
  return ask("volcengine:getVkeApplications", args);
}

/** {@link getVkeApplications} with arguments that may be outputs: not asked before they are known. */
export function getVkeApplicationsOutput(
  args: types.GetVkeApplicationsOutputArgs,
): pulumi.Output<types.GetVkeApplicationsResult> {
  return askOutput("volcengine:getVkeApplications", args);
}

/**
 * The instances of the components of an application on a Volcengine EMR on VKE cluster.
 *
 * Not every account can list them: `driftVisible` says whether, and `reason` why not.
 *
 * See `docs/functions.md`.
 */
export function getVkeComponents(args: types.GetVkeComponentsArgs): Promise<types.GetVkeComponentsResult> {
  return ask("volcengine:getVkeComponents", args);
}

/** {@link getVkeComponents} with arguments that may be outputs: not asked before they are known. */
export function getVkeComponentsOutput(
  args: types.GetVkeComponentsOutputArgs,
): pulumi.Output<types.GetVkeComponentsResult> {
  return askOutput("volcengine:getVkeComponents", args);
}
