// A Cancel at some of an operation's calls, through the plugin: nothing new is begun after it, it ends soon, and the next
// up goes on from there.
import { expect, test } from "vitest";
import type { ListedResource } from "../engine/resourceList";
import { everyType } from "../everyType";
import { declare, makeStand, type Stand, stateOf } from "../scenarios/stand";
import { dataEngineId, instanceId, newVersion, vkeClusterId } from "../scenarios/subjects";

const of = (type: string, inputs: Record<string, unknown>, name = "thing"): ListedResource => ({
  type: `bigdata:${type}`,
  name,
  inputs: inputs as never,
});

const isChange = (action: string) => !/^(Describe|Inquiry|Check|Get|List|Show|CreateToken)/.test(action);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Subject {
  arrange?: (stand: Stand) => void;
  wanted: (stand: Stand) => Record<string, unknown>;
  /** Whether to begin it costs something. */
  isCostly?: boolean;
  /** What is so in the end, and what must be. */
  end: (stand: Stand) => unknown;
  expected: unknown;
}

const subjects: Record<string, Subject> = {
  "tencent:EmrNodePool": {
    wanted: ({ clusterId }) => ({ clusterId, role: "task", count: 2 }),
    isCostly: true,
    end: (stand) => [stand.bought(), stand.nodeIds().length],
    expected: [2, 2],
  },
  "tencent:EmrServiceState": {
    wanted: ({ clusterId }) => ({
      clusterId,
      service: "YARN",
      components: ["NodeManager"],
      state: "stopped",
    }),
    end: ({ sim, clusterId, changes }) => [
      sim.emr.processes(clusterId, { component: "NodeManager" }).some(({ started }) => started),
      changes().length,
    ],
    expected: [false, 1],
  },
  "tencent:DlcEngineImage": {
    arrange: ({ sim }) => void sim.dlc.createEngine({ dataEngineId }),
    wanted: () => ({ dataEngineId, imageVersion: newVersion }),
    isCostly: true,
    end: ({ changes }) => changes().length,
    expected: 1,
  },
  "huawei:DdmNodeGroup": {
    arrange: ({ sim }) => void sim.ddm.createInstance({ instanceId }),
    wanted: ({ sim }) => ({
      instanceId,
      flavorId: sim.ddm.groups(instanceId)[0]?.flavorId,
      nodeCount: sim.ddm.nodes(instanceId).length + 1,
    }),
    isCostly: true,
    end: ({ sim }) => sim.ddm.purchases(instanceId).length,
    expected: 1,
  },
  "volcengine:EmrApplicationState": {
    arrange: ({ sim }) =>
      void sim.vke.createCluster({
        clusterId: vkeClusterId,
        applications: { Ray: { RayOperator: ["operator"] } },
      }),
    wanted: () => ({
      clusterId: vkeClusterId,
      application: "Ray",
      components: ["RayOperator"],
      state: "stopped",
    }),
    end: ({ sim }) => sim.vke.actions(vkeClusterId).map(({ actionName }) => actionName),
    expected: ["stop"],
  },
};

/** Cancels at the first call, or at the first one that changes something; says what is begun after that. */
async function cancelAt(stand: Stand, when: "first" | "change") {
  const stop = new AbortController();
  let at = 0;
  const later: string[] = [];
  const unhook = stand.sim.onCall(async ({ action, phase }) => {
    if (phase !== "received") return;
    if (stop.signal.aborted) {
      if (isChange(action)) later.push(action);
    } else if (when === "first" || isChange(action)) {
      stop.abort();
      at = Date.now();
      // The plugin has heard of it before its call is answered.
      await pause(300);
    }
  });
  const { ok } = await stand.stack.up({ signal: stop.signal });
  unhook();
  return { ok, later, took: Date.now() - at };
}

async function cancelAndGoOn(
  type: string,
  { arrange, wanted, end, expected }: Subject,
  when: "first" | "change",
) {
  const stand = await makeStand();
  arrange?.(stand);
  declare(stand, of(type, wanted(stand)));
  const { ok, later, took } = await cancelAt(stand, when);
  expect(took).toBeLessThan(10_000);
  const up = await stand.stack.up();
  expect([up.error, end(stand)]).toEqual([undefined, expected]);
  expect(await stateOf(stand, "thing")).toBeDefined();
  return { ok, later };
}

const changed = everyType(subjects).filter(([type]) => type !== "tencent:EmrNodePool");
test.each(changed)("%s: a change that is cancelled is gone on with", async (type, subject) => {
  expect(await cancelAndGoOn(type, subject, "change")).toEqual({ ok: false, later: [] });
});

const costly = everyType(subjects).filter(([, { isCostly }]) => isCostly);
test.each(costly)("%s: what is cancelled before it has begun does not begin", async (type, subject) => {
  expect((await cancelAndGoOn(type, subject, "first")).later).toEqual([]);
});

test("a purchase whose answer does not come is in state as an open order", async () => {
  const stand = await makeStand();
  const { sim, stack, clusterId } = stand;
  sim.faults.add({ kind: "delayAnswer", action: "ScaleOutInstance", milliseconds: 12_000 });
  declare(stand, of("tencent:EmrNodePool", { clusterId, role: "task", count: 2 }));
  const { ok, later, took } = await cancelAt(stand, "change");
  expect([ok, later]).toEqual([false, []]);
  expect(took).toBeLessThan(8_000);
  expect(await stateOf(stand, "thing")).toMatchObject({ pendingOrder: { count: 2, acknowledged: false } });
  expect((await stack.up()).error).toBeUndefined();
  expect([stand.bought(), stand.nodeIds().length]).toEqual([2, 2]);
});

test("a purchase that is refused for now is over once its pause is cut short", async () => {
  const stand = await makeStand();
  const { sim, stack, clusterId } = stand;
  sim.faults.add({ kind: "throttle", action: "ScaleOutInstance" });
  declare(stand, of("tencent:EmrNodePool", { clusterId, role: "task", count: 2 }));
  expect((await cancelAt(stand, "change")).later).toEqual([]);
  const up = await stack.up();
  expect([up.error, stand.bought()]).toEqual([undefined, 2]);
  expect(up.messages.filter(({ message }) => message.includes("earlier order"))).toEqual([]);
});

test("what waits for its turn on a cluster does not begin after a Cancel", async () => {
  const stand = await makeStand();
  const { clusterId } = stand;
  const pools = ["a", "b"].map((name) =>
    of("tencent:EmrNodePool", { clusterId, role: "task", count: 1 }, name),
  );
  declare(stand, ...pools);
  const { later } = await cancelAt(stand, "change");
  expect(later).toEqual([]);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([stand.bought(), stand.nodeIds().length]).toEqual([2, 2]);
});
