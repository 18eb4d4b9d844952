import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { verify } from "../../simulator/tencent/signature";
import { type CallOptions, call } from "./call";

const bodyA = '{"InstanceId":"emr-test0001","NodeFlag":"task","Limit":100,"Offset":0}';
const bodyB =
  '{"DataEngineId":"DataEngine-sim00001","NewImageVersionId":"00000000-0000-4000-8000-000000000002"}';

describe("golden vectors of the reference", () => {
  const vectors = [
    {
      name: "1: content-type and host",
      service: "emr",
      timestamp: 1735689600,
      contentType: "application/json",
      action: undefined,
      body: bodyA,
      signature: "6b822709b83df85ba017a53fbb8867bc36660dbd0304af558afad83e273007d4",
    },
    {
      name: "2: action signed as well",
      service: "emr",
      timestamp: 1735689600,
      contentType: "application/json; charset=utf-8",
      action: "DescribeClusterNodes",
      body: bodyA,
      signature: "6caa2eedbb5145591e1d90b6c5f8bda27d9295223c15d3026c38975ee684c86a",
    },
    {
      name: "3: another product, last second of the year",
      service: "dlc",
      timestamp: 1767225599,
      contentType: "application/json; charset=utf-8",
      action: "SwitchDataEngineImage",
      body: bodyB,
      signature: "7bc731194512d82b1b7cbc583cfd88b3089d098b85194a29e8dac6d679419fc7",
    },
  ];
  const check = (vector: (typeof vectors)[number], signature: string) => {
    const date = new Date(vector.timestamp * 1000).toISOString().slice(0, 10);
    const signed = vector.action ? "content-type;host;x-tc-action" : "content-type;host";
    verify(
      {
        headers: {
          authorization: `TC3-HMAC-SHA256 Credential=AKIDany/${date}/${vector.service}/tc3_request, SignedHeaders=${signed}, Signature=${signature}`,
          "content-type": vector.contentType,
          host: `${vector.service}.tencentcloudapi.com`,
          "x-tc-timestamp": String(vector.timestamp),
          ...(vector.action ? { "x-tc-action": vector.action } : {}),
        },
        body: Buffer.from(vector.body),
      },
      {
        credentials: [{ secretId: "AKIDany", secretKey: "simulatorSecretKey0001" }],
        service: vector.service,
        nowMilliseconds: vector.timestamp * 1000,
        allowedSkewSeconds: 300,
      },
    );
  };

  test.each(vectors)("vector $name", (vector) => {
    expect(() => check(vector, vector.signature)).not.toThrow();
    const altered = vector.signature.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(() => check(vector, altered)).toThrow(
      expect.objectContaining({ code: "AuthFailure.SignatureFailure" }),
    );
  });
});

