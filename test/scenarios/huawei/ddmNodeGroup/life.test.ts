// The life of a DDM node group, and what happens when things are not as they should be.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../../simulator/index";
import { credentials, declare, door, nodeGroup, stateOf, stepsOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

describe("what cannot be", () => {
  test("a missing group id is asked for once there are several groups", async () => {
    const { stand, group, deploy } = await withInstance();
    const other = stand.sim.ddm.addGroup(instanceId, { name: "reports" });
    expect((await deploy(3)).error).toMatch(
      new RegExp(`groupId: is required.*${group?.groupId}.*${other.groupId} \\(reports\\)`),
    );
    expect((await deploy(3, { groupId: "nope" })).error).toMatch(/has no group nope/);
    expect(enlargements(stand)).toBe(0);
    expect((await deploy(3, { groupId: other.groupId })).error).toBeUndefined();
    expect(stand.sim.ddm.nodes(instanceId, other.groupId)).toHaveLength(3);
    expect(stand.sim.ddm.nodes(instanceId, group?.groupId)).toHaveLength(2);
  });

  test("another flavour than the group's is told before the call", async () => {
    const { stand, flavorId, deploy } = await withInstance();
    expect((await deploy(3, { flavorId: "other" })).error).toMatch(
      new RegExp(`flavorId: the group has flavour ${flavorId}`),
    );
    expect(enlargements(stand)).toBe(0);
  });

  test("a flavour of another size is told before the call where only the catalogue tells sizes", async () => {
    const { stand, flavorId, deploy } = await withInstance();
    stand.sim.settings.missingActions = ["ShowInstanceV3"];
    const own = stand.sim.ddm.flavors.find(({ id }) => id === flavorId);
    const other = stand.sim.ddm.flavors.find(({ cpu, memory }) => cpu !== own?.cpu && memory !== own?.memory);
    expect((await deploy(3, { flavorId: other?.id })).error).toMatch(
      new RegExp(
        `flavorId: ${other?.id} has ${other?.cpu} vCPU.* but the nodes of the group have ${own?.cpu} vCPU`,
      ),
    );
    expect(enlargements(stand)).toBe(0);
    expect((await deploy(3)).error).toBeUndefined();
  });

  test.each([
    ["no nodes", { nodeCount: 0 }, /at least 1/],
    ["too many nodes", { nodeCount: 33 }, /at most 32/],
    ["no instance", { instanceId: undefined }, /is required/],
    ["an unknown policy", { onDelete: "remove" }, /"leave" or "shrinkToInitial"/],
  ])("inputs with %s are refused", async (_name, more, reason) => {
    const { stand, flavorId } = await withInstance();
    const given = Object.entries({ instanceId, flavorId, nodeCount: 3, ...more }).filter(
      ([, value]) => value !== undefined,
    );
    declare(stand, nodeGroup(Object.fromEntries(given)));
    expect((await stand.stack.preview()).error).toMatch(reason);
    expect(stand.sim.journal).toEqual([]);
  });

  test("an instance in arrears is told at once", async () => {
    const { stand, deploy } = await withInstance({ restingStatus: "FROZEN" });
    expect((await deploy(3)).error).toMatch(/is FROZEN .*settle the account's arrears/);
    expect(enlargements(stand)).toBe(0);
  });
});

describe("nodes are added once", () => {
  test.each<[string, Fault, number]>([
    ["the answer is lost", { kind: "dropAnswer" }, 1],
    ["the answer is an HTTP 504", { kind: "http", status: 504, acted: true }, 1],
    ["the request is lost", { kind: "dropRequest" }, 2],
    ["the gateway fails before the request is received", { kind: "http", status: 502 }, 2],
    ["somebody operates on the instance", { kind: "busy", milliseconds: 60_000 }, 2],
  ])("where %s", async (_name, fault, sends) => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    const [first] = [stand.sim.journal.length];
    stand.sim.faults.add({ ...fault, action: "EnlargeInstance" });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, sends]);
    expect(stand.sim.journal.length).toBeGreaterThan(first ?? 0);
  });

  test.each(["received", "acted"] as const)(
    "where the provider is killed once the cloud has %s it, the state showing late",
    async (phase) => {
      const { stand, killAt, deploy, nodes } = await withInstance();
      stand.sim.settings.huawei.statusLagMilliseconds = 300_000;
      await deploy(2);
      killAt("EnlargeInstance", phase);
      expect((await deploy(4)).ok).toBe(false);
      expect((await deploy(4)).error).toBeUndefined();
      expect([nodes().length, bought(stand)]).toEqual([4, 2]);
    },
  );

  test("where the provider is killed and another machine goes on", async () => {
    const { stand, killAt, deploy, nodes } = await withInstance();
    await deploy(2);
    killAt("EnlargeInstance", "acted");
    expect((await deploy(4)).ok).toBe(false);
    rmSync(stand.journalDirectory, { recursive: true });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });

  test("where a wait passes its limit: it says which option to raise, and the next up goes on", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    stand.sim.settings.timeScale = 3;
    expect((await deploy(4, { timeouts: { update: "5m" } })).error).toMatch(
      /Raise timeouts\.update \(now 5m\)/,
    );
    expect(await stateOf(stand, "group")).toMatchObject({ pendingEnlarge: { count: 2, acknowledged: true } });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });
});

