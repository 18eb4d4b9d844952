import * as pulumi from "@pulumi/pulumi";
import {
  type DynamicOptions,
  dynamicOptions,
  dynamicProperties,
  dynamicShell,
  type OutputsOf,
} from "./dynamic";
import type * as plugin from "./plugin/volcengine";

export * from "./plugin/types/enums/volcengine";
export type { EmrApplicationStateArgs } from "./plugin/volcengine";
export * from "./volcengineFunctions";

export interface EmrApplicationState extends OutputsOf<plugin.EmrApplicationState> {}

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
  constructor(name: string, args: plugin.EmrApplicationStateArgs, opts: DynamicOptions = {}) {
    const secrets = args.applicationConfigs && {
      applicationConfigs: pulumi.secret(args.applicationConfigs),
    };
    super(
      emrApplicationStateShell,
      name,
      dynamicProperties("volcengine:EmrApplicationState", name, opts, args, secrets),
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
