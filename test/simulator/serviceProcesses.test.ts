// EMR services: their processes, how they are shown, and what becomes of them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmrNode, type Process, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, listNodes, longEnough, scaleOut, seconds } from "./call";

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
const nodesOf = (role: string) => simulator.emr.nodes(clusterId).filter((node) => node.role === role);

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
