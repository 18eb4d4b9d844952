// What a step does to the world and to the state: through lists of resources and the real provider process.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFixture, type Fixture, thing } from "./fixture";
import type { ListedResource } from "./resourceList";
import type { UpdateOptions, UpdateResult } from "./types";

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture({ program: { kind: "resources", resources: [] } });
});
afterEach(() => fixture.dispose());

function up(resources: ListedResource[], options?: UpdateOptions): Promise<UpdateResult> {
  fixture.driver.setProgram({ kind: "resources", resources });
  return fixture.driver.up(options);
}

function preview(resources: ListedResource[]): Promise<UpdateResult> {
  fixture.driver.setProgram({ kind: "resources", resources });
  return fixture.driver.preview();
}

const opsOf = ({ steps }: UpdateResult) =>
  steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
const web = { ref: "web", output: "arn" };

describe("a list of resources", () => {
  test("resolves references, unknown in a preview", async () => {
    const list = [thing("web"), thing("db", { of: web })];
    const first = await preview(list);
    expect(first.steps.find(({ name }) => name === "db")?.newState?.inputs?.of).toMatch(/^04da6b54/);
    expect(await up(list)).toMatchObject({ ok: true, changeSummary: { create: 3 } });
    expect(fixture.thing("db-plain")).toMatchObject({ of: "arn:web-plain" });
    expect((await fixture.resource("db"))?.propertyDependencies?.of).toHaveLength(1);
  });

  test("takes inputs from a function, and gives stack outputs", async () => {
    const db: ListedResource = {
      ...thing("db"),
      dependsOn: ["web"],
      inputs: (outputsOf) => ({ ...(thing("db").inputs as object), of: outputsOf("web").id ?? null }),
    };
    fixture.driver.setProgram({ kind: "resources", resources: [thing("web"), db], outputs: { arn: web } });
    expect(await fixture.driver.up()).toMatchObject({ ok: true, outputs: { arn: "arn:web-plain" } });
    expect(fixture.thing("db-plain")).toMatchObject({ of: "web-plain" });
  });
});

describe("replacement", () => {
  test("creates before it deletes, with a second check that sees no old inputs", async () => {
    await up([thing("web", { kind: "a" })]);
    fixture.takeCalls();
    const result = await up([thing("web", { kind: "b" })]);
    expect(opsOf(result)).toEqual(["create-replacement web", "replace web", "delete-replaced web"]);
    expect(result.changeSummary).toEqual({ same: 1, replace: 1 });
    expect(result.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["kind"]);
    const calls = fixture.takeCalls();
    expect(calls.map(({ verb }) => verb)).toEqual(["check", "diff", "check", "create", "delete"]);
    expect(calls[0]?.olds).toMatchObject({ kind: "a" });
    expect(calls[2]?.olds).toEqual({});
    expect(fixture.things()).toEqual(["web-b"]);
  });

  test("deletes first if the provider says so, dependents that would be replaced before", async () => {
    const list = (kind: string) => [
      thing("web", { kind, exclusive: true }),
      thing("db", { of: web }),
      thing("log"),
    ];
    await up(list("a"));
    fixture.takeCalls();
    const result = await up(list("b"));
    expect(opsOf(result)).toEqual([
      "delete-replaced db",
      "delete-replaced web",
      "replace web",
      "create-replacement web",
      "create-replacement db",
      "replace db",
    ]);
    expect(
      fixture.takeCalls("create", "delete").map(({ verb, id, inputs }) => `${verb} ${id ?? inputs?.label}`),
    ).toEqual(["delete db-plain", "delete web-a", "create web", "create db"]);
    expect(await up(list("b"))).toMatchObject({ changeSummary: { same: 4 } });
  });

  test("the user's deleteBeforeReplace wins over the provider", async () => {
    await up([thing("web", { kind: "a", exclusive: true })]);
    const options = { deleteBeforeReplace: false };
    const result = await up([thing("web", { kind: "b", exclusive: true }, { options })]);
    expect(opsOf(result)).toEqual(["create-replacement web", "replace web", "delete-replaced web"]);
  });

  test("a create that fails after the delete leaves a pending replacement, which is created later", async () => {
    await up([thing("web", { kind: "a", exclusive: true })]);
    fixture.faults({ "create web": "error" });
    expect((await up([thing("web", { kind: "b", exclusive: true })])).ok).toBe(false);
    expect(await fixture.resource("web")).toMatchObject({ pendingReplacement: true });
    fixture.faults({});
    fixture.takeCalls();
    expect(await up([thing("web", { kind: "b", exclusive: true })])).toMatchObject({ ok: true });
    expect(fixture.takeCalls("create", "delete").map(({ verb }) => verb)).toEqual(["create"]);
    expect(await fixture.resource("web")).not.toHaveProperty("pendingReplacement");
  });

  test("a pending replacement that left the program is forgotten without a call", async () => {
    await up([thing("web", { kind: "a", exclusive: true })]);
    fixture.faults({ "create web": "error" });
    await up([thing("web", { kind: "b", exclusive: true })]);
    fixture.takeCalls();
    expect(await up([])).toMatchObject({ ok: true });
    expect(fixture.takeCalls("delete")).toEqual([]);
    expect(await fixture.resource("web")).toBeUndefined();
  });

  test("replaceOnChanges needs a provider that names what changed; --replace does not", async () => {
    await up([thing("web")]);
    const { driver } = fixture;
    const urn = (await fixture.resource("web"))?.urn ?? "";
    const result = await driver.up({ replace: [urn] }).then(() => up([thing("web")], { replace: [urn] }));
    expect(opsOf(result)).toEqual(["create-replacement web", "replace web", "delete-replaced web"]);
    expect(result.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["id"]);
    const options = { replaceOnChanges: ["size"] };
    expect(opsOf(await up([thing("web", { size: 9 }, { options })]))).toEqual(["update web"]);
  });
});

