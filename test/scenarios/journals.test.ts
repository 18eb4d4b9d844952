// What this machine remembers, where its disk is full or read-only, and where the memory is cut off, edited, another user's or
// of a newer version: it is told, nothing is begun, and nothing is lost. As root every directory can be written, so a file
// stands where the directory should be, and files that another user keeps are refused by a stand-in for `readFileSync`.
import fs, { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openOn } from "../../provider/byName";
import { type Change, changes, isLook } from "./changes";
import { tellingsOf } from "./purchases";
import { filesBelow, journalsOf, type Stand } from "./stand";

/** Calls that changed something, of those from this one on. */
const acted = ({ sim }: Stand, since: number) =>
  sim.journal.slice(since).filter((call) => call.acted && !isLook(call.action)).length;

/** Puts others in the place of functions of `fs`, until the test is over or it is told. */
function replaced<Name extends "writeSync" | "readFileSync" | "openSync">(
  name: Name,
  make: (real: (typeof fs)[Name]) => (typeof fs)[Name],
): () => void {
  const real = fs[name];
  const back = () => {
    fs[name] = real;
    syncBuiltinESMExports();
  };
  fs[name] = make(real);
  syncBuiltinESMExports();
  onTestFinished(back);
  return back;
}

/** From this write on, the disk has no room for journals: half of what is written arrives. */
function fillDisk({ journalDirectory }: Stand, from: number): { writes(): number; free(): void } {
  let writes = 0;
  const files = new Set<number>();
  const backToOpening = replaced(
    "openSync",
    (real) =>
      ((path, flags, mode) => {
        const file = real(path, flags, mode);
        if (String(path).startsWith(journalDirectory) && flags === "w") files.add(file);
        else files.delete(file);
        return file;
      }) as typeof fs.openSync,
  );
  const backToWriting = replaced(
    "writeSync",
    (real) =>
      ((file: number, text: string) => {
        if (!files.has(file)) return real(file, text);
        writes += 1;
        if (writes < from) return real(file, text);
        real(file, text.slice(0, text.length / 2));
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      }) as typeof fs.writeSync,
  );
  return {
    writes: () => writes,
    free: () => {
      backToWriting();
      backToOpening();
    },
  };
}

/** The change is sent, and the provider is killed before it hears of that. */
async function begun({ stand, call, killAt, up }: Change): Promise<void> {
  killAt(call, "acted");
  await up();
  expect(journalsOf(stand).length).toBeGreaterThan(0);
}

test.each(changes)("%s on a disk that is full from any write on is made once", async (_, __, on) => {
  for (let from = 1; ; from++) {
    const change = await on();
    const { stand } = change;
    const since = stand.sim.journal.length;
    const disk = fillDisk(stand, from);
    const first = await change.up();
    disk.free();
    if (disk.writes() < from) break;
    expect(first.error).toMatch(/cannot be written: ENOSPC/);
    // Nothing but whole journals.
    expect(filesBelow(stand.journalDirectory).filter((path) => /\.json\.\d+$/.test(path))).toEqual([]);
    for (const path of journalsOf(stand)) JSON.parse(readFileSync(path, "utf8"));
    expect((await change.up()).error).toBeUndefined();
    expect([from, change.done(), acted(stand, since)]).toEqual([from, 1, 1]);
  }
});

test.each(changes)("%s where nothing can be written is not begun", async (_, __, on) => {
  const change = await on();
  const { stand } = change;
  const since = stand.sim.journal.length;
  const aside = `${stand.journalDirectory}.aside`;
  mkdirSync(stand.journalDirectory, { recursive: true });
  renameSync(stand.journalDirectory, aside);
  writeFileSync(stand.journalDirectory, "in the way");
  const { error } = await change.up();
  expect(error).toContain(stand.journalDirectory);
  expect(error).toMatch(/PULUMI_BIGDATA_STATE_DIR/);
  expect(acted(stand, since)).toBe(0);
  rmSync(stand.journalDirectory);
  renameSync(aside, stand.journalDirectory);
  expect((await change.up()).error).toBeUndefined();
  expect(change.done()).toBe(1);
});

