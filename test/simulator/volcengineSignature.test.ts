import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import type { ApiRequest } from "../../simulator/call";
import { defaultVolcengineSettings } from "../../simulator/volcengine/settings";
import {
  canonicalRequest,
  sign,
  signingKey,
  stringToSign,
  verify,
} from "../../simulator/volcengine/signature";
import { act, callVolcengine, clusterId, older, type VolcengineCallOptions } from "./volcengineCall";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const scope = { region: "cn-beijing", service: "emr" };
const target = "/?Action=RunApplicationAction&Version=2023-12-30";

const first = {
  accessKey: "AKLTEXAMPLEEXAMPLE",
  secretKey: "ZXhhbXBsZS1zZWNyZXQ=",
  date: "20260102T030405Z",
  contentType: "application/json",
  body: '{"ClusterId":"emr-demo0001","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}],"ActionParams":[{"Key":"releaseName","Value":"raycluster-a"}]}',
  bodyHash: "2d77bbaa9a3888f75aff7e794537636c0d7f8c4709c88a7c97a41cae30f8353c",
};
const second = {
  accessKey: "AKEXAMPLE",
  secretKey: "SKEXAMPLE",
  date: "20261124T010203Z",
  contentType: undefined,
  body: '{"ClusterId":"emr-0123","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}]}',
  bodyHash: "7192658422a7a6230e24648c1ee144d1a19f64038f169fc554be88ad6ebe87be",
};

