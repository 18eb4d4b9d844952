// The previews that the golden files of `pulumi-bigdata plan` are made from: every kind of change of every resource, as the
// real CLI prints it, in both of its formats. They are recorded beside the golden files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../package";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId } from "../scenarios/subjects";
import { clusterId } from "./program";
import { type CliStack, type Declared, makeStack } from "./stack";

type Inputs = Record<string, unknown>;

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

async function withEverything(): Promise<CliStack> {
  const stack = await makeStack("plugin", { startTime: new Date("2026-03-01T00:00:00Z") });
  stack.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  stack.sim.ddm.createInstance({ instanceId });
  stack.sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: { Ray: { RayOperator: ["operator"], RayCluster: ["batch", "serving"] } },
  });
  return stack;
}

const listed = (type: string, name: string, properties: Inputs, options: object = {}): Declared => ({
  type,
  name,
  properties,
  options,
});
const pool = (count: unknown, more: Inputs = {}, options?: object) =>
  listed("tencent.EmrNodePool", "workers", { clusterId, role: "task", count, ...more }, options);
const service = (state: string, more: Inputs = {}, options?: object) =>
  listed("tencent.EmrServiceState", "yarn", { clusterId, service: "YARN", state, ...more }, options);
const image = (imageVersion: string, more: Inputs = {}, options?: object) =>
  listed("tencent.DlcEngineImage", "reports", { dataEngineId, imageVersion, ...more }, options);
const group = ({ sim }: CliStack, nodeCount: unknown, more: Inputs = {}, options?: object) => {
  const flavorId = sim.ddm.groups(instanceId)[0]?.flavorId;
  return listed("huawei.DdmNodeGroup", "readers", { instanceId, flavorId, nodeCount, ...more }, options);
};
const application = (state: string, more: Inputs = {}, options?: object) =>
  listed(
    "volcengine.EmrApplicationState",
    "ray",
    { clusterId: vkeClusterId, application: "Ray", components: ["RayOperator"], state, ...more },
    options,
  );

type Json = Record<string, unknown>;

/** Without what differs from run to run or from machine to machine. */
function steady(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => steady(each));
  if (typeof value === "object" && value !== null) {
    const kept = Object.entries(value).filter(([key]) => key !== "sourcePosition" && key !== "stackTrace");
    return Object.fromEntries(kept.map(([key, each]) => [key, steady(each, key)]));
  }
  if (/^(duration|durationSeconds|timestamp|sequence)$/.test(name)) return 0;
  if (typeof value !== "string") return value;
  if (name === "created" || name === "modified") return "2026-03-01T00:00:00.000Z";
  if (name === "owner") return "0123456789abcdef";
  const uuid = "3ec02140-97e4-4a6f-9d3e-1dd2ac5fa4d1";
  if (name === "id" && /^[0-9a-f-]{36}$/.test(value)) return uuid;
  return value
    .replaceAll(/(::default[^:"]*::)(?!04da6b54)[0-9a-f-]{36}/g, `$1${uuid}`)
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:4599")
    .replaceAll(root, "/plugin");
}

/** Notes of the CLI about this machine, and what is for people who mend it, are no part of a preview. */
const isTold = ({ severity, message }: Json) =>
  severity !== "debug" && !/^(warning: )?using pulumi-/.test(String(message));

/** Records what a preview of these resources prints: the digest, and the same as events. */
async function record(stack: CliStack, name: string, resources: Declared[], ...args: string[]) {
  stack.declare(...resources);
  const log = join(stack.directory, "events.log");
  const flags = ["--parallel", "1", "--event-log", log];
  const { code, stdout, text } = await stack.run("preview", "--json", ...flags, ...args);
  expect(code === 0, text).toBe(!name.endsWith("-refused"));
  const file = (end: string) => join(root, "test", "cli", "previews", `${name}${end}`);
  const digest = steady(JSON.parse(stdout)) as { diagnostics?: Json[] };
  const { diagnostics = [], ...rest } = digest;
  const told = diagnostics.filter(isTold);
  const whole = { ...rest, ...(told.length > 0 ? { diagnostics: told } : {}) };
  await expect(`${JSON.stringify(whole, undefined, 2)}\n`).toMatchFileSnapshot(file(".json"));
  const events = readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, Json>]))
    .filter(({ resOutputsEvent, diagnosticEvent }) => !resOutputsEvent && isTold(diagnosticEvent ?? {}));
  const lines = events.map((event) => `${JSON.stringify(steady(event))}\n`);
  await expect(lines.join("")).toMatchFileSnapshot(file(".events"));
}

