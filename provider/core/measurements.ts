// How long calls took from this machine, from the call to the end of what it started. Plans estimate with it. It is a
// convenience: where it cannot be written or read, nothing else suffers.
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cloudTime } from "../base/clock";
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

/** What a session knows, beginning with what was noted before it: the file is read once, when it is first asked for. */
const knownIn = perSession((): { durations?: Measurement[] } => ({}));

export function knownDurations({ session, journalDirectory }: Context): Measurement[] {
  const known = knownIn(session);
  known.durations ??= readDurations(journalDirectory);
  return known.durations;
}

/** The median of the last runs of the same call, on the same target where there are any. */
export function measuredSeconds(
  { action, verb, target }: CallStep,
  history: readonly Measurement[],
): number | undefined {
  const same = history.filter((each) => each.action === action && each.verb === verb);
  const here = same.filter((each) => each.target === target);
  const last = (here.length > 0 ? here : same)
    .slice(-20)
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  return last[Math.floor(last.length / 2)];
}

/** Notes how long a step took that was begun then and is over now. */
export async function noteDuration(context: Context, step: CallStep, startedAt: number): Promise<void> {
  const { action, verb, target } = step;
  const seconds = Math.round(((await cloudTime(context.clock)) - startedAt) / 1000);
  const noted: Measurement = { action, ...(verb ? { verb } : {}), target, seconds, at: startedAt };
  knownDurations(context).push(noted);
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
