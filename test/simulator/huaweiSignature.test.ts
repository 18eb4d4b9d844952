import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { canonicalRequest, sign, verify } from "../../simulator/huawei/signature";
import { callHuawei, type HuaweiCallOptions, instanceId, projectId } from "./huaweiCall";

const date = "20260102T030405Z";
const common = {
  host: "ddm.eu-west-101.myhuaweicloud.eu",
  "content-type": "application/json",
  "x-project-id": projectId,
  "x-sdk-date": date,
};

describe("vectors of the reference", () => {
  const vectors = [
    {
      name: "1: enlarge",
      method: "POST",
      target: `/v2/${projectId}/instances/1f5c9fd6cd984056ba89c8c87cc03278in09/action/enlarge`,
      body: '{"flavor_id":"8f2e696c-a9c1-30bd-af90-25522bc67606","node_number":1}',
      headers: common,
      signed: "content-type;host;x-project-id;x-sdk-date",
      hash: "98c0e079ca74d0306e101a5d8f2d5b83bdbc2d43714283df3b86d991e91a72b4",
      signature: "81b4e390403e96379307ea1b22172fca09bb8890c7c4ff6a729b60ed10bc2df3",
    },
    {
      name: "2: query and security token",
      method: "GET",
      target: `/v3/${projectId}/flavors?engine_id=e-1&available_zones=az1,az2&offset=0&limit=10`,
      body: "",
      headers: { ...common, "x-security-token": "tok/en+EX==" },
      signed: "content-type;host;x-project-id;x-sdk-date;x-security-token",
      hash: "501c42ebc2ca638385a20d6e379d91f1ef0b7e1a29cd93148ee5f9023f82afc4",
      signature: "8264044f8e50dc50f5a17a3380e836d3c35ae4fcc5e67f72a11a7e882a2b4c53",
    },
  ];

  test.each(vectors)("vector $name", ({ method, target, body, headers, signed, hash, signature }) => {
    const request = { method, target, headers, body: Buffer.from(body) };
    const canonical = canonicalRequest(request, signed.split(";"));
    expect(createHash("sha256").update(canonical).digest("hex")).toBe(hash);
    expect(sign(canonical, date, "SKexample-secret-value-01")).toBe(signature);
    const authorization = `SDK-HMAC-SHA256 Access=AKEXAMPLE0000000001, SignedHeaders=${signed}, Signature=${signature}`;
    const token = "x-security-token" in headers ? { token: "tok/en+EX==" } : {};
    const accessKey = verify(
      { ...request, headers: { ...headers, authorization } },
      {
        findCredential: (secretId) => ({ secretId, secretKey: "SKexample-secret-value-01", ...token }),
        nowMilliseconds: Date.parse("2026-01-02T03:04:05Z"),
        allowedSkewSeconds: 900,
      },
    );
    expect(accessKey).toBe("AKEXAMPLE0000000001");
  });
});

