// The library's own parts: clock, journal, hooks, and the control API over HTTP.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, listNodes, scaleOut, seconds } from "./call";

let simulator: Simulator;
const startTime = new Date("2025-06-01T00:00:00Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime });
});
afterEach(() => simulator.close());

async function control(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${simulator.url}/_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
  return { status: answer.status, body: (await answer.json()) as any };
}

describe("control API", () => {
  test("a cluster from the first fixture to its removal", async () => {
    const created = await control("POST", "tencent/emr/clusters", { clusterId, nodes: { core: 1 } });
    expect(created.body).toMatchObject({ clusterId, nodes: [{ role: "core" }] });
    const added = await control("POST", `tencent/emr/clusters/${clusterId}/nodes`, { role: "task" });
    await control("POST", `tencent/emr/clusters/${clusterId}/autoscaled`, {});
    expect((await listNodes(simulator)).map((node) => node.AutoFlag)).toEqual([0, 1]);
    await control("DELETE", `tencent/emr/clusters/${clusterId}/nodes/${added.body.emrResourceId}`);
    expect(await listNodes(simulator)).toHaveLength(1);
    await control("POST", `tencent/emr/clusters/${clusterId}/lock`, { milliseconds: 1000 });
    expect(await clusterStatus(simulator)).toBe(7);
    const state = await control("GET", "state");
    expect(state.body.clusters).toMatchObject([{ clusterId, status: 7, nodes: [{}, {}] }]);
    await control("DELETE", `tencent/emr/clusters/${clusterId}`);
    expect((await control("GET", "state")).body.clusters).toEqual([]);
  });

  test("journal since a sequence", async () => {
    await call(simulator, "DescribeInstances", { DisplayStrategy: "clusterList" });
    await call(simulator, "DescribeInstances", { DisplayStrategy: "nonsense" });
    const { body } = await control("GET", "journal?since=1");
    expect(body).toMatchObject([
      {
        sequence: 2,
        time: startTime.getTime(),
        cloud: "tencent",
        service: "emr",
        action: "DescribeInstances",
        version: "2019-01-03",
        region: "ap-guangzhou",
        request: { DisplayStrategy: "nonsense" },
        outcome: "InvalidParameter.DisplayStrategyNotMatch",
        answered: true,
        acted: false,
      },
    ]);
  });

  test("faults and settings", async () => {
    expect((await control("POST", "faults", { kind: "throttle" })).body).toMatchObject([
      { kind: "throttle", times: 1, skip: 0 },
    ]);
    expect(
      (await control("POST", "faults", [{ kind: "dropAnswer" }, { kind: "dropRequest" }])).body,
    ).toHaveLength(3);
    expect((await control("DELETE", "faults")).body).toEqual([]);
    await control("PATCH", "settings", { stock: { task: 3 }, durations: { removal: 5 } });
    expect(simulator.settings.stock).toEqual({ master: null, core: null, task: 3, router: null });
    expect(simulator.settings.durations.removal).toBe(5);
    await control("POST", "reset");
    expect(simulator.settings.stock.task).toBeNull();
  });

  test.each([
    { name: "unknown fault", method: "POST", path: "faults", body: { kind: "flood" }, status: 400 },
    { name: "unknown setting", method: "PATCH", path: "settings", body: { colour: 1 }, status: 400 },
    {
      name: "setting of another type",
      method: "PATCH",
      path: "settings",
      body: { tagsVisible: "no" },
      status: 400,
    },
    {
      name: "unknown cluster",
      method: "POST",
      path: "tencent/emr/clusters/emr-x/nodes",
      body: {},
      status: 400,
    },
    {
      name: "unknown role",
      method: "POST",
      path: "tencent/emr/clusters",
      body: { nodes: { edge: 1 } },
      status: 400,
    },
    { name: "unknown path", method: "GET", path: "weather", body: undefined, status: 404 },
  ])("$name → $status", async ({ method, path, body, status }) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual(expect.any(String));
  });

  test("unknown fields of a node are refused", () => {
    simulator.emr.createCluster({ clusterId });
    expect(() => simulator.emr.addForeignNode(clusterId, { color: "red" } as never)).toThrow(
      'no field "color"',
    );
    expect(() => simulator.emr.addForeignNode(clusterId, { role: "edge" } as never)).toThrow("no role");
  });

  test("a request of no known cloud", async () => {
    const answer = await fetch(`${simulator.url}/v1/clusters`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining("X-TC-Action") });
  });
});

