// EMR services: which operations are accepted, and their course.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ProcessSelector, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, longEnough, scaleOut, seconds } from "./call";

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
