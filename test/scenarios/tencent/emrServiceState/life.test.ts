// The life of an EMR service's run-state, and what happens when things are not as they should be.
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../../simulator/index";
import { declare, doorState, pool, serviceState, stateOf, stepsOf } from "../../stand";
import { operations, restarted, withService } from "../../subjects";

describe("the scope", () => {
  test("is one component, or a component on one node", async () => {
    const { stand, deploy, processes } = await withService();
    const [first, second] = processes({ component: "NodeManager" });
    expect(
      (await deploy({ state: "stopped", components: ["NodeManager"], nodeIps: [first?.ip] })).error,
    ).toBeUndefined();
    expect([first?.started, second?.started]).toEqual([false, true]);
    expect((await deploy({ state: "stopped", components: ["NodeManager"] })).error).toBeUndefined();
    expect(
      processes()
        .filter(({ started }) => !started)
        .every(({ component }) => component === "NodeManager"),
    ).toBe(true);
    expect(processes({ component: "ResourceManager" })[0]?.started).toBe(true);
    expect(await stateOf(stand, "service")).toMatchObject({ runState: "stopped" });
  });

  test.each([
    [
      "a component that there is not",
      { components: ["Nodemanager"] },
      /YARN has no Nodemanager; it has .*NodeManager/,
    ],
    [
      "a node that there is not",
      { components: ["NodeManager"], nodeIps: ["10.9.9.9"] },
      /no such process is on 10\.9\.9\.9/,
    ],
    ["a service that there is not", { service: "NOSUCH" }, /has no processes/],
    ["nodes without components", { nodeIps: ["10.0.0.1"] }, /nodeIps.*needs components/],
    ["something that is no address", { components: ["NodeManager"], nodeIps: ["node-1"] }, /IPv4/],
    ["too long a wait", { restart: { waitSeconds: 301 } }, /at most 300/],
    ["too large a batch", { restart: { batchSize: 100_000 } }, /at most 99999/],
    ["an unknown state", { state: "restarted" }, /"running" or "stopped"/],
  ])("refuses %s before any call that changes something", async (_name, inputs, reason) => {
    const { stand, deploy } = await withService();
    expect((await deploy({ state: "running", ...inputs })).error).toMatch(reason);
    expect(operations(stand)).toEqual([]);
    expect(await stateOf(stand, "service")).toBeUndefined();
  });

  test.each(["emptyList", "notSupported"] as const)(
    "of clients only is told (%s)",
    async (clientsOnlyServices) => {
      const { stand } = await withService();
      stand.sim.settings.clientsOnlyServices = clientsOnlyServices;
      stand.sim.emr.createCluster({ clusterId: "emr-clients1", services: ["HDFS-3.2.2", "SQOOP-1.4.7"] });
      declare(stand, serviceState({ clusterId: "emr-clients1" }, { service: "SQOOP", state: "running" }));
      expect((await stand.stack.up()).error).toMatch(/consists of clients only/);
    },
  );
});

describe("maintenance", () => {
  test("is entered before stopping, so that the watchdog leaves the processes alone", async () => {
    const { stand, deploy, processes } = await withService();
    stand.sim.settings.watchdogRevives = true;
    expect((await deploy({ state: "stopped", maintenance: true })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["StopMonitor", "StopService"]);
    stand.sim.clock.advance(3_600_000);
    expect(processes().every(({ started, maintenance }) => !started && maintenance)).toBe(true);
    expect(await stateOf(stand, "service")).toMatchObject({ runState: "stopped", maintenanceState: "all" });
  });

  test("is left after starting", async () => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "stopped", maintenance: true });
    expect((await deploy({ state: "running", maintenance: false })).error).toBeUndefined();
    expect(operations(stand).slice(2)).toEqual(["StartService", "StartMonitor"]);
    expect(processes().every(({ started, maintenance }) => started && !maintenance)).toBe(true);
    expect(stepsOf(await deploy({ state: "running", maintenance: false }))).toEqual([]);
  });

  test("that another edition takes the other way round is noticed", async () => {
    const { stand, deploy } = await withService();
    stand.sim.settings.monitorOperations = "literal";
    expect((await deploy({ state: "running", maintenance: true })).error).toMatch(
      /StopMonitor .* left \d+ of \d+ processes as they were/,
    );
  });
});

