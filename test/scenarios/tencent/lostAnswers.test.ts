// Engine images and service run-states under attack: kills, lost requests, changed inputs, odd engines, doubtful answers.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { declare, engineImage, type Stand, serviceState, stateOf, stepsOf } from "../stand";
import {
  dataEngineId,
  newVersion,
  oldVersion,
  operations,
  switches,
  withEngine,
  withService,
} from "../subjects";

const requests = (stand: Stand) =>
  stand.sim.journal.flatMap(({ action, request }) =>
    action === "StartStopServiceOrMonitor" ? [request as { OpType: string; OpScope: unknown }] : [],
  );

describe("an engine resumed for the change is suspended again", () => {
  test.each([["SwitchDataEngineImage"], ["SuspendResumeDataEngine"]])("though killed at %s", async (call) => {
    const { killAt, engine, deploy } = await withEngine({ state: 1 });
    killAt(call, call.startsWith("Switch") ? "received" : "acted");
    expect((await deploy({ allowSuspended: true })).ok).toBe(false);
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    expect(engine.state).toBe(1);
  });

  test("though the switch is refused", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    stand.sim.faults.add({
      kind: "error",
      code: "FailedOperation.NoPermissionToUseTheDataEngine",
      action: "SwitchDataEngineImage",
    });
    expect((await deploy({ allowSuspended: true })).ok).toBe(false);
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    stand.sim.clock.advance(600_000);
    expect(engine.state).toBe(1);
  });

  const failed = async (stand: Stand, deploy: Awaited<ReturnType<typeof withEngine>>["deploy"]) => {
    const action = "SwitchDataEngineImage";
    stand.sim.faults.add({ kind: "error", code: "FailedOperation.NoPermissionToUseTheDataEngine", action });
    expect((await deploy({ allowSuspended: true })).ok).toBe(false);
    expect(await stateOf(stand, "image")).toMatchObject({ resumedForChange: true });
  };

  test("though another machine goes on, after a refresh", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    await failed(stand, deploy);
    rmSync(stand.journalDirectory, { recursive: true });
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    expect(engine.state).toBe(1);
    expect(await stateOf(stand, "image")).not.toHaveProperty("resumedForChange");
    expect(stepsOf(await stand.stack.up())).toEqual([]);
  });

  test("though the version is no longer wanted", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    await failed(stand, deploy);
    expect((await deploy({ imageVersion: oldVersion })).error).toBeUndefined();
    // The one that was refused.
    expect([engine.state, switches(stand)]).toEqual([1, 1]);
  });

  test("unless somebody did it meanwhile", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    await failed(stand, deploy);
    engine.state = 1;
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect(await stateOf(stand, "image")).not.toHaveProperty("resumedForChange");
  });

  test("or said to run where nobody looks after it any more", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    await failed(stand, deploy);
    const gone = await stand.stack.destroy();
    expect(gone.error).toBeUndefined();
    expect(gone.messages.map(({ message }) => message).join()).toMatch(/runs and is billed: suspend it/);
    expect(engine.state).toBe(2);
  });

  test("though the request to suspend is lost", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    stand.sim.faults.add({ kind: "dropRequest", action: "SuspendResumeDataEngine", skip: 1 });
    const first = await deploy({ allowSuspended: true });
    await deploy({ allowSuspended: true });
    stand.sim.clock.advance(600_000);
    expect([first.error, engine.state]).toEqual([undefined, 1]);
  });
});

test("a lost request to resume does not cost the whole timeout", async () => {
  const { stand, deploy } = await withEngine({ state: 1 });
  stand.sim.faults.add({ kind: "dropRequest", action: "SuspendResumeDataEngine" });
  expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
});

test("the preview says that a suspended engine is going to be resumed", async () => {
  const { stand, deploy } = await withEngine({ state: 1, imageVersion: newVersion });
  await deploy({ allowSuspended: true });
  declare(stand, engineImage({ dataEngineId, imageVersion: oldVersion, allowSuspended: true }));
  const told = (await stand.stack.preview()).messages.map(({ message }) => message).join("\n");
  expect(told).toMatch(/resume the engine/);
});

describe("restorePrevious", () => {
  test("does not go back to what an earlier resource came from", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    await deploy();
    await stand.stack.destroy();
    expect((await deploy({ onDelete: "restorePrevious" })).error).toBeUndefined();
    expect(await stateOf(stand, "image")).toMatchObject({ previousImageVersionId: versionOf(newVersion) });
    await stand.stack.destroy();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
  });

  test("knows the first version though another was wanted after the kill", async () => {
    const { stand, killAt, versionOf, deploy } = await withEngine();
    const third = stand.sim.dlc.createImage({ imageVersion: "SuperSQL-S 4.0", engineType: "SparkSQL" });
    killAt("SwitchDataEngineImage", "acted");
    await deploy({ onDelete: "restorePrevious" });
    stand.sim.clock.advance(600_000);
    await deploy({ onDelete: "restorePrevious", imageVersion: third.imageVersion });
    expect(await stateOf(stand, "image")).toMatchObject({ previousImageVersionId: versionOf(oldVersion) });
  });
});

