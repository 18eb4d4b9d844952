// How a scenario drives a stack, whatever runs the deployment, and the words for it: state as `pulumi stack export` writes
// it, steps and messages as the Pulumi CLI names them.
import type { DiffKind, OpType } from "@pulumi/pulumi/automation";
import type { Properties } from "../engine/values";

interface CustomTimeouts {
  create?: number;
  update?: number;
  delete?: number;
  read?: number;
}

/** A resource in deployment state, version 3. */
export interface ResourceV3 {
  urn: string;
  custom: boolean;
  type: string;
  id?: string;
  inputs?: Properties;
  outputs?: Properties;
  parent?: string;
  dependencies?: string[];
  initErrors?: string[];
  provider?: string;
  /** It has been deleted and is still to be made anew. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  customTimeouts?: CustomTimeouts;
  ignoreChanges?: string[];
}

/** What `pulumi stack export` prints. */
export interface DeploymentV3 {
  version: number;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    resources?: ResourceV3[];
  };
}

export type DetailedDiff = Record<string, { kind: `${DiffKind}`; inputDiff: boolean }>;

export interface Step {
  op: OpType;
  urn: string;
  name: string;
  type: string;
  provider?: string;
  diffReasons?: string[];
  replaceReasons?: string[];
  oldState?: ResourceV3;
  newState?: ResourceV3;
  detailedDiff: DetailedDiff | null;
  /** The step was tried and failed. */
  failed?: boolean;
}

export interface Message {
  severity: "debug" | "info" | "info#err" | "warning" | "error";
  message: string;
  urn?: string;
  ephemeral?: boolean;
}

/** The object that `pulumi preview --json` prints. */
export interface PreviewDigest {
  config?: Record<string, string>;
  steps?: Omit<Step, "name" | "type" | "failed">[];
  diagnostics?: Message[];
}

export interface UpdateOptions {
  /** Refresh first, as `--refresh` does. */
  refresh?: boolean;
  onMessage?: (message: Message) => void;
  /** The first Ctrl-C: providers get Cancel, steps under way may finish. */
  signal?: AbortSignal;
}

export interface UpdateResult {
  ok: boolean;
  steps: Step[];
  outputs: Record<string, unknown>;
  messages: Message[];
  error?: string;
  digest?: PreviewDigest;
}

/** A stack's configuration, by full key (`namespace:name`). */
export type StackConfig = Record<string, { value: string; secret: boolean }>;

interface ImportSpec {
  type: string;
  name: string;
  id: string;
}

export interface StackDriver {
  /** What runs the deployment, shown to people. */
  readonly engine: "test engine" | "pulumi";
  /** A key like `bigdata:tencentRegion`; a plain key gets the project's namespace. */
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** Many at once. */
  setAllConfig(config: { key: string; value: string; secret: boolean }[]): Promise<void>;
  preview(options?: UpdateOptions): Promise<UpdateResult>;
  up(options?: UpdateOptions): Promise<UpdateResult>;
  refresh(options?: UpdateOptions): Promise<UpdateResult>;
  destroy(options?: UpdateOptions): Promise<UpdateResult>;
  importResource(spec: ImportSpec, options?: UpdateOptions): Promise<UpdateResult>;
  exportState(options?: { showSecrets?: boolean }): Promise<DeploymentV3>;
  importState(deployment: DeploymentV3): Promise<void>;
  dispose(): Promise<void>;
}
