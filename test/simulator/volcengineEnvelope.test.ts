// Each switch of the gateway for what the documents leave open shows its effect.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import type { VolcengineSettings } from "../../simulator/volcengine/settings";
import { act, callVolcengine, clusterId, newer, older } from "./volcengineCall";

let simulator: Simulator;
const startTime = Date.parse("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime: new Date(startTime) });
});
afterEach(() => simulator.close());

const set = (changes: Partial<VolcengineSettings>) => Object.assign(simulator.settings.volcengine, changes);
const readCluster = (version = older) =>
  callVolcengine(simulator, "GetVirtualCluster", { ClusterId: clusterId }, { version });

describe("versions", () => {
  test("newerVersion false", async () => {
    set({ newerVersion: false });
    const reply = await readCluster(newer);
    expect([reply.outcome, reply.status]).toEqual(["InvalidActionOrVersion", 404]);
    expect((await readCluster()).outcome).toBe("ok");
  });

  test("missingActions", async () => {
    set({ missingActions: [`${newer}/GetVirtualCluster`] });
    expect((await readCluster(newer)).outcome).toBe("InvalidActionOrVersion");
    expect((await readCluster()).outcome).toBe("ok");
  });

  test("actions of the other version", async () => {
    expect((await act(simulator, {}, { version: newer })).outcome).toBe("InvalidActionOrVersion");
    expect((await callVolcengine(simulator, "ListComponentInstances", {})).outcome).toBe(
      "InvalidActionOrVersion",
    );
  });

  test("a cluster that one version does not know", async () => {
    simulator.vke.cluster(clusterId).versions = [older];
    expect((await readCluster(newer)).outcome).toBe("InvalidClusterId");
    expect((await readCluster()).outcome).toBe("ok");
  });
});

describe("the envelope", () => {
  test.each([
    { errorOnSuccess: "absent", error: undefined },
    { errorOnSuccess: "empty", error: { Code: "", Message: "" } },
  ] as const)("errorOnSuccess $errorOnSuccess", async ({ errorOnSuccess, error }) => {
    set({ errorOnSuccess });
    const { body, outcome } = await readCluster();
    expect(outcome).toBe("ok");
    expect(body.ResponseMetadata.Error).toEqual(error);
  });

  test("of a failure", async () => {
    set({ businessCodeN: true, resultOnFailure: "null" });
    const { body } = await act(simulator, { ClusterId: "emr-none" });
    expect(body.ResponseMetadata.Error).toMatchObject({
      Code: "InvalidClusterId",
      CodeN: expect.any(Number),
    });
    expect(body.Result).toBeNull();
  });

  test("deprecated", async () => {
    set({ deprecated: true });
    const flag = async (version: string) => (await readCluster(version)).body.ResponseMetadata.Deprecated;
    expect([await flag(older), await flag(newer)]).toEqual([true, false]);
  });

  test("codes and statuses", async () => {
    const { codes, statuses } = simulator.settings.volcengine;
    codes.verb = "UnsupportedAction";
    statuses.verb = 409;
    const reply = await act(simulator, { ActionName: "reboot" });
    expect([reply.outcome, reply.status]).toEqual(["UnsupportedAction", 409]);
  });

  test("unknownFields", async () => {
    expect((await act(simulator, { RequestId: "x" })).outcome).toBe("ok");
    set({ unknownFields: "refused" });
    expect((await act(simulator, { RequestId: "x" })).outcome).toBe("InvalidParameter");
  });
});

describe("rates", () => {
  test.each([
    { flowLimitStatus: 429, flowLimitCode: "FlowLimitExceeded", codeN: 100018 },
    { flowLimitStatus: 400, flowLimitCode: "AccountFlowLimitExceeded", codeN: 100027 },
    { flowLimitStatus: 200, flowLimitCode: "FlowLimitExceeded", codeN: 100018 },
  ] as const)("$flowLimitCode with $flowLimitStatus", async ({ codeN, ...changes }) => {
    set({ ...changes, rateLimits: { read: 1, write: null } });
    expect((await readCluster()).outcome).toBe("ok");
    const reply = await readCluster();
    expect([reply.outcome, reply.status]).toEqual([changes.flowLimitCode, changes.flowLimitStatus]);
    expect(reply.body.ResponseMetadata.Error.CodeN).toBe(codeN);
    expect((await callVolcengine(simulator, "ListVirtualClusters", {})).outcome).toBe("ok");
    expect((await act(simulator)).outcome).toBe("ok");
    simulator.clock.advance(1000);
    expect((await readCluster()).outcome).toBe("ok");
  });

  test("of the account", async () => {
    set({ rateScope: "account", rateLimits: { read: 1, write: 1 } });
    await readCluster();
    expect((await callVolcengine(simulator, "ListVirtualClusters", {})).outcome).toBe("FlowLimitExceeded");
    expect((await act(simulator)).outcome).toBe("ok");
    expect((await act(simulator)).outcome).toBe("FlowLimitExceeded");
  });
});