type Damage = [string, RegExp, (text: string, path: string) => string | undefined];

const damages: Damage[] = [
  ["empty", /it is damaged.*console/, () => ""],
  ["cut off", /it is damaged/, (text) => text.slice(0, text.length / 2)],
  ["null", /it is damaged/, () => "null"],
  ["a list", /it is damaged/, () => "[]"],
  ["without an entry", /it is damaged/, (text) => edited(text, () => ({ entry: undefined }))],
  [
    "with an entry of another form",
    /it is damaged/,
    (text) => edited(text, () => ({ entry: { orders: 1, pending: 1, open: 1, restarts: 1, sent: 1 } })),
  ],
  [
    "that of another resource",
    /that of another resource/,
    (text) => edited(text, ({ key }) => ({ key: `${key}0` })),
  ],
  [
    "of a newer version",
    /written by a newer version.*Install that version/,
    (text) => edited(text, () => ({ form: 2 })),
  ],
  [
    "a directory",
    /EISDIR/,
    (_, path) => {
      rmSync(path);
      mkdirSync(path);
      return undefined;
    },
  ],
  ["another user's", /EACCES.*Let this user read it/, () => undefined],
];

type Written = { form?: number; key: string; entry: unknown };
const edited = (text: string, change: (written: Written) => Partial<Written>) => {
  const written = JSON.parse(text) as Written;
  return JSON.stringify({ ...written, ...change(written) });
};

const refuseReading = (path: string) =>
  replaced(
    "readFileSync",
    (real) =>
      ((file: string, options: "utf8") => {
        if (file !== path) return real(file, options);
        throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: "EACCES" });
      }) as typeof fs.readFileSync,
  );

test.each(
  changes.flatMap(([name, , on]) =>
    damages.map(([kind, told, damage]) => [name, kind, told, damage, on] as const),
  ),
)(
  "%s is under way, and its journal is %s: every operation says so, and none begins anything",
  async (_, kind, told, damage, on) => {
    const change = await on();
    const { stand } = change;
    await begun(change);
    const since = stand.sim.journal.length;
    const [path = ""] = journalsOf(stand);
    const text = readFileSync(path, "utf8");
    const changed = damage(text, path);
    if (changed !== undefined) writeFileSync(path, changed);
    const allow = kind === "another user's" ? refuseReading(path) : () => {};

    const [first, preview, second] = [await change.up(), await stand.stack.preview(), await stand.stack.up()];
    for (const { error } of [first, second]) {
      expect(error).toContain(path);
      expect(error).toMatch(told);
    }
    // Each run begins with what nobody can read any more; what is somebody else's is listed as theirs.
    const unreadable = (await openOn(stand.journalDirectory)).unreadable.map(({ name }) => name);
    if (kind !== "that of another resource") {
      expect(unreadable).toEqual([basename(path)]);
      for (const each of [first, preview, second])
        expect(tellingsOf(each)).toMatch(new RegExp(`${basename(path)} in .* cannot be read`));
    }
    expect(acted(stand, since)).toBe(0);

    allow();
    rmSync(path, { recursive: true });
    writeFileSync(path, text);
    expect((await change.up()).error).toBeUndefined();
    expect(change.done()).toBe(1);
  },
);

test("a directory of journals that cannot be listed is told, and one that is not there is not", async () => {
  const [, , on] = changes[0] as (typeof changes)[number];
  const { stand } = await on();
  const real = fs.readdirSync;
  onTestFinished(() => {
    fs.readdirSync = real;
    syncBuiltinESMExports();
  });
  expect(await openOn(stand.journalDirectory)).toEqual({ open: [], unreadable: [] });
  fs.readdirSync = (() => {
    throw Object.assign(new Error("EACCES: permission denied, scandir"), { code: "EACCES" });
  }) as never;
  syncBuiltinESMExports();
  const { unreadable } = await openOn(stand.journalDirectory);
  expect(unreadable).toEqual([{ name: stand.journalDirectory, why: "EACCES: permission denied, scandir" }]);
});
