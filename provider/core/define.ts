// The handlers that change something, as every resource has them that takes charge of what exists already.
import { type Context, warn } from "../base/context";
import type { Note } from "./note";
import { limitedNow, type Operation, outcome, reasonOf } from "./operation";
import type { Resource } from "./resource";

export interface Lifecycle<Inputs, State> {
  idOf(state: State): string;
  /** Brings what exists to what is wanted. `known` is what state recorded. */
  apply(context: Context, operation: Operation, wanted: Inputs, known: State | undefined): Promise<State>;
  /** What deleting asks for, or undefined where everything is left as it is. */
  wantedOnDelete(state: State): Inputs | undefined;
  exists(context: Context, state: State): Promise<boolean>;
  /** Limit of an operation where the program sets none. */
  limit: string;
  /** Forgets what is remembered of it on this machine, once nobody looks after it any more. */
  forget?(context: Context, state: State): void;
  /** What a person should know where everything is left as it is. */
  leaves?(state: State): Note[];
}

export function changesOf<Inputs, State extends { timeouts?: { delete?: string | undefined } | undefined }>({
  idOf,
  apply,
  wantedOnDelete,
  exists,
  limit,
  forget,
  leaves,
}: Lifecycle<Inputs, State>): Pick<Resource<Inputs, State>, "create" | "update" | "delete"> {
  return {
    async create(context, news) {
      try {
        const state = await apply(context, "create", news, undefined);
        return { id: idOf(state), state };
      } catch (error) {
        throw outcome<State>(error, idOf);
      }
    },
    async update(context, id, olds, news) {
      try {
        return await apply(context, "update", news, olds);
      } catch (error) {
        throw outcome<State>(error, () => id);
      }
    },
    async delete(context, _id, olds) {
      const wanted = wantedOnDelete(olds);
      if (!wanted) forget?.(context, olds);
      if (!wanted) for (const { text } of leaves?.(olds) ?? []) warn(context, text);
      if (!wanted) return;
      const limited = await limitedNow(context, { operation: "delete", timeouts: olds.timeouts, limit });
      if (!(await exists(limited, olds))) return;
      try {
        await apply(context, "delete", wanted, olds);
      } catch (error) {
        throw reasonOf(error);
      }
    },
  };
}
