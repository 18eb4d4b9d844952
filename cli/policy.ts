// Which plans a pipeline lets through.

import type { Change } from "./change";
import { type Prices, sums } from "./prices";
import type { Summary } from "./summary";

export type Rule = { kind: "destroys" | "disturbs" | "spends" } | { kind: "spendsMore"; limit: number };

/** `destroys`, `disturbs`, `spends`, or `spends>100` for purchases of more than that per month, whatever is freed. */
export function readRule(text: string): Rule {
  if (text === "destroys" || text === "disturbs" || text === "spends") return { kind: text };
  const [, limit] = /^spends>(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (limit !== undefined) return { kind: "spendsMore", limit: Number(limit) };
  throw new Error(`--fail-on may be destroys, disturbs, spends or spends>N (per month), not ${text}`);
}

/** Why a rule does not let a plan through; undefined where it does. */
export function violation(rule: Rule, summary: Summary, prices: Prices | undefined): string | undefined {
  if (summary.errors.length > 0) return "the preview failed, so that the plan is not complete";
  const disturbed = summary.changes.some(({ disturbs }) => disturbs.length > 0);
  const byOthers = neighbourWith(summary, rule);
  if (byOthers !== undefined) return byOthers;
  switch (rule.kind) {
    case "destroys":
      return summary.removes > 0
        ? `the plan removes ${summary.removes} nodes`
        : undecided(summary, "removes nodes", mayRemove);
    case "disturbs":
      return disturbed || summary.removes > 0
        ? "the plan disturbs what runs"
        : undecided(summary, "disturbs what runs", (change) => mayRemove(change) || !hasNodes(change));
    case "spends":
      return summary.buys > 0
        ? `the plan buys ${summary.buys} nodes`
        : undecided(summary, "buys nodes", hasNodes);
    case "spendsMore":
      return spending(rule.limit, summary, prices);
  }
}

/** What a resource of another provider does to what ours act on. */
function neighbourWith({ neighbours }: Summary, { kind }: Rule): string | undefined {
  const meant = {
    destroys: ["destroys"],
    disturbs: ["destroys", "disturbs"],
    spends: ["spends"],
    spendsMore: ["spends"],
  }[kind];
  for (const { name, effects } of neighbours) {
    const effect = effects.find(({ verdict }) => meant.includes(verdict));
    if (effect)
      return `${name} ${effect.text}${kind === "spendsMore" ? ", at a price that is not known here" : ""}`;
  }
  return undefined;
}

/** Whether a change is about a number of nodes, and not about what runs on them. */
const hasNodes = ({ resource }: Pick<Change, "resource">) => resource.subject.size !== undefined;

/** What takes charge of what exists may remove some of it; something new has nothing to remove. */
const mayRemove = ({ op, plan, ...change }: Change) =>
  hasNodes(change) && (op !== "create" || plan.warnings.some(({ code }) => code === "askFirst"));

/** Inputs that an update only records, for a removal or for how long something may take. */
const laterInputs: readonly string[] = ["deletionPolicy", "onDelete", "timeouts"];

/** Whether what is open about a change can make a difference now. */
const isOpenNow = ({ op, plan }: Change) =>
  plan.warnings.some(
    ({ severity, property = "" }) =>
      severity === "open" && !(op === "update" && laterInputs.includes(property)),
  );

/** What is not known is not let through, where it may be what the rule is about. */
function undecided(
  { changes, unknown }: Summary,
  what: string,
  isMeant: (change: Change) => boolean,
): string | undefined {
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(", ");
    return `whether the plan ${what} is not known: it has types that this version does not know: ${names}`;
  }
  const open = changes.filter((change) => isOpenNow(change) && isMeant(change)).map(({ name }) => name);
  if (open.length === 0) return undefined;
  return `whether the plan ${what} is not known yet: ${open.join(", ")}. With --live the clouds are asked`;
}

function spending(limit: number, summary: Summary, prices: Prices | undefined): string | undefined {
  const isOpen = summary.changes.some((change) => change.buys > 0 && !prices?.known.has(change.urn));
  if (isOpen)
    return `what the plan buys has no known price, so that it cannot be shown to stay below ${limit} per month`;
  const over = prices && sums(prices, ({ bought }) => bought).find(({ perMonth }) => perMonth > limit);
  return over
    ? `what the plan buys costs ${over.perMonth.toFixed(2)} ${over.currency} per month, more than ${limit}`
    : undecided(summary, `spends more than ${limit} per month`, hasNodes);
}
