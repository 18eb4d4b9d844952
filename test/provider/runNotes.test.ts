// What the provider processes of one run tell each other.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Session } from "../../provider/base/session";
import { runNotes } from "../../provider/core/runNotes";
import { scratch } from "../scratch";

const newDirectory = () => join(mkdtempSync(join(scratch, "notes-")), "journal");

function processOf(journalDirectory: string, engineAddress?: string) {
  const session = new Session({ journalDirectory, engineAddress });
  return runNotes({ session, journalDirectory });
}

test("are known to all processes of the run, in their order, and to no other run", () => {
  const directory = newDirectory();
  const [one, two, other] = [":1", ":1", ":2"].map((address) => processOf(directory, address));
  one?.add({ about: "a", by: 1 });
  expect(two?.about("a")).toEqual([{ about: "a", by: 1 }]);
  two?.add({ about: "a", by: 2 });
  two?.add({ about: "größe", by: 2 });
  for (const each of [one, two]) {
    expect(each?.about("a")).toEqual([
      { about: "a", by: 1 },
      { about: "a", by: 2 },
    ]);
    expect(each?.about("größe")).toHaveLength(1);
  }
  expect(other?.about("a")).toEqual([]);
  expect(processOf(directory).about("a")).toEqual([]);
});

test("are one file for a run, whatever its size, and a later day clears it away", () => {
  const directory = newDirectory();
  const notes = processOf(directory, ":1");
  for (let index = 0; index < 1000; index++) notes.add({ about: `thing ${index}` });
  const runs = join(directory, "runs");
  const [file = ""] = readdirSync(runs);
  expect(readdirSync(runs)).toHaveLength(1);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  utimesSync(join(runs, file), yesterday, yesterday);
  processOf(directory, ":2").add({ about: "thing" });
  expect(readdirSync(runs)).toHaveLength(1);
  expect(readdirSync(runs)).not.toContain(file);
});

test("survive a line that is no note, and one that is not there as a whole yet", () => {
  const directory = newDirectory();
  const notes = processOf(directory, ":1");
  notes.add({ about: "a" });
  const file = join(directory, "runs", readdirSync(join(directory, "runs"))[0] ?? "");
  appendFileSync(file, 'nonsense\n{"about":');
  expect(notes.about("a")).toHaveLength(1);
  appendFileSync(file, '"a"}\n');
  expect(notes.about("a")).toHaveLength(2);
});

test("that were cut off on a full disk take no other with them", () => {
  const directory = newDirectory();
  processOf(directory, ":1").add({ about: "a" });
  const file = join(directory, "runs", readdirSync(join(directory, "runs"))[0] ?? "");
  appendFileSync(file, '\n{"about":');
  processOf(directory, ":1").add({ about: "b" });
  const notes = processOf(directory, ":1");
  expect([notes.about("a"), notes.about("b")]).toEqual([[{ about: "a" }], [{ about: "b" }]]);
});

test("are known to the process alone where nothing can be written", () => {
  const directory = newDirectory();
  mkdirSync(join(directory, ".."), { recursive: true });
  writeFileSync(directory, "no directory");
  const notes = processOf(directory, ":1");
  expect(notes.add({ about: "a" })).toBe(false);
  expect(notes.about("a")).toHaveLength(1);
});