describe("clock", () => {
  test("stands still until somebody sleeps", async () => {
    expect((await control("GET", "clock")).body).toEqual({ now: startTime.getTime() });
    expect((await control("POST", "clock/sleep", { milliseconds: 5000 })).body).toEqual({
      now: startTime.getTime() + 5000,
    });
    simulator.clock.advance(1);
    expect(simulator.clock.now()).toBe(startTime.getTime() + 5001);
  });

  test("real: sleeps and refuses to be advanced", async () => {
    const real = await startSimulator({ clock: "real" });
    try {
      const answer = await fetch(`${real.url}/_sim/clock/sleep`, {
        method: "POST",
        body: '{"milliseconds":5}',
      });
      const { now } = (await answer.json()) as { now: number };
      expect(Math.abs(now - Date.now())).toBeLessThan(5000);
      expect(() => real.clock.advance(1)).toThrow("cannot be advanced");
    } finally {
      await real.close();
    }
  });

  test("somebody's lock ends by itself", async () => {
    simulator.emr.createCluster({ clusterId });
    simulator.emr.holdLock(clusterId, seconds(60));
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe(
      "ResourceInUse.InstanceInProcess",
    );
    simulator.clock.advance(seconds(60));
    expect((await call(simulator, "ScaleOutInstance", scaleOut())).outcome).toBe("ok");
  });

  test("reset forgets what was due", () => {
    simulator.emr.createCluster({ clusterId });
    simulator.emr.holdLock(clusterId, seconds(60));
    simulator.reset();
    const cluster = simulator.emr.createCluster({ clusterId });
    simulator.clock.advance(seconds(60));
    expect(simulator.emr.status(cluster)).toBe(2);
    expect(simulator.journal).toHaveLength(0);
  });
});

describe("hooks", () => {
  beforeEach(() => {
    simulator.emr.createCluster({ clusterId });
  });

  test("received comes before the effect, acted after it and before the answer", async () => {
    const seen: unknown[] = [];
    const unsubscribe = simulator.onCall(({ phase, action, sequence }) => {
      seen.push([sequence, action, phase, simulator.emr.purchases(clusterId).length]);
    });
    await call(simulator, "ScaleOutInstance", scaleOut());
    unsubscribe();
    await listNodes(simulator);
    expect(seen).toEqual([
      [1, "ScaleOutInstance", "received", 0],
      [1, "ScaleOutInstance", "acted", 1],
    ]);
  });

  test.each([
    { phase: "received", bought: 0, outcome: "dropped" },
    { phase: "acted", bought: 1, outcome: "ok" },
  ] as const)("drop when $phase", async ({ phase, bought, outcome }) => {
    simulator.onCall(async (event) => (event.phase === phase ? "drop" : undefined));
    await expect(call(simulator, "ScaleOutInstance", scaleOut())).rejects.toThrow("fetch failed");
    expect(simulator.emr.purchases(clusterId)).toHaveLength(bought);
    expect(simulator.journal.at(-1)).toMatchObject({ outcome, answered: false, acted: bought === 1 });
  });

  test("secrets of bootstrap scripts are in neither hook nor journal", async () => {
    const seen: unknown[] = [];
    simulator.onCall(({ request }) => {
      seen.push(request);
    });
    const script = { CosFileURI: "https://x/y.sh", CosSecretId: "AKIDsecret", CosSecretKey: "key" };
    await call(simulator, "ScaleOutInstance", scaleOut({ PreExecutedFileSettings: [script] }));
    const text = JSON.stringify([seen, simulator.journal]);
    expect(text).not.toContain("AKIDsecret");
    expect(simulator.journal[0]?.request).toMatchObject({
      PreExecutedFileSettings: [
        { CosFileURI: "https://x/y.sh", CosSecretId: "[secret]", CosSecretKey: "[secret]" },
      ],
    });
  });
});

test("two runs give the same ids", async () => {
  const other = await startSimulator({ startTime });
  try {
    const ids = (one: Simulator) => one.emr.createCluster().allNodes.map((node) => node.emrResourceId);
    expect(ids(simulator)).toEqual(ids(other));
  } finally {
    await other.close();
  }
});
