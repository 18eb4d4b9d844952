// EMR services: their processes, operations on them, and how both are shown.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type EmrNode,
  type Fault,
  type Process,
  type ProcessSelector,
  type Settings,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { call, clusterId, clusterStatus, listNodes, longEnough, scaleOut, seconds } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  simulator.emr.createCluster({
    clusterId,
    nodes: { master: 1, core: 3, task: 1, common: 1 },
    services: ["HDFS-3.2.2", "YARN-3.2.2", "HIVE-3.1.3", "ZOOKEEPER-3.6.3", "SQOOP-1.4.7"],
  });
});

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const processes = (selector: ProcessSelector = {}) => simulator.emr.processes(clusterId, selector);
const nodesOf = (role: string) => simulator.emr.nodes(clusterId).filter((node) => node.role === role);

interface Scope {
  service?: string;
  component?: string;
  ips?: string[];
}

function operation(OpType: string, scope: Scope = {}, extra: Record<string, unknown> = {}) {
  const { service = "HDFS", component, ips } = scope;
  const componentInfo = { ComponentName: component, ...(ips ? { IpList: ips } : {}) };
  const ComponentInfoList = component === undefined ? {} : { ComponentInfoList: [componentInfo] };
  return {
    InstanceId: clusterId,
    OpType,
    OpScope: { ServiceInfoList: [{ ServiceName: service, ...ComponentInfoList }] },
    ...extra,
  };
}
const operate = (...given: Parameters<typeof operation>) =>
  call(simulator, "StartStopServiceOrMonitor", operation(...given));
const strategy = (StrategyConfig: Record<string, unknown> = {}) => ({
  StrategyConfig: { RollingRestartSwitch: 0, BatchSize: 1, TimeWait: 5, DealOnFail: 0, ...StrategyConfig },
});

const describeNodes = (request: Record<string, unknown> = {}) =>
  call(simulator, "DescribeServiceNodeInfos", {
    InstanceId: clusterId,
    ServiceName: "HDFS",
    Offset: 0,
    Limit: 999,
    ...request,
  });
async function names(request: Record<string, unknown> = {}): Promise<string[]> {
  const { response } = await describeNodes(request);
  return (response.ServiceNodeList ?? []).map((row: { NodeName: string }) => row.NodeName);
}
const hdfs = ["NameNode", "ZKFailoverController", "DataNode", "DataNode", "DataNode", "JournalNode"];

