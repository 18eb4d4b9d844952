// What a summary says, in words that every form of it shares: a headline, a row for each change, and the details.

import { counted } from "../provider/base/counted";
import { timeText } from "../provider/core/durations";
import type { Measurement } from "../provider/core/measurements";
import type { Note } from "../provider/core/note";
import { describeStep } from "../provider/core/plan";
import type { Change } from "./change";
import { durationText, estimate } from "./estimate";
import type { Neighbour } from "./neighbours";
import { delta, moneyText, type Prices, sums } from "./prices";
import type { Summary } from "./summary";

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
  warnings: Note[];
  blocked: Note[];
  irreversible: string[];
  paths: string[];
}

const words = { safe: "Safe", disturbs: "Disturbs", spends: "Spends", destroys: "Destroys" };

/** What is known beside the preview. */
export interface Background {
  prices?: Prices | undefined;
  history?: readonly Measurement[] | undefined;
  /** Where calls go otherwise than usual. */
  endpoints?: readonly string[] | undefined;
}

export function report(summary: Summary, background: Background = {}): Report {
  return {
    verdict: summary.verdict,
    headline: headlineOf(summary),
    notes: notesOf(summary, background),
    clusters: clusterReports(summary, background),
  };
}

function clusterReports({ changes, neighbours }: Summary, { prices, history }: Background): ClusterReport[] {
  const reports = [...clustersOf(changes)].map(([cluster, own]) => ({
    cluster,
    // One after the other on each cluster, side by side across.
    duration: own.some(isUndecided) ? "duration not known yet" : durationText(estimateOf(own, history)),
    rows: own.map((change) => rowOf(change, prices)),
  }));
  for (const neighbour of neighbours) {
    const present = reports.find(({ cluster }) => cluster === neighbour.subject);
    const row = neighbourRow(neighbour);
    if (present) present.rows.push(row);
    else reports.push({ cluster: neighbour.subject, duration: "by another provider", rows: [row] });
  }
  return reports;
}

function neighbourRow({ name, type, op, effects, warnings, blocked, paths }: Neighbour): Row {
  const texts = effects.map(({ text }) => text);
  return {
    ...{ name, type, change: op === "same" || op === "refresh" ? "unchanged" : op, price: "", steps: [] },
    effect: blocked.length > 0 ? "blocked" : texts.join("; ") || "no effect on running work",
    irreversible: effects.filter(({ verdict }) => verdict === "destroys").map(({ text }) => text),
    ...{ warnings, blocked, paths },
  };
}

function clustersOf(changes: readonly Change[]): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (const change of changes) found.set(change.cluster, [...(found.get(change.cluster) ?? []), change]);
  return found;
}

function headlineOf(summary: Summary): string {
  const { verdict, buys, removes, changes, neighbours, unknown, open, blocked, errors } = summary;
  const disturbed = changes.flatMap(({ disturbs }) => disturbs);
  const parts = [
    ...(removes > 0 ? [`removes ${nodes(removes)}`] : []),
    ...(buys > 0 ? [`buys ${nodes(buys)}`] : []),
    ...(disturbed.length > 0
      ? [disturbed.length === 1 ? `${disturbed[0]}` : `${disturbed.length} restarts or stops`]
      : []),
  ];
  parts.push(...neighbours.flatMap(({ name, effects }) => effects.map(({ text }) => `${name} ${text}`)));
  const strange = `${counted(unknown.length, "change")} of a type that this version does not know`;
  if (errors.length > 0) return "The preview failed: the plan is not complete";
  if (blocked.length > 0)
    return `${verdict === "safe" && open + unknown.length > 0 ? "Not known yet" : words[verdict]}, but ${counted(blocked.length, "change")} cannot be made as declared`;
  if (unknown.length > 0)
    return `${parts.length > 0 ? words[verdict] : "Not known yet"}: ${[...parts, strange].join("; ")}`;
  if (changes.length === 0 && parts.length === 0) return "Safe: no big-data resource changes";
  if (parts.length > 0) return `${words[verdict]}: ${parts.join("; ")}`;
  return open > 0
    ? `Not known yet: what ${counted(open, "change")} will do shows only when the clouds are asked`
    : "Safe: nothing is bought, removed or restarted";
}

