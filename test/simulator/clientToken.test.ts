// What a scale-out answers, and what a ClientToken that is seen again does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, flowOf, scaleOut, seconds } from "./call";

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

describe("scaleOutAnswer", () => {
  test.each([
    { scaleOutAnswer: "traceId", flowIdIsZero: true, hasTrace: true },
    { scaleOutAnswer: "flowId", flowIdIsZero: false, hasTrace: false },
    { scaleOutAnswer: "nothing", flowIdIsZero: true, hasTrace: false },
  ] as const)("$scaleOutAnswer", async ({ scaleOutAnswer, flowIdIsZero, hasTrace }) => {
    set({ scaleOutAnswer });
    const { response } = await call(simulator, "ScaleOutInstance", scaleOut());
    expect(response.FlowId === 0).toBe(flowIdIsZero);
    expect("TraceId" in response).toBe(hasTrace);
    if (!flowIdIsZero) {
      expect((await flowOf(simulator, "FlowId", String(response.FlowId))).FlowName).toBe("ScaleOutCluster");
    }
  });
});

describe("repeated ClientToken", () => {
  const request = scaleOut({ ClientToken: "token-1" });
  const other = scaleOut({ ClientToken: "token-1", TaskCount: 2 });
  test.each([
    { name: "sameAnswer", set: { repeatedToken: "sameAnswer" }, again: request, outcome: "ok", orders: 1 },
    {
      name: "sameAnswer, other body",
      set: { repeatedToken: "sameAnswer" },
      again: other,
      outcome: "InvalidParameter.InvalidClientToken",
      orders: 1,
    },
    {
      name: "sameAnswer whatever the body",
      set: { repeatedTokenOtherBody: "sameAnswer" },
      again: other,
      outcome: "ok",
      orders: 1,
    },
    {
      name: "duplicateOrder",
      set: { repeatedToken: "duplicateOrder" },
      again: request,
      outcome: "FailedOperation.DuplicateOrderNotAllowed",
      orders: 1,
    },
    {
      name: "invalidToken",
      set: { repeatedToken: "invalidToken" },
      again: request,
      outcome: "InvalidParameter.InvalidClientToken",
      orders: 1,
    },
    {
      name: "ignored while the first runs",
      set: { repeatedToken: "ignored" },
      again: request,
      outcome: "ResourceInUse.InstanceInProcess",
      orders: 1,
    },
  ] as const)("$name", async ({ set: settings, again, outcome, orders }) => {
    set(settings);
    const first = await call(simulator, "ScaleOutInstance", request);
    const second = await call(simulator, "ScaleOutInstance", again);
    expect(second.outcome).toBe(outcome);
    if (outcome === "ok")
      expect({ ...second.response, RequestId: "" }).toEqual({ ...first.response, RequestId: "" });
    expect(simulator.emr.purchases(clusterId)).toHaveLength(orders);
    expect(simulator.journal.at(-1)?.acted).toBe(false);
  });

  test.each([
    { name: "inside the window", wait: seconds(299), outcome: "ok", orders: 1 },
    { name: "after the window", wait: seconds(300), outcome: "ok", orders: 2 },
  ])("sameAnswer $name", async ({ wait, outcome, orders }) => {
    await call(simulator, "ScaleOutInstance", request);
    simulator.clock.advance(wait);
    expect((await call(simulator, "ScaleOutInstance", request)).outcome).toBe(outcome);
    expect(simulator.emr.purchases(clusterId)).toHaveLength(orders);
  });

  test("ignored buys again", async () => {
    set({ repeatedToken: "ignored" });
    await call(simulator, "ScaleOutInstance", request);
    simulator.clock.advance(seconds(250));
    await call(simulator, "ScaleOutInstance", request);
    expect(simulator.emr.purchases(clusterId)).toHaveLength(2);
  });
});
