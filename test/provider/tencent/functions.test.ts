// Every function of Tencent Cloud against the stand-in cloud: what it answers, that it reads all pages, and what it says where it cannot.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callFunction } from "../../../provider/byName";
import { defaultProjectId, type Process, type Simulator, startSimulator } from "../../../simulator/index";
import { contextOn } from "../../session";

const key = { secretId: "AKIDfunctions", secretKey: "functionsSecretKey0001" };
const clusterId = "emr-functions1";
let sim: Simulator;

beforeAll(async () => {
  sim = await startSimulator({ credentials: [key], timeScale: 0.1 });
});
afterEach(() => sim.reset());
afterAll(() => sim.close());

/** Asks with a configuration of its own, so that nothing is remembered from other tests. */
function ask(token: string, inputs: Record<string, unknown>, more: Record<string, string> = {}) {
  const config: Record<string, string> = {
    ...{ tencentSecretId: key.secretId, tencentSecretKey: key.secretKey },
    ...{ tencentRegion: "ap-guangzhou", tencentEndpoint: sim.url },
    ...{ huaweiAccessKey: key.secretId, huaweiSecretKey: key.secretKey, huaweiRegion: "eu-west-101" },
    ...{ huaweiProjectId: defaultProjectId, huaweiEndpoint: sim.url, huaweiIamEndpoint: sim.url },
    ...{ volcengineAccessKey: key.secretId, volcengineSecretKey: key.secretKey },
    ...{ volcengineRegion: "cn-beijing", volcengineEndpoint: sim.url },
    ...more,
  };
  return callFunction(token, inputs, contextOn(sim, config));
}

const failureOf = (asked: Promise<unknown>): Promise<Error> =>
  asked.then(
    (answer) => expect.unreachable(`answered ${JSON.stringify(answer)}`),
    (error: Error) => error,
  );

/** Gives the master a second NameNode, of another name service. Returns the master's address. */
function secondNameNode(changes: Partial<Process> = {}): string {
  const [nameNode] = sim.emr.processes(clusterId, { component: "NameNode" });
  const master = sim.emr.nodes(clusterId).find(({ role }) => role === "master");
  if (!nameNode || !master) return expect.unreachable("the cluster has no NameNode");
  nameNode.nameService = "ns1";
  master.processes.push({ ...nameNode, nameService: "ns2", ...changes });
  return master.ip;
}

const ids = (list: unknown, name: string) => (list as Record<string, unknown>[]).map((each) => each[name]);