function notesOf(summary: Summary, { prices, history, endpoints = [] }: Background): string[] {
  const { others, open, blocked, errors, changes, unknown, drift } = summary;
  const counts = Object.entries(others).map(([op, number]) => `${number} ${op}`);
  return [
    ...errors.map((text) => `The preview says: ${text}`),
    ...blocked.map((text) => `Blocked: ${text}`),
    ...unknown.map(
      ({ name, type, op }) =>
        `${name} (${type}, ${op}): this version of pulumi-bigdata does not know the type, nor what the change does.`,
    ),
    ...drift,
    ...moneyNotes(summary, prices),
    ...durationNote(changes, history),
    ...(open > 0
      ? [
          `${counted(open, "change")} can only be told in part: values are not known yet, or the cloud has not been asked.`,
        ]
      : []),
    ...endpoints.map((told) => `${told}.`),
    ...(counts.length > 0 ? [`Other providers: ${counts.join(", ")}.`] : []),
  ];
}

function moneyNotes({ changes, buys, removes }: Summary, prices: Prices | undefined): string[] {
  if (buys + removes === 0) return [];
  if (!prices) return ["Prices were not asked: run with --prices and credentials."];
  const isPaidOn = [...prices.known.values()].some((price) => price.isPaidOn);
  return [
    ...sums(prices, delta).map((sum) => `The bill changes by ${moneyText(sum, true)}.`),
    ...sums(prices, ({ after }) => after).map(
      (sum) => `The pools that change then cost ${moneyText(sum)} in all.`,
    ),
    ...(prices.known.size > 0 ? ["Prices are today's, with the account's discounts."] : []),
    ...(isPaidOn ? ["Monthly nodes that are removed are paid until their month ends."] : []),
    ...[...prices.unknown].map(
      ([urn, why]) => `No price for ${changes.find((change) => change.urn === urn)?.name}: ${why}.`,
    ),
  ];
}

const estimateOf = (changes: readonly Change[], history: Background["history"]) => {
  const calls = changes.flatMap((change) => change.calls);
  return estimate(calls, history);
};

/** Clusters change side by side, so that the slowest tells how long it takes. */
function durationNote(changes: readonly Change[], history: Background["history"]): string[] {
  const estimates = [...clustersOf(changes).values()].map((own) => estimateOf(own, history));
  if (estimates.every((each) => each?.calls === 0)) return [];
  if (estimates.includes(undefined)) return ["How long it takes is not known."];
  const longest = Math.max(...estimates.map((each) => each?.seconds ?? 0));
  return [`It takes ${timeText(longest)}, by estimate.`];
}

function rowOf(change: Change, prices: Prices | undefined): Row {
  const { plan, replaceReasons, op, removes, buys, disturbs } = change;
  const price = prices?.known.get(change.urn);
  const effects = [
    ...(removes.length > 0 ? [`removes ${removes.join(", ")}`] : []),
    ...(buys > 0 ? [`buys ${nodes(buys)}`] : []),
    ...disturbs,
  ];
  return {
    name: change.name,
    type: change.type,
    change: op === "replace" ? `replace, because of ${replaceReasons.join(", ") || "its inputs"}` : op,
    effect:
      plan.blocked.length > 0
        ? "blocked"
        : effects.join("; ") ||
          (op === "import"
            ? "taken over as it is"
            : change.isOpen
              ? "not known yet"
              : "no effect on running work"),
    price: price ? moneyText(delta(price), true) : "",
    steps: plan.steps.map(describeStep),
    warnings: plan.warnings,
    blocked: plan.blocked,
    irreversible: change.irreversible,
    paths: change.paths,
  };
}

/** Whether nothing can be said of what it changes. */
const isUndecided = ({ calls, isOpen }: Change) => isOpen && calls.length === 0;

const nodes = (number: number) => counted(number, "node");
