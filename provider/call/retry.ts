// How calls are repeated, and the pauses between attempts.
import type { Caller } from "../base/context";
import { CloudError } from "../base/errors";
import { forgetLooks, sharedLook } from "./looks";
import type { Turns } from "./turns";
import { type Callee, notSent, type WireAction } from "./wire";

/** Full-jitter exponential backoff: the pause before attempt `attempt` (1 is the first repeat). */
export function backoffMilliseconds(attempt: number, first = 1000, most = 20_000): number {
  const ceiling = Math.min(most, first * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}

/** How long a call that only looks is tried where no limit is set, in milliseconds. */
const usualPatience = 30_000;
/** How often what ends in the same place is asked for before its failure is told. */
const mostRepeats = 5;
/** How often a look is repeated once its limit has passed: what exists is still to be told. */
const lastRepeats = 2;
/** How long calls fail before a person is told, in milliseconds. */
const quietPeriod = 30_000;

export interface RetriedCall<T> {
  caller: Caller;
  callee: Callee;
  action: WireAction;
  /** The same for the same call of the same account in the same place. */
  question: string;
  /** Where calls like it wait until they may leave; undefined where they need not. */
  turns: Turns | undefined;
  /** Makes the call once; fails with a CloudError. */
  once(caller: Caller): Promise<T>;
  /** Puts right what made a call fail, such as a clock that is off or a token that has run out; tried once. */
  mend?(error: CloudError): Promise<boolean>;
}

/** Whether it may be over by the next attempt. */
const isPassing = ({ kind }: CloudError, isRead: boolean) =>
  ["throttled", "server", "network"].includes(kind) || (isRead && kind === "busy");

/** Whether to send it again does no harm, or ends in the same place. */
function mayRepeat(error: CloudError, { repeat }: WireAction, repeats: number): boolean {
  const isHarmless = error.kind === "throttled" || (error.kind === "network" && !error.mayHaveHappened);
  return repeat === "read" || isHarmless || (repeat === "converge" && repeats < mostRepeats);
}

/** A call that is under way when its session ends comes to nothing, for ever. */
async function whileAlive<T>({ session }: Caller, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } finally {
    await session?.alive(undefined);
  }
}

/** What has become of a call so far. */
interface Attempts {
  startedAt: number;
  until: number;
  repeats: number;
  isMended: boolean;
  isTold: boolean;
  /** Why it has not been made yet. */
  last: CloudError | undefined;
  /** What an attempt came to that may have had an effect: no later one can take that back. */
  doubt: CloudError | undefined;
}

/**
 * Makes a call, and repeats it where that cannot do harm. What only looks is repeated for as long as the operation lasts
 * that it looks for; nothing that changes something begins after the operation's limit.
 */
export async function callWithRetries<T>(call: RetriedCall<T>): Promise<T> {
  const { action, caller, question } = call;
  const { session, onlyLooks = false } = caller;
  if (action.repeat === "read") {
    if (!onlyLooks || !session) return repeated(call);
    return sharedLook(session, caller, question, (forAll) => repeated({ ...call, caller: forAll }));
  }
  if (onlyLooks) throw new Error(`${action.name} changes something where only a look was meant`);
  if (!session) return repeated(call);
  forgetLooks(session);
  try {
    return await repeated(call);
  } finally {
    forgetLooks(session);
  }
}

async function repeated<T>(call: RetriedCall<T>): Promise<T> {
  const { callee, action, turns, once, caller } = call;
  const { clock, deadline } = caller;
  const startedAt = await clock.now();
  const until = deadline?.at ?? startedAt + usualPatience;
  const attempts: Attempts = {
    ...{ startedAt, until, repeats: 0, isMended: false, isTold: false },
    ...{ last: undefined, doubt: undefined },
  };
  for (;;) {
    try {
      await turns?.take(clock);
      if (action.repeat !== "read" && deadline && (await clock.now()) >= deadline.at)
        throw (
          attempts.doubt ??
          attempts.last ??
          notSent(callee, action, "the limit of the operation has passed", deadline.hint)
        );
      await caller.sending?.();
      return await whileAlive(caller, once(caller));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      await prepareRepeat(call, attempts, error);
    }
  }
}

/** Waits until the call may be made again, or throws where it may not. */
async function prepareRepeat<T>(
  { action, caller, mend, turns }: RetriedCall<T>,
  attempts: Attempts,
  error: CloudError,
): Promise<void> {
  const { clock, progress } = caller;
  const { startedAt, until, repeats } = attempts;
  const isRead = action.repeat === "read";
  if (error.mayHaveHappened) attempts.doubt = error;
  const { doubt } = attempts;
  const now = await clock.now();
  const isLast = isRead && startedAt >= until && repeats < lastRepeats;
  if (!isPassing(error, isRead) || !(isLast || (now < until && mayRepeat(error, action, repeats)))) {
    if (attempts.isMended || !(await mend?.(error))) throw doubt ?? error;
    attempts.isMended = true;
    return;
  }
  attempts.last = error;
  attempts.repeats += 1;
  const slowed = error.kind === "throttled" ? turns?.slowDown(now) : undefined;
  if (slowed !== undefined)
    progress?.(
      `${error.cloud} allows fewer calls of ${error.action} than are made here: from now on ${slowed} a second, and more again by and by.`,
      "warning",
    );
  if (!attempts.isTold && now - startedAt >= quietPeriod) {
    progress?.(`${error.message} It is tried again.`);
    attempts.isTold = true;
  }
  const left = isLast ? Number.POSITIVE_INFINITY : until - now;
  // Of a call that must not be made twice it counts whether it can have happened, also where the pause is cut short.
  await clock.sleep(Math.min(backoffMilliseconds(attempts.repeats), left)).catch((stopped: unknown) => {
    throw isRead ? stopped : (doubt ?? error);
  });
}