describe("Tencent EMR", () => {
  test("clusters: all of the region, sorted, and filtered", async () => {
    sim.emr.createCluster({ clusterId: "emr-b", clusterName: "two", projectId: 7 });
    sim.emr.createCluster({
      clusterId: "emr-a",
      clusterName: "one",
      status: 302,
      tags: [
        { TagKey: "team", TagValue: "x" },
        { TagKey: "env", TagValue: "y" },
      ],
    });
    sim.emr.createCluster({ clusterId: "emr-c", region: "ap-shanghai" });
    const { clusters, region } = await ask("tencent:getEmrClusters", {});
    expect([region, ids(clusters, "clusterId")]).toEqual(["ap-guangzhou", ["emr-a", "emr-b"]]);
    expect((clusters as unknown[])[0]).toEqual({
      clusterId: "emr-a",
      name: "one",
      status: "scaleOutFailed",
      statusCode: 302,
      version: "EMR-V3.5.0",
      kind: "EMR",
      chargeType: 0,
      zone: "ap-guangzhou-3",
      zoneId: 100003,
      vpcId: "vpc-sim00001",
      subnetId: "subnet-sim00001",
      createTime: expect.stringMatching(/^\d{4}-/),
      tags: [
        { tagKey: "env", tagValue: "y" },
        { tagKey: "team", tagValue: "x" },
      ],
    });
    const found = async (filter: Record<string, string>) =>
      ids((await ask("tencent:getEmrClusters", filter))["clusters"], "clusterId");
    expect(await found({ name: "two" })).toEqual(["emr-b"]);
    expect(await found({ status: "scaleOutFailed" })).toEqual(["emr-a"]);
    expect(await found({ region: "ap-shanghai" })).toEqual(["emr-c"]);
    expect(await found({ name: "tw" })).toEqual([]);
  });

  test.each(["pages", "pagesFromOne", "items"] as const)(
    "clusters: all of them where the offset counts %s",
    async (counts) => {
      sim.settings.offsetCounts = counts;
      for (let index = 0; index < 230; index++) sim.emr.createCluster({ nodes: { master: 1 } });
      // Each row tells for how long its cluster has run.
      sim.onCall(() => sim.clock.advance(1000));
      const { clusters } = await ask("tencent:getEmrClusters", {});
      expect(clusters).toHaveLength(230);
      expect(new Set(ids(clusters, "clusterId")).size).toBe(230);
      expect(sim.journal).toHaveLength(counts === "pages" ? 3 : 4);
    },
  );

  test("clusters: a list that is shorter than its own count is none", async () => {
    for (let index = 0; index < 3; index++) sim.emr.createCluster();
    sim.faults.add({ kind: "cutList", rows: 2, action: "DescribeInstances", times: 9 });
    const { message } = await failureOf(ask("tencent:getEmrClusters", {}));
    expect(message).toContain("EMR counts 3 clusters of ap-guangzhou, but shows only 2");
  });

  test.each(["pages", "pagesFromOne", "items"] as const)(
    "services: the processes of 1200 nodes, where the offset counts %s",
    async (counts) => {
      sim.settings.offsetCounts = counts;
      sim.emr.createCluster({
        clusterId,
        services: ["YARN-3.2.2"],
        nodes: { master: 1, core: 2, task: 1198 },
      });
      const { services } = await ask("tencent:getEmrServices", { clusterId });
      const [yarn] = services as { components: { name: string; nodeIps: string[] }[] }[];
      expect(
        yarn?.components.map(({ name, nodeIps }) => [name, new Set(nodeIps).size, nodeIps.length]),
      ).toEqual([
        ["NodeManager", 1200, 1200],
        ["ResourceManager", 1, 1],
      ]);
    },
  );

  test("services: a node is named once, however many processes of a name it has", async () => {
    sim.emr.createCluster({ clusterId, services: ["HDFS-3.2.2"] });
    const ip = secondNameNode();
    const { services } = await ask("tencent:getEmrServices", { clusterId });
    const [hdfs] = services as { components: { name: string; nodeIps: string[] }[] }[];
    expect(hdfs?.components).toContainEqual({ name: "NameNode", nodeIps: [ip] });
  });

  test("processes of one name on one node are told apart, and only they", async () => {
    sim.emr.createCluster({ clusterId, services: ["HDFS-3.2.2"] });
    const ip = secondNameNode({ started: false, maintenance: true });
    const service = { clusterId, service: "HDFS" };
    const { processes, runState } = await ask("tencent:getEmrProcesses", service);
    const all = processes as Record<string, unknown>[];
    expect(all.filter(({ component }) => component === "NameNode")).toMatchObject([
      { ip, instance: "ns1/master", state: "running", maintenance: false },
      { ip, instance: "ns2/master", state: "stopped", maintenance: true },
    ]);
    expect(runState).toBe("partial");
    for (const process of all.filter(({ component }) => component !== "NameNode"))
      expect(process).not.toHaveProperty("instance");
  });

  test("one cluster, with its nodes counted", async () => {
    sim.emr.createCluster({ clusterId, nodes: { master: 1, core: 2, task: 3 } });
    expect(await ask("tencent:getEmrCluster", { clusterId })).toMatchObject({
      clusterId,
      name: `simulated ${clusterId}`,
      status: "running",
      zones: ["ap-guangzhou-3"],
      nodeCounts: { master: 1, core: 2, task: 3, router: 0, common: 0 },
      nodeCount: 6,
      region: "ap-guangzhou",
    });
  });

  test("nodes: of a role, whose they are, and which autoscaling made", async () => {
    sim.emr.createCluster({ clusterId, nodes: { master: 1, core: 2 } });
    const own = sim.emr.addForeignNode(clusterId, {
      tags: [
        { TagKey: "team", TagValue: "data" },
        { TagKey: "pulumi-bigdata-pool", TagValue: "shop/prod/workers" },
      ],
    });
    const scaled = sim.emr.addAutoscaledNode(clusterId, { disableApiTermination: true });
    const { nodes, privateIps, nodeCount } = await ask("tencent:getEmrNodes", { clusterId, role: "task" });
    const expected = [own, scaled].sort((a, b) => (a.emrResourceId < b.emrResourceId ? -1 : 1));
    expect(ids(nodes, "resourceId")).toEqual(expected.map(({ emrResourceId }) => emrResourceId));
    expect([nodeCount, privateIps]).toEqual([2, expected.map(({ ip }) => ip)]);
    expect(nodes).toContainEqual({
      resourceId: own.emrResourceId,
      orderNo: own.orderNo,
      ip: own.ip,
      name: own.nameTag,
      role: "task",
      state: "running",
      zone: "ap-guangzhou-3",
      zoneId: 100003,
      spec: "S5.2XLARGE16",
      chargeType: 0,
      applyTime: expect.stringMatching(/^\d{4}-/),
      hardware: "HOST",
      autoscaled: false,
      destroyable: true,
      poolId: "shop/prod/workers",
      tags: [
        { tagKey: "pulumi-bigdata-pool", tagValue: "shop/prod/workers" },
        { tagKey: "team", tagValue: "data" },
      ],
    });
    expect(nodes).toContainEqual(
      expect.objectContaining({ autoscaled: true, destroyable: false, poolId: "", tags: [] }),
    );
    expect((await ask("tencent:getEmrNodes", { clusterId }))["nodeCount"]).toBe(5);
  });

  test("services with their components; a service of clients only has none", async () => {
    sim.emr.createCluster({ clusterId, services: ["YARN-3.2.2", "HDFS-3.2.2", "SQOOP-1.4.7"] });
    const { services } = await ask("tencent:getEmrServices", { clusterId });
    expect(services).toMatchObject([
      { name: "HDFS", version: "3.2.2", components: [{ name: "DataNode" }, { name: "NameNode" }, {}] },
      { name: "SQOOP", version: "1.4.7", components: [] },
      { name: "YARN", components: [{ name: "NodeManager" }, { name: "ResourceManager" }] },
    ]);
    const [hdfs] = services as { components: { nodeIps: string[] }[] }[];
    const cores = sim.emr.nodes(clusterId).filter(({ role }) => role === "core");
    expect(hdfs?.components[0]?.nodeIps).toEqual(cores.map(({ ip }) => ip).sort());
  });

  test("processes, as the resource tells them", async () => {
    sim.emr.createCluster({ clusterId });
    sim.emr.stopProcesses(clusterId, { service: "YARN", component: "ResourceManager" });
    const service = { clusterId, service: "YARN" };
    expect(await ask("tencent:getEmrProcesses", service)).toMatchObject({
      runState: "partial",
      maintenanceState: "none",
      processes: [
        { component: "NodeManager", state: "running", maintenance: false, health: "Good" },
        { component: "NodeManager" },
        { component: "ResourceManager", state: "stopped" },
      ],
    });
    const some = await ask("tencent:getEmrProcesses", { ...service, components: ["ResourceManager"] });
    expect([some["runState"], (some["processes"] as unknown[]).length]).toEqual(["stopped", 1]);
    const wrong = ask("tencent:getEmrProcesses", { ...service, components: ["Manager"] });
    expect((await failureOf(wrong)).message).toBe(
      "components: YARN has no Manager; it has NodeManager, ResourceManager.",
    );
    const none = ask("tencent:getEmrProcesses", { clusterId, service: "KUDU" });
    expect((await failureOf(none)).message).toMatch(
      /KUDU has no processes on emr-functions1: it is not installed/,
    );
  });

  test("the price of more nodes, hourly and monthly", async () => {
    sim.emr.createCluster({ clusterId });
    const nodes = { clusterId, role: "task", count: 5 };
    expect(await ask("tencent:getEmrScaleOutPrice", nodes)).toEqual({
      originalPrice: 6,
      discountedPrice: 6,
      currency: "CNY",
      unit: "hour",
      span: 1,
      count: 5,
      zoneId: 100003,
      region: "ap-guangzhou",
    });
    const monthly = { ...nodes, payMode: 1, timeSpan: 2, zoneId: 100004 };
    expect(await ask("tencent:getEmrScaleOutPrice", monthly)).toMatchObject({
      originalPrice: 8640,
      unit: "month",
      span: 2,
      zoneId: 100004,
    });
    expect(sim.emr.purchases(clusterId)).toEqual([]);
  });

  test("no stock is told in the cloud's words", async () => {
    sim.emr.createCluster({ clusterId });
    sim.settings.hasDefaultSpec.task = false;
    const error = await failureOf(ask("tencent:getEmrScaleOutPrice", { clusterId, role: "task", count: 1 }));
    expect(error).toMatchObject({
      action: "InquiryPriceScaleOutInstance",
      code: "ResourceUnavailable.ResourceSpecNotDefaultSpec",
      requestId: expect.any(String),
    });
  });

  test.each([
    ["tencent:getEmrCluster", {}],
    ["tencent:getEmrNodes", {}],
    ["tencent:getEmrServices", {}],
    ["tencent:getEmrProcesses", { service: "YARN" }],
    ["tencent:getEmrScaleOutPrice", { role: "task", count: 1 }],
    ["tencent:getEmrScaleOutPrice", { role: "task", count: 1, zoneId: 100003 }],
  ])("%s says that a cluster is not there", async (token, more) => {
    const error = await failureOf(ask(token, { clusterId: "emr-gone1", ...more }));
    expect(error.message).toMatch(
      /^EMR cluster emr-gone1 does not exist in ap-guangzhou: check clusterId and the region\./,
    );
  });
});

