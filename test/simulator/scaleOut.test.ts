// The course of a scale-out, and the settings that change it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, flowOf, listNodes, longEnough, scaleOut, seconds } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  simulator.emr.createCluster({ clusterId });
});

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const tags = [{ TagKey: "owner", TagValue: "pool" }];

test("stage by stage: nodes, ids, tags, services", async () => {
  const { response } = await call(
    simulator,
    "ScaleOutInstance",
    scaleOut({ TaskCount: 2, Tags: tags, StartServiceAfterScaleOut: "true" }),
  );
  const seen: unknown[] = [];
  for (const [at, advance] of [
    [0, 0],
    [34, 34],
    [35, 1],
    [45, 10],
    [70, 25],
    [239, 169],
    [240, 1],
  ] as const) {
    simulator.clock.advance(seconds(advance));
    const [node] = await listNodes(simulator);
    const flow = await flowOf(simulator, "TraceId", response.TraceId);
    const running = flow.StageDetails.find((stage: { Status: number }) => stage.Status === 1)?.Stage;
    seen.push([
      at,
      await clusterStatus(simulator),
      flow.FlowTotalStatus,
      running,
      node && [node.OrderNo !== "", node.Tags !== null, node.ServicesStatus],
    ]);
  }
  expect(seen).toEqual([
    [0, 4, 0, "lookupResources", undefined],
    [34, 4, 1, "applyCvm", undefined],
    [35, 4, 1, "applyCvm", [false, false, "NodeManager:STOPPED"]],
    [45, 4, 1, "applyCvm", [true, false, "NodeManager:STOPPED"]],
    [70, 4, 1, "createSecurityGroup", [true, true, "NodeManager:STOPPED"]],
    [239, 4, 1, "endPoint", [true, true, "NodeManager:STOPPED"]],
    [240, 2, 2, undefined, [true, true, "NodeManager:STARTED"]],
  ]);
  const [purchase] = simulator.emr.purchases(clusterId);
  expect(purchase).toMatchObject({ role: "task", count: 2, clientToken: "", requestId: response.RequestId });
  expect(purchase?.nodeIds).toEqual((await listNodes(simulator)).map((node) => node.EmrResourceId));
});

