// Runs a program through its language's SDK, as the language host would start it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { childEnvironment } from "./children";
import { type Project, resolveFromProgram } from "./project";
import { pythonCommand } from "./python";
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

/** What the language host of one language starts. */
export interface ProgramCommand {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

export function startProgram(run: ProgramRun): RunningProgram {
  const { command, args, env } = commandOf(run);
  const child = spawn(command, args, {
    cwd: run.project.directory,
    env: { ...childEnvironment("program"), ...run.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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

function commandOf(run: ProgramRun): ProgramCommand {
  const { runtime } = run.project;
  if (runtime === "nodejs") return nodeCommand(run);
  if (runtime === "python") return pythonCommand(run);
  throw new Error(`the runtime is ${runtime}; the test engine runs nodejs and python programs only`);
}

function nodeCommand(run: ProgramRun): ProgramCommand {
  const { project } = run;
  const { nodeargs, typescript, tsconfig } = project.runtimeOptions;
  return {
    command: process.execPath,
    args: [
      ...nodeArguments(nodeargs),
      resolveFromProgram(project.directory, "@pulumi/pulumi/cmd/run"),
      ...["--monitor", run.engineAddress, "--engine", run.engineAddress],
      ...["--organization", run.organization, "--project", project.name],
      ...["--root-directory", project.directory, "--stack", run.stack, "--pwd", project.directory],
      ...(run.preview ? ["--dry-run"] : []),
      ...["--parallel", String(run.parallel), project.main],
    ],
    env: {
      // `namespace:name` as `namespace:config:name`.
      ...configEnvironment(run, (key) => key.replace(":", ":config:")),
      PULUMI_NODEJS_TYPESCRIPT: String(typescript !== false),
      ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
}

/** The configuration, with keys as a language's host writes them. */
export function configEnvironment({ config }: ProgramRun, keyOf: (key: string) => string): NodeJS.ProcessEnv {
  const entries = Object.entries(config).map(([key, entry]) => ({ ...entry, key: keyOf(key) }));
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(({ key, value }) => [key, value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.filter(({ secret }) => secret).map(({ key }) => key)),
  };
}

function nodeArguments(option: unknown): string[] {
  return typeof option === "string" ? option.split(/\s+/).filter((text) => text !== "") : [];
}
