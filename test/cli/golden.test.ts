// What `pulumi-bigdata plan` says of every kind of change, as files to read. The previews beside them are recorded by
// test/e2e/previews.test.ts; `vitest run -u` writes both anew.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { html } from "../../cli/html";
import { markdown } from "../../cli/markdown";
import { readPreview } from "../../cli/preview";
import { report } from "../../cli/report";
import { summarise } from "../../cli/summary";
import { terminal } from "../../cli/terminal";
import { root } from "../package";

const here = join(root, "test", "cli");
const golden = (name: string) => join(here, "golden", name);
const previewOf = (name: string) => readFileSync(join(here, "previews", name), "utf8");
const reportOf = (text: string) => report(summarise(readPreview(text)));

const names = readdirSync(join(here, "previews")).filter((name) => name.endsWith(".json"));

test.each(names)("%s as a comment", async (name) => {
  const text = markdown(reportOf(previewOf(name)));
  await expect(text).toMatchFileSnapshot(golden(name.replace(".json", ".md")));
});

const streams = readdirSync(join(here, "previews")).filter((name) => name.endsWith(".events"));

test.each(streams)("%s says the same as the digest of that preview", (name) => {
  const digest = previewOf(name.replace(".events", ".json"));
  expect(report(summarise(readPreview(previewOf(name))))).toEqual(reportOf(digest));
});

describe("every form", () => {
  const told = () => reportOf(previewOf("all-change.json"));
  test("a page", async () => expect(html(told())).toMatchFileSnapshot(golden("all-change.html")));
  test("data", async () =>
    expect(`${JSON.stringify(told(), undefined, 2)}\n`).toMatchFileSnapshot(golden("all-change.data.json")));
  test("a terminal", async () =>
    expect(terminal(told(), { width: 80, isColoured: false })).toMatchFileSnapshot(golden("all-change.txt")));
  test("a terminal with colours", async () =>
    expect(terminal(told(), { width: 80, isColoured: true })).toMatchFileSnapshot(
      golden("all-change.colours.txt"),
    ));
});

test("secrets are in no file", () => {
  for (const folder of ["previews", "golden"])
    for (const name of readdirSync(join(here, folder)))
      expect(readFileSync(join(here, folder, name), "utf8"), name).not.toMatch(
        /scriptSecretKey0001|applicationSecret01|scenarioSecretKey|scenarioToken/,
      );
});
