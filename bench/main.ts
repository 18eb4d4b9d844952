// `npm run bench`: one table of figures, each beside a peer or a lower bound of the same run. `npm run bench -- NAME ...` runs
// some of the measures; `--write` puts the table of all into docs/performance.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/root";
import type { Row } from "./measure";
import { measures } from "./measures";
import { table, withTable } from "./table";

const document = join(root, "docs", "performance.md");

async function main(args: readonly string[]): Promise<void> {
  const isWritten = args.includes("--write");
  const names = args.filter((each) => each !== "--write");
  const strange = names.filter((name) => !measures.some((each) => each.name === name));
  if (strange.length > 0 || (isWritten && names.length > 0))
    throw new Error(`npm run bench -- [${measures.map(({ name }) => name).join(" | ")}]... or --write`);
  const rows: Row[] = [];
  for (const { name, run } of measures) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    rows.push(...(await run()));
  }
  process.stdout.write(table(rows));
  if (isWritten) writeFileSync(document, withTable(readFileSync(document, "utf8"), table(rows)));
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
