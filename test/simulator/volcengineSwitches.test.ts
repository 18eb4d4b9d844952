// Each switch for what the documents leave open shows its effect.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import type { VolcengineSettings } from "../../simulator/volcengine/settings";
import {
  act,
  actAndEnd,
  callNewer,
  callVolcengine,
  clusterId,
  getOperation,
  listInstances,
  longEnough,
  newer,
  older,
  operator,
} from "./volcengineCall";

let simulator: Simulator;
const startTime = Date.parse("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime: new Date(startTime) });
});
afterEach(() => simulator.close());

const set = (changes: Partial<VolcengineSettings>) => Object.assign(simulator.settings.volcengine, changes);
const cluster = (name = "raycluster-a") => simulator.vke.instance(clusterId, "Ray", "RayCluster", name);
const params = (...ActionParams: unknown[]) => ({ ActionParams });
const release = (Value: string) => ({ Key: "releaseName", Value });
const onOperator = { Components: operator, ActionParams: [] };
const readCluster = (version = older) =>
  callVolcengine(simulator, "GetVirtualCluster", { ClusterId: clusterId }, { version });
const stateOf = async (id: string) => (await getOperation(simulator, id)).OperationState as string;
const ends = (changes?: Record<string, unknown>) => actAndEnd(simulator, changes);

describe("spelling", () => {
  test.each([
    { instanceShape: "ComponentState/Name", fields: { ComponentState: "STARTED", Name: "raycluster-a" } },
    { instanceShape: "Status/ReleaseName", fields: { Status: "STARTED", ReleaseName: "raycluster-a" } },
    { instanceShape: "unmappable", fields: { Phase: "STARTED", Pod: "raycluster-a" } },
  ] as const)("instanceShape $instanceShape", async ({ instanceShape, fields }) => {
    set({ instanceShape });
    const [row] = await listInstances(simulator);
    expect(row).toMatchObject(fields);
    expect(row).not.toHaveProperty("InstanceState");
    expect(row).not.toHaveProperty("ComponentInstanceName");
  });

  test("instances without namespace, start time and pages", async () => {
    set({ namespaceShown: false, startTimeShown: false, instancesPaged: false });
    for (let index = 0; index < 10; index++) {
      simulator.vke.addInstance(clusterId, "Ray", "RayCluster", `more-${index}`);
    }
    const rows = await listInstances(simulator);
    expect(rows).toHaveLength(14);
    expect(rows[0]).not.toHaveProperty("Namespace");
    expect(rows[0]).not.toHaveProperty("StartTime");
    set({ instancesPaged: true });
    expect(await listInstances(simulator)).toHaveLength(10);
  });

  test("letterCase and instanceWords", async () => {
    set({ letterCase: { names: "upper", states: "lower" } });
    simulator.settings.volcengine.instanceWords.started = "RUNNING";
    expect((await listInstances(simulator))[0]).toMatchObject({
      ApplicationName: "RAY",
      ComponentName: "RAYCLUSTER",
      InstanceState: "running",
    });
    expect((await readCluster()).result.ClusterState).toBe("running");
    set({ letterCase: { names: "lower", states: "capital" } });
    expect((await listInstances(simulator))[0]).toMatchObject({
      ComponentName: "raycluster",
      InstanceState: "Running",
    });
    expect(await ends()).toBe("Success");
  });

  test("names in requests", async () => {
    const named = (ApplicationName: string, ...ComponentNames: string[]) => ({
      Components: [{ ApplicationName, ComponentNames }],
    });
    set({ applicationNames: "exact" });
    expect((await act(simulator, named("RAY", "RayCluster"))).outcome).toBe("InvalidParameter");
    expect((await act(simulator, named("Ray", "RayCluster"))).outcome).toBe("ok");
    set({ letterCase: { names: "upper", states: "upper" } });
    expect((await act(simulator, named("RAY", "RAYCLUSTER"))).outcome).toBe("ok");
    set({ componentNames: "ignored", applicationNames: "ignored" });
    expect((await act(simulator, named("ray", "raycluster"))).outcome).toBe("ok");
    set({ actionNameCase: "ignored" });
    expect((await act(simulator, { ActionName: "RESTART" })).outcome).toBe("ok");
  });

  test("times that are ISO texts, or have not come", async () => {
    set({ timeUnit: "iso", unsetTime: "empty" });
    const { OperationId } = (await act(simulator)).result;
    expect(await getOperation(simulator, OperationId)).toMatchObject({
      CreateTime: "2026-01-02T03:04:05.000Z",
      EndTime: "",
    });
    set({ unsetTime: "zero" });
    expect((await getOperation(simulator, OperationId)).EndTime).toBe(0);
  });

  test("operationIds and operationShows", async () => {
    set({ operationIds: "number", operationShows: [["Content", { a: 1 }]] });
    const { OperationId } = (await act(simulator)).result;
    expect(OperationId).toEqual(expect.any(Number));
    expect(await getOperation(simulator, String(OperationId))).toMatchObject({
      OperationId,
      Content: { a: 1 },
    });
  });

  test("seconds", async () => {
    set({ timeUnit: "s" });
    const { OperationId } = (await act(simulator)).result;
    expect((await getOperation(simulator, OperationId)).CreateTime).toBe(startTime / 1000);
    expect((await listInstances(simulator))[0]?.StartTime).toBe(startTime / 1000 - 86_400);
  });

  test("states of applications", async () => {
    const state = async () => {
      const { result } = await callVolcengine(simulator, "ListApplications", { ClusterId: clusterId });
      return result.Items[1].ApplicationState as string;
    };
    set({ applicationStateWord: "NORMAL" });
    expect(await state()).toBe("NORMAL");
    for (const { component, name } of simulator.vke.instances(clusterId, "Spark")) {
      simulator.vke.setState(clusterId, "Spark", component, name, "STOPPED");
    }
    expect(await state()).toBe("NORMAL");
    set({ applicationStateFollows: true });
    expect(await state()).toBe("STOPPED");
    simulator.vke.setState(clusterId, "Spark", "SparkOperator", "spark-operator", "START_FAILED");
    expect(await state()).toBe("EXCEPTION");
  });

  test("states of clusters", async () => {
    set({ stateDuringOperation: "CHANGING" });
    const state = async (version: string) => (await readCluster(version)).result.ClusterState as string;
    await act(simulator);
    expect([await state(older), await state(newer)]).toEqual(["CHANGING", "CHANGING"]);
    expect((await act(simulator)).outcome).toBe("ok");
    set({ olderVersionKnowsAllStates: false });
    expect([await state(older), await state(newer)]).toEqual(["RUNNING", "CHANGING"]);
    simulator.vke.removeCluster(clusterId);
    set({ deletedCluster: "unknown" });
    expect((await readCluster()).outcome).toBe("InvalidClusterId");
  });

  test("effectiveShape", async () => {
    set({ effectiveShape: "text" });
    const request = { ClusterId: clusterId, ApplicationName: "Ray" };
    expect((await callNewer(simulator, "ListConfigs", request)).result.Items[0].Effective).toBe("true");
  });
});

