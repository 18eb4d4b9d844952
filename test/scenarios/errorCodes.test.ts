// What becomes of a change that the cloud refuses for now, for good, or perhaps: by what its code means.
import { describe, expect, test } from "vitest";
import { declare, makeStand, pool, recordedNodes, stateOf, stepsOf } from "./stand";
import { bought, enlargements, newVersion, switches, withEngine, withInstance } from "./subjects";

const called = (stand: Awaited<ReturnType<typeof makeStand>>, action: string) =>
  stand.sim.journal.filter((entry) => entry.action === action).length;

describe("an engine that is busy", () => {
  test.each([
    "FailedOperation.AnotherProcessRunning",
    "FailedOperation.AnotherRequestProcessing",
    "InvalidParameter.InstanceInProcess",
    "ResourceNotFound.DataEngineNotRunning",
  ])("is waited for as long as it says %s", async (code) => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.faults.add({ kind: "error", code, action: "SwitchDataEngineImage", times: 12 });
    expect((await deploy()).error).toBeUndefined();
    expect(switches(stand)).toBe(13);
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
  });

  test("is told at once where it cannot become free: the account has no money", async () => {
    const { stand, deploy } = await withEngine();
    const code = "FailedOperation.BalanceNotEnough";
    stand.sim.faults.add({ kind: "error", code, action: "SwitchDataEngineImage", times: 9 });
    expect((await deploy()).error).toMatch(/BalanceNotEnough.*Top up the account/);
    expect(switches(stand)).toBe(1);
  });
});

describe("nodes that cannot be bought", () => {
  const code = "InternalError.CheckQuotaErr";

  test("are not ordered once their price tells so", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "error", code, action: "InquiryPriceScaleOutInstance" });
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toMatch(/CheckQuotaErr.*another default node spec/);
    expect([called(stand, "InquiryPriceScaleOutInstance"), stand.changes()]).toEqual([1, []]);
  });

  test("are ordered anew by the next up where the order itself was refused", async () => {
    const stand = await makeStand();
    stand.sim.faults.add({ kind: "error", code, action: "ScaleOutInstance" });
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toMatch(/CheckQuotaErr.*another default node spec/);
    expect([called(stand, "ScaleOutInstance"), stand.bought()]).toEqual([1, 0]);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect([await recordedNodes(stand), stand.bought()]).toEqual([
      expect.toSatisfy(({ length }) => length === 2),
      2,
    ]);
  });
});

test("a backlog of requests is waited for, and the nodes are bought once", async () => {
  const stand = await makeStand();
  const code = "LimitExceeded.RequestBacklogExceedsLimit";
  stand.sim.faults.add({ kind: "error", code, action: "ScaleOutInstance", times: 4 });
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([called(stand, "ScaleOutInstance"), stand.bought()]).toEqual([5, 2]);
});

test.each(["DescribeInstances", "DescribeClusterNodes"])(
  "a part of the cluster that %s does not find takes no pool out of the state",
  async (action) => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    const recorded = await recordedNodes(stand);
    const code = "ResourceNotFound.ResourceNotFound";
    stand.sim.faults.add({ kind: "error", code, action });
    expect((await stand.stack.refresh()).error).toMatch(/ResourceNotFound.*EMR console/);
    expect(await recordedNodes(stand)).toEqual(recorded);
    expect(stepsOf(await stand.stack.up())).toEqual([]);
  },
);

describe("an instance that allows no operation now", () => {
  test.each([
    ["DBS.200018", 403],
    ["DBS.201014", 400],
    ["DBS.280816", 409],
  ])("is waited for as long as it says %s with HTTP %i", async (code, status) => {
    const { stand, deploy, nodes } = await withInstance();
    stand.sim.faults.add({ kind: "error", code, status, action: "EnlargeInstance", times: 6 });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, 7]);
  });

  test("may have taken the nodes all the same where its server failed", async () => {
    const { stand, deploy, nodes } = await withInstance();
    const fault = { kind: "error", code: "DBS.280005", status: 500, acted: true } as const;
    stand.sim.faults.add({ ...fault, action: "EnlargeInstance" });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, 1]);
    expect(await stateOf(stand, "group")).toBeDefined();
  });
});