async function up(stack: CliStack, ...resources: Declared[]) {
  stack.declare(...resources);
  return stack.yes("up", "--parallel", "1");
}

async function deploy(stack: CliStack, ...resources: Declared[]) {
  const { code, text } = await up(stack, ...resources);
  expect(code, text).toBe(0);
}

test("a pool", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await record(stack, "pool-create", [pool(22)]);
  await record(stack, "pool-unknown", [pool(unknown)]);
  await record(stack, "pool-monthly", [pool(2, { payMode: 1, timeUnit: "m", timeSpan: 3 })]);
  await deploy(stack, pool(3));
  await record(stack, "pool-same", [pool(3)]);
  await record(stack, "pool-grow", [pool(5)]);
  await record(stack, "pool-tags", [pool(3, { tags: [{ tagKey: "team", tagValue: "a" }] })]);
  await record(stack, "pool-policy", [pool(3, { deletionPolicy: "leave" })]);
  await record(stack, "pool-shrink", [pool(1, { scaleIn: { graceSeconds: 300 } })]);
  await record(stack, "pool-replace", [pool(2, { yarnNodeLabel: "fast" })]);
  const scripts = [
    {
      cosFileUri: "https://b-1250000000.cos.ap-guangzhou.myqcloud.com/init.sh",
      runOrder: 1,
      whenRun: "resourceAfter",
      cosSecretId: "AKIDscript0001",
      cosSecretKey: "scriptSecretKey0001",
    },
  ];
  await record(stack, "pool-secret", [pool(4, { preExecutedFileSettings: scripts })]);
  await record(stack, "pool-delete", []);
  const lost = stack.sim.emr.nodes(clusterId).find(({ role }) => role === "task");
  stack.sim.emr.removeNode(clusterId, lost?.emrResourceId ?? "");
  await record(stack, "pool-drift", [pool(3)], "--refresh");
});

test("a pool that an earlier run left to be settled", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  const { timeScale } = stack.sim.settings;
  stack.sim.settings.timeScale = 3;
  expect((await up(stack, pool(2, { timeouts: { create: "5m" } }))).text).toMatch(/Raise timeouts.create/);
  stack.sim.settings.timeScale = timeScale;
  await record(stack, "pool-pending", [pool(2)]);
  await deploy(stack, pool(2));
  const [node] = stack.sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
  if (node) node.tags = [];
  await record(stack, "pool-untagged", [pool(2)], "--refresh");
});

test("a core pool", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await deploy(stack, pool(2, { role: "core" }));
  await record(stack, "pool-core-refused", [pool(1, { role: "core" })]);
  await record(stack, "pool-core-shrink", [pool(1, { role: "core", scaleIn: { allowCoreScaleIn: true } })]);
});

test("an imported pool", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await deploy(stack, pool(2, { poolId: "p" }));
  await stack.run("stack", "init", "other", "--copy-config-from", "test");
  await record(stack, "pool-import", [pool(2, { poolId: "p" }, { import: `${clusterId}/task/p` })]);
});

test("a service", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await record(stack, "service-create", [service("running")]);
  await record(stack, "service-import", [service("running", {}, { import: `${clusterId}/YARN` })]);
  await deploy(stack, service("running"));
  await record(stack, "service-stop", [service("stopped", { maintenance: true })]);
  await record(stack, "service-restart", [
    service("running", {
      restartTriggers: { config: "2" },
      restart: { rolling: true, batchSize: 2, waitSeconds: 30, onFailure: "block" },
    }),
  ]);
  await record(stack, "service-replace", [service("running", { components: ["NodeManager"] })]);
  await record(stack, "service-unknown", [service("running", { restartTriggers: { ips: unknown } })]);
  stack.sim.emr.stopProcesses(clusterId, { service: "YARN", component: "NodeManager" });
  await record(stack, "service-drift", [service("running")], "--refresh");
  await deploy(stack, service("running", { onDelete: "stopped" }));
  await record(stack, "service-delete", []);
});

