import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { callHuawei, enlarge, flavorId, get, instanceId, otherFlavorId, showInstance } from "./huaweiCall";

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
const listGroups = async () => (await get(simulator, `/v3${at("/groups?limit=100")}`)).body.group_list;
const purchases = () => simulator.ddm.purchases(instanceId);
const longEnough = 600_000;
const settings = () => simulator.settings.huawei;

describe("enlarge", () => {
  test("the example of the document, its job and its nodes", async () => {
    const { status, body } = await enlarge(simulator);
    expect(status).toBe(200);
    expect(body).toEqual({
      instanceId,
      instanceName: "BUG-ddm-fb88-test",
      jobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await showInstance(simulator)).status).toBe("GROWING");
    const job = async () => (await get(simulator, `/v3/-/jobs/${body.jobId}`)).body.job;
    expect(await job()).toMatchObject({
      name: "EnlargeNode",
      status: "Running",
      process: "0%",
      end_time: "",
    });

    simulator.clock.advance(60_000);
    expect((await job()).process).toBe("25%");
    const { nodes, total } = (await get(simulator, `/v1${at("/nodes")}`)).body;
    expect(nodes.map((node: { status: string }) => node.status)).toEqual(["normal", "normal", "creating"]);
    expect(total).toBe(3);

    simulator.clock.advance(180_000);
    expect(await job()).toMatchObject({ status: "Completed", process: "", instance: { id: instanceId } });
    expect((await showInstance(simulator)).status).toBe("GROWING");
    simulator.clock.advance(5_000);
    const shown = await showInstance(simulator);
    expect(shown).toMatchObject({ status: "RUNNING", node_count: 3, node_status: "RUNNING,RUNNING,RUNNING" });
    expect(shown.created).toBe("2026-01-01T03:04:05+0000");
    expect(shown.nodes[2]).toMatchObject({ node_id: purchases()[0]?.nodeIds[0] });
    expect(purchases()).toMatchObject([{ count: 1, orderId: "", jobId: body.jobId, flavorId }]);
    const [group] = await listGroups();
    expect(group).toMatchObject({ name: "group-default", role: "rw", architecture: "X86" });
    expect(group.node_list).toHaveLength(3);
  });

  test("the second example: more than one group", async () => {
    const groupId = "f080abf2010d45118068c28c8958f5fcgr09";
    simulator.ddm.addGroup(instanceId, { groupId, role: "r", nodes: 1 });
    expect((await enlarge(simulator)).outcome).toBe("DBS.280001");
    expect((await enlarge(simulator, { group_id: groupId })).outcome).toBe("ok");
    simulator.clock.advance(longEnough);
    const groups = await listGroups();
    expect(groups.map((group: { node_list: unknown[] }) => group.node_list.length)).toEqual([2, 2]);
  });

  const rows: { name: string; changes: Record<string, unknown>; set?: () => void; expected: unknown }[] = [
    { name: "no flavor", changes: { flavor_id: undefined }, expected: [400, "DBS.280001"] },
    { name: "unknown flavor", changes: { flavor_id: "x" }, expected: [400, "DBS.280001"] },
    { name: "another flavor", changes: { flavor_id: otherFlavorId }, expected: [400, "DBS.280001"] },
    {
      name: "another flavor, ignored",
      changes: { flavor_id: otherFlavorId },
      set: () => {
        settings().otherFlavor = "ignored";
      },
      expected: [200, "ok"],
    },
    { name: "no count", changes: { node_number: undefined }, expected: [400, "DBS.280001"] },
    { name: "count 0", changes: { node_number: 0 }, expected: [400, "DBS.280001"] },
    { name: "count -1", changes: { node_number: -1 }, expected: [400, "DBS.280001"] },
    { name: "count as text", changes: { node_number: "1" }, expected: [400, "DBS.280001"] },
    { name: "count 1.5", changes: { node_number: 1.5 }, expected: [400, "DBS.280001"] },
    { name: "32 in all", changes: { node_number: 30 }, expected: [200, "ok"] },
    { name: "33 in all", changes: { node_number: 31 }, expected: [400, "DBS.280001"] },
    {
      name: "its own code",
      changes: { node_number: 31 },
      set: () => {
        settings().codes.tooManyNodes = "DBS.300005";
      },
      expected: [400, "DBS.300005"],
    },
    { name: "unknown group", changes: { group_id: "x" }, expected: [400, "DBS.280001"] },
    { name: "is_auto_pay as text", changes: { is_auto_pay: "true" }, expected: [400, "DBS.280001"] },
    { name: "reserved field", changes: { is_auto_pay: true }, expected: [200, "ok"] },
    { name: "unknown field", changes: { nonsense: 1 }, expected: [200, "ok"] },
    {
      name: "unknown field, refused",
      changes: { nonsense: 1 },
      set: () => {
        settings().unknownFields = "refused";
      },
      expected: [400, "DBS.280001"],
    },
    {
      name: "quota",
      changes: {},
      set: () => {
        settings().quota = 2;
      },
      expected: [413, "DBS.280001"],
    },
    {
      name: "busy RDS",
      changes: {},
      set: () => {
        simulator.ddm.instance(instanceId).rds = "busy";
      },
      expected: [400, "DBS.300323"],
    },
    {
      name: "frozen",
      changes: {},
      set: () => {
        simulator.ddm.instance(instanceId).restingStatus = "FROZEN";
      },
      expected: [409, "DBS.200019"],
    },
    {
      name: "sold out everywhere",
      changes: {},
      set: () => {
        for (const flavor of simulator.ddm.flavors) flavor.zones = { "eu-west-101a": "sellout" };
      },
      expected: [400, "DBS.280001"],
    },
    {
      name: "locked, the other code",
      changes: {},
      set: () => {
        simulator.ddm.holdLock(instanceId, 1000);
        Object.assign(settings(), { busyCode: "DBS.212033", busyStatus: 403 });
      },
      expected: [403, "DBS.212033"],
    },
  ];
  test.each(rows)("$name", async ({ changes, set, expected }) => {
    set?.();
    const { status, outcome } = await enlarge(simulator, changes);
    expect([status, outcome]).toEqual(expected);
    expect(purchases()).toHaveLength(outcome === "ok" ? 1 : 0);
  });

  test("id of the only group, accepted or refused", async () => {
    const [group] = simulator.ddm.groups(instanceId);
    settings().groupIdOfOnlyGroup = "refused";
    expect((await enlarge(simulator, { group_id: group?.groupId })).outcome).toBe("DBS.280001");
    settings().groupIdOfOnlyGroup = "accepted";
    expect((await enlarge(simulator, { group_id: group?.groupId })).outcome).toBe("ok");
    expect((await enlarge(simulator)).status).toBe(409);
  });

  test("an instance that does not exist", async () => {
    simulator.ddm.destroyInstance(instanceId);
    expect(await enlarge(simulator)).toMatchObject({ status: 404, outcome: "DBS.200002" });
    expect((await get(simulator, `/v1${at()}`)).body).toHaveProperty("externalMessage");
    expect((await get(simulator, `/v3${at("/groups")}`)).body).toHaveProperty("error_msg");
    settings().v3ErrorShape = "example";
    expect((await get(simulator, `/v3${at("/groups")}`)).body).toHaveProperty("externalMessage");
  });

  test("lags of status, nodes and job", async () => {
    Object.assign(settings(), { statusLagMilliseconds: 30_000, jobLagMilliseconds: 20_000 });
    const { body } = await enlarge(simulator);
    expect((await showInstance(simulator)).status).toBe("RUNNING");
    expect(await get(simulator, `/v3/-/jobs/${body.jobId}`)).toMatchObject({
      status: 400,
      outcome: "DBS.300400",
    });
    expect((await enlarge(simulator)).status).toBe(409);
    simulator.clock.advance(30_000);
    expect((await showInstance(simulator)).status).toBe("GROWING");
    expect((await get(simulator, `/v3/-/jobs/${body.jobId}`)).outcome).toBe("ok");
    settings().v2JobsShown = false;
    settings().missingJobStatus = 404;
    expect((await get(simulator, `/v3/-/jobs/${body.jobId}`)).status).toBe(404);
  });

  test("v3: a zone for each node", async () => {
    const add = (nodes: unknown) => callHuawei(simulator, "POST", `/v3${at("/nodes")}`, { nodes });
    expect((await add([])).outcome).toBe("DBS.280001");
    expect((await add([{ available_zone: "mars" }])).outcome).toBe("DBS.280001");
    const { status, body } = await add([{ available_zone: "eu-west-101b" }]);
    expect(status).toBe(202);
    expect(body).toEqual({ job_id: purchases()[0]?.jobId });
    simulator.clock.advance(longEnough);
    const { instances } = (await get(simulator, `/v3${at()}`)).body;
    expect(instances[0]).toMatchObject({ status: "normal", pay_model: "0", only_default_group: true });
    expect(instances[0].groups[0]).toMatchObject({
      node_count: 3,
      extend_map: { flavor_primary_key_id: flavorId },
    });
    expect(instances[0].groups[0].nodes[2]).toMatchObject({ az_code: "eu-west-101b", status: "normal" });
  });

  test("the older edition", async () => {
    settings().edition = "payPerUseOnly";
    expect(await get(simulator, `/v3${at()}`)).toMatchObject({ status: 404, outcome: "APIGW.0101" });
    const shown = await showInstance(simulator);
    expect(shown).not.toHaveProperty("order_id");
    expect(shown.nodes[0]).not.toHaveProperty("group_id");
  });
});

