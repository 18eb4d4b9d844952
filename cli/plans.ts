// Plans of what a preview shows, for all that the hidden part of it may be.
import { leavesOpen, type Note, note } from "../provider/core/note";
import { type CallStep, nothing, type Plan, planOfChange } from "../provider/core/plan";
import type { Resource } from "../provider/core/resource";
import { possibilities, type Shown, type Values, visible, withoutHiddenOutputs } from "./hidden";

export type Op = "create" | "update" | "replace" | "delete" | "import";
export type Verdict = "safe" | "disturbs" | "spends" | "destroys";
/** The worst last. */
export const verdicts: readonly Verdict[] = ["safe", "disturbs", "spends", "destroys"];

/** The plan for all that hidden values may be: the worst, which is open where they do not all come to the same. */
export function planShown(resource: Resource, op: Op, shown: Shown): Plan {
  const plans = possibilities(resource, {
    ...shown,
    olds: shown.olds && withoutHiddenOutputs(resource, shown.olds),
  }).map(({ name, shown: { olds, news } }) => ({
    name,
    plan: planLeniently(resource, op, [olds, news], shown),
  }));
  const [first, ...others] = plans as [{ plan: Plan }, ...typeof plans];
  const differing = others.filter(({ plan }) => effectOf(plan) !== effectOf(first.plan));
  const worst = differing.reduce((worse, { plan }) => (rank(plan) > rank(worse) ? plan : worse), first.plan);
  const deciding = [...new Set(differing.flatMap(({ name }) => name ?? []))];
  const notes = [
    ...shown.notes,
    ...deciding.map((name) => note("hiddenInput", `it depends on ${name}, whose value is hidden`, name)),
  ];
  const isTold = ({ code, property }: Note) =>
    isAboutInput(code) && notes.some((told) => told.property === property);
  // What stays as it is, and decides nothing, is no reason to wait.
  const isQuiet = ({ code, property = "" }: Note) => isAboutInput(code) && shown.unchanged.includes(property);
  return {
    ...worst,
    warnings: [...notes, ...worst.warnings.filter((each) => !isTold(each) && !isQuiet(each))],
  };
}

const isAboutInput = (code: Note["code"]) => code === "unknownInput" || code === "hiddenInput";

export const callsOf = ({ steps }: Plan) => steps.filter((step): step is CallStep => step.kind === "call");

export function verdictOf(calls: readonly CallStep[]): Verdict {
  if (calls.some(({ removes = [] }) => removes.length > 0)) return "destroys";
  if (calls.some(({ buys = 0 }) => buys > 0)) return "spends";
  return calls.some(({ disturbs = "" }) => disturbs !== "") ? "disturbs" : "safe";
}

const rank = (plan: Plan) => verdicts.indexOf(verdictOf(callsOf(plan)));

/** What a plan comes to, whatever it is called. */
const effectOf = (plan: Plan) =>
  JSON.stringify([
    callsOf(plan).map(({ action, verb, buys, removes, disturbs }) => [action, verb, buys, removes, disturbs]),
    plan.steps.filter(({ kind }) => kind === "settle" || kind === "ask").length,
    plan.blocked.map(({ code, property }) => [code, property]),
    leavesOpen(plan.warnings.filter(({ code }) => !isAboutInput(code))),
  ]);

/** Plans with hidden values as far as that goes, then without those that are always secret, and else not at all. */
function planLeniently(
  resource: Resource,
  op: Op,
  [olds, news]: [Values | undefined, Values | undefined],
  { notes, unchanged }: Shown,
): Plan {
  try {
    return planOf(resource, op, olds, news);
  } catch {
    try {
      return planOf(resource, op, olds && visible(olds), news && visible(news));
    } catch (error) {
      if (notes.length + unchanged.length === 0) throw error;
      return nothing(note("askFirst", "it cannot be planned without what is hidden"));
    }
  }
}

function planOf(
  resource: Resource,
  op: Op,
  olds: Record<string, unknown> | undefined,
  news: Record<string, unknown> | undefined,
): Plan {
  if (op === "import") {
    return nothing(note("takenOver", "what exists is taken over, without a call that changes anything"));
  }
  return planOfChange(resource, olds, op === "delete" ? undefined : news, op === "replace");
}
