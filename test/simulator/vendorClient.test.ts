// The vendor's own clients, unmodified, against the simulator.
import { dlc } from "tencentcloud-sdk-nodejs/tencentcloud/services/dlc";
import { emr } from "tencentcloud-sdk-nodejs/tencentcloud/services/emr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { call, clusterId } from "./call";

let simulator: Simulator;

beforeEach(async () => {
  // The client's clock is the real one, so that simulated time must stay within the permitted skew.
  simulator = await startSimulator({ startTime: new Date(), timeScale: 0.1 });
  simulator.emr.createCluster({ clusterId });
});
afterEach(() => simulator.close());

function options(credential: { secretId?: string; secretKey?: string; token?: string } = {}) {
  return {
    credential: { secretId: "AKIDsimulator", secretKey: "simulatorSecretKey0001", ...credential },
    region: "ap-guangzhou",
    profile: {
      language: "en-US" as const,
      httpProfile: { endpoint: new URL(simulator.url).host, protocol: "http://" },
    },
  };
}

const client = (credential?: Parameters<typeof options>[0]) => new emr.v20190103.Client(options(credential));
const dlcClient = () => new dlc.v20210125.Client(options());

test("describes, scales out, follows the flow and shrinks again", async () => {
  const vendor = client();
  const instances = await vendor.DescribeInstances({
    DisplayStrategy: "clusterList",
    InstanceIds: [clusterId],
  });
  expect(instances.ClusterList?.[0]).toMatchObject({ ClusterId: clusterId, Status: 2, Uin: "100000000001" });
  const before = await vendor.DescribeClusterNodes({ InstanceId: clusterId, NodeFlag: "task" });
  expect(before).toMatchObject({ TotalCnt: 0, NodeList: null });

  const bought = await vendor.ScaleOutInstance({
    InstanceId: clusterId,
    TimeUnit: "s",
    TimeSpan: 3600,
    PayMode: 0,
    TaskCount: 2,
    ClientToken: "token-1",
    Tags: [{ TagKey: "owner", TagValue: "pool" }],
    StartServiceAfterScaleOut: "true",
  });
  expect(bought).toMatchObject({ InstanceId: clusterId, FlowId: 0, ClientToken: "token-1" });

  const follow = () =>
    vendor.DescribeClusterFlowStatusDetail({
      InstanceId: clusterId,
      FlowParam: { FKey: "TraceId", FValue: bought.TraceId ?? "" },
    });
  expect((await follow()).FlowTotalStatus).toBe(0);
  simulator.clock.advance(10_000);
  expect((await follow()).FlowTotalStatus).toBe(1);
  simulator.clock.advance(20_000);
  expect((await follow()).FlowTotalStatus).toBe(2);

  const after = await vendor.DescribeClusterNodes({ InstanceId: clusterId, NodeFlag: "task" });
  expect(after.TotalCnt).toBe(2);
  expect(after.NodeList?.[0]).toMatchObject({
    Flag: 3,
    Tags: [{ TagKey: "owner", TagValue: "pool" }],
    ServicesStatus: "NodeManager:STARTED",
  });

  const removal = await vendor.TerminateClusterNodes({
    InstanceId: clusterId,
    NodeFlag: "TASK",
    CvmInstanceIds: (after.NodeList ?? []).map((node) => node.OrderNo ?? ""),
  });
  expect(removal.FlowId).toBeGreaterThan(0);
  simulator.clock.advance(9_000);
  const end = await vendor.DescribeClusterNodes({ InstanceId: clusterId, NodeFlag: "task" });
  expect(end.NodeList).toBeNull();
});

