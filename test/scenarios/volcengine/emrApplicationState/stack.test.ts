// What only a whole stack shows about an application's run-state: names, several resources at once, secrets.
import { expect, test } from "vitest";
import { applicationState, declare, stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

const base = { clusterId: vkeClusterId, application: "Ray", state: "running" };
const item = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];

test("a resource that gets another name keeps what it stands for", async () => {
  const { stand, instance, actions } = await withApplication();
  const inputs = { ...base, components: ["RayOperator"], onDelete: "stopped" };
  declare(stand, applicationState(inputs, "before"));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, applicationState(inputs, "after"));
  const up = await stand.stack.up();
  expect(up.error).toBeUndefined();
  expect(stepsOf(up).sort()).toEqual(["create after", "delete before"]);
  expect([actions(), instance().state]).toEqual([[], "STARTED"]);
});

test("also where the names of its components are written in another case", async () => {
  const { stand, instance } = await withApplication();
  const inputs = { ...base, components: ["RayOperator"], onDelete: "stopped" };
  declare(stand, applicationState(inputs, "before"));
  await stand.stack.up();
  declare(stand, applicationState({ ...inputs, components: ["rayoperator"] }, "after"));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(instance().state).toBe("STARTED");
});

test("several resources on one application act one after the other, each once, whatever is lost", async () => {
  const { stand, instance, actions } = await withApplication();
  stand.sim.settings.volcengine.overlap = "refuse";
  const all = (image: string) => [
    applicationState({ ...base, components: ["RayOperator"], restartTriggers: { image } }, "operator"),
    applicationState({ ...base, components: ["RayHistoryServer"], restartTriggers: { image } }, "history"),
    applicationState(
      { ...base, components: ["RayCluster"], releaseName: "batch", restartTriggers: { image } },
      "batch",
    ),
  ];
  declare(stand, ...all("1"));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  stand.sim.faults.add({ kind: "http", status: 504, acted: true, action: "RunApplicationAction", skip: 1 });
  declare(stand, ...all("2"));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(actions()).toEqual(["restart", "restart", "restart"]);
  expect([
    instance().starts,
    instance("RayHistoryServer", "ray-history-server").starts,
    instance("RayCluster", "batch").starts,
    instance("RayCluster", "serving").starts,
  ]).toEqual([1, 1, 1, 0]);
});

test("a doubt leaves no value of the configuration in plain state, journal or messages", async () => {
  const { stand, deploy } = await withApplication();
  stand.sim.settings.volcengine.newerVersion = false;
  const secret = "swordfish-4711";
  await deploy({});
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  const failed = await deploy({ applicationConfigs: item(secret) });
  expect(failed.error).toMatch(/not sent again on a guess/);
  expect(await stateOf(stand, "application")).toHaveProperty("pendingAction");
  expect(JSON.stringify(failed.messages)).not.toContain(secret);
  expect(JSON.stringify(await stand.stack.exportState())).not.toContain(secret);
});

test("an error does not tell the value that the configuration had before", async () => {
  const { stand, deploy } = await withApplication();
  await deploy({ applicationConfigs: item("former-secret") });
  stand.sim.faults.add({
    kind: "error",
    action: "RunApplicationAction",
    code: "InvalidParameter",
    message: "mode is former-secret and cannot change",
  });
  const failed = await deploy({ applicationConfigs: item("latter-secret") });
  expect(failed.error).not.toContain("former-secret");
});

test("a stop that the service does not know is told in a few minutes", async () => {
  const { stand, deploy } = await withApplication();
  stand.sim.settings.volcengine.stopAccepted = false;
  const begun = stand.sim.clock.now();
  const failed = await deploy({ state: "stopped" });
  expect(failed.error).toMatch(/stop is not supported.*code IllegalOperationForCluster, RequestId/);
  expect(stand.sim.clock.now() - begun).toBeLessThan(360_000);
  expect(await stateOf(stand, "application")).toBeUndefined();
});
