import { Service, Signer } from "@volcengine/openapi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { callVolcengine, clusterId, older, restart, type VolcengineCallOptions } from "./volcengineCall";

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

describe("the vendor's own client", () => {
  const options = (token?: string) => {
    const { host } = new URL(simulator.url);
    const permanent = { accessKeyId: "AKIDsimulator", secretKey: "simulatorSecretKey0001" };
    const temporary = { accessKeyId: "AKTPtemporary", secretKey: "temporaryKey", sessionToken: token ?? "" };
    return {
      ...(token === undefined ? permanent : temporary),
      host,
      protocol: "http:" as const,
      serviceName: "emr",
      region: "cn-beijing",
      defaultVersion: older,
    };
  };

  test.each([undefined, "session/token+=="])("acts and follows, unmodified, token %s", async (token) => {
    const restarted = await startSimulator({
      startTime: new Date(),
      credentials: [...simulator.credentials],
    });
    await simulator.close();
    simulator = restarted;
    // It signs no host.
    simulator.settings.volcengine.hostSignatureRequired = false;
    const service = new Service(options(token));
    // biome-ignore lint/suspicious/noExplicitAny: the client gives the answer's JSON.
    const run = service.createJSONAPI("RunApplicationAction") as (request: unknown) => Promise<any>;
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const follow = service.createJSONAPI("GetOperation") as (request: unknown) => Promise<any>;
    const accepted = await run(restart());
    expect(accepted.ResponseMetadata.Error).toBeNull();
    simulator.clock.advance(60_000);
    const operation = await follow({ OperationId: accepted.Result.OperationId });
    expect(operation.Result.OperationState).toBe("SUCCESS");
    const refused = await run(restart({ ClusterId: "emr-none" }));
    expect(refused.ResponseMetadata.Error).toMatchObject({ Code: "InvalidClusterId" });
  });

  test("its signer agrees with the tests' own", async () => {
    const body = JSON.stringify({ ClusterId: clusterId });
    const { host } = new URL(simulator.url);
    const request = {
      region: "cn-beijing",
      method: "POST",
      pathname: "/",
      params: { Version: older, Action: "ListApplications" },
      headers: { Host: host } as Record<string, string>,
      body,
    };
    new Signer(request, "emr").addAuthorization(
      { accessKeyId: "AKIDsimulator", secretKey: "simulatorSecretKey0001", sessionToken: "" },
      startTime,
    );
    const reply = await look({
      headers: {
        authorization: request.headers.Authorization,
        "x-date": request.headers["X-Date"],
        "x-content-sha256": request.headers["X-Content-Sha256"],
      },
    });
    expect(reply.outcome).toBe("ok");
  });
});
