// Drives a stack through the real Pulumi CLI and its Automation API, on a file backend of its own. It runs where
// `pulumi` is on PATH; where it is not, the same scenarios run through the test engine.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type EngineEvent, LocalWorkspace, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import { readProject } from "../engine/project";
import type { DeploymentV3, PreviewDigest, UpdateOptions, UpdateResult } from "../engine/types";
import { parseUrn } from "../engine/urn";
import { CliEvents } from "./cliEvents";
import type { StackDriver } from "./driver";

export interface PulumiCliOptions {
  programDirectory: string;
  stack?: string;
  passphrase?: string;
  env?: Record<string, string>;
  parallel?: number;
}

type AutomationOptions = { onEvent: (event: EngineEvent) => void; color: "never"; parallel?: number };

export async function createPulumiCliDriver(options: PulumiCliOptions): Promise<StackDriver> {
  const stackName = options.stack ?? "test";
  const workDir = resolve(options.programDirectory);
  const project = readProject(workDir);
  const backend = mkdtempSync(join(tmpdir(), "pulumi-backend-"));
  const settings = join(workDir, `Pulumi.${stackName}.yaml`);
  const keepSettings = existsSync(settings);
  const envVars = {
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...options.env,
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir }, { envVars });

  const qualified = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  const run = async (
    updateOptions: UpdateOptions,
    operate: (automation: AutomationOptions) => Promise<unknown>,
  ): Promise<UpdateResult> => {
    const events = new CliEvents((message) => updateOptions.onMessage?.(message));
    stack.workspace.envVars = { ...envVars, ...updateOptions.env };
    let failure: Error | undefined;
    try {
      await operate({
        onEvent: (event) => events.read(event),
        color: "never",
        ...(options.parallel !== undefined && { parallel: options.parallel }),
      });
    } catch (error) {
      failure = error as Error;
    }
    const { steps, messages, changeSummary } = events;
    return {
      ok: failure === undefined,
      steps,
      messages,
      changeSummary,
      outputs: shownOutputs(await stack.outputs(), updateOptions.showSecrets ?? false),
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
    preview: async (updateOptions = {}) => {
      const env = { ...process.env, ...envVars, ...updateOptions.env };
      return preview(["--cwd", workDir, "--stack", stackName], env, updateOptions);
    },
    up: (updateOptions = {}) =>
      run(updateOptions, (automation) => stack.up({ ...automation, ...commonOptions(updateOptions) })),
    refresh: (updateOptions = {}) =>
      run(updateOptions, (automation) =>
        stack.refresh({
          ...automation,
          ...targets(updateOptions),
          ...(updateOptions.clearPendingCreates && { clearPendingCreates: true }),
        }),
      ),
    destroy: (updateOptions = {}) =>
      run(updateOptions, (automation) =>
        stack.destroy({
          ...automation,
          ...targets(updateOptions),
          ...(updateOptions.refresh !== undefined && { refresh: updateOptions.refresh }),
        }),
      ),
    importResource: (spec, updateOptions = {}) => run(updateOptions, () => importOne(stack, spec)),
    schema: async (packageName) => {
      const path = project.plugins.find(({ name }) => name === packageName)?.path ?? packageName;
      const { stdout, failure } = await runCli(
        ["package", "get-schema", path, "--cwd", workDir],
        { ...process.env, ...envVars },
        undefined,
      );
      if (failure) throw failure;
      return JSON.parse(stdout);
    },
    exportState: async () => {
      // The Automation API shows secrets in its export; people's is without.
      const args = ["stack", "export", "--cwd", workDir, "--stack", stackName];
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

function targets({ target, signal }: UpdateOptions) {
  return { ...(target && { target }), ...(signal && { signal }) };
}

function commonOptions(options: UpdateOptions) {
  const { refresh, replace } = options;
  return { ...targets(options), ...(refresh !== undefined && { refresh }), ...(replace && { replace }) };
}

function importOne(stack: Stack, resource: { type: string; name: string; id: string }) {
  return stack.import({ resources: [resource], generateCode: false });
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
    ...(options.target ?? []).flatMap((urn) => ["--target", urn]),
    ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
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
    changeSummary: digest.changeSummary ?? {},
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

function shownOutputs(outputs: OutputMap, showSecrets: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [
      name,
      secret && !showSecrets ? "[secret]" : value,
    ]),
  );
}