describe("lists", () => {
  const read = async (page: Record<string, unknown> = {}) => {
    const { outcome, result } = await callVolcengine(simulator, "ListApplications", {
      ClusterId: clusterId,
      ...page,
    });
    return outcome === "ok" ? result : outcome;
  };
  beforeEach(() => {
    const { applications } = simulator.vke.cluster(clusterId);
    const ray = simulator.vke.application(clusterId, "Ray");
    for (let index = 0; index < 12; index++) applications.set(`App${index}`, { ...ray, name: `App${index}` });
  });

  test("hold 10 rows, or up to 100 where that is asked", async () => {
    expect((await read()).Items).toHaveLength(10);
    expect((await read({ MaxResults: 100 })).Items).toHaveLength(14);
    expect([await read({ MaxResults: 101 }), await read({ MaxResults: 0 })]).toEqual(
      Array(2).fill("InvalidParameter"),
    );
  });

  test("maxResults", async () => {
    set({ maxResults: "ignored" });
    expect(await read({ MaxResults: 100 })).toMatchObject({ Items: { length: 10 }, MaxResults: 10 });
    set({ maxResults: "refused" });
    expect(await read({ MaxResults: 100 })).toBe("InvalidParameter");
    expect((await read({ NextToken: 1 })).Items).toHaveLength(4);
  });

  test("totalCount and listsEndAfter", async () => {
    set({ totalCount: "text", listsEndAfter: 3 });
    expect(await read()).toMatchObject({ Items: { length: 3 }, TotalCount: "14" });
    set({ totalCount: "absent" });
    expect(await read()).not.toHaveProperty("TotalCount");
  });

  test("nextToken text", async () => {
    set({ nextToken: "text" });
    const { NextToken } = await read();
    expect(NextToken).toBe("page-1");
    expect(await read({ NextToken })).toMatchObject({ Items: { length: 4 }, NextToken: "" });
    expect(await read({ NextToken: 1 })).toBe("InvalidParameter");
  });
});

