// An update of an application's run-state does what its preview could announce; what else it meets, it tells.
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../../../drivers/driver";
import { applicationState, declare, stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

const textOf = ({ messages }: UpdateResult) => messages.map(({ message }) => message).join("\n");
const item = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];
const operator = { application: "Ray", component: "RayOperator" };
const both = ["RayOperator", "RayHistoryServer"];
const told = (action: string) =>
  new RegExp(
    `RayOperator is \\w+, which the preview could not show, and there is no ${action} now: run .pulumi refresh.`,
  );

describe("what others have done and no refresh has seen", () => {
  async function stoppedByOthers(first: Record<string, unknown> = {}) {
    const subject = await withApplication();
    expect((await subject.deploy(first)).error).toBeUndefined();
    subject.stand.sim.vke.actInConsole(vkeClusterId, "stop", operator);
    subject.stand.sim.clock.advance(120_000);
    expect(subject.instance().state).toBe("STOPPED");
    return subject;
  }

  test("is told where a component is added, and shown by the next preview", async () => {
    const { stand, deploy, instance, actions } = await stoppedByOthers();
    stand.sim.vke.setState(vkeClusterId, "Ray", "RayHistoryServer", "ray-history-server", "STOPPED");
    const up = await deploy({ components: both });
    expect(up.error).toBeUndefined();
    expect(textOf(up)).toMatch(told("start"));
    // What comes into scope was announced as not known yet.
    expect([instance("RayHistoryServer", "ray-history-server").state, instance().state]).toEqual([
      "STARTED",
      "STOPPED",
    ]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "partial", components: both });
    expect(stepsOf(await stand.stack.preview())).toEqual(["update application"]);
    expect((await deploy({ components: both })).error).toBeUndefined();
    expect([instance().state, actions()]).toEqual(["STARTED", ["start", "start"]]);
  });

  test("is told where a component is taken out", async () => {
    const { stand, deploy, instance } = await stoppedByOthers({ components: both });
    const up = await deploy({ components: ["RayOperator"] });
    expect([up.error, instance().state]).toEqual([undefined, "STOPPED"]);
    expect(textOf(up)).toMatch(told("start"));
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "stopped" });
    expect(stepsOf(await stand.stack.preview())).toEqual(["update application"]);
  });

  test.each([
    ["onDelete", { onDelete: "stopped" }],
    ["actionNames", { actionNames: { start: "start" } }],
  ])("is left where %s changes", async (_name, change) => {
    const { deploy, instance } = await stoppedByOthers();
    expect((await deploy(change)).error).toBeUndefined();
    expect(instance().state).toBe("STOPPED");
  });

  test.each([
    ["restartTriggers", { restartTriggers: { image: "2" } }],
    ["applicationConfigs", { applicationConfigs: item("on") }],
  ])("is started where %s asks for a restart, and not restarted on top of it", async (_name, change) => {
    const { deploy, instance, actions } = await stoppedByOthers();
    expect((await deploy(change)).error).toBeUndefined();
    expect([instance().state, actions()]).toEqual(["STARTED", ["start"]]);
  });

  test("is told where triggers change while the components shall be stopped", async () => {
    const { stand, deploy, instance, actions } = await withApplication();
    expect((await deploy({ state: "stopped" })).error).toBeUndefined();
    stand.sim.vke.actInConsole(vkeClusterId, "start", operator);
    stand.sim.clock.advance(120_000);
    const up = await deploy({ state: "stopped", restartTriggers: { image: "2" } });
    expect(up.error).toBeUndefined();
    expect(textOf(up)).toMatch(told("stop"));
    expect([instance().state, actions()]).toEqual(["STARTED", ["stop"]]);
    expect((await deploy({ state: "stopped", restartTriggers: { image: "2" } })).error).toBeUndefined();
    expect(instance().state).toBe("STOPPED");
  });

  test("does not keep a stop from stopping what runs", async () => {
    const { deploy, instance, actions } = await stoppedByOthers({ components: both });
    expect((await deploy({ components: both, state: "stopped" })).error).toBeUndefined();
    expect([instance().state, instance("RayHistoryServer", "ray-history-server").state]).toEqual([
      "STOPPED",
      "STOPPED",
    ]);
    expect(actions()).toEqual(["stop"]);
  });
});

test("a plan that does not fit into its limit says so", async () => {
  const { stand } = await withApplication();
  const names = Array.from({ length: 40 }, (_, index) => `Part${index}`);
  const clusterId = "emr-vke-large";
  stand.sim.vke.createCluster({
    clusterId,
    applications: { Ray: Object.fromEntries(names.map((name) => [name, [name.toLowerCase()]])) },
  });
  const declareAll = (more: Record<string, unknown>) =>
    declare(stand, applicationState({ clusterId, application: "Ray", ...more }));
  declareAll({ state: "running" });
  expect((await stand.stack.up()).error).toBeUndefined();
  declareAll({ state: "stopped" });
  expect(textOf(await stand.stack.preview())).toMatch(
    /this usually takes about 40 min, and timeouts.update is 30m/,
  );
  declareAll({ state: "stopped", timeouts: { update: "2h" } });
  expect(textOf(await stand.stack.preview())).not.toMatch(/this usually takes/);
});

describe("what is not there any more is told with the way out", () => {
  const wayOut = /does not exist in .* If it existed before, run `pulumi refresh`\./;

  test("by an update whose cluster is gone; not by a create", async () => {
    const { stand, deploy } = await withApplication();
    const created = await deploy({ clusterId: "emr-vke-never" });
    expect(created.error).toMatch(/emr-vke-never does not exist/);
    expect(created.error).not.toMatch(/pulumi refresh/);
    expect((await deploy({})).error).toBeUndefined();
    stand.sim.vke.removeCluster(vkeClusterId);
    expect((await deploy({ restartTriggers: { image: "2" } })).error).toMatch(wayOut);
  });

  test("by an update whose application is gone", async () => {
    const { stand, deploy } = await withApplication();
    expect((await deploy({})).error).toBeUndefined();
    stand.sim.vke.cluster(vkeClusterId).applications.clear();
    expect((await deploy({ restartTriggers: { image: "2" } })).error).toMatch(
      /has no application RAY; .* If it existed before, run `pulumi refresh`\./,
    );
  });

  test("by a deletion whose cluster goes under way", async () => {
    const { stand, deploy } = await withApplication();
    expect((await deploy({ onDelete: "stopped" })).error).toBeUndefined();
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "ListApplications" || phase !== "acted") return;
      stop();
      stand.sim.vke.removeCluster(vkeClusterId);
    });
    expect((await stand.stack.destroy()).error).toMatch(wayOut);
  });
});
