// EMR: what the lists of clusters and nodes show.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmrNode, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, listNodes, seconds } from "./call";

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
