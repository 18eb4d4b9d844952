// What every resource's operations share: the lock, the limit, and how an operation that ends early is told.
import type { z } from "zod";
import type { Context } from "../base/context";
import { messageOf, PartialFailure } from "../base/errors";
import { withLock } from "../base/lock";
import { type Deadline, durationMilliseconds } from "../base/wait";

export type Operation = "create" | "update" | "delete";

/** An operation ended before it was done. `touched` says whether anything may have been changed. */
export class EndedEarly<State> extends Error {
  override readonly name = "EndedEarly";
  readonly reason: Error;
  constructor(
    thrown: unknown,
    /** What exists, as last seen; undefined where nothing was seen. */
    readonly state: State | undefined,
    readonly touched: boolean,
  ) {
    super(messageOf(thrown), { cause: thrown });
    this.reason = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  }
}

/** What to throw for an operation that failed: what was begun is recorded, what was not leaves no trace. */
export function outcome<State>(error: unknown, idOf: (state: State) => string): unknown {
  if (!(error instanceof EndedEarly)) return error;
  const state = error.state as State | undefined;
  if (!error.touched || !state) return error.reason;
  return new PartialFailure(idOf(state), state as Record<string, unknown>, [error.message]);
}

/** What to throw for a deletion that failed: it records nothing, so that only its reason counts. */
export function reasonOf(error: unknown): unknown {
  return error instanceof EndedEarly ? error.reason : error;
}

/** What an operation with a limit works with. */
export type Limited = Context & { deadline: Deadline };

interface Limit {
  operation: Operation;
  timeouts: Partial<Record<Operation, string | undefined>> | undefined;
  /** Limit where the user sets none. */
  limit: string;
}

export interface Exclusive extends Limit {
  /** Whatever one change at a time is made of: a cluster, an engine, an instance. */
  key: string;
  /** The same, for people. */
  name: string;
}

/** The limit that the user or the resource sets, from now on. */
export async function limitedNow(
  context: Context,
  { operation, timeouts, limit: usual }: Limit,
): Promise<Limited> {
  const own = timeouts?.[operation] ?? usual;
  const { seconds, option, text } = context.limit
    ? { ...context.limit, text: `${context.limit.seconds}s` }
    : { seconds: durationMilliseconds(own) / 1000, option: `timeouts.${operation}`, text: own };
  const deadline = {
    at: (await context.clock.now()) + seconds * 1000,
    hint: `Raise ${option} (now ${text}) if this is normal here; run \`pulumi up\` again to go on from here.`,
  };
  return { ...context, deadline };
}

/** Runs one operation at a time for each key, with its limit. */
export async function exclusively<T>(
  context: Context,
  { key, name, ...limit }: Exclusive,
  work: (context: Limited) => Promise<T>,
): Promise<T> {
  return withLock(
    context.session,
    key,
    async () => {
      // Whoever has waited for a turn may have it too late.
      context.stop?.throwIfAborted();
      return work(await limitedNow(context, limit));
    },
    () => context.progress(`waits for other changes to ${name} in this run`),
  );
}

/**
 * The inputs of what runs as it is seen. Half of it running is a difference too, but nothing that inputs can ask for: those stay
 * as they are then.
 */
export function inputsSeen<Inputs>(schema: z.ZodObject, seen: { state: unknown }): { inputs?: Inputs } {
  const canBeAskedFor = schema.shape["state"]?.safeParse(seen.state).success;
  return canBeAskedFor ? { inputs: inputsIn<Inputs>(schema, seen) } : {};
}

/** The inputs among a state's properties. */
export function inputsIn<Inputs>(schema: z.ZodObject, state: object): Inputs {
  const given = Object.entries(state).filter(([name, value]) => name in schema.shape && value !== undefined);
  return Object.fromEntries(given) as Inputs;
}
