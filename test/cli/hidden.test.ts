// What a preview hides is not known, and what is not known is neither called safe nor let through.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRule, violation } from "../../cli/policy";
import { readPreview } from "../../cli/preview";
import { report } from "../../cli/report";
import { summarise } from "../../cli/summary";
import { resources } from "../../provider/resources";
import { root } from "../package";

type Values = Record<string, unknown>;
interface Step {
  op: string;
  urn: string;
  oldState: { inputs: Values; outputs: Values };
  newState: { inputs: Values; outputs: Values };
  detailedDiff: Record<string, object> | null;
  diffReasons: string[];
  replaceReasons: string[];
}

const hidden = "[secret]";
const types = [...resources.keys()];
const inputsOf = (type: string) => Object.keys(resources.get(type)?.inputs.shape ?? {});
const hasNodes = (type: string) => resources.get(type)?.subject.size !== undefined;
const later = ["deletionPolicy", "onDelete", "timeouts"];

/** A recorded update of each resource. */
const { steps: recorded } = JSON.parse(
  readFileSync(join(root, "test", "cli", "previews", "all-change.json"), "utf8"),
) as { steps: Step[] };

/** A step that changes nothing, which a test then changes. */
function still(type: string, isPlugin = true): Step {
  const step = structuredClone(recorded.find(({ urn }) => urn.includes(`::bigdata:${type}::`)));
  if (!step) throw new Error(`${type}: no update is recorded`);
  const urn = isPlugin ? step.urn : step.urn.replace("::bigdata:", "::pulumi-nodejs:dynamic/bigdata/");
  return {
    ...step,
    urn,
    newState: { inputs: { ...step.oldState.inputs }, outputs: {} },
    detailedDiff: null,
    diffReasons: [],
    replaceReasons: [],
  };
}

type Side = "both" | "new" | "old";
const forms: Record<string, unknown> = {
  "as a whole": hidden,
  "in a list": [hidden],
  "in an object": { a: hidden },
};

function hide(step: Step, name: string, side: Side = "both", value: unknown = hidden): Step {
  const add = (values: Values) => ({ ...values, [name]: value });
  const { oldState: olds, newState: news } = step;
  return {
    ...step,
    oldState: side === "new" ? olds : { inputs: add(olds.inputs), outputs: add(olds.outputs) },
    newState: side === "old" ? news : { ...news, inputs: add(news.inputs) },
  };
}

const told = (step: Step, ...names: string[]): Step => ({
  ...step,
  detailedDiff: Object.fromEntries(names.map((name) => [name, { kind: "update", inputDiff: true }])),
});

function judge(step: object) {
  const summary = summarise(readPreview(JSON.stringify({ steps: [step], changeSummary: {} })));
  const stops = (rule: string) => violation(readRule(rule), summary, undefined) !== undefined;
  return {
    headline: report(summary).headline,
    open: summary.open,
    warnings: summary.changes.flatMap(({ plan }) => plan.warnings),
    stops: { destroys: stops("destroys"), disturbs: stops("disturbs"), spends: stops("spends") },
  };
}

const cases = types.flatMap((type) => inputsOf(type).map((name) => ({ type, name })));
const isSecret = (type: string, name: string) => resources.get(type)?.secrets.includes(name) ?? false;
const replaces = (type: string, name: string) =>
  resources.get(type)?.replaceOnChanges.includes(name) ?? false;

describe.each(cases)("$type, $name", ({ type, name }) => {
  const every = Object.entries(forms).flatMap(([form, value]) =>
    (["both", "new", "old"] as const).map((side) => ({ form, value, side })),
  );

  function expectOpen(step: object, isNow = true) {
    const { headline, open, stops } = judge(step);
    expect(open).toBe(1);
    expect(headline).not.toMatch(/^Safe/);
    expect(stops.disturbs).toBe(isNow);
    if (hasNodes(type)) expect(stops).toMatchObject({ destroys: isNow, spends: isNow });
  }

  test.each(every)("hidden $form ($side) where the preview says that it changes", ({ value, side }) => {
    const step = told(hide(still(type), name, side, value), name);
    if (!isSecret(type, name)) return expectOpen(step, !later.includes(name));
    const warnings = judge(step).warnings.filter(({ property }) => property === name);
    expect(warnings.map(({ code }) => code)).toEqual(["hiddenChange"]);
  });

  test.each(every)("hidden $form ($side) where the preview does not say what changes", ({ value, side }) => {
    const step = hide(still(type, false), name, side, value);
    // A change of these would replace.
    if (replaces(type, name)) expect(judge(step).open).toBe(0);
    else expectOpen(step, !later.includes(name));
  });

  test.runIf(replaces(type, name) && !isSecret(type, name))("hidden where it replaces", () => {
    for (const isPlugin of [true, false]) {
      const step = hide(still(type, isPlugin), name);
      const { headline, open } = judge({ ...step, op: "replace", replaceReasons: [name] });
      expect(open).toBe(1);
      expect(headline).not.toMatch(/^Safe/);
    }
  });

  test.runIf(!isSecret(type, name))("hidden in something new", () => {
    const { oldState: _, ...step } = hide(still(type), name);
    const { headline, open, stops } = judge({ ...step, op: "create" });
    expect(open).toBe(1);
    expect(headline).not.toMatch(/^Safe/);
    expect(hasNodes(type) ? stops.spends : stops.disturbs).toBe(true);
  });

  test("hidden, and not among what the preview says to change", () => {
    const other = name === "timeouts" ? "profile" : "timeouts";
    expect(judge(told(hide(still(type), name), other)).open).toBe(0);
  });
});

