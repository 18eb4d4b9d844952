// What was about to be done, written to this machine's disk before it is asked for, so that a provider that is
// killed between the call and the answer knows afterwards what to look for. Pulumi's state cannot hold this:
// the engine saves nothing before the handler returns.
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, StoppedError } from "./errors";

export interface Journal<Entry> {
  readonly path: string;
  read(): Entry | undefined;
  write(entry: Entry): void;
}

/** The form in which journals are written. One of a later form is of a newer version. */
const form = 1;

const written = z.object({ form: z.int().default(form), key: z.string(), entry: z.unknown() });

export interface WrittenJournal {
  /** Of its file. */
  name: string;
  key: string;
  entry: unknown;
  /** Whether somebody knows the form of its entry. */
  isUnderstood?: boolean;
}

/** The journal of one resource. `key` names it; a journal that cannot be used stops the work before it starts. */
export function openJournal<Entry>(directory: string, key: string, schema: z.ZodType<Entry>): Journal<Entry> {
  const path = join(directory, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  return {
    path,
    read() {
      try {
        const { key: own, entry } = readWritten(path);
        if (own !== key) throw new Unusable("it is that of another resource");
        return schema.parse(entry);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw new StoppedError(
          `The journal ${path} cannot be used: ${whyUnusable(error)}. Nothing is changed without it, since a call whose answer is lost could not be told from none. ${remedyOf(error)}`,
        );
      }
    },
    write(entry) {
      const draft = `${path}.${process.pid}`;
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const file = openSync(draft, "w", 0o600);
        try {
          writeSync(file, `${JSON.stringify({ form, key, entry }, null, 2)}\n`);
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(draft, path);
      } catch (error) {
        removeDraft(draft);
        throw new StoppedError(
          `The journal ${path} cannot be written: ${messageOf(error)}. What it held before is kept, and nothing is begun without it. Free disk space or make the directory writable, or move the journals to another directory and set PULUMI_BIGDATA_STATE_DIR to that. Then run \`pulumi up\` again.`,
        );
      }
    },
  };
}

function removeDraft(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where there can be none, there is none.
  }
}

/** Why a journal that can be read cannot be used. */
class Unusable extends Error {
  override readonly name = "Unusable";
}

const newer = "it was written by a newer version of pulumi-bigdata";

function readWritten(path: string): z.output<typeof written> {
  const found = written.parse(JSON.parse(readFileSync(path, "utf8")));
  if (found.form > form) throw new Unusable(newer);
  return found;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code;

function whyUnusable(error: unknown): string {
  return error instanceof Unusable || codeOf(error) !== undefined ? messageOf(error) : "it is damaged";
}

function remedyOf(error: unknown): string {
  if (error instanceof Unusable && error.message === newer)
    return "Install that version or a later one, and run `pulumi up` again.";
  if (codeOf(error) !== undefined)
    return "Let this user read it, or set PULUMI_BIGDATA_STATE_DIR to a directory of this user's own.";
  return "Look in the cloud's console for what the stack does not know, then remove the file.";
}

export interface Journals {
  journals: WrittenJournal[];
  /** Names of those that cannot be read, and why. */
  unreadable: { name: string; why: string }[];
}

/** Every journal of a directory. */
export function journalsIn(directory: string): Journals {
  const found: Journals = { journals: [], unreadable: [] };
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (error) {
    // Where nothing can be, nothing was written.
    if (!["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? ""))
      found.unreadable.push({ name: directory, why: messageOf(error) });
    return found;
  }
  for (const name of names) {
    try {
      const { key, entry } = readWritten(join(directory, name));
      found.journals.push({ name, key, entry });
    } catch (error) {
      // Another run can have done away with it.
      if (codeOf(error) !== "ENOENT") found.unreadable.push({ name, why: whyUnusable(error) });
    }
  }
  return found;
}

/** Those among them whose key begins like this, and whose form is known. */
export function entriesOf<Entry>(
  journals: readonly WrittenJournal[],
  prefix: string,
  schema: z.ZodType<Entry>,
): { key: string; entry: Entry }[] {
  return journals
    .filter(({ key }) => key.startsWith(prefix))
    .flatMap((journal) => {
      const { success, data } = schema.safeParse(journal.entry);
      if (!success) return [];
      journal.isUnderstood = true;
      return [{ key: journal.key, entry: data }];
    });
}