describe("a restart", () => {
  test("follows a change of the triggers, with the strategy asked for, and nothing else", async () => {
    const { stand, deploy, processes } = await withService();
    expect((await deploy({ state: "running", restartTriggers: { config: "1" } })).error).toBeUndefined();
    const before = restarted(processes());
    const restart = { rolling: true, batchSize: 2, waitSeconds: 30, onFailure: "continue" };
    expect(
      (await deploy({ state: "running", restartTriggers: { config: "1" }, restart })).error,
    ).toBeUndefined();
    expect(restarted(processes())).toEqual(before);
    expect(
      (await deploy({ state: "running", restartTriggers: { config: "2" }, restart })).error,
    ).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
    expect(
      stand.sim.journal.find(({ action }) => action === "StartStopServiceOrMonitor")?.request,
    ).toMatchObject({
      StrategyConfig: { RollingRestartSwitch: 1, BatchSize: 2, TimeWait: 30, DealOnFail: 1 },
    });
    expect(processes().every(({ lastRestartAt }, index) => (lastRestartAt ?? 0) > (before[index] ?? 0))).toBe(
      true,
    );
    expect(stepsOf(await deploy({ state: "running", restartTriggers: { config: "2" }, restart }))).toEqual(
      [],
    );
  });

  test.each<[string, Fault, number]>([
    ["the answer is lost", { kind: "dropAnswer", action: "StartStopServiceOrMonitor" }, 1],
    [
      "the answer is an HTTP 502",
      { kind: "http", status: 502, acted: true, action: "StartStopServiceOrMonitor" },
      1,
    ],
    [
      "the answer is an internal error",
      {
        kind: "error",
        code: "InternalError.WoodServerError",
        acted: true,
        action: "StartStopServiceOrMonitor",
      },
      1,
    ],
    ["the request is lost", { kind: "dropRequest", action: "StartStopServiceOrMonitor" }, 2],
  ])("happens once where %s", async (_name, fault, sends) => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const before = restarted(processes());
    stand.sim.faults.add(fault);
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toHaveLength(sends);
    expect(processes().every(({ lastRestartAt }, index) => (lastRestartAt ?? 0) > (before[index] ?? 0))).toBe(
      true,
    );
  });

  test.each(["received", "acted"] as const)(
    "happens once where the provider is killed once the cloud has %s it",
    async (phase) => {
      const { stand, killAt, deploy, processes } = await withService();
      await deploy({ state: "running", restartTriggers: { config: "1" } });
      killAt("StartStopServiceOrMonitor", phase);
      expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).ok).toBe(false);
      expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
      expect(operations(stand)).toHaveLength(phase === "acted" ? 1 : 2);
      const once = restarted(processes());
      expect(stepsOf(await deploy({ state: "running", restartTriggers: { config: "2" } }))).toEqual([]);
      expect(restarted(processes())).toEqual(once);
    },
  );

  test("that leaves some processes out says which, and the next up restarts only those", async () => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const [spared] = processes({ component: "NodeManager" });
    stand.sim.faults.add({ kind: "processesFail", component: "NodeManager", ip: spared?.ip ?? "" });
    const first = await deploy({
      state: "running",
      restartTriggers: { config: "2" },
      restart: { onFailure: "continue" },
    });
    expect(first.error).toMatch(
      new RegExp(`RestartService .* left 1 of \\d+ processes as they were: NodeManager@${spared?.ip}`),
    );
    expect(await stateOf(stand, "service")).toMatchObject({ restartTriggers: { config: "1" } });
    const others = restarted(processes().filter((process) => process !== spared));
    expect(
      (
        await deploy({
          state: "running",
          restartTriggers: { config: "2" },
          restart: { onFailure: "continue" },
        })
      ).error,
    ).toBeUndefined();
    expect(restarted(processes().filter((process) => process !== spared))).toEqual(others);
  });
});

