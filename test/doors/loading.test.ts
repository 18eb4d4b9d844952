// What a process loads of the provider: a product's modules with its first resource, HTTP with the first call.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openJournal } from "../../provider/base/journal";
import { functionOf, resourceOf } from "../../provider/byName";
import { functions } from "../../provider/functions";
import { resources } from "../../provider/resources";
import { everyType } from "../everyType";
import { root, work } from "../package";

/** What a script of a process of its own loads: of the products more than their tables of errors, and HTTP. */
async function loadedBy(script: string, directory = "/nonexistent"): Promise<string[]> {
  const written = `
    const provider = (path) => require(${JSON.stringify(join(root, "dist", "provider"))} + "/" + path);
    (async () => {
      ${script}
      const told = Object.keys(require.cache)
        .flatMap((path) => /dist.provider.(\\w+.(?:emr|dlc|ddm)).(?!errors|inputErrors)|node_modules.(undici)\\b/.exec(path)?.slice(1, 3) ?? [])
        .filter(Boolean);
      console.log(JSON.stringify([...new Set(told)]));
      process.exit();
    })();`;
  const env = { ...process.env, PULUMI_BIGDATA_STATE_DIR: directory, PULUMI_BIGDATA_TEST_CLOCK: "" };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", written], { env });
  return (JSON.parse(stdout) as string[]).map((path) => path.replace("\\", "/")).sort();
}

/** Asks the plugin's service, as the engine does. */
const service = `
  const messages = require("@pulumi/pulumi/proto/provider_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const { Session } = provider("base/session");
  const { Messages } = provider("doors/plugin/messages");
  const { ProviderService } = provider("doors/plugin/service");
  const served = new ProviderService({
    session: new Session(), version: "", schema: () => "", messages: new Messages(undefined),
  }).implementation();
  const ask = (method, request) => new Promise((resolve, reject) =>
    served[method]({ request }, (error, response) => (error ? reject(error) : resolve(response))));
  const urnOf = (type) => "urn:pulumi:dev::proj::" + type + "::thing";
  await ask("configure", new messages.ConfigureRequest().setUrn(urnOf("pulumi:providers:bigdata")));`;

const check = (type: string) => `${service}
  await ask("check", new messages.CheckRequest().setUrn(urnOf("bigdata:${type}"))
    .setNews(Struct.fromJavaScript({})).setOlds(Struct.fromJavaScript({})));`;

describe("the plugin", () => {
  test.concurrent("loads no product and no HTTP before it is asked for one", async () => {
    expect(await loadedBy(`provider("plugin"); ${service}`)).toEqual([]);
  });

  test.concurrent.each(
    everyType({
      "tencent:EmrNodePool": "tencent/emr",
      "tencent:EmrServiceState": "tencent/emr",
      "tencent:DlcEngineImage": "tencent/dlc",
      "huawei:DdmNodeGroup": "huawei/ddm",
      "volcengine:EmrApplicationState": "volcengine/emr",
    }),
  )("checks %s with its own product alone", async (type, product) => {
    expect(await loadedBy(check(type))).toEqual([product]);
  });

  test.concurrent("loads HTTP with the first call", async () => {
    const settings = Object.entries({
      SecretId: "id",
      SecretKey: "key",
      Region: "r",
      Endpoint: "127.0.0.1:1",
    });
    const call = `${service}
      await ask("configure", new messages.ConfigureRequest().setArgs(Struct.fromJavaScript(
        ${JSON.stringify(Object.fromEntries(settings.map(([name, value]) => [`tencent${name}`, value])))})));
      const asked = ask("invoke", new messages.InvokeRequest().setTok("bigdata:tencent:getEmrClusters")
        .setArgs(Struct.fromJavaScript({})));
      await Promise.race([asked.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 300))]);`;
    expect(await loadedBy(call)).toEqual(["tencent/emr", "undici"]);
  });

  test.concurrent("looks at what an earlier run has left open of the products that left something", async () => {
    mkdirSync(work, { recursive: true });
    const directory = mkdtempSync(join(work, "journals-"));
    writeFileSync(join(directory, "damaged.json"), "{");
    const schema = { parse: (entry: unknown) => entry } as never;
    openJournal(directory, "taken:tencent:EmrNodePool:p", schema).write({});
    expect(await loadedBy(service, directory)).toEqual([]);
    openJournal(directory, "ddm/r/p/i", schema).write({});
    expect(await loadedBy(service, directory)).toEqual(["huawei/ddm"]);
    openJournal(directory, "application/r/c/a", schema).write({});
    openJournal(directory, "dlc/r/e", schema).write({});
    expect(await loadedBy(service, directory)).toEqual(["huawei/ddm", "tencent/dlc", "volcengine/emr"]);
    openJournal(directory, "r/c/task/p", schema).write({});
    expect(await loadedBy(service, directory)).toContain("tencent/emr");
  });
});

test("the dynamic door loads no product and no HTTP before it is asked for one", async () => {
  expect(await loadedBy(`provider("index").dynamicProvider("huawei:DdmNodeGroup", {})`)).toEqual([]);
});

describe("by name", () => {
  test("there is every resource", async () => {
    for (const [type, resource] of resources) expect(await resourceOf(type)).toBe(resource);
    await expect(resourceOf("tencent:EmrNothing")).rejects.toThrow(
      /no resource tencent:EmrNothing; it has tencent:EmrNodePool, /,
    );
  });
  test("there is every function", async () => {
    for (const [token, each] of functions) expect(await functionOf(token)).toBe(each);
    await expect(functionOf("aws:get")).rejects.toThrow(
      /no function aws:get; it has tencent:getEmrClusters, /,
    );
  });
});
