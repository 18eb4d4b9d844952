// Provider plugins: found, started, negotiated with and configured.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { TestEngineOptions } from "../drivers/testEngine";
import {
  createPluginFixture,
  opsOf,
  type PluginFixture,
  pluginFixtures,
  pluginProvider,
  pluginThing,
} from "./pluginFixture";
import type { ListedInputs } from "./resourceList";
import { secret, secretSignature, signatureKey, unknown } from "./values";

let fixture: PluginFixture;
afterEach(() => fixture.dispose());

function open(options: Partial<TestEngineOptions> & { lacks?: string[] } = {}): PluginFixture {
  fixture = createPluginFixture(options);
  return fixture;
}

const web = { ref: "web", output: "arn" };
const wrapped = (value: string) => ({ [signatureKey]: secretSignature, value });
const hidden = (value: string) => secret(value) as ListedInputs[string];
const methodsOf = (calls: { method: string }[]) => calls.map(({ method }) => method);

/** A project of its own, whose Pulumi.yaml names the plugin as told. */
function project(plugin: string): string {
  const directory = mkdtempSync(join(tmpdir(), "plugin-project-"));
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    `name: own\nruntime: nodejs\nplugins:\n  providers:\n    - ${plugin}\n`,
  );
  return directory;
}

describe("a plugin is found", () => {
  test("by Pulumi.yaml, and started in the project's directory with the engine's address", async () => {
    const { driver, up, takeCalls } = open();
    await driver.setConfig("fixture:region", "here");
    expect(await up([pluginThing("web")])).toMatchObject({ ok: true, changeSummary: { create: 2 } });
    const calls = takeCalls();
    expect(methodsOf(calls)).toEqual([
      "start",
      "handshake",
      "checkConfig",
      "configure",
      "check",
      "create",
      "cancel",
    ]);
    expect(calls[0]).toMatchObject({ cwd: join(pluginFixtures, "program"), project: "plugin-program" });
    expect(calls[1]).toMatchObject({
      engineAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      rootDirectory: join(pluginFixtures, "provider"),
      programDirectory: join(pluginFixtures, "provider"),
      configureWithUrn: true,
    });
    expect(await fixture.resource("web")).toMatchObject({
      id: "web-plain",
      provider: expect.stringMatching(/::pulumi:providers:fixture::default::[0-9a-f-]{36}$/),
      outputs: { label: "web", arn: "arn:web-plain", region: "here" },
    });
  });

  test("as an executable file", async () => {
    const directory = project(`{ name: fixture, path: ${join(pluginFixtures, "executable")} }`);
    const { up } = open({ programDirectory: directory });
    expect(await up([pluginThing("web")])).toMatchObject({ ok: true });
    rmSync(directory, { recursive: true });
  });

  test("by its version", async () => {
    const directory = project(`{ name: fixture, path: ${join(pluginFixtures, "provider")}, version: 1.2.3 }`);
    const { up } = open({ programDirectory: directory });
    expect(await up([pluginThing("web", {}, { version: "1.2.3" })])).toMatchObject({ ok: true });
    expect(await fixture.resource("default_1_2_3")).toMatchObject({ inputs: { version: "1.2.3" } });
    expect((await up([pluginThing("web", {}, { version: "2.0.0" })])).error).toContain(
      "no resource plugin 'pulumi-resource-fixture' found at version v2.0.0",
    );
    rmSync(directory, { recursive: true });
  });

  test("or not, and why it does not start is told", async () => {
    const directory = project("{ name: fixture, path: plugin }");
    const { up } = open({ programDirectory: directory });
    mkdirSync(join(directory, "plugin"));
    expect((await up([pluginThing("web")])).error).toContain("has neither pulumi-resource-fixture nor");
    cpSync(
      join(pluginFixtures, "provider", "PulumiPlugin.yaml"),
      join(directory, "plugin/PulumiPlugin.yaml"),
    );
    writeFileSync(join(directory, "plugin", "pulumi-resource-fixture"), 'throw new Error("no such thing")');
    expect((await up([pluginThing("web")])).error).toContain("no such thing");
    rmSync(directory, { recursive: true });
  });
});

