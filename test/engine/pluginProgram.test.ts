// Programs in Node with the resources and functions of a plugin.
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { TestEngineOptions } from "../drivers/testEngine";
import { createPluginFixture, opsOf, type PluginFixture } from "./pluginFixture";
import { unknown } from "./values";

let fixture: PluginFixture;
afterEach(() => fixture.dispose());

async function open(scenario: string, options: Partial<TestEngineOptions> = {}) {
  fixture = createPluginFixture({ program: { kind: "node" }, ...options });
  await fixture.driver.setConfig("scenario", scenario);
  return fixture.driver;
}

test("the life of a stack: preview, up, update, destroy", async () => {
  const driver = await open("chain");
  await driver.setConfig("fixture:region", "here");
  const preview = await driver.preview();
  expect(preview).toMatchObject({ ok: true, changeSummary: { create: 3 } });
  expect(preview.steps.find(({ name }) => name === "db")?.newState?.inputs).toMatchObject({ of: unknown });
  const up = await driver.up();
  expect(up).toMatchObject({
    ok: true,
    outputs: { arn: "arn:db-plain", of: "arn:web-plain", region: "here" },
  });
  await driver.setConfig("size", "2");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 2, update: 1 } });
  expect(await driver.destroy()).toMatchObject({ ok: true, changeSummary: { delete: 3 } });
});

describe.each([true, false])("with GetDeploymentInfo %s", (deploymentInfo) => {
  test("timeouts and secrets arrive", async () => {
    const driver = await open("options", { deploymentInfo });
    await driver.setConfig("token", "very-secret", { secret: true });
    expect(await driver.up()).toMatchObject({ ok: true, outputs: { token: "[secret]" } });
    expect(readFileSync(driver.stateFile, "utf8")).not.toContain("very-secret");
    await driver.destroy();
    const timeouts = fixture.takeCalls("create", "delete").map(({ timeout }) => timeout);
    expect(timeouts.sort()).toEqual([0, 0, 120, 3600]);
  });
});

test("explicit providers serve resources and functions", async () => {
  const driver = await open("explicit");
  const preview = await driver.preview();
  expect(preview).toMatchObject({ ok: true, changeSummary: { create: 3 } });
  expect(preview.steps.find(({ name }) => name === "web")?.provider).toContain("::north::");
  expect(await driver.up()).toMatchObject({
    ok: true,
    outputs: { region: "north", answer: "who in north" },
  });
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 3 } });
});

test("functions go to the default provider", async () => {
  const driver = await open("invokes");
  await driver.setConfig("fixture:region", "here");
  expect(await driver.up()).toMatchObject({ ok: true, outputs: { answer: "who in here" } });
  await driver.preview();
  expect(fixture.takeCalls("invoke").map(({ preview }) => preview)).toEqual([false, true]);
});

test.each([
  ["invokesWithoutQuestion", "Invoke of 'fixture:index:ask' failed: is missing (question)"],
  ["invokesRefused", "invocation of fixture:index:refuse returned an error: nobody answers"],
])("a program sees why %s fails", async (scenario, text) => {
  const driver = await open(scenario);
  const up = await driver.up();
  expect(up.ok).toBe(false);
  expect(up.error).toContain(text);
});

test("a provider whose configuration is refused stops a program that calls a function", async () => {
  const driver = await open("invokes");
  await driver.setConfig("fixture:region", "nowhere");
  expect((await driver.up()).error).toContain("has a problem: there is no such region");
});

test("the import option", async () => {
  const driver = await open("imports");
  expect(opsOf(await driver.up())).toContain("import web");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 2 } });
  await driver.setConfig("size", "2");
  expect(await driver.up()).toMatchObject({ ok: true, changeSummary: { same: 1, update: 1 } });
});

test("a resource that is only read", async () => {
  const driver = await open("get");
  expect(await driver.up()).toMatchObject({ ok: true, outputs: { arn: "arn:there-2" } });
  expect(await fixture.resource("known")).toMatchObject({ external: true, id: "there-2" });
});

test("the version that a resource asks for makes a default provider of its own", async () => {
  const driver = await open("chain");
  await driver.setConfig("version", "1.2.3");
  expect((await driver.up()).ok).toBe(true);
  expect((await fixture.resource("web"))?.provider).toContain("::default_1_2_3::");
  expect((await fixture.resource("db"))?.provider).toContain("::default::");
});
