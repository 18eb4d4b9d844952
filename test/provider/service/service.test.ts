// The plugin as a process, asked over gRPC without any engine.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { engineAddressIn } from "../../../provider/base/session";
import { configLookup } from "../../../provider/doors/plugin/config";
import { markedLike, plainOf, secret, secretTexts, structOf } from "../../../provider/doors/plugin/values";
import { startSimulator } from "../../../simulator/index";
import { root, work } from "../../package";
import { credentials as credentialsOfCloud, providerConfig } from "../../scenarios/stand";

const runPlugin = require.resolve("@pulumi/pulumi/cmd/run-plugin");

async function start(directory: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [runPlugin, directory, "127.0.0.1:1"], {
    cwd: work,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await once(reader, "line");
  const client = new ResourceProviderClient(`127.0.0.1:${lines[0]}`, credentials.createInsecure());
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
  return { lines, call, stop };
}

/** An engine that only hears what it is told. */
async function listen() {
  const heard: LogRequest.AsObject[] = [];
  const server = new Server();
  server.addService(EngineService as never, {
    log: (call: { request: LogRequest }, done: (error: null, answer: Empty) => void) => {
      heard.push(call.request.toObject());
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return { heard, address: `127.0.0.1:${port}` };
}

const struct = (value: object) => Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });
const urn = "urn:pulumi:dev::proj::pulumi:providers:bigdata::default";

let plugin: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  plugin = await start(join(root, "plugin"), {
    TENCENTCLOUD_SECRET_KEY: "environment-key-0001",
    PULUMI_CONFIG: "",
  });
});
afterAll(() => plugin.stop());

test("a function that only looks when the run ends says just that", async () => {
  const sim = await startSimulator({ credentials: [credentialsOfCloud] });
  onTestFinished(() => sim.close());
  const own = await start(join(root, "plugin"));
  onTestFinished(own.stop);
  await own.call("configure", new messages.ConfigureRequest().setArgs(struct(providerConfig(sim.url))));
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  onTestFinished(release);
  const asked = new Promise<void>((resolve) => {
    sim.onCall(() => {
      resolve();
      return released;
    });
  });
  const request = new messages.InvokeRequest().setTok("bigdata:tencent:getEmrCluster");
  const answer = own.call("invoke", request.setArgs(struct({ clusterId: "emr-00000001" })));
  const end = expect(answer).rejects.toThrow(/Not looked at: the run was canceled/);
  await asked;
  await own.call("cancel", new Empty());
  await end;
});

