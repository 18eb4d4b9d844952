// What the resources of one run of the engine tell each other, whichever of its provider processes they are in: a file of
// lines, which a later day clears away.
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context";
import { perSession } from "../base/session";

export type Where = Pick<Context, "session" | "journalDirectory">;

const day = 24 * 3_600_000;

/** The run and its engine, since an address alone comes again; a process that knows no run is alone. */
const nameOf = ({ session }: Where) => `${session.run ?? session.name}/${process.ppid}`;

const notesBySession = perSession(() => new Map<string, RunNotes>());

/** The notes of the run that a session serves. */
export function runNotes(where: Where): RunNotes {
  const all = notesBySession(where.session);
  const name = nameOf(where);
  const notes = all.get(name) ?? new RunNotes(join(where.journalDirectory, "runs"), name);
  all.set(name, notes);
  return notes;
}

/** What somebody should know about a thing. */
interface Note {
  about: string;
}

export class RunNotes {
  private readonly path: string;
  private readonly byThing = new Map<string, unknown[]>();
  /** How much of the file has been read. */
  private read = 0;
  private hasTidied = false;

  constructor(
    private readonly directory: string,
    name: string,
  ) {
    const file = createHash("sha256").update(name).digest("hex").slice(0, 32);
    this.path = join(directory, `${file}.jsonl`);
  }

  /** Whether other processes of the run get to know it. */
  add<N extends Note>(note: N): boolean {
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      // A line before it may be there in part, where the disk was full.
      appendFileSync(this.path, `\n${JSON.stringify(note)}\n`, { mode: 0o600 });
    } catch {
      // What this process knows has to do.
      this.keep(note);
      return false;
    }
    this.tidy();
    return true;
  }

  /** All that any process of the run has noted about a thing, oldest first. */
  about(thing: string): readonly unknown[] {
    for (const line of this.newLines()) {
      try {
        this.keep(JSON.parse(line) as Note);
      } catch {
        // Somebody else wrote that.
      }
    }
    return this.byThing.get(thing) ?? [];
  }

  private keep(note: Note): void {
    const notes = this.byThing.get(note.about) ?? [];
    notes.push(note);
    this.byThing.set(note.about, notes);
  }

  /** Whole lines that have come since the last time. */
  private newLines(): string[] {
    try {
      if (statSync(this.path).size === this.read) return [];
      const file = openSync(this.path, "r");
      try {
        const bytes = Buffer.alloc(fstatSync(file).size - this.read);
        const count = readSync(file, bytes, 0, bytes.length, this.read);
        const whole = bytes.subarray(0, bytes.lastIndexOf("\n", count) + 1);
        this.read += whole.length;
        return whole.toString("utf8").split("\n").slice(0, -1);
      } finally {
        closeSync(file);
      }
    } catch {
      return [];
    }
  }

  /** Takes away what runs of other days have left. */
  private tidy(): void {
    if (this.hasTidied) return;
    this.hasTidied = true;
    try {
      for (const name of readdirSync(this.directory)) {
        const path = join(this.directory, name);
        if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { force: true });
      }
    } catch {
      // Another process tidies too, and another day comes.
    }
  }
}
