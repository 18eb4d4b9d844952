// What a killed run has done to a service's processes, and what an update does beside what it announced.
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../../../drivers/driver";
import { declare, type Stand, serviceState, stateOf, stepsOf } from "../../stand";
import { operations, restarted, withService } from "../../subjects";

const minutes = (count: number) => count * 60_000;
const told = ({ messages }: UpdateResult) => messages.map(({ message }) => message).join("\n");

/** The service runs, and a run that changes it is killed; then the inputs are set back. */
async function killedRun(
  changed: Record<string, unknown>,
  phase: "received" | "acted" = "acted",
  more: Record<string, unknown> = {},
) {
  const subject = await withService();
  const { stand, deploy, killAt } = subject;
  const inputs = { state: "running", restartTriggers: { config: "1" }, ...more };
  expect((await deploy(inputs)).error).toBeUndefined();
  // The cluster and its lists show nothing of it for a while.
  stand.sim.settings.statusLagMilliseconds = 20_000;
  killAt("StartStopServiceOrMonitor", phase);
  expect((await deploy({ ...inputs, ...changed })).ok).toBe(false);
  declare(stand, serviceState(stand, inputs));
  return { ...subject, inputs };
}

/** Another machine has changed the service since. */
async function changedElsewhere({ stack }: Stand) {
  const state = await stack.exportState();
  const service = state.deployment.resources?.find(({ urn }) => urn.endsWith("::service"));
  if (!service?.outputs) return expect.unreachable("there is no state");
  Object.assign(service.outputs, { lastRequestId: "from-elsewhere" });
  return stack.importState(state);
}

