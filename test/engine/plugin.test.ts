// Provider plugins: found, started, negotiated with, configured, and driven through their resources' lives.
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

describe("differences", () => {
  test("in detail reach the steps; kinds alone replace, stables are ignored", async () => {
    const { up, preview } = open();
    const thing = (inputs: ListedInputs) => [pluginThing("web", inputs)];
    await up(thing({ size: 1, tags: { a: "1", b: "1" } }));
    const updated = await preview(thing({ size: 2, tags: { a: "2", c: "1" } }));
    expect(updated.steps.find(({ op }) => op === "update")).toMatchObject({
      diffReasons: ["size", "tags"],
      detailedDiff: {
        size: { kind: "update", inputDiff: true },
        "tags.a": { kind: "update", inputDiff: false },
        "tags.b": { kind: "delete", inputDiff: false },
        "tags.c": { kind: "add", inputDiff: false },
      },
    });
    expect(updated.digest?.steps?.find(({ op }) => op === "update")?.detailedDiff).toHaveProperty("size");
    const replaced = await up(thing({ size: 1, kind: "other", tags: { a: "1", b: "1" } }));
    expect(opsOf(replaced)).toEqual(["create-replacement web", "replace web", "delete-replaced web"]);
    expect(replaced.steps.find(({ op }) => op === "replace")).toMatchObject({
      detailedDiff: { kind: { kind: "add-replace", inputDiff: false } },
    });
  });

  test("named as replacing replace, first deleting if the plugin says so", async () => {
    const { up } = open();
    await up([pluginThing("web", { zone: "a", exclusive: true })]);
    const result = await up([pluginThing("web", { zone: "b", exclusive: true })]);
    expect(opsOf(result)).toEqual(["delete-replaced web", "replace web", "create-replacement web"]);
    expect(result.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["zone"]);
  });

  test("that replaceOnChanges names replace", async () => {
    const { up } = open();
    const options = { replaceOnChanges: ["tags.a"] };
    await up([pluginThing("web", { kind: "1", tags: { a: "1" } })]);
    const result = await up([pluginThing("web", { kind: "1", tags: { a: "2" } }, { options })]);
    expect(result.steps.find(({ op }) => op === "replace")?.detailedDiff).toEqual({
      "tags.a": { kind: "update-replace", inputDiff: false },
    });
  });

  test("unknown to the plugin are the engine's own", async () => {
    const { up } = open();
    await up([pluginThing("web", { answer: "unknown", size: 1 })]);
    const result = await up([pluginThing("web", { answer: "unknown", size: 2 })]);
    expect(result.steps.find(({ op }) => op === "update")?.detailedDiff).toEqual({
      size: { kind: "update", inputDiff: true },
    });
    expect(await up([pluginThing("web", { answer: "unknown", size: 2 })])).toMatchObject({
      changeSummary: { same: 2 },
    });
  });

  test("found by a refresh are shown as what happened out there, and stored", async () => {
    const { driver, up, changeThing, removeThing, takeCalls } = open();
    await up([pluginThing("web", { size: 1, tags: { a: "1" } }), pluginThing("db")]);
    changeThing("web-plain", { label: "web", size: 2, tags: { b: "1" } });
    removeThing("db-plain");
    takeCalls();
    const result = await driver.refresh();
    expect(result).toMatchObject({ ok: true, changeSummary: { same: 1, update: 1, delete: 1 } });
    expect(result.steps.find(({ op }) => op === "update")).toMatchObject({
      detailedDiff: {
        size: { kind: "update", inputDiff: true },
        "tags.a": { kind: "delete" },
        "tags.b": { kind: "add" },
      },
    });
    expect(takeCalls("diff")).toMatchObject([
      {
        inputs: { size: 2, tags: { b: "1" } },
        olds: { arn: "arn:web-plain" },
        news: { size: 1, tags: { a: "1" } },
      },
    ]);
    expect(await fixture.resource("web")).toMatchObject({ inputs: { size: 2 }, outputs: { size: 2 } });
    expect(await fixture.resource("db")).toBeUndefined();
    expect(opsOf(await up([pluginThing("web", { size: 1, tags: { a: "1" } })]))).toEqual(["update web"]);
  });
});

