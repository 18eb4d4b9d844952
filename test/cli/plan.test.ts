import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { html } from "../../cli/html";
import { markdown } from "../../cli/markdown";
import { readRule, violation } from "../../cli/policy";
import { readPreview } from "../../cli/preview";
import { report } from "../../cli/report";
import { summarise } from "../../cli/summary";
import { terminal } from "../../cli/terminal";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

import { digest, inputs, run, step, urn } from "./poolPreview";

describe("what is read", () => {
  test("a digest, from standard input and from a file", () => {
    const text = digest(step("update", "workers", 2, 5));
    const piped = run(text);
    expect(piped).toMatchObject({ status: 0, stderr: "" });
    expect(piped.stdout).toMatch(/^Spends: buys 3 nodes/);
    const directory = mkdtempSync(join(tmpdir(), "plan-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, "preview.json"), text);
    expect(run("", join(directory, "preview.json")).stdout).toBe(piped.stdout);
  });

  test("a resource that shows no inputs stops nobody", () => {
    const app = "bigdata:volcengine:EmrApplicationState";
    const steps = ["create", "delete"].map((op) => ({ op, urn: urn(op, app), newState: {}, oldState: {} }));
    expect(run(digest(...steps))).toMatchObject({ status: 0, stderr: "" });
  });

  test("a stream of events says the same", () => {
    const { op, urn: name, oldState, newState } = step("update", "workers", 2, 5) as Record<string, unknown>;
    const metadata = {
      op,
      urn: name,
      type: "bigdata:tencent:EmrNodePool",
      old: oldState,
      new: newState,
      detailedDiff: null,
    };
    const lines = [
      { sequence: 0, timestamp: 1, preludeEvent: { config: {} } },
      { sequence: 1, timestamp: 1, resourcePreEvent: { metadata, planning: true } },
      { sequence: 2, timestamp: 1, summaryEvent: { result: "succeeded", resourceChanges: { update: 1 } } },
    ];
    const stream = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(run(stream).stdout).toBe(run(digest(step("update", "workers", 2, 5))).stdout);
  });

  test.each([
    ["", /The preview is empty/],
    ["Previewing update (dev)", /The preview is no JSON: it begins with "Previewing/],
    [digest(step("update", "workers", 2, 5)).slice(0, 200), /cut off or damaged/],
    ["{}", /The JSON is no preview: it has nothing/],
    ['{"version":3,"deployment":{}}', /The JSON is no preview: it has version, deployment/],
    [digest({ op: "update" }), /Step 1 of the preview has no op or no urn/],
    [
      '{"sequence":0,"preludeEvent":{}}\n{"sequence":1,"resourcePre',
      /stream of events is cut off at line 2 of 2/,
    ],
    ['{"sequence":0,"preludeEvent":{}}', /ends without a summary after 1 lines/],
  ])("damaged input is told: %s", (text, reason) => {
    const { status, stderr, stdout } = run(text);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(reason);
  });

  test.each([
    [["--format", "pdf"], /--format may be text, markdown, html or json/],
    [["--fail-on", "spends>lots"], /--fail-on may be destroys, disturbs, spends or spends>N/],
    [["--nonsense"], /nonsense/],
    [["a", "b"], /unknown: plan a b/],
  ])("wrong usage is told: %j", (args, reason) => {
    const { status, stderr } = run("", ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/Usage: pulumi-bigdata plan/);
  });
});

test.each<[string, object, string | undefined]>([
  [
    "destroys",
    step("update", "workers", 2, unknown),
    "whether the plan removes nodes is not known yet: workers",
  ],
  ["disturbs", step("update", "workers", 2, unknown), "whether the plan disturbs what runs is not known"],
  ["spends", step("create", "workers", undefined, unknown), "whether the plan buys nodes is not known"],
  [
    "spends>100",
    step("update", "workers", 2, unknown),
    "whether the plan spends more than 100 per month is not",
  ],
  ["destroys", step("create", "workers", undefined, unknown), undefined],
  ["disturbs", step("create", "workers", undefined, unknown), undefined],
  ["destroys", step("update", "workers", 2, 3), undefined],
])("--fail-on %s lets through nothing that is not known: case %#", (rule, change, reason) => {
  const found = violation(readRule(rule), summarise(readPreview(digest(change))), undefined);
  if (reason === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(reason);
});

describe("what is said", () => {
  const summaryOf = (...steps: object[]) => summarise(readPreview(digest(...steps)));

  test.each<[string, object[], string, object]>([
    ["nothing", [], "Safe: no big-data resource changes", { verdict: "safe" }],
    [
      "a purchase",
      [step("create", "workers", undefined, 2)],
      "Spends: buys 2 nodes",
      { verdict: "spends", buys: 2 },
    ],
    [
      "a removal",
      [step("update", "workers", 3, 1)],
      "Destroys: removes 2 nodes",
      { verdict: "destroys", removes: 2 },
    ],
    ["a deletion", [step("delete", "workers", 2)], "Destroys: removes 2 nodes", { removes: 2 }],
    [
      "a replacement, which comes as three steps",
      [
        step("delete-replaced", "workers", 2),
        step("replace", "workers", 2, 2, { replaceReasons: ["zoneId"] }),
        step("create-replacement", "workers", 2, 2),
      ],
      "Destroys: removes 2 nodes; buys 2 nodes",
      { buys: 2, removes: 2 },
    ],
    [
      "a count that is not known",
      [step("update", "workers", 2, unknown)],
      "Not known yet: what 1 change will do shows only when the clouds are asked",
      { open: 1 },
    ],
    [
      "an import",
      [step("import", "workers", undefined, 2)],
      "Safe: nothing is bought, removed or restarted",
      { verdict: "safe" },
    ],
    [
      "what stays the same",
      [step("same", "workers", 2, 2)],
      "Safe: no big-data resource changes",
      { verdict: "safe" },
    ],
    [
      "other providers",
      [
        { op: "create", urn: urn("b", "aws:s3/bucket:Bucket"), newState: { inputs: {} } },
        { op: "create", urn: urn("s", "pulumi:pulumi:Stack") },
      ],
      "Safe: no big-data resource changes",
      { others: { create: 1 } },
    ],
    [
      "a dynamic resource",
      [
        {
          ...step("update", "workers", 2, 3),
          urn: urn("workers", "pulumi-nodejs:dynamic/bigdata/tencent:EmrNodePool"),
        },
      ],
      "Spends: buys 1 node",
      { buys: 1 },
    ],
  ])("%s", (_name, steps, headline, part) => {
    const summary = summaryOf(...steps);
    expect(summary).toMatchObject(part);
    expect(report(summary).headline).toBe(headline);
  });

  test("nodes that go are named, and what cannot be undone", () => {
    const told = report(summaryOf(step("update", "workers", 3, 1)));
    expect(told.clusters).toMatchObject([
      {
        cluster: "emr-5n3l5c83",
        duration: "about 2 min (estimate from usual times)",
        rows: [{ effect: "removes emr-vm-3, emr-vm-2" }],
      },
    ]);
    expect(told.clusters[0]?.rows[0]?.irreversible.join()).toMatch(/do not come back/);
  });

  test("what retainOnDelete keeps is not removed", () => {
    const retained = (op: string, to?: number) => {
      const { oldState, ...rest } = step(op, "workers", 3, to) as { oldState: object };
      return digest({ ...rest, oldState: { ...oldState, retainOnDelete: true } });
    };
    const deleted = run(retained("delete"), "--fail-on", "destroys");
    expect([deleted.status, deleted.stdout]).toEqual([0, expect.stringContaining("stays in the cloud")]);
    expect(deleted.stdout).not.toContain("removes 3");
    const replaced = run(retained("replace", 2), "--fail-on", "destroys");
    expect([replaced.status, replaced.stdout]).toEqual([0, expect.stringContaining("buys 2 nodes")]);
    expect(run(digest(step("delete", "workers", 3)), "--fail-on", "destroys").status).toBe(3);
  });

  test("a preview that failed is not called safe", () => {
    const text = JSON.stringify({
      steps: [],
      diagnostics: [{ severity: "error", message: "<{%fg 1%}>boom<{%reset%}>" }],
    });
    const told = report(summarise(readPreview(text)));
    expect(told.headline).toBe("The preview failed: the plan is not complete");
    expect(told.notes).toEqual(["The preview says: boom"]);
    expect(violation(readRule("destroys"), summarise(readPreview(text)), undefined)).toMatch(
      /preview failed/,
    );
  });

  test("names mean nothing to Markdown, HTML or a terminal", () => {
    const evil = "<script>alert(1)</script>|`x`*y*_z_[a](b)@everyone #1 \u001b[31m\n# big";
    const told = report(summaryOf(step("update", evil, 2, 3)));
    const text = markdown(told);
    for (const piece of ["<script", "`x`", "*y*", "_z_", "[a](b)", "@everyone", " #1 ", "\n# big"])
      expect(text).not.toContain(piece);
    for (const shown of [text, html(told), terminal(told, { width: 80, isColoured: false })])
      expect(shown).not.toContain("\u001b");
  });

  test("an endpoint that is set is told once, without a user and a password", () => {
    const config = { "bigdata:tencentEndpoint": "https://user:pass@cloud.example" };
    const text = JSON.stringify({ ...JSON.parse(digest(step("update", "workers", 2, 3))), config });
    const { stdout } = run(text);
    expect(
      stdout.match(/Calls go to https:\/\/cloud\.example, .* \(bigdata:tencentEndpoint\)\./g),
    ).toHaveLength(1);
    expect(stdout).not.toContain("pass");
  });

  test("the page is whole, asks nothing of anybody, and takes no name for HTML", () => {
    const evil = `<script>alert(1)</script><img src="//x.example/y" onerror='z'>`;
    const page = html(report(summaryOf(step("update", evil, 3, 1), step("create", "new", undefined, 1))));
    expect(page).not.toMatch(/<script|<img|<link|<iframe|@import|url\(/i);
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'/);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toMatch(/<h1 class="destroys">Destroys: removes 2 nodes; buys 1 node<\/h1>/);
    for (const tag of ["main", "section", "article", "ul", "ol", "details"])
      expect(page.split(`<${tag}>`).length, tag).toBe(page.split(`</${tag}>`).length);
  });

  test("five hundred changes stay below what a comment may be, and say what is left out", () => {
    const steps = Array.from({ length: 500 }, (_, index) => ({
      ...step("update", `workers-${index}`, 2, 3),
      newState: { inputs: inputs(3, { clusterId: `emr-cluster${index % 40}` }) },
    }));
    const told = report(summaryOf(...steps));
    const text = markdown(told);
    expect(text.length).toBeLessThan(60_000);
    expect(text).toMatch(/more changes are left out here/);
    expect(text).toMatch(/details of \d+ more clusters are left out here/);
    expect(markdown(told, 10_000_000)).not.toMatch(/left out/);
  });

  test("secrets stay hidden, and unknown values unknown", () => {
    const type = "bigdata:volcengine:EmrApplicationState";
    const base = {
      clusterId: "emr-1",
      application: "Ray",
      components: ["RayOperator"],
      state: "running",
      onDelete: "leave",
    };
    const old = {
      ...base,
      applicationConfigs: "[secret]",
      instances: [],
      runState: "running",
      driftVisible: false,
      configsApplied: true,
      observedConfigs: "[secret]",
    };
    const change = (more: object, paths: object | null) => ({
      op: "update",
      urn: urn("ray", type),
      oldState: { inputs: { ...base, applicationConfigs: "[secret]" }, outputs: old },
      newState: { inputs: { ...base, applicationConfigs: "[secret]", ...more } },
      detailedDiff: paths,
    });
    const differs = summaryOf(change({}, { "applicationConfigs[0].value": { kind: "update" } }));
    expect(differs).toMatchObject({ verdict: "disturbs", open: 0 });
    expect(differs.changes[0]?.plan.warnings).toContainEqual({
      code: "hiddenChange",
      severity: "warning",
      text: "applicationConfigs changes; its value is hidden",
      property: "applicationConfigs",
    });
    const other = summaryOf(change({ onDelete: "stopped" }, { onDelete: { kind: "update" } }));
    expect(other.verdict).toBe("safe");
  });
});
