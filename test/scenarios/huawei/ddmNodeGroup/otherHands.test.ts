// A DDM node group among other groups, other hands, other machines and half answers: what must not be bought twice,
// deleted or forgotten.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createHuaweiClient } from "../../../../provider/huawei/client";
import { showInstance } from "../../../../provider/huawei/ddm/api";
import { ddmNodeGroup } from "../../../../provider/huawei/ddm/nodeGroup/resource";
import { credentials, declare, journalsOf, nodeGroup, type Stand, stateOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

const shrink = { onDelete: "shrinkToInitial" };
const allowed = { scaleIn: { allowed: true } };
const zone = { availabilityZones: ["eu-west-101a"] };
const autoPay = { ...zone, isAutoPay: true };
const adding = { action: "EnlargeInstance" };

/** Does something once the cloud has received the next call like this, or has acted on it. */
function once(stand: Stand, call: string, at: "received" | "acted", work: () => void): void {
  const stop = stand.sim.onCall(({ action, phase }) => {
    if (action !== call || phase !== at) return;
    stop();
    work();
  });
}

/** Somebody enlarges another group of the instance: the job does not tell which. */
const enlargedByOthers = ({ sim }: Stand) =>
  sim.ddm.startChange(sim.ddm.instance(instanceId), {
    status: "GROWING",
    jobName: "EnlargeNode",
    v2: true,
    duration: 100_000,
    atEnd: () => undefined,
  });

/** The next list of nodes is empty. */
function hideNodesOnce(stand: Stand): void {
  const nodes = stand.sim.ddm.nodes(instanceId);
  const createdAt = nodes[0]?.createdAt ?? 0;
  const show = (since: number) => nodes.map((node) => Object.assign(node, { createdAt: since }));
  once(stand, "ListNodes", "received", () => show(Number.MAX_VALUE));
  once(stand, "ListNodes", "acted", () => show(createdAt));
}

async function usePassword({ sim, stack }: Stand): Promise<void> {
  const [user] = sim.settings.huawei.users;
  await stack.setConfig("bigdata:huaweiAccessKey", "");
  await stack.setConfig("bigdata:huaweiSecretKey", "", { secret: true });
  await stack.setConfig("bigdata:huaweiUserName", user?.name ?? "");
  await stack.setConfig("bigdata:huaweiPassword", user?.password ?? "", { secret: true });
  await stack.setConfig("bigdata:huaweiDomainName", user?.domain ?? "");
}

describe("other groups of the instance", () => {
  test("keep their nodes where the list of groups fails", async () => {
    const { stand, group, deploy } = await withInstance();
    const other = stand.sim.ddm.addGroup(instanceId, { nodes: 4 });
    await deploy(2, { groupId: group?.groupId, ...allowed });
    stand.sim.faults.add({ kind: "error", code: "APIGW.0101", action: "ListGroups" });
    await deploy(3, { groupId: group?.groupId, ...allowed });
    expect(stand.sim.ddm.nodes(instanceId, other.groupId)).toHaveLength(4);
  });

  test("may appear while nodes are added: the resource still knows its own", async () => {
    const { stand, group, deploy } = await withInstance();
    once(stand, "EnlargeInstance", "acted", () => stand.sim.ddm.addGroup(instanceId));
    await deploy(4);
    expect(await stateOf(stand, "group")).toMatchObject({ groupId: group?.groupId });
    await stand.stack.refresh();
    expect(await stateOf(stand, "group")).toBeDefined();
  });

  test("nodes are added once where the provider is killed and groupId is named afterwards", async () => {
    const { stand, group, killAt, deploy, nodes } = await withInstance();
    stand.sim.settings.huawei.statusLagMilliseconds = 300_000;
    killAt("EnlargeInstance", "acted");
    await deploy(4);
    // The work is done by then, and not listed yet.
    stand.sim.clock.advance(28_000);
    await deploy(4, { groupId: group?.groupId });
    expect([nodes().length, bought(stand)]).toEqual([4, 2]);
  });

  test("a group that could not be told at first is not gone when it can be", async () => {
    const { stand, deploy } = await withInstance();
    stand.sim.settings.missingActions = ["ListGroups"];
    expect((await deploy(2)).error).toBeUndefined();
    stand.sim.settings.missingActions = [];
    await stand.stack.refresh();
    expect(await stateOf(stand, "group")).toBeDefined();
  });
});

describe("deleting with shrinkToInitial", () => {
  test("buys nothing where others have removed nodes", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(4, shrink);
    for (const id of nodes().slice(0, 3)) stand.sim.ddm.removeNode(instanceId, id);
    await stand.stack.destroy();
    expect(bought(stand)).toBe(2);
  });

  test("never goes below the initial number, whatever state has seen meanwhile", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2, shrink);
    stand.sim.ddm.removeNode(instanceId, nodes()[0] ?? "");
    await stand.stack.refresh();
    stand.sim.ddm.addNode(instanceId);
    await stand.stack.destroy();
    expect(nodes()).toHaveLength(2);
  });

  test("takes back what a create bought that was killed once its nodes were there", async () => {
    const { stand, killAt, deploy, nodes } = await withInstance();
    const stop = stand.sim.onCall(({ action }) => {
      if (action !== "ShowInstance" || enlargements(stand) === 0) return;
      const isSettled = (path: string) => JSON.parse(readFileSync(path, "utf8")).entry.settled.length > 0;
      if (!journalsOf(stand).some(isSettled)) return;
      stop();
      killAt("ListNodes", "received");
    });
    expect((await deploy(4, shrink)).ok).toBe(false);
    expect((await deploy(4, shrink)).error).toBeUndefined();
    await stand.stack.destroy();
    expect(nodes()).toHaveLength(2);
  });

  test("succeeds where the group is gone", async () => {
    const { stand, deploy } = await withInstance();
    const other = stand.sim.ddm.addGroup(instanceId);
    await deploy(2, { groupId: other.groupId, ...shrink });
    stand.sim.ddm.removeGroup(instanceId, other.groupId);
    expect((await stand.stack.destroy()).error).toBeUndefined();
  });

  test("leaves the nodes to a resource that was declared beside it in an earlier run", async () => {
    const { stand, flavorId, nodes } = await withInstance();
    const [old, renamed] = ["group", "renamed"].map((name) =>
      nodeGroup({ instanceId, flavorId, nodeCount: 4, ...shrink }, name),
    );
    for (const resources of [[old], [old, renamed], [renamed]]) {
      declare(stand, ...resources.flatMap((resource) => resource ?? []));
      await stand.stack.up();
    }
    expect(nodes()).toHaveLength(4);
  });
});

