// What holds for every function.
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import { CloudError } from "../../provider/base/errors";
import { CheckedInputsFailed, callFunction } from "../../provider/byName";
import { functions } from "../../provider/functions";
import type { getDdmGroups } from "../../provider/huawei/ddm/functions";
import type { getDlcImageVersions } from "../../provider/tencent/dlc/functions";
import type { getEmrClusters } from "../../provider/tencent/emr/functions/clusters";
import type { getEmrNodes } from "../../provider/tencent/emr/functions/nodes";
import type { getEmrScaleOutPrice } from "../../provider/tencent/emr/functions/price";
import type { getEmrServices } from "../../provider/tencent/emr/functions/services";
import type { getVkeComponents } from "../../provider/volcengine/emr/functions";
import type * as huawei from "../../sdk/huawei";
import type * as tencent from "../../sdk/tencent";
import type * as volcengine from "../../sdk/volcengine";
import { defaultProjectId, defaultVkeClusterId, type Simulator, startSimulator } from "../../simulator/index";
import { contextOn } from "../session";

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

describe("every function", () => {
  const tokens = [...functions.keys()];

  test.each(tokens)("%s has a description for all that goes in and out", (token) => {
    const found = functions.get(token);
    const walk = (schema: z.core.$ZodType, path: string): string[] => {
      const def = schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
      if (def.type === "optional" || def.type === "default") return walk(def.innerType, path);
      if (def.type === "array") return walk(def.element, `${path}[]`);
      if (def.type !== "object") return [];
      return Object.entries(def.shape).flatMap(([name, property]) => [
        ...((property as z.ZodType).description ? [] : [`${path}.${name}`]),
        ...walk(property, `${path}.${name}`),
      ]);
    };
    expect(found && [...walk(found.inputs, "in"), ...walk(found.outputs, "out")]).toEqual([]);
    expect(found?.description).toMatch(/\.$/);
  });

  test.each([
    [
      "tencent:getEmrClusters",
      { code: "UnauthorizedOperation.CheckCamAuth", action: "DescribeInstances" },
      {},
    ],
    [
      "tencent:getEmrNodes",
      { code: "UnauthorizedOperation.CheckCamAuth", action: "DescribeClusterNodes" },
      { clusterId },
    ],
    ["tencent:getDlcEngines", { code: "UnauthorizedOperation", action: "DescribeDataEngines" }, {}],
    ["huawei:getDdmInstances", { code: "APIGW.0302", action: "ListInstances", status: 403 }, {}],
    [
      "volcengine:getVkeApplications",
      { code: "AccessDenied", action: "ListApplications", status: 403 },
      { clusterId: defaultVkeClusterId },
    ],
  ])("%s tells which permission is missing", async (token, fault, inputs) => {
    const { code, action, status } = { status: undefined, ...fault };
    sim.emr.createCluster({ clusterId });
    sim.faults.add({ kind: "error", code, action, times: 5, ...(status ? { status } : {}) });
    const error = await failureOf(ask(token, inputs));
    expect(error).toBeInstanceOf(CloudError);
    expect(error).toMatchObject({ kind: "permission", code, requestId: expect.stringMatching(/./) });
    const { action: told, requestId } = error as CloudError;
    for (const part of [code, told, requestId]) expect(error.message).toContain(part);
  });

  test("all mistakes in the inputs come at once, in the words of the resources, before any call", async () => {
    const wrong = { clusterid: "emr-1", role: "worker", count: 0, timeSpan: 7, region: "Guangzhou!" };
    const error = (await failureOf(ask("tencent:getEmrScaleOutPrice", wrong))) as CheckedInputsFailed;
    expect(error).toBeInstanceOf(CheckedInputsFailed);
    expect(error.failures).toEqual([
      { property: "region", reason: expect.stringMatching(/^must be the name of a region/) },
      { property: "clusterId", reason: "is required" },
      { property: "role", reason: 'must be "task", "core", "router" or "master", got "worker"' },
      { property: "count", reason: "must be at least 1, got 0" },
      { property: "clusterid", reason: "is not a property here; did you mean clusterId?" },
      { property: "timeSpan", reason: "must be 3600 (or be left out) when payMode is 0, got 7" },
    ]);
    for (const { property, reason } of error.failures)
      expect(error.message).toContain(`${property} ${reason}`);
    expect(sim.journal).toEqual([]);
  });

  test("another account is asked with its own profile", async () => {
    sim.emr.createCluster({ clusterId });
    const asked = { clusterId, profile: "prod" };
    expect((await failureOf(ask("tencent:getEmrNodes", asked))).message).toMatch(
      /not configured for profile prod/,
    );
    const prod = { tencentSecretId: key.secretId, tencentSecretKey: key.secretKey };
    const more = { tencentSecretId: "AKIDother", profiles: JSON.stringify({ prod }) };
    expect((await ask("tencent:getEmrNodes", asked, more))["nodeCount"]).toBe(3);
  });

  test("an unknown name is told with those that there are", async () => {
    expect((await failureOf(ask("tencent:getNodes", {}))).message).toMatch(
      /has no function tencent:getNodes; it has tencent:getEmrClusters, /,
    );
  });
});

test("the SDK takes what the schemas take, and gives what they give", () => {
  // Checked when types are: a difference fails `npm run types`.
  type In<F extends { inputs: z.ZodObject }> = Told<z.input<F["inputs"]>>;
  type Told<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };
  type Out<F extends { outputs: z.ZodObject }> = DeepReadonly<z.output<F["outputs"]>>;
  type DeepReadonly<T> = T extends (infer Item)[]
    ? DeepReadonly<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: DeepReadonly<Exclude<T[Name], undefined>> }
      : T;
  expectTypeOf<Told<tencent.GetEmrClustersArgs>>().toEqualTypeOf<In<typeof getEmrClusters>>();
  expectTypeOf<tencent.GetEmrClustersResult>().toExtend<Out<typeof getEmrClusters>>();
  expectTypeOf<Told<tencent.GetEmrNodesArgs>>().toEqualTypeOf<In<typeof getEmrNodes>>();
  expectTypeOf<Out<typeof getEmrNodes>>().toExtend<tencent.GetEmrNodesResult>();
  expectTypeOf<Out<typeof getEmrServices>>().toExtend<tencent.GetEmrServicesResult>();
  expectTypeOf<Told<tencent.GetEmrScaleOutPriceArgs>>().toEqualTypeOf<In<typeof getEmrScaleOutPrice>>();
  expectTypeOf<Out<typeof getEmrScaleOutPrice>>().toExtend<tencent.GetEmrScaleOutPriceResult>();
  expectTypeOf<Out<typeof getDlcImageVersions>>().toExtend<tencent.GetDlcImageVersionsResult>();
  expectTypeOf<Out<typeof getDdmGroups>>().toExtend<huawei.GetDdmGroupsResult>();
  expectTypeOf<Out<typeof getVkeComponents>>().toExtend<volcengine.GetVkeComponentsResult>();
});
