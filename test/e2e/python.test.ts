// The Python example through the plugin, with the SDK that `pulumi install` generates.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pulumiOnPath } from "../drivers";
import type { UpdateResult } from "../drivers/driver";
import { copyProgram, root } from "../package";
import { credentials, stepsOf } from "../scenarios/stand";
import { imported } from "./imported";
import { fine } from "./pool";
import { backend, clusterId, deploy, pulumi } from "./program";

let installed: string | undefined;
beforeAll(() => {
  if (!pulumiOnPath()) return;
  installed = copyProgram("examples/python-emr");
  pulumi(installed, "install");
}, 300_000);
afterAll(() => {
  for (const path of [backend, installed ?? backend]) rmSync(path, { recursive: true, force: true });
});

async function deployExample() {
  const deployed = await deploy(relative(root, installed ?? ""), {});
  const program = join(deployed.directory, "__main__.py");
  /** Replaces text of the program. */
  const edit = (from: string, to: string) => {
    const text = readFileSync(program, "utf8");
    expect(text).toContain(from);
    writeFileSync(program, text.replace(from, to));
  };
  return { ...deployed, edit };
}

const textOf = ({ error, messages }: UpdateResult) =>
  [error, ...messages.map(({ message }) => message)].join("\n");

describe("the Python example", { timeout: 180_000 }, () => {
  test("preview, up, grow, refresh, destroy", async () => {
    const { sim, stack } = await deployExample();
    const preview = await stack.preview();
    expect([preview.error, stepsOf(preview).sort()]).toEqual([undefined, ["create workers", "create yarn"]]);
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
    expect(stepsOf(await stack.refresh()).join()).not.toContain("update");
    expect(stepsOf(await stack.up())).toEqual([]);
    const { deployment } = await stack.exportState();
    const workers = deployment.resources?.find(({ urn }) => urn.endsWith("::workers"));
    expect(workers).toMatchObject({
      customTimeouts: { create: 5400 },
      inputs: { clusterId, count: 3 },
      additionalSecretOutputs: expect.arrayContaining(["preExecutedFileSettings", "podParameter"]),
    });
    expect((await stack.destroy()).error).toBeUndefined();
    expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toEqual([]);
  });

  test("get, a plain function, inputs as a dictionary, and an explicit provider", async () => {
    const { stack, edit } = await deployExample();
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
    expect(stepsOf(await stack.up()).filter((step) => !step.startsWith("read"))).toEqual([]);
    expect((await stack.destroy()).error).toBeUndefined();
  });

  test("a wrong name, a wrong value, and an error of the program's own end with a reason", async () => {
    const { sim, stack, edit } = await deployExample();
    edit("role=tencent.Role.TASK", 'rôle="task"');
    const misspelt = await stack.up();
    expect([misspelt.ok, textOf(misspelt)]).toEqual([false, expect.stringContaining("'rôle'")]);
    edit('rôle="task"', 'role="tsak"');
    const wrong = await stack.up();
    expect([wrong.ok, textOf(wrong)]).toEqual([false, expect.stringMatching(/role.*"tsak"/s)]);
    edit('role="tsak"', "role=tencent.Role.TASK");
    edit('pulumi.export("runState"', 'raise RuntimeError("of its own")\npulumi.export("runState"');
    const raised = await stack.up();
    expect([raised.ok, textOf(raised)]).toEqual([false, expect.stringContaining("RuntimeError: of its own")]);
    expect(sim.emr.purchases(clusterId).length).toBeLessThan(2);
  });
});

test("the code that an import of every resource writes says what was imported", {
  timeout: 180_000,
}, async () => {
  const { stack, resources, generated } = await imported("generated.py", ({ directory }) => {
    const runtime = {
      name: "python",
      options: { toolchain: "pip", virtualenv: join(installed ?? "", "venv") },
    };
    const file = join(directory, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/^runtime:.*\n(?: .*\n)*/m, `runtime: ${JSON.stringify(runtime)}\n`));
  });
  writeFileSync(join(stack.directory, "__main__.py"), readFileSync(generated));
  // And the stack itself.
  expect(await fine(stack.run("preview"))).toContain(`${resources.length + 1} unchanged`);
});
