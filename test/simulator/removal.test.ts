// EMR: which removals of nodes are accepted, and what becomes of them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmrNode, type Settings, type Simulator, startSimulator } from "../../simulator";
import { call, clusterId, clusterStatus, flowOf, listNodes, longEnough, seconds } from "./call";

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

describe("TerminateTasks", () => {
  const rows: { name: string; ids: () => string[]; outcome: string; settings?: Partial<Settings> }[] = [
    { name: "a task node", ids: () => [first("task").emrResourceId], outcome: "ok" },
    { name: "nothing", ids: () => [], outcome: "InvalidParameter.InvalidResourceIds" },
    { name: "a CVM id", ids: () => [first("task").orderNo], outcome: "InvalidParameter.InvalidResourceIds" },
    { name: "an unknown node", ids: () => ["emr-vm-none"], outcome: "ResourceNotFound.ResourceNotFound" },
    {
      name: "an unknown node beside a known one",
      ids: () => ["emr-vm-none", first("task").emrResourceId],
      outcome: "ResourceNotFound.ResourceNotFound",
    },
    {
      name: "an unknown node beside a known one, skipped",
      ids: () => ["emr-vm-none", first("task").emrResourceId],
      settings: { unknownIdsOnRemoval: "skipped" },
      outcome: "ok",
    },
    { name: "a core node", ids: () => [first("core").emrResourceId], outcome: "UnsupportedOperation" },
    {
      name: "a protected node",
      ids: () => {
        first("task").disableApiTermination = true;
        return [first("task").emrResourceId];
      },
      outcome: "UnsupportedOperation",
    },
    {
      name: "a monthly node, refused",
      ids: () => [simulator.emr.addForeignNode(clusterId, { chargeType: 1 }).emrResourceId],
      settings: { terminateTasksPrepaid: "refused" },
      outcome: "UnsupportedOperation",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ ids, outcome, settings }) => {
    set(settings ?? {});
    const request = { InstanceId: clusterId, ResourceIds: ids() };
    const reply = await call(simulator, "TerminateTasks", request);
    expect(reply.outcome).toBe(outcome);
    expect(await clusterStatus(simulator)).toBe(outcome === "ok" ? 16 : 2);
    if (outcome === "ok") expect(Object.keys(reply.response)).toEqual(["RequestId"]);
  });
});

describe("TerminateClusterNodes", () => {
  const remove = (role: string, extra: Record<string, unknown> = {}) => ({
    InstanceId: clusterId,
    CvmInstanceIds: [first(role).orderNo],
    NodeFlag: role.toUpperCase(),
    ...extra,
  });
  const rows: {
    name: string;
    request: () => Record<string, unknown>;
    outcome: string;
    settings?: Partial<Settings>;
    status?: number;
  }[] = [
    { name: "task", request: () => remove("task"), outcome: "ok", status: 16 },
    { name: "core", request: () => remove("core"), outcome: "ok", status: 15 },
    { name: "router", request: () => remove("router"), outcome: "ok", status: 17 },
    {
      name: "task, as shrinking",
      request: () => remove("task"),
      settings: { removalStatus: "shrinking" },
      outcome: "ok",
      status: 24,
    },
    { name: "a master", request: () => remove("master"), outcome: "ok", status: 24 },
    {
      name: "core, where Destroyable protects",
      request: () => remove("core"),
      settings: { removalOfUndestroyable: "refused" },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "task, where Destroyable protects",
      request: () => remove("task"),
      settings: { removalOfUndestroyable: "refused" },
      outcome: "ok",
      status: 16,
    },
    {
      name: "a protected core node",
      request: () => {
        first("core").disableApiTermination = true;
        return remove("core");
      },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "common",
      request: () => remove("common"),
      outcome: "InvalidParameter.InvalidNodeFlag",
    },
    {
      name: "lower-case flag",
      request: () => remove("task", { NodeFlag: "task" }),
      outcome: "InvalidParameter.InvalidNodeFlag",
    },
    {
      name: "another role's node",
      request: () => remove("task", { NodeFlag: "CORE" }),
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "an EMR id",
      request: () => remove("task", { CvmInstanceIds: [first("task").emrResourceId] }),
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "an unknown id",
      request: () => remove("task", { CvmInstanceIds: ["ins-none"] }),
      outcome: "ResourceNotFound.CvmInstanceNotFound",
    },
    { name: "no flag", request: () => remove("task", { NodeFlag: undefined }), outcome: "MissingParameter" },
    {
      name: "59 s of grace",
      request: () => remove("task", { GraceDownFlag: true, GraceDownTime: 59 }),
      outcome: "InvalidParameter",
    },
    {
      name: "1801 s of grace",
      request: () => remove("task", { GraceDownFlag: true, GraceDownTime: 1801 }),
      outcome: "InvalidParameter",
    },
    {
      name: "too few core nodes left",
      request: () => remove("core"),
      settings: { minimumCoreCount: 3 },
      outcome: "InvalidParameter.InvalidResourceIds",
    },
    {
      name: "no such cluster",
      request: () => remove("task", { InstanceId: "emr-none" }),
      outcome: "ResourceNotFound.InstanceNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ request, outcome, settings, status }) => {
    set(settings ?? {});
    const reply = await call(simulator, "TerminateClusterNodes", request());
    expect(reply.outcome).toBe(outcome);
    expect(await clusterStatus(simulator)).toBe(status ?? 2);
    if (outcome === "ok") {
      expect((await flowOf(simulator, "FlowId", String(reply.response.FlowId))).FlowTotalStatus).toBe(0);
    }
  });

  test.each([
    { name: "at once", grace: {}, gone: 63, end: 90 },
    { name: "gracefully", grace: { GraceDownFlag: true, GraceDownTime: 120 }, gone: 183, end: 210 },
    { name: "gracefully, 0 s", grace: { GraceDownFlag: true, GraceDownTime: 0 }, gone: 63, end: 90 },
  ])("$name: when the node leaves and the cluster is free", async ({ grace, gone, end }) => {
    const node = first("task");
    await call(simulator, "TerminateClusterNodes", remove("task", grace));
    simulator.clock.advance(seconds(gone) - 1);
    expect(await listNodes(simulator)).toHaveLength(2);
    simulator.clock.advance(1);
    expect((await listNodes(simulator)).map((one) => one.EmrResourceId)).not.toContain(node.emrResourceId);
    simulator.clock.advance(seconds(end - gone) - 1);
    expect(await clusterStatus(simulator)).toBe(16);
    simulator.clock.advance(1);
    expect(await clusterStatus(simulator)).toBe(2);
  });

  test.each([
    { prepaidRemoval: "recycleBin", second: "ResourceNotFound.CvmInstanceNotFound", inBin: 1 },
    { prepaidRemoval: "secondCallDestroys", second: "ok", inBin: 0 },
  ] as const)("monthly nodes, $prepaidRemoval", async ({ prepaidRemoval, second, inBin }) => {
    set({ prepaidRemoval });
    const node = simulator.emr.addForeignNode(clusterId, { chargeType: 1 });
    const request = remove("task", { CvmInstanceIds: [node.orderNo] });
    await call(simulator, "TerminateClusterNodes", request);
    simulator.clock.advance(longEnough);
    expect(await listNodes(simulator, "recyle")).toMatchObject([{ OrderNo: node.orderNo }]);
    expect((await call(simulator, "TerminateClusterNodes", request)).outcome).toBe(second);
    simulator.clock.advance(longEnough);
    expect(await listNodes(simulator, "recyle")).toHaveLength(inBin);
    expect(await listNodes(simulator)).toHaveLength(2);
  });
});