describe("StartStopServiceOrMonitor: what is accepted", () => {
  interface Row {
    name: string;
    request: () => Record<string, unknown>;
    settings?: Partial<Settings>;
    outcome: string;
    /** Cluster status right after. */
    status?: number;
  }
  const rows: Row[] = [
    { name: "start", request: () => operation("StartService"), outcome: "ok", status: 12 },
    {
      name: "start with a strategy, as in the vendor's example",
      request: () => operation("StartService", {}, strategy()),
      outcome: "ok",
      status: 12,
    },
    { name: "stop", request: () => operation("StopService"), outcome: "ok", status: 10 },
    {
      name: "restart",
      request: () => operation("RestartService", {}, strategy()),
      outcome: "ok",
      status: 8,
    },
    { name: "enter maintenance", request: () => operation("StopMonitor"), outcome: "ok", status: 9 },
    { name: "leave maintenance", request: () => operation("StartMonitor"), outcome: "ok", status: 11 },
    {
      name: "one component",
      request: () => operation("StopService", { component: "DataNode" }),
      outcome: "ok",
      status: 10,
    },
    {
      name: "one component on one node",
      request: () => operation("StopService", { component: "DataNode", ips: [nodesOf("core")[0]?.ip ?? ""] }),
      outcome: "ok",
      status: 10,
    },
    {
      name: "two services",
      request: () => ({
        ...operation("StopService"),
        OpScope: { ServiceInfoList: [{ ServiceName: "HDFS" }, { ServiceName: "YARN" }] },
      }),
      outcome: "ok",
      status: 10,
    },
    {
      name: "restart without a strategy",
      request: () => operation("RestartService"),
      outcome: "InvalidParameter",
    },
    {
      name: "restart without a strategy, other code",
      request: () => operation("RestartService"),
      settings: { restartWithoutStrategyCode: "MissingParameter" },
      outcome: "MissingParameter",
    },
    {
      name: "batch of none",
      request: () => operation("RestartService", {}, strategy({ BatchSize: 0 })),
      outcome: "InvalidParameter",
    },
    {
      name: "batch too large",
      request: () => operation("RestartService", {}, strategy({ BatchSize: 100_000 })),
      outcome: "InvalidParameter",
    },
    {
      name: "wait too long",
      request: () => operation("RestartService", {}, strategy({ TimeWait: 301 })),
      outcome: "InvalidParameter",
    },
    {
      name: "unknown way to deal with failures",
      request: () => operation("RestartService", {}, strategy({ DealOnFail: 2 })),
      outcome: "InvalidParameter",
    },
    {
      name: "unknown switch",
      request: () => operation("RestartService", {}, strategy({ RollingRestartSwitch: 2 })),
      outcome: "InvalidParameter",
    },
    {
      name: "unknown operation",
      request: () => operation("PauseService"),
      outcome: "InvalidParameter.InvalidJobFlow",
    },
    {
      name: "unknown operation, other code",
      request: () => operation("PauseService"),
      settings: { unknownOpTypeCode: "InvalidParameter" },
      outcome: "InvalidParameter",
    },
    {
      name: "unknown service",
      request: () => operation("StopService", { service: "abc" }),
      outcome: "UnsupportedOperation.ServiceNotSupport",
    },
    {
      name: "unknown component",
      request: () => operation("StopService", { component: "zkfc" }),
      outcome: "InvalidParameter.InvalidJobFlow",
    },
    {
      name: "component of another service",
      request: () => operation("StopService", { component: "NodeManager" }),
      outcome: "InvalidParameter.InvalidJobFlow",
    },
    {
      name: "a node without the component",
      request: () => operation("StopService", { component: "DataNode", ips: ["10.9.9.9"] }),
      outcome: "InvalidParameter.InvalidJobFlow",
    },
    {
      name: "no service",
      request: () => ({ ...operation("StopService"), OpScope: { ServiceInfoList: [] } }),
      outcome: "InvalidParameter.InvalidJobFlow",
    },
    {
      name: "no scope",
      request: () => ({ InstanceId: clusterId, OpType: "StopService" }),
      outcome: "MissingParameter",
    },
    {
      name: "clients only",
      request: () => operation("StopService", { service: "SQOOP" }),
      outcome: "ok",
    },
    {
      name: "clients only, not supported",
      request: () => operation("StopService", { service: "SQOOP" }),
      settings: { clientsOnlyServices: "notSupported" },
      outcome: "UnsupportedOperation.ServiceNotSupport",
    },
    {
      name: "unknown stop policy",
      request: () => operation("StopService", {}, { StopParams: { StopPolicy: "hasty" } }),
      outcome: "InvalidParameter",
    },
    {
      name: "stop policy, internationally",
      request: () => operation("StopService", {}, { StopParams: { StopPolicy: "safe" } }),
      settings: { edition: "international" },
      outcome: "UnknownParameter",
    },
    {
      name: "no such cluster",
      request: () => ({ ...operation("StopService"), InstanceId: "emr-none" }),
      outcome: "ResourceNotFound.InstanceNotFound",
    },
    {
      name: "not a cluster id",
      request: () => ({ ...operation("StopService"), InstanceId: "ins-1" }),
      outcome: "InvalidParameter.InvalidInstanceName",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ request, settings, outcome, status = 2 }) => {
    set(settings ?? {});
    const reply = await call(simulator, "StartStopServiceOrMonitor", request());
    expect(reply.outcome).toBe(outcome);
    expect(await clusterStatus(simulator)).toBe(status);
    if (outcome === "ok") expect(Object.keys(reply.response)).toEqual(["RequestId"]);
    const entry = simulator.journal.find((one) => one.action === "StartStopServiceOrMonitor");
    expect(entry).toMatchObject({ service: "emr", outcome, acted: status !== 2 });
  });

  test.each([
    { name: "a second operation", next: () => operate("StartService") },
    { name: "a scale-out", next: () => call(simulator, "ScaleOutInstance", scaleOut()) },
  ])("$name meanwhile is refused", async ({ next }) => {
    await operate("StopService");
    expect((await next()).outcome).toBe("ResourceInUse.InstanceInProcess");
    simulator.clock.advance(longEnough);
    expect((await next()).outcome).toBe("ok");
  });

  test("the ordered busy fault fits", async () => {
    simulator.faults.add({ kind: "busy", milliseconds: seconds(5), action: "StartStopServiceOrMonitor" });
    expect((await operate("StopService")).outcome).toBe("ResourceInUse.InstanceInProcess");
  });

  test.each([
    "FailedOperation",
    "InternalError.CamCgwError",
    "InternalError.WoodServerError",
    "UnauthorizedOperation.CheckCamAuth",
  ])("%s by order", async (code) => {
    simulator.faults.add({ kind: "error", code, action: "StartStopServiceOrMonitor" });
    expect((await operate("StopService")).outcome).toBe(code);
    expect(processes().every((process) => process.started)).toBe(true);
  });
});

