// The previews that the golden files of `pulumi-bigdata plan` are made from: every kind of change of every resource. They
// are what the test engine prints for the plugin's answers, and are recorded beside the golden files.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ListedResource } from "../engine/resourceList";
import type { UpdateOptions } from "../engine/types";
import { root } from "../package";
import { declare, makeStand, type Stand } from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId, withAll } from "./subjects";

// biome-ignore lint/suspicious/noExplicitAny: what is listed is plain data
type Inputs = Record<string, any>;

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const withEverything = () => withAll({ startTime: new Date("2026-03-01T00:00:00Z") });

const listed = (type: string, name: string, inputs: Inputs, options: ListedResource["options"] = {}) => ({
  type: `bigdata:${type}`,
  name,
  inputs,
  options,
});
const pool = (count: unknown, more: Inputs = {}, options?: ListedResource["options"]) =>
  listed(
    "tencent:EmrNodePool",
    "workers",
    { clusterId: "emr-scenario1", role: "task", count, ...more },
    options,
  );
const service = (state: string, more: Inputs = {}, options?: ListedResource["options"]) =>
  listed(
    "tencent:EmrServiceState",
    "yarn",
    { clusterId: "emr-scenario1", service: "YARN", state, ...more },
    options,
  );
const image = (imageVersion: string, more: Inputs = {}, options?: ListedResource["options"]) =>
  listed("tencent:DlcEngineImage", "reports", { dataEngineId, imageVersion, ...more }, options);
const group = (stand: Stand, nodeCount: unknown, more: Inputs = {}, options?: ListedResource["options"]) => {
  const flavorId = stand.sim.ddm.groups(instanceId)[0]?.flavorId;
  return listed("huawei:DdmNodeGroup", "readers", { instanceId, flavorId, nodeCount, ...more }, options);
};
const application = (state: string, more: Inputs = {}, options?: ListedResource["options"]) =>
  listed(
    "volcengine:EmrApplicationState",
    "ray",
    { clusterId: vkeClusterId, application: "Ray", components: ["RayOperator"], state, ...more },
    options,
  );

