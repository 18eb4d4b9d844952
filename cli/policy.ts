// Which plans a pipeline lets through.
import { type Prices, total } from "./prices";
import type { Summary } from "./summary";

export type Rule = { kind: "destroys" | "disturbs" | "spends" } | { kind: "spendsMore"; limit: number };

/** `destroys`, `disturbs`, `spends`, or `spends>100` for more than that per month. */
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
  switch (rule.kind) {
    case "destroys":
      return summary.removes > 0 ? `the plan removes ${summary.removes} nodes` : undefined;
    case "disturbs":
      return disturbed || summary.removes > 0 ? "the plan disturbs what runs" : undefined;
    case "spends":
      return summary.buys > 0 ? `the plan buys ${summary.buys} nodes` : undefined;
    case "spendsMore":
      return spending(rule.limit, summary, prices);
  }
}

function spending(limit: number, { buys }: Summary, prices: Prices | undefined): string | undefined {
  if (buys === 0) return undefined;
  if (!prices || prices.unknown.size > 0 || prices.known.size === 0)
    return `what the plan buys has no known price, so that it cannot be shown to stay below ${limit} per month`;
  const over = total(prices).find(({ perMonth }) => perMonth > limit);
  return over && `the plan costs ${over.perMonth.toFixed(2)} ${over.currency} per month, more than ${limit}`;
}