describe("yearly/monthly", () => {
  beforeEach(() => {
    simulator.reset();
    simulator.ddm.createInstance({ instanceId, charging: "prePaid" });
  });
  const zones = { available_zones: ["eu-west-101a"] };

  test("an order is not a purchase until it is paid", async () => {
    expect((await enlarge(simulator)).outcome).toBe("DBS.280001");
    expect((await enlarge(simulator, { ...zones, node_number: 2 })).outcome).toBe("DBS.280001");
    const { body } = await enlarge(simulator, zones);
    expect(body).toEqual({ instanceId, orderId: expect.stringMatching(/^CS/) });
    simulator.clock.advance(longEnough);
    expect(purchases()).toEqual([]);
    expect((await showInstance(simulator)).status).toBe("RUNNING");
    settings().unpaidOrderStatus = "PERIOD_RESOURCE_SPEC_CHG";
    expect((await showInstance(simulator)).status).toBe("PERIOD_RESOURCE_SPEC_CHG");
    const order = async () =>
      (await get(simulator, `/v2/orders/customer-orders/details/${body.orderId}`)).body.order_info.status;
    expect(await order()).toBe(6);
    const pay = { order_id: body.orderId, use_coupon: "NO", use_discount: "NO" };
    expect((await callHuawei(simulator, "POST", "/v3/orders/customer-orders/pay", pay)).status).toBe(204);
    expect(await order()).toBe(3);
    simulator.clock.advance(10_000);
    expect((await showInstance(simulator)).status).toBe("GROWING");
    simulator.clock.advance(longEnough);
    expect(await order()).toBe(5);
    expect(purchases()).toMatchObject([{ count: 1, orderId: body.orderId }]);
    const query = { order_id: body.orderId };
    const resources = await callHuawei(simulator, "POST", "/v2/orders/suscriptions/resources/query", query);
    expect(resources.body.data).toMatchObject([{ resource_id: purchases()[0]?.nodeIds[0] }]);
  });

  test("automatic payment, with and without balance", async () => {
    settings().balanceSuffices = false;
    const { body } = await enlarge(simulator, { ...zones, is_auto_pay: true });
    expect(simulator.ddm.order(body.orderId).status).toBe(6);
    simulator.ddm.cancelOrder(body.orderId);
    settings().balanceSuffices = true;
    settings().prepaidWithoutZones = "accepted";
    const second = await enlarge(simulator, { is_auto_pay: true });
    simulator.clock.advance(longEnough);
    expect(purchases()).toMatchObject([{ orderId: second.body.orderId }]);
  });

  test("scale-in: refused through v2, an order through v3", async () => {
    const reduce = () => callHuawei(simulator, "POST", `/v2${at("/action/reduce")}`, { node_number: 1 });
    expect((await reduce()).outcome).toBe("DBS.280001");
    const [node] = simulator.ddm.nodes(instanceId);
    const { status, body } = await callHuawei(simulator, "POST", `/v3${at("/nodes/batch-delete")}`, {
      node_ids: [node?.nodeId],
    });
    expect([status, Object.keys(body)]).toEqual([202, ["order_id"]]);
    simulator.clock.advance(longEnough);
    expect(simulator.ddm.nodes(instanceId)).toHaveLength(1);
  });
});

