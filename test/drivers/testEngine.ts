// Drives a stack through the test engine of this repository.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type EngineOptions,
  type ImportSpec,
  type Program,
  packageSchema,
  runOperation,
} from "../engine/engine";
import { readProject } from "../engine/project";
import type { ProviderStarted } from "../engine/providerProcess";
import { SecretsKey } from "../engine/secrets";
import { StackFile } from "../engine/stackFile";
import type { OperationKind, StackConfig, UpdateOptions } from "../engine/types";
import type { StackDriver } from "./driver";

export interface TestEngineOptions {
  /** Holds the program (Pulumi.yaml), resolves the SDK, and is the provider's working directory. */
  programDirectory: string;
  /** `{ kind: "node" }` unless given; or a list of resources that needs no Node program. */
  program?: Program;
  /** From Pulumi.yaml unless given. */
  project?: string;
  stack?: string;
  organization?: string;
  /** A temporary file unless given; a given one outlives `dispose`. */
  stateFile?: string;
  passphrase?: string;
  /** Environment of the program and of the provider. */
  env?: Record<string, string>;
  /** Environment of the provider only. */
  pluginEnv?: Record<string, string>;
  parallel?: number;
  /** False: GetDeploymentInfo is UNIMPLEMENTED and the SDK asks feature by feature. */
  deploymentInfo?: boolean;
  /** False: providers get no Handshake and are negotiated with in Configure, as by older engines. */
  handshake?: boolean;
  onProviderStart?: (started: ProviderStarted) => void;
}

export interface TestEngineDriver extends StackDriver {
  readonly engine: "test engine";
  readonly stateFile: string;
  /** What the next operations run: for list programs that change between runs. */
  setProgram(program: Program): void;
  /** Kills the engine under the operation in progress: its children die, nothing more is saved. */
  crash(): void;
}

export function createTestEngineDriver(options: TestEngineOptions): TestEngineDriver {
  const project = readProject(options.programDirectory, options.project);
  const temporary = options.stateFile === undefined ? mkdtempSync(join(tmpdir(), "test-engine-")) : undefined;
  const stateFile = options.stateFile ?? join(temporary ?? "", "stack.json");
  const engine: EngineOptions = {
    project,
    stack: options.stack ?? "test",
    organization: options.organization ?? "organization",
    parallel: options.parallel ?? 8,
    file: new StackFile(stateFile, new SecretsKey(options.passphrase ?? "test")),
    program: options.program ?? { kind: "node" },
    env: options.env ?? {},
    pluginEnv: options.pluginEnv ?? {},
    deploymentInfo: options.deploymentInfo ?? true,
    handshake: options.handshake ?? true,
    ...(options.onProviderStart && { onProviderStart: options.onProviderStart }),
  };
  const config: StackConfig = {};
  const qualified = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  let crash = new AbortController();

  const run = async (kind: OperationKind, updateOptions: UpdateOptions = {}, importSpec?: ImportSpec) => {
    crash = new AbortController();
    return runOperation(engine, {
      kind,
      config: { ...config },
      options: updateOptions,
      crash: crash.signal,
      ...(importSpec && { importSpec }),
    });
  };

  return {
    engine: "test engine",
    stateFile,
    setConfig: async (key, value, { secret = false } = {}) => {
      config[qualified(key)] = { value, secret };
    },
    setAllConfig: async (entries) => {
      for (const { key, value, secret } of entries) config[qualified(key)] = { value, secret };
    },
    preview: (updateOptions) => run("preview", updateOptions),
    up: (updateOptions) => run("up", updateOptions),
    refresh: (updateOptions) => run("refresh", updateOptions),
    destroy: (updateOptions) => run("destroy", updateOptions),
    importResource: (spec, updateOptions) => run("import", updateOptions, spec),
    schema: (packageName) => packageSchema(engine, packageName),
    exportState: async () => engine.file.export(),
    importState: async (deployment) => engine.file.import(deployment),
    dispose: async () => {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    },
    setProgram: (program) => {
      engine.program = program;
    },
    crash: () => crash.abort(),
  };
}
