// EMR: prices, changes of tags, and how their workflows are told.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmrNode, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, flowOf, longEnough, seconds } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  simulator.emr.createCluster({ clusterId, nodes: { master: 1, core: 3, task: 2, router: 1, common: 1 } });
});

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const first = (role: string) => simulator.emr.nodes(clusterId).find((node) => node.role === role) as EmrNode;

describe("InquiryPriceScaleOutInstance", () => {
  const request = {
    InstanceId: clusterId,
    TimeUnit: "s",
    TimeSpan: 3600,
    PayMode: 0,
    ZoneId: 100003,
    CoreCount: 0,
    TaskCount: 2,
    Currency: "CNY",
  };
  const monthly = { PayMode: 1, TimeUnit: "m", TimeSpan: 1 };
  test.each([
    { name: "hourly", extra: {}, outcome: "ok", cost: "2.40" },
    { name: "monthly", extra: monthly, outcome: "ok", cost: "1728.00" },
    { name: "no node", extra: { TaskCount: 0 }, outcome: "InvalidParameter.InvalidCount" },
    { name: "dollars", extra: { Currency: "USD" }, outcome: "InvalidParameter" },
    { name: "zone", extra: { ZoneId: 1 }, outcome: "InvalidParameter.InvalidZone" },
    { name: "no currency", extra: { Currency: undefined }, outcome: "MissingParameter" },
    { name: "sold out", extra: { CoreCount: 1, TaskCount: 0 }, outcome: "ResourcesSoldOut.CvmSoldOut" },
    {
      name: "no default spec",
      extra: { RouterCount: 1, TaskCount: 0 },
      outcome: "ResourceUnavailable.ResourceSpecNotDefaultSpec",
    },
  ])("$name → $outcome", async ({ extra, outcome, cost }) => {
    simulator.settings.stock.core = 0;
    simulator.settings.hasDefaultSpec.router = false;
    const reply = await call(simulator, "InquiryPriceScaleOutInstance", { ...request, ...extra });
    expect(reply.outcome).toBe(outcome);
    if (cost !== undefined) expect(reply.response.OriginalCost).toBe(cost);
    expect(simulator.emr.purchases(clusterId)).toHaveLength(0);
  });
});