describe("Tencent DLC", () => {
  test("engines of all kinds, on all pages, by name", async () => {
    for (let index = 0; index < 103; index++) sim.dlc.createEngine({ dataEngineName: `sql-${index}` });
    sim.dlc.createEngine({
      dataEngineName: "batch",
      engineExecType: "BATCH",
      engineTypeDetail: "SparkBatch",
    });
    const native = sim.dlc.createEngine({
      dataEngineName: "native",
      engineGeneration: "Native",
      engineTypeDetail: "StandardSpark",
    });
    const gone = sim.dlc.createEngine({ dataEngineName: "gone" });
    sim.dlc.destroyEngine(gone.dataEngineId);
    const { engines } = await ask("tencent:getDlcEngines", {});
    expect(ids(engines, "dataEngineName")).toHaveLength(105);
    expect(ids(engines, "dataEngineName").slice(0, 3)).toEqual(["batch", "native", "sql-0"]);
    const { engines: one } = await ask("tencent:getDlcEngines", { name: "native" });
    expect(one).toEqual([
      {
        dataEngineId: native.dataEngineId,
        dataEngineName: "native",
        state: "running",
        message: "",
        engineType: "spark",
        engineTypeDetail: "StandardSpark",
        execType: "SQL",
        generation: "Native",
        clusterType: native.clusterType,
        mode: native.mode,
        size: native.size,
        autoResume: native.autoResume,
        autoSuspend: native.autoSuspend,
        imageVersionId: native.imageVersionId,
        imageVersionName: expect.stringMatching(/^Standard/),
        childImageVersionId: native.childImageVersionId,
      },
    ]);
    expect((await ask("tencent:getDlcEngines", { name: "none" }))["engines"]).toEqual([]);
  });

  test("versions of an engine, and the minor ones that show", async () => {
    const engine = sim.dlc.createEngine({ dataEngineName: "reports", imageVersion: "SuperSQL-S 1.0" });
    const image = sim.dlc.image("SuperSQL-S 1.0");
    const [older, newer] = image.children;
    sim.dlc.moveVersion(engine.dataEngineId, image.imageVersionId, older?.imageVersionId);
    const byName = await ask("tencent:getDlcImageVersions", { dataEngineName: "reports" });
    expect(byName).toMatchObject({ dataEngineId: engine.dataEngineId, upgradeAvailable: true });
    const versions = byName["versions"] as Record<string, unknown>[];
    expect(ids(versions, "name")).toEqual(
      sim.dlc
        .images("SparkSQL")
        .map(({ imageVersion }) => imageVersion)
        .sort(),
    );
    const children = versions.find(({ isCurrent }) => isCurrent)?.["children"] as Record<string, unknown>[];
    expect(children).toHaveLength(2);
    expect(children).toContainEqual({ childImageVersionId: older?.imageVersionId, isCurrent: true });
    expect(children).toContainEqual({ childImageVersionId: newer?.imageVersionId, isCurrent: false });
    expect(versions.filter(({ isCurrent }) => !isCurrent).every((each) => each["state"])).toBe(true);
    expect(await ask("tencent:getDlcImageVersions", { dataEngineId: engine.dataEngineId })).toEqual(byName);
  });

  test("an engine that is not there, and one that is named twice", async () => {
    const missing = ask("tencent:getDlcImageVersions", { dataEngineName: "none" });
    expect((await failureOf(missing)).message).toMatch(/^DLC engine none does not exist in ap-guangzhou/);
    const twice = ask("tencent:getDlcImageVersions", { dataEngineName: "a", dataEngineId: "DataEngine-1" });
    expect((await failureOf(twice)).message).toBe(
      "tencent:getDlcImageVersions: dataEngineId or dataEngineName is required, and only one of the two.",
    );
  });
});