describe("deletes", () => {
  test("go in reverse dependency order, and only what left the program", async () => {
    await up([
      thing("web"),
      thing("db", { of: web }),
      thing("app", { of: { ref: "db", output: "arn" } }),
      thing("log"),
    ]);
    fixture.takeCalls();
    expect(await up([thing("log")])).toMatchObject({ ok: true, changeSummary: { same: 2, delete: 3 } });
    expect(fixture.takeCalls("delete").map(({ id }) => id)).toEqual(["app-plain", "db-plain", "web-plain"]);
  });

  test("stop at the first failure; what is deleted is gone from the state", async () => {
    await up([thing("web"), thing("db", { of: web })]);
    fixture.faults({ "delete web": "error" });
    expect(await fixture.driver.destroy()).toMatchObject({
      ok: false,
      error: "web: delete of web was refused",
    });
    expect(await fixture.resource("db")).toBeUndefined();
    expect(await fixture.resource("web")).toBeDefined();
  });

  test("refuse what is protected, by what the state says", async () => {
    await up([thing("web", {}, { options: { protect: true } })]);
    const removed = await up([]);
    expect(removed.error).toContain("cannot be deleted because it is protected");
    expect((await up([thing("web")])).ok).toBe(true);
    expect((await up([])).ok).toBe(true);
  });

  test("a protected resource is not replaced", async () => {
    const options = { protect: true };
    await up([thing("web", { kind: "a" }, { options })]);
    const list = [thing("web", { kind: "b" }, { options })];
    const refused = await preview([...list, thing("log")]);
    expect(refused.error).toContain("unable to replace");
    expect(opsOf(refused)).toEqual(expect.arrayContaining(["replace web", "create log"]));
    expect((await up(list)).error).toContain("unable to replace");
    expect(fixture.things()).toEqual(["web-a"]);
  });

  test("retainOnDelete leaves the world alone", async () => {
    await up([thing("web", {}, { options: { retainOnDelete: true } })]);
    expect(await up([])).toMatchObject({ ok: true, changeSummary: { same: 1, delete: 1 } });
    expect(fixture.things()).toEqual(["web-plain"]);
  });

  test("deletedWith leaves the delete to the other resource", async () => {
    await up([thing("web")]);
    const deletedWith = (await fixture.resource("web"))?.urn ?? "";
    await up([thing("web"), thing("db", {}, { options: { deletedWith } })]);
    await up([]);
    expect(fixture.things()).toEqual(["db-plain"]);
  });
});

