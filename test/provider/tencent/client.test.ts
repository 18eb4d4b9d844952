// The client against a cloud that checks signatures.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../../provider/base/clock";
import { CloudError } from "../../../provider/base/errors";
import { createTencentClient, decode, encode, endpointUrl } from "../../../provider/tencent/client";
import { tencentSettings } from "../../../provider/tencent/config";
import {
  describeClusterFlowStatusDetail,
  describeClusterNodes,
  describeInstances,
} from "../../../provider/tencent/emr/api";
import { scaleOutInstance } from "../../../provider/tencent/emr/purchaseApi";
import { type Simulator, startSimulator } from "../../../simulator/index";

const credentials = { secretId: "AKIDclient", secretKey: "clientSecretKey0001", token: "clientToken0001" };
const clusterId = "emr-client1";
let sim: Simulator;

beforeAll(async () => {
  sim = await startSimulator({ credentials: [credentials], timeScale: 0.1 });
});
afterEach(() => sim.reset());
afterAll(() => sim.close());

/** The cloud's clock, or one that is off by so much. */
const clock = (off = 0): Clock & { slept: number[] } => ({
  slept: [],
  now: async () => sim.clock.now() + off,
  async sleep(milliseconds) {
    this.slept.push(milliseconds);
    sim.clock.advance(milliseconds);
  },
});

const client = (time: Clock = clock(), more: Partial<typeof credentials> = {}, endpoint = sim.url) => {
  sim.emr.clusters().length === 0 && sim.emr.createCluster({ clusterId });
  return createTencentClient(
    { credentials: { ...credentials, ...more }, region: "ap-guangzhou", endpoint },
    { clock: time },
  );
};

const nodes = { instanceId: clusterId, nodeFlag: "all" as const };
const purchase = {
  instanceId: clusterId,
  payMode: 0,
  timeUnit: "s" as const,
  timeSpan: 3600,
  taskCount: 1,
  clientToken: "t",
};

async function failure(call: Promise<unknown>): Promise<CloudError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CloudError);
  return error as CloudError;
}

describe("calls", () => {
  test("are signed, in English, with region and token, and give answers in our spelling", async () => {
    const { nodeList, requestId } = await client().call(describeClusterNodes, nodes);
    expect(nodeList[0]).toMatchObject({
      emrResourceId: expect.stringMatching(/^emr-vm-/),
      flag: expect.any(Number),
    });
    expect(requestId).toMatch(/-/);
    expect(sim.journal).toMatchObject([{ outcome: "ok", region: "ap-guangzhou", version: "2019-01-03" }]);
  });

  test("the seed's example request goes through: numbers as numbers", async () => {
    const answer = await client().call(scaleOutInstance, { ...purchase, taskCount: undefined, coreCount: 1 });
    expect(answer.instanceId).toBe(clusterId);
    expect(sim.journal.at(-1)).toMatchObject({
      request: { InstanceId: clusterId, TimeUnit: "s", CoreCount: 1, PayMode: 0, TimeSpan: 3600 },
    });
  });

  test("a request that its schema forbids is never sent", async () => {
    await expect(client().call(scaleOutInstance, { ...purchase, taskCount: 21 })).rejects.toThrow(/20/);
    expect(sim.journal).toEqual([]);
  });

  test.each([
    ["a wrong key", { secretKey: "wrong" }, "AuthFailure.SignatureFailure"],
    ["an unknown id", { secretId: "AKIDother" }, "AuthFailure.SecretIdNotFound"],
    ["a wrong token", { token: "other" }, "AuthFailure.TokenFailure"],
  ])("%s is told and not tried again", async (_name, more, code) => {
    const error = await failure(client(clock(), more).call(describeClusterNodes, nodes));
    expect(error).toMatchObject({ code, kind: "credentials", mayHaveHappened: false });
    expect(sim.journal).toHaveLength(1);
  });
});

