// Lives one life after the other, and counts.
import fc from "fast-check";
import { type Life, life } from "./life";
import { live } from "./promises";

export interface Figures {
  lives: number;
  /** Of the engine. */
  runs: number;
  /** Runs that were killed or canceled. */
  ended: number;
  /** Lives that ended with a question to a person. */
  asked: number;
  /** Lives in which a promise was broken. */
  broken: number;
  /** In how many lives each question was asked. */
  questions: Record<string, number>;
}

/** How long the shortest life that still breaks a promise is looked for, in milliseconds. */
const shrinking = 60_000;

/** Lives these lives, each by its own seed, and tells of every promise that one of them breaks. */
export async function campaign(
  first: number,
  lives: number,
): Promise<{ figures: Figures; failures: string[] }> {
  const figures: Figures = { lives: 0, runs: 0, ended: 0, asked: 0, broken: 0, questions: {} };
  const failures: string[] = [];
  for (let seed = first; seed < first + lives; seed++) {
    const keeps = async (lived: Life) => {
      const { broken, asked, runs, ended } = await live(lived);
      // Later ones are shorter forms of the first.
      if (figures.lives === seed - first) {
        figures.lives += 1;
        figures.runs += runs;
        figures.ended += ended;
        if (asked.length > 0) figures.asked += 1;
        for (const question of new Set(asked))
          figures.questions[question] = (figures.questions[question] ?? 0) + 1;
      }
      if (broken.length > 0) throw new Error(broken.join("\n"));
    };
    const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(life, keeps), {
      seed,
      numRuns: 1,
      interruptAfterTimeLimit: shrinking,
    });
    if (!failed) continue;
    figures.broken += 1;
    failures.push(`seed ${seed}: ${errorInstance}\n${JSON.stringify(counterexample?.[0])}`);
    console.log(failures.at(-1));
  }
  return { figures, failures };
}
