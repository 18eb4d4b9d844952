// Drives a stack through the real Pulumi CLI and its Automation API, on a file backend of its own.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type EngineEvent, LocalWorkspace, type OutputMap } from "@pulumi/pulumi/automation";
import { CliEvents } from "./cliEvents";
import type { DeploymentV3, PreviewDigest, StackDriver, UpdateOptions, UpdateResult } from "./driver";
import { parseUrn } from "./urn";

export interface PulumiCliOptions {
  programDirectory: string;
  stack?: string;
  env?: Record<string, string>;
}

type AutomationOptions = { onEvent: (event: EngineEvent) => void; color: "never" };

export async function createPulumiCliDriver(options: PulumiCliOptions): Promise<StackDriver> {
  const stackName = options.stack ?? "test";
  const workDir = resolve(options.programDirectory);
  const backend = mkdtempSync(join(tmpdir(), "pulumi-backend-"));
  const settings = join(workDir, `Pulumi.${stackName}.yaml`);
  const keepSettings = existsSync(settings);
  const envVars = {
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...options.env,
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir }, { envVars });
  const project = await stack.workspace.projectSettings();

  const qualified = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  const run = async (
    updateOptions: UpdateOptions,
    operate: (automation: AutomationOptions) => Promise<unknown>,
  ): Promise<UpdateResult> => {
    const events = new CliEvents((message) => updateOptions.onMessage?.(message));
    let failure: Error | undefined;
    try {
      await operate({ onEvent: (event) => events.read(event), color: "never" });
    } catch (error) {
      failure = error as Error;
    }
    const { steps, messages } = events;
    return {
      ok: failure === undefined,
      steps,
      messages,
      outputs: shownOutputs(await stack.outputs()),
      ...(failure && { error: errorText(messages, failure) }),
    };
  };

  return {
    engine: "pulumi",
    setConfig: async (key, value, { secret = false } = {}) => {
      await stack.setConfig(qualified(key), { value, secret });
    },
    setAllConfig: (config) =>
      stack.setAllConfig(Object.fromEntries(config.map(({ key, ...value }) => [qualified(key), value]))),
    preview: (updateOptions = {}) =>
      preview(["--cwd", workDir, "--stack", stackName], { ...process.env, ...envVars }, updateOptions),
    up: (updateOptions = {}) =>
      run(updateOptions, (automation) => stack.up({ ...automation, ...given(updateOptions) })),
    refresh: (updateOptions = {}) =>
      run(updateOptions, (automation) => stack.refresh({ ...automation, ...given(updateOptions) })),
    destroy: (updateOptions = {}) =>
      run(updateOptions, (automation) => stack.destroy({ ...automation, ...given(updateOptions) })),
    importResource: (resource, updateOptions = {}) =>
      run(updateOptions, () => stack.import({ resources: [resource], generateCode: false })),
    exportState: async ({ showSecrets = false } = {}) => {
      // The Automation API shows secrets in its export; people's is without.
      const args = ["stack", "export", "--cwd", workDir, "--stack", stackName];
      if (showSecrets) args.push("--show-secrets");
      const { stdout, failure } = await runCli(args, { ...process.env, ...envVars }, undefined);
      if (failure) throw failure;
      return JSON.parse(stdout) as DeploymentV3;
    },
    importState: (deployment) => stack.importStack(deployment),
    dispose: async () => {
      rmSync(backend, { recursive: true, force: true });
      if (!keepSettings) rmSync(settings, { force: true });
    },
  };
}

function given({ refresh, signal }: UpdateOptions) {
  return { ...(refresh !== undefined && { refresh }), ...(signal && { signal }) };
}

// The Automation API gives no digest, so the CLI is called itself. Previews by the CLI list no `same` steps.
async function preview(
  where: string[],
  env: NodeJS.ProcessEnv,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const args = [
    ...["preview", "--json", "--non-interactive", ...where],
    ...(options.refresh ? ["--refresh"] : []),
  ];
  const { stdout, failure } = await runCli(args, env, options.signal);
  let digest: PreviewDigest;
  try {
    digest = JSON.parse(stdout) as PreviewDigest;
  } catch {
    throw (
      failure ??
      new Error(`pulumi preview --json printed no JSON but ${JSON.stringify(stdout.slice(0, 200))}`)
    );
  }
  const messages = (digest.diagnostics ?? []).map(({ urn, message, severity }) => ({
    ...(urn !== undefined && { urn }),
    message,
    severity,
  }));
  for (const message of messages) options.onMessage?.(message);
  return {
    ok: failure === undefined,
    steps: (digest.steps ?? []).map((step) => {
      const { name, type } = parseUrn(step.urn);
      return { ...step, name, type };
    }),
    messages,
    outputs: {},
    digest,
    ...(failure && { error: errorText(messages, failure) }),
  };
}

function runCli(args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal | undefined) {
  return new Promise<{ stdout: string; failure?: Error }>((done) => {
    const execOptions = {
      env,
      maxBuffer: 256 * 1024 * 1024,
      ...(signal && { signal, killSignal: "SIGINT" as const }),
    };
    execFile("pulumi", args, execOptions, (error, stdout) =>
      done({ stdout, ...(error && { failure: error }) }),
    );
  });
}

function errorText(messages: { severity: string; message: string }[], failure: Error): string {
  const errors = messages.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return errors.length > 0 ? errors.join("\n") : failure.message;
}

function shownOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? "[secret]" : value]),
  );
}
