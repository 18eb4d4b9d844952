// Random lives of all five resources on shared clusters: see docs/promises.md. `npm run campaign` lives more of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Life, life } from "./life";
import { live } from "./promises";

const lives = Number(process.env["PULUMI_BIGDATA_LIVES"] ?? 500);
const first = Number(process.env["PULUMI_BIGDATA_SEED"] ?? 1);

test("whatever happens, the promises hold", { timeout: 24 * 3_600_000 }, async () => {
  const failures: string[] = [];
  const asked = new Map<string, number>();
  const figures = { lives: 0, runs: 0, ended: 0, asked: 0, broken: 0 };
  for (let seed = first; seed < first + lives; seed++) {
    const keeps = async (lived: Life) => {
      const outcome = await live(lived);
      if (figures.lives === seed - first) {
        figures.lives += 1;
        figures.runs += outcome.runs;
        figures.ended += outcome.ended;
        if (outcome.asked.length > 0) figures.asked += 1;
        for (const text of new Set(outcome.asked)) {
          asked.set(text, (asked.get(text) ?? 0) + 1);
        }
      }
      if (outcome.broken.length > 0) throw new Error(outcome.broken.join("\n"));
    };
    const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(life, keeps), {
      seed,
      numRuns: 1,
      interruptAfterTimeLimit: 60_000,
    });
    if (!failed) continue;
    figures.broken += 1;
    failures.push(`seed ${seed}: ${errorInstance}\n${JSON.stringify(counterexample?.[0])}`);
    console.log(failures.at(-1));
  }
  console.log(
    JSON.stringify(figures),
    [...asked].sort((a, b) => b[1] - a[1]),
  );
  expect(failures).toEqual([]);
});
