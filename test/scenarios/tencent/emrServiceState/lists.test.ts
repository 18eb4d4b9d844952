// Services whose lists of processes are long, cut, or hold one process's name twice on a node.
import { describe, expect, test } from "vitest";
import { declare, serviceState, stateOf } from "../../stand";
import { operations, restarted, withService } from "../../subjects";

const scopes = (stand: Awaited<ReturnType<typeof withService>>["stand"]) =>
  stand.sim.journal.flatMap(({ action, request }) =>
    action === "StartStopServiceOrMonitor" ? [(request as { OpScope: unknown }).OpScope] : [],
  );

describe("a service of more processes than an answer holds", () => {
  test.each(["pages", "pagesFromOne", "items"] as const)(
    "is made to run and read whole, where the offset counts %s",
    async (counts) => {
      const { stand, deploy, processes } = await withService();
      const { emr, settings } = stand.sim;
      settings.offsetCounts = counts;
      emr.destroyCluster(stand.clusterId);
      emr.createCluster({ clusterId: stand.clusterId, nodes: { master: 1, core: 2, task: 1198 } });
      const last = processes({ component: "NodeManager" }).at(-1);
      emr.stopProcesses(stand.clusterId, { component: "NodeManager", ip: last?.ip });
      expect((await deploy({ state: "running" })).error).toBeUndefined();
      expect(processes().every(({ started }) => started)).toBe(true);
      expect(scopes(stand)).toMatchObject([
        {
          ServiceInfoList: [{ ComponentInfoList: [{ ComponentName: "NodeManager", IpList: [last?.ip] }] }],
        },
      ]);
      const listed = async () => (await stateOf(stand, "service"))?.["processes"] as { ip: string }[];
      expect(new Set((await listed()).map(({ ip }) => ip)).size).toBe(1201);
      emr.stopProcesses(stand.clusterId, { component: "NodeManager", ip: last?.ip });
      expect((await stand.stack.refresh()).error).toBeUndefined();
      expect(await stateOf(stand, "service")).toMatchObject({ runState: "partial" });
      expect(await listed()).toHaveLength(1201);
    },
  );

  test("stops nobody's work where a list is cut: nothing is concluded from it", async () => {
    const { stand, deploy } = await withService();
    await deploy({ state: "running" });
    const before = await stateOf(stand, "service");
    stand.sim.faults.add({ kind: "cutList", rows: 1, action: "DescribeServiceNodeInfos", times: 9 });
    expect((await stand.stack.refresh()).error).toMatch(
      /EMR counts 3 processes of YARN on emr-scenario1, but shows only 1/,
    );
    expect(await stateOf(stand, "service")).toEqual(before);
    stand.sim.faults.clear();
    expect((await deploy({ state: "running" })).error).toBeUndefined();
    expect(operations(stand)).toEqual([]);
  });
});

/** HDFS with two NameNodes on the master, one of each name service. */
async function withTwoNameNodes() {
  const { stand, killAt } = await withService();
  const { emr } = stand.sim;
  const [first] = emr.processes(stand.clusterId, { component: "NameNode" });
  const master = emr.nodes(stand.clusterId).find(({ role }) => role === "master");
  if (!first || !master) return expect.unreachable("the cluster has no NameNode");
  first.nameService = "ns1";
  const second = { ...first, nameService: "ns2" };
  master.processes.push(second);
  const deploy = (inputs: Record<string, unknown>) => {
    declare(stand, serviceState(stand, { service: "HDFS", components: ["NameNode"], ...inputs }));
    return stand.stack.up();
  };
  return { stand, killAt, deploy, first, second };
}

describe("two processes of one name on one node", () => {
  test("are two, and both are brought to run", async () => {
    const { stand, deploy, first, second } = await withTwoNameNodes();
    second.started = false;
    const before = first.lastRestartAt;
    expect((await deploy({ state: "running" })).error).toBeUndefined();
    expect([first.started, second.started, first.lastRestartAt]).toEqual([true, true, before]);
    expect(scopes(stand)).toEqual([
      {
        ServiceInfoList: [
          {
            ServiceName: "HDFS",
            ComponentInfoList: [{ ComponentName: "NameNode", IpList: [first.ip] }],
          },
        ],
      },
    ]);
    expect(await stateOf(stand, "service")).toMatchObject({
      runState: "running",
      processes: [
        { component: "NameNode", ip: first.ip, instance: "ns1/master" },
        { component: "NameNode", ip: first.ip, instance: "ns2/master" },
      ],
    });
  });

  test("one of them that stops is drift, and maintenance of one is some", async () => {
    const { stand, deploy, second } = await withTwoNameNodes();
    await deploy({ state: "running" });
    second.started = false;
    second.maintenance = true;
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect(await stateOf(stand, "service")).toMatchObject({
      runState: "partial",
      maintenanceState: "some",
      processes: [
        { instance: "ns1/master", state: "running", maintenance: false },
        { instance: "ns2/master", state: "stopped", maintenance: true },
      ],
    });
  });

  test("are restarted once each, also where the provider is killed meanwhile", async () => {
    const { stand, killAt, deploy, first, second } = await withTwoNameNodes();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const before = restarted([first, second]);
    killAt("StartStopServiceOrMonitor", "acted");
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).ok).toBe(false);
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService"]);
    for (const [index, time] of restarted([first, second]).entries())
      expect(time).toBeGreaterThan(before[index] ?? 0);
  });

  test("one of them that a restart spared is restarted by the next up", async () => {
    const { stand, deploy, first, second } = await withTwoNameNodes();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const before = restarted([first, second]);
    stand.sim.faults.add({ kind: "processesFail", component: "NameNode", count: 1 });
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toMatch(
      new RegExp(`left 1 of 2 processes as they were: NameNode@${first.ip}/ns1/master`),
    );
    expect([first.lastRestartAt === before[0], second.lastRestartAt === before[1]]).toEqual([true, false]);
    expect((await deploy({ state: "running", restartTriggers: { config: "2" } })).error).toBeUndefined();
    expect(operations(stand)).toEqual(["RestartService", "RestartService"]);
    expect(first.lastRestartAt).toBeGreaterThan(before[0] ?? 0);
  });
});