describe("vectors of the reference", () => {
  const vectors = [
    {
      name: "global gateway",
      ...first,
      host: "open.volcengineapi.com",
      canonicalHash: "d62455287fcaead619d1334fe8c7b03360eaaaf0401b40bf2ce659776ca4bcab",
      signature: "8171d2664fa2ecd2ce0d154c095e56881d13fc0a530570729e214be90c10d03a",
    },
    {
      name: "global gateway, port 443",
      ...first,
      host: "open.volcengineapi.com:443",
      signature: "8171d2664fa2ecd2ce0d154c095e56881d13fc0a530570729e214be90c10d03a",
    },
    {
      name: "global gateway, token",
      ...first,
      host: "open.volcengineapi.com",
      token: "STSEXAMPLETOKEN",
      signature: "448e1ea911dd9e0feadc312c76a135be0a07e33905840f10c8f298f0bda40ef0",
    },
    {
      name: "local port",
      ...first,
      host: "127.0.0.1:8443",
      canonicalHash: "2f5fd1ca514fa832adc63d4111796f607b88e93fec34f52d40529e4068661a0a",
      signature: "0a36bfd9c0abb5ab6f3390ec74e6d735e46b95a089ef8299479d9344ea402eeb",
    },
    {
      name: "local port, token",
      ...first,
      host: "127.0.0.1:8443",
      token: "STSEXAMPLETOKEN",
      signature: "82972fe85c1cebc1c64197aa850b50af6d1e123172ab026e543779dd081cd0bd",
    },
    {
      name: "content type not signed",
      ...second,
      host: "open.volcengineapi.com",
      signature: "e8d7ae639f138608519e5ad48f6e4891be4f157b5bd33c23256c76264f1e549a",
    },
    {
      name: "content type not signed, token",
      ...second,
      host: "open.volcengineapi.com",
      token: "TOKENEXAMPLE",
      signature: "4a171f1b20efe3a95878055055dbdb12fdff44f09782731a59bcdf43968f0225",
    },
  ] as const;

  test.each(vectors)("$name", (vector) => {
    const { accessKey, secretKey, date, contentType, body, bodyHash, host, signature } = vector;
    const token = "token" in vector ? { token: vector.token } : {};
    const headers: Record<string, string> = {
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      host,
      "x-content-sha256": bodyHash,
      "x-date": date,
      ...("token" in vector ? { "x-security-token": vector.token } : {}),
    };
    const names = Object.keys(headers);
    const request: ApiRequest = { method: "POST", target, headers, body: Buffer.from(body) };
    const canonical = canonicalRequest(request, names);
    expect(sha256(body)).toBe(bodyHash);
    if ("canonicalHash" in vector) expect(sha256(canonical)).toBe(vector.canonicalHash);
    expect(sign(stringToSign(canonical, date, scope), secretKey, date, scope)).toBe(signature);
    const credential = `${accessKey}/${date.slice(0, 8)}/cn-beijing/emr/request`;
    headers.authorization = `HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    const how = {
      credentials: [{ secretId: accessKey, secretKey, ...token }],
      settings: defaultVolcengineSettings(),
      nowMilliseconds: Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z")),
    };
    expect(() => verify(request, how)).not.toThrow();
    headers.authorization = headers.authorization.replace(signature, "0".repeat(64));
    expect(() => verify(request, how)).toThrow("The signature does not match.");
  });

  test("the derived key", () => {
    expect(signingKey(first.secretKey, first.date, scope).toString("hex")).toBe(
      "0183b076f81d351a6f61a140759da21a39807ce6fabec8aabf1725df372d3af2",
    );
  });
});

let simulator: Simulator;
const startTime = new Date("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({
    startTime,
    credentials: [
      { secretId: "AKIDsimulator", secretKey: "simulatorSecretKey0001" },
      { secretId: "AKTPtemporary", secretKey: "temporaryKey", token: "session/token+==" },
    ],
  });
});
afterEach(() => simulator.close());

const look = (options: VolcengineCallOptions = {}) =>
  callVolcengine(simulator, "ListApplications", { ClusterId: clusterId }, options);

describe("who is let in", () => {
  const temporary = { accessKey: "AKTPtemporary", secretKey: "temporaryKey" };
  const authorization = (text: string): VolcengineCallOptions => ({ headers: { authorization: text } });
  const credential = (text: string) =>
    authorization(`HMAC-SHA256 Credential=${text}, SignedHeaders=host;x-date, Signature=${"0".repeat(64)}`);
  const query = (text: string) => ({ query: `Action=ListApplications&Version=${older}&${text}` });

  const rows: {
    name: string;
    options: VolcengineCallOptions;
    code: string;
    codeN?: number;
    status?: number;
  }[] = [
    { name: "a correct signature", options: {}, code: "ok" },
    { name: "fewest signed headers", options: { signed: ["host", "x-date"] }, code: "ok" },
    { name: "charset", options: { contentType: "application/json; charset=utf-8" }, code: "ok" },
    { name: "a query with every kind of sign", options: query("Note=%2A%27a%2Bb%20~%21%28%29"), code: "ok" },
    { name: "15 minutes behind", options: { skewSeconds: -900 }, code: "ok" },
    { name: "behind", options: { skewSeconds: -901 }, code: "InvalidTimestamp", codeN: 100006 },
    { name: "15 minutes ahead", options: { skewSeconds: 900 }, code: "ok" },
    { name: "ahead", options: { skewSeconds: 901 }, code: "InvalidTimestamp" },
    { name: "longer life", options: { ...query("X-Expires=2000"), skewSeconds: -1999 }, code: "ok" },
    {
      name: "shorter life",
      options: { ...query("X-Expires=60"), skewSeconds: -61 },
      code: "InvalidTimestamp",
    },
    { name: "no life", options: query("X-Expires=long"), code: "InvalidTimestamp" },
    {
      name: "no date",
      options: { headers: { "x-date": undefined } },
      code: "MissingRequestInfo",
      codeN: 100004,
    },
    { name: "no date at all", options: { headers: { "x-date": "today" } }, code: "InvalidTimestamp" },
    {
      name: "the scope's date",
      options: { scopeDate: "20260101" },
      code: "InvalidCredential",
      codeN: 100025,
    },
    { name: "no region", options: { region: "" }, code: "MissingRequestInfo" },
    { name: "no service", options: { service: "" }, code: "MissingRequestInfo" },
    {
      name: "other service",
      options: { service: "elasticmapreduce" },
      code: "ServiceNotFound",
      codeN: 100007,
      status: 404,
    },
    {
      name: "unknown key",
      options: { accessKey: "AKother" },
      code: "InvalidAccessKey",
      codeN: 100009,
      status: 401,
    },
    {
      name: "wrong secret",
      options: { secretKey: "other" },
      code: "SignatureDoesNotMatch",
      codeN: 100010,
      status: 401,
    },
    { name: "changed body", options: { sentBody: "{}" }, code: "SignatureDoesNotMatch", status: 401 },
    {
      name: "hash of the body changed",
      options: { headers: { "x-content-sha256": "0".repeat(64) } },
      code: "SignatureDoesNotMatch",
      status: 401,
    },
    {
      name: "no hash of the body",
      options: { headers: { "x-content-sha256": undefined } },
      code: "MissingRequestInfo",
    },
    {
      name: "content type changed",
      options: { headers: { "content-type": "application/json;x" } },
      code: "SignatureDoesNotMatch",
      status: 401,
    },
    {
      name: "signed headers out of order",
      options: { signed: ["x-date", "host"] },
      code: "SignatureDoesNotMatch",
      status: 401,
    },
    {
      name: "a signed header that is missing",
      options: { signed: ["host", "x-date", "x-other"] },
      code: "SignatureDoesNotMatch",
      status: 401,
    },
    { name: "host not signed", options: { signed: ["x-date"] }, code: "InvalidAuthorization", codeN: 100024 },
    { name: "date not signed", options: { signed: ["host"] }, code: "InvalidAuthorization" },
    { name: "token", options: { ...temporary, token: "session/token+==" }, code: "ok" },
    {
      name: "token not signed",
      options: { ...temporary, token: "session/token+==", signed: ["host", "x-date"] },
      code: "ok",
    },
    {
      name: "wrong token",
      options: { ...temporary, token: "x" },
      code: "InvalidSecretToken",
      codeN: 100026,
      status: 401,
    },
    { name: "no token", options: temporary, code: "InvalidSecretToken", status: 401 },
    { name: "a permanent key's token", options: { token: "x" }, code: "InvalidSecretToken", status: 401 },
    {
      name: "no authentication",
      options: { anonymous: true },
      code: "MissingAuthenticationToken",
      codeN: 100003,
      status: 401,
    },
    {
      name: "no signature",
      options: authorization("HMAC-SHA256 Credential=AK/20260102/cn-beijing/emr/request"),
      code: "MissingSignature",
      codeN: 100005,
      status: 401,
    },
    { name: "another algorithm", options: authorization("Bearer abc"), code: "InvalidAuthorization" },
    {
      name: "malformed",
      options: authorization("HMAC-SHA256 Credential=AK, Signature=abc"),
      code: "InvalidAuthorization",
    },
    { name: "short credential", options: credential("AK/20260102/emr"), code: "InvalidCredential" },
    {
      name: "other terminator",
      options: credential("AK/20260102/cn-beijing/emr/aws4_request"),
      code: "InvalidCredential",
    },
    { name: "no action", options: { query: `Version=${older}` }, code: "MissingParameter", codeN: 100002 },
    { name: "no version", options: { query: "Action=ListApplications" }, code: "MissingParameter" },
    {
      name: "other version",
      options: { version: "2023-08-15" },
      code: "InvalidActionOrVersion",
      codeN: 100008,
      status: 404,
    },
    {
      name: "GET",
      options: { method: "GET", signed: ["host", "x-date"] },
      code: "SignatureDoesNotMatch",
      status: 401,
    },
  ];
  test.each(rows)("$name: $code", async ({ options, code, codeN, status = code === "ok" ? 200 : 400 }) => {
    const reply = await look(options);
    expect([reply.outcome, reply.status]).toEqual([code, status]);
    if (codeN !== undefined) expect(reply.body.ResponseMetadata.Error.CodeN).toBe(codeN);
    expect(simulator.journal.at(-1)).toMatchObject({ cloud: "volcengine", service: "emr", outcome: code });
    expect(reply.body.ResponseMetadata.RequestId).toBe(simulator.journal.at(-1)?.requestId);
    if (code !== "ok") expect(reply.body).not.toHaveProperty("Result");
  });

  test("switches of the verification", async () => {
    const settings = simulator.settings.volcengine;
    settings.clockSkewSeconds = 60;
    settings.futureSkewSeconds = 5;
    settings.invalidTimestampStatus = 403;
    expect((await look({ skewSeconds: -61 })).status).toBe(403);
    expect((await look({ skewSeconds: 6 })).outcome).toBe("InvalidTimestamp");
    expect((await look({ skewSeconds: 5 })).outcome).toBe("ok");
    settings.serviceNames.push("elasticmapreduce");
    expect((await look({ service: "elasticmapreduce" })).outcome).toBe("ok");
    settings.missingRegions = ["cn-beijing"];
    expect((await look()).outcome).toBe("ServiceNotFound");
    settings.missingRegions = [];
    settings.hostSignatureRequired = false;
    expect((await look({ signed: ["x-date"] })).outcome).toBe("ok");
    settings.contentHashRequired = false;
    const unhashed = { headers: { "x-content-sha256": undefined }, signed: ["host", "x-date"] };
    expect((await look(unhashed)).outcome).toBe("ok");
  });

  test("policies", async () => {
    const settings = simulator.settings.volcengine;
    settings.deniedActions = [`${older}/ListApplications`, "RunApplicationAction"];
    const denied = await look();
    expect([denied.outcome, denied.status, denied.body.ResponseMetadata.Error.CodeN]).toEqual([
      "AccessDenied",
      403,
      100013,
    ]);
    expect((await look({ version: "2024-06-13" })).outcome).toBe("ok");
    expect((await act(simulator)).outcome).toBe("AccessDenied");
    settings.policy = "none";
    expect((await look()).outcome).toBe("LackPolicy");
    expect(simulator.vke.actions()).toEqual([]);
  });
});
