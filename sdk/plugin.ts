/**
 * The same resources through the plugin instead of dynamic providers: with import, `get`, `customTimeouts`, previews that
 * tell what can be known, and exact diffs. The program needs the plugin: see "Through the plugin" in the README.
 */
import * as pulumi from "@pulumi/pulumi";
import { properties } from "./dynamic";
import { type DdmNodeGroupArgs, type DdmNodeGroupOutputs, ddmNodeGroupOutputs } from "./huaweiTypes";
import {
  type DlcEngineImageArgs,
  type DlcEngineImageOutputs,
  dlcEngineImageOutputs,
  type EmrNodePoolArgs,
  type EmrNodePoolOutputs,
  type EmrServiceStateArgs,
  type EmrServiceStateOutputs,
  emrNodePoolOutputs,
  emrServiceStateOutputs,
} from "./tencentTypes";
import {
  type EmrApplicationStateArgs,
  type EmrApplicationStateOutputs,
  emrApplicationStateOutputs,
} from "./volcengineTypes";

const { version } = require("pulumi-bigdata/package.json") as { version: string };

/** A class of the plugin's resources. */
export interface PluginClass<Args, Outputs> {
  /**
   * @param name Name of the resource.
   * @param args What it shall be.
   * @param opts Pulumi's options.
   */
  new (name: string, args: Args, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource & Outputs;
  /** What exists under an id and is not managed by this program; the reference pages tell the forms of ids. */
  get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Outputs;
}

function pluginClass<Args extends object, Outputs>(
  type: string,
  outputs: readonly string[],
  secrets: readonly string[] = [],
): PluginClass<Args, Outputs> {
  class PluginResource extends pulumi.CustomResource {
    constructor(name: string, args: Args | undefined, opts: pulumi.CustomResourceOptions = {}) {
      const given = { ...args } as Record<string, unknown>;
      for (const secret of secrets)
        if (given[secret] !== undefined) given[secret] = pulumi.secret(given[secret]);
      super(`bigdata:${type}`, name, properties(outputs, given), {
        version,
        // Where it is not said otherwise, what is replaced by force goes before the new one comes too.
        ...(type === "huawei:DdmNodeGroup" ? {} : { deleteBeforeReplace: true }),
        ...opts,
        // A stack that had it as a dynamic resource goes on with the same one.
        aliases: [...(opts.aliases ?? []), { type: `pulumi-nodejs:dynamic/bigdata/${type}` }],
        additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), ...secrets],
      });
    }

    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions) {
      return new PluginResource(name, undefined, { ...opts, id });
    }
  }
  return PluginResource as unknown as PluginClass<Args, Outputs>;
}

/** The plugin with a configuration of its own; its arguments are the keys of `bigdata:…`. */
export class Provider extends pulumi.ProviderResource {
  constructor(
    name: string,
    args: Record<string, pulumi.Input<string> | undefined> & {
      profiles?: never;
    } = {},
    opts?: pulumi.ResourceOptions,
  ) {
    super("bigdata", name, args, { version, ...opts });
  }
}

export namespace tencent {
  export const EmrNodePool = pluginClass<EmrNodePoolArgs, EmrNodePoolOutputs>(
    "tencent:EmrNodePool",
    emrNodePoolOutputs,
    ["preExecutedFileSettings", "podParameter"],
  );
  export type EmrNodePool = InstanceType<typeof EmrNodePool>;
  export const EmrServiceState = pluginClass<EmrServiceStateArgs, EmrServiceStateOutputs>(
    "tencent:EmrServiceState",
    emrServiceStateOutputs,
  );
  export type EmrServiceState = InstanceType<typeof EmrServiceState>;
  export const DlcEngineImage = pluginClass<DlcEngineImageArgs, DlcEngineImageOutputs>(
    "tencent:DlcEngineImage",
    dlcEngineImageOutputs,
  );
  export type DlcEngineImage = InstanceType<typeof DlcEngineImage>;
}

export namespace huawei {
  export const DdmNodeGroup = pluginClass<DdmNodeGroupArgs, DdmNodeGroupOutputs>(
    "huawei:DdmNodeGroup",
    ddmNodeGroupOutputs,
  );
  export type DdmNodeGroup = InstanceType<typeof DdmNodeGroup>;
}

export namespace volcengine {
  export const EmrApplicationState = pluginClass<EmrApplicationStateArgs, EmrApplicationStateOutputs>(
    "volcengine:EmrApplicationState",
    emrApplicationStateOutputs,
    ["applicationConfigs", "observedConfigs", "pendingAction"],
  );
  export type EmrApplicationState = InstanceType<typeof EmrApplicationState>;
}
