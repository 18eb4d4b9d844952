// Deploys a program against a stand-in cloud, through the Pulumi CLI where there is one, else the test engine.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/index";
import { createDriver } from "../drivers";
import type { StackDriver } from "../drivers/driver";
import { copyProgram } from "../package";
import { configure, credentials } from "./stand";

export const clusterId = "emr-program1";

export async function deploy(
  directory: string,
  config: Record<string, string>,
): Promise<{ sim: Simulator; stack: StackDriver; directory: string }> {
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1 });
  onTestFinished(() => sim.close());
  sim.emr.createCluster({ clusterId });
  const copy = copyProgram(directory);
  const stack = await createDriver({
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