test("a switch is not failed on one look between the state and the version", async () => {
  const { stand, engine, versionOf, deploy } = await withEngine();
  let looks = 0;
  stand.sim.onCall(({ action, phase }) => {
    if (action !== "DescribeDataEngines" || phase !== "received") return undefined;
    // The engine runs again a moment before the version is written.
    if (looks === 0 && engine.imageVersionId === versionOf(newVersion)) {
      looks = 1;
      engine.imageVersionId = versionOf(oldVersion);
    } else if (looks === 1) {
      looks = 2;
      engine.imageVersionId = versionOf(newVersion);
    }
    return undefined;
  });
  expect((await deploy()).error).toBeUndefined();
});

test.each<[string, Parameters<typeof withEngine>[0]]>([
  ["a standard batch engine", { engineTypeDetail: "StandardSpark", engineExecType: "BATCH" }],
  [
    "a standard engine that does not tell its type",
    { engineTypeDetail: "", engineGeneration: "Native", engineType: "spark" },
  ],
])("%s is found and its versions known", async (_name, fixture) => {
  const { deploy } = await withEngine(fixture);
  expect((await deploy({ imageVersion: "Standard-S 1.1" })).error).toBeUndefined();
});

test("an engine whose minor versions cannot be checked can still be switched", async () => {
  const { stand, deploy } = await withEngine();
  stand.sim.faults.add({
    kind: "error",
    code: "ResourceNotFound.ImageVersionNotFound",
    action: "CheckDataEngineImageCanBeUpgrade",
    times: 99,
  });
  expect((await deploy()).error).toBeUndefined();
});

test("two resources that name one engine differently change it one after the other", async () => {
  const { stand } = await withEngine({ state: 1 });
  const inputs = { imageVersion: newVersion, allowSuspended: true };
  declare(
    stand,
    engineImage({ dataEngineId, ...inputs }),
    engineImage({ dataEngineName: "reports", ...inputs }, "second"),
  );
  await stand.stack.up();
  expect(stand.changes()).toEqual([
    "SuspendResumeDataEngine",
    "SwitchDataEngineImage",
    "SuspendResumeDataEngine",
  ]);
});

test("an engine that has failed is no success, though it shows the version", async () => {
  const { deploy } = await withEngine({ state: -1, imageVersion: newVersion, message: "no quota" });
  expect((await deploy()).error).toMatch(/failed.*no quota/);
});

describe("a restart", () => {
  test("is not made of what was just started", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "stopped", restartTriggers: { config: "1" } });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(operations(stand)).toEqual(["StopService", "StartService"]);
  });

  test("that begins while an earlier run's is waited for is not sent for what it has done", async () => {
    const { stand, killAt, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    killAt("StartStopServiceOrMonitor", "received");
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    const [first, ...others] = processes({ component: "NodeManager" });
    const { clock } = stand.sim;
    // The request arrives late, and stops after its first process.
    const begins = clock.now() + 60_000;
    let last = first?.lastRestartAt ?? 0;
    Object.defineProperty(first, "lastRestartAt", {
      get: () => Math.max(last, clock.now() < begins ? 0 : begins),
      set: (value: number) => {
        last = value;
      },
    });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(others).not.toEqual([]);
    expect(JSON.stringify(requests(stand).at(-1)?.OpScope)).not.toContain(`"${first?.ip}"`);
    expect(JSON.stringify(requests(stand).at(-1)?.OpScope)).toContain("IpList");
  });

  test("that was accepted is never sent again, though an earlier request was lost", async () => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    // The cluster's status and its processes show the restart after five minutes.
    const { clock } = stand.sim;
    stand.sim.settings.statusLagMilliseconds = 3_000_000;
    clock.advance(400_000);
    const until = clock.now() + 430_000;
    for (const process of processes()) {
      let last = process.lastRestartAt;
      const before = last;
      Object.defineProperty(process, "started", { get: () => true, set: () => {} });
      Object.defineProperty(process, "lastRestartAt", {
        get: () => (clock.now() < until ? before : last),
        set: (value: number) => {
          last = value;
        },
      });
    }
    stand.sim.faults.add({ kind: "dropRequest", action: "StartStopServiceOrMonitor" });
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService", "RestartService"]);
  });

  test("under way is not taken for a service that is down", async () => {
    const { stand, killAt, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    stand.sim.settings.statusLagMilliseconds = 50_000;
    stand.sim.clock.advance(60_000);
    killAt("StartStopServiceOrMonitor", "acted");
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
  });

  test("is known though the scope was changed after the kill", async () => {
    const { stand, killAt, deploy, processes } = await withService();
    await deploy({ state: "running", components: ["NodeManager"], restartTriggers: { config: "1" } });
    killAt("StartStopServiceOrMonitor", "acted");
    await deploy({ state: "running", components: ["NodeManager"], restartTriggers: { config: "2" } });
    stand.sim.clock.advance(600_000);
    const once = processes({ component: "NodeManager" }).map(({ lastRestartAt }) => lastRestartAt);
    await deploy({
      state: "running",
      components: ["NodeManager", "ResourceManager"],
      restartTriggers: { config: "2" },
    });
    expect(processes({ component: "NodeManager" }).map(({ lastRestartAt }) => lastRestartAt)).toEqual(once);
  });

  test("is made though an earlier resource had a restart with the same triggers found done", async () => {
    const { stand, killAt, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    killAt("StartStopServiceOrMonitor", "acted");
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    await stand.stack.destroy();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    stand.sim.clock.advance(86_400_000);
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(operations(stand)).toEqual(["RestartService", "RestartService"]);
  });

  test("is made though an earlier attempt was refused and the trigger taken back", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    stand.sim.faults.add({
      kind: "error",
      code: "UnauthorizedOperation.CheckCamAuth",
      action: "StartStopServiceOrMonitor",
    });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    stand.sim.clock.advance(86_400_000);
    stand.sim.emr.restartProcesses(stand.clusterId, { service: "YARN" });
    stand.sim.clock.advance(86_400_000);
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(operations(stand)).toEqual(["RestartService", "RestartService"]);
  });

  test("of processes that do not tell their last restart is not made by every up", async () => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const [silent] = processes();
    if (silent) Object.defineProperty(silent, "lastRestartAt", { get: () => undefined, set: () => {} });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(operations(stand)).toEqual(["RestartService"]);
  });
});

