// Partial failure, dying providers, dying engines, and how the next run goes on.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFixture, type Fixture, thing } from "./fixture";
import type { ListedResource } from "./resourceList";
import type { UpdateOptions } from "./types";

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture({ program: { kind: "resources", resources: [] } });
});
afterEach(() => fixture.dispose());

function up(resources: ListedResource[], options?: UpdateOptions) {
  fixture.driver.setProgram({ kind: "resources", resources });
  return fixture.driver.up(options);
}

const pendingOperations = async () =>
  (await fixture.driver.exportState()).deployment.pending_operations ?? [];
const onHang = (act: () => void): UpdateOptions => ({
  onMessage: ({ message }) => {
    if (message.endsWith("hangs")) act();
  },
});

describe("partial failure", () => {
  test("of a create saves the resource; the next up goes on with an update", async () => {
    fixture.faults({ "create web": "partial" });
    const failed = await up([thing("web", { size: 1 }), thing("db", { of: { ref: "web", output: "arn" } })]);
    expect(failed).toMatchObject({ ok: false, error: "web: web is not ready; still starting" });
    expect(await fixture.resource("web")).toMatchObject({
      id: "web-plain",
      inputs: { size: 1 },
      outputs: { arn: "arn:web-plain" },
      initErrors: ["still starting"],
    });
    expect(await fixture.resource("db")).toBeUndefined();
    expect(await pendingOperations()).toEqual([]);

    fixture.faults({});
    fixture.takeCalls();
    expect(await up([thing("web", { size: 1 })])).toMatchObject({
      ok: true,
      changeSummary: { same: 1, update: 1 },
    });
    expect(fixture.takeCalls().map(({ verb }) => verb)).toEqual(["check", "diff", "update"]);
    expect(await fixture.resource("web")).not.toHaveProperty("initErrors");
  });

  test("of an update keeps the old inputs", async () => {
    await up([thing("web", { size: 1 })]);
    fixture.faults({ "update web": "partial" });
    expect((await up([thing("web", { size: 2 })])).ok).toBe(false);
    expect(await fixture.resource("web")).toMatchObject({
      inputs: { size: 1 },
      initErrors: ["still starting"],
    });
  });

  test("is cleared by a refresh that reads well", async () => {
    fixture.faults({ "create web": "partial" });
    await up([thing("web")]);
    expect((await fixture.driver.refresh()).ok).toBe(true);
    expect(await fixture.resource("web")).not.toHaveProperty("initErrors");
  });
});

test("an empty id from create is refused", async () => {
  fixture.faults({ "create web": "empty id" });
  expect((await up([thing("web")])).error).toContain("empty id");
  expect(await fixture.resource("web")).toBeUndefined();
});

test("a provider killed during a create fails the step as UNAVAILABLE and saves nothing of it", async () => {
  fixture.faults({ "create web": "hang" });
  const killed = await up(
    [thing("log"), thing("web")],
    onHang(() => fixture.providers.at(-1)?.kill("SIGKILL")),
  );
  expect(killed.ok).toBe(false);
  expect(killed.error).toContain("UNAVAILABLE");
  expect(await fixture.resource("log")).toBeDefined();
  expect(await fixture.resource("web")).toBeUndefined();
  // As in the real engine, whose operation has ended, if badly; only a dying engine leaves it pending.
  expect(await pendingOperations()).toEqual([]);

  fixture.faults({});
  expect(await up([thing("log"), thing("web")])).toMatchObject({
    ok: true,
    changeSummary: { same: 2, create: 1 },
  });
});

test("an engine killed during a create leaves a pending operation, kept until a refresh clears it", async () => {
  fixture.faults({ "create web": "hang" });
  const killed = await up(
    [thing("web")],
    onHang(() => fixture.driver.crash()),
  );
  expect(killed).toMatchObject({ ok: false, error: expect.stringContaining("the engine was killed") });
  expect(await pendingOperations()).toMatchObject([
    { type: "creating", resource: { inputs: { label: "web" } } },
  ]);

  fixture.faults({});
  const next = await up([thing("web")]);
  expect(next).toMatchObject({ ok: true, changeSummary: { same: 1, create: 1 } });
  expect(next.messages).toContainEqual({
    severity: "warning",
    message: expect.stringContaining("1 pending operations from previous deployment"),
  });
  expect(await pendingOperations()).toHaveLength(1);
  expect((await fixture.driver.refresh({ clearPendingCreates: true })).ok).toBe(true);
  expect(await pendingOperations()).toEqual([]);
});

test("an engine killed during an update leaves an operation that the next run drops", async () => {
  await up([thing("web", { size: 1 })]);
  fixture.faults({ "update web": "hang" });
  await up(
    [thing("web", { size: 2 })],
    onHang(() => fixture.driver.crash()),
  );
  expect(await pendingOperations()).toMatchObject([{ type: "updating" }]);
  expect(await fixture.resource("web")).toMatchObject({ inputs: { size: 1 } });
  fixture.faults({});
  expect(await up([thing("web", { size: 2 })])).toMatchObject({
    ok: true,
    changeSummary: { same: 1, update: 1 },
  });
  expect(await pendingOperations()).toEqual([]);
});

test("after a failure, steps under way finish and are saved, others never start", async () => {
  fixture.faults({ "create web": "error" });
  const result = await up([thing("log"), thing("web"), thing("db", { of: { ref: "web", output: "arn" } })]);
  expect(result).toMatchObject({ ok: false, error: "web: create of web was refused" });
  expect(await fixture.resource("log")).toBeDefined();
  expect(fixture.takeCalls("create").map(({ inputs }) => inputs?.label)).not.toContain("db");
});

test("an aborted update starts nothing more", async () => {
  const abort = new AbortController();
  abort.abort();
  expect(await up([thing("web")], { signal: abort.signal })).toMatchObject({
    ok: false,
    error: "up was cancelled",
  });
  expect(fixture.takeCalls()).toEqual([]);
});