describe("the course of an operation", () => {
  const count = async (OperatorStateId: number) => (await names({ OperatorStateId })).length;

  test("a stop: one process after the other, the last one at the end", async () => {
    await operate("StopService");
    expect(await count(2)).toBe(0);
    simulator.clock.advance(seconds(20));
    expect([await count(1), await count(2)]).toEqual([3, 3]);
    simulator.clock.advance(seconds(20) - 1);
    expect([await count(2), await clusterStatus(simulator)]).toEqual([5, 10]);
    simulator.clock.advance(1);
    expect([await count(2), await clusterStatus(simulator)]).toEqual([6, 2]);
    expect(processes({ service: "YARN" }).every((process) => process.started)).toBe(true);
  });

  test("a safe stop waits first", async () => {
    await operate("StopService", {}, { StopParams: { StopPolicy: "safe", GraceDownTime: 60 } });
    simulator.clock.advance(seconds(60));
    expect([await count(2), await clusterStatus(simulator)]).toEqual([0, 10]);
    simulator.clock.advance(seconds(40));
    expect([await count(2), await clusterStatus(simulator)]).toEqual([6, 2]);
  });

  test("a start refreshes LastRestartTime of what was down, and of nothing else", async () => {
    const [first] = simulator.emr.stopProcesses(clusterId, { component: "DataNode" });
    const untouched = processes({ component: "NameNode" })[0]?.lastRestartAt;
    await operate("StartService");
    simulator.clock.advance(seconds(60));
    expect(await count(2)).toBe(0);
    expect(first?.lastRestartAt).toBeGreaterThan(simulator.clock.now() - seconds(60));
    expect(processes({ component: "NameNode" })[0]?.lastRestartAt).toBe(untouched);
  });

  const meanings: {
    monitorOperations: Settings["monitorOperations"];
    enter: string;
    leave: string;
  }[] = [
    { monitorOperations: "mainland", enter: "StopMonitor", leave: "StartMonitor" },
    { monitorOperations: "literal", enter: "StartMonitor", leave: "StopMonitor" },
  ];
  test.each(meanings)("$monitorOperations: $enter enters maintenance, $leave leaves it", async (row) => {
    set({ monitorOperations: row.monitorOperations });
    await operate(row.enter, { component: "DataNode" });
    expect(await clusterStatus(simulator)).toBe(9);
    simulator.clock.advance(seconds(10));
    expect(await names({ MaintainStateId: 2 })).toEqual(["DataNode", "DataNode", "DataNode"]);
    expect(await names({ MaintainStateId: 1 })).toHaveLength(3);
    await operate(row.leave);
    simulator.clock.advance(seconds(10));
    expect(await names({ MaintainStateId: 2 })).toEqual([]);
  });

  test.each([
    { keep: undefined, health: "-4" },
    { keep: true, health: "1" },
  ])("KeepMonitorButNotRecoverProcess $keep: health $health", async ({ keep, health }) => {
    await operate("StopMonitor", {}, keep === undefined ? {} : { KeepMonitorButNotRecoverProcess: keep });
    simulator.clock.advance(seconds(10));
    expect(await names({ HealthStateId: health })).toEqual(hdfs);
  });

  test("timeScale compresses it", async () => {
    set({ timeScale: 0.1 });
    await operate("StopService");
    simulator.clock.advance(seconds(4));
    expect([await count(2), await clusterStatus(simulator)]).toEqual([6, 2]);
  });
});

