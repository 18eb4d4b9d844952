import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRule, violation } from "../../cli/policy";
import { readPreview } from "../../cli/preview";
import { summarise } from "../../cli/summary";
import { root } from "../package";
import { digest, inputs, run, step, urn } from "./poolPreview";

describe("what does not fit into its limit", () => {
  const many = step("create", "workers", undefined, 500);
  const warning = /this usually takes about [\d.]+ (h|min), and timeouts\.create is 60m/;

  test.each(["text", "markdown", "json"])("is told as %s", (format) => {
    const { stdout } = run(digest(many), "--format", format);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(warning);
  });

  test("is a note with a code and a severity in the data", () => {
    const { clusters } = JSON.parse(run(digest(many), "--format", "json").stdout);
    expect(clusters[0].rows[0].warnings).toContainEqual({
      code: "limit",
      severity: "warning",
      text: expect.stringMatching(warning),
      property: "timeouts",
    });
  });

  test("an update has its own limit", () => {
    const change = {
      ...step("update", "workers", 2),
      newState: { type: "x", inputs: inputs(4, { timeouts: { update: "3m" } }) },
    };
    const { plan } = summarise(readPreview(digest(change))).changes[0] ?? {};
    expect(plan?.warnings.map(({ code, text }) => [code, text])).toContainEqual([
      "limit",
      expect.stringMatching(/timeouts\.update is 3m/),
    ]);
  });

  test.each([
    ["tencent:EmrServiceState", "service-stop"],
    ["tencent:DlcEngineImage", "image-switch"],
  ])("%s has one too", (type, name) => {
    const text = readFileSync(join(root, "test", "cli", "previews", `${name}.json`), "utf8");
    const read = readPreview(text);
    const codes = (update: string) => {
      for (const { newState } of read.steps)
        if (newState?.inputs) newState.inputs["timeouts"] = { update, delete: update };
      const change = summarise(read).changes.find((each) => each.type === type);
      return change?.plan.warnings.map(({ code }) => code) ?? [];
    };
    expect(codes("10s")).toContain("limit");
    expect(codes("10h")).not.toContain("limit");
  });
});

describe("what is let through", () => {
  const grow = digest(step("update", "workers", 2, 5));
  const shrink = digest(step("update", "workers", 3, 1));
  test.each([
    [grow, "destroys", 0],
    [grow, "disturbs", 0],
    [grow, "spends", 3],
    [grow, "spends>100", 3],
    [shrink, "spends", 0],
    [shrink, "disturbs", 3],
    [shrink, "destroys", 3],
    [digest(), "destroys", 0],
  ])("%# with %s: exit code %i", (text, rule, status) => {
    const result = run(text, "--fail-on", rule, "--format", "json");
    expect(result.status).toBe(status);
    expect(JSON.parse(result.stdout)).toHaveProperty("headline");
    if (status === 3) expect(result.stderr).toMatch(/^not let through: /);
  });

  test("a limit is kept by prices, and what has none is over it", () => {
    const summary = summarise(readPreview(grow));
    const bought = { currency: "CNY", perHour: 1, perMonth: 730 };
    const price = { bought, freed: { ...bought, perHour: 0, perMonth: 0 }, isPaidOn: false };
    const known = { known: new Map([[urn("workers"), price]]), unknown: new Map() };
    expect(violation(readRule("spends>1000"), summary, known)).toBeUndefined();
    expect(violation(readRule("spends>700"), summary, known)).toBe(
      "what the plan buys costs 730.00 CNY per month, more than 700",
    );
  });
});