describe("orders", () => {
  async function prepaid() {
    const subject = await withInstance({ charging: "prePaid" });
    const orders = () => subject.stand.sim.ddm.orders(instanceId).map(({ orderId }) => orderId);
    return { ...subject, orders };
  }

  test.each<[string, (stand: Stand) => void]>([
    ["the answer is lost", (stand) => stand.sim.faults.add({ kind: "dropAnswer", ...adding })],
    [
      "others enlarge another group",
      (stand) => once(stand, "EnlargeInstance", "acted", () => enlargedByOthers(stand)),
    ],
  ])("are made once where %s and they are carried out late", async (_name, arrange) => {
    const { stand, deploy, nodes } = await prepaid();
    stand.sim.settings.huawei.durations.order = 3_000_000;
    arrange(stand);
    if ((await deploy(3, autoPay)).error) await deploy(3, autoPay);
    stand.sim.clock.advance(3_600_000);
    expect(nodes()).toHaveLength(3);
  });

  test("are told at once where the balance does not suffice for isAutoPay", async () => {
    const { stand, deploy, orders } = await prepaid();
    stand.sim.settings.huawei.balanceSuffices = false;
    expect((await deploy(3, autoPay)).error).toContain(orders()[0]);
  });

  test("that were paid and whose job failed are not called unpaid for ever", async () => {
    const { stand, deploy, orders } = await prepaid();
    stand.sim.faults.add({ kind: "jobFails", reason: "no capacity", nodes: "gone" });
    await deploy(3, zone);
    stand.sim.ddm.payOrder(orders()[0] ?? "");
    stand.sim.clock.advance(3_600_000);
    expect((await deploy(3, zone)).error).toMatch(/no capacity/);
  });

  test("that are unpaid are not forgotten because somebody else added a node", async () => {
    const { stand, deploy } = await prepaid();
    await deploy(3, zone);
    stand.sim.ddm.addNode(instanceId);
    await deploy(3, zone);
    expect(await stateOf(stand, "group")).toHaveProperty("pendingEnlarge");
  });

  test("in state are not forgotten on a machine whose clock was ahead", async () => {
    const { stand, deploy, orders } = await prepaid();
    await deploy(3, zone);
    const entry = { pending: [], settled: ["another"], groups: {} };
    for (const path of journalsOf(stand)) writeFileSync(path, JSON.stringify({ entry }));
    await deploy(3, zone);
    expect(orders()).toHaveLength(1);
  });

  test("that are unpaid are named by a deletion that leaves the nodes", async () => {
    const { stand, deploy, orders } = await prepaid();
    await deploy(3, zone);
    const { error, messages } = await stand.stack.destroy();
    expect(JSON.stringify([error, messages])).toContain(orders()[0]);
  });
});

