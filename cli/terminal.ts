// The report for a terminal: in its width, with colours where it has them and nobody asked for none.
import { printable } from "../provider/base/printable";
import type { Report } from "./report";

const colours = { safe: 32, disturbs: 33, spends: 35, destroys: 31 } as const;

export interface TerminalOptions {
  width: number;
  isColoured: boolean;
}

export function terminal(given: Report, { width, isColoured }: TerminalOptions): string {
  const painted = (text: string, code: number) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [painted(printable(given.headline), colours[given.verdict])];
  for (const note of given.notes) lines.push(...wrapped(`- ${printable(note)}`, width, "  "));
  for (const { cluster, duration, rows } of given.clusters) {
    lines.push("", painted(`${printable(cluster)}, ${duration}`, 1));
    for (const row of rows) {
      lines.push(
        ...wrapped(
          `  ${printable(row.name)} (${row.type}), ${printable(row.change)}: ${printable(row.effect)}${row.price ? `, ${row.price}` : ""}`,
          width,
          "    ",
        ),
      );
      for (const [index, step] of row.steps.entries())
        lines.push(...wrapped(`    ${index + 1}. ${printable(step)}`, width, "       "));
      for (const text of row.irreversible)
        lines.push(...wrapped(`    cannot be undone: ${printable(text)}`, width, "      "));
      for (const { text } of row.warnings)
        lines.push(...wrapped(`    mind: ${printable(text)}`, width, "      "));
      for (const { text } of row.blocked)
        lines.push(...wrapped(`    blocked: ${printable(text)}`, width, "      "));
    }
  }
  return `${lines.join("\n")}\n`;
}

function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) /)) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (line !== "" && joined.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = joined;
  }
  return [...lines, line];
}
