// What every action file exports: its table of fields and its handler.
import type { Faults } from "../faults";
import type { Fields } from "./shape";
import type { VkeWorld } from "./vke/world";

export type Version = "2023-12-30" | "2024-06-13";

export interface Call<Request> {
  /** Checked. */
  request: Request;
  /** The action's name. */
  action: string;
  version: Version;
  /** From the signature's scope. */
  region: string;
  vke: VkeWorld;
  faults: Faults;
}

export interface Outcome {
  /** Becomes `Result`. */
  result: unknown;
  /** Whether the world changed. */
  changed: boolean;
}

export interface Action {
  /** Which rate limit it counts for. */
  kind: "read" | "write";
  fields: Fields;
  handle(call: Call<unknown>): Outcome;
}

/** The shape check guarantees that the request is what the handler's type says; this is where it is believed. */
export function defineAction<Request>(
  action: Omit<Action, "handle"> & { handle: (call: Call<Request>) => Outcome },
): Action {
  return { ...action, handle: (call) => action.handle(call as Call<Request>) };
}
