// Programs that use the published classes, deployed from beginning to end.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultFlavorId, defaultVkeClusterId } from "../../simulator/index";
import { copyProgram, root } from "../package";
import { credentials, filesBelow, stepsOf } from "../scenarios/stand";
import { clusterId, deploy } from "./program";

test("the pool example: preview, up, grow, refresh, destroy", async () => {
  const { sim, stack } = await deploy("examples/tencent-emr", {});
  const preview = await stack.preview();
  expect(preview.error).toBeUndefined();
  expect(stepsOf(preview)).toEqual(["create workers"]);
  const created = await stack.up();
  expect(created.error).toBeUndefined();
  expect(created.outputs).toEqual({ nodeCount: 2, privateIps: [expect.any(String), expect.any(String)] });
  await stack.setConfig("taskNodes", "4");
  expect((await stack.up()).outputs).toMatchObject({ nodeCount: 4 });
  expect(stepsOf(await stack.refresh())).toEqual([]);
  expect(await stack.destroy()).toMatchObject({ ok: true });
  expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toEqual([]);
});

test("the engine example: switch, then destroy, which goes back", async () => {
  const { sim, stack } = await deploy("examples/tencent-dlc", {
    engine: "reports",
    imageVersion: "SuperSQL-S 3.5",
  });
  const engine = sim.dlc.createEngine({ dataEngineName: "reports", imageVersion: "SuperSQL-S 1.0" });
  const first = engine.imageVersionId;
  const created = await stack.up();
  expect(created.error).toBeUndefined();
  expect(created.outputs).toEqual({
    imageVersionId: sim.dlc.image("SuperSQL-S 3.5").imageVersionId,
    minorVersionId: engine.childImageVersionId,
  });
  expect((await stack.destroy()).error).toBeUndefined();
  expect(engine.imageVersionId).toBe(first);
});

test("the node group example: nodes are added", async () => {
  const { sim, stack } = await deploy("examples/huawei-ddm", {
    instanceId: "example0in09",
    flavorId: defaultFlavorId,
    nodes: "3",
  });
  sim.ddm.createInstance({ instanceId: "example0in09" });
  const created = await stack.up();
  expect(created.error).toBeUndefined();
  expect(created.outputs).toMatchObject({
    status: "RUNNING",
    addresses: [1, 2, 3].map(() => expect.any(String)),
  });
  expect((await stack.destroy()).error).toBeUndefined();
  expect(sim.ddm.nodes("example0in09")).toHaveLength(3);
});

test("the service example: nodes come, and the service is restarted on all of them", async () => {
  const { sim, stack } = await deploy("examples/tencent-emr-service", {});
  const created = await stack.up();
  expect(created.error).toBeUndefined();
  const { nodeManagers } = created.outputs;
  await stack.setConfig("taskNodes", "3");
  const grown = await stack.up();
  expect(grown.error).toBeUndefined();
  expect(grown.outputs).toEqual({ nodeManagers: Number(nodeManagers) + 2, runState: "running" });
  const operations = sim.journal.flatMap(({ action, request }) =>
    action === "StartStopServiceOrMonitor" ? [(request as { OpType: string }).OpType] : [],
  );
  expect(operations).toEqual(["StartService", "StartService", "RestartService"]);
  expect((await stack.destroy()).error).toBeUndefined();
});

test("the application example: a new value restarts the operator with it", async () => {
  const { sim, stack } = await deploy("examples/volcengine-emr", { clusterId: defaultVkeClusterId });
  const created = await stack.up();
  expect(created.error).toBeUndefined();
  expect(created.outputs).toEqual({ runState: "running", driftVisible: true });
  // The cluster shows that value already.
  expect(sim.vke.actions()).toEqual([]);
  await stack.setConfig("cpu", "2");
  expect((await stack.up()).error).toBeUndefined();
  expect(sim.vke.actions().map(({ actionName, configs }) => [actionName, configs])).toEqual([
    ["restart", [{ file: "ray-operator-values.yaml", key: "resources.cpu", value: "2" }]],
  ]);
  expect(stepsOf(await stack.up())).toEqual([]);
  expect((await stack.destroy()).error).toBeUndefined();
});

