import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Fault, type Simulator, startSimulator } from "../../simulator";
import {
  act,
  callNewer,
  callVolcengine,
  clusterId,
  getOperation,
  listInstances,
  longEnough,
} from "./volcengineCall";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

const actions = () => simulator.vke.actions(clusterId);
const cluster = () => simulator.vke.instance(clusterId, "Ray", "RayCluster", "raycluster-a");
const readCluster = () => callVolcengine(simulator, "GetVirtualCluster", { ClusterId: clusterId });

describe("what happens to one call", () => {
  const rows: {
    name: string;
    fault: Fault;
    /** Undefined: the connection dies. */
    outcome: string | undefined;
    status?: number;
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
      name: "503 before",
      fault: { kind: "http", status: 503 },
      outcome: "http 503",
      status: 503,
      journal: { outcome: "http 503", answered: true, acted: false },
    },
    {
      name: "504 after the effect",
      fault: { kind: "http", status: 504, acted: true },
      outcome: "http 504",
      status: 504,
      journal: { outcome: "http 504", answered: true, acted: true },
    },
    {
      name: "timeout of the service, after the effect",
      fault: { kind: "error", code: "InternalServiceTimeout", acted: true },
      outcome: "InternalServiceTimeout",
      status: 504,
      journal: { outcome: "InternalServiceTimeout", answered: true, acted: true },
    },
    {
      name: "throttle",
      fault: { kind: "throttle" },
      outcome: "FlowLimitExceeded",
      status: 429,
      journal: { outcome: "FlowLimitExceeded", acted: false },
    },
    {
      name: "throttle of the account",
      fault: { kind: "throttle", code: "AccountFlowLimitExceeded" },
      outcome: "AccountFlowLimitExceeded",
      status: 429,
      journal: { outcome: "AccountFlowLimitExceeded", acted: false },
    },
    {
      name: "an error inside 200",
      fault: { kind: "error", code: "InternalError", status: 200 },
      outcome: "InternalError",
      status: 200,
      journal: { outcome: "InternalError", answered: true, acted: false },
    },
    {
      name: "busy",
      fault: { kind: "busy", milliseconds: 30_000 },
      outcome: "IllegalOperationForCluster",
      status: 400,
      journal: { outcome: "IllegalOperationForCluster", answered: true, acted: false },
    },
  ];
  test.each(rows)("$name", async ({ fault, outcome, status = 200, journal }) => {
    simulator.faults.add({ action: "RunApplicationAction", ...fault });
    await readCluster();
    if (outcome === undefined) await expect(act(simulator)).rejects.toThrow("fetch failed");
    else expect(await act(simulator)).toMatchObject({ outcome, status });
    expect(simulator.journal.at(-1)).toMatchObject(journal);
    expect(actions()).toHaveLength(journal.acted ? 1 : 0);
    expect(simulator.faults.pending).toHaveLength(0);
    simulator.clock.advance(longEnough);
    expect((await act(simulator)).outcome).toBe("ok");
  });

  test.each([
    { code: "UndefinedError", status: 500, codeN: 100001 },
    { code: "InvalidTimestamp", status: 400, codeN: 100006 },
    { code: "InternalError", status: 500, codeN: 100014 },
    { code: "FailToConnect", status: 502, codeN: 100015 },
    { code: "InternalServiceTimeout", status: 504, codeN: 100016 },
    { code: "ServiceUnavailableTemp", status: 503, codeN: 100019 },
    { code: "InvalidSecretToken", status: 401, codeN: 100026 },
    { code: "InvalidClusterId", status: 400, codeN: undefined },
  ])("$code comes with $status", async ({ code, status, codeN }) => {
    simulator.faults.add({ kind: "error", code });
    const reply = await readCluster();
    expect(reply.status).toBe(status);
    expect(reply.body.ResponseMetadata.Error).toMatchObject({ Code: code, Message: expect.any(String) });
    expect(reply.body.ResponseMetadata.Error.CodeN).toBe(codeN);
  });

  test("a gateway's flat error, and its page", async () => {
    const body = JSON.stringify({ httpcode: 502, errorcode: 100015, message: "fail to connect" });
    simulator.faults.add({ kind: "http", status: 502, body });
    const flat = await readCluster();
    expect([flat.status, flat.text, flat.headers.get("content-type")]).toEqual([
      502,
      body,
      "application/json",
    ]);
    simulator.faults.add({ kind: "http", status: 502 });
    const page = await readCluster();
    expect([page.text, page.headers.get("content-type")]).toEqual([
      "<html><body><h1>502</h1></body></html>",
      "text/html",
    ]);
  });

  test("busy is seen, and ends", async () => {
    const state = async () => (await readCluster()).result.ClusterState;
    simulator.faults.add({ kind: "busy", milliseconds: 30_000 });
    await act(simulator);
    expect(await state()).toBe("CHANGING");
    simulator.clock.advance(30_000);
    expect(await state()).toBe("RUNNING");
  });

  test("hooks step in before and after the effect", async () => {
    const seen: unknown[] = [];
    simulator.onCall(({ action, phase }) => {
      seen.push([action, phase, actions().length]);
      return phase === "acted" ? "drop" : undefined;
    });
    await expect(act(simulator)).rejects.toThrow("fetch failed");
    expect(seen).toEqual([
      ["RunApplicationAction", "received", 0],
      ["RunApplicationAction", "acted", 1],
    ]);
  });
});