test("an engine's image", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await record(stack, "image-create", [image(newVersion)]);
  await record(stack, "image-import", [image(oldVersion, {}, { import: dataEngineId })]);
  await deploy(stack, image(oldVersion, { onDelete: "restorePrevious" }));
  await record(stack, "image-switch", [image(newVersion, { onDelete: "restorePrevious" })]);
  await record(stack, "image-unknown", [image(unknown, { onDelete: "restorePrevious" })]);
  await record(stack, "image-replace", [
    image(newVersion, { dataEngineId: "DataEngine-other001", onDelete: "restorePrevious" }),
  ]);
  await deploy(stack, image(newVersion, { onDelete: "restorePrevious" }));
  await record(stack, "image-delete", []);
  stack.sim.dlc.moveVersion(dataEngineId, stack.sim.dlc.image(oldVersion).imageVersionId);
  await record(stack, "image-drift", [image(newVersion, { onDelete: "restorePrevious" })], "--refresh");
});

test("an engine that an earlier run left resumed", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  stack.sim.dlc.createEngine({ dataEngineId: "DataEngine-night001", dataEngineName: "nightly", state: 1 });
  const wanted = image(newVersion, { dataEngineId: "DataEngine-night001", allowSuspended: true });
  stack.sim.faults.add({ kind: "error", code: "UnauthorizedOperation", action: "SwitchDataEngineImage" });
  expect((await up(stack, wanted)).text).toMatch(/The engine was resumed for this/);
  await record(stack, "image-left-resumed", [wanted]);
});

test("a node group", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await record(stack, "group-create", [group(stack, 4)]);
  await record(stack, "group-import", [group(stack, 2, {}, { import: instanceId })]);
  await deploy(stack, group(stack, 4));
  await record(stack, "group-grow", [group(stack, 6)]);
  await record(stack, "group-unknown", [group(stack, unknown)]);
  await record(stack, "group-shrink-blocked", [group(stack, 3)]);
  await record(stack, "group-shrink", [group(stack, 3, { scaleIn: { allowed: true } })]);
  const { nodeId } = stack.sim.ddm.nodes(instanceId).at(-1) as { nodeId: string };
  stack.sim.ddm.removeNode(instanceId, nodeId);
  await record(stack, "group-drift", [group(stack, 4)], "--refresh");
  await deploy(stack, group(stack, 4, { onDelete: "shrinkToInitial", scaleIn: { allowed: true } }));
  await record(stack, "group-delete", []);
});

test("a node group whose order is unpaid", { timeout: 600_000 }, async () => {
  const stack = await makeStack("plugin", { startTime: new Date("2026-03-01T00:00:00Z") });
  stack.sim.ddm.createInstance({ instanceId, charging: "prePaid" });
  await deploy(stack, group(stack, 2));
  const wanted = group(stack, 3, { availabilityZones: ["eu-west-101a"] });
  expect((await up(stack, wanted)).text).toMatch(/is not paid/);
  await record(stack, "group-unpaid", [wanted]);
});

test("an application", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  await record(stack, "application-create", [application("running")]);
  await record(stack, "application-import", [
    application("running", {}, { import: `${vkeClusterId}/Ray/RayOperator` }),
  ]);
  await deploy(stack, application("running"));
  await record(stack, "application-stop", [application("stopped")]);
  await record(stack, "application-restart", [application("running", { restartTriggers: { a: "1" } })]);
  const applicationConfigs = [{ file: "ray.yaml", key: "password", value: "applicationSecret01" }];
  await record(stack, "application-secret", [application("running", { applicationConfigs })]);
  const operator = stack.sim.vke.instance(vkeClusterId, "Ray", "RayOperator", "operator");
  operator.state = "STOPPED";
  await record(stack, "application-drift", [application("running")], "--refresh");
  operator.state = "STARTED";
  await record(stack, "application-replace", [
    application("running", { components: ["RayCluster"], releaseName: "batch" }),
  ]);
  await deploy(stack, application("running", { onDelete: "stopped" }));
  await record(stack, "application-delete", []);
});

test("all of them at once", { timeout: 600_000 }, async () => {
  const stack = await withEverything();
  // Each after the one before it, so that they come in the same order each time.
  const after = (name: string) => ({ dependsOn: [{ $ref: name }] });
  const all = (count: number, state: string, version: string, nodes: number) => [
    pool(count),
    service(state, {}, after("workers")),
    image(version, {}, after("yarn")),
    group(stack, nodes, {}, after("reports")),
    application(state, {}, after("readers")),
  ];
  // One after the other, so that the cloud gives out its ids in the same order each time.
  const before = all(2, "running", oldVersion, 2);
  for (const index of before.keys()) await deploy(stack, ...before.slice(0, index + 1));
  await record(stack, "all-change", all(4, "stopped", newVersion, 3));
});
