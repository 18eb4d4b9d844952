// The words that the engine, the drivers and the tests share: state as `pulumi stack export` writes it,
// steps and messages as the Pulumi CLI names them.
import type { Properties } from "./values";

export type OperationKind = "preview" | "up" | "refresh" | "destroy" | "import";

export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "refresh"
  | "import"
  | "remove-pending-replace";

export interface CustomTimeouts {
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
  delete?: boolean;
  id?: string;
  inputs?: Properties;
  outputs?: Properties;
  parent?: string;
  protect?: boolean;
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  customTimeouts?: CustomTimeouts;
  importID?: string;
  retainOnDelete?: boolean;
  deletedWith?: string;
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
}

export type PendingOperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

export interface PendingOperation {
  resource: ResourceV3;
  type: PendingOperationType;
}

/** What `pulumi stack export` prints. */
export interface DeploymentV3 {
  version: number;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state?: unknown };
    resources?: ResourceV3[];
    pending_operations?: PendingOperation[];
    metadata?: Record<string, unknown>;
  };
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
export type DetailedDiff = Record<string, { kind: DiffKind; inputDiff: boolean }>;

export interface Step {
  op: Op;
  urn: string;
  name: string;
  type: string;
  provider?: string;
  diffReasons?: string[];
  replaceReasons?: string[];
  oldState?: ResourceV3;
  newState?: ResourceV3;
  detailedDiff?: DetailedDiff | null;
  /** The step was tried and failed. */
  failed?: boolean;
}

export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

export interface Message {
  severity: Severity;
  message: string;
  urn?: string;
  /** Messages of one stream belong together. */
  streamId?: number;
  ephemeral?: boolean;
}

export interface DigestStep {
  op: Op;
  urn: string;
  provider?: string;
  oldState?: ResourceV3;
  newState?: ResourceV3;
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff: DetailedDiff | null;
}

/** The object that `pulumi preview --json` prints. */
export interface PreviewDigest {
  config?: Record<string, string>;
  steps?: DigestStep[];
  diagnostics?: { urn?: string; prefix?: string; message: string; severity: Severity }[];
  duration?: number;
  changeSummary?: Record<string, number>;
  maybeCorrupt?: boolean;
}

export interface UpdateOptions {
  /** Refresh first, as `--refresh` does. */
  refresh?: boolean;
  onMessage?: (message: Message) => void;
  /** URNs, `*` for any text. */
  target?: string[];
  /** URNs to replace whatever their diff says. */
  replace?: string[];
  /** The first Ctrl-C: providers get Cancel, steps under way may finish. */
  signal?: AbortSignal;
  /** Extra environment of the program and of the provider. */
  env?: Record<string, string>;
  /** Stack outputs in plain text. */
  showSecrets?: boolean;
  /** Keep messages of severity `debug`, which the SDK writes by the dozen. */
  debug?: boolean;
  /** On refresh: forget pending `creating` operations, as `--clear-pending-creates` does. */
  clearPendingCreates?: boolean;
}

export interface UpdateResult {
  ok: boolean;
  steps: Step[];
  changeSummary: Record<string, number>;
  outputs: Record<string, unknown>;
  messages: Message[];
  error?: string;
  digest?: PreviewDigest;
}

/** A stack's configuration, by full key (`namespace:name`). */
export type StackConfig = Record<string, { value: string; secret: boolean }>;