describe("configuration", () => {
  test("of the stack reaches the default provider as text, its secrets wrapped in Configure only", async () => {
    const { driver, up, takeCalls } = open();
    await driver.setConfig("fixture:region", "here");
    await driver.setConfig("fixture:retries", "3");
    await driver.setConfig("fixture:token", "very-secret", { secret: true });
    await driver.setConfig("other:token", "other");
    await up([pluginThing("web")]);
    const [check, configure] = takeCalls("checkConfig", "configure");
    expect(check?.news).toEqual({ region: "here", retries: "3", token: "very-secret" });
    expect(check).not.toHaveProperty("olds");
    expect(configure).toMatchObject({
      args: { region: "here", retries: "3", token: wrapped("very-secret") },
      variables: { "fixture:config:retries": "3", "fixture:config:token": "very-secret" },
      urn: expect.stringContaining("::pulumi:providers:fixture::default"),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await fixture.resource("default"))?.inputs).toMatchObject({
      region: "here",
      token: { ciphertext: expect.any(String) },
    });
    expect(readFileSync(driver.stateFile, "utf8")).not.toContain("very-secret");
  });

  test("is compared with the old one; refresh and destroy use what is in the state", async () => {
    const { driver, up, takeCalls } = open();
    await driver.setConfig("fixture:token", "one");
    await up([pluginThing("web")]);
    takeCalls();
    await driver.setConfig("fixture:token", "two");
    await driver.refresh();
    const refreshed = takeCalls("checkConfig", "configure");
    expect(methodsOf(refreshed)).toEqual(["configure"]);
    expect(refreshed[0]?.args).toEqual({ token: "one" });
    expect(opsOf(await up([pluginThing("web")]))).toEqual([]);
    const [check, diff] = takeCalls("checkConfig", "diffConfig");
    expect(check).toMatchObject({ olds: { token: "one" }, news: { token: "two" } });
    expect(diff).toMatchObject({ olds: { token: "one" }, inputs: { token: "one" }, news: { token: "two" } });
    await driver.setConfig("fixture:token", "three");
    expect(await driver.destroy()).toMatchObject({ ok: true, changeSummary: { delete: 2 } });
    expect(takeCalls("configure")[0]?.args).toEqual({ token: "two" });
  });

  test("that makes DiffConfig replace the provider replaces its resources, deleted by the old one", async () => {
    const { driver, up, takeCalls } = open();
    await driver.setConfig("fixture:region", "here");
    await up([pluginThing("web")]);
    const before = (await fixture.resource("default"))?.id;
    takeCalls();
    await driver.setConfig("fixture:region", "there");
    const result = await up([pluginThing("web")]);
    expect(opsOf(result)).toEqual(["create-replacement web", "replace web", "delete-replaced web"]);
    expect(result.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["provider"]);
    expect(takeCalls("delete")).toMatchObject([{ region: "here" }]);
    expect((await fixture.resource("default"))?.id).not.toBe(before);
    expect((await fixture.resource("web"))?.outputs).toMatchObject({ region: "there" });
  });

  test("that fails CheckConfig fails the operation, property by property", async () => {
    const { driver, up, takeCalls } = open();
    await driver.setConfig("fixture:region", "nowhere");
    const result = await up([pluginThing("web")]);
    expect(result.ok).toBe(false);
    const errors = result.messages.filter(({ severity }) => severity === "error");
    expect(errors.map(({ message }) => message)).toEqual([
      "pulumi:providers:fixture resource 'default': property region value {\"nowhere\"} has a problem: there is no such region",
      "pulumi:providers:fixture resource 'default' has a problem: nothing works there",
    ]);
    expect(takeCalls("configure", "create")).toEqual([]);
  });

  test.each([
    ["missing", 'missing required configuration key "fixture:region": where things are\n'],
    ["missing", "Set a value using the command `pulumi config set fixture:region <value>`."],
    ["refused", "these credentials are not valid"],
  ])("that Configure finds %s comes up at first use", async (region, text) => {
    const { driver, up } = open();
    await driver.setConfig("fixture:region", region);
    const result = await up([pluginThing("web")]);
    expect(result.error).toContain("web: ");
    expect(result.error).toContain(text);
  });

  test("without CheckConfig and DiffConfig is taken as it is", async () => {
    const { driver, up } = open({ lacks: ["config checks"] });
    await driver.setConfig("fixture:region", "nowhere");
    expect(await up([pluginThing("web")])).toMatchObject({ ok: true });
    await driver.setConfig("fixture:region", "there");
    expect(opsOf(await up([pluginThing("web")]))).toEqual([]);
    expect(await fixture.resource("default")).toMatchObject({ inputs: { region: "there" } });
  });
});

