// DDM: each fault strikes as ordered.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Fault, type Simulator, startSimulator } from "../../simulator";
import { enlarge, get, instanceId, showInstance } from "./huaweiCall";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ startTime: new Date("2026-01-02T03:04:05Z") });
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  simulator.ddm.createInstance({ instanceId, instanceName: "BUG-ddm-fb88-test" });
});

const at = (path = "") => `/-/instances/${instanceId}${path}`;
const purchases = () => simulator.ddm.purchases(instanceId);
const longEnough = 600_000;
const settings = () => simulator.settings.huawei;

describe("faults", () => {
  const rows: { fault: Fault; outcome: string | undefined; status?: number; bought: number }[] = [
    { fault: { kind: "dropAnswer" }, outcome: undefined, bought: 1 },
    { fault: { kind: "dropRequest" }, outcome: undefined, bought: 0 },
    { fault: { kind: "http", status: 503 }, outcome: "http 503", status: 503, bought: 0 },
    { fault: { kind: "http", status: 504, acted: true }, outcome: "http 504", status: 504, bought: 1 },
    { fault: { kind: "error", code: "DBS.200412" }, outcome: "DBS.200412", status: 500, bought: 0 },
    {
      fault: { kind: "error", code: "APIGW.0201", acted: true, status: 502 },
      outcome: "APIGW.0201",
      status: 502,
      bought: 1,
    },
    { fault: { kind: "throttle" }, outcome: "APIGW.0308", status: 429, bought: 0 },
    { fault: { kind: "busy", milliseconds: 1000 }, outcome: "DBS.200019", status: 409, bought: 0 },
    { fault: { kind: "delayAnswer", milliseconds: 5 }, outcome: "ok", status: 200, bought: 1 },
  ];
  test.each(rows)("$fault", async ({ fault, outcome, status, bought }) => {
    simulator.faults.add({ ...fault, action: "EnlargeInstance" });
    const reply = await enlarge(simulator).catch(() => undefined);
    expect([reply?.outcome, reply?.status]).toEqual([outcome, status]);
    expect(purchases()).toHaveLength(bought);
    expect(simulator.journal.at(-1)).toMatchObject({
      service: "ddm",
      answered: outcome !== undefined,
      acted: bought === 1,
    });
    expect(simulator.faults.pending).toEqual([]);
  });

  const statuses = () => simulator.ddm.nodes(instanceId).map(({ status }) => status);
  const failReason = async () => {
    const end = simulator.clock.now();
    const jobs = await get(simulator, `/v3/-/jobs?start_time=${end - 3_600_000}&end_time=${end}`);
    return jobs.body.jobs[0].fail_reason;
  };

  test("partialFill", async () => {
    simulator.faults.add({ kind: "partialFill", filled: 1 });
    await enlarge(simulator, { node_number: 2 });
    simulator.clock.advance(longEnough);
    expect(statuses()).toEqual(["normal", "normal", "normal", "enlargefail"]);
    expect(await failReason()).toMatch(/1 nodes/);
    expect((await showInstance(simulator)).node_count).toBe(4);
    settings().failedNodesListed = false;
    expect(await showInstance(simulator)).toMatchObject({ status: "RUNNING", node_count: 3 });
  });

  test("jobFails, with and without leftovers", async () => {
    simulator.faults.add({ kind: "jobFails", reason: "no luck", nodes: "gone" });
    await enlarge(simulator);
    simulator.clock.advance(longEnough);
    expect(statuses()).toHaveLength(2);
    expect(await failReason()).toBe("no luck");
    settings().statusAfterFailure = "ERROR";
    simulator.faults.add({ kind: "jobFails" });
    await enlarge(simulator);
    simulator.clock.advance(longEnough);
    expect(statuses()[2]).toBe("enlargefail");
    expect(await showInstance(simulator)).toMatchObject({ status: "ERROR", error_msg: "the job failed" });
  });

  test("vanishNode and lyingInstanceStatus", async () => {
    simulator.faults.add({ kind: "vanishNode", after: 10_000 });
    await enlarge(simulator, { node_number: 2 });
    simulator.clock.advance(longEnough);
    expect(statuses()).toHaveLength(3);
    simulator.faults.add({ kind: "lyingInstanceStatus", status: "WHATEVER" });
    expect((await showInstance(simulator)).status).toBe("WHATEVER");
    expect((await showInstance(simulator)).status).toBe("RUNNING");
  });

  test("hooks drop before and after", async () => {
    for (const phase of ["received", "acted"] as const) {
      const remove = simulator.onCall((event) => (event.phase === phase ? "drop" : undefined));
      await expect(enlarge(simulator)).rejects.toThrow();
      remove();
    }
    expect(purchases()).toHaveLength(1);
    expect(simulator.journal.map(({ outcome }) => outcome)).toEqual(["dropped", "ok"]);
  });

  test("rate limit and time scale", async () => {
    settings().rateLimitPerSecond = 1;
    await showInstance(simulator);
    expect((await get(simulator, `/v1${at()}`)).outcome).toBe("APIGW.0308");
    simulator.clock.advance(1000);
    simulator.settings.timeScale = 0.01;
    await enlarge(simulator);
    simulator.clock.advance(2_450);
    expect((await showInstance(simulator)).status).toBe("RUNNING");
    simulator.settings.timeScale = 1;
  });
});
