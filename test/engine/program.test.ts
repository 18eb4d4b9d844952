// Programs in Node, deployed through the SDK's own language runtime.
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { TestEngineOptions } from "../drivers/testEngine";
import { createFixture, type Fixture } from "./fixture";
import { unknown } from "./values";

let fixture: Fixture;
afterEach(() => fixture.dispose());

async function open(scenario: string, options: Partial<TestEngineOptions> & { fixture?: string } = {}) {
  fixture = createFixture(options);
  await fixture.driver.setConfig("scenario", scenario);
  return fixture.driver;
}

test("the life of a stack: preview, up, nothing to do, update, destroy", async () => {
  const driver = await open("chain");

  const preview = await driver.preview();
  expect(preview).toMatchObject({ ok: true, changeSummary: { create: 3 }, outputs: {} });
  expect(preview.steps.find(({ name }) => name === "db")?.newState?.inputs).toMatchObject({ of: unknown });
  expect(fixture.takeCalls("create")).toEqual([]);
  expect((await driver.exportState()).deployment.resources).toEqual([]);

  const up = await driver.up();
  expect(up).toMatchObject({ ok: true, changeSummary: { create: 3 }, outputs: { arn: "arn:db-plain" } });
  expect(fixture.takeCalls("create").map(({ inputs }) => inputs)).toEqual([
    { label: "web", size: 1 },
    { label: "db", of: "arn:web-plain", size: 1 },
  ]);

  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 3 } });
  expect(fixture.takeCalls("create", "update", "delete")).toEqual([]);

  await driver.setConfig("size", "5");
  const update = await driver.up();
  expect(update).toMatchObject({ ok: true, changeSummary: { same: 1, update: 2 } });
  expect(fixture.thing("db-plain")).toMatchObject({ size: 5 });

  expect(await driver.destroy()).toMatchObject({ ok: true, changeSummary: { delete: 3 }, outputs: {} });
  expect(fixture.takeCalls("delete").map(({ id }) => id)).toEqual(["db-plain", "web-plain"]);
  expect((await driver.exportState()).deployment.resources).toEqual([]);
});

describe.each([true, false])("with GetDeploymentInfo %s", (deploymentInfo) => {
  test("secrets stay secret: in state, in results and in outputs named after them", async () => {
    const driver = await open("secrets", { deploymentInfo });
    await driver.setConfig("token", "very-secret", { secret: true });
    const up = await driver.up();
    expect(up).toMatchObject({ ok: true, outputs: { token: "[secret]", arn: "[secret]", label: "web" } });
    expect(fixture.takeCalls("create")[0]?.inputs).toEqual({
      label: "web",
      token: "very-secret",
      list: ["a", "very-secret"],
    });
    expect(readFileSync(driver.stateFile, "utf8")).not.toContain("very-secret");
    expect(JSON.stringify(up)).not.toContain("very-secret");
    expect(JSON.stringify(await driver.preview())).not.toContain("very-secret");
    expect((await fixture.resource("web"))?.outputs).toMatchObject({
      token: { ciphertext: expect.any(String) },
      list: { ciphertext: expect.any(String) },
      arn: { ciphertext: expect.any(String) },
      label: "web",
    });
    expect(await driver.up({ showSecrets: true })).toMatchObject({
      changeSummary: { same: 2 },
      outputs: { token: "very-secret" },
    });
  });
});

test("a TypeScript program", async () => {
  const driver = await open("-", { fixture: "typescript" });
  expect(await driver.up()).toMatchObject({ ok: true, outputs: { arn: "arn:typed-plain" } });
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 2 } });
});

test("components take their children's types into the URN and keep their outputs", async () => {
  const driver = await open("component");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { create: 3 } });
  expect((await fixture.resource("group"))?.outputs).toEqual({ arn: "arn:member-plain" });
  expect((await fixture.resource("member"))?.urn).toContain("test:index:Group$pulumi-nodejs:dynamic");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 3 } });
});

