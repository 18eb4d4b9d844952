// Runs a Node program through the SDK's own language runtime, as the language host would start it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { childEnvironment } from "./children";
import { type Project, resolveFromProgram } from "./project";
import type { Message, StackConfig } from "./types";

export interface ProgramRun {
  project: Project;
  stack: string;
  organization: string;
  config: StackConfig;
  engineAddress: string;
  preview: boolean;
  parallel: number;
  env: Record<string, string>;
  onMessage: (message: Message) => void;
}

export interface RunningProgram {
  /** The exit code; 128 stands for an end by a signal. */
  exited: Promise<number>;
  kill(): void;
}

export function startProgram(run: ProgramRun): RunningProgram {
  const { project } = run;
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments(project.runtimeOptions.nodeargs),
      resolveFromProgram(project.directory, "@pulumi/pulumi/cmd/run"),
      ...["--monitor", run.engineAddress, "--engine", run.engineAddress],
      ...["--organization", run.organization, "--project", project.name],
      ...["--root-directory", project.directory, "--stack", run.stack, "--pwd", project.directory],
      ...(run.preview ? ["--dry-run"] : []),
      ...["--parallel", String(run.parallel), project.main],
    ],
    { cwd: project.directory, env: environment(run), stdio: ["ignore", "pipe", "pipe"] },
  );
  createInterface({ input: child.stdout }).on("line", (message) =>
    run.onMessage({ severity: "info", message }),
  );
  createInterface({ input: child.stderr }).on("line", (message) =>
    run.onMessage({ severity: "info#err", message }),
  );
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
  return { exited, kill: () => void child.kill("SIGKILL") };
}

function environment(run: ProgramRun): NodeJS.ProcessEnv {
  const { typescript, tsconfig } = run.project.runtimeOptions;
  return {
    ...childEnvironment("program"),
    ...run.env,
    PULUMI_CONFIG: JSON.stringify(
      Object.fromEntries(Object.entries(run.config).map(([key, entry]) => [oldForm(key), entry.value])),
    ),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
      Object.entries(run.config).flatMap(([key, entry]) => (entry.secret ? [oldForm(key)] : [])),
    ),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript !== false),
    ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

/** `namespace:name` as `namespace:config:name`, which is how the engine sends it. */
function oldForm(key: string): string {
  return key.replace(":", ":config:");
}

function nodeArguments(option: unknown): string[] {
  return typeof option === "string" ? option.split(/\s+/).filter((text) => text !== "") : [];
}