describe("import", () => {
  const imported = (inputs: ListedInputs, id = "there-1") =>
    pluginThing("web", { label: id, ...inputs }, { options: { import: id } });

  test("as an option reads without state, checks and compares; a second run does nothing", async () => {
    const { up, preview, takeCalls } = open();
    expect(opsOf(await preview([imported({ size: 1 })]))).toContain("import web");
    expect(takeCalls("read")).toMatchObject([{ id: "there-1", state: null, inputs: null }]);
    const result = await up([imported({ size: 1 })]);
    expect(result).toMatchObject({ ok: true, changeSummary: { create: 1, import: 1 } });
    expect(methodsOf(takeCalls("read", "check", "diff", "update"))).toEqual(["read", "check", "diff"]);
    expect(await fixture.resource("web")).toMatchObject({
      id: "there-1",
      importID: "there-1",
      inputs: { label: "there-1", size: 1 },
      outputs: { arn: "arn:there-1" },
    });
    expect(await up([imported({ size: 1 })])).toMatchObject({ ok: true, changeSummary: { same: 2 } });
    expect(await up([pluginThing("web", { label: "there-1", size: 1 })])).toMatchObject({
      changeSummary: { same: 2 },
    });
  });

  test("of what differs updates it in the same run", async () => {
    const { up, takeCalls } = open();
    const result = await up([imported({ size: 2 })]);
    expect(opsOf(result).filter((op) => op.endsWith(" web"))).toEqual(["import web", "update web"]);
    expect(takeCalls("check", "diff", "update")).toMatchObject([
      { olds: { size: 1 }, news: { size: 2 } },
      { olds: { size: 1 }, news: { size: 2 } },
      { id: "there-1" },
    ]);
  });

  test.each([
    ["gone", "resource 'gone' does not exist"],
    ["outputs-1", "provider does not support importing resources; please try updating the 'fixture' plugin"],
  ])("of %s fails with the engine's own words", async (id, text) => {
    const { driver, up } = open();
    expect((await up([imported({}, id)])).error).toBe(`web: ${text}`);
    const type = "fixture:index:Thing";
    expect((await driver.importResource({ type, name: "web", id })).error).toBe(`web: ${text}`);
  });

  test("by command protects what it imports, and the next up with a fitting program does nothing", async () => {
    const { driver, up } = open();
    const spec = { type: "fixture:index:Thing", name: "web", id: "there-1" };
    expect(await driver.importResource(spec)).toMatchObject({
      ok: true,
      changeSummary: { create: 1, import: 1 },
    });
    expect(await fixture.resource("web")).toMatchObject({ id: "there-1", protect: true });
    expect((await driver.importResource(spec)).error).toContain("already exists");
    const list = [pluginThing("web", { label: "there-1", size: 1 }, { options: { protect: true } })];
    expect(await up(list)).toMatchObject({ ok: true, changeSummary: { same: 2 } });
  });

  test("a read resource is not managed", async () => {
    const { driver, up, things } = open();
    const list = [
      pluginThing("known", {}, { get: "there-1" }),
      pluginThing("db", { of: { ref: "known", output: "arn" } }),
    ];
    expect(await up(list)).toMatchObject({ ok: true, changeSummary: { create: 2, read: 1 } });
    expect(await fixture.resource("known")).toMatchObject({ external: true, id: "there-1" });
    expect(await fixture.resource("db")).toMatchObject({ inputs: { of: "arn:there-1" } });
    expect((await up([pluginThing("known", {}, { get: "gone" })])).error).toBe(
      "known: resource 'gone' does not exist",
    );
    expect((await driver.destroy()).ok).toBe(true);
    expect(things()).toEqual([]);
  });
});

