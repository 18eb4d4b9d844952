// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as plugin from "./plugin/volcengine";

export type { GetVkeApplicationsArgs, GetVkeApplicationsOutputArgs, GetVkeApplicationsResult, GetVkeComponentsArgs, GetVkeComponentsOutputArgs, GetVkeComponentsResult } from "./plugin/volcengine";

/**
 * The applications of a Volcengine EMR on VKE cluster.
 *
 * See `docs/functions.md`.
 */
export function getVkeApplications(args: plugin.GetVkeApplicationsArgs): Promise<plugin.GetVkeApplicationsResult> {
  return ask("volcengine:getVkeApplications", args);
}

/** {@link getVkeApplications} with arguments that may be outputs: not asked before they are known. */
export function getVkeApplicationsOutput(
  args: plugin.GetVkeApplicationsOutputArgs,
): pulumi.Output<plugin.GetVkeApplicationsResult> {
  return askOutput("volcengine:getVkeApplications", args);
}

/**
 * The instances of the components of an application on a Volcengine EMR on VKE cluster.
 *
 * Not every account can list them: `driftVisible` says whether, and `reason` why not.
 *
 * See `docs/functions.md`.
 */
export function getVkeComponents(args: plugin.GetVkeComponentsArgs): Promise<plugin.GetVkeComponentsResult> {
  return ask("volcengine:getVkeComponents", args);
}

/** {@link getVkeComponents} with arguments that may be outputs: not asked before they are known. */
export function getVkeComponentsOutput(
  args: plugin.GetVkeComponentsOutputArgs,
): pulumi.Output<plugin.GetVkeComponentsResult> {
  return askOutput("volcengine:getVkeComponents", args);
}
