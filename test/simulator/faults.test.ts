import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Fault, type Simulator, startSimulator } from "../../simulator";
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

const buy = (changes: Record<string, unknown> = {}) => call(simulator, "ScaleOutInstance", scaleOut(changes));
const orders = () => simulator.emr.purchases(clusterId).length;
const tags = [{ TagKey: "owner", TagValue: "pool" }];

describe("what happens to one call", () => {
  const rows: {
    name: string;
    fault: Fault;
    /** Undefined: the connection dies. */
    outcome: string | undefined;
    journal: Record<string, unknown>;
  }[] = [
    {
      name: "dropAnswer",
      fault: { kind: "dropAnswer" },
      outcome: undefined,
      journal: { outcome: "ok", answered: false, acted: true },
    },
    {
      name: "dropRequest",
      fault: { kind: "dropRequest" },
      outcome: undefined,
      journal: { outcome: "dropped", answered: false, acted: false },
    },
    {
      name: "delayAnswer",
      fault: { kind: "delayAnswer", milliseconds: 5 },
      outcome: "ok",
      journal: { outcome: "ok", answered: true, acted: true },
    },
    {
      name: "http before",
      fault: { kind: "http", status: 503 },
      outcome: "http 503",
      journal: { outcome: "http 503", answered: true, acted: false },
    },
    {
      name: "http after",
      fault: { kind: "http", status: 502, acted: true, body: "bad gateway" },
      outcome: "http 502",
      journal: { outcome: "http 502", answered: true, acted: true },
    },
    {
      name: "error before",
      fault: { kind: "error", code: "InternalError.CvmError" },
      outcome: "InternalError.CvmError",
      journal: { outcome: "InternalError.CvmError", answered: true, acted: false },
    },
    {
      name: "error after",
      fault: { kind: "error", code: "InternalError.TradeCgwError", acted: true },
      outcome: "InternalError.TradeCgwError",
      journal: { outcome: "InternalError.TradeCgwError", answered: true, acted: true },
    },
    {
      name: "throttle",
      fault: { kind: "throttle" },
      outcome: "RequestLimitExceeded",
      journal: { outcome: "RequestLimitExceeded", answered: true, acted: false },
    },
    {
      name: "busy",
      fault: { kind: "busy", milliseconds: seconds(30) },
      outcome: "ResourceInUse.InstanceInProcess",
      journal: { outcome: "ResourceInUse.InstanceInProcess", answered: true, acted: false },
    },
  ];
  test.each(rows)("$name", async ({ fault, outcome, journal }) => {
    simulator.faults.add({ action: "ScaleOutInstance", ...fault });
    await listNodes(simulator);
    if (outcome === undefined) await expect(buy()).rejects.toThrow("fetch failed");
    else expect((await buy()).outcome).toBe(outcome);
    expect(simulator.journal.at(-1)).toMatchObject(journal);
    expect(orders()).toBe(journal.acted ? 1 : 0);
    expect(simulator.faults.pending).toHaveLength(0);
    simulator.clock.advance(longEnough);
    expect((await buy()).outcome).toBe("ok");
  });

  test("busy keeps the cluster for its time, visibly", async () => {
    simulator.faults.add({ kind: "busy", milliseconds: seconds(30) });
    await buy();
    expect(await clusterStatus(simulator)).toBe(7);
    simulator.clock.advance(seconds(30));
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test("skip and times", async () => {
    simulator.settings.rateLimitPerSecond = 100;
    simulator.faults.add({ kind: "throttle", action: "DescribeInstances", skip: 1, times: 2 });
    const outcomes: string[] = [];
    for (let index = 0; index < 4; index++) {
      outcomes.push((await call(simulator, "DescribeInstances", { DisplayStrategy: "clusterList" })).outcome);
    }
    expect(outcomes).toEqual(["ok", "RequestLimitExceeded", "RequestLimitExceeded", "ok"]);
  });

  test("calls that never reach the service use up no fault", async () => {
    simulator.faults.add({ kind: "dropAnswer" });
    await call(simulator, "ScaleOutInstance", scaleOut(), { skewSeconds: 1000 });
    await call(simulator, "ScaleOutInstance", { InstanceId: clusterId });
    expect(simulator.faults.pending).toHaveLength(1);
  });

  test("lyingStatus", async () => {
    simulator.faults.add({ kind: "lyingStatus", status: 2, times: 2 });
    await buy();
    expect([
      await clusterStatus(simulator),
      await clusterStatus(simulator),
      await clusterStatus(simulator),
    ]).toEqual([2, 2, 4]);
  });

  test("nonsense is refused when it is ordered", () => {
    expect(() => simulator.faults.add({ kind: "http", status: 200 })).toThrow();
    expect(() => simulator.faults.add({ kind: "flowFails", stage: "nowhere" } as never)).toThrow();
  });
});

describe("what happens to a scale-out", () => {
  async function finished(fault: Fault, changes: Record<string, unknown> = {}) {
    simulator.faults.add(fault);
    const { response } = await buy({ TaskCount: 3, Tags: tags, ...changes });
    simulator.clock.advance(longEnough);
    const flow = await flowOf(simulator, "TraceId", response.TraceId);
    const failed = flow.StageDetails.find((stage: { FailedReason: string }) => stage.FailedReason);
    const nodes = await listNodes(simulator);
    return {
      traceId: response.TraceId as string,
      summary: {
        flow: flow.FlowTotalStatus,
        failed: failed && [failed.Stage, failed.Status],
        cluster: await clusterStatus(simulator),
        nodes: nodes.length,
        tagged: nodes.filter((node) => node.Tags !== null).length,
      },
      nodes,
    };
  }

  const rows: { name: string; fault: Fault; becomes: Record<string, unknown> }[] = [
    {
      name: "partialFill",
      fault: { kind: "partialFill", filled: 2 },
      becomes: { flow: -1, failed: ["applyCvm", -1], cluster: 302, nodes: 2, tagged: 2 },
    },
    {
      name: "partialFill without tags",
      fault: { kind: "partialFill", filled: 2, tagged: false },
      becomes: { flow: -1, failed: ["applyCvm", -1], cluster: 302, nodes: 2, tagged: 0 },
    },
    {
      name: "partialFill with nothing",
      fault: { kind: "partialFill", filled: 0 },
      becomes: { flow: -1, failed: ["applyCvm", -1], cluster: 302, nodes: 0, tagged: 0 },
    },
    {
      name: "flowFails before the order",
      fault: { kind: "flowFails", stage: "lookupResources" },
      becomes: { flow: -1, failed: ["lookupResources", -1], cluster: 302, nodes: 0, tagged: 0 },
    },
    {
      name: "flowFails after the nodes appeared",
      fault: { kind: "flowFails", reason: "no heartbeat" },
      becomes: { flow: -1, failed: ["woodpeckerScaleoutCluster", -1], cluster: 302, nodes: 3, tagged: 3 },
    },
    {
      name: "flowFails at the tags",
      fault: { kind: "flowFails", stage: "bindTags" },
      becomes: { flow: -1, failed: ["bindTags", -1], cluster: 302, nodes: 3, tagged: 0 },
    },
    {
      name: "flowBlocks",
      fault: { kind: "flowBlocks" },
      becomes: { flow: -3, failed: ["queryWoodpeckerFlow", 1], cluster: 4, nodes: 3, tagged: 3 },
    },
    {
      name: "tagStageFails",
      fault: { kind: "tagStageFails" },
      becomes: { flow: 3, failed: ["bindTags", -1], cluster: 2, nodes: 3, tagged: 0 },
    },
    {
      name: "vanishNode",
      fault: { kind: "vanishNode", after: seconds(100) },
      becomes: { flow: 2, failed: undefined, cluster: 2, nodes: 2, tagged: 2 },
    },
  ];
  test.each(rows)("$name", async ({ fault, becomes }) => {
    expect((await finished(fault)).summary).toEqual(becomes);
  });

  test("failedPurchaseLeavesGhosts: the missing ones are listed without OrderNo", async () => {
    simulator.settings.failedPurchaseLeavesGhosts = true;
    const { nodes } = await finished({ kind: "partialFill", filled: 2 });
    expect(nodes.map((node) => node.OrderNo !== "")).toEqual([true, true, false]);
    expect(simulator.emr.purchases(clusterId)[0]?.nodeIds).toHaveLength(2);
  });

  test("services of a failed flow stay down", async () => {
    const { nodes } = await finished({ kind: "flowFails" }, { StartServiceAfterScaleOut: "true" });
    expect(nodes[0]?.ServicesStatus).toBe("NodeManager:STOPPED");
  });

  test("a person releases a blocked flow", async () => {
    const { traceId } = await finished({ kind: "flowBlocks", reason: "confirm" });
    simulator.emr.releaseFlow(clusterId, traceId);
    expect(await clusterStatus(simulator)).toBe(302);
    expect((await flowOf(simulator, "TraceId", traceId)).FlowTotalStatus).toBe(-1);
    expect((await buy()).outcome).toBe("ok");
  });
});
