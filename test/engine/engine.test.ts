// The test engine runs a program without the CLI: what the demo rests on. test/e2e/engines.test.ts holds it against the CLI's.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../simulator/index";
import { createTestEngineDriver } from "../drivers/testEngine";
import { copyProgram } from "../package";
import { configure, credentials, stepsOf } from "../scenarios/stand";

test.each(["dynamic", "plugin"])(
  "%s: up, nothing to do, refresh, a failing program, destroy",
  async (door) => {
    const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1 });
    const clusterId = "emr-engine1";
    sim.emr.createCluster({ clusterId });
    const programDirectory = copyProgram("examples/tencent-emr-service");
    const program = join(programDirectory, "index.ts");
    const text = readFileSync(program, "utf8").replace(
      '"pulumi-bigdata"',
      door === "plugin" ? '"pulumi-bigdata/plugin"' : "$&",
    );
    writeFileSync(program, text);
    onTestFinished(async () => {
      await sim.close();
      rmSync(programDirectory, { recursive: true, force: true });
    });
    const env = {
      PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
      PULUMI_BIGDATA_STATE_DIR: join(programDirectory, ".journal"),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    const stack = createTestEngineDriver({ programDirectory, env });
    await configure(stack, sim.url, { clusterId, taskNodes: "2" });
    const tasks = () => sim.emr.nodes(clusterId).filter(({ role }) => role === "task");

    const up = await stack.up();
    expect([up.error, stepsOf(up)]).toEqual([undefined, ["create workers", "create yarn"]]);
    expect(up.outputs).toMatchObject({ runState: "running" });
    expect(tasks()).toHaveLength(2);
    const state = JSON.stringify(await stack.exportState());
    expect(state).toContain(
      door === "plugin" ? '"bigdata:tencent:' : '"pulumi-nodejs:dynamic/bigdata/tencent:',
    );
    expect(state).not.toContain(credentials.secretKey);
    expect(stepsOf(await stack.up())).toEqual([]);
    sim.emr.removeNode(clusterId, tasks()[0]?.emrResourceId ?? "");
    expect(stepsOf(await stack.refresh())).toContain("update workers");

    writeFileSync(program, 'throw new Error("of its own");\n');
    const failed = await stack.up();
    expect(failed.error).toContain("of its own");
    expect([stepsOf(failed), tasks().length]).toEqual([[], 1]);
    writeFileSync(program, text);
    expect((await stack.destroy()).error).toBeUndefined();
    expect(tasks()).toEqual([]);
  },
);
