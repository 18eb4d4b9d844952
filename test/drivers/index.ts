// Picks what runs a scenario: the Pulumi CLI where there is one, else the test engine.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { StackDriver } from "./driver";
import { createPulumiCliDriver } from "./pulumiCli";
import { createTestEngineDriver, type TestEngineOptions } from "./testEngine";

export interface DriverOptions extends TestEngineOptions {
  /** Overrides the environment variable PULUMI_BIGDATA_ENGINE and what is on PATH. */
  engine?: "test" | "pulumi";
}

/** With the CLI only `programDirectory`, `stack`, `passphrase`, `env`, `pluginEnv` and `parallel` have a meaning. */
export async function createDriver(options: DriverOptions): Promise<StackDriver> {
  const { engine: wanted, ...rest } = options;
  const engine = wanted ?? engineFromEnvironment() ?? (pulumiOnPath() ? "pulumi" : "test");
  if (engine === "test") return createTestEngineDriver(rest);
  if (rest.program && rest.program.kind !== "node") {
    throw new Error(
      'a list of resources runs in the test engine only; give createDriver({ engine: "test" })',
    );
  }
  const { programDirectory, stack, passphrase, parallel } = rest;
  return createPulumiCliDriver({
    programDirectory,
    env: { ...rest.env, ...rest.pluginEnv },
    ...(stack !== undefined && { stack }),
    ...(passphrase !== undefined && { passphrase }),
    ...(parallel !== undefined && { parallel }),
  });
}

export function pulumiOnPath(): boolean {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  const directories = (process.env.PATH ?? "").split(delimiter);
  return directories.some((directory) => names.some((name) => isExecutable(join(directory, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function engineFromEnvironment(): "test" | "pulumi" | undefined {
  const value = process.env.PULUMI_BIGDATA_ENGINE;
  if (value === undefined || value === "" || value === "test" || value === "pulumi")
    return value || undefined;
  throw new Error(`PULUMI_BIGDATA_ENGINE is ${JSON.stringify(value)}; it may be "test" or "pulumi"`);
}
