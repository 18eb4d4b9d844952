// Random lives of a pool: whatever happens, as many nodes as declared are bought and not removed, and no others are touched.
// PULUMI_BIGDATA_LIVES says how many lives, and the number in PULUMI_BIGDATA_LIVES_SEED which.
import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator/index";
import { type Life, life } from "./anyLife";
import { live } from "./poolLife";

const lives = Number(process.env["PULUMI_BIGDATA_LIVES"] ?? 20);
const seed = Number(process.env["PULUMI_BIGDATA_LIVES_SEED"] ?? 1);

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator();
});
afterAll(() => sim.close());

async function lived(each: Life): Promise<void> {
  const log: string[] = [];
  await live(sim, each, log).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}\n${log.join("\n")}`);
  });
}

test(`${lives} lives`, { timeout: 60_000 + lives * 5_000 }, async () => {
  await fc.assert(fc.asyncProperty(life, lived), {
    numRuns: lives,
    seed,
    interruptAfterTimeLimit: 50_000 + lives * 4_000,
  });
});