describe("operations", () => {
  test("operationListLag and startTimeLag", async () => {
    set({ operationListLag: 60_000, startTimeLag: 60_000 });
    const { OperationId } = (await act(simulator)).result;
    const listed = async () =>
      (await callNewer(simulator, "ListOperations", { ClusterIds: [clusterId] })).result.Items.length;
    const started = async () => (await listInstances(simulator))[0]?.StartTime;
    const before = cluster().startTime;
    simulator.clock.advance(59_000);
    expect([await stateOf(OperationId), await listed(), await started()]).toEqual(["SUCCESS", 0, before]);
    expect(cluster().startTime).not.toBe(before);
    simulator.clock.advance(1_000);
    expect(await listed()).toBe(1);
    simulator.clock.advance(60_000);
    expect(await started()).toBe(cluster().startTime);
  });

  test("operationShape items", async () => {
    set({ operationShape: "items" });
    const { OperationId } = (await act(simulator)).result;
    expect(await getOperation(simulator, OperationId)).toMatchObject({
      Items: [{ OperationId, OperationState: "ACCEPT" }],
      TotalCount: 1,
      NextToken: 0,
    });
  });

  test("operationFields", async () => {
    set({ operationFields: "Operate" });
    const { OperationId } = (await act(simulator)).result;
    const { result } = await callNewer(simulator, "ListOperations", { ClusterIds: [clusterId] });
    expect(result.Items[0]).toMatchObject({ OperateId: OperationId, OperateState: "ACCEPT" });
    expect(result.Items[0]).not.toHaveProperty("OperationId");
  });

  test("operationWords, reasonShape and contentEchoesParams", async () => {
    simulator.settings.volcengine.operationWords.FAILED = "ERROR";
    set({ reasonShape: "object", contentEchoesParams: false });
    simulator.faults.add({ kind: "operationFails", reason: "no nodes" });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(longEnough);
    const operation = await getOperation(simulator, OperationId);
    expect(operation).toMatchObject({
      OperationState: "ERROR",
      StateChangeReason: { reason: "no nodes" },
    });
    expect(operation.Content).not.toContain("raycluster-a");
  });

  test("visible for a time only", async () => {
    set({ operationVisibleAfter: 5_000, operationRetention: 60_000 });
    const { OperationId } = (await act(simulator)).result;
    const seen = async () => (await callVolcengine(simulator, "GetOperation", { OperationId })).outcome;
    expect(await seen()).toBe("InvalidParameter");
    const { result } = await callNewer(simulator, "ListOperations", { ClusterIds: [clusterId] });
    expect(result.Items).toEqual([]);
    simulator.clock.advance(5_000);
    expect(await seen()).toBe("ok");
    simulator.clock.advance(38_000 + 60_000);
    expect(await seen()).toBe("ok");
    simulator.clock.advance(1);
    expect(await seen()).toBe("InvalidParameter");
    set({ unknownOperation: "empty" });
    expect(await getOperation(simulator, OperationId)).toEqual({});
    set({ operationShape: "items" });
    expect((await getOperation(simulator, OperationId)).Items).toEqual([]);
  });

  test("no OperationId in the answer", async () => {
    set({ operationIdInAnswer: false });
    expect((await act(simulator)).result).toEqual({ ClusterId: clusterId });
    expect(simulator.vke.actions()).toHaveLength(1);
  });

  test("settleLag", async () => {
    set({ settleLag: 10_000 });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(43_000);
    expect([await stateOf(OperationId), cluster().state]).toEqual(["SUCCESS", "STARTING"]);
    simulator.clock.advance(10_000);
    expect(cluster()).toMatchObject({ state: "STARTED", starts: 1 });
  });

  test("durations follow timeScale", async () => {
    simulator.settings.timeScale = 0.5;
    set({ durations: { accept: 2_000, run: 10_000 } });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(6_000);
    expect(await stateOf(OperationId)).toBe("SUCCESS");
  });

  test.each([
    { overlap: "queue", outcome: "ok", state: "SUCCESS" },
    { overlap: "refuse", outcome: "IllegalOperationForCluster", state: undefined },
    { overlap: "failed", outcome: "ok", state: "FAILED" },
    { overlap: "skip", outcome: "ok", state: "SKIP" },
  ] as const)("overlap $overlap", async ({ overlap, outcome, state }) => {
    set({ overlap });
    const first = (await act(simulator)).result.OperationId;
    const second = await act(simulator, onOperator);
    expect(second.outcome).toBe(outcome);
    simulator.clock.advance(longEnough * 2);
    expect(await stateOf(first)).toBe("SUCCESS");
    if (state !== undefined) expect(await stateOf(second.result.OperationId)).toBe(state);
    const [ray] = simulator.vke.instances(clusterId, "Ray", "RayOperator");
    expect(ray?.starts).toBe(state === "SUCCESS" ? 1 : 0);
  });

  test("overlapScope component", async () => {
    set({ overlap: "refuse", overlapScope: "component" });
    await act(simulator);
    expect((await act(simulator, onOperator)).outcome).toBe("ok");
    expect((await act(simulator, params(release("raycluster-b")))).outcome).toBe(
      "IllegalOperationForCluster",
    );
  });
});