describe("evidence of an enlargement", () => {
  test.each(["listed 100 s late", "not listed once"])(
    "nodes are added once where they are %s",
    async (how) => {
      const { stand, deploy } = await withInstance();
      if (how === "not listed once") hideNodesOnce(stand);
      else stand.sim.settings.huawei.statusLagMilliseconds = 1_000_000;
      if ((await deploy(4)).error) await deploy(4);
      expect(bought(stand)).toBe(2);
    },
  );

  const lost = { kind: "dropRequest", ...adding } as const;
  const forbidden = { kind: "error", code: "APIGW.0302", action: "ListJobs", times: 99 } as const;
  const misfortunes: Record<string, (stand: Stand) => unknown> = {
    "jobs may not be read": ({ sim }) => sim.faults.add(forbidden),
    "the request is lost and a backup begins": (stand) => {
      stand.sim.faults.add(lost);
      once(stand, "EnlargeInstance", "received", () => stand.sim.ddm.holdLock(instanceId, 30_000));
    },
    "the request is lost and others have just enlarged another group": (stand) => {
      stand.sim.faults.add(lost);
      enlargedByOthers(stand);
    },
    "a login fails with a 503": async (stand) => {
      await usePassword(stand);
      stand.sim.faults.add({ kind: "http", status: 503, action: "CreateToken" });
    },
  };
  test.each(Object.keys(misfortunes))("one up is enough where %s", async (name) => {
    const { stand, deploy } = await withInstance();
    await misfortunes[name]?.(stand);
    expect((await deploy(4)).error).toBeUndefined();
  });

  test("a failed job counts where only the list shows it", async () => {
    const { stand, deploy } = await withInstance();
    stand.sim.settings.huawei.v2JobsShown = false;
    stand.sim.faults.add({ kind: "jobFails", reason: "no capacity" });
    expect((await deploy(4)).error).toMatch(/no capacity/);
  });

  test("what is pending outlives a refresh and a journal that is lost or cannot be written", async () => {
    const { stand, deploy } = await withInstance();
    once(stand, "EnlargeInstance", "acted", () => {
      rmSync(stand.journalDirectory, { recursive: true });
      writeFileSync(stand.journalDirectory, "in the way");
    });
    expect((await deploy(4)).error).toMatch(/cannot be used/);
    await stand.stack.refresh();
    expect(await stateOf(stand, "group")).toMatchObject({ pendingEnlarge: { count: 2 } });
    rmSync(stand.journalDirectory);
    expect((await deploy(4)).error).toBeUndefined();
    expect(bought(stand)).toBe(2);
  });
});

test("scaleIn removes the newest", async () => {
  const { deploy, nodes } = await withInstance();
  await deploy(3);
  const older = nodes();
  await deploy(4);
  await deploy(3, allowed);
  expect(nodes()).toEqual(older);
});