describe("while it works", () => {
  test("a plugin gets the timeouts of a resource, in seconds", async () => {
    const { driver, up, takeCalls } = open();
    const options = { customTimeouts: { create: 120, update: 180, delete: 3600, read: 60 } };
    await up([pluginThing("web", { size: 1 }, { options }), pluginThing("db")]);
    await up([pluginThing("web", { size: 2 }, { options }), pluginThing("db")]);
    await driver.refresh();
    await driver.destroy();
    const timeouts = takeCalls("create", "update", "read", "delete").map(({ method, timeout }) => [
      method,
      timeout,
    ]);
    expect(timeouts).toEqual(
      expect.arrayContaining([
        ["create", 120],
        ["create", 0],
        ["update", 180],
        ["read", 60],
        ["delete", 3600],
      ]),
    );
  });

  test("an abort cancels it once, and what it then says is saved; the next up goes on", async () => {
    const { up, takeCalls } = open();
    const abort = new AbortController();
    const result = await up([pluginThing("web", { wait: true, log: true }), pluginThing("log")], {
      signal: abort.signal,
      onMessage: ({ message }) => {
        if (message === "this takes a while") abort.abort();
      },
    });
    expect(result.ok).toBe(false);
    expect(result.error).toContain("up was cancelled");
    expect(takeCalls("cancel")).toHaveLength(1);
    expect(await fixture.resource("web")).toMatchObject({ id: "web-plain", initErrors: ["cancelled"] });
    const pending = (await fixture.driver.exportState()).deployment.pending_operations;
    expect(pending ?? []).toEqual([]);
  });

  test("what it leaves half done is gone on with by an update, although nothing differs", async () => {
    const { up, driver, changeThing, takeCalls } = open();
    const failed = await up([pluginThing("web", { partial: true })]);
    expect(failed.error).toBe("web: the thing is not ready; still starting");
    expect(await fixture.resource("web")).toMatchObject({ initErrors: ["still starting"] });
    // As if it had become ready in the end, with the same inputs.
    const { deployment } = await driver.exportState();
    await driver.importState(
      JSON.parse(JSON.stringify({ version: 3, deployment }).replaceAll('"partial":true', '"partial":false')),
    );
    changeThing("web-plain", { label: "web", partial: false });
    takeCalls();
    const next = await up([pluginThing("web", { partial: false })]);
    expect(next).toMatchObject({ ok: true, changeSummary: { update: 1 } });
    expect(methodsOf(takeCalls("check", "diff", "update"))).toEqual(["check", "diff", "update"]);
    expect(await fixture.resource("web")).not.toHaveProperty("initErrors");
  });

  test("its log reaches people whole, what it prints only as debugging", async () => {
    const { up } = open();
    const list = [pluginThing("web", { log: true })];
    const { messages } = await up(list);
    const urn = (await fixture.resource("web"))?.urn;
    expect(messages).toEqual([
      { severity: "warning", message: "this takes a while", urn, streamId: 7, ephemeral: true },
    ]);
    await fixture.driver.destroy();
    const debugged = await up(list, { debug: true });
    expect(debugged.messages).toContainEqual({ severity: "debug", message: "a line on stdout" });
    expect(debugged.messages).toContainEqual({ severity: "debug", message: "a line on stderr" });
  });

  test("its output is shown if it dies", async () => {
    const { up } = open();
    const { ok, messages, error } = await up([pluginThing("web", { log: true, die: true })]);
    expect(ok).toBe(false);
    expect(error).toContain("provider connection lost (UNAVAILABLE)");
    const told = messages.find(({ message }) => message.includes("exited prematurely"));
    expect(told?.message).toContain("a line on stdout\na line on stderr");
  });
});

test("unknown values in an answer are refused outside of a preview", async () => {
  const { preview, up } = open();
  const list = [pluginThing("web", { size: unknown })];
  expect((await preview(list)).ok).toBe(true);
  expect((await up(list)).error).toBe('web: unexpected unknown property value for "size"');
});

test("the schema of a package comes from its plugin", async () => {
  const { driver, takeCalls } = open();
  expect(await driver.schema("fixture")).toEqual({ name: "fixture", version: "1.2.3" });
  expect(methodsOf(takeCalls("configure", "checkConfig"))).toEqual([]);
  await expect(driver.schema("other")).rejects.toThrow("no resource plugin 'pulumi-resource-other' found");
});
