import * as pulumi from "@pulumi/pulumi";
import { dynamicShell, properties } from "./dynamic";
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

export * from "./tencentFunctions";
export type * from "./tencentTypes";

export interface EmrNodePool extends EmrNodePoolOutputs {}

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
  constructor(name: string, args: EmrNodePoolArgs, opts: pulumi.CustomResourceOptions = {}) {
    if (opts.deleteBeforeReplace === false) {
      throw new pulumi.ResourceError(
        `EmrNodePool ${name}: deleteBeforeReplace cannot be false: the old pool and the new one would own the same nodes. Make a second pool beside it instead.`,
        undefined,
      );
    }
    const secrets = {
      ...(args.preExecutedFileSettings && {
        preExecutedFileSettings: pulumi.secret(args.preExecutedFileSettings),
      }),
      ...(args.podParameter && { podParameter: pulumi.secret(args.podParameter) }),
    };
    super(
      emrNodePoolShell,
      name,
      properties(emrNodePoolOutputs, args, { ...secrets, ...poolIds(name, args) }),
      { ...opts, deleteBeforeReplace: true },
      "bigdata/tencent",
      "EmrNodePool",
    );
  }
}

export interface DlcEngineImage extends DlcEngineImageOutputs {}

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
  constructor(name: string, args: DlcEngineImageArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      dlcEngineImageShell,
      name,
      properties(dlcEngineImageOutputs, args),
      { deleteBeforeReplace: true, ...opts },
      "bigdata/tencent",
      "DlcEngineImage",
    );
  }
}

export interface EmrServiceState extends EmrServiceStateOutputs {}

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
  constructor(name: string, args: EmrServiceStateArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      emrServiceStateShell,
      name,
      properties(emrServiceStateOutputs, args),
      { deleteBeforeReplace: true, ...opts },
      "bigdata/tencent",
      "EmrServiceState",
    );
  }
}

// The pools of each stack that this process deploys; a stack is one run of a program.
const claims = new WeakMap<object, Map<string, string>>();

/** The pool's id where the program gives one, else a proposal; refused where another pool of the program has it too. */
function poolIds(name: string, { clusterId, poolId }: EmrNodePoolArgs): pulumi.Inputs {
  const proposal = `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
  const stack = pulumi.runtime.getStackResource();
  const taken = stack ? (claims.get(stack) ?? new Map<string, string>()) : new Map<string, string>();
  if (stack) claims.set(stack, taken);
  const claim = (cluster: string, pool: string) => {
    const key = JSON.stringify([cluster, pool]);
    const owner = taken.get(key);
    if (owner !== undefined) {
      throw new Error(
        `EmrNodePool ${name}: poolId ${pool} is already that of pool ${owner} on ${cluster}, and the two would take each other's nodes: give each a poolId of its own.`,
      );
    }
    taken.set(key, name);
    return pool;
  };
  const id = poolId ?? proposal;
  const claimed =
    typeof clusterId === "string" && typeof id === "string"
      ? claim(clusterId, id)
      : pulumi.all([clusterId, id]).apply(([cluster, pool]) => claim(cluster, pool));
  return poolId === undefined ? { defaultPoolId: claimed } : { poolId: claimed };
}