test("the stages tell when they began and ended, by the cloud's clock", async () => {
  set({ timeZoneOffsetMinutes: 480 });
  const text = (milliseconds: number) =>
    new Date(milliseconds + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  const start = simulator.clock.now();
  const { response } = await call(simulator, "ScaleOutInstance", scaleOut());
  simulator.clock.advance(seconds(65));
  const { StageDetails } = await flowOf(simulator, "TraceId", response.TraceId);
  const never = "0000-00-00 00:00:00";
  expect(
    StageDetails.slice(0, 4).map((stage: Record<string, unknown>) => [
      stage.Stage,
      stage.Starttime,
      stage.Endtime,
      stage.TimeConsuming,
    ]),
  ).toEqual([
    ["lookupResources", text(start), text(start + seconds(10)), "takes 10s"],
    ["applyCvm", text(start + seconds(10)), text(start + seconds(60)), "takes 50s"],
    ["bindTags", text(start + seconds(60)), never, ""],
    ["createSecurityGroup", never, never, ""],
  ]);
});

test("the answer to a used ClientToken leads to the first order's workflow, with its times", async () => {
  const order = scaleOut({ ClientToken: "token-1" });
  const { response: first } = await call(simulator, "ScaleOutInstance", order);
  const before = (await flowOf(simulator, "TraceId", first.TraceId)).StageDetails[0].Starttime;
  simulator.clock.advance(seconds(250));
  const { response: again } = await call(simulator, "ScaleOutInstance", order);
  const flow = await flowOf(simulator, "TraceId", again.TraceId);
  expect([flow.FlowTotalStatus, flow.StageDetails[0].Starttime]).toEqual([2, before]);
  expect((await listNodes(simulator))[0]?.CurrentTime).not.toBe(before);
});

test("what the request says is on the node", async () => {
  await call(
    simulator,
    "ScaleOutInstance",
    scaleOut({
      CoreCount: 1,
      PayMode: 1,
      TimeUnit: "m",
      TimeSpan: 2,
      AutoRenew: 1,
      ZoneId: 100004,
      ServiceNodeInfo: [7],
      YarnNodeLabel: "fast",
      NodeMarks: { NodeType: "core", NodeNames: ["mark-1"] },
    }),
  );
  simulator.clock.advance(longEnough);
  const node = (await listNodes(simulator, "core")).at(-1);
  expect(node).toMatchObject({
    Flag: 2,
    ChargeType: 1,
    IsAutoRenew: 1,
    AutoFlag: 0,
    Destroyable: 0,
    Zone: "ap-guangzhou-4",
    SubnetInfo: { SubnetId: "subnet-sim00002" },
    Services: "NodeManager",
    ServicesStatus: "NodeManager:STOPPED",
    NodeMark: "mark-1",
    NameTag: "core.2",
    MemSize: 16 * 1024 ** 3,
  });
  expect(simulator.emr.nodes(clusterId).at(-1)?.yarnNodeLabel).toBe("fast");
});

describe("a second change meanwhile", () => {
  test.each([
    { busyCode: "InstanceInProcess", outcome: "ResourceInUse.InstanceInProcess" },
    { busyCode: "FlowRejected", outcome: "FailedOperation.FlowRejected" },
  ] as const)("busyCode $busyCode", async ({ busyCode, outcome }) => {
    set({ busyCode });
    await call(simulator, "ScaleOutInstance", scaleOut());
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(outcome);
    const tasks = {
      InstanceId: clusterId,
      ResourceIds: [simulator.emr.addForeignNode(clusterId).emrResourceId],
    };
    expect((await call(simulator, "TerminateTasks", tasks)).outcome).toBe(outcome);
    expect(simulator.emr.purchases(clusterId)).toHaveLength(1);
  });
});

describe("other settings", () => {
  test("statusLagMilliseconds: status and list lag, the lock does not", async () => {
    set({ statusLagMilliseconds: seconds(20) });
    await call(simulator, "ScaleOutInstance", scaleOut());
    expect(await clusterStatus(simulator)).toBe(2);
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(
      "ResourceInUse.InstanceInProcess",
    );
    simulator.clock.advance(seconds(20));
    expect(await clusterStatus(simulator)).toBe(4);
    simulator.clock.advance(seconds(20));
    expect(await listNodes(simulator)).toHaveLength(0);
    expect(simulator.emr.nodes(clusterId)).toHaveLength(4);
    simulator.clock.advance(seconds(15));
    expect(await listNodes(simulator)).toHaveLength(1);
  });

  test.each([
    { nodeCountLags: true, counted: 0 },
    { nodeCountLags: false, counted: 1 },
  ])(
    "nodeListLagMilliseconds: new nodes are listed after the workflow's end (nodeCountLags $nodeCountLags)",
    async ({ nodeCountLags, counted }) => {
      set({ nodeListLagMilliseconds: seconds(180), nodeCountLags });
      await call(simulator, "ScaleOutInstance", scaleOut());
      const seen = async () => {
        const request = { InstanceId: clusterId, NodeFlag: "task" };
        const { response } = await call(simulator, "DescribeClusterNodes", request);
        return [response.TotalCnt, response.NodeList?.length ?? 0];
      };
      simulator.clock.advance(seconds(240 + 180) - 1);
      expect(await clusterStatus(simulator)).toBe(2);
      expect(await seen()).toEqual([counted, 0]);
      expect(simulator.emr.nodes(clusterId)).toHaveLength(4);
      simulator.clock.advance(1);
      expect(await seen()).toEqual([1, 1]);
    },
  );

  test("flowLagMilliseconds: the flow cannot be queried at once", async () => {
    set({ flowLagMilliseconds: seconds(5) });
    const { response } = await call(simulator, "ScaleOutInstance", scaleOut());
    expect((await flowOf(simulator, "TraceId", response.TraceId)).Error.Code).toBe("FailedOperation");
    simulator.clock.advance(seconds(5));
    expect((await flowOf(simulator, "TraceId", response.TraceId)).FlowTotalStatus).toBe(1);
  });

  test("notStartedStageStatus", async () => {
    set({ notStartedStageStatus: 4 });
    const { response } = await call(simulator, "ScaleOutInstance", scaleOut());
    expect((await flowOf(simulator, "TraceId", response.TraceId)).StageDetails.at(-1).Status).toBe(4);
  });

  test("tagsVisible", async () => {
    set({ tagsVisible: false });
    await call(simulator, "ScaleOutInstance", scaleOut({ Tags: tags }));
    simulator.clock.advance(longEnough);
    expect((await listNodes(simulator))[0]?.Tags).toBeNull();
  });

  test("orderNoLagMilliseconds 0: the id is there at once", async () => {
    set({ orderNoLagMilliseconds: 0 });
    await call(simulator, "ScaleOutInstance", scaleOut());
    simulator.clock.advance(seconds(35));
    expect((await listNodes(simulator))[0]?.OrderNo).toMatch(/^ins-/);
  });

  test("nodeMarksShown", async () => {
    set({ nodeMarksShown: false });
    await call(simulator, "ScaleOutInstance", scaleOut({ NodeMarks: { NodeNames: ["mark"] } }));
    simulator.clock.advance(longEnough);
    expect((await listNodes(simulator))[0]?.NodeMark).toBe("");
  });

  test("timeScale", async () => {
    set({ timeScale: 0.1 });
    await call(simulator, "ScaleOutInstance", scaleOut());
    simulator.clock.advance(seconds(23.9));
    expect(await clusterStatus(simulator)).toBe(4);
    simulator.clock.advance(seconds(0.1));
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test("stock is used up", async () => {
    simulator.settings.stock.task = 2;
    await call(simulator, "ScaleOutInstance", scaleOut({ TaskCount: 2 }));
    simulator.clock.advance(longEnough);
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(
      "ResourcesSoldOut.CvmSoldOut",
    );
  });

  test.each([
    { nameTagNumbering: "growing", name: "task.2" },
    { nameTagNumbering: "lowestFree", name: "task.0" },
  ] as const)("nameTagNumbering $nameTagNumbering", ({ nameTagNumbering, name }) => {
    set({ nameTagNumbering });
    const first = simulator.emr.addForeignNode(clusterId);
    simulator.emr.addForeignNode(clusterId);
    simulator.emr.removeNode(clusterId, first.emrResourceId);
    expect(simulator.emr.addForeignNode(clusterId).nameTag).toBe(name);
  });

  test.each([
    { accepts: true, outcome: "ok" },
    { accepts: false, outcome: "FailedOperation" },
  ])("failedClusterAcceptsChanges $accepts", async ({ accepts, outcome }) => {
    set({ failedClusterAcceptsChanges: accepts });
    simulator.emr.cluster(clusterId).restingStatus = 302;
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(outcome);
    simulator.clock.advance(longEnough);
    expect(await clusterStatus(simulator)).toBe(accepts ? 2 : 302);
  });

  test("a status that means work in progress refuses changes", async () => {
    simulator.emr.cluster(clusterId).restingStatus = 13;
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(
      "ResourceInUse.InstanceInProcess",
    );
  });

  test.each([
    { replacementKeepsTags: true, tags },
    { replacementKeepsTags: false, tags: [] },
  ])("replacementKeepsTags $replacementKeepsTags", ({ replacementKeepsTags, tags: kept }) => {
    set({ replacementKeepsTags });
    const node = simulator.emr.addForeignNode(clusterId, { tags });
    const replacement = simulator.emr.replaceNode(clusterId, node.emrResourceId);
    expect(replacement.tags).toEqual(kept);
    expect(replacement.orderNo).not.toBe(node.orderNo);
  });

  test("countLimit", async () => {
    set({ countLimit: 2 });
    const { outcome } = await call(simulator, "ScaleOutInstance", scaleOut({ TaskCount: 3 }));
    expect(outcome).toBe("InvalidParameter.InvalidTaskCount");
  });

  test("unknownNodeFlagCode", async () => {
    set({ unknownNodeFlagCode: "InvalidParameter" });
    const request = { InstanceId: clusterId, NodeFlag: "recycle" };
    expect((await call(simulator, "DescribeClusterNodes", request)).outcome).toBe("InvalidParameter");
  });

  test("clockSkewSeconds", async () => {
    set({ clockSkewSeconds: 10 });
    const reply = await call(simulator, "ScaleOutInstance", scaleOut(), { skewSeconds: 11 });
    expect(reply.outcome).toBe("AuthFailure.SignatureExpire");
  });

  test("durations", async () => {
    simulator.settings.durations.scaleOut.queryWoodpeckerFlow = 0;
    simulator.settings.durations.removal = seconds(10);
    simulator.settings.durations.removalNodesGoneShare = 0.5;
    await call(simulator, "ScaleOutInstance", scaleOut());
    simulator.clock.advance(seconds(185));
    const [node] = await listNodes(simulator);
    const request = { InstanceId: clusterId, ResourceIds: [node?.EmrResourceId] };
    expect((await call(simulator, "TerminateTasks", request)).outcome).toBe("ok");
    simulator.clock.advance(seconds(5));
    expect([await clusterStatus(simulator), (await listNodes(simulator)).length]).toEqual([16, 0]);
    simulator.clock.advance(seconds(5));
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test("missingActions", async () => {
    set({ missingActions: ["ScaleOutInstance"] });
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe("InvalidAction");
  });

  test("rateLimitPerSecond, per action and second of simulator time", async () => {
    set({ rateLimitPerSecond: 2 });
    const ask = async () =>
      (await call(simulator, "DescribeInstances", { DisplayStrategy: "clusterList" })).outcome;
    expect([await ask(), await ask(), await ask()]).toEqual(["ok", "ok", "RequestLimitExceeded"]);
    expect(await listNodes(simulator, "core")).toHaveLength(2);
    simulator.clock.advance(seconds(1));
    expect(await ask()).toBe("ok");
  });
});
