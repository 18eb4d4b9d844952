// What people and tools get to see: the preview digest, the plain text, and the texts of steps.
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFixture, type Fixture, thing } from "./fixture";
import { renderResult } from "./render";
import type { ListedInputs } from "./resourceList";
import { secret, unknown } from "./values";

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture({ program: { kind: "resources", resources: [] } });
});
afterEach(() => fixture.dispose());

const token = secret("very-secret") as ListedInputs[string];
const web = { ref: "web", output: "arn" };

test("the digest has the shape of `pulumi preview --json`", async () => {
  const { driver } = fixture;
  await driver.setConfig("region", "here");
  await driver.setConfig("bigdata:token", "very-secret", { secret: true });
  driver.setProgram({ kind: "resources", resources: [thing("web", { token, kind: "a" }), thing("log")] });
  await driver.up();
  driver.setProgram({
    kind: "resources",
    resources: [thing("web", { token, kind: "b" }), thing("db", { of: web }), thing("log", { size: 2 })],
  });
  const { digest } = await driver.preview();
  expect(Object.keys(digest ?? {})).toEqual(["config", "steps", "diagnostics", "duration", "changeSummary"]);
  expect(digest?.config).toEqual({ "engine-fixture:region": "here", "bigdata:token": "[secret]" });
  expect(digest?.changeSummary).toEqual({ same: 1, replace: 1, update: 1, create: 1 });
  expect(Number.isInteger(digest?.duration)).toBe(true);
  expect(digest?.steps?.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort()).toEqual([
    "create db",
    "create-replacement web",
    "delete-replaced web",
    "replace web",
    "same engine-fixture-test",
    "update log",
  ]);
  const replace = digest?.steps?.find(({ op }) => op === "replace");
  expect(replace).toMatchObject({
    replaceReasons: ["kind"],
    detailedDiff: null,
    oldState: { inputs: { token: "[secret]", kind: "a" } },
    newState: { inputs: { token: "[secret]", kind: "b" } },
  });
  const created = digest?.steps?.find(({ op }) => op === "create");
  expect(created?.newState?.inputs?.of).toBe(unknown);
  expect(JSON.stringify(digest)).not.toContain("very-secret");
});

test("a provider without diff gets the engine's own comparison", async () => {
  const { driver } = fixture;
  const inputs = (size: number) => ({
    __provider: "exports.handler = () => ({ create: async (inputs) => ({ id: 'x', outs: inputs }) });",
    size,
    tags: { a: "b" },
  });
  const resource = (size: number) => ({ ...thing("bare"), inputs: inputs(size) });
  driver.setProgram({ kind: "resources", resources: [resource(1)] });
  await driver.up();
  driver.setProgram({ kind: "resources", resources: [resource(2)] });
  const { digest } = await driver.preview();
  expect(digest?.steps?.find(({ op }) => op === "update")).toMatchObject({
    diffReasons: ["size"],
    detailedDiff: { size: { kind: "update", inputDiff: true } },
  });
});

test("the plain text hides secrets and program texts and names unknowns", async () => {
  const { driver } = fixture;
  const list = (size: number) => [thing("web", { size: 2, token }), thing("db", { of: web, size })];
  driver.setProgram({ kind: "resources", resources: list(1) });
  expect(renderResult(await driver.preview())).toBe(
    [
      "+ create  pulumi:pulumi:Stack engine-fixture-test",
      "+ create  bigdata/test:Thing web",
      '    label: "web"',
      "    size: 2",
      "    token: [secret]",
      "+ create  bigdata/test:Thing db",
      '    label: "db"',
      "    of: [unknown]",
      "    size: 1",
      "succeeded: 3 create",
      "",
    ].join("\n"),
  );
  await driver.up();
  driver.setProgram({ kind: "resources", resources: list(5) });
  expect(renderResult(await driver.preview())).toBe(
    ["~ update  bigdata/test:Thing db", "    size: 1 => 5", "succeeded: 2 same, 1 update", ""].join("\n"),
  );
});
