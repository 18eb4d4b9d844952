import * as pulumi from "@pulumi/pulumi";
import {
  type DynamicOptions,
  dynamicOptions,
  dynamicProperties,
  dynamicShell,
  type OutputsOf,
} from "./dynamic";
import type * as plugin from "./plugin/tencent";

export type { DlcEngineImageArgs, EmrNodePoolArgs, EmrServiceStateArgs } from "./plugin/tencent";
export * from "./plugin/types/enums/tencent";
export * from "./tencentFunctions";

export interface EmrNodePool extends OutputsOf<plugin.EmrNodePool> {}

const emrNodePoolShell = dynamicShell("tencent:EmrNodePool");

/**
 * Nodes of one role of a Tencent Cloud EMR cluster, bought and removed so that there are always `count` of them.
 * What it owns, what it never touches, and which changes replace: `docs/tencent.EmrNodePool.md`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface
export class EmrNodePool extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource; part of the default `poolId`.
   * @param args What the pool shall be.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always on: old and new nodes would carry the same tag.
   */
  constructor(name: string, args: plugin.EmrNodePoolArgs, opts: DynamicOptions = {}) {
    if (opts.deleteBeforeReplace === false) {
      throw new pulumi.ResourceError(
        `EmrNodePool ${name}: deleteBeforeReplace cannot be false: the old pool and the new one would own the same nodes. Make a second pool beside it instead.`,
        undefined,
        true,
      );
    }
    const secrets = {
      ...(args.preExecutedFileSettings && {
        preExecutedFileSettings: pulumi.secret(args.preExecutedFileSettings),
      }),
      ...(args.podParameter && { podParameter: pulumi.secret(args.podParameter) }),
    };
    const proposal = `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    const proposals = args.poolId === undefined ? { defaultPoolId: proposal } : {};
    super(
      emrNodePoolShell,
      name,
      dynamicProperties("tencent:EmrNodePool", name, opts, args, {
        ...secrets,
        ...proposals,
      }),
      dynamicOptions("tencent:EmrNodePool", name, opts, { deleteBeforeReplace: true }),
      "bigdata/tencent",
      "EmrNodePool",
    );
  }
}

export interface DlcEngineImage extends OutputsOf<plugin.DlcEngineImage> {}

const dlcEngineImageShell = dynamicShell("tencent:DlcEngineImage");

/**
 * The image version that a Tencent Cloud DLC engine runs: `docs/tencent.DlcEngineImage.md`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface
export class DlcEngineImage extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Which engine, and which version.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.DlcEngineImageArgs, opts?: DynamicOptions) {
    super(
      dlcEngineImageShell,
      name,
      dynamicProperties("tencent:DlcEngineImage", name, opts, args),
      dynamicOptions("tencent:DlcEngineImage", name, { deleteBeforeReplace: true, ...opts }),
      "bigdata/tencent",
      "DlcEngineImage",
    );
  }
}

export interface EmrServiceState extends OutputsOf<plugin.EmrServiceState> {}

const emrServiceStateShell = dynamicShell("tencent:EmrServiceState");

/**
 * Whether the processes of a service of a Tencent Cloud EMR cluster run: `docs/tencent.EmrServiceState.md`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface
export class EmrServiceState extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Which processes, and what they shall be.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.EmrServiceStateArgs, opts?: DynamicOptions) {
    super(
      emrServiceStateShell,
      name,
      dynamicProperties("tencent:EmrServiceState", name, opts, args),
      dynamicOptions("tencent:EmrServiceState", name, { deleteBeforeReplace: true, ...opts }),
      "bigdata/tencent",
      "EmrServiceState",
    );
  }
}
