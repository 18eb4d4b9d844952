// The lives of a plugin's resources: differences, imports, and what happens while it works.
import { afterEach, describe, expect, test } from "vitest";
import { createPluginFixture, opsOf, type PluginFixture, pluginThing } from "./pluginFixture";
import type { ListedInputs } from "./resourceList";
import { unknown } from "./values";

let fixture: PluginFixture;
afterEach(() => fixture.dispose());

function open(): PluginFixture {
  fixture = createPluginFixture();
  return fixture;
}

const methodsOf = (calls: { method: string }[]) => calls.map(({ method }) => method);

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