describe("a restart", () => {
  const restart = (StrategyConfig: Record<string, unknown>) =>
    operate("RestartService", { component: "DataNode" }, strategy(StrategyConfig));
  const dataNodes = () => processes({ component: "DataNode" });
  const restartedAt = (process: Process, start: number) =>
    process.lastRestartAt !== undefined && process.lastRestartAt > start
      ? (process.lastRestartAt - start) / 1000
      : undefined;

  const rows: {
    name: string;
    config: Record<string, unknown>;
    /** Seconds after the call at which each data node was restarted. */
    restarted: number[];
  }[] = [
    { name: "all at once", config: {}, restarted: [45, 45, 45] },
    {
      name: "rolling, one by one",
      config: { RollingRestartSwitch: 1, BatchSize: 1, TimeWait: 5 },
      restarted: [45, 95, 145],
    },
    {
      name: "rolling, two by two",
      config: { RollingRestartSwitch: 1, BatchSize: 2, TimeWait: 300 },
      restarted: [45, 45, 390],
    },
    {
      name: "rolling without a wait",
      config: { RollingRestartSwitch: 1, BatchSize: 2, TimeWait: 0 },
      restarted: [45, 45, 90],
    },
  ];
  test.each(rows)("$name", async ({ config, restarted }) => {
    const start = simulator.clock.now();
    await restart(config);
    const end = Math.max(...restarted);
    simulator.clock.advance(seconds(end) - 1);
    expect(await clusterStatus(simulator)).toBe(8);
    expect(await names({ OperatorStateId: 2 })).not.toHaveLength(0);
    simulator.clock.advance(1);
    expect(await clusterStatus(simulator)).toBe(2);
    expect(dataNodes().map((process) => restartedAt(process, start))).toEqual(restarted);
    expect(await names({ OperatorStateId: 2 })).toEqual([]);
  });

  test("makes stale configuration good", async () => {
    simulator.emr.changeProcesses(clusterId, { component: "DataNode" }, { confStatus: -1 });
    expect(await names({ ConfStatus: -1 })).toHaveLength(3);
    await restart({});
    simulator.clock.advance(seconds(45));
    expect(await names({ ConfStatus: -1 })).toEqual([]);
  });

  const failures: {
    name: string;
    config: Record<string, unknown>;
    fault: Omit<Extract<Fault, { kind: "processesFail" }>, "kind">;
    settings?: Partial<Settings>;
    restarted: boolean[];
    started: boolean[];
    status: number;
  }[] = [
    {
      name: "the first is skipped",
      config: { DealOnFail: 1 },
      fault: {},
      restarted: [false, true, true],
      started: [true, true, true],
      status: 2,
    },
    {
      name: "the first blocks the rest",
      config: { DealOnFail: 0 },
      fault: {},
      restarted: [false, false, false],
      started: [true, true, true],
      status: 2,
    },
    {
      name: "the first stays down, the rest goes on",
      config: { DealOnFail: 1 },
      fault: { stopped: true },
      restarted: [false, true, true],
      started: [false, true, true],
      status: 2,
    },
    {
      name: "the first blocks until somebody comes",
      config: { DealOnFail: 0 },
      fault: { stopped: true },
      settings: { failedRestart: "holdsCluster" },
      restarted: [false, false, false],
      started: [false, true, true],
      status: 8,
    },
    {
      name: "two fail",
      config: { DealOnFail: 1 },
      fault: { count: 2 },
      restarted: [false, false, true],
      started: [true, true, true],
      status: 2,
    },
    {
      name: "a component that is not restarted fails",
      config: {},
      fault: { component: "NameNode" },
      restarted: [true, true, true],
      started: [true, true, true],
      status: 2,
    },
  ];
  test.each(failures)("$name", async ({ config, fault, settings, restarted, started, status }) => {
    set(settings ?? {});
    const start = simulator.clock.now();
    simulator.faults.add({ kind: "processesFail", ...fault });
    await restart({ RollingRestartSwitch: 1, ...config });
    simulator.clock.advance(longEnough);
    expect(dataNodes().map((process) => restartedAt(process, start) !== undefined)).toEqual(restarted);
    expect(dataNodes().map((process) => process.started)).toEqual(started);
    expect(await clusterStatus(simulator)).toBe(status);
    expect(simulator.faults.pending).toEqual([]);
  });

  test("a blocked one is released", async () => {
    set({ failedRestart: "holdsCluster" });
    simulator.faults.add({ kind: "processesFail" });
    await restart({ DealOnFail: 0 });
    simulator.clock.advance(longEnough);
    const traceId = simulator.emr.cluster(clusterId).flows.at(-1)?.traceId ?? "";
    simulator.emr.releaseFlow(clusterId, traceId);
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test("goes on when its answer is lost", async () => {
    const start = simulator.clock.now();
    simulator.faults.add({ kind: "dropAnswer", action: "StartStopServiceOrMonitor" });
    await expect(restart({})).rejects.toThrow("fetch failed");
    simulator.clock.advance(seconds(45));
    expect(dataNodes().map((process) => restartedAt(process, start))).toEqual([45, 45, 45]);
  });
});

describe("partial starts and stops", () => {
  test.each([
    { OpType: "StopService", before: true },
    { OpType: "StartService", before: false },
  ])("$OpType leaves one as it was", async ({ OpType, before }) => {
    if (!before) simulator.emr.stopProcesses(clusterId, { service: "HDFS" });
    const ip = nodesOf("core")[1]?.ip ?? "";
    simulator.faults.add({ kind: "processesFail", component: "DataNode", ip });
    await operate(OpType);
    simulator.clock.advance(longEnough);
    const asBefore = processes({ service: "HDFS" }).filter((process) => process.started === before);
    expect(asBefore).toMatchObject([{ component: "DataNode", ip }]);
    expect(await clusterStatus(simulator)).toBe(2);
  });
});

describe("the watchdog", () => {
  const rows: {
    name: string;
    watchdogRevives: boolean;
    prepare?: () => Promise<unknown>;
    stop: () => Promise<unknown> | unknown;
    revived: boolean;
  }[] = [
    {
      name: "asleep",
      watchdogRevives: false,
      stop: () => simulator.emr.stopProcesses(clusterId, { component: "NameNode" }),
      revived: false,
    },
    {
      name: "a process that died",
      watchdogRevives: true,
      stop: () => simulator.emr.stopProcesses(clusterId, { component: "NameNode" }),
      revived: true,
    },
    {
      name: "a process that was stopped by a call",
      watchdogRevives: true,
      stop: () => operate("StopService", { component: "NameNode" }),
      revived: true,
    },
    {
      name: "a process in maintenance",
      watchdogRevives: true,
      prepare: () => operate("StopMonitor", { component: "NameNode" }),
      stop: () => operate("StopService", { component: "NameNode" }),
      revived: false,
    },
    {
      name: "a process in maintenance that is still probed",
      watchdogRevives: true,
      prepare: () =>
        operate("StopMonitor", { component: "NameNode" }, { KeepMonitorButNotRecoverProcess: true }),
      stop: () => operate("StopService", { component: "NameNode" }),
      revived: false,
    },
  ];
  test.each(rows)("$name: revived $revived", async ({ watchdogRevives, prepare, stop, revived }) => {
    set({ watchdogRevives });
    await prepare?.();
    simulator.clock.advance(seconds(10));
    await stop();
    simulator.clock.advance(seconds(40));
    expect(processes({ component: "NameNode" })[0]?.started).toBe(false);
    simulator.clock.advance(seconds(60));
    expect(processes({ component: "NameNode" })[0]?.started).toBe(revived);
  });

  test("wakes when maintenance is left", async () => {
    set({ watchdogRevives: true });
    await operate("StopMonitor");
    simulator.clock.advance(seconds(10));
    simulator.emr.stopProcesses(clusterId, { component: "NameNode" });
    simulator.clock.advance(longEnough);
    await operate("StartMonitor", { component: "NameNode" });
    simulator.clock.advance(seconds(69));
    expect(processes({ component: "NameNode" })[0]?.started).toBe(false);
    simulator.clock.advance(seconds(1));
    expect(processes({ component: "NameNode" })[0]?.started).toBe(true);
  });
});

describe("DescribeServiceNodeInfos", () => {
  test("a row", async () => {
    const { response } = await describeNodes();
    const node = nodesOf("master")[0] as EmrNode;
    expect(response.ServiceNodeList[0]).toMatchObject({
      Ip: node.ip,
      Flag: 1,
      NodeFlagFilter: "master",
      NodeName: "NameNode",
      NodeType: 1,
      ServiceStatus: 1,
      Status: 1,
      MonitorStatus: 1,
      HealthStatus: { Code: 1, Text: "Good" },
      ConfStatus: 1,
      LastRestartTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      DataNodeMaintenanceState: 0,
    });
    expect(response).toMatchObject({
      TotalCnt: 6,
      SupportNodeFlagFilterList: ["master", "core", "common"],
    });
    expect(JSON.parse(Buffer.from(response.AliasInfo, "base64").toString())).toMatchObject({
      [node.ip]: "master.0",
    });
  });

  test.each([
    { name: "default numbers", stateNumbers: undefined, shown: [2, 2, 2] },
    {
      name: "other numbers",
      stateNumbers: { started: 1, stopped: 0, monitored: 1, maintenance: 7 },
      shown: [0, 0, 7],
    },
  ])("$name of a stopped process in maintenance", async ({ stateNumbers, shown }) => {
    if (stateNumbers) set({ stateNumbers });
    const change = { started: false, maintenance: true };
    simulator.emr.changeProcesses(clusterId, { component: "NameNode" }, change);
    const row = (await describeNodes()).response.ServiceNodeList[0];
    expect([row.ServiceStatus, row.Status, row.MonitorStatus]).toEqual(shown);
    expect(row.HealthStatus.Code).toBe(-4);
  });

  const changes: { component: string; fields: Partial<Process> }[] = [
    { component: "NameNode", fields: { started: false } },
    { component: "ZKFailoverController", fields: { maintenance: true } },
    { component: "DataNode", fields: { health: -3, confStatus: -2, dataNodeMaintenance: 1 } },
  ];
  const [, , ...others] = hdfs;
  const dataNodes = ["DataNode", "DataNode", "DataNode"];
  test.each<{ name: string; request: Record<string, unknown>; found: string[] }>([
    { name: "everything", request: { OperatorStateId: 0, MaintainStateId: 0, ConfStatus: -99 }, found: hdfs },
    { name: "stopped", request: { OperatorStateId: 2 }, found: ["NameNode"] },
    { name: "started", request: { OperatorStateId: 1 }, found: hdfs.slice(1) },
    { name: "in maintenance", request: { MaintainStateId: 2 }, found: ["ZKFailoverController"] },
    { name: "not in maintenance", request: { MaintainStateId: 1 }, found: ["NameNode", ...others] },
    { name: "not probed", request: { HealthStateId: "-4" }, found: ["NameNode", "ZKFailoverController"] },
    { name: "at risk", request: { HealthStateId: "-3" }, found: dataNodes },
    { name: "good", request: { HealthStateId: "1" }, found: ["JournalNode"] },
    { name: "any health", request: { HealthStateId: "-99" }, found: hdfs },
    { name: "failed configuration", request: { ConfStatus: -2 }, found: dataNodes },
    { name: "on core nodes", request: { NodeTypeName: "core" }, found: dataNodes },
    { name: "in HDFS's maintenance", request: { DataNodeMaintenanceId: 1 }, found: dataNodes },
    { name: "by text", request: { SearchText: "Journal" }, found: ["JournalNode"] },
    {
      name: "two filters",
      request: { OperatorStateId: 2, MaintainStateId: 2 },
      found: [],
    },
    { name: "second page", request: { Offset: 1, Limit: 2 }, found: ["DataNode", "DataNode"] },
  ])("$name: $found", async ({ request, found }) => {
    for (const { component, fields } of changes) {
      simulator.emr.changeProcesses(clusterId, { component }, fields);
    }
    expect(await names(request)).toEqual(found);
    if (found.length === 0) expect((await describeNodes(request)).response.ServiceNodeList).toBeNull();
  });

  test("by address", async () => {
    const SearchValue = nodesOf("core")[1]?.ip ?? "";
    expect(await names({ SearchFields: [{ SearchType: "ipv4", SearchValue }] })).toEqual(["DataNode"]);
  });

  test.each<{
    name: string;
    request: Record<string, unknown>;
    settings?: Partial<Settings>;
    outcome: string;
  }>([
    { name: "no service", request: { ServiceName: undefined }, outcome: "InvalidParameter" },
    {
      name: "lower case",
      request: { ServiceName: "hdfs" },
      outcome: "UnsupportedOperation.ServiceNotSupport",
    },
    { name: "clients only", request: { ServiceName: "SQOOP" }, outcome: "ok" },
    {
      name: "clients only, not supported",
      request: { ServiceName: "SQOOP" },
      settings: { clientsOnlyServices: "notSupported" },
      outcome: "UnsupportedOperation.ServiceNotSupport",
    },
    { name: "unknown operator state", request: { OperatorStateId: 3 }, outcome: "InvalidParameter" },
    { name: "unknown maintenance state", request: { MaintainStateId: 3 }, outcome: "InvalidParameter" },
    { name: "unknown health", request: { HealthStateId: "2" }, outcome: "InvalidParameter" },
    { name: "health as a number", request: { HealthStateId: 1 }, outcome: "InvalidParameter" },
    { name: "unknown configuration state", request: { ConfStatus: 0 }, outcome: "InvalidParameter" },
    { name: "unknown role", request: { NodeTypeName: "edge" }, outcome: "InvalidParameter" },
    {
      name: "search for a name",
      request: { SearchFields: [{ SearchType: "name", SearchValue: "x" }] },
      outcome: "InvalidParameter",
    },
    {
      name: "no such cluster",
      request: { InstanceId: "emr-none" },
      outcome: "ResourceNotFound.InstanceNotFound",
    },
  ])("$name → $outcome", async ({ request, settings, outcome }) => {
    set(settings ?? {});
    const reply = await describeNodes(request);
    expect(reply.outcome).toBe(outcome);
    if (outcome === "ok") expect(reply.response).toMatchObject({ TotalCnt: 0, ServiceNodeList: null });
  });
});

describe("processes come and go with their nodes", () => {
  const managers = async (extra: Record<string, unknown> = {}) =>
    (await names({ ServiceName: "YARN", NodeTypeName: "task", ...extra })).length;

  test.each([
    { start: "true", stopped: 0 },
    { start: "false", stopped: 1 },
  ])("a scale-out with StartServiceAfterScaleOut $start", async ({ start, stopped }) => {
    await call(simulator, "ScaleOutInstance", scaleOut({ StartServiceAfterScaleOut: start }));
    expect(await managers()).toBe(1);
    simulator.clock.advance(seconds(40));
    expect([await managers(), await managers({ OperatorStateId: 2 })]).toEqual([2, 1]);
    simulator.clock.advance(longEnough);
    expect([await managers(), await managers({ OperatorStateId: 2 })]).toEqual([2, stopped]);
    const { response } = await describeNodes({ ServiceName: "YARN", NodeTypeName: "task" });
    const isNever = response.ServiceNodeList.at(-1).LastRestartTime === "0000-00-00 00:00:00";
    expect(isNever).toBe(start === "false");
  });

  test("a removal", async () => {
    const request = { InstanceId: clusterId, ResourceIds: [nodesOf("task")[0]?.emrResourceId] };
    await call(simulator, "TerminateTasks", request);
    simulator.clock.advance(longEnough);
    expect(await managers()).toBe(0);
  });

  test("a replacement has processes of its own", () => {
    const old = nodesOf("task")[0] as EmrNode;
    const fresh = simulator.emr.replaceNode(clusterId, old.emrResourceId);
    simulator.emr.stopProcesses(clusterId, { component: "NodeManager", ip: fresh.ip });
    expect([old.processes[0]?.started, fresh.processes[0]?.started]).toEqual([true, false]);
  });

  test.each(["STOPPED", "STOPED"] as const)("the node list says %s", async (stoppedWord) => {
    set({ stoppedWord });
    simulator.emr.stopProcesses(clusterId, { component: "ZKFailoverController" });
    const [master] = await listNodes(simulator, "master");
    expect(master).toMatchObject({
      Services: "NameNode,ResourceManager,HiveServer2,HiveMetaStore,zkfc",
      ServicesStatus: expect.stringMatching(new RegExp(`^NameNode:STARTED,.*,zkfc:${stoppedWord}$`)),
    });
  });

  test("only services of the cluster run", () => {
    simulator.emr.createCluster({
      clusterId: "emr-presto",
      services: ["PRESTO-0.240"],
      nodes: { core: 1, task: 1 },
    });
    expect(simulator.emr.processes("emr-presto").map((process) => process.component)).toEqual([
      "PrestoWorker",
      "PrestoWorker",
    ]);
  });
});

describe("what tests do to processes", () => {
  test("services and their processes", () => {
    const found = simulator.emr.services(clusterId);
    expect(found.map(({ serviceName, processes: all }) => [serviceName, all.length])).toEqual([
      ["HDFS", 6],
      ["YARN", 5],
      ["HIVE", 2],
      ["ZOOKEEPER", 1],
      ["SQOOP", 0],
    ]);
  });

  test("a restart behind our back", () => {
    simulator.clock.advance(seconds(5));
    const [process] = simulator.emr.restartProcesses(clusterId, { component: "HiveServer2" });
    expect(process?.lastRestartAt).toBe(simulator.clock.now());
  });

  test.each([
    { name: "no such process", run: () => simulator.emr.stopProcesses(clusterId, { component: "x" }) },
    { name: "no such field", run: () => simulator.emr.changeProcesses(clusterId, {}, { a: 1 } as never) },
  ])("$name", ({ run }) => {
    expect(run).toThrow(/no process|no field/);
  });

  test("over HTTP", async () => {
    const control = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${simulator.url}/_sim/tencent/emr/clusters/${clusterId}/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
      return { status: answer.status, body: (await answer.json()) as any };
    };
    expect((await control("GET", "services")).body[3]).toMatchObject({
      serviceName: "ZOOKEEPER",
      processes: [{ component: "QuorumPeerMain", started: true }],
    });
    const stopped = await control("POST", "processes/stop", { component: "DataNode" });
    expect(stopped.body).toHaveLength(3);
    const restarted = await control("POST", "processes/restart", { component: "DataNode" });
    expect(restarted.body[0].started).toBe(true);
    const changed = await control("PATCH", "processes", { component: "DataNode", set: { confStatus: -1 } });
    expect(changed.body[0].confStatus).toBe(-1);
    expect((await control("PATCH", "processes", { colour: 1, set: {} })).status).toBe(400);
    expect(await names({ ConfStatus: -1 })).toHaveLength(3);
  });
});