describe("who asks, and where", () => {
  test("an instance is not gone because of a 404 that is not DDM's", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(2);
    stand.sim.faults.add({ kind: "http", status: 404, action: "ShowInstance" });
    await stand.stack.refresh();
    expect(await stateOf(stand, "group")).toBeDefined();
  });

  test("a refusal of a read is not taken for a group that is gone", async () => {
    const { stand, deploy } = await withInstance();
    expect((await deploy(2)).error).toBeUndefined();
    for (const action of ["ListGroups", "ListNodes"]) {
      stand.sim.faults.add({ kind: "error", code: "APIGW.0302", action });
      expect((await stand.stack.refresh()).error, action).toMatch(/0302.*RequestId.*permissions/);
    }
    expect(await stateOf(stand, "group")).toHaveProperty("nodes.length", 2);
  });

  test("an enlargement that was refused for its token is not pending where the login fails", async () => {
    const { stand, deploy } = await withInstance();
    await usePassword(stand);
    once(stand, "EnlargeInstance", "received", () => {
      stand.sim.iam.revokeTokens();
      stand.sim.faults.add({ kind: "http", status: 503, action: "CreateToken", times: 1000 });
    });
    await deploy(4, { timeouts: { create: "5m" } });
    expect(await stateOf(stand, "group")).toBeUndefined();
  });

  test("a wrong signature in the middle is sent once", async () => {
    const { stand, deploy } = await withInstance();
    once(stand, "EnlargeInstance", "acted", () =>
      stand.sim.faults.add({ kind: "error", code: "APIGW.0301", times: 99 }),
    );
    await deploy(4);
    expect(stand.sim.journal.filter(({ outcome }) => outcome === "APIGW.0301")).toHaveLength(1);
  });

  test("several groups with a wrong key do not lock it", async () => {
    const { stand, flavorId } = await withInstance();
    await stand.stack.setConfig("bigdata:huaweiSecretKey", "wrong", { secret: true });
    const names = ["a", "b", "c", "d", "e"];
    declare(stand, ...names.map((name) => nodeGroup({ instanceId: name, flavorId, nodeCount: 3 }, name)));
    // All of them are on their way before the first is answered.
    stand.sim.onCall(async () => {
      for (let turns = 0; stand.sim.journal.length < names.length && turns < 50; turns++) await delay(20);
    });
    await stand.stack.up();
    expect(stand.sim.iam.isLocked(credentials.secretId)).toBe(false);
  });

  test("the default endpoint of eu-west-101 is under myhuaweicloud.eu", async () => {
    // Nothing leaves this machine.
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:9");
    onTestFinished(() => void vi.unstubAllEnvs());
    const place = { region: "eu-west-101", projectId: "p" };
    let now = 0;
    const clock = {
      now: async () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds;
      },
    };
    const client = createHuaweiClient({ credentials: { kind: "token", token: "t" }, ...place }, { clock });
    const call = client.call(showInstance, { path: { instance: "i" } });
    await expect(call).rejects.toThrow("ddm.eu-west-101.myhuaweicloud.eu:");
  });
});

describe("what is said", () => {
  test("secrets that the cloud repeats are not", async () => {
    const { stand, deploy } = await withInstance();
    const message = `no ${credentials.secretKey} and no ${credentials.token}`;
    stand.sim.faults.add({ kind: "error", code: "DBS.280001", message, ...adding });
    const { error = "", messages } = await deploy(4);
    expect(error).toMatch(
      /enlarge failed: no \[secret\] and no \[secret\].*DBS\.280001, RequestId \S+\) Check/,
    );
    const text = JSON.stringify([error, messages, await stand.stack.exportState()]);
    for (const secret of [credentials.secretKey, credentials.token]) expect(text).not.toContain(secret);
  });

  test("a damaged journal sends nobody to the console of another product", async () => {
    const { stand, deploy } = await withInstance();
    await deploy(3);
    for (const path of journalsOf(stand)) writeFileSync(path, "{");
    expect((await deploy(4)).error).not.toMatch(/EMR/);
  });

  test.each([
    ["huaweiAuthToken", "expiredToken0001"],
    ["huaweiEndpoint", "ddm.example.com"],
  ])("%s is named where it is to blame", async (key, value) => {
    const { stand, deploy } = await withInstance();
    await usePassword(stand);
    await stand.stack.setConfig(`bigdata:${key}`, value);
    expect((await deploy(3)).error).toContain(key);
  });

  const given = { instanceId, flavorId: "f", nodeCount: 3 };
  // Each makes another path of it.
  test.each(["in/out", ".."])("instanceId cannot be %j", (value) => {
    const { failures } = ddmNodeGroup.check({ ...given, instanceId: value }, {});
    expect(failures).toMatchObject([{ property: "instanceId" }]);
  });

  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  test.each([
    ...Object.keys(ddmNodeGroup.inputs.shape).map((name) => ({ [name]: unknown })),
    { scaleIn: { allowed: unknown } },
    { availabilityZones: [unknown] },
    { timeouts: { create: unknown } },
  ])("%j is not refused while it is unknown", (more) => {
    const { inputs, failures } = ddmNodeGroup.check({ ...given, ...more }, {});
    expect(failures).toEqual([]);
    const state = { ...inputs, region: "r", projectId: "p", groupId: "g", nodes: [] };
    expect(ddmNodeGroup.diff(state as never, inputs).changes).toBe(true);
  });
});