describe("what happens to an operation", () => {
  test.each([
    { instances: "asBefore", action: "restart", state: "STARTED" },
    { instances: "failed", action: "restart", state: "RESTART_FAILED" },
    { instances: "failed", action: "stop", state: "STOP_FAILED" },
    { instances: "exception", action: "restart", state: "EXCEPTION" },
  ] as const)("operationFails, $instances: $state", async ({ instances, action, state }) => {
    simulator.faults.add({ kind: "operationFails", reason: "image not found", instances });
    const { OperationId } = (await act(simulator, { ActionName: action })).result;
    simulator.clock.advance(longEnough);
    expect(await getOperation(simulator, OperationId)).toMatchObject({
      OperationState: "FAILED",
      StateChangeReason: "image not found",
    });
    expect((await listInstances(simulator))[0]?.InstanceState).toBe(state);
    expect(cluster().starts).toBe(0);
    await act(simulator);
    simulator.clock.advance(longEnough);
    expect(cluster()).toMatchObject({ state: "STARTED", starts: 1 });
  });

  test("operationStuck until it is released; others wait", async () => {
    simulator.faults.add({ kind: "operationStuck" });
    const first = (await act(simulator)).result.OperationId;
    const second = (await act(simulator)).result.OperationId;
    const state = async (id: string) => (await getOperation(simulator, id)).OperationState;
    simulator.clock.advance(longEnough * 60);
    expect([await state(first), await state(second)]).toEqual(["PENDING", "ACCEPT"]);
    simulator.vke.release(first);
    expect(await state(first)).toBe("RUNNING");
    simulator.clock.advance(40_000);
    expect([await state(first), await state(second)]).toEqual(["SUCCESS", "RUNNING"]);
    expect(() => simulator.vke.release(first)).toThrow("is over");
    expect(() => simulator.vke.release(second)).toThrow("not stuck");
    expect(() => simulator.vke.release("op-none")).toThrow("no operation");
  });

  test("refused calls use up no fault", async () => {
    simulator.settings.volcengine.alreadyThere = "refuse";
    simulator.faults.add({ kind: "operationStuck" });
    expect((await act(simulator, { ActionName: "start" })).outcome).toBe("IllegalOperationForCluster");
    expect((await act(simulator, { ActionName: "reboot" })).outcome).toBe("InvalidParameter");
    expect(simulator.faults.pending).toHaveLength(1);
  });

  test("cancelled by somebody", async () => {
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(10_000);
    simulator.vke.cancel(OperationId);
    expect((await getOperation(simulator, OperationId)).OperationState).toBe("CANCEL");
    simulator.clock.advance(longEnough);
    expect(cluster()).toMatchObject({ state: "STARTED", starts: 0 });
  });

  test("an instance's state is lied about", async () => {
    simulator.faults.add({ kind: "lyingInstanceStatus", status: "STARTED" });
    cluster().state = "STOPPED";
    expect((await listInstances(simulator))[0]?.InstanceState).toBe("STARTED");
    expect((await listInstances(simulator))[0]?.InstanceState).toBe("STOPPED");
  });

  test("somebody's hand outlives a settling operation", async () => {
    simulator.settings.volcengine.settleLag = 10_000;
    await act(simulator);
    simulator.clock.advance(45_000);
    simulator.vke.setState(clusterId, "Ray", "RayCluster", "raycluster-a", "STOPPED");
    simulator.clock.advance(longEnough);
    expect(cluster().state).toBe("STOPPED");
  });
});

