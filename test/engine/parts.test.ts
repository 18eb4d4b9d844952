// The engine's small parts: paths, comparison, secrets, durations, state order, the port line.
import { describe, expect, test } from "vitest";
import { diffInputs, invert, mustReplace, withReplaceOnChanges } from "./diff";
import { durationSeconds } from "./goal";
import { formatPath, parsePath, resetPaths } from "./paths";
import { ProviderProcess } from "./providerProcess";
import { SecretsKey } from "./secrets";
import { verifyOrder } from "./snapshot";
import type { ResourceV3 } from "./types";
import { makeUrn, matchesAny, parseUrn, stackType } from "./urn";
import { markSecretsLike, type Properties, secret } from "./values";

test.each([
  ["tags.env", ["tags", "env"]],
  ["rules[0].port", ["rules", 0, "port"]],
  ['tags["a.b"].c', ["tags", "a.b", "c"]],
])("the path %s", (text, path) => {
  expect(parsePath(text)).toEqual(path);
  expect(formatPath(path)).toBe(text);
});

test.each<[string, Properties, Properties, string[], Properties]>([
  ["a changed value is put back", { a: 2 }, { a: 1 }, ["a"], { a: 1 }],
  ["an added value is taken away", { a: 2, b: 1 }, { a: 2 }, ["b"], { a: 2 }],
  ["a removed value comes back", {}, { a: 1 }, ["a"], { a: 1 }],
  ["nested values", { t: { a: 2, b: 2 } }, { t: { a: 1, b: 1 } }, ["t.a"], { t: { a: 1, b: 2 } }],
  [
    "wildcards",
    { r: [{ p: 2 }, { p: 3 }] },
    { r: [{ p: 1 }, { p: 1 }] },
    ["r[*].p"],
    { r: [{ p: 1 }, { p: 1 }] },
  ],
  ["a missing parent", { a: 1 }, { a: 1, t: { x: 1 } }, ["t.x"], { a: 1 }],
])("ignored paths: %s", (_, news, olds, paths, expected) => {
  expect(resetPaths(news, olds, paths)).toEqual(expected);
});

describe("comparison", () => {
  test("names every leaf, and looks into secrets", () => {
    const diff = diffInputs({ a: 1, s: secret("x"), l: [1] }, { a: 2, s: "x", l: [1, 2], n: 1 }, []);
    expect(diff.changedKeys).toEqual(["a", "l", "n"]);
    expect(diff.detailed).toEqual({
      a: { kind: "update", inputDiff: true },
      "l[1]": { kind: "add", inputDiff: true },
      n: { kind: "add", inputDiff: true },
    });
    expect(Object.keys(invert(diff).detailed ?? {})).toEqual(["a", "l[1]", "n"]);
    expect(invert(diff).detailed?.n?.kind).toBe("delete");
  });

  test("replaceOnChanges turns a matching change into a replacement", () => {
    const diff = diffInputs({ a: 1 }, { a: 2 }, []);
    expect(mustReplace(withReplaceOnChanges(diff, ["b"], []))).toBe(false);
    expect(mustReplace(withReplaceOnChanges(diff, ["a"], []))).toBe(true);
    expect(mustReplace(withReplaceOnChanges(diffInputs({}, {}, []), ["#initerror"], ["failed"]))).toBe(true);
  });
});

test("secrets are marked again by name: whole arrays, objects by property", () => {
  const original = { a: secret("1"), l: ["x", secret("y")], o: { p: secret("z"), q: "open" } };
  const plain = { a: "1", l: ["x", "y"], o: { p: "z", q: "open" }, other: "open" };
  expect(markSecretsLike(plain, original)).toEqual({
    a: secret("1"),
    l: secret(["x", "y"]),
    o: { p: secret("z"), q: "open" },
    other: "open",
  });
});

test("secrets are sealed in state, and opened with the same passphrase only", () => {
  const key = new SecretsKey("one");
  const sealed = key.seal({ list: [secret({ deep: "hidden" })] });
  expect(JSON.stringify(sealed)).not.toContain("hidden");
  expect(key.open(sealed)).toEqual({ list: [secret({ deep: "hidden" })] });
  expect(() => new SecretsKey("two").open(sealed)).toThrow();
});

test.each([
  ["5m", 300],
  ["1h30m", 5400],
  ["1.5s", 1.5],
])("the duration %s", (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test("a duration without a unit is refused", () => {
  expect(() => durationSeconds("90")).toThrow("is not a duration");
});

test("URNs", () => {
  const names = { stack: "s", project: "p" };
  const parent = makeUrn({ ...names, type: "a:b:C", name: "outer" });
  const urn = makeUrn({ ...names, type: "d:e:F", name: "inner:x", parent });
  expect(urn).toBe("urn:pulumi:s::p::a:b:C$d:e:F::inner:x");
  expect(parseUrn(urn)).toMatchObject({ type: "d:e:F", name: "inner:x", stack: "s", project: "p" });
  const stack = makeUrn({ ...names, type: stackType, name: "p-s" });
  expect(makeUrn({ ...names, type: "a:b:C", name: "outer", parent: stack })).toBe(parent);
  expect(matchesAny(urn, ["**::inner*"])).toBe(true);
  expect(matchesAny(urn, ["inner:x"])).toBe(false);
});

test("state with a dependency after its dependent is refused", () => {
  const resource = (name: string, dependencies: string[] = []): ResourceV3 => ({
    urn: name,
    custom: true,
    type: "a:b:C",
    dependencies,
  });
  expect(() => verifyOrder([resource("b", ["a"]), resource("a")])).toThrow("does not come before it");
  expect(() => verifyOrder([resource("a"), resource("a")])).toThrow("duplicate resource");
  expect(() => verifyOrder([resource("a"), resource("b", ["a"])])).not.toThrow();
});

test.each([
  ["text before the port", "console.log('hello'); console.log(1234)", 'printed "hello", not its port'],
  ["a port out of range", "console.log(70000)", 'printed "70000", not its port'],
  ["an early end", "process.exit(3)", "ended at start (exit code 3)"],
])("a provider that starts with %s is refused", async (_, script, text) => {
  const command = { command: process.execPath, args: ["-e", script], cwd: __dirname, env: process.env };
  const silent = { stdout: () => {}, stderr: () => {} };
  await expect(ProviderProcess.start("bad", command, silent)).rejects.toThrow(text);
});
