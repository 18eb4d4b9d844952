import * as pulumi from "@pulumi/pulumi";
import { type DynamicOptions, dynamicOptions, dynamicProperties, dynamicShell } from "./dynamic";
import {
  type EmrApplicationStateArgs,
  type EmrApplicationStateOutputs,
  emrApplicationStateOutputs,
} from "./volcengineTypes";

export * from "./volcengineFunctions";
export type * from "./volcengineTypes";

export interface EmrApplicationState extends EmrApplicationStateOutputs {}

const emrApplicationStateShell = dynamicShell("volcengine:EmrApplicationState");

/**
 * Whether the components of an application of a Volcengine EMR on VKE cluster run:
 * `docs/volcengine.EmrApplicationState.md`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the engine sets every output that is declared there
export class EmrApplicationState extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Which components, and what they shall be.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: EmrApplicationStateArgs, opts: DynamicOptions = {}) {
    const secrets = args.applicationConfigs && {
      applicationConfigs: pulumi.secret(args.applicationConfigs),
    };
    super(
      emrApplicationStateShell,
      name,
      dynamicProperties(
        "volcengine:EmrApplicationState",
        name,
        opts,
        emrApplicationStateOutputs,
        args,
        secrets,
      ),
      dynamicOptions(
        "volcengine:EmrApplicationState",
        name,
        { deleteBeforeReplace: true, ...opts },
        {
          additionalSecretOutputs: [
            ...(opts.additionalSecretOutputs ?? []),
            "applicationConfigs",
            "observedConfigs",
            "pendingAction",
          ],
        },
      ),
      "bigdata/volcengine",
      "EmrApplicationState",
    );
  }
}