test("restarts a service, stops it and takes it into maintenance", async () => {
  const vendor = client();
  const scope = { ServiceInfoList: [{ ServiceName: "YARN" }] };
  const look = async (filter: { OperatorStateId?: number; MaintainStateId?: number } = {}) => {
    const { ServiceNodeList } = await vendor.DescribeServiceNodeInfos({
      InstanceId: clusterId,
      ServiceName: "YARN",
      Offset: 0,
      Limit: 999,
      ...filter,
    });
    return ServiceNodeList ?? [];
  };
  const before = await look();
  expect(before.map((row) => row.NodeName)).toEqual(["ResourceManager", "NodeManager", "NodeManager"]);
  await vendor.StartStopServiceOrMonitor({
    InstanceId: clusterId,
    OpType: "RestartService",
    OpScope: scope,
    StrategyConfig: { RollingRestartSwitch: 1, BatchSize: 2, TimeWait: 10, DealOnFail: 1 },
  });
  const busy = await vendor.DescribeInstances({ DisplayStrategy: "clusterList", InstanceIds: [clusterId] });
  expect(busy.ClusterList?.[0]?.Status).toBe(8);
  simulator.clock.advance(10_000);
  const after = await look();
  for (const [index, row] of after.entries()) {
    expect(row.LastRestartTime).not.toBe(before[index]?.LastRestartTime);
  }

  await vendor.StartStopServiceOrMonitor({ InstanceId: clusterId, OpType: "StopMonitor", OpScope: scope });
  simulator.clock.advance(1_000);
  expect(await look({ MaintainStateId: 2 })).toHaveLength(3);
  await vendor.StartStopServiceOrMonitor({ InstanceId: clusterId, OpType: "StopService", OpScope: scope });
  simulator.clock.advance(4_000);
  expect(await look({ OperatorStateId: 2 })).toHaveLength(3);
});

test("switches an engine's image version, upgrades it and rolls it back", async () => {
  const vendor = dlcClient();
  const { dataEngineId: DataEngineId, dataEngineName } = simulator.dlc.createEngine();
  const look = async () => {
    const { DataEngines } = await vendor.DescribeDataEngines({
      Filters: [{ Name: "engine-id", Values: [DataEngineId] }],
    });
    return DataEngines?.[0];
  };
  const before = await look();
  expect(before).toMatchObject({ State: 2, ImageVersionName: "SuperSQL-S 1.0" });
  const { ImageParentVersions } = await vendor.DescribeDataEngineImageVersions({ EngineType: "SparkSQL" });
  const target = ImageParentVersions?.find((image) => image.ImageVersion === "SuperSQL-S 3.5");
  await vendor.SwitchDataEngineImage({ DataEngineId, NewImageVersionId: target?.ImageVersionId ?? "" });
  expect(await look()).toMatchObject({ State: 0, ImageVersionId: before?.ImageVersionId });
  simulator.clock.advance(30_000);
  expect(await look()).toMatchObject({ State: 2, ImageVersionId: target?.ImageVersionId });

  simulator.dlc.createChildImage(target?.ImageVersionId ?? "");
  const upgrade = await vendor.CheckDataEngineImageCanBeUpgrade({ DataEngineId });
  expect(upgrade.IsUpgrade).toBe(true);
  await vendor.UpgradeDataEngineImage({ DataEngineId });
  simulator.clock.advance(18_000);
  expect((await look())?.ChildImageVersionId).toBe(upgrade.ChildImageVersionId);

  const { IsRollback, ...records } = await vendor.CheckDataEngineImageCanBeRollback({ DataEngineId });
  expect(IsRollback).toBe(true);
  const { FromRecordId = "", ToRecordId = "" } = records;
  await vendor.RollbackDataEngineImage({ DataEngineId, FromRecordId, ToRecordId });
  simulator.clock.advance(18_000);
  expect((await look())?.ChildImageVersionId).not.toBe(upgrade.ChildImageVersionId);

  await vendor.RestartDataEngine({ DataEngineId });
  simulator.clock.advance(12_000);
  await vendor.SuspendResumeDataEngine({ DataEngineName: dataEngineName, Operate: "suspend" });
  simulator.clock.advance(3_000);
  const { DataEngine } = await vendor.DescribeDataEngine({ DataEngineName: dataEngineName });
  expect(DataEngine?.State).toBe(1);
  await expect(vendor.UpgradeDataEngineImage({ DataEngineId })).rejects.toMatchObject({
    code: "ResourceNotFound.DataEngineNotActivity",
  });
});

test("reports errors that the client understands", async () => {
  await expect(
    client({ secretKey: "wrong" }).DescribeInstances({ DisplayStrategy: "clusterList" }),
  ).rejects.toMatchObject({
    code: "AuthFailure.SignatureFailure",
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("only the vendor's client may sign for the first label of an address", async () => {
  const vendor = client();
  await expect(vendor.DescribeInstances({ DisplayStrategy: "clusterList" })).resolves.toBeDefined();
  const other = await call(
    simulator,
    "DescribeInstances",
    { DisplayStrategy: "clusterList" },
    { service: "127" },
  );
  expect(other.outcome).toBe("AuthFailure.SignatureFailure");
});
