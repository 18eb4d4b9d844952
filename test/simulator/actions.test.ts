// The actions besides ScaleOutInstance.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmrNode, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, flowOf, listNodes, longEnough, seconds } from "./call";

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

describe("TerminateTasks", () => {
  const rows: { name: string; ids: () => string[]; outcome: string; settings?: Partial<Settings> }[] = [
    { name: "a task node", ids: () => [first("task").emrResourceId], outcome: "ok" },
    { name: "nothing", ids: () => [], outcome: "InvalidParameter.InvalidResourceIds" },
    { name: "a CVM id", ids: () => [first("task").orderNo], outcome: "InvalidParameter.InvalidResourceIds" },
    { name: "an unknown node", ids: () => ["emr-vm-none"], outcome: "ResourceNotFound.ResourceNotFound" },
    {
      name: "an unknown node beside a known one",
      ids: () => ["emr-vm-none", first("task").emrResourceId],
      outcome: "ResourceNotFound.ResourceNotFound",
    },
    {
      name: "an unknown node beside a known one, skipped",
      ids: () => ["emr-vm-none", first("task").emrResourceId],
      settings: { unknownIdsOnRemoval: "skipped" },
      outcome: "ok",
    },
    { name: "a core node", ids: () => [first("core").emrResourceId], outcome: "UnsupportedOperation" },
    {
      name: "a protected node",
      ids: () => {
        first("task").disableApiTermination = true;
        return [first("task").emrResourceId];
      },
      outcome: "UnsupportedOperation",
    },
    {
      name: "a monthly node, refused",
      ids: () => [simulator.emr.addForeignNode(clusterId, { chargeType: 1 }).emrResourceId],
      settings: { terminateTasksPrepaid: "refused" },
      outcome: "UnsupportedOperation",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ ids, outcome, settings }) => {
    set(settings ?? {});
    const request = { InstanceId: clusterId, ResourceIds: ids() };
    const reply = await call(simulator, "TerminateTasks", request);
    expect(reply.outcome).toBe(outcome);
    expect(await clusterStatus(simulator)).toBe(outcome === "ok" ? 16 : 2);
    if (outcome === "ok") expect(Object.keys(reply.response)).toEqual(["RequestId"]);
  });
});

