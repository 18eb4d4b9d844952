// How long calls took from this machine, from the call to the end of what it started. Plans estimate with it. It is a
// convenience: where it cannot be written or read, nothing else suffers.
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../base/context";
import { perSession } from "../base/session";
import type { CallStep } from "./plan";

const measurement = z.object({
  action: z.string(),
  /** What the call did, where one action does several things. */
  verb: z.string().optional(),
  target: z.string(),
  seconds: z.number().nonnegative(),
  /** When the call was made, in milliseconds since the epoch. */
  at: z.number(),
});

export type Measurement = z.infer<typeof measurement>;

/** Longer files lose their older half. */
const longestFile = 200_000;

const pathIn = (directory: string) => join(directory, "durations.jsonl");

/** The seconds that calls of each kind took lately. */
const latestOf = perSession(() => new Map<string, number[]>());
/** How many of them count. */
const few = 5;

const kindOf = ({ action, verb = "" }: Pick<Measurement, "action" | "verb">) => `${action} ${verb}`;

/** What a session knows, beginning with what was noted before it. */
function latest({ session, journalDirectory }: Context): Map<string, number[]> {
  const known = latestOf(session);
  if (known.size > 0) return known;
  // So that the file is read once.
  known.set("", []);
  for (const each of readDurations(journalDirectory)) remember(known, each);
  return known;
}

function remember(known: Map<string, number[]>, measured: Measurement): void {
  const kind = kindOf(measured);
  known.set(kind, [...(known.get(kind) ?? []), measured.seconds].slice(-few));
}

/** How long calls of this kind took lately from this machine, in seconds; undefined where none was measured. */
export function measuredSeconds(context: Context, step: CallStep): number | undefined {
  const taken = [...(latest(context).get(kindOf(step)) ?? [])].sort((a, b) => a - b);
  return taken[Math.floor(taken.length / 2)];
}

/** Notes how long a step took that was begun then and is over now. */
export async function noteDuration(context: Context, step: CallStep, startedAt: number): Promise<void> {
  const { action, verb, target } = step;
  const seconds = Math.round(((await context.clock.now()) - startedAt) / 1000);
  const noted: Measurement = { action, ...(verb ? { verb } : {}), target, seconds, at: startedAt };
  remember(latest(context), noted);
  try {
    mkdirSync(context.journalDirectory, { recursive: true, mode: 0o700 });
    const path = pathIn(context.journalDirectory);
    appendFileSync(path, `${JSON.stringify(noted)}\n`, { mode: 0o600 });
    if (statSync(path).size > longestFile) {
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      writeFileSync(path, `${lines.slice(lines.length / 2).join("\n")}\n`);
    }
  } catch {
    // An estimate is worth no failed operation.
  }
}

/** What was noted, oldest first. */
export function readDurations(directory: string): Measurement[] {
  try {
    const lines = readFileSync(pathIn(directory), "utf8").split("\n");
    return lines.flatMap((line) => parsed(line));
  } catch {
    return [];
  }
}

function parsed(line: string): Measurement[] {
  try {
    return [measurement.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
