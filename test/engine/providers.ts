// The provider processes of one operation: one a provider resource.
import { childEnvironment } from "./children";
import { dynamicPackage, findPlugin } from "./plugins";
import type { Project } from "./project";
import { Provider } from "./provider";
import { type ProviderOutput, ProviderProcess, type ProviderStarted } from "./providerProcess";
import type { Message, ResourceV3, StackConfig } from "./types";
import { providerPackage } from "./urn";
import type { Properties } from "./values";

export interface ProvidersOptions {
  project: Project;
  config: StackConfig;
  engineAddress: () => string;
  env: Record<string, string>;
  preview: boolean;
  /** False: Handshake is left out, as in engines that do not know it. */
  handshake: boolean;
  onMessage: (message: Message) => void;
  onProviderStart?: (started: ProviderStarted) => void;
}

export class Providers {
  private readonly started = new Set<Promise<Provider>>();
  private readonly dynamic = new Map<string, Promise<Provider>>();
  private readonly configured = new Map<string, Promise<Provider>>();
  private cancelled = false;

  constructor(private readonly options: ProvidersOptions) {}

  /** A process that is not configured yet. All dynamic resources of one configuration share theirs. */
  start(packageName: string, inputs: Properties): Promise<Provider> {
    const key = JSON.stringify(inputs);
    const shared = packageName === dynamicPackage ? this.dynamic.get(key) : undefined;
    if (shared) return shared;
    const version = typeof inputs.version === "string" ? inputs.version : undefined;
    const provider = this.startProcess(packageName, version);
    this.started.add(provider);
    provider.catch(() => {});
    if (packageName === dynamicPackage) this.dynamic.set(key, provider);
    return provider;
  }

  /** Configures a provider and makes it known by the reference that resources have to it. */
  configure(provider: Provider, urn: string, id: string, inputs: Properties): void {
    provider.configure(urn, id, inputs);
    this.configured.set(`${urn}::${id}`, Promise.resolve(provider));
  }

  /** The provider behind a reference; one that this run has not registered is taken from the state. */
  get(reference: string, fromState: () => ResourceV3): Promise<Provider> {
    const known = this.configured.get(reference);
    if (known) return known;
    const { urn, id = "", inputs = {} } = fromState();
    const started = this.start(providerPackage(urn), inputs).then((provider) => {
      provider.configure(urn, id, inputs);
      return provider;
    });
    this.configured.set(reference, started);
    return started;
  }

  async cancel(): Promise<void> {
    this.cancelled = true;
    await this.each((provider) => provider.process.cancel());
  }

  async stop(): Promise<void> {
    await this.each((provider) => provider.process.stop());
  }

  /** As when the whole process group is killed. */
  kill(): void {
    void this.each(async (provider) => provider.process.kill());
  }

  private async each(act: (provider: Provider) => Promise<void>): Promise<void> {
    await Promise.allSettled([...this.started].map(async (provider) => act(await provider)));
  }

  private async startProcess(packageName: string, version: string | undefined): Promise<Provider> {
    const { project, engineAddress, env, handshake, onProviderStart } = this.options;
    const plugin = findPlugin(project, packageName, version);
    const command = {
      command: process.execPath,
      args: [...plugin.args, engineAddress()],
      cwd: project.directory,
      env: { ...childEnvironment("provider"), ...this.runtimeEnvironment(packageName), ...env },
    };
    const lines: string[] = [];
    const output =
      packageName === dynamicPackage ? this.shownOutput() : this.hiddenOutput(packageName, lines);
    const starting = ProviderProcess.start(packageName, command, output, onProviderStart);
    const started = await starting.catch((error: Error) => {
      throw new Error([error.message, ...lines].join("\n"));
    });
    const provider = new Provider(started, this.options.preview);
    try {
      if (handshake) await provider.handshake(engineAddress(), plugin.directory);
    } catch (error) {
      await started.stop();
      throw new Error(`failed to handshake with provider ${packageName}: ${(error as Error).message}`);
    }
    if (this.cancelled) await started.cancel();
    return provider;
  }

  // What the dynamic provider prints is for people.
  private shownOutput(): ProviderOutput {
    const { onMessage } = this.options;
    return {
      stdout: (message) => onMessage({ severity: "info", message }),
      stderr: (message) => onMessage({ severity: "info#err", message }),
    };
  }

  // What a plugin prints is not, unless it dies of itself.
  private hiddenOutput(packageName: string, lines: string[]): ProviderOutput {
    const { onMessage } = this.options;
    const keep = (message: string) => {
      lines.push(message);
      onMessage({ severity: "debug", message });
    };
    const died = () => {
      const message = [
        `Detected that pulumi-resource-${packageName} exited prematurely.`,
        "This is *always* a bug in the provider. Please report the issue to the provider author as appropriate.",
        "To assist with debugging we have dumped the STDOUT and STDERR streams of the plugin:",
        ...lines,
      ].join("\n");
      onMessage({ severity: "error", message });
    };
    return { stdout: keep, stderr: keep, died };
  }

  private runtimeEnvironment(packageName: string): Record<string, string> {
    const { project, config } = this.options;
    const options = Object.entries(project.runtimeOptions).map(([key, value]) => [
      `PULUMI_RUNTIME_${key.toUpperCase()}`,
      String(value),
    ]);
    // Of a package's own namespace, and without it.
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${packageName}:`));
    const plain = own.map(([key, entry]) => [key.slice(packageName.length + 1), entry.value]);
    return {
      ...Object.fromEntries(options),
      PULUMI_PROJECT: project.name,
      ...(packageName === dynamicPackage && { PULUMI_NODEJS_PROJECT: project.name }),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(plain)),
    };
  }
}