describe("other actions", () => {
  const change = (method: string, path: string, body?: unknown) => callHuawei(simulator, method, path, body);

  test("reduce by number and by id", async () => {
    simulator.ddm.addNode(instanceId);
    const ids = () => simulator.ddm.nodes(instanceId).map(({ nodeId }) => nodeId);
    const [first, second] = ids();
    const reduced = await change("POST", `/v2${at("/action/reduce")}`, { node_number: 1 });
    expect(reduced.body).toHaveProperty("jobId");
    expect((await showInstance(simulator)).status).toBe("REDUCING");
    simulator.clock.advance(longEnough);
    expect(ids()).toEqual([first, second]);
    const remove = (...node_ids: (string | undefined)[]) =>
      change("POST", `/v3${at("/nodes/batch-delete")}`, { node_ids });
    expect((await remove(first, second)).outcome).toBe("DBS.280001");
    expect((await remove(first)).status).toBe(202);
    simulator.clock.advance(longEnough);
    expect(ids()).toEqual([second]);
    expect((await remove(first)).status).toBe(404);
    expect((await change("POST", `/v2${at("/action/reduce")}`, { node_number: 1 })).outcome).toBe(
      "DBS.280001",
    );
  });

  test("groups", async () => {
    const wanted = {
      name: "readers",
      type: "r",
      flavor_id: flavorId,
      nodes: [{ available_zone: "eu-west-101a", subnet_id: "s" }],
    };
    expect((await change("POST", `/v3${at("/groups")}`, { ...wanted, name: "1x" })).status).toBe(400);
    const { status, body } = await change("POST", `/v3${at("/groups")}`, wanted);
    expect(status).toBe(202);
    expect((await showInstance(simulator)).status).toBe("CREATE_GROUP");
    simulator.clock.advance(longEnough);
    const groups = await listGroups();
    expect(groups[1]).toMatchObject({ id: body.group_id, name: "readers", role: "r" });
    expect((await change("DELETE", `/v3${at(`/groups/${groups[0].id}`)}`)).status).toBe(400);
    expect((await change("DELETE", `/v3${at(`/groups/${body.group_id}`)}`)).status).toBe(202);
    simulator.clock.advance(longEnough);
    expect(await listGroups()).toHaveLength(1);
  });

  test("class, restart, flavors, engines, lists, nodes", async () => {
    expect((await change("PUT", `/v3${at("/flavor")}`, { spec_code: "ddm.c6.2xlarge.2" })).status).toBe(202);
    simulator.clock.advance(longEnough);
    expect(simulator.ddm.groups(instanceId)[0]?.flavorId).toBe(otherFlavorId);
    expect((await change("POST", `/v3${at("/restart")}`)).status).toBe(202);
    const engines = (await get(simulator, "/v2/-/engines")).body.engineGroups;
    const flavors = await get(simulator, `/v2/-/flavors?engine_id=${engines[0].id}&limit=2`);
    expect(flavors.body.computeFlavorGroups).toMatchObject([
      { groupType: "X86", total: 3, computeFlavors: [{ id: flavorId, cpu: "4" }, {}] },
      { groupType: "ARM", total: 2 },
    ]);
    expect((await get(simulator, "/v2/-/flavors")).outcome).toBe("DBS.280001");
    const v3 = await get(simulator, `/v3/-/flavors?engine_version=3.0.8&available_zones=eu-west-101c`);
    expect(v3.body.flavor_groups[0].flavors[1].az_infos).toMatchObject([{ status: "sellout" }]);
    const list = await get(simulator, "/v1/-/instances");
    expect(list.body).toMatchObject({ total_record: 1, instances: [{ id: instanceId, node_count: 2 }] });
    expect((await get(simulator, "/v3/-/instances")).body).toMatchObject({ total: 1 });
    expect((await get(simulator, "/v1/-/instances?limit=129")).outcome).toBe("DBS.280001");
    const [node] = simulator.ddm.nodes(instanceId);
    const v1Node = await get(simulator, `/v1${at(`/nodes/${node?.nodeId}`)}`);
    expect(v1Node.body).toMatchObject({ node_id: node?.nodeId, status: "normal" });
    const v3Node = await get(simulator, `/v3${at(`/nodes/${node?.nodeId}`)}`);
    expect(v3Node.body).toMatchObject({ id: node?.nodeId, az_code: "eu-west-101a" });
    const now = simulator.clock.now();
    const jobs = await get(simulator, `/v3/-/jobs?start_time=${now - 3_600_000}&end_time=${now}`);
    expect(jobs.body.total).toBe(2);
    expect((await get(simulator, "/v3/-/jobs")).outcome).toBe("DBS.280001");
  });

  test("behind everybody's back, also over the control API", async () => {
    const control = async (method: string, path: string, body?: unknown) => {
      const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (await fetch(`${simulator.url}/_sim/huawei/ddm/${path}`, init)).json();
    };
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
    const node = (await control("POST", `instances/${instanceId}/nodes`, {})) as any;
    expect((await showInstance(simulator)).node_count).toBe(3);
    await control("DELETE", `instances/${instanceId}/nodes/${node.nodeId}`);
    expect((await showInstance(simulator)).node_count).toBe(2);
    await control("POST", `instances/${instanceId}/lock`, { milliseconds: 1000 });
    expect((await showInstance(simulator)).status).toBe("BACKUP");
    expect(await control("GET", `instances/${instanceId}/purchases`)).toEqual([]);
  });
});
