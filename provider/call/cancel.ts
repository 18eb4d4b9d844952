// Ending early, since a person cancels or a limit has passed. No call that changes something is begun after that. One
// that is under way is given a moment, since its answer says what became of it; so is each look at what there is by then.
import { type Clock, cloudTime, wallTime } from "../base/clock";
import type { Context } from "../base/context";
import { StoppedError } from "../base/errors";

/** How long, after the stop, a change that is under way is waited for, and how long each look may take. */
const patience = { change: 3_000, look: 2_000 };

/** Makes a request. Its signal says when nobody waits for the answer any more. */
export async function untilStopped<T>(
  stop: AbortSignal | undefined,
  isRead: boolean,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const given = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUpIn = (milliseconds: number) => {
    timer = setTimeout(() => given.abort(new Error("given up, since the run is to stop")), milliseconds);
  };
  const hear = () => giveUpIn(isRead ? 0 : patience.change);
  if (stop?.aborted) giveUpIn(patience.look);
  else stop?.addEventListener("abort", hear, { once: true });
  try {
    return await request(given.signal);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", hear);
  }
}

/** The clock, whose sleepers wake up at the stop. */
export function stoppable(clock: Clock, stop: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    wall: () => wallTime(clock),
    cloud: () => cloudTime(clock),
    async sleep(milliseconds) {
      stop.throwIfAborted();
      await orStop(stop, clock.sleep(milliseconds));
    },
  };
}

/** What the work comes to, unless the stop comes first; the work itself goes on. */
export async function orStop<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  let leave = () => {};
  const stopped = new Promise<never>((_, reject) => {
    leave = () => reject(stop.reason);
    if (stop.aborted) leave();
    stop.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener("abort", leave);
  }
}

/** Does work that looks at no limit itself, such as reading, and stops it where the context's limit has passed. */
export async function withinLimit<T>(context: Context, work: (context: Context) => Promise<T>): Promise<T> {
  const { clock, limit, stop } = context;
  if (!limit) return work(context);
  const { seconds, option } = limit;
  const over = new StoppedError(
    `This takes too long. Raise ${option} (now ${seconds}s) if that is normal here.`,
  );
  const limited = new AbortController();
  // The clock's time as well as the machine's: a cloud that does not answer keeps nobody sleeping.
  const at = (await clock.now()) + seconds * 1000;
  const timer = setTimeout(() => limited.abort(over), Math.min(seconds * 1000, 2 ** 31 - 1));
  const untilThen: Clock = {
    now: () => clock.now(),
    wall: () => wallTime(clock),
    cloud: () => cloudTime(clock),
    async sleep(milliseconds) {
      const left = Math.max(at - (await clock.now()), 0);
      await clock.sleep(Math.min(milliseconds, left));
      if (milliseconds >= left) limited.abort(over);
      limited.signal.throwIfAborted();
    },
  };
  const either = stop ? AbortSignal.any([stop, limited.signal]) : limited.signal;
  try {
    return await work({ ...context, clock: stoppable(untilThen, either), stop: either });
  } finally {
    clearTimeout(timer);
  }
}