describe("yearly/monthly instances", () => {
  const zones = (count: number) => ({
    availabilityZones: Array.from({ length: count }, () => "eu-west-101a"),
  });

  test("an order that is not paid is told at once, and not made again", async () => {
    const { stand, deploy, nodes } = await withInstance({ charging: "prePaid" });
    await deploy(2);
    const first = await deploy(3, zones(1));
    expect(first.error).toMatch(/Order \S+ for 1 node is not paid/);
    expect((await deploy(3, zones(1))).error).toMatch(/is not paid/);
    expect(enlargements(stand)).toBe(1);
    const [order] = stand.sim.ddm.orders(instanceId);
    stand.sim.ddm.payOrder(order?.orderId ?? "");
    stand.sim.clock.advance(3_600_000);
    expect((await deploy(3, zones(1))).error).toBeUndefined();
    expect([nodes().length, enlargements(stand)]).toEqual([3, 1]);
  });

  test("an order that was cancelled is not waited for any more", async () => {
    const { stand, deploy } = await withInstance({ charging: "prePaid" });
    await deploy(2);
    await deploy(3, zones(1));
    const [order] = stand.sim.ddm.orders(instanceId);
    stand.sim.ddm.cancelOrder(order?.orderId ?? "");
    expect((await deploy(2, { cancelledOrders: [order?.orderId] })).error).toBeUndefined();
    expect(await stateOf(stand, "group")).not.toHaveProperty("pendingEnlarge");
  });

  test("an order that is canceled while it is waited for is not made again in the same run", async () => {
    const { stand, deploy, nodes } = await withInstance({ charging: "prePaid" });
    await deploy(2);
    const stop = stand.sim.onCall(({ action, phase }) => {
      const [order] = stand.sim.ddm.orders(instanceId);
      if (phase !== "received" || action === "EnlargeInstance" || !order) return undefined;
      stop();
      stand.sim.ddm.cancelOrder(order.orderId);
      return undefined;
    });
    expect((await deploy(3, zones(1))).error).toMatch(/was canceled while it was waited for/);
    expect([enlargements(stand), nodes().length]).toEqual([1, 2]);
    expect(await stateOf(stand, "group")).not.toHaveProperty("pendingEnlarge");
  });

  test("isAutoPay pays", async () => {
    const { stand, deploy, nodes } = await withInstance({ charging: "prePaid" });
    await deploy(2);
    expect((await deploy(3, { isAutoPay: true, ...zones(1) })).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([3, 1]);
  });
});

describe("gone or not", () => {
  test("a deleted instance takes the resource out of state", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(2);
    stand.sim.ddm.destroyInstance(instanceId);
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete group"]);
  });

  test("a failing call does not", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(2);
    stand.sim.faults.add({ kind: "http", status: 503, times: 99 });
    expect((await stand.stack.refresh()).ok).toBe(false);
    expect(await stateOf(stand, "group")).toBeDefined();
  });

  test("a wrong key is tried once and says what to check", async () => {
    const { stand, deploy } = await withInstance();
    await stand.stack.setConfig("bigdata:huaweiSecretKey", "wrong", { secret: true });
    expect((await deploy(3)).error).toMatch(/0301.*huaweiSecretKey/);
    expect(stand.sim.journal.length).toBeLessThanOrEqual(1);
  });
});