describe("what the gateway refuses", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({
      startTime: new Date("2025-01-01T00:02:00Z"),
      credentials: [
        { secretId: "AKIDsimulator", secretKey: "simulatorSecretKey0001" },
        { secretId: "AKIDtemporary", secretKey: "temporaryKey", token: "session-token" },
      ],
    });
    simulator.settings.rateLimitPerSecond = 1000;
  });
  afterAll(() => simulator.close());

  const temporary = { secretId: "AKIDtemporary", secretKey: "temporaryKey" };
  const rows: { name: string; options: CallOptions; outcome: string; action?: string; body?: string }[] = [
    { name: "nothing: a correct call", options: {}, outcome: "ok" },
    {
      name: "unknown secret id",
      options: { secretId: "AKIDother" },
      outcome: "AuthFailure.SecretIdNotFound",
    },
    { name: "wrong key", options: { secretKey: "other" }, outcome: "AuthFailure.SignatureFailure" },
    { name: "body changed", options: { sentBody: "{}" }, outcome: "AuthFailure.SignatureFailure" },
    { name: "clock 300 s behind is accepted", options: { skewSeconds: -300 }, outcome: "ok" },
    { name: "clock 301 s behind", options: { skewSeconds: -301 }, outcome: "AuthFailure.SignatureExpire" },
    { name: "clock 301 s ahead", options: { skewSeconds: 301 }, outcome: "AuthFailure.SignatureExpire" },
    {
      name: "local date instead of UTC date",
      options: { date: "2025-01-02" },
      outcome: "AuthFailure.SignatureFailure",
    },
    {
      name: "scope of another product",
      options: { service: "dlc" },
      outcome: "AuthFailure.SignatureFailure",
    },
    { name: "right token", options: { ...temporary, token: "session-token" }, outcome: "ok" },
    { name: "wrong token", options: { ...temporary, token: "old" }, outcome: "AuthFailure.TokenFailure" },
    { name: "missing token", options: temporary, outcome: "AuthFailure.TokenFailure" },
    { name: "token with a permanent key", options: { token: "x" }, outcome: "AuthFailure.TokenFailure" },
    {
      name: "no Authorization",
      options: { headers: { Authorization: undefined } },
      outcome: "AuthFailure.InvalidAuthorization",
    },
    {
      name: "host not signed",
      options: {
        headers: {
          Authorization: `TC3-HMAC-SHA256 Credential=AKIDsimulator/2025-01-01/emr/tc3_request, SignedHeaders=content-type, Signature=${"0".repeat(64)}`,
        },
      },
      outcome: "AuthFailure.InvalidAuthorization",
    },
    {
      name: "no timestamp",
      options: { headers: { "X-TC-Timestamp": undefined } },
      outcome: "MissingParameter",
    },
    {
      name: "timestamp not a number",
      options: { headers: { "X-TC-Timestamp": "today" } },
      outcome: "InvalidParameter",
    },
    { name: "no action", options: { headers: { "X-TC-Action": undefined } }, outcome: "MissingParameter" },
    { name: "no version", options: { headers: { "X-TC-Version": undefined } }, outcome: "MissingParameter" },
    { name: "unknown version", options: { version: "2018-01-01" }, outcome: "NoSuchVersion" },
    { name: "unknown action", options: {}, action: "DescribeNothing", outcome: "InvalidAction" },
    { name: "action of Object.prototype", options: {}, action: "toString", outcome: "InvalidAction" },
    { name: "malformed region", options: { region: "Guangzhou!" }, outcome: "UnsupportedRegion" },
    { name: "no region, for EMR", options: { region: undefined }, outcome: "ok" },
    { name: "body not JSON", options: {}, body: "InstanceId=1", outcome: "InvalidRequest" },
    { name: "body not an object", options: {}, body: "[]", outcome: "InvalidRequest" },
  ];

  test.each(rows)("$name → $outcome", async ({ options, outcome, action, body }) => {
    const reply = await call(
      simulator,
      action ?? "DescribeInstances",
      body ?? { DisplayStrategy: "clusterList" },
      options,
    );
    expect(reply.status).toBe(200);
    expect(reply.outcome).toBe(outcome);
    expect(reply.response.RequestId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(simulator.journal.at(-1)).toMatchObject({ outcome, requestId: reply.response.RequestId });
  });

  test("the body is bytes, not characters", async () => {
    const reply = await call(simulator, "DescribeInstances", { DisplayStrategy: "集群" });
    expect(reply.outcome).toBe("InvalidParameter.DisplayStrategyNotMatch");
  });

  test("GET is not simulated", async () => {
    const answer = await fetch(simulator.url, { headers: { "X-TC-Action": "DescribeInstances" } });
    expect(await answer.json()).toMatchObject({ Response: { Error: { Code: "UnsupportedProtocol" } } });
  });

  test("answers carry simulator time", async () => {
    const { date } = await call(simulator, "DescribeInstances", { DisplayStrategy: "clusterList" });
    expect(date).toBe("Wed, 01 Jan 2025 00:02:00 GMT");
  });
});
