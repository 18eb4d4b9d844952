// Every function of Huawei Cloud against the stand-in cloud: what it answers, that it reads all pages, and what it says where it cannot.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callFunction } from "../../../provider/byName";
import { defaultFlavorId, defaultProjectId, type Simulator, startSimulator } from "../../../simulator/index";
import { contextOn } from "../../session";

const key = { secretId: "AKIDfunctions", secretKey: "functionsSecretKey0001" };
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

const ids = (list: unknown, name: string) => (list as Record<string, unknown>[]).map((each) => each[name]);

describe("Huawei DDM", () => {
  const instanceId = "functions0in09";

  test("instances, on all pages", async () => {
    for (let index = 0; index < 104; index++) sim.ddm.createInstance();
    sim.ddm.createInstance({ instanceId, charging: "prePaid", instanceName: "orders" });
    const { instances, projectId } = await ask("huawei:getDdmInstances", {});
    expect([ids(instances, "id").length, projectId]).toEqual([105, defaultProjectId]);
    expect(ids(instances, "id")).toEqual([...ids(instances, "id")].sort());
    expect((instances as { id: string }[]).find(({ id }) => id === instanceId)).toMatchObject({
      name: "orders",
      status: "RUNNING",
      engineVersion: "3.0.8",
      flavorCode: "ddm.c6.xlarge.2",
      nodeCount: 2,
      addresses: [expect.any(String), expect.any(String)],
      port: "5066",
      isPrepaid: true,
    });
  });

  test("groups with their nodes", async () => {
    sim.ddm.createInstance({
      instanceId,
      groups: [{ groupId: "b0gr09" }, { groupId: "a0gr09", name: "readers", role: "r", nodes: 3 }],
    });
    const { groups, ...more } = await ask("huawei:getDdmGroups", { instanceId });
    expect(more).toMatchObject({ instanceStatus: "RUNNING", engineVersion: "3.0.8", region: "eu-west-101" });
    expect(groups).toMatchObject([
      {
        id: "a0gr09",
        name: "readers",
        role: "r",
        flavorId: defaultFlavorId,
        cpu: 4,
        memory: 8,
        nodes: [{}, {}, {}],
      },
      { id: "b0gr09", role: "rw", architecture: "X86", nodes: [{ status: "normal" }, {}] },
    ]);
    const nodes = sim.ddm.nodes(instanceId, "a0gr09").map(({ nodeId }) => nodeId);
    expect(ids((groups as { nodes: unknown }[])[0]?.nodes, "id")).toEqual(nodes.sort());
  });

  test("an old kernel lists no groups: all nodes are in one without an id", async () => {
    sim.ddm.createInstance({ instanceId });
    sim.settings.huawei.nodeGroupsShown = false;
    sim.faults.add({ kind: "error", action: "ListGroups", code: "APIGW.0101", status: 404 });
    expect(await ask("huawei:getDdmGroups", { instanceId })).toMatchObject({
      groups: [{ id: "", role: "", nodes: [{}, {}] }],
    });
  });

  test("flavours, for a version or an instance's", async () => {
    sim.ddm.createInstance({ instanceId });
    for (let index = 0; index < 120; index++) {
      const [first] = sim.ddm.flavors;
      if (first)
        sim.ddm.flavors.push({ ...first, id: `more-${String(index).padStart(3, "0")}`, architecture: "ARM" });
    }
    const byInstance = await ask("huawei:getDdmFlavors", { instanceId });
    expect(byInstance).toMatchObject({ engineVersion: "3.0.8" });
    expect(ids(byInstance["flavors"], "id")).toHaveLength(125);
    expect((byInstance["flavors"] as { id: string }[]).find(({ id }) => id === defaultFlavorId)).toEqual({
      id: defaultFlavorId,
      code: "ddm.c6.xlarge.2",
      cpu: 4,
      memory: 8,
      architecture: "X86",
      zones: ["eu-west-101a", "eu-west-101b", "eu-west-101c"].map((name) => ({ name, status: "normal" })),
    });
    expect(await ask("huawei:getDdmFlavors", { engineVersion: "3.0.8" })).toEqual(byInstance);
    expect((await failureOf(ask("huawei:getDdmFlavors", {}))).message).toMatch(
      /instanceId or engineVersion is required/,
    );
  });

  test.each(["huawei:getDdmGroups", "huawei:getDdmFlavors"])(
    "%s says that an instance is not there",
    async (token) => {
      expect((await failureOf(ask(token, { instanceId: "gone0in09" }))).message).toMatch(
        /^DDM instance gone0in09 does not exist in project \w+ of eu-west-101/,
      );
    },
  );
});