test("a password is exchanged for a token, which is renewed when it runs out", async () => {
  const { stand, deploy, nodes } = await withInstance();
  const [user] = stand.sim.settings.huawei.users;
  for (const key of ["huaweiAccessKey", "huaweiSecretKey", "huaweiSecurityToken"])
    await stand.stack.setConfig(`bigdata:${key}`, "");
  await stand.stack.setConfig("bigdata:huaweiUserName", user?.name ?? "");
  await stand.stack.setConfig("bigdata:huaweiPassword", user?.password ?? "", { secret: true });
  await stand.stack.setConfig("bigdata:huaweiDomainName", user?.domain ?? "");
  stand.sim.settings.huawei.tokenLifetimeMilliseconds = 11 * 60_000;
  expect((await deploy(3)).error).toBeUndefined();
  expect(nodes()).toHaveLength(3);
  const text = JSON.stringify(await stand.stack.exportState());
  for (const secret of [user?.password ?? "?", credentials.secretKey]) expect(text).not.toContain(secret);
});

describe("other editions and faults", () => {
  test("the pay-per-use edition, which tells no groups of nodes and no flavours", async () => {
    const { stand, deploy, nodes } = await withInstance();
    stand.sim.settings.huawei.edition = "payPerUseOnly";
    expect((await deploy(3)).error).toBeUndefined();
    expect((await deploy(2, { scaleIn: { allowed: true } })).error).toBeUndefined();
    expect(nodes()).toHaveLength(2);
  });

  test("jobs that cannot be found, and a state that shows late", async () => {
    const { stand, deploy, nodes } = await withInstance();
    Object.assign(stand.sim.settings.huawei, {
      v2JobsShown: false,
      statusLagMilliseconds: 100_000,
      creatingNodesListed: false,
    });
    expect((await deploy(4)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });

  test("a job that fails says why and what is there, and the next up asks only for the rest", async () => {
    const { stand, deploy, nodes } = await withInstance();
    stand.sim.faults.add({ kind: "jobFails", reason: "no capacity", nodes: "gone" });
    expect((await deploy(4)).error).toMatch(/brought 0 of 2 nodes.*no capacity/);
    expect((await deploy(4)).error).toBeUndefined();
    expect(nodes()).toHaveLength(4);
  });

  test("nodes that could not be set up are told, and removed first where that is allowed", async () => {
    const { stand, deploy } = await withInstance();
    stand.sim.faults.add({ kind: "partialFill", filled: 1 });
    expect((await deploy(4)).error).toMatch(/not good: \S+ \(enlargefail\)/);
    expect((await deploy(3, { scaleIn: { allowed: true } })).error).toBeUndefined();
    expect(stand.sim.ddm.nodes(instanceId).map(({ status }) => status)).toEqual([
      "normal",
      "normal",
      "normal",
    ]);
  });
});

test("an accepted request of which nothing is ever seen ends, and is not sent again on a guess", async () => {
  const { stand, deploy } = await withInstance();
  Object.assign(stand.sim.settings.huawei, {
    v2JobsShown: false,
    failedNodesListed: false,
    creatingNodesListed: false,
  });
  stand.sim.settings.missingActions = ["ListJobs"];
  stand.sim.faults.add({ kind: "jobFails", nodes: "gone" });
  const doubt = /was received, but shows no nodes.*name (\S+) in cancelledOrders/;
  const [, name] = doubt.exec((await deploy(4)).error ?? "") ?? [];
  expect((await deploy(4)).error).toMatch(doubt);
  expect(enlargements(stand)).toBe(1);
  // The way out that the error names.
  expect((await deploy(4, { cancelledOrders: [name] })).error).toBeUndefined();
  expect(enlargements(stand)).toBe(2);
});

test("a renamed resource does not shrink its group", async () => {
  const { stand, flavorId, deploy, nodes } = await withInstance();
  await deploy(4, { onDelete: "shrinkToInitial" });
  declare(stand, nodeGroup({ instanceId, flavorId, nodeCount: 4, onDelete: "shrinkToInitial" }, "renamed"));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(nodes()).toHaveLength(4);
});

test.runIf(door === "direct")(
  "a group whose flavor no list tells is imported, looked at, and taken care of",
  async () => {
    const { stand, deploy, flavorId } = await withInstance();
    stand.sim.settings.huawei.edition = "payPerUseOnly";
    const { type } = nodeGroup({});
    expect((await stand.stack.importResource({ type, name: "group", id: instanceId })).error).toBeUndefined();
    expect(await stateOf(stand, "group")).not.toHaveProperty("flavorId");
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await deploy(3, { flavorId })).error).toBeUndefined();
  },
);
