// Answers of DDM in other forms than those published: what is only shown is never in the way of what was begun.
import { describe, expect, test } from "vitest";
import { alteredCloud } from "../../altered";
import { stateOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

const allowed = { scaleIn: { allowed: true } };
const zone = { availabilityZones: ["eu-west-101a"] };
const calls = {
  enlarge: /^POST .*\/action\/enlarge$/,
  batchDelete: /^POST .*\/batch-delete$/,
  showInstance: /^GET \/v1\/\w+\/instances\/\w+$/,
  showInstanceV3: /^GET \/v3\/\w+\/instances\/\w+$/,
  listNodes: /^GET .*\/nodes$/,
  listGroups: /^GET .*\/groups$/,
  listFlavors: /^GET .*\/flavors$/,
  listJobs: /^GET .*\/jobs$/,
  showJob: /^GET .*\/jobs\/[\w-]+$/,
  showOrder: /^GET .*\/customer-orders\/details\/\w+$/,
};
type Rows = Record<string, unknown>[];

async function withAltered(fixture: Parameters<typeof withInstance>[0] = {}) {
  const subject = await withInstance(fixture);
  const { url, alter } = await alteredCloud(subject.stand.sim.url);
  for (const key of ["huaweiEndpoint", "huaweiBssEndpoint"])
    await subject.stand.stack.setConfig(`bigdata:${key}`, url);
  return { ...subject, alter };
}

describe("an accepted change goes on where its answer has", () => {
  test("a number for its job", async () => {
    const { stand, alter, deploy, nodes } = await withAltered();
    alter(calls.enlarge, (answer) => Object.assign(answer, { jobId: 4711, instanceName: 5 }));
    alter(calls.batchDelete, (answer) => Object.assign(answer, { job_id: 4712 }));
    expect((await deploy(4)).error).toBeUndefined();
    expect(await stateOf(stand, "group")).toMatchObject({ lastJobId: "4711" });
    expect((await deploy(3, allowed)).error).toBeUndefined();
    expect(await stateOf(stand, "group")).toMatchObject({ lastJobId: "4712" });
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([3, 2, 1]);
  });

  test.each([
    ["an object for its job", { jobId: { id: 1 } }],
    ["nothing", { jobId: null }],
  ])("%s", async (_, fields) => {
    const { stand, alter, deploy, nodes } = await withAltered();
    alter(calls.enlarge, (answer) => Object.assign(answer, fields));
    const { error, messages } = await deploy(4);
    expect(error).toBeUndefined();
    expect(JSON.stringify(messages)).toContain(": accepted, RequestId");
    expect([nodes().length, bought(stand), enlargements(stand)]).toEqual([4, 2, 1]);
  });

  test("a number for its order", async () => {
    const { stand, alter, deploy } = await withAltered({ charging: "prePaid" });
    alter(calls.enlarge, (answer) => Object.assign(answer, { orderId: 1810251738 }));
    expect((await deploy(3, zone)).error).toMatch(/Order 1810251738 for 1 node is not paid/);
    expect(await stateOf(stand, "group")).toMatchObject({ pendingEnlarge: { orderId: "1810251738" } });
    expect((await deploy(3, zone)).error).toMatch(/Order 1810251738/);
    expect(enlargements(stand)).toBe(1);
  });
});

test("an order's status as text is understood", async () => {
  const { stand, alter, deploy } = await withAltered({ charging: "prePaid" });
  alter(calls.showOrder, ({ order_info: order }) =>
    Object.assign(order, { status: String(order.status), create_time: 1 }),
  );
  await deploy(2);
  expect((await deploy(3, zone)).error).toMatch(/is not paid\. Pay it/);
  stand.sim.ddm.cancelOrder(stand.sim.ddm.orders(instanceId)[0]?.orderId ?? "");
  expect((await deploy(2)).error).toBeUndefined();
  expect(await stateOf(stand, "group")).not.toHaveProperty("pendingEnlarge");
});

describe("what became of an enlargement is found out where", () => {
  test("its job tells reason and progress in other forms", async () => {
    const { stand, alter, deploy } = await withAltered();
    const twist = (job: Record<string, unknown>) =>
      Object.assign(job, { process: 60, fail_reason: { text: "no capacity" }, created_time: 1 });
    alter(calls.showJob, ({ job }) => twist(job));
    alter(calls.listJobs, ({ jobs }: { jobs: Rows }) => jobs.map(twist));
    stand.sim.faults.add({ kind: "jobFails", nodes: "gone" });
    expect((await deploy(4)).error).toMatch(/brought 0 of 2 nodes/);
    expect(await stateOf(stand, "group")).not.toHaveProperty("pendingEnlarge");
    expect((await deploy(4)).error).toBeUndefined();
    expect(stand.sim.ddm.nodes(instanceId)).toHaveLength(4);
  });

  test.each([
    ["has no status", calls.showJob, ({ job }: { job: object }) => Object.assign(job, { status: null })],
    ["is a text", calls.showJob, (answer: { job: unknown }) => Object.assign(answer, { job: "60%" })],
    [
      "is listed without names",
      calls.listJobs,
      ({ jobs }: { jobs: Rows }) => jobs.map((job) => delete job["name"]),
    ],
  ])("its job %s", async (_, call, change) => {
    const { stand, alter, deploy } = await withAltered();
    alter(call, change);
    expect((await deploy(4)).error).toBeUndefined();
    expect(bought(stand)).toBe(2);
  });

  test("nodes have no status and addresses in other forms", async () => {
    const { stand, alter, deploy } = await withAltered();
    alter(calls.listNodes, (answer: { nodes: Rows; total: unknown }) => {
      answer.total = String(answer.total);
      for (const node of answer.nodes)
        Object.assign(node, { status: null, ip: { v4: node["ip"] }, port: 5066 });
    });
    expect((await deploy(4)).error).toBeUndefined();
    expect(await stateOf(stand, "group")).toMatchObject({ nodes: [{}, {}, {}, {}], privateIps: [] });
    expect(bought(stand)).toBe(2);
  });
});

test("an instance and its groups may show everything in other forms", async () => {
  const { stand, alter, deploy, nodes } = await withAltered();
  stand.sim.ddm.addGroup(instanceId, { name: "reports" });
  const [own] = stand.sim.ddm.groups(instanceId);
  alter(calls.showInstance, (answer) =>
    Object.assign(answer, { name: ["x"], error_msg: { code: 1 }, engine_version: 3, node_count: "4", id: 1 }),
  );
  alter(calls.listGroups, (answer: { total_count: unknown; group_list: Rows }) => {
    answer.total_count = String(answer.total_count);
    for (const listed of answer.group_list)
      Object.assign(listed, { name: 1, role: {}, architecture: ["X86"], cpu_num_per_node: "4", endpoint: 2 });
  });
  alter(calls.showInstanceV3, ({ instances }) => Object.assign(instances[0], { groups: "none", status: 1 }));
  expect((await deploy(4, { groupId: own?.groupId })).error).toBeUndefined();
  expect([nodes().length, bought(stand)]).toEqual([6, 2]);
});

describe("a list that is null or absent is an empty list:", () => {
  test.each([null, undefined])("groups, %s", async (none) => {
    const { stand, alter, deploy } = await withAltered();
    await deploy(3);
    alter(calls.listGroups, (answer) => Object.assign(answer, { group_list: none, total_count: 0 }));
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await deploy(4)).error).toBeUndefined();
    expect(bought(stand)).toBe(2);
  });

  test.each([null, undefined])("nodes, %s", async (none) => {
    const { stand, alter, deploy } = await withAltered();
    await deploy(3);
    alter(calls.listNodes, (answer) => Object.assign(answer, { nodes: none, total: 0 }));
    expect((await stand.stack.refresh()).error).toMatch(/DDM lists no nodes.*recorded ones are kept/);
    expect((await deploy(4)).error).toMatch(/DDM lists no nodes.*Nothing is bought/);
    expect(bought(stand)).toBe(1);
  });

  test("flavors", async () => {
    const { stand, alter, deploy } = await withAltered();
    stand.sim.settings.missingActions = ["ShowInstanceV3"];
    alter(calls.listFlavors, (answer) => Object.assign(answer, { flavor_groups: null }));
    expect((await deploy(3)).error).toBeUndefined();
  });
});

test("what decides stays strict: a node without an id stops the work", async () => {
  const { stand, alter, deploy } = await withAltered();
  alter(calls.listNodes, ({ nodes }: { nodes: Rows }) => Object.assign(nodes[0] ?? {}, { node_id: null }));
  expect((await deploy(3)).error).toMatch(
    /list nodes failed: the answer lacks or misspells: nodes\.0\.nodeId/,
  );
  expect(bought(stand)).toBe(0);
});