describe("the process", () => {
  test("says its port on the first line, and nothing else on any", async () => {
    expect(plugin.lines).toHaveLength(1);
    expect(plugin.lines[0]).toMatch(/^\d+$/);
  });

  test("tells its version and its schema", async () => {
    const { version } = JSON.parse(
      execFileSync("node", ["-p", "JSON.stringify(require('./package.json'))"], {
        cwd: root,
        encoding: "utf8",
      }),
    );
    const info = await plugin.call<{ getVersion(): string }>("getPluginInfo", new Empty());
    expect(info.getVersion()).toBe(version);
    const { schema } = (
      await plugin.call<messages.GetSchemaResponse>("getSchema", new messages.GetSchemaRequest())
    ).toObject();
    expect(JSON.parse(schema)).toMatchObject({ name: "bigdata", version });
  });

  test.each(["construct", "call", "getMapping", "parameterize"])(
    "%s is not implemented, and says so",
    async (method) => {
      const request = {
        construct: new messages.ConstructRequest(),
        call: new messages.CallRequest(),
        getMapping: new messages.GetMappingRequest(),
        parameterize: new messages.ParameterizeRequest(),
      };
      await expect(plugin.call(method, request[method as "call"])).rejects.toMatchObject({
        code: status.UNIMPLEMENTED,
      });
    },
  );

  test.each([
    ["on a machine without proxies", async () => plugin],
    [
      "past the proxies of the environment",
      async () => {
        const names = ["grpc_proxy", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];
        const proxies = Object.fromEntries(names.map((name) => [name, "http://127.0.0.1:9"]));
        const started = await start(join(root, "plugin"), { ...proxies, no_proxy: "", no_grpc_proxy: "" });
        onTestFinished(started.stop);
        return started;
      },
    ],
  ])("tells its messages to the engine that attaches to it, %s", async (_name, started) => {
    const plugin = await started();
    const { heard, address } = await listen();
    await plugin.call("attach", new PluginAttach().setAddress(address));
    const request = new messages.CreateRequest();
    request.setUrn("urn:pulumi:dev::proj::bigdata:tencent:EmrNodePool::workers").setPreview(true);
    request.setProperties(
      struct({
        clusterId: "emr-1",
        role: "task",
        count: 1,
        poolId: "p",
        payMode: 0,
        deletionPolicy: "leave",
      }),
    );
    await plugin.call("create", request);
    expect(heard).toContainEqual(
      expect.objectContaining({ urn: request.getUrn(), message: expect.stringContaining("buy 1 task node") }),
    );
  });

  test("tells what this machine remembers as open when it is configured", async () => {
    const directory = mkdtempSync(join(tmpdir(), "open-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const order = {
      token: "t-1",
      sentAt: 1772323200000,
      serverTime: "",
      count: 2,
      specHash: "h",
      payMode: 0,
      before: [],
      acknowledged: false,
    };
    const remember = (name: string, key: string, more: object = {}) =>
      writeFileSync(
        join(directory, `${name}.json`),
        JSON.stringify({
          key,
          entry: { orders: [{ order, isCreate: true, isTold: false, ...more }], used: [] },
        }),
      );
    remember("own", "ap-guangzhou/emr-1/task/proj/dev/workers");
    remember("other", "ap-guangzhou/emr-1/task/proj/development/workers");
    // What is handed over is in state, as far as anybody knows.
    remember("told", "ap-guangzhou/emr-1/task/proj/dev/told", { brought: [], isTold: true });
    const own = await start(join(root, "plugin"), { PULUMI_BIGDATA_STATE_DIR: directory });
    onTestFinished(own.stop);
    const { heard, address } = await listen();
    await own.call("attach", new PluginAttach().setAddress(address));
    await own.call("configure", new messages.ConfigureRequest().setUrn(urn).setArgs(struct({})));
    expect(heard.map(({ severity, message }) => [severity, message])).toEqual([
      [
        2,
        expect.stringMatching(
          /^tencent:EmrNodePool proj\/dev\/workers on emr-1: .*purchase of 2 task nodes \(sent 2026-03-01T00:00:00.000Z, token t-1\): /,
        ),
      ],
      [1, expect.stringContaining("1 more that is open")],
    ]);
  });

  test("starts from the published files alone", async () => {
    const installed = await start(join(work, "node_modules", "pulumi-bigdata", "plugin"));
    onTestFinished(installed.stop);
    const answer = await installed.call<messages.GetSchemaResponse>(
      "getSchema",
      new messages.GetSchemaRequest(),
    );
    expect(answer.getSchema()).toContain("bigdata:tencent:EmrNodePool");
  });

  test("an unknown resource type is told", async () => {
    const request = new messages.CheckRequest().setUrn("urn:pulumi:dev::proj::bigdata:tencent:EmrPool::x");
    await expect(plugin.call("check", request)).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringMatching(/has no resource tencent:EmrPool; it has tencent:EmrNodePool/),
    });
  });
});

describe("configuration", () => {
  const check = async (news: object) => {
    const request = new messages.CheckRequest().setUrn(urn).setNews(struct(news));
    return plugin.call<messages.CheckResponse>("checkConfig", request);
  };

  test("comes back as it was given, secrets marked, with nothing from the environment", async () => {
    const given = { tencentSecretId: "id", tencentSecretKey: "key-0001", version: "0.1.0" };
    const response = await check(given);
    expect(response.getFailuresList()).toEqual([]);
    const inputs = response.getInputs()?.toJavaScript() as Record<string, unknown>;
    expect(inputs).toEqual({ ...given, tencentSecretKey: secret("key-0001") });
    expect((await check({})).getInputs()?.toJavaScript()).toEqual({});
  });

  test("another one is never a reason to replace", async () => {
    const diff = (olds: object, news: object) =>
      plugin.call<messages.DiffResponse>(
        "diffConfig",
        new messages.DiffRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news)),
      );
    const changed = await diff({ tencentRegion: "a" }, { tencentRegion: "b" });
    expect(changed.toObject()).toMatchObject({ changes: 2, replacesList: [], deletebeforereplace: false });
    expect((await diff({ tencentRegion: "a" }, { tencentRegion: "a" })).getChanges()).toBe(1);
  });
});