describe("explicit providers", () => {
  test("have a process each, are shown, and are deleted last", async () => {
    const { driver, up, takeCalls } = open();
    const list = [
      pluginProvider("north", { region: "north" }),
      pluginProvider("south", { region: "south", token: hidden("s") }),
      pluginThing("web", {}, { provider: "north" }),
      pluginThing("db", { of: web }, { provider: "south" }),
    ];
    const result = await up(list);
    expect(result).toMatchObject({ ok: true, changeSummary: { create: 5 } });
    expect(new Set(takeCalls("create").map(({ pid }) => pid)).size).toBe(2);
    expect((await fixture.resource("web"))?.outputs).toMatchObject({ region: "north" });
    expect((await fixture.resource("db"))?.outputs).toMatchObject({ region: "south" });
    expect(await up(list)).toMatchObject({ ok: true, changeSummary: { same: 5 } });
    const destroyed = await driver.destroy();
    expect(destroyed).toMatchObject({ ok: true, changeSummary: { delete: 5 } });
    const order = opsOf(destroyed).map((op) => op.replace("delete ", ""));
    expect(order[0]).toBe("db");
    expect(order.indexOf("north")).toBeGreaterThan(order.indexOf("web"));
    expect((await driver.exportState()).deployment.resources).toEqual([]);
  });

  test("whose identity changes replace what they manage; a move between equal ones does not", async () => {
    const { up } = open();
    const list = (region: string) => [
      pluginProvider("north", { region }),
      pluginThing("web", {}, { provider: "north" }),
    ];
    await up(list("north"));
    expect(opsOf(await up(list("far north")))).toEqual([
      "create-replacement north",
      "replace north",
      "create-replacement web",
      "replace web",
      "delete-replaced web",
      "delete-replaced north",
    ]);
    const moved = [
      pluginProvider("other", { region: "far north" }),
      pluginThing("web", {}, { provider: "other" }),
    ];
    expect(opsOf(await up(moved))).toEqual(["create other", "delete north"]);
  });

  test("with unknown configuration are not configured in a preview", async () => {
    const { up, preview, takeCalls } = open();
    const list = [
      pluginThing("web"),
      pluginProvider("late", { region: web }),
      pluginThing("db", { size: 1 }, { provider: "late" }),
      pluginThing("log", { of: { ref: "db", output: "label" } }),
    ];
    const first = await preview(list);
    expect(first).toMatchObject({ ok: true, changeSummary: { create: 5 } });
    expect(first.steps.find(({ name }) => name === "db")?.newState?.outputs).toEqual({});
    expect(first.steps.find(({ name }) => name === "log")?.newState?.inputs).toMatchObject({ of: unknown });
    expect(takeCalls("checkConfig").at(-1)?.news).toEqual({ region: unknown });
    await up(list);
    takeCalls();
    const replaced = [
      pluginThing("web", { kind: "other" }),
      ...list.slice(1, 2),
      pluginThing("db", { size: 1 }, { provider: "late", options: { ignoreChanges: ["tags"] } }),
    ];
    const second = await preview(replaced);
    expect(second.ok).toBe(true);
    expect(opsOf(second)).toContain("replace db");
  });
});

describe.each([true, false])("values, with handshake %s", (handshake) => {
  test("secrets are wrapped for a provider that accepts them", async () => {
    const { up, takeCalls } = open({ handshake });
    await up([pluginThing("web", { token: hidden("very-secret") })]);
    const calls = takeCalls();
    expect(methodsOf(calls).includes("handshake")).toBe(handshake);
    expect(calls.find(({ method }) => method === "create")?.properties).toMatchObject({
      token: wrapped("very-secret"),
    });
    expect((await fixture.resource("web"))?.outputs?.token).toMatchObject({ ciphertext: expect.any(String) });
  });

  test("secrets are unwrapped for one that does not, and marked again in its answers", async () => {
    const { up, takeCalls } = open({ handshake, lacks: ["secrets"] });
    await up([pluginThing("web", { token: hidden("very-secret") })]);
    expect(takeCalls("create")[0]?.properties).toMatchObject({ token: "very-secret" });
    expect((await fixture.resource("web"))?.outputs?.token).toMatchObject({ ciphertext: expect.any(String) });
  });

  test("a preview calls Create and Update with unknowns, and shows what they answer", async () => {
    const { preview, up, takeCalls } = open({ handshake });
    const list = (size: number) => [pluginThing("web", { size }), pluginThing("db", { of: web })];
    const created = await preview(list(1));
    expect(created.steps.find(({ name }) => name === "db")?.newState).toMatchObject({
      inputs: { of: unknown },
      outputs: { of: unknown, region: "none" },
    });
    expect(takeCalls("create")).toMatchObject([
      { preview: true },
      { preview: true, properties: { of: unknown } },
    ]);
    await up(list(1));
    takeCalls();
    const updated = await preview(list(2));
    expect(updated.steps.find(({ op }) => op === "update")?.newState?.outputs).toMatchObject({
      size: 2,
      arn: "arn:web-plain",
    });
    expect(takeCalls("update")).toMatchObject([{ preview: true }]);
  });
});

test("a provider without Handshake and previews has its inputs echoed", async () => {
  const { preview, takeCalls } = open({ lacks: ["handshake", "preview"] });
  const list = [
    pluginThing("web", { size: 1 }),
    pluginThing("db", { of: web, size: { ref: "web", output: "size" } }),
  ];
  const result = await preview(list);
  expect(result.steps.find(({ name }) => name === "web")?.newState?.outputs).toEqual({
    label: "web",
    size: 1,
  });
  expect(result.steps.find(({ name }) => name === "db")?.newState?.inputs).toMatchObject({
    of: unknown,
    size: 1,
  });
  expect(takeCalls("create", "handshake")).toEqual([]);
});

test("the schema of a package comes from its plugin", async () => {
  const { driver, takeCalls } = open();
  expect(await driver.schema("fixture")).toEqual({ name: "fixture", version: "1.2.3" });
  expect(methodsOf(takeCalls("configure", "checkConfig"))).toEqual([]);
  await expect(driver.schema("other")).rejects.toThrow("no resource plugin 'pulumi-resource-other' found");
});
