// What every action file exports: its table of fields and its handler.
import type { Faults } from "../faults";
import type { Fields } from "./shape";

export interface Call<Request, World, Version extends string = string> {
  /** Checked. */
  request: Request;
  /** The action's name. */
  action: string;
  version: Version;
  /** From the signature's scope. */
  region: string;
  /** The product's world. */
  world: World;
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
  /** Whether the fault "busy" strikes it. */
  takesLock?: true;
  fields: Fields;
  handle(call: Call<unknown, unknown>): Outcome;
}

/**
 * The shape check guarantees that the request is what the handler's type says, and the gateway that the world is
 * the product's; this is where both are believed.
 */
export function newAction<Request, World, Version extends string>(
  action: Omit<Action, "handle"> & { handle: (call: Call<Request, World, Version>) => Outcome },
): Action {
  return { ...action, handle: (call) => action.handle(call as Call<Request, World, Version>) };
}