test("what the cloud said is in the error", async () => {
  const { stand, deploy } = await withService();
  stand.sim.faults.add({
    kind: "error",
    code: "FailedOperation",
    message: "the service is in safe mode",
    action: "StartStopServiceOrMonitor",
    times: 9,
  });
  expect((await deploy({ state: "stopped" })).error).toMatch(/safe mode/);
});

describe("the preview of a changed scope", () => {
  test.each([
    ["wider", ["NodeManager"], ["NodeManager", "ResourceManager"]],
    ["narrower", ["NodeManager", "ResourceManager"], ["NodeManager"]],
  ])("%s tells what is going to happen", async (_name, before, after) => {
    const { stand, deploy, processes } = await withService();
    await deploy({ state: "running", components: before });
    declare(stand, serviceState(stand, { state: "stopped", components: after }));
    const told = (await stand.stack.preview()).messages.map(({ message }) => message).join("\n");
    const count = processes().filter(({ component }) => after.includes(component)).length;
    // What was out of scope before is not in state, so that a preview can only say that there will be more.
    if (_name === "wider")
      expect(told).toMatch(/stop \d+ process.*which processes come into scope is only known/s);
    else expect(told).toContain(`stop ${count} process`);
  });
});

test.each(["node", "service"])("a resource is deleted with onDelete though its %s is gone", async (gone) => {
  const { stand, deploy, processes } = await withService();
  const ip = processes({ component: "NodeManager" }).at(-1)?.ip ?? "";
  const scope = gone === "node" ? { components: ["NodeManager"], nodeIps: [ip] } : {};
  await deploy({ state: "running", onDelete: "stopped", ...scope });
  for (const node of stand.sim.emr.nodes(stand.clusterId)) {
    if (gone === "service") node.processes = node.processes.filter(({ service }) => service !== "YARN");
    else if (node.ip === ip) stand.sim.emr.removeNode(stand.clusterId, node.emrResourceId);
  }
  expect((await stand.stack.destroy()).error).toBeUndefined();
});

test("a started process that the probe calls unavailable is not plainly running", async () => {
  const { stand, deploy } = await withService();
  stand.sim.emr.changeProcesses(
    stand.clusterId,
    { service: "YARN", component: "NodeManager" },
    { health: 0 },
  );
  const result = await deploy({ state: "running" });
  const told = `${result.error ?? ""}${result.messages.map(({ message }) => message).join()}`;
  expect(told).toMatch(/unavailable/i);
});

test("one empty list while waiting does not finish a restart", async () => {
  const { stand, deploy } = await withService();
  await deploy({ state: "running", restartTriggers: { config: "1" } });
  stand.sim.faults.add({ kind: "processesFail", component: "NodeManager" });
  let sent = false;
  stand.sim.onCall(({ action, phase }) => {
    if (action === "StartStopServiceOrMonitor" && phase === "acted" && !sent) {
      sent = true;
      stand.sim.faults.add({
        kind: "error",
        code: "UnsupportedOperation.ServiceNotSupport",
        action: "DescribeServiceNodeInfos",
        times: 99,
      });
      stand.sim.settings.statusLagMilliseconds = 3_000_000;
    }
    if (sent && action === "DescribeServiceNodeInfos" && phase === "acted") stand.sim.faults.clear();
    return undefined;
  });
  const first = await deploy({ state: "running", restartTriggers: { config: "2" } });
  expect(first.ok).toBe(false);
  expect(await stateOf(stand, "service")).toMatchObject({ restartTriggers: { config: "1" } });
});

test("replacing the resource itself does not leave the service stopped", async () => {
  const { stand, deploy, processes } = await withService();
  await deploy({ state: "running", onDelete: "stopped" });
  declare(stand, serviceState(stand, { state: "running", onDelete: "stopped" }, "renamed"));
  await stand.stack.up();
  expect(processes().every(({ started }) => started)).toBe(true);
});