describe("the world", () => {
  test("a cluster in one call", async () => {
    const made = simulator.vke.createCluster({
      clusterId: "emr-mine",
      applications: {
        Ray: { RayCluster: ["a", { name: "b", namespace: "team", state: "STOPPED" }], RayOperator: [] },
      },
      configs: { Ray: [{ file: "f", key: "k", value: "v" }] },
    });
    expect(made.region).toBe("cn-beijing");
    const { result } = await callNewer(simulator, "ListComponentInstances", {
      ClusterId: "emr-mine",
      ApplicationName: "Ray",
    });
    expect(result.Items).toMatchObject([
      { ComponentInstanceName: "a", Namespace: "default", InstanceState: "STARTED" },
      { ComponentInstanceName: "b", Namespace: "team", InstanceState: "STOPPED", StartTime: null },
    ]);
    expect(simulator.vke.instance("emr-mine", "Ray", "RayCluster", "team/b").namespace).toBe("team");
    const none = { ApplicationName: "Ray", ComponentNames: ["RayOperator"] };
    expect((await act(simulator, { ClusterId: "emr-mine", Components: [none] })).outcome).toBe(
      "InvalidParameter",
    );
    expect(() => simulator.vke.createCluster({ clusterId: "emr-mine" })).toThrow("already");
    expect(() => simulator.vke.createCluster({ configs: { Flink: [] } })).toThrow("no application Flink");
    expect(() => simulator.vke.instance("emr-mine", "Ray", "RayCluster", "c")).toThrow("no instance c");
    simulator.vke.destroyCluster("emr-mine");
    expect(() => simulator.vke.cluster("emr-mine")).toThrow("no cluster emr-mine");
  });

  test("reset brings back the default cluster", async () => {
    await act(simulator);
    simulator.vke.removeCluster(clusterId);
    simulator.settings.volcengine.newerVersion = false;
    simulator.reset();
    expect(actions()).toEqual([]);
    expect(await listInstances(simulator)).toHaveLength(4);
  });

  async function control(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${simulator.url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
    return { status: answer.status, body: (await answer.json()) as any };
  }

  test("control API", async () => {
    const base = "volcengine/vke/clusters";
    const created = await control("POST", base, {
      clusterId: "emr-two",
      applications: { Ray: { RayCluster: ["a"] } },
    });
    expect(created.body).toMatchObject({
      clusterId: "emr-two",
      state: "RUNNING",
      instances: [{ name: "a" }],
    });
    await control("POST", `${base}/emr-two/Ray/RayCluster`, { name: "b" });
    await control("PATCH", `${base}/emr-two/Ray/RayCluster/a`, { state: "STOPPED" });
    await control("POST", `${base}/emr-two/Ray/configs`, { file: "f", key: "k", value: "v" });
    await control("POST", `${base}/emr-two/lock`, { milliseconds: 1000 });
    expect((await control("GET", `${base}/emr-two`)).body).toMatchObject({
      busy: [expect.any(String)],
      instances: [{ state: "STOPPED" }, { name: "b" }],
      configs: { Ray: [{ key: "k" }] },
    });
    await control("DELETE", `${base}/emr-two/Ray/RayCluster/a`);
    const where = { action: "restart", application: "Ray", component: "RayCluster", name: "b" };
    const { operationId } = (await control("POST", `${base}/emr-two/actions`, where)).body;
    const cancelled = await control("POST", `volcengine/vke/operations/${operationId}/cancel`);
    expect(cancelled.body.state).toBe("CANCEL");
    expect((await control("PATCH", `${base}/emr-two`, { state: "EXCEPTION" })).body.state).toBe("EXCEPTION");
    await control("DELETE", `${base}/emr-two/Ray`);
    await control("DELETE", `${base}/emr-two`);
    const state = await control("GET", "state");
    expect(state.body.virtualClusters).toMatchObject([
      { clusterId },
      { clusterId: "emr-two", state: "DELETED" },
    ]);
    expect(state.body.operations).toMatchObject([{ operationId }]);
  });

  test("a stuck operation is released, settings are patched", async () => {
    await control("POST", "faults", { kind: "operationStuck" });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(3_000);
    const released = await control("POST", `volcengine/vke/operations/${OperationId}/release`);
    expect(released.body.state).toBe("RUNNING");
    const change = { volcengine: { rateLimits: { read: null }, operationRetention: 5, overlap: "refuse" } };
    await control("PATCH", "settings", change);
    expect(simulator.settings.volcengine).toMatchObject({
      rateLimits: { read: null, write: 50 },
      operationRetention: 5,
      overlap: "refuse",
    });
    expect((await control("PATCH", "settings", { volcengine: { colour: 1 } })).status).toBe(400);
  });
});