describe("credentials of the default provider", () => {
  const keys = ["tencentSecretId", "tencentSecretKey", "tencentToken", "tencentRegion", "huaweiAuthToken"];
  const recorded = Object.fromEntries(keys.map((key) => [key, "recorded"]));
  const present = { tencentSecretId: "now", tencentSecretKey: "now" };
  const now = ["now", "now", undefined, "recorded", "recorded"];
  const elsewhere = [undefined, undefined, undefined, "recorded", "recorded"];
  const rows: [string, object, Record<string, string>, (string | undefined)[]][] = [
    ["state, where there are no others", {}, {}, keys.map(() => "recorded")],
    ["the configuration of today", present, {}, now],
    ["the configuration before the environment", present, { TENCENTCLOUD_SECRET_ID: "env" }, now],
    ["the environment", {}, { TENCENTCLOUD_SECURITY_TOKEN: "env" }, elsewhere],
  ];
  const renamed = (values: object, to: (name: string) => string) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [to(name), value]));

  // The engine writes a provider's keys without their namespace; other hosts have written them with it.
  test.each(rows)("are a set from %s", (_, config, env, expected) => {
    for (const prefix of ["", "bigdata:"]) {
      const PULUMI_CONFIG = JSON.stringify(renamed(config, (name) => prefix + name));
      const look = configLookup(recorded, true, { ...env, PULUMI_CONFIG });
      expect(keys.map((key) => look(key))).toEqual(expected);
    }
  });

  test.each(rows)("are a set from %s, for a profile too", (_, config, env, expected) => {
    const profiles = (own: object) => JSON.stringify({ "my-prod": own });
    const PULUMI_CONFIG = JSON.stringify({ "bigdata:profiles": profiles(config) });
    const ownEnv = renamed(env, (name) => `${name}_MY_PROD`);
    const look = configLookup({ profiles: profiles(recorded) }, true, { ...ownEnv, PULUMI_CONFIG });
    const own = JSON.parse(look("profiles") ?? "{}")["my-prod"];
    expect(keys.map((key) => own[key])).toEqual(expected);
  });

  test("profiles of another form stay, so that they can be told", () => {
    const look = (given: object, config: object) =>
      configLookup({ ...given }, true, { PULUMI_CONFIG: JSON.stringify(config) })("profiles");
    expect(look({ profiles: "{" }, {})).toBe("{");
    expect(look({ profiles: "{}" }, { "bigdata:profiles": "[]" })).toBe("[]");
    expect(look({ profiles: '{"a":{}}' }, { "bigdata:profiles": '{"a":1}' })).toBe('{"a":1}');
    expect(look({}, {})).toBeUndefined();
  });
});

describe("values", () => {
  test("secrets are marked again where they were, at any depth", () => {
    const wire = { a: secret("s"), b: [{ c: secret("t") }, { c: "u" }], d: { e: secret(1) }, f: ["x"] };
    const plain = { a: "s2", b: [{ c: "t2" }, { c: "u2" }], d: { e: 2 }, f: ["x", "y"] };
    expect(plainOf(wire)).toEqual({ a: "s", b: [{ c: "t" }, { c: "u" }], d: { e: 1 }, f: ["x"] });
    expect(markedLike(plain, wire)).toEqual({
      a: secret("s2"),
      b: [{ c: secret("t2") }, { c: "u2" }],
      d: { e: secret(2) },
      f: ["x", "y"],
    });
    expect(markedLike({ b: [{ c: "only" }] }, wire)).toEqual({ b: secret([{ c: "only" }]) });
    expect(secretTexts(wire)).toEqual(["s", "t"]);
  });

  test("what the wire cannot carry is left out", () => {
    expect(structOf({ a: undefined, b: { c: undefined, d: 1 } }).toJavaScript()).toEqual({ b: { d: 1 } });
  });
});

test.each([
  [["127.0.0.1:5"], "127.0.0.1:5"],
  [["--logtostderr", "-v=9", "127.0.0.1:5"], "127.0.0.1:5"],
  [["--tracing", "file:/tmp/x", "127.0.0.1:5"], "127.0.0.1:5"],
  [[], undefined],
])("the engine's address among %j", (args, address) => {
  expect(engineAddressIn(args)).toBe(address);
});

describe("what is installed", () => {
  test("announces no plugin that would have to be downloaded, and needs no link", () => {
    const { name, version, main, pulumi, files } = JSON.parse(
      execFileSync("git", ["show", ":package.json"], { cwd: root, encoding: "utf8" }),
    );
    // The commands of `pulumi package` start this folder by its main file, whatever lies beside PulumiPlugin.yaml.
    expect([name, main]).toEqual(["pulumi-bigdata", "dist/provider/plugin.js"]);
    expect(pulumi).toBeUndefined();
    for (const needed of ["PulumiPlugin.yaml", "plugin", "schema.json", "dist/provider"])
      expect(files).toContain(needed);
    const plugin = JSON.parse(readFileSync(join(root, "plugin", "package.json"), "utf8"));
    expect(plugin.version).toBe(version);
    expect([plugin.dependencies, plugin.devDependencies, plugin.scripts]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const links = execFileSync("git", ["ls-files", "--stage"], { cwd: root, encoding: "utf8" })
      .split("\n")
      .filter((line) => line.startsWith("120000"));
    expect(links).toEqual([]);
  });
});
