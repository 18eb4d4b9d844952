// EMR services: restarts in batches, operations that succeed in part, and the watchdog.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Fault,
  type Process,
  type ProcessSelector,
  type Settings,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { call, clusterId, clusterStatus, longEnough, seconds } from "./call";

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
