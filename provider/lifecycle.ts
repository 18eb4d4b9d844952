// The handlers that change something, as every resource has them that takes charge of what exists already.
import type { Context } from "./context";
import { PartialFailure } from "./errors";
import { type Operation, outcome, reasonOf } from "./operation";
import type { Resource } from "./resource";

export interface Lifecycle<Inputs, State> {
  idOf(state: State): string;
  /** What it is called in what is told. */
  nameOf(state: State): string;
  /** Brings what exists to what is wanted. `known` is what state recorded. */
  apply(context: Context, operation: Operation, wanted: Inputs, known: State | undefined): Promise<State>;
  /** What deleting asks for, or undefined where everything is left as it is. */
  wantedOnDelete(state: State): Inputs | undefined;
  exists(context: Context, state: State): Promise<boolean>;
  /** Forgets what is remembered of it on this machine, once nobody looks after it any more. */
  forget?(context: Context, state: State): void;
  /** What a person should know where everything is left as it is. */
  leaves?(state: State): string[];
}

export function changesOf<Inputs, State extends object>({
  idOf,
  nameOf,
  apply,
  wantedOnDelete,
  exists,
  forget,
  leaves,
}: Lifecycle<Inputs, State>): Pick<Resource<Inputs, State>, "create" | "update" | "delete"> {
  // What a resource of this process was created for. A resource that is renamed is created under its new name before the
  // old one is deleted: then what it stands for is the new one's business.
  const created = new Set<string>();
  return {
    async create(context, news) {
      try {
        const state = await apply(context, "create", news, undefined);
        created.add(idOf(state));
        return { id: idOf(state), state };
      } catch (error) {
        const failure = outcome<State>(error, idOf);
        if (failure instanceof PartialFailure) created.add(failure.id);
        throw failure;
      }
    },
    async update(context, id, olds, news) {
      try {
        return await apply(context, "update", news, olds);
      } catch (error) {
        throw outcome<State>(error, () => id);
      }
    },
    async delete(context, id, olds) {
      if (created.has(id)) {
        const name = nameOf(olds);
        context.progress(`${name}: another resource of this program has it now; left as it is`);
        return;
      }
      const wanted = wantedOnDelete(olds);
      if (!wanted) forget?.(context, olds);
      if (!wanted)
        for (const warning of leaves?.(olds) ?? []) context.progress(`${nameOf(olds)}: warning: ${warning}`);
      if (!wanted || !(await exists(context, olds))) return;
      try {
        await apply(context, "delete", wanted, olds);
      } catch (error) {
        throw reasonOf(error);
      }
    },
  };
}
