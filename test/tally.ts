// How many `up`s were compared with their plans, counted over all test processes, so that the comparison cannot come to
// nothing unnoticed.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const variable = "PULUMI_BIGDATA_TALLY";

/** What came of comparing an `up` with its plan. */
export interface Compared {
  /** How many calls came as they were announced. */
  calls: number;
  /** How many changes were held to every word of their plan. */
  changes: number;
  /** Why others were not. */
  excused: readonly string[];
}

/** More `up`s than that are all scenarios; a few of them may all be of one kind. */
const whole = 1_000;

export function count(compared: Compared): void {
  const file = process.env[variable];
  if (file) appendFileSync(file, `${JSON.stringify(compared)}\n`);
}

/** Begins to count; what it gives back tells the sums, and fails where too little was compared. */
export function tally(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "tally-"));
  const file = join(directory, "compared.jsonl");
  writeFileSync(file, "");
  process.env[variable] = file;
  return () => {
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    rmSync(directory, { recursive: true });
    if (lines.length > 0) report(lines.map((line) => JSON.parse(line) as Compared));
  };
}

function report(ups: readonly Compared[]): void {
  const excused: Record<string, number> = {};
  for (const why of ups.flatMap(({ excused: reasons }) => reasons)) excused[why] = (excused[why] ?? 0) + 1;
  const changes = ups.reduce((sum, up) => sum + up.changes, 0);
  const calls = ups.reduce((sum, up) => sum + up.calls, 0);
  const others = Object.entries(excused).map(([why, times]) => `${times} ${why}`);
  console.log(
    `Announced: ${ups.length} ups, ${calls} calls as announced; changes compared: ${changes}, excused: ${others.join(", ") || "none"}`,
  );
  const all = ups.reduce((sum, up) => sum + up.changes + up.excused.length, 0);
  if (ups.length > whole && (changes < all / 2 || calls < ups.length / 2))
    throw new Error("Too little was compared with its plan.");
}