describe("options", () => {
  test("ignoreChanges keeps the old input", async () => {
    await up([thing("web", { size: 1, tags: { a: "1", b: "1" } })]);
    const options = { ignoreChanges: ["size", "tags.a"] };
    await up([thing("web", { size: 2, tags: { a: "2", b: "2" } }, { options })]);
    expect(fixture.thing("web-plain")).toMatchObject({ size: 1, tags: { a: "1", b: "2" } });
  });

  test("targets leave the others as they are", async () => {
    const list = (size: number) => [thing("web", { size }), thing("log", { size })];
    await up(list(1));
    const target = [(await fixture.resource("web"))?.urn ?? ""];
    expect(opsOf(await up([...list(2), thing("new")], { target }))).toEqual(["update web"]);
    expect(fixture.thing("log-plain")).toMatchObject({ size: 1 });
    expect(await fixture.resource("new")).toBeUndefined();
    expect(opsOf(await fixture.driver.destroy({ target }))).toEqual(["delete web"]);
    expect(fixture.things()).toEqual(["log-plain"]);
  });

  test("a target that others depend on is not deleted alone", async () => {
    await up([thing("web"), thing("db", { of: web })]);
    const target = [(await fixture.resource("web"))?.urn ?? ""];
    expect((await fixture.driver.destroy({ target })).error).toContain("is not among the targets");
  });

  test("inputs that fail the check fail the update before anything is done", async () => {
    const result = await up([thing("web", { size: -1 })]);
    expect(result.error).toBe("web: resource is not valid: size: must not be negative");
    expect(fixture.takeCalls("create")).toEqual([]);
  });
});

describe("refresh", () => {
  test("stores what it read and shows drift; the next up puts it right", async () => {
    await up([thing("web", { size: 1 })]);
    expect(await fixture.driver.refresh()).toMatchObject({ ok: true, changeSummary: { same: 2 } });
    fixture.changeThing("web-plain", { size: 7 });
    const drift = await fixture.driver.refresh();
    expect(drift).toMatchObject({ ok: true, changeSummary: { same: 1, update: 1 } });
    expect(drift.steps.find(({ op }) => op === "update")).toMatchObject({
      oldState: { inputs: { size: 1 } },
      newState: { inputs: { size: 7 }, outputs: { size: 7 } },
    });
    expect(await fixture.resource("web")).toMatchObject({ inputs: { size: 7 } });
    expect(opsOf(await up([thing("web", { size: 1 })]))).toEqual(["update web"]);
    expect(fixture.thing("web-plain")).toMatchObject({ size: 1 });
  });

  test("drops what is gone, and comes before an up or a preview when asked", async () => {
    await up([thing("web"), thing("db", { of: web })]);
    fixture.removeThing("db-plain");
    const list = [thing("web"), thing("db", { of: web })];
    const before = await fixture.driver.preview({ refresh: true });
    expect(before.changeSummary).toEqual({ same: 2, create: 1 });
    expect(await fixture.resource("db")).toBeDefined();
    const after = await up(list, { refresh: true });
    expect(opsOf(after)).toContain("create db");
    fixture.removeThing("db-plain");
    expect(await fixture.driver.refresh()).toMatchObject({ ok: true, changeSummary: { same: 2, delete: 1 } });
    expect(await fixture.resource("db")).toBeUndefined();
  });

  test("an error keeps the resource and does not stop the others", async () => {
    await up([thing("web", { size: 1 }), thing("log", { size: 1 })]);
    fixture.faults({ "read web": "error" });
    fixture.changeThing("log-plain", { size: 2 });
    expect(await fixture.driver.refresh()).toMatchObject({
      ok: false,
      error: "web: read of web was refused",
    });
    expect(await fixture.resource("web")).toMatchObject({ inputs: { size: 1 } });
    expect(await fixture.resource("log")).toMatchObject({ inputs: { size: 2 } });
  });
});
