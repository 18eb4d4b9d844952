// What a summary says, in words that every form of it shares: a headline, a row for each change, and the details.
import { describeStep } from "../provider/plan";
import { durationText, estimate } from "./estimate";
import { type Prices, priceText, total } from "./prices";
import type { Change, Summary } from "./summary";

export interface Report {
  verdict: Summary["verdict"];
  headline: string;
  /** What a reviewer has to know beside the verdict. */
  notes: string[];
  clusters: ClusterReport[];
}

export interface ClusterReport {
  cluster: string;
  duration: string;
  rows: Row[];
}

export interface Row {
  name: string;
  type: string;
  change: string;
  effect: string;
  price: string;
  steps: string[];
  warnings: string[];
  blocked: string[];
  irreversible: string[];
  paths: string[];
}

const words = { safe: "Safe", disturbs: "Disturbs", spends: "Spends", destroys: "Destroys" };

export function report(summary: Summary, prices?: Prices): Report {
  const byCluster = new Map<string, Change[]>();
  for (const change of summary.changes)
    byCluster.set(change.cluster, [...(byCluster.get(change.cluster) ?? []), change]);
  return {
    verdict: summary.verdict,
    headline: headlineOf(summary),
    notes: notesOf(summary, prices),
    clusters: [...byCluster].map(([cluster, changes]) => ({
      cluster,
      // One after the other on each cluster, side by side across.
      duration: durationText(estimate(changes.flatMap(({ calls }) => calls))),
      rows: changes.map((change) => rowOf(change, prices)),
    })),
  };
}

function headlineOf({ verdict, buys, removes, changes, blocked, errors }: Summary): string {
  const disturbed = changes.flatMap(({ disturbs }) => disturbs);
  const parts = [
    ...(removes > 0 ? [`removes ${nodes(removes)}`] : []),
    ...(buys > 0 ? [`buys ${nodes(buys)}`] : []),
    ...(disturbed.length > 0
      ? [disturbed.length === 1 ? `${disturbed[0]}` : `${disturbed.length} restarts or stops`]
      : []),
  ];
  if (errors.length > 0) return "The preview failed: the plan is not complete";
  if (blocked.length > 0)
    return `${words[verdict]}, but ${count(blocked.length, "change")} cannot be made as declared`;
  if (changes.length === 0) return "Safe: no big-data resource changes";
  if (parts.length > 0) return `${words[verdict]}: ${parts.join("; ")}`;
  const open = changes.some(({ plan }) => plan.steps.length === 0 && plan.warnings.length > 0);
  return open
    ? "Not known yet: what has to be done shows only when the clouds are asked"
    : "Safe: nothing is bought, removed or restarted";
}

function notesOf(
  { others, open, blocked, errors, changes, buys }: Summary,
  prices: Prices | undefined,
): string[] {
  const counts = Object.entries(others).map(([op, number]) => `${number} ${op}`);
  const money = prices
    ? [
        ...total(prices).map((sum) => `What is bought costs ${priceText(sum)}.`),
        ...[...prices.unknown].map(
          ([urn, why]) => `No price for ${changes.find((change) => change.urn === urn)?.name}: ${why}.`,
        ),
      ]
    : buys > 0
      ? ["Prices were not asked: run with --prices and credentials."]
      : [];
  return [
    ...errors.map((text) => `The preview says: ${text}`),
    ...blocked.map((text) => `Blocked: ${text}`),
    ...money,
    ...(open > 0
      ? [
          `${count(open, "change")} can only be told in part: values are not known yet, or the cloud has not been asked.`,
        ]
      : []),
    ...(counts.length > 0 ? [`Other providers: ${counts.join(", ")}.`] : []),
  ];
}

function rowOf(change: Change, prices: Prices | undefined): Row {
  const { plan, replaceReasons, op, removes, buys, disturbs } = change;
  const price = prices?.known.get(change.urn);
  const effects = [
    ...(removes.length > 0 ? [`removes ${removes.join(", ")}`] : []),
    ...(buys > 0 ? [`buys ${nodes(buys)}`] : []),
    ...disturbs,
  ];
  const isOpen = plan.steps.length === 0 && plan.warnings.length > 0;
  return {
    name: change.name,
    type: change.type,
    change: op === "replace" ? `replace, because of ${replaceReasons.join(", ") || "its inputs"}` : op,
    effect:
      plan.blocked.length > 0
        ? "blocked"
        : effects.join("; ") || (isOpen ? "not known yet" : "no effect on running work"),
    price: price ? priceText(price) : "",
    steps: plan.steps.map(describeStep),
    warnings: plan.warnings,
    blocked: plan.blocked,
    irreversible: change.irreversible,
    paths: change.paths,
  };
}

const nodes = (number: number) => count(number, "node");
const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
