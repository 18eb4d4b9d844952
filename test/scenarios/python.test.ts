// The Python example through the plugin, run by the real Python SDK. The SDK comes from PyPI; what `pulumi install`
// would generate is a stand-in (test/fixtures/python-sdk), and so is the CLI's script (test/engine/runPython.py).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/index";
import { createTestEngineDriver, type TestEngineDriver } from "../drivers/testEngine";
import { pythonOf } from "../engine/python";
import { copyProgram, root, work } from "../package";
import { clusterId } from "./program";
import { configure, credentials, stepsOf } from "./stand";

const environment = installPython();

interface PythonEnvironment {
  path: string;
  missing?: string;
}

/** A virtual environment with the SDK, made once for these requirements. */
function installPython(): PythonEnvironment {
  const requirements = join(root, "test", "requirements.txt");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const path = join(work, `python-${digest}`);
  const done = join(path, "installed");
  if (existsSync(done)) return { path };
  rmSync(path, { recursive: true, force: true });
  const system = process.platform === "win32" ? "python" : "python3";
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"];
  const steps: [string, string[]][] = [
    [system, ["-m", "venv", path]],
    [pythonOf(path), [...pip, "--timeout", "30", "-r", requirements]],
  ];
  for (const [command, args] of steps) {
    const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status === 0) continue;
    const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
    const missing = `the Python SDK cannot be installed (${reason})`;
    if (process.env["CI"] === "true") throw new Error(missing);
    console.warn(`Python programs are not tested: ${missing}`);
    return { path, missing };
  }
  writeFileSync(done, "");
  return { path };
}

interface Deployed {
  sim: Simulator;
  stack: TestEngineDriver;
  /** Replaces text of the program. */
  edit(from: string, to: string): void;
}