describe("ModifyResourcesTags", () => {
  const change = (node: EmrNode, extra: Record<string, unknown>) => ({
    ResourceId: node.emrResourceId,
    Resource: `qcs::emr:ap-guangzhou:uin/100000000001:emr-vm/${node.emrResourceId}`,
    ResourcePrefix: "emr-vm",
    ResourceRegion: "ap-guangzhou",
    ServiceType: "emr",
    ...extra,
  });
  const modify = (changes: unknown[], ModifyType = "Node") =>
    call(simulator, "ModifyResourcesTags", { ModifyType, ModifyResourceTagsInfoList: changes });
  const tag = (TagKey: string, TagValue = "1") => ({ TagKey, TagValue });

  test("adds, changes and deletes, by a flow that keeps the cluster busy", async () => {
    const node = first("task");
    node.tags = [tag("kept"), tag("changed"), tag("deleted")];
    const { response } = await modify([
      change(node, {
        AddTags: [tag("new")],
        ModifyTags: [tag("changed", "2")],
        DeleteTags: [tag("deleted")],
      }),
    ]);
    expect(response).toMatchObject({
      SuccessList: [node.emrResourceId],
      FailList: null,
      PartSuccessList: null,
      ClusterToFlowIdList: [{ ClusterId: clusterId }],
    });
    const flowId = String(response.ClusterToFlowIdList[0].FlowId);
    expect(await clusterStatus(simulator)).toBe(7);
    expect(node.tags).toHaveLength(3);
    expect((await modify([change(node, { AddTags: [tag("x")] })])).outcome).toBe(
      "ResourceInUse.InstanceInProcess",
    );
    simulator.clock.advance(seconds(20));
    expect(node.tags).toEqual([tag("kept"), tag("new"), tag("changed", "2")]);
    expect((await flowOf(simulator, "FlowId", flowId)).FlowTotalStatus).toBe(2);
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test.each([
    { name: "other account", extra: { Resource: "qcs::emr:ap-guangzhou:uin/1:emr-vm/x" }, list: "FailList" },
    { name: "cluster's prefix", extra: { ResourcePrefix: "emr-instance" }, list: "FailList" },
    { name: "other region", extra: { ResourceRegion: "ap-beijing" }, list: "FailList" },
    { name: "key that exists", extra: { AddTags: [tag("kept")] }, list: "FailList" },
    { name: "one of two keys exists", extra: { AddTags: [tag("kept"), tag("b")] }, list: "PartSuccessList" },
    { name: "new key", extra: {}, list: "SuccessList" },
  ])("$name → $list", async ({ extra, list }) => {
    const node = first("task");
    node.tags = [tag("kept")];
    const { outcome, response } = await modify([change(node, { AddTags: [tag("a")], ...extra })]);
    expect(outcome).toBe("ok");
    expect(response[list]).toEqual([node.emrResourceId]);
    expect(response.ClusterToFlowIdList === null).toBe(list === "FailList");
  });

  test.each([
    { type: "Node", prefix: "emr-vm" },
    { type: "Cluster", prefix: "emr-instance" },
  ])("the account may be left empty ($type)", async ({ type, prefix }) => {
    const id = type === "Node" ? first("task").emrResourceId : clusterId;
    const Resource = `qcs::emr:ap-guangzhou:uin/:${prefix}/${id}`;
    const edits = { ResourceId: id, ResourcePrefix: prefix, Resource, AddTags: [tag("a")] };
    const { response } = await modify([change(first("task"), edits)], type);
    expect(response).toMatchObject({ SuccessList: [id], FailList: null });
  });

  test.each([
    { name: "unknown type", type: "Disk", id: undefined, outcome: "UnsupportedOperation" },
    { name: "unknown node", type: "Node", id: "emr-vm-none", outcome: "ResourceNotFound.InstanceNotFound" },
  ])("$name → $outcome", async ({ type, id, outcome }) => {
    const wanted = change(first("task"), { AddTags: [tag("a")], ...(id ? { ResourceId: id } : {}) });
    expect((await modify([wanted], type)).outcome).toBe(outcome);
  });

  test("fault busy strikes it too", async () => {
    simulator.faults.add({ kind: "busy", milliseconds: seconds(5) });
    const changes = [change(first("task"), { AddTags: [tag("a")] })];
    expect((await modify(changes)).outcome).toBe("ResourceInUse.InstanceInProcess");
    simulator.clock.advance(seconds(5));
    expect((await modify(changes)).outcome).toBe("ok");
  });

  test("tagResourceId cvm", async () => {
    set({ tagResourceId: "cvm" });
    const node = first("task");
    const byEmrId = change(node, { AddTags: [tag("a")] });
    expect((await modify([byEmrId])).outcome).toBe("ResourceNotFound.InstanceNotFound");
    expect((await modify([{ ...byEmrId, ResourceId: node.orderNo }])).response.SuccessList).toEqual([
      node.orderNo,
    ]);
  });

  test("a cluster", async () => {
    const resource = `qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/${clusterId}`;
    await modify(
      [
        change(first("task"), {
          ResourceId: clusterId,
          Resource: resource,
          ResourcePrefix: "emr-instance",
          AddTags: [tag("a")],
        }),
      ],
      "Cluster",
    );
    simulator.clock.advance(longEnough);
    expect(simulator.emr.cluster(clusterId).tags).toEqual([tag("a")]);
  });
});

describe("DescribeClusterFlowStatusDetail", () => {
  test.each([
    { name: "unknown flow", FlowParam: { FKey: "TraceId", FValue: "1-1-1" }, outcome: "FailedOperation" },
    { name: "unknown key", FlowParam: { FKey: "Id", FValue: "1" }, outcome: "FailedOperation" },
    { name: "number for the value", FlowParam: { FKey: "FlowId", FValue: 1 }, outcome: "InvalidParameter" },
    { name: "no value", FlowParam: { FKey: "FlowId" }, outcome: "MissingParameter" },
  ])("$name → $outcome", async ({ FlowParam, outcome }) => {
    const request = { InstanceId: clusterId, FlowParam };
    expect((await call(simulator, "DescribeClusterFlowStatusDetail", request)).outcome).toBe(outcome);
  });
});