test.each(["dynamic", "plugin"])(
  "a hidden count that goes down in the %s door is let through by no rule",
  (door) => {
    const { open, stops, headline } = judge(
      door === "plugin"
        ? told(hide(still("tencent:EmrNodePool"), "count"), "count")
        : hide(still("tencent:EmrNodePool", false), "count"),
    );
    expect({ open, stops }).toEqual({ open: 1, stops: { destroys: true, disturbs: true, spends: true } });
    expect(headline).toMatch(/^Not known yet/);
  },
);

test.each([
  ["tencent:EmrNodePool", "deletionPolicy", "destroys"],
  ["huawei:DdmNodeGroup", "onDelete", undefined],
  ["tencent:EmrServiceState", "onDelete", "disturbs"],
  ["tencent:DlcEngineImage", "onDelete", undefined],
  ["volcengine:EmrApplicationState", "onDelete", "disturbs"],
])("%s: a deletion hangs on a hidden %s", (type, name, rule) => {
  const { newState: _, ...step } = hide(still(type), name);
  const { open, stops, headline } = judge({ ...step, op: "delete" });
  if (rule === undefined) return;
  expect(open).toBe(1);
  expect(headline).not.toMatch(/^Safe/);
  expect(stops).toMatchObject({ [rule]: true });
});

test("one purchase with a price says nothing of another that is unknown", () => {
  const type = "tencent:EmrNodePool";
  const known = told(still(type), "count");
  known.newState.inputs["count"] = 3;
  const other = told(hide(still(type), "count"), "count");
  other.urn = other.urn.replace(/::[^:]+$/, "::other");
  const summary = summarise(readPreview(JSON.stringify({ steps: [known, other], changeSummary: {} })));
  const money = { currency: "CNY", perHour: 1, perMonth: 730 };
  const price = { bought: money, freed: { ...money, perHour: 0, perMonth: 0 }, isPaidOn: false };
  const prices = { known: new Map([[known.urn, price]]), unknown: new Map() };
  expect(violation(readRule("spends>729"), summary, prices)).toMatch(/^what the plan buys costs 730.00 CNY/);
  expect(violation(readRule("spends>1000"), summary, prices)).toMatch(/is not known yet: other/);
});

test("what decides how many nodes go decides although it stays as it is", () => {
  const pool = "tencent:EmrNodePool";
  const step = told(hide(still(pool), "scaleIn"), "count");
  step.newState.inputs["count"] = 1;
  expect(judge(step)).toMatchObject({ open: 1, stops: { destroys: true } });
  expect(judge(told(still(pool), "tags")).open).toBe(0);
});

test("hidden components that stay do not make a stop look harmless", () => {
  const step = told(hide(still("tencent:EmrServiceState"), "components"), "state");
  step.newState.inputs["state"] = "stopped";
  expect(judge(step)).toMatchObject({
    headline: expect.stringMatching(/^Disturbs/),
    stops: { disturbs: true },
  });
});

test("recorded outputs that are hidden leave it open", () => {
  const step = told(still("tencent:EmrNodePool"), "count");
  step.newState.inputs["count"] = 1;
  step.oldState.outputs["nodes"] = hidden;
  expect(judge(step)).toMatchObject({ open: 1, stops: { destroys: true, spends: true, disturbs: true } });
});

test("two resources with hidden names are not taken for the same", () => {
  const type = "tencent:EmrNodePool";
  const going = hide(still(type), "poolId");
  const coming = { ...going, op: "create", urn: going.urn.replace(/::[^:]+$/, "::other"), oldState: null };
  const steps = [coming, { ...going, op: "delete", newState: null }];
  const { changes } = summarise(readPreview(JSON.stringify({ steps, changeSummary: {} })));
  expect(changes.map(({ verdict }) => verdict)).toEqual(["spends", "destroys"]);
});