/** Records what a preview of these resources prints. */
async function record(stand: Stand, name: string, resources: ListedResource[], options: UpdateOptions = {}) {
  declare(stand, ...resources);
  const { digest, error } = await stand.stack.preview(options);
  expect(error === undefined, error).toBe(!name.endsWith("-refused"));
  const text = JSON.stringify({ ...digest, duration: 0 }, undefined, 2)
    .replaceAll(stand.sim.url, "http://127.0.0.1:4599")
    .replaceAll(root, "/plugin")
    // What differs from run to run.
    .replaceAll(/("(?:created|modified)": )"[^"]*"/g, '$1"2026-03-01T00:00:00.000Z"')
    .replaceAll(/("owner": ")[0-9a-f]{16}"/g, '$10123456789abcdef"')
    .replaceAll(/("id": ")[0-9a-f-]{36}"/g, '$13ec02140-97e4-4a6f-9d3e-1dd2ac5fa4d1"')
    .replaceAll(/(::default[^:"]*::)[0-9a-f-]{36}/g, "$11f6ca497-38df-4e7f-a776-f60a7e86c03d");
  await expect(`${text}\n`).toMatchFileSnapshot(join(root, "test", "cli", "previews", `${name}.json`));
}

async function deploy(stand: Stand, ...resources: ListedResource[]) {
  declare(stand, ...resources);
  expect((await stand.stack.up()).error).toBeUndefined();
}

test("a pool", { timeout: 180_000 }, async () => {
  const stand = await withEverything();
  await record(stand, "pool-create", [pool(22)]);
  await record(stand, "pool-unknown", [pool(unknown)]);
  await record(stand, "pool-monthly", [pool(2, { payMode: 1, timeUnit: "m", timeSpan: 3 })]);
  await deploy(stand, pool(3));
  await record(stand, "pool-same", [pool(3)]);
  await record(stand, "pool-grow", [pool(5)]);
  await record(stand, "pool-tags", [pool(3, { tags: [{ tagKey: "team", tagValue: "a" }] })]);
  await record(stand, "pool-policy", [pool(3, { deletionPolicy: "leave" })]);
  await record(stand, "pool-shrink", [pool(1, { scaleIn: { graceSeconds: 300 } })]);
  await record(stand, "pool-replace", [pool(2, { yarnNodeLabel: "fast" })]);
  const scripts = [
    {
      cosFileUri: "https://b-1250000000.cos.ap-guangzhou.myqcloud.com/init.sh",
      runOrder: 1,
      whenRun: "resourceAfter",
      cosSecretId: "AKIDscript0001",
      cosSecretKey: "scriptSecretKey0001",
    },
  ];
  await record(stand, "pool-secret", [pool(4, { preExecutedFileSettings: scripts })]);
  await record(stand, "pool-delete", []);
  const [lost = ""] = stand.nodeIds();
  stand.sim.emr.removeNode("emr-scenario1", lost);
  await record(stand, "pool-drift", [pool(3)], { refresh: true });
});

test("a pool that an earlier run left to be settled", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  const { timeScale } = stand.sim.settings;
  stand.sim.settings.timeScale = 3;
  declare(stand, pool(2, { timeouts: { create: "5m" } }));
  expect((await stand.stack.up()).error).toMatch(/Raise timeouts.create/);
  stand.sim.settings.timeScale = timeScale;
  await record(stand, "pool-pending", [pool(2)]);
  await deploy(stand, pool(2));
  const [node] = stand.sim.emr.nodes("emr-scenario1").filter(({ role }) => role === "task");
  if (node) node.tags = [];
  await record(stand, "pool-untagged", [pool(2)], { refresh: true });
});

test("a core pool", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  await deploy(stand, pool(2, { role: "core" }));
  await record(stand, "pool-core-refused", [pool(1, { role: "core" })]);
  await record(stand, "pool-core-shrink", [pool(1, { role: "core", scaleIn: { allowCoreScaleIn: true } })]);
});

test("an imported pool", async () => {
  const stand = await withEverything();
  await deploy(stand, pool(2, { poolId: "p" }));
  const other = await makeStand({ sim: stand.sim, stackName: "other" });
  await record(other, "pool-import", [pool(2, { poolId: "p" }, { import: "emr-scenario1/task/p" })]);
});

test("a service", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  await record(stand, "service-create", [service("running")]);
  await record(stand, "service-import", [service("running", {}, { import: "emr-scenario1/YARN" })]);
  await deploy(stand, service("running"));
  await record(stand, "service-stop", [service("stopped", { maintenance: true })]);
  await record(stand, "service-restart", [
    service("running", {
      restartTriggers: { config: "2" },
      restart: { rolling: true, batchSize: 2, waitSeconds: 30, onFailure: "block" },
    }),
  ]);
  await record(stand, "service-replace", [service("running", { components: ["NodeManager"] })]);
  await record(stand, "service-unknown", [service("running", { restartTriggers: { ips: unknown } })]);
  stand.sim.emr.stopProcesses("emr-scenario1", { service: "YARN", component: "NodeManager" });
  await record(stand, "service-drift", [service("running")], { refresh: true });
  await deploy(stand, service("running", { onDelete: "stopped" }));
  await record(stand, "service-delete", []);
});

test("an engine's image", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  await record(stand, "image-create", [image(newVersion)]);
  await record(stand, "image-import", [image(oldVersion, {}, { import: dataEngineId })]);
  await deploy(stand, image(oldVersion, { onDelete: "restorePrevious" }));
  await record(stand, "image-switch", [image(newVersion, { onDelete: "restorePrevious" })]);
  await record(stand, "image-unknown", [image(unknown, { onDelete: "restorePrevious" })]);
  await record(stand, "image-replace", [
    image(newVersion, { dataEngineId: "DataEngine-other001", onDelete: "restorePrevious" }),
  ]);
  await deploy(stand, image(newVersion, { onDelete: "restorePrevious" }));
  await record(stand, "image-delete", []);
  stand.sim.dlc.moveVersion(dataEngineId, stand.sim.dlc.image(oldVersion).imageVersionId);
  await record(stand, "image-drift", [image(newVersion, { onDelete: "restorePrevious" })], { refresh: true });
});

test("an engine that an earlier run left resumed", async () => {
  const stand = await withEverything();
  stand.sim.dlc.createEngine({ dataEngineId: "DataEngine-night001", dataEngineName: "nightly", state: 1 });
  const wanted = image(newVersion, { dataEngineId: "DataEngine-night001", allowSuspended: true });
  stand.sim.faults.add({ kind: "error", code: "UnauthorizedOperation", action: "SwitchDataEngineImage" });
  declare(stand, wanted);
  expect((await stand.stack.up()).error).toMatch(/The engine was resumed for this/);
  await record(stand, "image-left-resumed", [wanted]);
});

test("a node group", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  await record(stand, "group-create", [group(stand, 4)]);
  await record(stand, "group-import", [group(stand, 2, {}, { import: instanceId })]);
  await deploy(stand, group(stand, 4));
  await record(stand, "group-grow", [group(stand, 6)]);
  await record(stand, "group-unknown", [group(stand, unknown)]);
  await record(stand, "group-shrink-blocked", [group(stand, 3)]);
  await record(stand, "group-shrink", [group(stand, 3, { scaleIn: { allowed: true } })]);
  const { nodeId } = stand.sim.ddm.nodes(instanceId).at(-1) as { nodeId: string };
  stand.sim.ddm.removeNode(instanceId, nodeId);
  await record(stand, "group-drift", [group(stand, 4)], { refresh: true });
  await deploy(stand, group(stand, 4, { onDelete: "shrinkToInitial", scaleIn: { allowed: true } }));
  await record(stand, "group-delete", []);
});