async function deploy(options: { deploymentInfo?: boolean } = {}): Promise<Deployed> {
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1 });
  onTestFinished(() => sim.close());
  sim.emr.createCluster({ clusterId });
  const directory = copyProgram("examples/python-emr");
  symlinkSync(environment.path, join(directory, "venv"), "junction");
  const stack = createTestEngineDriver({
    programDirectory: directory,
    env: {
      PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
      PULUMI_BIGDATA_STATE_DIR: join(directory, ".journal"),
      PYTHONPATH: join(root, "test", "fixtures", "python-sdk"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    ...options,
  });
  onTestFinished(async () => {
    await stack.dispose();
    rmSync(directory, { recursive: true, force: true });
  });
  await configure(stack, sim.url);
  await stack.setConfig("clusterId", clusterId);
  const program = join(directory, "__main__.py");
  const edit = (from: string, to: string) => {
    const text = readFileSync(program, "utf8");
    expect(text).toContain(from);
    writeFileSync(program, text.replace(from, to));
  };
  return { sim, stack, edit };
}

function textOf({ error, messages }: { error?: string; messages: { message: string }[] }): string {
  return [error, ...messages.map(({ message }) => message)].join("\n");
}

describe.skipIf(environment.missing !== undefined)("Python", () => {
  test("preview, up, grow, refresh, destroy", async () => {
    const { sim, stack } = await deploy();
    const preview = await stack.preview();
    expect(preview.error).toBeUndefined();
    expect(stepsOf(preview).sort()).toEqual(["create workers", "create yarn"]);
    const created = await stack.up();
    expect(created.error).toBeUndefined();
    const { nodeManagers } = created.outputs;
    await stack.setConfig("taskNodes", "3");
    expect(stepsOf(await stack.preview())).toEqual(["update workers", "update yarn"]);
    const grown = await stack.up();
    expect(grown.error).toBeUndefined();
    expect(grown.outputs).toEqual({
      nodeManagers: Number(nodeManagers) + 2,
      runState: "running",
      coreIps: expect.arrayContaining(
        sim.emr.nodes(clusterId).flatMap(({ role, ip }) => (role === "core" ? [ip] : [])),
      ),
    });
    const restarts = sim.journal.flatMap(({ action, request }) =>
      action === "StartStopServiceOrMonitor" ? [request as { OpType: string }] : [],
    );
    expect(restarts.map(({ OpType }) => OpType)).toEqual(["StartService", "StartService", "RestartService"]);
    // What the nested Args class said.
    expect(restarts.at(-1)).toMatchObject({ StrategyConfig: { BatchSize: 2, TimeWait: 30 } });
    expect(stepsOf(await stack.refresh())).toEqual([]);
    expect(stepsOf(await stack.up())).toEqual([]);
    const { deployment } = await stack.exportState();
    const workers = deployment.resources?.find(({ urn }) => urn.endsWith("::workers"));
    expect(workers).toMatchObject({
      customTimeouts: { create: 5400 },
      inputs: { clusterId, count: 3 },
      additionalSecretOutputs: ["preExecutedFileSettings", "podParameter"],
      aliases: [workers?.urn.replace("bigdata:", "pulumi-nodejs:dynamic/bigdata/")],
    });
    expect(workers?.provider).toContain("pulumi:providers:bigdata::default_0_1_0::");
    expect((await stack.destroy()).error).toBeUndefined();
    expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toEqual([]);
  });

  test("engines without GetDeploymentInfo", async () => {
    const { stack } = await deploy({ deploymentInfo: false });
    expect(stepsOf(await stack.preview()).sort()).toEqual(["create workers", "create yarn"]);
    expect((await stack.up()).outputs).toMatchObject({ runState: "running" });
    expect((await stack.destroy()).error).toBeUndefined();
  });

  test("get, a plain function, inputs as a dictionary, and an explicit provider", async () => {
    const { stack, edit } = await deploy();
    edit(
      "restart=tencent.EmrServiceStateRestartArgs(rolling=True, batch_size=2, wait_seconds=30),",
      'restart={"rolling": True, "batch_size": 3},\n    opts=pulumi.ResourceOptions(provider=account),',
    );
    edit(
      "yarn = tencent",
      [
        "import pulumi_bigdata",
        "",
        'account = pulumi_bigdata.Provider("account", tencent_region="ap-guangzhou", profiles={"other": {}},',
        '    tencent_secret_id=pulumi.Config("bigdata").require("tencentSecretId"),',
        '    tencent_secret_key=pulumi.Config("bigdata").require_secret("tencentSecretKey"),',
        '    tencent_token=pulumi.Config("bigdata").require_secret("tencentToken"),',
        '    tencent_endpoint=pulumi.Config("bigdata").require("tencentEndpoint"))',
        'hdfs = tencent.EmrServiceState.get("hdfs", f"{cluster_id}/HDFS")',
        'pulumi.export("hdfsState", hdfs.run_state)',
        'pulumi.export("masters", len(tencent.get_emr_nodes(cluster_id=cluster_id, role="master").nodes))',
        "yarn = tencent",
      ].join("\n"),
    );
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(up.outputs).toMatchObject({ hdfsState: "running", masters: expect.any(Number) });
    const { deployment } = await stack.exportState();
    const yarn = deployment.resources?.find(({ urn }) => urn.endsWith("::yarn"));
    expect(yarn).toMatchObject({ inputs: { restart: { rolling: true, batchSize: 3 } } });
    expect(yarn?.provider).toContain("::account::");
    expect(JSON.stringify(deployment)).not.toContain(credentials.secretKey);
    expect(stepsOf(await stack.up())).toEqual(["read hdfs"]);
    expect((await stack.destroy()).error).toBeUndefined();
  });

  test("a wrong name, a wrong value, and an error of the program's own end with a reason", async () => {
    const { sim, stack, edit } = await deploy();
    edit('role="task"', 'rôle="task"');
    const misspelt = await stack.up();
    expect([misspelt.ok, textOf(misspelt)]).toEqual([false, expect.stringContaining("'rôle'")]);
    edit('rôle="task"', 'role="tsak"');
    const wrong = await stack.up();
    expect([wrong.ok, textOf(wrong)]).toEqual([false, expect.stringMatching(/role.*"tsak"/s)]);
    edit('role="tsak"', 'role="task"');
    edit('pulumi.export("runState"', 'raise RuntimeError("of its own")\npulumi.export("runState"');
    const raised = await stack.preview();
    expect([raised.ok, textOf(raised)]).toEqual([false, expect.stringContaining("RuntimeError: of its own")]);
    expect(sim.emr.purchases(clusterId)).toEqual([]);
  });
});