describe("repeats", () => {
  test("a clock that is off is corrected once, by the cloud's", async () => {
    const late = client(clock(-3_600_000));
    await late.call(describeClusterNodes, nodes);
    await late.call(scaleOutInstance, purchase);
    expect(sim.journal.map(({ outcome }) => outcome)).toEqual(["AuthFailure.SignatureExpire", "ok", "ok"]);
  });

  test("a throttled call waits and goes again, a purchase too", async () => {
    sim.faults.add({ kind: "throttle", times: 3 });
    const time = clock();
    await client(time).call(scaleOutInstance, purchase);
    expect(sim.emr.purchases(clusterId)).toHaveLength(1);
    expect(time.slept).toHaveLength(3);
    expect(time.slept.every((pause) => pause >= 500)).toBe(true);
  });

  test.each([
    ["HTTP 503", { kind: "http", status: 503, times: 2 }],
    ["a dropped answer", { kind: "dropAnswer", times: 2 }],
    ["an internal error", { kind: "error", code: "InternalError.CamError", times: 2 }],
  ] as const)("a read goes again after %s", async (_name, fault) => {
    sim.faults.add(fault);
    await client().call(describeInstances, {
      displayStrategy: "clusterList",
      instanceIds: [clusterId],
      projectId: -1,
    });
    expect(sim.journal).toHaveLength(3);
  });

  test.each([
    ["HTTP 503", { kind: "http", status: 503 }, "HTTP503", "network"],
    ["a dropped answer", { kind: "dropAnswer" }, "NoAnswer", "network"],
    [
      "an internal error",
      { kind: "error", code: "InternalError.CvmError" },
      "InternalError.CvmError",
      "server",
    ],
  ] as const)("a purchase never goes again by itself after %s", async (_name, fault, code, kind) => {
    sim.faults.add(fault);
    const error = await failure(client().call(scaleOutInstance, purchase));
    expect(error).toMatchObject({ code, kind, mayHaveHappened: true });
    expect(sim.journal).toHaveLength(1);
  });

  test("where nothing listens, a purchase certainly did not happen", async () => {
    const error = await failure(client(clock(), {}, "http://127.0.0.1:9").call(scaleOutInstance, purchase));
    expect(error).toMatchObject({ kind: "network", mayHaveHappened: false });
    expect(error.message).toMatch(/did not reach the cloud/);
  });

  test("more than 20 calls a second wait their turn instead of being refused", async () => {
    const reading = client();
    for (let call = 0; call < 50; call++) await reading.call(describeClusterNodes, nodes);
    expect(sim.journal.every(({ outcome }) => outcome === "ok")).toBe(true);
  });
});

describe("answers", () => {
  test("that lack what is needed say what, with the action and the RequestId", async () => {
    const server = createServer((_, response) => {
      response.end('{"Response":{"RequestId":"r-1","FlowName":"x"}}');
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = { instanceId: clusterId, flowParam: { fKey: "TraceId" as const, fValue: "1" } };
    const error = await failure(client(clock(), {}, endpoint).call(describeClusterFlowStatusDetail, request));
    expect(error.message).toMatch(/DescribeClusterFlowStatusDetail failed: .*flowTotalStatus.*RequestId r-1/);
  });

  test("that repeat a secret are cleaned", async () => {
    sim.faults.add({
      kind: "error",
      code: "InvalidParameter",
      message: `key ${credentials.secretKey} ${credentials.token}`,
    });
    const error = await failure(client().call(describeClusterNodes, nodes));
    expect(error.message).toContain("key [secret] [secret]");
  });

  test("lose null and keep what is unknown", () => {
    expect(decode({ NodeList: null, Neu: [{ FKey: 1 }] })).toEqual({ neu: [{ fKey: 1 }] });
  });
});

test("odd names on the wire", () => {
  expect(
    encode({ unnecessaryNodeList: [1], preExecutedFileSettings: [{ cosFileUri: "u" }], subnetId: undefined }),
  ).toEqual({
    UnNecessaryNodeList: [1],
    PreExecutedFileSettings: [{ CosFileURI: "u" }],
  });
});

test.each([
  [undefined, "https://emr.tencentcloudapi.com/"],
  ["https://{service}.intl.tencentcloudapi.com", "https://emr.intl.tencentcloudapi.com/"],
  ["emr.internal.tencentcloudapi.com", "https://emr.internal.tencentcloudapi.com/"],
  ["http://127.0.0.1:4599", "http://127.0.0.1:4599/"],
])("endpoint %s is %s", (endpoint, url) => {
  expect(endpointUrl(endpoint, "emr").href).toBe(url);
});

describe("settings", () => {
  const environment = {
    TENCENTCLOUD_SECRET_ID: "env-id",
    TENCENTCLOUD_SECRET_KEY: "env-key",
    TENCENTCLOUD_SECURITY_TOKEN: "env-token",
    TENCENTCLOUD_REGION: "ap-env",
  };
  const lookup = (config: Record<string, string>) => (key: string) => config[key];

  test("come from the environment", () => {
    expect(tencentSettings(lookup({}), {}, environment)).toEqual({
      credentials: { secretId: "env-id", secretKey: "env-key", token: "env-token" },
      region: "ap-env",
      endpoint: undefined,
    });
  });

  test("come from config first, and a key pair never mixes with half of another", () => {
    const config = {
      tencentSecretId: "c-id",
      tencentSecretKey: "c-key",
      tencentRegion: "ap-c",
      tencentEndpoint: "https://e",
    };
    expect(tencentSettings(lookup(config), {}, environment)).toEqual({
      credentials: { secretId: "c-id", secretKey: "c-key", token: undefined },
      region: "ap-c",
      endpoint: "https://e",
    });
    expect(() => tencentSettings(lookup({ tencentSecretId: "c-id" }), {}, environment)).toThrow(/secret key/);
  });

  test("say what a bad endpoint should be", () => {
    expect(() => tencentSettings(lookup({ tencentEndpoint: "http://" }), {}, environment)).toThrow(
      /tencentEndpoint must be/,
    );
  });
});

test("a clock that is off is corrected alike for calls at the same time", async () => {
  const late = client(clock(-1_000_000));
  await Promise.all([1, 2, 3].map(() => late.call(describeClusterNodes, nodes)));
  expect(sim.journal.filter(({ outcome }) => outcome === "ok")).toHaveLength(3);
});
