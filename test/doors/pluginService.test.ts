// The plugin as a process, asked what an engine seldom asks: secrets where they are not expected, an
// engine that does not listen.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cleanerOf } from "../../provider/core/schema";
import { dynamicProvider } from "../../provider/doors/dynamic";
import { plainOf, secret, structOf } from "../../provider/doors/plugin/values";
import { startSimulator } from "../../simulator/index";
import { unknown } from "../engine/values";
import { everyType } from "../everyType";
import { root, work } from "../package";

type Json = Record<string, unknown>;

async function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, "pulumi-resource-bigdata"), "127.0.0.1:1"], {
    cwd: work,
    env: { ...process.env, PULUMI_CONFIG: "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
  const call = <Response>(method: string, request: unknown) =>
    new Promise<Response>((resolve, reject) => {
      const methods = client as unknown as Record<
        string,
        (request: unknown, done: (error: ServiceError | null, response: Response) => void) => void
      >;
      methods[method]?.call(client, request, (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
  const stop = () => {
    client.close();
    child.kill("SIGKILL");
  };
  return { call, stop, child };
}

const struct = (value: object) => Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });
const urnOf = (type: string) => `urn:pulumi:dev::proj::bigdata:${type}::thing`;

let plugin: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  plugin = await start();
});
afterAll(() => plugin.stop());

const check = async (type: string, news: Json, olds: Json = {}) => {
  const request = new messages.CheckRequest().setUrn(urnOf(type));
  const answer = await plugin.call<messages.CheckResponse>(
    "check",
    request.setNews(struct(news)).setOlds(struct(olds)),
  );
  return {
    inputs: answer.getInputs()?.toJavaScript() as Json,
    failures: answer.getFailuresList().map((each) => each.toObject()),
  };
};

describe("secrets", () => {
  const value = "swordfish-4711";

  test("one that is wrong is not told by check", async () => {
    const { failures } = await check("tencent:EmrNodePool", {
      clusterId: secret(value),
      role: secret(value),
      count: 1,
    });
    expect(failures.map(({ reason }) => reason.split(":")[0])).toEqual(["clusterId", "role"]);
    expect(JSON.stringify(failures)).not.toContain(value);
  });

  test("inputs that are secret as a whole are not told by check", async () => {
    const { failures } = await check("tencent:EmrNodePool", {
      clusterId: "emr-1",
      role: "task",
      count: 1,
      preExecutedFileSettings: [{ cosFileUri: "https://a/b", args: [value, 1], whenRun: value }],
    });
    expect(failures).not.toEqual([]);
    expect(JSON.stringify(failures)).not.toContain(value);
  });

  test("one among a function's arguments is not told", async () => {
    const request = new messages.InvokeRequest().setTok("bigdata:tencent:getEmrNodes");
    const answer = await plugin.call<messages.InvokeResponse>(
      "invoke",
      request.setArgs(struct({ clusterId: "emr-1", role: secret(value) })),
    );
    const failures = answer.getFailuresList().map((each) => each.toObject());
    expect(failures).toMatchObject([{ property: "role" }]);
    expect(JSON.stringify(failures)).not.toContain(value);
  });

  test.each([
    [["swordfish", value], `no ${value}`, "no [secret]"],
    [['sword"fish'], `got ${JSON.stringify('sword"fish')}`, 'got "[secret]"'],
  ])("%j leave nothing in a text", (secrets, text, left) => {
    expect(cleanerOf(secrets)(text)).toBe(left);
  });

  test("one in a list that has changed its length is marked with it, once", () => {
    const wire = { adopt: [secret(value)], tags: secret([{ tagValue: value }]) };
    const now = { adopt: ["a", value], tags: [] };
    expect(structOf(now, [wire, wire]).toJavaScript()).toEqual({
      adopt: secret(now.adopt),
      tags: secret(now.tags),
    });
  });

  test("the dynamic provider tells none either", async () => {
    const request = { config: { get: () => undefined } } as never;
    const { failures = [] } =
      (await dynamicProvider("tencent:EmrNodePool", request).check?.(
        {},
        {
          clusterId: "emr-1",
          role: "task",
          count: 1,
          poolId: "p",
          preExecutedFileSettings: [{ cosFileUri: "https://a/b", whenRun: value }],
        },
      )) ?? {};
    expect(failures).toMatchObject([
      { reason: expect.stringMatching(/^preExecutedFileSettings\[0\]\.whenRun: /) },
    ]);
    expect(JSON.stringify(failures)).not.toContain(value);
  });

  test("one in two places of a request is marked once", () => {
    const wire = { restartTriggers: { a: secret(value) }, tags: [{ tagValue: secret(value) }] };
    const plain = plainOf(wire) as Json;
    expect(structOf(plain, [wire, wire]).toJavaScript()).toEqual(wire);
  });
});

const urn = "urn:pulumi:dev::proj::pulumi:providers:bigdata::own";

const checkConfig = (news: object) =>
  plugin.call<messages.CheckResponse>(
    "checkConfig",
    new messages.CheckRequest().setUrn(urn).setNews(struct(news)),
  );

test.each([{ profiles: unknown }, { profiles: { prod: unknown } }])(
  "profiles can be unknown in a preview: %j",
  async (news) => {
    expect((await checkConfig(news)).getFailuresList()).toEqual([]);
  },
);

test.each([
  { profiles: { prod: { tencentSecretKey: unknown } } },
  { tencentEndpoint: unknown, tencentSecretKey: unknown },
])("the configuration can be unknown in a preview: %j", async (news) => {
  expect((await checkConfig(news)).getFailuresList()).toEqual([]);
});

test("a plugin that is attached to can be used again after a Cancel", async () => {
  // Its pauses take no time.
  const sim = await startSimulator();
  onTestFinished(() => sim.close());
  const own = await start({ PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock` });
  onTestFinished(own.stop);
  await own.call("cancel", new Empty());
  await own.call("handshake", new messages.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1"));
  // Nothing listens at port 1: the client pauses before it tries again.
  await own.call(
    "configure",
    new messages.ConfigureRequest().setUrn("urn:pulumi:dev::proj::pulumi:providers:bigdata::own").setArgs(
      struct({
        tencentSecretId: "id",
        tencentSecretKey: "key",
        tencentRegion: "ap-guangzhou",
        tencentEndpoint: "http://127.0.0.1:1",
      }),
    ),
  );
  const request = new messages.InvokeRequest().setTok("bigdata:tencent:getEmrNodes");
  const failed = own.call("invoke", request.setArgs(struct({ clusterId: "emr-1" })));
  await expect(failed).rejects.toMatchObject({ details: expect.not.stringContaining("cancelled") });
});

describe("an engine that does not listen", () => {
  /** Takes connections and says nothing. */
  async function silentEngine() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function previewOf(count: number) {
    const own = await start();
    onTestFinished(own.stop);
    await own.call("attach", new PluginAttach().setAddress(await silentEngine()));
    const request = new messages.CreateRequest().setUrn(urnOf("tencent:EmrNodePool")).setPreview(true);
    const news = { clusterId: "emr-1", role: "task", count, poolId: "p", payMode: 0 };
    const answer = own.call<messages.CreateResponse>("create", request.setProperties(struct(news)));
    answer.catch(() => {});
    return { own, answer };
  }

  test("holds nothing up, however much there is to tell", async () => {
    const { answer } = await previewOf(60);
    const patience = new Promise((resolve) => setTimeout(resolve, 5_000, "still waiting"));
    expect(await Promise.race([answer, patience])).not.toBe("still waiting");
  });

  test("can be changed for another meanwhile", async () => {
    const { own, answer } = await previewOf(10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await own.call("attach", new PluginAttach().setAddress("127.0.0.1:1"));
    await answer;
    expect(own.child.exitCode).toBeNull();
  });
});

test("no credential of the environment becomes a provider's argument, and so state", () => {
  const { provider } = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as {
    provider: { inputProperties: Record<string, { defaultInfo?: object; secret?: boolean }> };
  };
  // Generated SDKs fill in what the environment has where the schema names a variable.
  const filled = Object.entries(provider.inputProperties).filter(([name]) =>
    /Key|Token|Password|SecretId/.test(name),
  );
  expect(filled.filter(([, { defaultInfo }]) => defaultInfo).map(([name]) => name)).toEqual([]);
});

/** What each resource takes for no id. */
const badIds: Record<string, string[]> = {
  "tencent:EmrNodePool": [
    "/",
    "//",
    "emr-1/task/",
    "/task/p",
    "emr-1//p",
    "../x/task/p",
    "emr-1/task/\u0000",
    "emr-1/TASK/p",
  ],
  "tencent:EmrServiceState": [
    "/",
    "//",
    "emr-1/",
    "emr-1/YARN/",
    "emr-1/YARN/@",
    "emr-1/YARN/A+",
    "emr-1/YARN/A@",
    "emr-1/YARN/A@x",
  ],
  // An engine may be called anything.
  "tencent:DlcEngineImage": [],
  "huawei:DdmNodeGroup": ["/", "///", "a/b/", "a/b/c/d/e"],
  "volcengine:EmrApplicationState": [
    "/",
    "//",
    "emr-1/",
    "emr-1//A",
    "emr-1/Ray/A+",
    "emr-1/Ray//r",
    "emr-1/Ray/A/r/x",
    "../Ray",
  ],
};

test.each(everyType(badIds))("what is no id of %s is told before the cloud is asked", async (type, ids) => {
  for (const id of ids) {
    const read = plugin.call("read", new messages.ReadRequest().setUrn(urnOf(type)).setId(id));
    await expect(read).rejects.toMatchObject({ details: expect.stringMatching(/must have the form [<[]/) });
  }
});