describe("a stop whose run was killed", () => {
  test("is looked after by the next up, as its plan says, though the inputs are set back", async () => {
    const { stand, deploy, inputs, processes } = await killedRun({ state: "stopped" });
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update service"]);
    expect(told(preview)).toMatch(/look what became of the StopService that an interrupted run sent/);
    expect((await deploy(inputs)).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect(processes().every(({ started }) => started)).toBe(true);
    expect(operations(stand)).toEqual(["StopService", "StartService"]);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
  });

  test("shows in a refresh, whether the processes show it or not", async () => {
    const { stand, deploy, inputs, processes } = await killedRun({ state: "stopped" });
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update service"]);
    expect(await stateOf(stand, "service")).toMatchObject({ pendingOperation: { opType: "StopService" } });
    stand.sim.clock.advance(minutes(10));
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update service"]);
    expect(await stateOf(stand, "service")).toMatchObject({ runState: "stopped" });
    expect(await stateOf(stand, "service")).not.toHaveProperty("pendingOperation");
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(processes().every(({ started }) => started)).toBe(true);
  });

  test("shows where its create was killed and the service is imported", async () => {
    const { stand, deploy, killAt, processes } = await withService();
    stand.sim.settings.statusLagMilliseconds = 20_000;
    killAt("StartStopServiceOrMonitor", "acted");
    expect((await deploy({ state: "stopped" })).ok).toBe(false);
    const { type } = serviceState(stand, {});
    const imported = { type, name: "service", id: `${stand.clusterId}/YARN` };
    expect((await stand.stack.importResource(imported)).error).toBeUndefined();
    declare(stand, serviceState(stand, { state: "running" }));
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update service"]);
    expect(told(preview)).toMatch(/look what became of the StopService that an interrupted run sent/);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(processes().every(({ started }) => started)).toBe(true);
    expect(operations(stand)).toEqual(["StopService", "StartService"]);
  });

  test("that never reached the cloud is settled without a call", async () => {
    const { stand, deploy, inputs } = await killedRun({ state: "stopped" }, "received");
    expect(stepsOf(await deploy(inputs))).toEqual(["update service"]);
    expect(operations(stand)).toEqual(["StopService"]);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
  });

  test("is told where the processes are left", async () => {
    const { stand } = await killedRun({ state: "stopped" });
    const result = await stand.stack.destroy();
    expect(result.error).toBeUndefined();
    expect(told(result)).toMatch(/an interrupted run has sent StopService/);
  });

  test("undoes nothing once another machine has moved on", async () => {
    const { stand, deploy, inputs } = await killedRun({ state: "stopped" });
    await changedElsewhere(stand);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
    expect(operations(stand)).toEqual(["StopService"]);
  });
});

describe("a restart whose run was killed", () => {
  test("is looked after, and not sent again, though the triggers are set back", async () => {
    const { stand, deploy, inputs, processes } = await killedRun({ restartTriggers: { config: "2" } });
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update service"]);
    expect(told(preview)).toMatch(/what it has restarted is not restarted for it again/);
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
    expect(processes().every(({ started }) => started)).toBe(true);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
  });

  test("and whose processes it left stopped has them started", async () => {
    const subject = await withService();
    const { stand, deploy, killAt, processes } = subject;
    const inputs = { state: "running", restartTriggers: { config: "1" } };
    await deploy(inputs);
    killAt("StartStopServiceOrMonitor", "acted");
    expect((await deploy({ ...inputs, restartTriggers: { config: "2" } })).ok).toBe(false);
    stand.sim.clock.advance(minutes(10));
    stand.sim.emr.stopProcesses(stand.clusterId, { component: "NodeManager" });
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService", "StartService"]);
    expect(processes().every(({ started }) => started)).toBe(true);
  });

  test("is not sent twice where the list shows it minutes later", async () => {
    const { stand, deploy, inputs } = await killedRun({ restartTriggers: { config: "2" } });
    stand.sim.settings.restartTimeLagMilliseconds = minutes(6);
    expect((await deploy({ ...inputs, restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
  });

  test("nor where its answer got lost", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    Object.assign(stand.sim.settings, { restartTimeLagMilliseconds: minutes(6) });
    // All at once, and so shortly that nobody sees the processes down.
    stand.sim.settings.durations.restartBatch = 1;
    stand.sim.faults.add({ kind: "dropAnswer", action: "StartStopServiceOrMonitor" });
    const result = await deploy({
      state: "running",
      restartTriggers: { config: "2" },
      restart: { rolling: false },
    });
    expect(result.error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
  });
});

test("a restart that is half done is not begun anew after a refusal", async () => {
  const { stand, deploy, processes } = await withService();
  await deploy({ state: "running", restartTriggers: { config: "1" } });
  const [spared] = processes({ component: "NodeManager" });
  const inputs = {
    state: "running",
    restartTriggers: { config: "2" },
    restart: { onFailure: "continue" },
  };
  stand.sim.faults.add({ kind: "processesFail", component: "NodeManager", ip: spared?.ip ?? "" });
  expect((await deploy(inputs)).error).toMatch(/left 1 of/);
  const others = () => restarted(processes().filter((process) => process !== spared));
  const before = others();
  stand.sim.faults.add({
    kind: "error",
    code: "UnauthorizedOperation.CheckCamAuth",
    action: "StartStopServiceOrMonitor",
  });
  expect((await deploy(inputs)).error).toMatch(/CheckCamAuth/);
  expect((await deploy(inputs)).error).toBeUndefined();
  expect(others()).toEqual(before);
});

describe("a restart whose end the engine did not save", () => {
  async function unsaved() {
    const subject = await withService();
    const { stand, deploy } = subject;
    const withTriggers = (config: string) => ({ state: "running", restartTriggers: { config } });
    expect((await deploy(withTriggers("1"))).error).toBeUndefined();
    const before = await stand.stack.exportState();
    expect((await deploy(withTriggers("2"))).error).toBeUndefined();
    await stand.stack.importState(before);
    return { ...subject, withTriggers };
  }

  test("is in no plan of the next run, which restarts nothing, not even what has joined since", async () => {
    const { stand, deploy, processes, withTriggers } = await unsaved();
    declare(stand, serviceState(stand, withTriggers("2")));
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update service"]);
    expect(told(preview)).not.toMatch(/restart \d+ process/);
    const joined = stand.sim.emr.addForeignNode(stand.clusterId);
    expect((await deploy(withTriggers("2"))).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
    expect(processes().map(({ ip }) => ip)).toContain(joined.ip);
    expect(stepsOf(await deploy(withTriggers("2")))).toEqual([]);
  });

  test("is planned for processes that come into scope", async () => {
    const { stand, deploy, processes } = await withService();
    const inputs = { state: "running", restartTriggers: { config: "1" }, components: ["NodeManager"] };
    const later = { ...inputs, restartTriggers: { config: "2" } };
    await deploy(inputs);
    const before = await stand.stack.exportState();
    await deploy(later);
    await stand.stack.importState(before);
    const done = restarted(processes({ component: "NodeManager" }));
    await deploy({ ...later, components: ["NodeManager", "ResourceManager"] });
    expect(restarted(processes({ component: "NodeManager" }))).toEqual(done);
    expect(restarted(processes({ component: "ResourceManager" }))).not.toContain(undefined);
  });

  test("is asked for anew once another machine has moved on", async () => {
    const { stand, deploy, withTriggers } = await unsaved();
    await changedElsewhere(stand);
    declare(stand, serviceState(stand, withTriggers("2")));
    expect(told(await stand.stack.preview())).toMatch(/restart \d+ processes/);
    expect((await deploy(withTriggers("2"))).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService", "RestartService"]);
    expect(stepsOf(await deploy(withTriggers("2")))).toEqual([]);
  });
});

describe("an update does what it announced", () => {
  test.each<[string, Record<string, unknown>]>([
    ["onDelete", { onDelete: "stopped" }],
    ["components", { components: ["NodeManager", "ResourceManager"] }],
    ["maintenance", { maintenance: true }],
  ])("and with another %s starts nothing that has stopped since", async (_name, more) => {
    const { stand, deploy, processes } = await withService();
    expect((await deploy({ state: "running" })).error).toBeUndefined();
    const [stopped] = processes({ component: "NodeManager" });
    stand.sim.emr.stopProcesses(stand.clusterId, { component: "NodeManager", ip: stopped?.ip });
    const result = await deploy({ state: "running", ...more });
    expect(result.error).toBeUndefined();
    expect(operations(stand)).not.toContain("StartService");
    expect(told(result)).toMatch(
      new RegExp(`not as last recorded: NodeManager@${stopped?.ip} \\(stopped.*pulumi refresh`),
    );
    expect(await stateOf(stand, "service")).toMatchObject({ runState: "partial" });
    expect(told(await stand.stack.preview())).toMatch(/start 1 process of YARN/);
    expect((await deploy({ state: "running", ...more })).error).toBeUndefined();
    expect(processes().every(({ started }) => started)).toBe(true);
  });

  test("and with other nodeIps starts what comes into scope, and nothing else", async () => {
    const { stand, deploy, processes } = await withService();
    const [first, second] = processes({ component: "NodeManager" });
    const inputs = { state: "running", components: ["NodeManager"] };
    await deploy({ ...inputs, nodeIps: [first?.ip] });
    stand.sim.emr.stopProcesses(stand.clusterId, { component: "NodeManager" });
    expect((await deploy({ ...inputs, nodeIps: [first?.ip, second?.ip] })).error).toBeUndefined();
    expect([first?.started, second?.started]).toEqual([false, true]);
  });

  test("and with other triggers restarts or starts all, and its plan says so of those that have joined", async () => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const [stopped] = processes({ component: "NodeManager" });
    stand.sim.emr.stopProcesses(stand.clusterId, { component: "NodeManager", ip: stopped?.ip });
    const inputs = { state: "running", restartTriggers: { config: "2" } };
    declare(stand, serviceState(stand, inputs));
    expect(told(await stand.stack.preview())).toMatch(
      /restart \d+ processes of YARN \(.*\), and processes that have joined since/,
    );
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(processes().every(({ started }) => started)).toBe(true);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
  });

  test("and says where its limit is too short for it", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running" });
    declare(stand, serviceState(stand, { state: "stopped", timeouts: { update: "30s" } }));
    expect(told(await stand.stack.preview())).toMatch(/usually takes .*, and timeouts\.update is 30s/);
  });
});

test("a cluster that is gone is told with the way out", async () => {
  const { stand, deploy } = await withService();
  await deploy({ state: "running" });
  stand.sim.emr.destroyCluster(stand.clusterId);
  expect((await deploy({ state: "stopped" })).error).toMatch(/does not exist.*run `pulumi refresh`/);
});