describe("TerminateClusterNodes", () => {
  const remove = (role: string, extra: Record<string, unknown> = {}) => ({
    InstanceId: clusterId,
    CvmInstanceIds: [first(role).orderNo],
    NodeFlag: role.toUpperCase(),
    ...extra,
  });
  const rows: {
    name: string;
    request: () => Record<string, unknown>;
    outcome: string;
    settings?: Partial<Settings>;
    status?: number;
  }[] = [
    { name: "task", request: () => remove("task"), outcome: "ok", status: 16 },
    { name: "core", request: () => remove("core"), outcome: "ok", status: 15 },
    { name: "router", request: () => remove("router"), outcome: "ok", status: 17 },
    {
      name: "task, as shrinking",
      request: () => remove("task"),
      settings: { removalStatus: "shrinking" },
      outcome: "ok",
      status: 24,
    },
    { name: "a master", request: () => remove("master"), outcome: "ok", status: 24 },
    {
      name: "core, where Destroyable protects",
      request: () => remove("core"),
      settings: { removalOfUndestroyable: "refused" },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "task, where Destroyable protects",
      request: () => remove("task"),
      settings: { removalOfUndestroyable: "refused" },
      outcome: "ok",
      status: 16,
    },
    {
      name: "a protected core node",
      request: () => {
        first("core").disableApiTermination = true;
        return remove("core");
      },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "common",
      request: () => remove("common"),
      outcome: "InvalidParameter.InvalidNodeFlag",
    },
    {
      name: "lower-case flag",
      request: () => remove("task", { NodeFlag: "task" }),
      outcome: "InvalidParameter.InvalidNodeFlag",
    },
    {
      name: "another role's node",
      request: () => remove("task", { NodeFlag: "CORE" }),
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "an EMR id",
      request: () => remove("task", { CvmInstanceIds: [first("task").emrResourceId] }),
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "an unknown id",
      request: () => remove("task", { CvmInstanceIds: ["ins-none"] }),
      outcome: "ResourceNotFound.CvmInstanceNotFound",
    },
    { name: "no flag", request: () => remove("task", { NodeFlag: undefined }), outcome: "MissingParameter" },
    {
      name: "59 s of grace",
      request: () => remove("task", { GraceDownFlag: true, GraceDownTime: 59 }),
      outcome: "InvalidParameter",
    },
    {
      name: "1801 s of grace",
      request: () => remove("task", { GraceDownFlag: true, GraceDownTime: 1801 }),
      outcome: "InvalidParameter",
    },
    {
      name: "too few core nodes left",
      request: () => remove("core"),
      settings: { minimumCoreCount: 3 },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "no such cluster",
      request: () => remove("task", { InstanceId: "emr-none" }),
      outcome: "ResourceNotFound.InstanceNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ request, outcome, settings, status }) => {
    set(settings ?? {});
    const reply = await call(simulator, "TerminateClusterNodes", request());
    expect(reply.outcome).toBe(outcome);
    expect(await clusterStatus(simulator)).toBe(status ?? 2);
    if (outcome === "ok") {
      expect((await flowOf(simulator, "FlowId", String(reply.response.FlowId))).FlowTotalStatus).toBe(0);
    }
  });

  test.each([
    { name: "at once", grace: {}, gone: 63, end: 90 },
    { name: "gracefully", grace: { GraceDownFlag: true, GraceDownTime: 120 }, gone: 183, end: 210 },
    { name: "gracefully, 0 s", grace: { GraceDownFlag: true, GraceDownTime: 0 }, gone: 63, end: 90 },
  ])("$name: when the node leaves and the cluster is free", async ({ grace, gone, end }) => {
    const node = first("task");
    await call(simulator, "TerminateClusterNodes", remove("task", grace));
    simulator.clock.advance(seconds(gone) - 1);
    expect(await listNodes(simulator)).toHaveLength(2);
    simulator.clock.advance(1);
    expect((await listNodes(simulator)).map((one) => one.EmrResourceId)).not.toContain(node.emrResourceId);
    simulator.clock.advance(seconds(end - gone) - 1);
    expect(await clusterStatus(simulator)).toBe(16);
    simulator.clock.advance(1);
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test.each([
    { prepaidRemoval: "recycleBin", second: "ResourceNotFound.CvmInstanceNotFound", inBin: 1 },
    { prepaidRemoval: "secondCallDestroys", second: "ok", inBin: 0 },
  ] as const)("monthly nodes, $prepaidRemoval", async ({ prepaidRemoval, second, inBin }) => {
    set({ prepaidRemoval });
    const node = simulator.emr.addForeignNode(clusterId, { chargeType: 1 });
    const request = remove("task", { CvmInstanceIds: [node.orderNo] });
    await call(simulator, "TerminateClusterNodes", request);
    simulator.clock.advance(longEnough);
    expect(await listNodes(simulator, "recyle")).toMatchObject([{ OrderNo: node.orderNo }]);
    expect((await call(simulator, "TerminateClusterNodes", request)).outcome).toBe(second);
    simulator.clock.advance(longEnough);
    expect(await listNodes(simulator, "recyle")).toHaveLength(inBin);
    expect(await listNodes(simulator)).toHaveLength(2);
  });
});

describe("DescribeClusterNodes", () => {
  const ask = (extra: Record<string, unknown>) =>
    call(simulator, "DescribeClusterNodes", { InstanceId: clusterId, NodeFlag: "all", ...extra });

  test.each([
    { NodeFlag: "all", count: 8 },
    { NodeFlag: "master", count: 1 },
    { NodeFlag: "core", count: 3 },
    { NodeFlag: "task", count: 2 },
    { NodeFlag: "common", count: 1 },
    { NodeFlag: "router", count: 1 },
    { NodeFlag: "db", count: 0 },
    { NodeFlag: "recyle", count: 0 },
    { NodeFlag: "renew", count: 0 },
  ])("$NodeFlag: $count", async ({ NodeFlag, count }) => {
    const { response } = await ask({ NodeFlag });
    expect(response.TotalCnt).toBe(count);
    expect(response.NodeList?.length ?? null).toBe(count || null);
  });

  test.each([
    {
      name: "recycle, spelled right",
      extra: { NodeFlag: "recycle" },
      outcome: "InvalidParameter.InvalidNodeType",
    },
    { name: "limit 101", extra: { Limit: 101 }, outcome: "InvalidParameter" },
    { name: "other hardware", extra: { HardwareResourceType: "vm" }, outcome: "InvalidParameter" },
    { name: "malformed id", extra: { InstanceId: "x" }, outcome: "InvalidParameter.InvalidInstanceName" },
    { name: "missing cluster", extra: { InstanceId: "emr-x" }, outcome: "ResourceNotFound.InstanceNotFound" },
  ])("$name → $outcome", async ({ extra, outcome }) => {
    expect((await ask(extra)).outcome).toBe(outcome);
  });

  test.each([
    { offsetCounts: "pages", Offset: 1, shown: 3 },
    { offsetCounts: "pagesFromOne", Offset: 0, shown: 5 },
    { offsetCounts: "pagesFromOne", Offset: 1, shown: 5 },
    { offsetCounts: "pagesFromOne", Offset: 2, shown: 3 },
    { offsetCounts: "items", Offset: 1, shown: 5 },
    { offsetCounts: "items", Offset: 5, shown: 3 },
  ] as const)(
    "offsetCounts $offsetCounts, offset $Offset: $shown",
    async ({ offsetCounts, Offset, shown }) => {
      set({ offsetCounts });
      const { response } = await ask({ Offset, Limit: 5 });
      expect([response.TotalCnt, response.NodeList.length]).toEqual([8, shown]);
    },
  );

  describe("of more nodes than a page holds", () => {
    beforeEach(() => {
      for (let index = 0; index < 130; index++) simulator.emr.addForeignNode(clusterId);
    });
    const counts = async (extra: Record<string, unknown> = {}) => {
      const { response } = await ask(extra);
      return [response.TotalCnt, response.NodeList?.length ?? 0];
    };

    test.each([
      { name: "nothing asked", extra: {}, shown: 100 },
      { name: "both 0", extra: { Offset: 0, Limit: 0 }, shown: 100 },
      { name: "the second page", extra: { Offset: 1, Limit: 100 }, shown: 38 },
      { name: "the second page of the documented size", extra: { Offset: 1 }, shown: 38 },
      { name: "past the end", extra: { Offset: 2, Limit: 100 }, shown: 0 },
    ])("$name: $shown, of 138", async ({ extra, shown }) => {
      expect(await counts(extra)).toEqual([138, shown]);
    });

    test("all come where Offset and Limit are left out, if unpagedNodeList is whole", async () => {
      set({ unpagedNodeList: "whole" });
      expect(await counts()).toEqual([138, 138]);
      expect(await counts({ Limit: 100 })).toEqual([138, 100]);
    });

    test("cut, whatever is asked, as often as ordered", async () => {
      simulator.faults.add({ kind: "cutList", rows: 4, action: "DescribeClusterNodes", times: 2 });
      expect(await counts()).toEqual([138, 4]);
      expect(await counts({ Offset: 1, Limit: 100 })).toEqual([138, 0]);
      expect(await counts()).toEqual([138, 100]);
    });
  });

  test("a cluster of another region does not exist", async () => {
    const request = { InstanceId: clusterId, NodeFlag: "all" };
    const reply = await call(simulator, "DescribeClusterNodes", request, { region: "ap-beijing" });
    expect(reply.outcome).toBe("ResourceNotFound.InstanceNotFound");
  });

  test("what happens behind our back", async () => {
    const auto = simulator.emr.addAutoscaledNode(clusterId);
    const foreign = simulator.emr.addForeignNode(clusterId, { role: "core" });
    const old = first("task");
    const replacement = simulator.emr.replaceNode(clusterId, old.emrResourceId);
    simulator.emr.removeNode(clusterId, first("router").emrResourceId);
    const rows = (await ask({})).response.NodeList as Record<string, unknown>[];
    const row = (id: string) => rows.find((one) => one.EmrResourceId === id);
    expect(row(auto.emrResourceId)).toMatchObject({ AutoFlag: 1, Flag: 3, Tags: null });
    expect(row(foreign.emrResourceId)).toMatchObject({ AutoFlag: 0, Flag: 2, Tags: null });
    expect(row(replacement.emrResourceId)).toMatchObject({ NameTag: old.nameTag, AutoFlag: 0 });
    expect(row(old.emrResourceId)).toBeUndefined();
    expect(rows.filter((one) => one.Flag === 4)).toHaveLength(0);
  });

  test("a node that the cloud replaces is another one, without the tags, in the same place", async () => {
    const old = first("task");
    old.tags = [{ TagKey: "owner", TagValue: "pool" }];
    const rowOf = async (id: string) =>
      ((await ask({})).response.NodeList as Record<string, unknown>[]).find(
        (one) => one.EmrResourceId === id,
      );
    const before = await rowOf(old.emrResourceId);
    simulator.clock.advance(seconds(3600));
    const { emrResourceId } = simulator.emr.replaceNode(clusterId, old.emrResourceId);
    expect(await rowOf(old.emrResourceId)).toBeUndefined();
    const after = await rowOf(emrResourceId);
    expect(after).toMatchObject({ Ip: before?.Ip, NameTag: before?.NameTag, Flag: 3, Tags: null });
    for (const name of ["EmrResourceId", "OrderNo", "SerialNo", "ApplyTime"])
      expect(after?.[name]).not.toBe(before?.[name]);
    expect(after?.ApplyTime).toBe(after?.CurrentTime);
  });

  test("times are zone-less, China Standard Time by default", async () => {
    const utc = new Date(simulator.clock.now()).toISOString().slice(0, 19).replace("T", " ");
    set({ timeZoneOffsetMinutes: 0 });
    expect((await listNodes(simulator))[0]).toMatchObject({
      CurrentTime: utc,
      ExpireTime: "0000-00-00 00:00:00",
    });
    set({ timeZoneOffsetMinutes: 480 });
    expect((await listNodes(simulator))[0]?.CurrentTime).not.toBe(utc);
  });
});

describe("DescribeInstances", () => {
  const ask = (extra: Record<string, unknown> = {}) =>
    call(simulator, "DescribeInstances", {
      DisplayStrategy: "clusterList",
      InstanceIds: [clusterId],
      ...extra,
    });

  test("the cluster", async () => {
    const { response } = await ask();
    expect(response).toMatchObject({ TotalCnt: 1, TagKeys: null });
    expect(response.ClusterList[0]).toMatchObject({
      ClusterId: clusterId,
      Status: 2,
      Uin: "100000000001",
      ZoneId: 100003,
      Zone: "ap-guangzhou-3",
      ProjectId: 0,
      ConfigDetail: {
        CoreNodeSize: 3,
        TaskNodeSize: 2,
        RouterNodeSize: 1,
        MasterNodeSize: 1,
        ComNodeSize: 1,
      },
    });
  });

  test.each([
    {
      name: "strategy",
      extra: { DisplayStrategy: "all" },
      outcome: "InvalidParameter.DisplayStrategyNotMatch",
    },
    { name: "order", extra: { OrderField: "name" }, outcome: "InvalidParameter.OrderFieldNotMatch" },
    { name: "id", extra: { InstanceIds: ["x"] }, outcome: "InvalidParameter.InvalidInstanceName" },
    { name: "missing", extra: { InstanceIds: ["emr-x"] }, outcome: "ResourceNotFound.InstanceNotFound" },
  ])("$name → $outcome", async ({ extra, outcome }) => {
    expect((await ask(extra)).outcome).toBe(outcome);
  });

  test("missingCluster empty", async () => {
    set({ missingCluster: "empty" });
    expect((await ask({ InstanceIds: ["emr-x"] })).response).toMatchObject({
      TotalCnt: 0,
      ClusterList: null,
    });
  });

  test("missingClusterCode", async () => {
    set({ missingClusterCode: "InternalError.ClusterNotFound" });
    expect((await ask({ InstanceIds: ["emr-x"] })).outcome).toBe("InternalError.ClusterNotFound");
  });

  test("only the default project unless all are asked for", async () => {
    simulator.emr.createCluster({ clusterId: "emr-other", projectId: 7 });
    const count = async (extra: Record<string, unknown>) =>
      (await ask({ InstanceIds: ["emr-other"], ...extra })).response.TotalCnt;
    expect([await count({}), await count({ ProjectId: 7 }), await count({ ProjectId: -1 })]).toEqual([
      0, 1, 1,
    ]);
  });
});

describe("lists that are cut", () => {
  test.each([
    { action: "DescribeInstances", request: { DisplayStrategy: "clusterList" }, rows: "ClusterList" },
    {
      action: "DescribeServiceNodeInfos",
      request: { InstanceId: clusterId, ServiceName: "YARN" },
      rows: "ServiceNodeList",
    },
  ])("$action tells how many there are", async ({ action, request, rows }) => {
    simulator.emr.createCluster();
    const whole = (await call(simulator, action, request)).response;
    simulator.faults.add({ kind: "cutList", rows: 1, action });
    const cut = (await call(simulator, action, request)).response;
    expect([whole[rows].length, cut[rows].length]).toEqual([whole.TotalCnt, 1]);
    expect(cut.TotalCnt).toBe(whole.TotalCnt);
  });
});

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
