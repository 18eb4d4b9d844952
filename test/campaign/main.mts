// Lives many lives, on all cores: `npm run campaign -- --lives 10000 --seed 1`. Each life has a seed of its own, one after the
// other from the given one, so that `--lives 1 --seed N` lives one again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figures } from "./campaign.ts";

const { values } = parseArgs({
  options: { lives: { type: "string", default: "500" }, seed: { type: "string", default: "1" } },
});
const [lives, seed] = [Number(values.lives), Number(values.seed)];
if (!(Number.isInteger(lives) && lives > 0 && Number.isInteger(seed) && seed > 0)) {
  console.error("--lives and --seed are whole numbers above 0, such as --lives 500 --seed 1.");
  process.exit(2);
}

const parts = Math.min(availableParallelism(), lives);
const directory = mkdtempSync(join(tmpdir(), "campaign-"));
const begun = Date.now();
const all = await Promise.all(
  Array.from({ length: parts }, async (_, part) => {
    const first = Math.floor((lives * part) / parts);
    const file = join(directory, `${part}.json`);
    const vitest = ["vitest", "run", "--config", "test/campaign/vitest.config.mts", "--reporter", "dot"];
    const child = spawn("npx", vitest, {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_BIGDATA_LIVES: String(Math.floor((lives * (part + 1)) / parts) - first),
        PULUMI_BIGDATA_SEED: String(seed + first),
        PULUMI_BIGDATA_FIGURES: file,
      },
    });
    const [code] = (await once(child, "close")) as [number];
    return { code, figures: JSON.parse(readFileSync(file, "utf8")) as Figures };
  }),
);
rmSync(directory, { recursive: true });

const sum = (name: "lives" | "runs" | "ended" | "asked" | "broken") =>
  all.reduce((total, { figures }) => total + figures[name], 0);
const questions = new Map<string, number>();
for (const { figures } of all)
  for (const [question, times] of Object.entries(figures.questions))
    questions.set(question, (questions.get(question) ?? 0) + times);
console.log(
  `${sum("lives")} lives (seeds ${seed} to ${seed + lives - 1}), ${sum("runs")} runs of which ${sum("ended")} were ended early, in ${Math.round((Date.now() - begun) / 1000)} s.`,
);
console.log(`Lives in which a promise was broken: ${sum("broken")}.`);
console.log(`Lives that ended with a question to a person: ${sum("asked")}.`);
for (const [question, times] of [...questions].sort((a, b) => b[1] - a[1]))
  console.log(`  ${times} times: ${question}`);
process.exit(Math.max(...all.map(({ code }) => code)));
