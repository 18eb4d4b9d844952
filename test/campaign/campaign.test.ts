// Random lives of all five resources on shared clouds: what they hold up is in docs/promises.md. `npm run campaign` lives as many
// as it is told to.
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { campaign } from "./campaign";
import type { Life } from "./life";
import { live } from "./promises";

const { env } = process;
const lives = Number(env["PULUMI_BIGDATA_LIVES"] ?? 500);
const first = Number(env["PULUMI_BIGDATA_SEED"] ?? 1);
const file = env["PULUMI_BIGDATA_FIGURES"];

test("whatever happens, the promises hold", { timeout: 24 * 3_600_000 }, async () => {
  const { figures, failures } = await campaign(first, lives);
  if (file) writeFileSync(file, JSON.stringify(figures));
  expect(figures.lives).toBe(lives);
  expect(failures).toEqual([]);
});

const one = env["PULUMI_BIGDATA_LIFE"];

test.runIf(one)("a life, told step by step", async () => {
  const { broken } = await live(JSON.parse(one ?? "") as Life, console.log);
  expect(broken).toEqual([]);
});
