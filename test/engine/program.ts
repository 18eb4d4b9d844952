// A program and its project, as the CLI's language host takes them: the program runs through its SDK.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { StackConfig } from "../drivers/driver";
import { root } from "../package";
import { Cancelled, type Deployment } from "./deployment";

export interface ProgramRun {
  directory: string;
  project: string;
  stack: string;
  config: StackConfig;
  engineAddress: string;
  env: Record<string, string>;
}

export async function runProgram(deployment: Deployment, run: ProgramRun): Promise<void> {
  const { directory, project, stack, config, engineAddress } = run;
  const entries = Object.entries(config).map(
    ([key, entry]) => ({ ...entry, key: key.replace(":", ":config:") }) as const,
  );
  const args = [
    resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
    ...["--monitor", engineAddress, "--engine", engineAddress, "--organization", "organization"],
    ...["--project", project, "--stack", stack, "--root-directory", directory, "--pwd", directory],
    ...(deployment.preview ? ["--dry-run"] : []),
    ...["--parallel", "8", "."],
  ];
  const env = {
    ...process.env,
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
  deployment.fail(told.map(({ message }) => message).join("\n") || `the program ended with ${code}`);
  throw new Cancelled();
}

export function projectName(directory: string): string {
  const text = readFileSync(join(directory, "Pulumi.yaml"), "utf8");
  return /^name: *(\S+)/m.exec(text)?.[1] ?? "";
}

/** What starts a package's provider: a script and, for dynamic ones, where the SDK is found. */
export const providerScript = (directory: string, packageName: string) =>
  packageName === "pulumi-nodejs"
    ? resolveFrom(directory, "@pulumi/pulumi/cmd/dynamic-provider")
    : join(root, `pulumi-resource-${packageName}`);

/** As the language host does it: `require.resolve` with the program's directory as the starting point. */
const resolveFrom = (directory: string, module: string) =>
  createRequire(join(directory, "package.json")).resolve(module);