describe("starting and stopping", () => {
  test.each<[string, Fault]>([
    ["the answer is lost", { kind: "dropAnswer", action: "StartStopServiceOrMonitor" }],
    ["the request is lost", { kind: "dropRequest", action: "StartStopServiceOrMonitor" }],
    [
      "somebody holds the cluster",
      { kind: "busy", milliseconds: 60_000, action: "StartStopServiceOrMonitor" },
    ],
  ])("get there where %s", async (_name, fault) => {
    const { stand, deploy, processes } = await withService();
    stand.sim.faults.add(fault);
    expect((await deploy({ state: "stopped" })).error).toBeUndefined();
    expect(processes().every(({ started }) => !started)).toBe(true);
  });

  test("say which processes did not follow, and keep what is so in state", async () => {
    const { stand, deploy } = await withService();
    stand.sim.faults.add({ kind: "processesFail", component: "NodeManager" });
    expect((await deploy({ state: "stopped" })).error).toMatch(
      /StopService .* left 1 of \d+ processes as they were: NodeManager@/,
    );
    expect(await stateOf(stand, "service")).toMatchObject({
      runState: "partial",
      ...doorState,
    });
    expect((await deploy({ state: "stopped" })).error).toBeUndefined();
  });

  test("a stop that was accepted and of which nothing shows is done again by the next up", async () => {
    const { stand, deploy } = await withService();
    stand.sim.faults.add({ kind: "processesFail", count: 1000 });
    expect((await deploy({ state: "stopped" })).error).toMatch(/as they were/);
    expect((await deploy({ state: "stopped" })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["StopService", "StopService"]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["stopped is declared", { state: "stopped", restartTriggers: { config: "2" } }],
    ["the triggers are set back", { state: "running", restartTriggers: { config: "1" } }],
  ])("a restart of which nothing shows is no question any more once %s", async (_name, wanted) => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    stand.sim.faults.add({ kind: "processesFail", count: 1000 });
    const again = { state: "running", restartTriggers: { config: "2" } };
    expect((await deploy(again)).error).toMatch(/as they were/);
    expect((await deploy(again)).error).toMatch(/not sent again on a guess/);
    expect((await deploy(wanted)).error).toBeUndefined();
    expect(await stateOf(stand, "service")).toMatchObject({ runState: wanted.state });
    expect(operations(stand).filter((name) => name === "RestartService")).toHaveLength(1);
  });

  test.each([
    ["running", ["StopService", "StartService"]],
    ["stopped", ["StopService", "StartService", "StopService"]],
    ["leave", ["StopService", "StartService"]],
  ])("deleting with onDelete %s", async (onDelete, expected) => {
    const { stand, deploy } = await withService();
    await deploy({ state: "stopped", onDelete });
    await deploy({ state: "running", onDelete });
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(operations(stand)).toEqual(expected);
  });

  test("a cluster that is gone takes the resource out of state; one that cannot be seen does not", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running" });
    stand.sim.faults.add({
      kind: "error",
      code: "UnauthorizedOperation.CheckCamAuth",
      action: "DescribeServiceNodeInfos",
    });
    expect((await stand.stack.refresh()).error).toMatch(/CheckCamAuth.*Grant the action/);
    expect(await stateOf(stand, "service")).toBeDefined();
    stand.sim.emr.destroyCluster(stand.clusterId);
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete service"]);
  });
});

test("a pool grows, and the service starts on the new nodes; changes on the cluster come one after the other", async () => {
  const { stand, processes } = await withService();
  // The service first: beside a pool that has just grown it starts what there is then.
  const both = (count: number) => [serviceState(stand, { state: "running" }), pool(stand, count)];
  declare(stand, ...both(1));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, ...both(3));
  expect((await stand.stack.up()).error).toBeUndefined();
  await stand.stack.refresh();
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(processes().every(({ started }) => started)).toBe(true);
  expect(processes({ component: "NodeManager" }).length).toBeGreaterThan(3);
  expect(stand.sim.journal.filter(({ outcome }) => outcome === "ResourceInUse.InstanceInProcess")).toEqual(
    [],
  );
});
