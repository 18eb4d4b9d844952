// The report as a comment on a pull request: the verdict, a table, and the rest folded. Nothing in it can be taken for
// Markdown or HTML, whatever resources are called.
import { printable } from "../provider/base/printable";
import { textsOf } from "../provider/core/note";
import type { ClusterReport, Report, Row } from "./report";

/** By which a comment is found again, to be updated. */
const marker = "<!-- pulumi-bigdata plan -->";

/** Below what the platforms take: 65536 characters. */
const longestComment = 60_000;

export function markdown(given: Report, longest = longestComment): string {
  const head = [
    marker,
    `### ${escaped(given.headline)}`,
    "",
    ...given.notes.map((note) => `- ${escaped(note)}`),
  ];
  const table =
    given.clusters.length === 0
      ? []
      : ["", "| cluster | resource | change | effect | price |", "| --- | --- | --- | --- | --- |"];
  const lines = [...head, ...table];
  let length = lines.join("\n").length;
  const rows = given.clusters.flatMap((cluster) => cluster.rows.map((row) => tableRow(cluster, row)));
  const room = longest - 400;
  let cut = 0;
  for (const row of rows) {
    if (length + row.length + 1 > room * 0.7) cut += 1;
    else {
      lines.push(row);
      length += row.length + 1;
    }
  }
  if (cut > 0) lines.push("", `*${cut} more changes are left out here, since a comment has to be short.*`);
  let folded = 0;
  for (const cluster of given.clusters) {
    const details = clusterDetails(cluster).join("\n");
    if (length + details.length + 2 > room) folded += 1;
    else {
      lines.push("", details);
      length += details.length + 2;
    }
  }
  if (folded > 0) lines.push("", `*The details of ${folded} more clusters are left out here.*`);
  return `${lines.join("\n")}\n`;
}

function tableRow({ cluster }: ClusterReport, { name, type, change, effect, price }: Row): string {
  const cells = [cluster, `${name} (${type})`, change, effect, price].map(escaped);
  return `| ${cells.join(" | ")} |`;
}

function clusterDetails({ cluster, duration, rows }: ClusterReport): string[] {
  return [
    "<details>",
    `<summary>${escaped(cluster)}: ${escaped(duration)}</summary>`,
    "",
    ...rows.flatMap((row) => [
      `**${escaped(row.name)}**`,
      "",
      ...row.steps.map((step, index) => `${index + 1}. ${escaped(step)}`),
      ...(row.steps.length === 0 ? ["No step is planned."] : []),
      ...list("Differs", row.paths),
      ...list("Cannot be undone", row.irreversible),
      ...list("Mind", textsOf(row.warnings)),
      ...list("Blocked", textsOf(row.blocked)),
      "",
    ]),
    "</details>",
  ];
}

function list(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : ["", `${title}:`, ...texts.map((text) => `- ${escaped(text)}`)];
}

const special: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "|": "&#124;",
  "`": "&#96;",
  "*": "&#42;",
  _: "&#95;",
  "[": "&#91;",
  "]": "&#93;",
  "~": "&#126;",
  "@": "&#64;",
  "#": "&#35;",
  "\\": "&#92;",
  $: "&#36;",
};

/** Text in which nothing means anything to Markdown, HTML or the platform's mentions. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll(/[&<>"|`*_[\]~@#\\$]/g, (letter) => special[letter] ?? letter)
    .replaceAll(/\s+/g, " ");
}
