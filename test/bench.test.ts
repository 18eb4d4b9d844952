// The table of the benchmarks; what it says is measured by `npm run bench` alone.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interleaved, type Row } from "../bench/measure";
import { table, withTable } from "../bench/table";
import { root } from "./package";

const row: Row = { what: "w", figure: "1 ms", against: "peer: 2 ms", ratio: 0.5, how: "once" };

test("a row says whether its target is met", () => {
  const rows: Row[] = [
    row,
    { ...row, target: { atMost: 0.5 } },
    { ...row, target: { atMost: 0.4 }, reason: "why" },
    { ...row, target: { atLeast: 0.4 } },
    { ...row, target: { atLeast: 1 } },
  ];
  expect(table(rows).split("\n").slice(2, -1)).toEqual([
    "| w | 1 ms | peer: 2 ms | 0.50 |  |  | once |",
    "| w | 1 ms | peer: 2 ms | 0.50 | at most 0.5 | yes | once |",
    "| w | 1 ms | peer: 2 ms | 0.50 | at most 0.4 | no: why | once |",
    "| w | 1 ms | peer: 2 ms | 0.50 | at least 0.4 | yes | once |",
    "| w | 1 ms | peer: 2 ms | 0.50 | at least 1 | no | once |",
  ]);
});

test("the document has a place for it", () => {
  const document = readFileSync(join(root, "docs", "performance.md"), "utf8");
  const written = withTable(document, table([row]));
  expect(written).toContain("| w | 1 ms |");
  expect(withTable(written, table([row]))).toBe(written);
  expect(() => withTable("no place", "")).toThrow(/no place for a table/);
});

test("figures are taken in turn", async () => {
  const order: string[] = [];
  const take = (name: string, values: number[]) => async () => {
    order.push(name);
    return values.shift() ?? 0;
  };
  const medians = await interleaved(3, { a: take("a", [3, 1, 2]), b: take("b", [5, 5, 9]) });
  expect(order.join("")).toBe("ababab");
  expect(medians).toEqual({ a: 2, b: 5 });
});
