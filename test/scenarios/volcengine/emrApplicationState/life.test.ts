// The life of an application's components, and what must not happen twice.
import { expect, test } from "vitest";
import { declare, pool, stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

test("preview, create, no change, stop, start, drift, heal, delete", async () => {
  const { stand, declareApplication, deploy, instance, actions } = await withApplication();
  const { stack, sim } = stand;
  declareApplication({});
  expect(stepsOf(await stack.preview())).toEqual(["create application"]);
  expect(sim.journal).toEqual([]);

  expect((await stack.up()).error).toBeUndefined();
  expect(actions()).toEqual([]);
  expect(await stateOf(stand, "application")).toMatchObject({
    application: "RAY",
    region: "cn-beijing",
    runState: "running",
    applicationState: "INSTALLED",
    observationSource: "componentInstances",
    driftVisible: true,
    instances: [{ component: "RayOperator", name: "ray-operator", namespace: "default", state: "STARTED" }],
  });
  expect(stepsOf(await stack.up())).toEqual([]);

  expect((await deploy({ state: "stopped" })).error).toBeUndefined();
  expect(instance().state).toBe("STOPPED");
  declareApplication({});
  const preview = await stack.preview();
  expect(preview.messages.map(({ message }) => message).join("\n")).toMatch(/start RayOperator/);
  const up = await stack.up();
  expect(up.error).toBeUndefined();
  expect(up.messages.map(({ message }) => message).join("\n")).toMatch(
    /: accepted, operation op-\S+, RequestId /,
  );
  expect(actions()).toEqual(["stop", "start"]);
  expect(await stateOf(stand, "application")).toMatchObject({
    lastOperationId: expect.stringMatching(/^op-/),
    lastRequestId: expect.stringMatching(/^\d{14}[0-9A-F]+$/),
  });

  sim.vke.setState(vkeClusterId, "Ray", "RayOperator", "ray-operator", "STOPPED");
  expect(stepsOf(await stack.refresh())).toEqual(["update application"]);
  expect(await stateOf(stand, "application")).toMatchObject({ runState: "stopped" });
  expect((await deploy({})).error).toBeUndefined();
  expect(instance().state).toBe("STARTED");
  expect(actions()).toEqual(["stop", "start", "start"]);

  expect((await deploy({ onDelete: "stopped" })).error).toBeUndefined();
  expect((await stack.destroy()).error).toBeUndefined();
  expect([actions().at(-1), instance().state]).toEqual(["stop", "STOPPED"]);
});

test("a change of the triggers restarts once, and comes with the configuration", async () => {
  const { stand, deploy, actions } = await withApplication();
  const configs = [{ file: "ray-operator-values.yaml", key: "password", value: "hunter2-secret" }];
  expect((await deploy({ restartTriggers: { image: "1" } })).error).toBeUndefined();
  expect(actions()).toEqual([]);
  expect((await deploy({ restartTriggers: { image: "2" } })).error).toBeUndefined();
  expect(actions()).toEqual(["restart"]);
  expect(
    (await deploy({ restartTriggers: { image: "2" }, applicationConfigs: configs })).error,
  ).toBeUndefined();
  expect(actions()).toEqual(["restart", "restart"]);
  expect(stand.sim.vke.actions(vkeClusterId).at(-1)?.configs).toEqual(configs);
  const again = await deploy({ restartTriggers: { image: "2" }, applicationConfigs: configs });
  expect([stepsOf(again), actions().length]).toEqual([[], 2]);
});

test.each([
  ["each call shows the instances", {}],
  ["only operations tell", { newerVersion: false }],
])("a lost answer restarts nothing twice where %s", async (_name, settings) => {
  const { stand, deploy, actions } = await withApplication();
  Object.assign(stand.sim.settings.volcengine, settings);
  await deploy({ restartTriggers: { image: "1" } });
  const before = actions().length;
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  const result = await deploy({ restartTriggers: { image: "2" } });
  expect(actions().slice(before)).toEqual(["restart"]);
  if (stand.sim.settings.volcengine.newerVersion) return expect(result.error).toBeUndefined();
  expect(result.error).toMatch(/may have been carried out or not, and is not sent again on a guess/);
  // The program is told how to go on: back leaves it, another value restarts.
  expect((await deploy({ restartTriggers: { image: "2" } })).error).toMatch(/not sent again on a guess/);
  expect((await deploy({ restartTriggers: { image: "1" } })).error).toBeUndefined();
  expect(actions().slice(before)).toEqual(["restart"]);
  expect((await deploy({ restartTriggers: { image: "3" } })).error).toBeUndefined();
  expect(actions().slice(before)).toEqual(["restart", "restart"]);
});

test.each(["received", "acted"] as const)(
  "killed at the action, before it is answered (%s): the next run goes on from there",
  async (phase) => {
    const { stand, killAt, deploy, actions, instance } = await withApplication();
    await deploy({ restartTriggers: { image: "1" } });
    killAt("RunApplicationAction", phase);
    expect((await deploy({ restartTriggers: { image: "2" } })).ok).toBe(false);
    expect((await deploy({ restartTriggers: { image: "2" } })).error).toBeUndefined();
    expect(actions()).toEqual(["restart"]);
    expect(instance().starts).toBe(1);
    expect(await stateOf(stand, "application")).toMatchObject({ restartTriggers: { image: "2" } });
  },
);

test("killed while it follows the operation: the next run follows on", async () => {
  const { killAt, deploy, actions } = await withApplication();
  await deploy({ restartTriggers: { image: "1" } });
  killAt("GetOperation", "received");
  expect((await deploy({ restartTriggers: { image: "2" } })).ok).toBe(false);
  expect((await deploy({ restartTriggers: { image: "2" } })).error).toBeUndefined();
  expect(actions()).toEqual(["restart"]);
});

test("one of several instances has to be named, and then only it is acted on", async () => {
  const { deploy, instance, actions, stand } = await withApplication();
  const nameless = await deploy({ components: ["RayCluster"] });
  expect(nameless.error).toMatch(
    /releaseName: is required, since RayCluster has several instances: .*batch, serving/,
  );
  const wrong = await deploy({ components: ["RayCluster"], releaseName: "other" });
  expect(wrong.error).toMatch(/releaseName: RayCluster has no instance other; it has batch, serving/);
  expect(
    (await deploy({ components: ["RayCluster"], releaseName: "batch", state: "stopped" })).error,
  ).toBeUndefined();
  expect(actions()).toEqual(["stop"]);
  expect([instance("RayCluster", "batch").state, instance("RayCluster", "serving").state]).toEqual([
    "STOPPED",
    "STARTED",
  ]);
  // Somebody deletes the instance: it is gone, with its resource.
  stand.sim.vke.removeInstance(vkeClusterId, "Ray", "RayCluster", "batch");
  expect(stepsOf(await stand.stack.refresh())).toEqual(["delete application"]);
});

test("where instances cannot be listed, it is said and not pretended", async () => {
  const { stand, declareApplication, deploy, actions } = await withApplication();
  stand.sim.settings.volcengine.newerVersion = false;
  expect((await deploy({ components: undefined })).error).toMatch(
    /components: is required, since the components of Ray cannot be listed/,
  );
  const up = await deploy({});
  expect(up.error).toBeUndefined();
  expect(up.messages.map(({ message }) => message).join("\n")).toMatch(/drift of Ray cannot be seen here/);
  expect(await stateOf(stand, "application")).toMatchObject({
    runState: "running",
    observationSource: "operations",
    driftVisible: false,
    instances: [],
  });
  expect(actions()).toEqual(["start"]);
  expect(stepsOf(await stand.stack.up())).toEqual([]);
  stand.sim.vke.setState(vkeClusterId, "Ray", "RayOperator", "ray-operator", "STOPPED");
  const refresh = await stand.stack.refresh();
  expect(refresh.messages.map(({ message }) => message).join("\n")).toMatch(/drift cannot be seen/);
  declareApplication({});
  expect(stepsOf(await stand.stack.up())).toEqual([]);
  // What the account gains is used.
  stand.sim.settings.volcengine.newerVersion = true;
  expect(stepsOf(await stand.stack.refresh())).toEqual(["update application"]);
  expect(await stateOf(stand, "application")).toMatchObject({ runState: "stopped", driftVisible: true });
});

test("configuration that somebody else changes is seen and put back; values stay secret", async () => {
  const { stand, declareApplication, deploy, actions } = await withApplication();
  const value = "swordfish-4711";
  const applicationConfigs = [{ file: "ray-operator-values.yaml", key: "token", value }];
  const told: string[] = [];
  const note = (result: { messages: { message: string }[]; error?: string | undefined }) =>
    told.push(...result.messages.map(({ message }) => message), result.error ?? "");
  note(await deploy({ applicationConfigs }));
  // A new resource brings its configuration in, which takes a restart.
  expect(actions()).toEqual(["restart"]);
  stand.sim.vke.setConfig(vkeClusterId, "Ray", {
    file: "ray-operator-values.yaml",
    key: "token",
    value: "else",
  });
  note(await stand.stack.refresh());
  declareApplication({ applicationConfigs });
  expect(stepsOf(await stand.stack.preview())).toEqual(["update application"]);
  note(await stand.stack.up());
  expect(actions()).toEqual(["restart", "restart"]);
  expect(stepsOf(await stand.stack.up())).toEqual([]);
  stand.sim.faults.add({
    kind: "error",
    action: "RunApplicationAction",
    code: "InvalidParameter",
    message: value,
  });
  const changed = await deploy({
    applicationConfigs: [...applicationConfigs, { file: "f", key: "k", value: "v" }],
  });
  expect(changed.error).toMatch(/InvalidParameter/);
  note(changed);
  expect(told.join("\n")).not.toContain(value);
});

test("a failed operation is told with its reason, and the next run asks again", async () => {
  const { stand, deploy, actions } = await withApplication();
  await deploy({ restartTriggers: { image: "1" } });
  stand.sim.faults.add({ kind: "operationFails", reason: "image cannot be pulled" });
  const failed = await deploy({ restartTriggers: { image: "2" } });
  expect(failed.error).toMatch(
    /restart of RayOperator ended FAILED \(image cannot be pulled\), operation op-\S+, RequestId \d{14}/,
  );
  expect((await deploy({ restartTriggers: { image: "2" } })).error).toBeUndefined();
  expect(actions()).toEqual(["restart", "restart"]);
});

test("a cluster that is gone takes its resources out of state, a slip of permissions does not", async () => {
  const { stand, deploy } = await withApplication();
  await deploy({});
  stand.sim.vke.cluster(vkeClusterId).foreign = true;
  const denied = await stand.stack.refresh();
  expect(denied.error).toMatch(/GetVirtualCluster failed: .*code InvalidRequest/);
  expect(await stateOf(stand, "application")).toBeDefined();
  stand.sim.vke.cluster(vkeClusterId).foreign = false;
  stand.sim.vke.removeCluster(vkeClusterId);
  expect(stepsOf(await stand.stack.refresh())).toEqual(["delete application"]);
});

test("what is wrong is said before anything is sent", async () => {
  const { stand, deploy } = await withApplication();
  const bad = await deploy({
    clusterId: "vke-1",
    state: "paused",
    components: ["RayOperator", "rayoperator"],
    releaseName: "batch",
    applicationConfigs: [
      { file: "f", key: "k", value: "first-secret" },
      { file: "f", key: "k", value: "second-secret" },
    ],
    actionParams: { releaseName: "x" },
    timeouts: { update: "0s" },
  });
  for (const part of [
    /clusterId: must be the id of an EMR on VKE cluster, such as emr-0123, got "vke-1"/,
    /state: must be "running" or "stopped", got "paused"/,
    /components: names a component twice/,
    /releaseName: needs exactly one component in components/,
    /applicationConfigs\[1\]: sets k of f a second time/,
    /actionParams\.releaseName: has an input of its own/,
    /timeouts\.update: must not be zero/,
  ])
    expect(`${bad.error} ${bad.messages.map(({ message }) => message).join("\n")}`).toMatch(part);
  expect(stand.sim.journal).toEqual([]);
  declare(stand, pool(stand, 1));
});