describe("who is let in", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({
      startTime: new Date("2026-01-02T03:04:05Z"),
      credentials: [
        { secretId: "AKIDsimulator", secretKey: "simulatorSecretKey0001" },
        { secretId: "AKIDtemporary", secretKey: "temporaryKey", token: "session/token+==" },
      ],
    });
    simulator.ddm.createInstance({ instanceId });
  });
  afterEach(() => simulator.close());
  const look = (options: HuaweiCallOptions = {}, path = `/v1/-/instances?limit=5&offset=0`) =>
    callHuawei(simulator, "GET", path, undefined, options);

  const temporary = { ak: "AKIDtemporary", sk: "temporaryKey" };
  const rows: { name: string; options: HuaweiCallOptions; outcome: string }[] = [
    { name: "a correct signature", options: {}, outcome: "ok" },
    { name: "15 minutes behind", options: { skewSeconds: -900 }, outcome: "ok" },
    { name: "more than 15 minutes behind", options: { skewSeconds: -901 }, outcome: "APIGW.0301" },
    { name: "more than 15 minutes ahead", options: { skewSeconds: 901 }, outcome: "APIGW.0301" },
    { name: "unknown key", options: { ak: "AKIDother" }, outcome: "APIGW.0301" },
    { name: "wrong secret", options: { sk: "other" }, outcome: "APIGW.0301" },
    {
      name: "right security token",
      options: { ...temporary, securityToken: "session/token+==" },
      outcome: "ok",
    },
    { name: "wrong security token", options: { ...temporary, securityToken: "x" }, outcome: "APIGW.0301" },
    { name: "no security token", options: temporary, outcome: "APIGW.0301" },
    { name: "security token of a permanent key", options: { securityToken: "x" }, outcome: "APIGW.0301" },
    { name: "no authentication", options: { anonymous: true }, outcome: "APIGW.0301" },
    { name: "unknown token", options: { token: "x" }, outcome: "APIGW.0301" },
  ];
  test.each(rows)("$name: $outcome", async ({ options, outcome }) => {
    const reply = await look(options);
    expect(reply.outcome).toBe(outcome);
    expect(reply.status).toBe(outcome === "ok" ? 200 : 401);
    const journal = simulator.journal.at(-1);
    expect(journal).toMatchObject({
      cloud: "huawei",
      action: "ListInstances",
      outcome,
      region: "eu-west-101",
    });
    expect(reply.headers.get("x-request-id")).toBe(journal?.requestId);
    if (outcome !== "ok") expect(reply.body.request_id).toBe(journal?.requestId);
  });

  test("a changed body and a foreign project", async () => {
    const path = `/v2/-/instances/${instanceId}/action/enlarge`;
    const changed = await callHuawei(simulator, "POST", path, { node_number: 1 }, { sentBody: "{}" });
    expect(changed.outcome).toBe("APIGW.0301");
    expect((await look({}, "/v1/ffff/instances")).outcome).toBe("APIGW.0302");
    simulator.settings.huawei.gatewayCodePrefix = "APIG";
    expect((await look({}, "/v1/-/nothing")).outcome).toBe("APIG.0101");
  });

  test("five wrong signatures in a row lock the key for five minutes", async () => {
    for (let index = 0; index < 4; index++) await look({ sk: "other" });
    expect((await look()).outcome).toBe("ok");
    for (let index = 0; index < 5; index++) await look({ sk: "other" });
    const locked = await look();
    expect(locked.outcome).toBe("APIGW.0301");
    expect(locked.body.error_msg).toMatch(/limit/);
    simulator.clock.advance(299_000);
    expect((await look()).outcome).toBe("APIGW.0301");
    simulator.clock.advance(1_000);
    expect((await look()).outcome).toBe("ok");
    simulator.settings.huawei.lockAfterFailures = 0;
    for (let index = 0; index < 9; index++) await look({ sk: "other" });
    expect((await look()).outcome).toBe("ok");
  });

  const login = (password = "simulatorPassword0001") =>
    callHuawei(
      simulator,
      "POST",
      "/v3/auth/tokens?nocatalog=true",
      {
        auth: {
          identity: {
            methods: ["password"],
            password: { user: { name: "simulated-user", password, domain: { name: "simulated-account" } } },
          },
          scope: { project: { name: "eu-west-101" } },
        },
      },
      { anonymous: true },
    );

  test("a token by password, until it expires or is revoked", async () => {
    const reply = await login();
    expect(reply.status).toBe(201);
    expect(reply.body.token).toMatchObject({
      expires_at: "2026-01-03T03:04:05.000000Z",
      project: { id: projectId, name: "eu-west-101" },
    });
    expect(JSON.stringify(simulator.journal)).not.toContain("simulatorPassword0001");
    const token = reply.headers.get("x-subject-token") ?? "";
    expect(token.length).toBeGreaterThan(2000);
    expect((await look({ token })).outcome).toBe("ok");
    simulator.clock.advance(86_400_000);
    expect((await look({ token })).outcome).toBe("APIGW.0301");
    const second = (await login()).headers.get("x-subject-token") ?? "";
    simulator.iam.revokeTokens();
    expect((await look({ token: second })).outcome).toBe("APIGW.0301");
    expect((await login("wrong")).body).toMatchObject({ error: { code: 401, title: "Unauthorized" } });
  });

  test("temporary keys and projects", async () => {
    const token = simulator.iam.issueToken().value;
    const projects = await look({ token }, "/v3/projects?name=eu-west-101");
    expect(projects.body.projects).toMatchObject([{ id: projectId }]);
    const { status, body } = await callHuawei(
      simulator,
      "POST",
      "/v3.0/OS-CREDENTIAL/securitytokens",
      { auth: { identity: { methods: ["token"], token: { duration_seconds: 900 } } } },
      { token },
    );
    expect(status).toBe(201);
    const { access: ak, secret: sk, securitytoken: securityToken } = body.credential;
    expect((await look({ ak, sk, securityToken })).outcome).toBe("ok");
    simulator.clock.advance(900_000);
    expect((await look({ ak, sk, securityToken })).outcome).toBe("APIGW.0301");
  });
});
