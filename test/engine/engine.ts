// The test engine: an honest stand-in for the Pulumi CLI's engine, which cannot be had everywhere the tests
// run. The program's language runtime, the dynamic provider's process and the protocol between them are real.
import { runDeletes } from "./deletes";
import { Cancelled, Deployment } from "./deployment";
import { makeDigest } from "./digest";
import { type ImportSpec, importResource } from "./importResource";
import { Monitor } from "./monitor";
import { type RunningProgram, startProgram } from "./program";
import type { Project } from "./project";
import type { ProviderStarted } from "./providerProcess";
import { Providers } from "./providers";
import { refreshAll } from "./refresh";
import { type ResourceList, runResourceList } from "./resourceList";
import { readSchema } from "./schema";
import { Snapshot } from "./snapshot";
import type { StackFile } from "./stackFile";
import type { Message, OperationKind, StackConfig, UpdateOptions, UpdateResult } from "./types";
import { blindSecrets, type Properties, unwrapSecrets } from "./values";

const programGraceMilliseconds = 10_000;

export type Program = { kind: "node" } | ResourceList;

export interface EngineOptions {
  project: Project;
  stack: string;
  organization: string;
  parallel: number;
  file: StackFile;
  program: Program;
  env: Record<string, string>;
  pluginEnv: Record<string, string>;
  deploymentInfo: boolean;
  handshake: boolean;
  onProviderStart?: (started: ProviderStarted) => void;
}

export type { ImportSpec };

export interface Operation {
  kind: OperationKind;
  config: StackConfig;
  options: UpdateOptions;
  importSpec?: ImportSpec;
  /** The engine dies when this fires: nothing is saved any more, children are killed. */
  crash: AbortSignal;
}

export async function runOperation(engine: EngineOptions, operation: Operation): Promise<UpdateResult> {
  const started = performance.now();
  const run = await OperationRun.start(engine, operation);
  try {
    await run.carryOut();
  } catch (error) {
    run.deployment.fail(error);
  }
  await run.finish();
  return run.result(performance.now() - started);
}

/** The schema of a package, from its provider. */
export async function packageSchema(engine: EngineOptions, packageName: string): Promise<unknown> {
  const crash = new AbortController().signal;
  const run = await OperationRun.start(engine, { kind: "preview", config: {}, options: {}, crash });
  try {
    return await readSchema(run.providers, packageName);
  } finally {
    await run.finish();
  }
}

class OperationRun {
  private program: RunningProgram | undefined;
  private deletes: Promise<void> | undefined;

  private constructor(
    private readonly engine: EngineOptions,
    private readonly operation: Operation,
    readonly deployment: Deployment,
    readonly providers: Providers,
    private readonly monitor: { current?: Monitor },
  ) {}

  static async start(engine: EngineOptions, operation: Operation): Promise<OperationRun> {
    const { kind, config, options } = operation;
    const snapshot = new Snapshot(engine.file.load(), (state) => {
      if (kind !== "preview") engine.file.save(state);
    });
    const monitor: { current?: Monitor } = {};
    const onMessage = (message: Message) => options.onMessage?.(message);
    const providers: Providers = new Providers({
      project: engine.project,
      config,
      engineAddress: () => monitor.current?.address ?? "",
      env: { ...engine.env, ...engine.pluginEnv, ...options.env },
      preview: kind === "preview",
      handshake: engine.handshake,
      onMessage: (message) => deployment.log(message),
      ...(engine.onProviderStart && { onProviderStart: engine.onProviderStart }),
    });
    const deployment: Deployment = new Deployment({
      kind,
      project: engine.project.name,
      stack: engine.stack,
      organization: engine.organization,
      config,
      parallel: engine.parallel,
      snapshot,
      providers,
      target: options.target ?? [],
      replace: options.replace ?? [],
      debug: options.debug ?? false,
      onMessage,
    });
    const run = new OperationRun(engine, operation, deployment, providers, monitor);
    monitor.current = await Monitor.start(deployment, {
      deploymentInfo: engine.deploymentInfo,
      onProgramDone: () => run.deleteOnce(),
    });
    return run;
  }

  async carryOut(): Promise<void> {
    const { kind, options, crash } = this.operation;
    const onAbort = () => {
      this.deployment.fail(new Error(`${kind} was cancelled`));
      void this.providers.cancel();
    };
    const onCrash = () => this.die();
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    crash.addEventListener("abort", onCrash, { once: true });
    try {
      this.deployment.throwIfStopped();
      this.warnOfPendingOperations();
      if (kind === "refresh" && options.clearPendingCreates)
        this.deployment.snapshot.clearPendingOperations();
      if (kind === "refresh" || options.refresh) await refreshAll(this.deployment, kind === "refresh");
      if (this.deployment.failed) throw new Cancelled();
      if (kind === "up" || kind === "preview") await this.runProgram();
      if (kind === "up" || kind === "preview" || kind === "destroy") await this.deleteOnce();
      if (kind === "import") await this.importOne();
    } finally {
      options.signal?.removeEventListener("abort", onAbort);
      crash.removeEventListener("abort", onCrash);
      await this.deployment.settle();
    }
  }