test("what a program prints and logs arrives as messages, as it comes", async () => {
  const driver = await open("logs");
  const heard: string[] = [];
  const { messages } = await driver.up({ onMessage: ({ message }) => heard.push(message) });
  expect(messages).toContainEqual({ severity: "info", message: "plain output" });
  expect(messages).toContainEqual({ severity: "info#err", message: "error output" });
  expect(messages).toContainEqual(expect.objectContaining({ severity: "warning", message: "be careful" }));
  expect(heard).toEqual(messages.map(({ message }) => message));
});

test.each([
  ["throws", "this program does not work"],
  ["exits", "non-zero exit code: 7"],
  ["duplicate", "Duplicate resource URN"],
  ["invokes", "no resource plugin 'pulumi-resource-test' found"],
])("a program that %s fails the update", async (scenario, text) => {
  const driver = await open(scenario);
  const up = await driver.up();
  expect(up.ok).toBe(false);
  expect(up.error).toContain(text);
});

test("a program that throws deletes nothing and keeps its outputs", async () => {
  const driver = await open("one");
  await driver.up();
  await driver.setConfig("scenario", "throws");
  expect(await driver.up()).toMatchObject({ ok: false, outputs: { arn: "arn:web-plain" } });
  expect(fixture.things()).toEqual(["web-plain"]);
});

test("a failed step stops the program, whose exit code 0 is no success", async () => {
  const driver = await open("chain");
  fixture.faults({ "create web": "error" });
  const up = await driver.up();
  expect(up).toMatchObject({ ok: false, error: "web: create of web was refused" });
  expect(up.steps.map(({ name, failed }) => [name, failed ?? false])).toEqual([
    ["engine-fixture-test", false],
    ["web", true],
  ]);
  expect(fixture.takeCalls("create")).toHaveLength(1);
});

test("a delete that fails at the end fails the update", async () => {
  const driver = await open("one");
  await driver.up();
  await driver.setConfig("scenario", "empty");
  fixture.faults({ "delete web": "error" });
  expect(await driver.up()).toMatchObject({ ok: false, error: "web: delete of web was refused" });
  expect(await fixture.resource("web")).toBeDefined();
  fixture.faults({});
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 1, delete: 1 }, outputs: {} });
});

test("a resource that is only read is not the stack's own", async () => {
  const driver = await open("one");
  await driver.up();
  const { deployment } = await driver.exportState();
  await driver.importState({ version: 3, deployment: { ...deployment, resources: [] } });
  await driver.setConfig("scenario", "get");
  expect(await driver.up()).toMatchObject({ ok: true, outputs: { arn: "arn:web-plain" } });
  expect(await fixture.resource("known")).toMatchObject({ external: true, id: "web-plain" });
  expect((await driver.destroy()).ok).toBe(true);
  expect(fixture.things()).toEqual(["web-plain"]);
});

test("the import option fails with the SDK's own error", async () => {
  const driver = await open("imports");
  expect((await driver.up()).error).toContain("code must be a string, not undefined");
});

test("importing a dynamic resource fails with the SDK's own error", async () => {
  const driver = await open("empty");
  const type = "pulumi-nodejs:dynamic/bigdata/test:Thing";
  const imported = await driver.importResource({ type, name: "web", id: "web-plain" });
  expect(imported.ok).toBe(false);
  expect(imported.error).toContain("code must be a string, not undefined");
});

test("options of a resource reach the state", async () => {
  const driver = await open("options");
  await driver.setConfig("protect", "true");
  await driver.up();
  expect(await fixture.resource("web")).toMatchObject({
    protect: true,
    customTimeouts: { create: 5400, delete: 300 },
    aliases: [expect.stringContaining("::unused")],
  });
});

test("an alias keeps the resource under a new name", async () => {
  const driver = await open("options");
  await driver.up();
  const { deployment } = await driver.exportState();
  const renamed = JSON.parse(JSON.stringify(deployment).replaceAll("::web", "::older"));
  await driver.importState({ version: 3, deployment: renamed });
  await driver.setConfig("formerName", "older");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 2 } });
  expect(await fixture.resource("older")).toBeUndefined();
  expect(await fixture.resource("web")).toBeDefined();
});
