// A journal on disks and of users that refuse it, as the system itself does.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { journalsIn, openJournal } from "../../provider/base/journal";
import { scratch } from "../scratch";

const schema = z.object({ note: z.string() });

function directoryWithJournal() {
  const directory = mkdtempSync(join(scratch, "journal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const journal = openJournal(directory, "key", schema);
  journal.write({ note: "first" });
  return { directory, journal };
}

/** Does this as a user who owns nothing. */
function asNobody<T>(work: () => T): T {
  process.seteuid?.(65534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

test("is written whole, with its form and key, for this user alone", () => {
  const { directory, journal } = directoryWithJournal();
  expect(JSON.parse(readFileSync(journal.path, "utf8"))).toEqual({
    form: 1,
    key: "key",
    entry: { note: "first" },
  });
  expect(journal.read()).toEqual({ note: "first" });
  expect(readdirSync(directory)).toHaveLength(1);
});

test("one of an earlier version has no form", () => {
  const { journal } = directoryWithJournal();
  writeFileSync(journal.path, JSON.stringify({ key: "key", entry: { note: "old" } }));
  expect(journal.read()).toEqual({ note: "old" });
});

test.skipIf(!existsSync("/dev/full"))("a full disk leaves what was there before, and nothing else", () => {
  const { directory, journal } = directoryWithJournal();
  symlinkSync("/dev/full", `${journal.path}.${process.pid}`);
  expect(() => journal.write({ note: "second" })).toThrow(/cannot be written: ENOSPC.*Free disk space/);
  expect(journal.read()).toEqual({ note: "first" });
  expect(readdirSync(directory)).toHaveLength(1);
  journal.write({ note: "third" });
  expect(journal.read()).toEqual({ note: "third" });
});

test.skipIf(process.geteuid?.() !== 0)(
  "another user is told whose it is to mend, and what there is stays",
  () => {
    const { directory, journal } = directoryWithJournal();
    expect(() => asNobody(() => journal.read())).toThrow(/cannot be used: EACCES.*Let this user read it/);
    expect(() => asNobody(() => journal.write({ note: "second" }))).toThrow(/cannot be written: EACCES/);
    expect(asNobody(() => journalsIn(directory))).toEqual({
      journals: [],
      unreadable: [{ name: expect.stringMatching(/\.json$/), why: expect.stringContaining("EACCES") }],
    });
    chmodSync(directory, 0o700);
    expect(asNobody(() => journalsIn(directory)).unreadable).toEqual([
      { name: directory, why: expect.stringContaining("EACCES") },
    ]);
    expect(journal.read()).toEqual({ note: "first" });
  },
);