test("a node group whose order is unpaid", { timeout: 120_000 }, async () => {
  const stand = await makeStand({ simulator: { startTime: new Date("2026-03-01T00:00:00Z") } });
  stand.sim.ddm.createInstance({ instanceId, charging: "prePaid" });
  await deploy(stand, group(stand, 2));
  const wanted = group(stand, 3, { availabilityZones: ["eu-west-101a"] });
  declare(stand, wanted);
  expect((await stand.stack.up()).error).toMatch(/is not paid/);
  await record(stand, "group-unpaid", [wanted]);
});

test("an application", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  await record(stand, "application-create", [application("running")]);
  await record(stand, "application-import", [
    application("running", {}, { import: `${vkeClusterId}/Ray/RayOperator` }),
  ]);
  await deploy(stand, application("running"));
  await record(stand, "application-stop", [application("stopped")]);
  await record(stand, "application-restart", [application("running", { restartTriggers: { a: "1" } })]);
  const applicationConfigs = [{ file: "ray.yaml", key: "password", value: "applicationSecret01" }];
  await record(stand, "application-secret", [application("running", { applicationConfigs })]);
  const operator = stand.sim.vke.instance(vkeClusterId, "Ray", "RayOperator", "operator");
  operator.state = "STOPPED";
  await record(stand, "application-drift", [application("running")], { refresh: true });
  operator.state = "STARTED";
  await record(stand, "application-replace", [
    application("running", { components: ["RayCluster"], releaseName: "batch" }),
  ]);
  await deploy(stand, application("running", { onDelete: "stopped" }));
  await record(stand, "application-delete", []);
});

test("all of them at once", { timeout: 120_000 }, async () => {
  const stand = await withEverything();
  const all = (count: number, state: string, version: string, nodes: number) => [
    pool(count),
    service(state),
    image(version),
    group(stand, nodes),
    application(state),
  ];
  // One after the other, so that the cloud gives out its ids in the same order each time.
  const before = all(2, "running", oldVersion, 2);
  for (const index of before.keys()) await deploy(stand, ...before.slice(0, index + 1));
  await record(stand, "all-change", all(4, "stopped", newVersion, 3));
});
