// The table of rows, in Markdown, and its place in a document.
import type { Row } from "./measure";

const columns = ["What", "Figure", "Against", "Ratio", "Target", "Met", "Measured"] as const;

function isMet({ ratio, target }: Row): boolean | undefined {
  if (!target) return undefined;
  return "atMost" in target ? ratio <= target.atMost : ratio >= target.atLeast;
}

function cellsOf(row: Row): string[] {
  const { target } = row;
  const wanted = target && ("atMost" in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`);
  const met = isMet(row);
  const said = met ? "yes" : ["no", row.reason].filter(Boolean).join(": ");
  return [
    row.what,
    row.figure,
    row.against,
    row.ratio.toFixed(2),
    wanted ?? "",
    met === undefined ? "" : said,
    row.how,
  ];
}

export function table(rows: readonly Row[]): string {
  const lines = [columns, columns.map(() => "---"), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

const begin = "<!-- table: npm run bench -- --write -->\n";
const end = "<!-- end of table -->\n";

/** A document whose table is this one. */
export function withTable(document: string, written: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the document has no place for a table");
  return `${document.slice(0, from + begin.length)}\n${written}\n${document.slice(to)}`;
}
