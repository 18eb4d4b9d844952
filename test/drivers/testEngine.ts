// Drives a stack through the test engine of this repository.

import { Cancelled, Deployment, type DeploymentOptions } from "../engine/deployment";
import { startMonitor } from "../engine/monitor";
import { projectName, providerScript, runProgram } from "../engine/program";
import { Provider } from "../engine/provider";
import {
  type ProviderCommand,
  type ProviderStarted,
  type RunningProvider,
  startProcess,
} from "../engine/providerProcess";
import { type ListedResource, registerList } from "../engine/resourceList";
import { StackState } from "../engine/state";
import { blindSecrets, type Properties } from "../engine/values";
import type {
  Message,
  PreviewDigest,
  StackConfig,
  StackDriver,
  Step,
  UpdateOptions,
  UpdateResult,
} from "./driver";
import { stackType } from "./urn";

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
  const { startProvider: start = startProcess, project = projectName(programDirectory) } = options;
  const config: StackConfig = {};
  const qualified = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
  let { resources } = options;
  let state = StackState.import();
  let outputs: Properties = {};

  const run = async (
    kind: DeploymentOptions["kind"],
    { signal, refresh, onMessage = () => {} }: UpdateOptions = {},
    act?: (deployment: Deployment) => Promise<unknown>,
  ): Promise<UpdateResult> => {
    const started: Promise<Provider>[] = [];
    const startProvider = (packageName: string) => {
      const isDynamic = packageName === "pulumi-nodejs";
      const command = {
        package: packageName,
        script: providerScript(programDirectory, packageName),
        engineAddress: monitor.address,
        cwd: programDirectory,
        env: { PULUMI_PROJECT: project, PULUMI_STACK: stack, ...env },
        onLine: (message: string, stream: "stdout" | "stderr") => {
          const severity: Message["severity"] = stream === "stdout" ? "info" : "info#err";
          if (isDynamic) deployment.log({ severity, message });
        },
        onStart: onProviderStart,
      };
      const provider = start(command).then(async (running) => {
        const ready = new Provider(running, kind === "preview", isDynamic);
        await ready.handshake(monitor.address, programDirectory);
        return ready;
      });
      started.push(provider);
      return provider;
    };
    const own = kind === "preview" ? state.copy() : state;
    const deployment = new Deployment({
      ...{ kind, project, stack, config, state: own, startProvider, onMessage },
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
          const directory = programDirectory;
          await runProgram(deployment, { directory, project, stack, config, engineAddress, env });
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
    const { error, steps, messages } = deployment;
    return {
      ok: error === undefined,
      steps,
      messages,
      outputs: kind === "preview" ? {} : blindSecrets(outputs),
      ...(error !== undefined && { error }),
      ...(kind === "preview" && { digest: digestOf(config, steps, messages) }),
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
      run("import", updateOptions, (deployment) => deployment.import(type, name, id)),
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

/** The object of `pulumi preview --json`: unchanged resources are left out, except the stack, and parts of a replacement. */
function digestOf(config: StackConfig, steps: Step[], messages: Message[]): PreviewDigest {
  const isPart = ({ op }: Step) => op === "create-replacement" || op === "delete-replaced";
  const shown = Object.entries(config).map(([key, { value, secret }]) => [key, secret ? "[secret]" : value]);
  return {
    config: Object.fromEntries(shown),
    steps: steps.filter(
      (step) => !step.failed && !isPart(step) && (step.op !== "same" || step.type === stackType),
    ),
    diagnostics: messages.filter(({ ephemeral }) => !ephemeral),
  };
}
