// Drives a stack through the test engine of this repository.

import { Cancelled, Deployment } from "../engine/deployment";
import { digestOf } from "../engine/digest";
import { startMonitor } from "../engine/monitor";
import { providerArguments, runProgram } from "../engine/program";
import { type Project, readProject } from "../engine/project";
import { Provider } from "../engine/provider";
import {
  type ProviderCommand,
  ProviderProcess,
  type ProviderStarted,
  type RunningProvider,
} from "../engine/providerProcess";
import { type ListedResource, registerList } from "../engine/resourceList";
import { StackState } from "../engine/state";
import type { Message, OperationKind, StackConfig, UpdateOptions, UpdateResult } from "../engine/types";
import { blindSecrets, type Properties } from "../engine/values";
import type { StackDriver } from "./driver";

export interface TestEngineOptions {
  /** Holds the program (Pulumi.yaml), resolves the SDK, and is the provider's working directory. */
  programDirectory: string;
  /** Unless given, as Pulumi.yaml says. */
  project?: string;
  stack?: string;
  /** What is declared in place of a program, which is not run then. */
  resources?: readonly ListedResource[];
  /** Environment of the program and of the provider. */
  env?: Record<string, string>;
  onProviderStart?: (started: ProviderStarted) => void;
  /** How providers are started. Default: each in a process of its own. */
  startProvider?: (command: ProviderCommand) => Promise<RunningProvider>;
}

export interface TestEngineDriver extends StackDriver {
  /** What is declared from now on. */
  declare(resources: readonly ListedResource[]): void;
}

export function createTestEngineDriver(options: TestEngineOptions): TestEngineDriver {
  const { programDirectory, env = {}, onProviderStart, stack = "test" } = options;
  const { startProvider: start = ProviderProcess.start } = options;
  const project: Project =
    options.project === undefined
      ? readProject(programDirectory)
      : { name: options.project, directory: programDirectory, plugins: [] };
  const config: StackConfig = {};
  const qualified = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  let { resources } = options;
  let state = StackState.import();
  let outputs: Properties = {};

  const run = async (
    kind: OperationKind,
    { signal, refresh, onMessage = () => {} }: UpdateOptions = {},
    act?: (deployment: Deployment) => Promise<unknown>,
  ): Promise<UpdateResult> => {
    const started: Promise<Provider>[] = [];
    const startProvider = (packageName: string) => {
      const isShown = packageName === "pulumi-nodejs";
      const command = {
        package: packageName,
        args: [...providerArguments(project, packageName), monitor.address],
        cwd: project.directory,
        env: { PULUMI_PROJECT: project.name, PULUMI_STACK: stack, ...env },
        onLine: (message: string, stream: "stdout" | "stderr") => {
          const severity: Message["severity"] = stream === "stdout" ? "info" : "info#err";
          if (isShown) deployment.log({ severity, message });
        },
        onStart: onProviderStart,
      };
      const provider = start(command).then((running) =>
        Provider.start(running, monitor.address, project.directory, kind === "preview"),
      );
      started.push(provider);
      return provider;
    };
    const own = kind === "preview" ? state.copy() : state;
    const deployment = new Deployment({
      ...{ kind, project: project.name, stack, config, state: own, startProvider, onMessage },
    });
    const monitor = await startMonitor(deployment);
    const each = (does: (provider: Provider) => Promise<void>) =>
      Promise.allSettled(started.map(async (provider) => does(await provider)));
    const onAbort = () => {
      deployment.fail(new Error(`${kind} was cancelled`));
      void each((provider) => provider.cancel());
    };
    signal?.addEventListener("abort", onAbort);
    try {
      if (kind === "refresh" || refresh) await deployment.refresh();
      deployment.throwIfStopped();
      if (kind === "up" || kind === "preview") {
        if (resources) await registerList(deployment, resources);
        else {
          const engineAddress = monitor.address;
          await runProgram(deployment, { project, stack, config, engineAddress, env });
          if (kind === "up") outputs = monitor.outputs;
        }
      }
      if (act) await act(deployment);
      else if (kind !== "refresh") await deployment.deleteUndeclared();
    } catch (error) {
      if (!(error instanceof Cancelled)) deployment.fail(error);
    }
    signal?.removeEventListener("abort", onAbort);
    await each((provider) => provider.stop());
    monitor.stop();
    const { error, steps, messages, changeSummary } = deployment;
    return {
      ok: error === undefined,
      steps,
      messages,
      changeSummary,
      outputs: kind === "preview" ? {} : blindSecrets(outputs),
      ...(error !== undefined && { error }),
      ...(kind === "preview" && { digest: digestOf(config, deployment) }),
    };
  };

  return {
    engine: "test engine",
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
    importResource: ({ type, name, id }, updateOptions) =>
      run("import", updateOptions, (deployment) =>
        deployment.register({
          ...{ urn: deployment.urnOf(type, name), type, custom: true, import: id, protect: true },
        }),
      ),
    exportState: async (exportOptions) => state.export(exportOptions),
    importState: async (deployment) => {
      state = StackState.import(deployment);
    },
    dispose: async () => {},
    declare: (declared) => {
      resources = declared;
    },
  };
}
