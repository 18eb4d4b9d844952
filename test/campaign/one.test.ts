// Lives one life again, step by step: PULUMI_BIGDATA_LIFE holds it.
import { expect, test } from "vitest";
import type { Life } from "./life";
import { live } from "./promises";

const given = process.env["PULUMI_BIGDATA_LIFE"];

test.runIf(given)("a life, told", async () => {
  const { broken } = await live(JSON.parse(given ?? "") as Life, console.log);
  expect(broken).toEqual([]);
});
