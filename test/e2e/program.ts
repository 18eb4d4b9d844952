// Deploys a program against a stand-in cloud, by the Pulumi CLI.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/index";
import type { StackDriver } from "../drivers/driver";
import { createPulumiCliDriver } from "../drivers/pulumiCli";
import { copyProgram, root, work } from "../package";
import { configure, credentials } from "../scenarios/stand";

export const clusterId = "emr-program1";

/** `directory`: from the project's root, or below `.work`. */
export async function deploy(
  directory: string,
  config: Record<string, string>,
): Promise<{ sim: Simulator; stack: StackDriver; directory: string }> {
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1 });
  onTestFinished(() => sim.close());
  sim.emr.createCluster({ clusterId });
  const copy = copyProgram(directory);
  const stack = await createPulumiCliDriver({
    programDirectory: copy,
    env: {
      PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
      PULUMI_BIGDATA_STATE_DIR: join(copy, ".journal"),
      // Types are checked once, in a test of their own.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  });
  onTestFinished(async () => {
    await stack.dispose();
    rmSync(copy, { recursive: true, force: true });
  });
  await configure(stack, sim.url, { clusterId, ...config });
  return { sim, stack, directory: copy };
}

export const backend = join(work, `e2e-backend-${process.pid}`);

/** The CLI itself, for commands that the driver does not have. */
export function pulumi(cwd: string, ...args: string[]): string {
  mkdirSync(backend, { recursive: true });
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PIP_CONSTRAINT: join(root, "test", "requirements.txt"),
  };
  return execFileSync("pulumi", [...args, "--non-interactive"], { cwd, env, encoding: "utf8" });
}

interface Schema {
  resources: object;
  functions: object;
  types: object;
  provider: object;
}

/** A package schema without lists that are empty, which the CLI leaves out. */
export const parseSchema = (text: string): Schema =>
  JSON.parse(text, (_, value) => (Array.isArray(value) && value.length === 0 ? undefined : value));
