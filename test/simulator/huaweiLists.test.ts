// DDM's lists: pages by either reading of an offset, lists that are cut below their total, nodes that are listed late.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { enlarge, get, instanceId } from "./huaweiCall";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  simulator.ddm.createInstance({ instanceId, groups: [{ nodes: 25 }] });
});

const settings = () => simulator.settings.huawei;
const listNodes = async (query: string) =>
  (await get(simulator, `/v1/-/instances/${instanceId}/nodes?${query}`)).body;
const idsFrom = (from: number, to: number) =>
  simulator.ddm
    .nodes(instanceId)
    .slice(from, to)
    .map(({ nodeId }) => nodeId);

test.each([
  ["records", 10, [10, 20]],
  ["records", 1, [1, 11]],
  ["pages", 1, [10, 20]],
  ["pages", 2, [20, 25]],
  ["pages", 3, [25, 25]],
] as const)("where an offset counts %s, %i means what it should", async (counts, offset, [from, to]) => {
  settings().offsetCounts = counts;
  const { nodes, total } = await listNodes(`offset=${offset}&limit=10`);
  expect(nodes.map((node: { node_id: string }) => node.node_id)).toEqual(idsFrom(from, to));
  expect(total).toBe(25);
});

test("a page has at most 128 records", async () => {
  expect((await listNodes("limit=128")).nodes).toHaveLength(25);
  expect(await listNodes("limit=129")).toMatchObject({ errCode: "DBS.280001" });
});

test("a list that is cut keeps its total", async () => {
  await fetch(`${simulator.url}/_sim/settings`, {
    method: "PATCH",
    body: JSON.stringify({ huawei: { shownAtMost: { ListNodes: 12 } } }),
  });
  const first = await listNodes("offset=0&limit=10");
  const second = await listNodes("offset=10&limit=10");
  expect([first.nodes.length, second.nodes.length, second.total]).toEqual([10, 2, 25]);
  expect((await get(simulator, "/v1/-/instances")).body.instances).toHaveLength(1);
});

test("the list of jobs tells its page", async () => {
  await enlarge(simulator);
  const now = simulator.clock.now();
  const { body } = await get(
    simulator,
    `/v3/-/jobs?start_time=${now - 1000}&end_time=${now}&offset=1&limit=5`,
  );
  expect(body).toEqual({ jobs: [], offset: 1, limit: 5, total: 1 });
});

test("new nodes are in no list until minutes after their job", async () => {
  settings().nodeListLagMilliseconds = 300_000;
  const { body } = await enlarge(simulator);
  const seen = async () => {
    const { group_list } = (await get(simulator, `/v3/-/instances/${instanceId}/groups`)).body;
    const shown = (await get(simulator, `/v1/-/instances/${instanceId}`)).body;
    const { job } = (await get(simulator, `/v3/-/jobs/${body.jobId}`)).body;
    const { nodes, total } = await listNodes("limit=128");
    return [job.status, shown.status, nodes.length, total, group_list[0].node_list.length, shown.node_count];
  };
  simulator.clock.advance(settings().durations.enlarge + settings().durations.afterJob);
  expect(await seen()).toEqual(["Completed", "RUNNING", 25, 25, 25, 25]);
  simulator.clock.advance(300_000);
  expect(await seen()).toEqual(["Completed", "RUNNING", 26, 26, 26, 26]);
});
