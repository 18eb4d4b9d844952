// Runs a Node program through its SDK, as the CLI's language host does, and finds the providers that it needs.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment, resolveFrom } from "./children";
import { Cancelled, type Deployment } from "./deployment";
import type { Project } from "./project";
import type { StackConfig } from "./types";

export interface ProgramRun {
  project: Project;
  stack: string;
  config: StackConfig;
  engineAddress: string;
  env: Record<string, string>;
}

export async function runProgram(deployment: Deployment, run: ProgramRun): Promise<void> {
  const { project, stack, config, engineAddress } = run;
  const { directory } = project;
  const entries = Object.entries(config).map(
    ([key, entry]) => ({ ...entry, key: key.replace(":", ":config:") }) as const,
  );
  const args = [
    resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
    ...["--monitor", engineAddress, "--engine", engineAddress, "--organization", "organization"],
    ...["--project", project.name, "--stack", stack, "--root-directory", directory, "--pwd", directory],
    ...(deployment.preview ? ["--dry-run"] : []),
    ...["--parallel", "8", "."],
  ];
  const env = {
    ...childEnvironment("program"),
    ...run.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(({ key, value }) => [key, value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.filter(({ secret }) => secret).map(({ key }) => key)),
    PULUMI_NODEJS_TYPESCRIPT: "true",
  };
  const child = spawn(process.execPath, args, { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const [stream, severity] of [[child.stdout, "info"] as const, [child.stderr, "info#err"] as const])
    createInterface({ input: stream }).on("line", (message) => deployment.log({ severity, message }));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  // A failed step ends the program, which then ends with 0.
  deployment.throwIfStopped();
  if (code === 0) return;
  const told = deployment.messages.filter(({ severity }) => severity === "error");
  deployment.fail(
    told.length > 0 ? told.map(({ message }) => message).join("\n") : `the program ended with ${code}`,
  );
  throw new Cancelled();
}

/** What starts a package's provider: arguments of Node, before the engine's address. */
export function providerArguments({ directory, plugins }: Project, packageName: string): string[] {
  if (packageName === "pulumi-nodejs") return [resolveFrom(directory, "@pulumi/pulumi/cmd/dynamic-provider")];
  const path = plugins.find(({ name }) => name === packageName)?.path;
  if (path === undefined) throw new Error(`Pulumi.yaml names no provider ${packageName}`);
  return [join(path, `pulumi-resource-${packageName}`)];
}