  async finish(): Promise<void> {
    this.saveStackOutputs();
    if (!this.operation.crash.aborted) await this.providers.stop();
    this.monitor.current?.stop();
  }

  result(milliseconds: number): UpdateResult {
    const { steps, messages, changeSummary, error } = this.deployment;
    const { kind, config, options } = this.operation;
    // A preview has no outputs to show: the CLI's has none either.
    const outputs = kind === "preview" ? {} : this.currentOutputs();
    return {
      ok: !this.deployment.failed,
      steps,
      changeSummary,
      outputs: options.showSecrets ? unwrapSecrets(outputs) : blindSecrets(outputs),
      messages,
      ...(error !== undefined && { error }),
      ...(kind === "preview" && {
        digest: makeDigest({ config, steps, messages, changeSummary, milliseconds }),
      }),
    };
  }

  /** Deletes run once, after the program has ended well and no step has failed. */
  private deleteOnce(): Promise<void> {
    this.deletes ??= (async () => {
      if (this.deployment.failed) throw new Cancelled();
      try {
        await runDeletes(this.deployment);
      } catch (error) {
        this.deployment.fail(error);
      }
      if (this.deployment.failed) throw new Cancelled();
    })();
    return this.deletes;
  }

  private async runProgram(): Promise<void> {
    const { program } = this.engine;
    if (program.kind === "resources") await runResourceList(this.deployment, program);
    else await this.runNodeProgram();
  }

  private async runNodeProgram(): Promise<void> {
    const { project, stack, organization, parallel, env } = this.engine;
    const { config, options } = this.operation;
    this.program = startProgram({
      project,
      stack,
      organization,
      parallel,
      config,
      engineAddress: this.monitor.current?.address ?? "",
      preview: this.deployment.preview,
      env: { ...env, ...options.env },
      onMessage: (message) => this.deployment.log(message),
    });
    const { exited, kill } = this.program;
    // A failed operation shuts the monitor; the SDK then ends by itself, with 0.
    const giveUp = this.deployment.cancelled.catch(async () => {
      await this.deployment.settle();
      const timer = setTimeout(kill, programGraceMilliseconds);
      exited.finally(() => clearTimeout(timer)).catch(() => {});
    });
    giveUp.catch(() => {});
    const code = await exited;
    this.deployment.throwIfStopped();
    if (code === 0) return;
    // 32: the program has already told people what went wrong.
    const told = this.deployment.messages.filter((message) => message.severity === "error");
    if (code === 32 && told.length > 0) {
      this.deployment.failSilently(told.map(({ message }) => message).join("\n"));
    } else {
      this.deployment.fail(new Error(`the program failed with a non-zero exit code: ${code}`));
    }
    throw new Cancelled();
  }

  private async importOne(): Promise<void> {
    const { importSpec } = this.operation;
    if (!importSpec) throw new Error("an import needs to be told what to import");
    await importResource(this.deployment, importSpec);
  }

  private warnOfPendingOperations(): void {
    const pending = this.deployment.snapshot.pendingOperations;
    if (pending.length === 0) return;
    const list = pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`);
    this.deployment.log({
      severity: "warning",
      message: [
        `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.`,
        ...list,
        "These resources are in an unknown state because an earlier run was interrupted while waiting for changes to complete.",
      ].join("\n"),
    });
  }

  private currentOutputs(): Properties {
    const stack = this.deployment.snapshot.resources.find(({ urn }) => urn === this.deployment.stackUrn);
    return stack?.outputs ?? {};
  }

  /** Held back to the end: a failed run adds to the outputs that are there, a good one replaces them. */
  private saveStackOutputs(): void {
    const { snapshot, stackUrn, stackOutputs, failed } = this.deployment;
    const stack = snapshot.findDone(stackUrn);
    if (!stack || !stackOutputs) return;
    stack.outputs = failed ? { ...stack.outputs, ...stackOutputs } : stackOutputs;
    snapshot.write();
  }

  private die(): void {
    this.deployment.snapshot.freeze();
    this.program?.kill();
    this.providers.kill();
    this.deployment.fail(new Error("the engine was killed"));
  }
}