test("a program that takes its classes from the plugin goes on with the same resources", async () => {
  const prepared = copyProgram("examples/tencent-emr-service");
  const project = join(prepared, "Pulumi.yaml");
  writeFileSync(
    project,
    `${readFileSync(project, "utf8")}plugins:\n  providers:\n    - { name: bigdata, path: ${root} }\n`,
  );
  const { sim, stack, directory } = await deploy(relative(root, prepared), { taskNodes: "2" });
  rmSync(prepared, { recursive: true });
  expect((await stack.up()).error).toBeUndefined();
  const before = sim.journal.filter(({ acted }) => acted).length;
  const program = join(directory, "index.ts");
  writeFileSync(
    program,
    readFileSync(program, "utf8").replace('"pulumi-bigdata"', '"pulumi-bigdata/plugin"'),
  );
  const preview = await stack.preview();
  expect([preview.error, stepsOf(preview)]).toEqual([undefined, []]);
  expect((await stack.up()).error).toBeUndefined();
  expect(stepsOf(await stack.refresh())).toEqual([]);
  expect(sim.journal.filter(({ acted }) => acted)).toHaveLength(before);
  expect((await stack.destroy()).error).toBeUndefined();
  expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toEqual([]);
});

describe("secrets", () => {
  const secrets = [credentials.secretKey, credentials.token, "cosSecretKey0001"];

  test("reach neither state, nor messages, nor the journal, nor a preview", async () => {
    const { sim, stack, directory } = await deploy("test/fixtures/pools", { shape: "scripts", count: "2" });
    const results = [await stack.preview(), await stack.up()];
    expect(results[1]?.error).toBeUndefined();
    expect(results[1]?.outputs).toMatchObject({ first: expect.stringMatching(/^S/) });
    await stack.setConfig("count", "3");
    sim.faults.add({
      kind: "error",
      action: "ScaleOutInstance",
      code: "InternalError.CvmError",
      message: `bad key ${credentials.secretKey}`,
    });
    results.push(await stack.preview(), await stack.up(), await stack.refresh(), await stack.up());
    expect(results[3]?.error).toMatch(/InternalError\.CvmError/);
    expect(results.at(-1)?.error).toBeUndefined();
    const state = JSON.stringify(await stack.exportState());
    // The call did get it.
    expect(JSON.stringify(sim.journal)).toContain("[secret]");
    // The program itself has the scripts' key in its source.
    const files = filesBelow(directory).filter((path) => !path.endsWith("index.ts"));
    expect(files.some((path) => path.includes(".journal"))).toBe(true);
    const texts = [
      state,
      ...results.map((result) => JSON.stringify(result)),
      ...files.map((path) => readFileSync(path, "utf8")),
    ];
    for (const secret of secrets) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
    expect(state).toContain('"__provider"');
    expect(await stack.destroy()).toMatchObject({ ok: true });
  });
});

test("a count that is not known yet is unknown in the preview and right in the update", async () => {
  const { sim, stack } = await deploy("test/fixtures/pools", { shape: "unknown", count: "2" });
  const preview = await stack.preview();
  expect(preview.error).toBeUndefined();
  expect(sim.journal).toEqual([]);
  expect((await stack.up()).error).toBeUndefined();
  expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toHaveLength(2);
});

test.each([
  [
    "samePoolId",
    /pool shared of task nodes on emr-program1, which EmrNodePool (one|two) of this program is about too/,
  ],
  ["createFirst", /deleteBeforeReplace cannot be false/],
])("%s is refused with a reason", async (shape, reason) => {
  const { sim, stack } = await deploy("test/fixtures/pools", { shape });
  const result = await stack.preview();
  expect(result.ok).toBe(false);
  expect(result.messages.map(({ message }) => message).join("\n")).toMatch(reason);
  expect(sim.journal.filter(({ acted }) => acted)).toEqual([]);
});

test("every mistake in the inputs is reported at once, before any call", async () => {
  const { sim, stack } = await deploy("test/fixtures/pools", { shape: "wrong" });
  const result = await stack.up();
  expect(result.ok).toBe(false);
  const text = [result.error, ...result.messages.map(({ message }) => message)].join("\n");
  for (const property of ["clusterId", "count", "scaleIn.graceSeconds"]) expect(text).toContain(property);
  expect(sim.journal).toEqual([]);
});
