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

/** The journal of one resource. `key` names it; a journal that cannot be used stops the work before it starts. */
export function openJournal<Entry>(directory: string, key: string, schema: z.ZodType<Entry>): Journal<Entry> {
  const path = join(directory, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  return {
    path,
    read() {
      try {
        return schema.parse((JSON.parse(readFileSync(path, "utf8")) as { entry?: unknown } | null)?.entry);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw unusable(path, error);
      }
    },
    write(entry) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const draft = `${path}.${process.pid}`;
        const file = openSync(draft, "w", 0o600);
        try {
          writeSync(file, `${JSON.stringify({ key, entry }, null, 2)}\n`);
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(draft, path);
      } catch (error) {
        throw unusable(path, error);
      }
    },
  };
}

const written = z.object({ key: z.string(), entry: z.unknown() });
const readWritten = (path: string) => written.parse(JSON.parse(readFileSync(path, "utf8")));

function journalNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

export type WrittenJournal = z.output<typeof written>;

/** Every journal of a directory that can be read. */
export function writtenJournals(directory: string): WrittenJournal[] {
  return journalNames(directory).flatMap((name) => {
    try {
      return [readWritten(join(directory, name))];
    } catch {
      return [];
    }
  });
}

/** Those among them whose key begins like this, and whose form is known. */
export function entriesOf<Entry>(
  journals: readonly WrittenJournal[],
  prefix: string,
  schema: z.ZodType<Entry>,
): { key: string; entry: Entry }[] {
  return journals
    .filter(({ key }) => key.startsWith(prefix))
    .flatMap(({ key, entry }) => {
      const { success, data } = schema.safeParse(entry);
      return success ? [{ key, entry: data }] : [];
    });
}

/** Names of a directory's journals that cannot be read. */
export function damagedJournals(directory: string): string[] {
  return journalNames(directory).filter((name) => {
    try {
      readWritten(join(directory, name));
      return false;
    } catch {
      return true;
    }
  });
}

function unusable(path: string, error: unknown): StoppedError {
  return new StoppedError(
    `The journal ${path} cannot be used: ${error instanceof SyntaxError || (error as { issues?: unknown }).issues ? "it is damaged" : messageOf(error)}. Nothing is changed without it, since a call ` +
      "whose answer is lost could not be told from none. Look in the cloud's console for what the stack does not know, then remove the file, or set PULUMI_BIGDATA_STATE_DIR to a directory that can be written.",
  );
}
