// Every function of Volcengine against the stand-in cloud: what it answers, that it reads all pages, and what it says where it cannot.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callFunction } from "../../../provider/byName";
import {
  defaultProjectId,
  defaultVkeClusterId,
  type Simulator,
  startSimulator,
} from "../../../simulator/index";
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

describe("Volcengine EMR on VKE", () => {
  const cluster = { clusterId: defaultVkeClusterId };

  test("applications", async () => {
    expect(await ask("volcengine:getVkeApplications", cluster)).toEqual({
      applications: ["Ray", "Spark"].map((name) => ({
        name,
        version: "1.0.0",
        state: "INSTALLED",
        createTime: expect.any(Number),
        updateTime: expect.any(Number),
      })),
      clusterState: "RUNNING",
      region: "cn-beijing",
    });
    const names = Array.from({ length: 130 }, (_, index) => `App${index}`);
    const applications = Object.fromEntries(names.map((name) => [name, {}]));
    sim.vke.createCluster({ clusterId: "emr-vke-many", applications });
    const many = await ask("volcengine:getVkeApplications", { clusterId: "emr-vke-many" });
    expect(ids(many["applications"], "name")).toEqual(names.sort());
  });

  test("instances of components, and why they cannot be seen", async () => {
    const ray = { ...cluster, application: "ray" };
    const { instances, ...more } = await ask("volcengine:getVkeComponents", ray);
    expect(more).toEqual({
      application: "Ray",
      applicationState: "INSTALLED",
      components: ["RayCluster", "RayHistoryServer", "RayOperator"],
      driftVisible: true,
      reason: "",
      clusterState: "RUNNING",
      region: "cn-beijing",
    });
    expect(ids(instances, "name")).toEqual([
      "raycluster-a",
      "raycluster-b",
      "ray-history-server",
      "ray-operator",
    ]);
    sim.settings.volcengine.newerVersion = false;
    expect(await ask("volcengine:getVkeComponents", ray)).toMatchObject({
      instances: [],
      driftVisible: false,
      reason: expect.stringMatching(/^ListComponentInstances of version 2024-06-13 is refused/),
    });
  });

  test("lists that show less than they count", async () => {
    sim.settings.volcengine.listsEndAfter = 2;
    expect(await ask("volcengine:getVkeComponents", { ...cluster, application: "ray" })).toMatchObject({
      instances: [],
      driftVisible: false,
      reason: "ListComponentInstances counts 4 instances of Ray, but shows only 2",
    });
    sim.settings.volcengine.listsEndAfter = 1;
    expect((await failureOf(ask("volcengine:getVkeApplications", cluster))).message).toMatch(
      /^ListApplications counts 2 applications of \S+, but shows only 1: nothing is concluded/,
    );
  });

  test("a first page that does not say how many there are", async () => {
    const names = Array.from({ length: 130 }, (_, index) => `App${index}`);
    const applications = Object.fromEntries(names.map((name) => [name, {}]));
    sim.vke.createCluster({ clusterId: "emr-vke-many", applications });
    sim.settings.volcengine.totalCount = "absent";
    const many = await ask("volcengine:getVkeApplications", { clusterId: "emr-vke-many" });
    expect(ids(many["applications"], "name")).toEqual(names.sort());
  });

  test("what is not there", async () => {
    const other = ask("volcengine:getVkeComponents", { ...cluster, application: "Hive" });
    expect((await failureOf(other)).message).toBe(
      `application: ${defaultVkeClusterId} has no application Hive; it has: Ray, Spark.`,
    );
    const missing = ask("volcengine:getVkeApplications", { clusterId: "emr-gone1" });
    expect((await failureOf(missing)).message).toMatch(/cluster emr-gone1 does not exist in cn-beijing/);
  });
});
