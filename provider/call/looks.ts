// Looks that several share: who only looks gets the answer that another one is waiting for, or has just got, to the same
// question. What changes something never does, and ends what was seen before it, for all processes of this machine.
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Caller } from "../base/context";
import { perSession, type Session } from "../base/session";

/** For how long an answer serves others, in milliseconds from when it was asked for. */
export const longestShared = 5_000;

interface Look {
  /** When its request left; undefined while it waits for its turn. */
  sentAt: number | undefined;
  /** What the latest change had left behind then. */
  mark: string;
  answer: Promise<unknown>;
  /** Those who wait for it. */
  waiting: Set<Caller>;
  /** Set off when nobody waits any more. */
  abandoned: AbortController;
}

const looksOf = perSession(() => new Map<string, Look>());

const markFile = ({ journalDirectory }: Session) => join(journalDirectory, "changed");

/** Ends what was seen so far: nobody who comes later gets it. */
export function forgetLooks(session: Session): void {
  looksOf(session).clear();
  try {
    mkdirSync(session.journalDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(markFile(session), randomUUID(), { mode: 0o600 });
  } catch {
    // Where nothing can be written, only this process knows.
  }
}

function latestMark(session: Session): string {
  try {
    return readFileSync(markFile(session), "utf8");
  } catch {
    return "";
  }
}

/** The answer to a question, whoever asked it. `ask` asks on behalf of all who wait. */
export async function sharedLook<T>(
  session: Session,
  caller: Caller,
  question: string,
  ask: (forAll: Caller) => Promise<T>,
): Promise<T> {
  caller.stop?.throwIfAborted();
  const looks = looksOf(session);
  const now = await session.clock.now();
  const mark = latestMark(session);
  for (const [key, look] of looks) {
    // The oldest come first.
    if (isUsable(look, mark, now)) break;
    looks.delete(key);
  }
  // Another engine is another run.
  const key = `${session.run} ${question}`;
  const known = looks.get(key);
  const look = known && isUsable(known, mark, now) ? known : begin(session, looks, key, ask);
  return (await waitFor(look, caller)) as T;
}

function isUsable(look: Look, mark: string, now: number): boolean {
  return look.sentAt === undefined || (look.mark === mark && isRecent(look.sentAt, now));
}

/** A time after now is of a clock that was wrong. */
const isRecent = (sentAt: number, now: number) => sentAt <= now && now - sentAt < longestShared;

function begin<T>(
  session: Session,
  looks: Map<string, Look>,
  key: string,
  ask: (forAll: Caller) => Promise<T>,
): Look {
  const look: Look = {
    sentAt: undefined,
    mark: "",
    answer: Promise.resolve(),
    waiting: new Set(),
    abandoned: new AbortController(),
  };
  const { clock } = session;
  const forget = () => {
    if (looks.get(key) === look) looks.delete(key);
  };
  look.abandoned.signal.addEventListener("abort", forget, { once: true });
  /** Each of them has a limit of its own. */
  const sleep = async (milliseconds: number) => {
    await clock.sleep(milliseconds);
    await Promise.allSettled([...look.waiting].map((each) => each.clock.sleep(0)));
  };
  look.answer = ask({
    session,
    clock: { ...clock, sleep },
    stop: look.abandoned.signal,
    progress: (...told) => {
      for (const { progress } of look.waiting) progress?.(...told);
    },
    sending: async () => {
      look.sentAt = await clock.now();
      look.mark = latestMark(session);
    },
  }).then(frozen, (error: unknown) => {
    forget();
    throw error;
  });
  // Where all have left, nobody hears of it.
  look.answer.catch(() => {});
  looks.delete(key);
  looks.set(key, look);
  return look;
}

async function waitFor(look: Look, caller: Caller): Promise<unknown> {
  const { stop } = caller;
  look.waiting.add(caller);
  let leave = () => {};
  const stopped = new Promise<never>((_, reject) => {
    leave = () => reject(stop?.reason);
    stop?.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([look.answer, stopped]);
  } finally {
    stop?.removeEventListener("abort", leave);
    look.waiting.delete(caller);
    if (look.waiting.size === 0 && stop?.aborted) look.abandoned.abort(stop.reason);
  }
}

/** What several have is nobody's to change. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
