// The provider processes of one operation: one a package and configuration, started on first use.
import { childEnvironment } from "./children";
import { type Project, resolveFromProgram } from "./project";
import { Provider } from "./provider";
import { type ProviderCommand, ProviderProcess, type ProviderStarted } from "./providerProcess";
import type { Message, StackConfig } from "./types";
import type { Properties } from "./values";

export const dynamicPackage = "pulumi-nodejs";

export interface ProvidersOptions {
  project: Project;
  config: StackConfig;
  engineAddress: () => string;
  env: Record<string, string>;
  onMessage: (message: Message) => void;
  onProviderStart?: (started: ProviderStarted) => void;
}

export class Providers {
  private readonly running = new Map<string, Promise<Provider>>();

  constructor(private readonly options: ProvidersOptions) {}

  get(packageName: string, reference: string, inputs: Properties): Promise<Provider> {
    const key = JSON.stringify([packageName, inputs]);
    let provider = this.running.get(key);
    if (!provider) {
      provider = this.start(packageName, reference, inputs);
      this.running.set(key, provider);
    }
    return provider;
  }

  async cancel(): Promise<void> {
    await Promise.all((await this.started()).map((provider) => provider.process.cancel()));
  }

  async stop(): Promise<void> {
    await Promise.all((await this.started()).map((provider) => provider.process.stop()));
  }

  /** As when the whole process group is killed. */
  kill(): void {
    for (const provider of this.running.values()) {
      provider.then(
        ({ process: child }) => child.kill(),
        () => {},
      );
    }
  }

  private async started(): Promise<Provider[]> {
    const settled = await Promise.allSettled(this.running.values());
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  private async start(packageName: string, reference: string, inputs: Properties): Promise<Provider> {
    const { onMessage, onProviderStart } = this.options;
    const output = {
      stdout: (message: string) => onMessage({ severity: "info", message }),
      stderr: (message: string) => onMessage({ severity: "info#err", message }),
    };
    const command = this.command(packageName);
    const started = await ProviderProcess.start(packageName, command, output, onProviderStart);
    const provider = new Provider(started, reference);
    try {
      // The dynamic provider answers Handshake, CheckConfig and DiffConfig with UNIMPLEMENTED, which the real
      // engine takes as "nothing to say"; they are not called here.
      await provider.configure(inputs, packageName);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return provider;
  }

  // A plugin with a process of its own would be started from here.
  private command(packageName: string): ProviderCommand {
    if (packageName !== dynamicPackage) {
      throw new Error(
        `there is no provider for package ${packageName}: the test engine starts the dynamic provider (${dynamicPackage}) only`,
      );
    }
    const { project, engineAddress, env } = this.options;
    return {
      command: process.execPath,
      args: [resolveFromProgram(project.directory, "@pulumi/pulumi/cmd/dynamic-provider"), engineAddress()],
      cwd: project.directory,
      env: { ...childEnvironment("provider"), ...this.runtimeEnvironment(), ...env },
    };
  }

  private runtimeEnvironment(): Record<string, string> {
    const { project, config } = this.options;
    const options = Object.entries(project.runtimeOptions).map(([key, value]) => [
      `PULUMI_RUNTIME_${key.toUpperCase()}`,
      String(value),
    ]);
    const plain = Object.entries(config).map(([key, entry]) => [key, entry.value]);
    return {
      ...Object.fromEntries(options),
      PULUMI_PROJECT: project.name,
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(plain)),
    };
  }
}
