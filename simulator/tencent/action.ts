// What every action file exports: its table of fields and its handler.
import type { Faults } from "../faults";
import type { Fields } from "./shape";

export interface Call<Request, World> {
  /** Checked and with integers as numbers. */
  request: Request;
  region: string;
  requestId: string;
  /** The product's world. */
  world: World;
  faults: Faults;
}

export interface Outcome {
  /** Fields of `Response` besides RequestId. */
  answer: Record<string, unknown>;
  /** Whether the world changed. */
  changed: boolean;
}

export interface Action {
  /** Whether the fault "busy" strikes it. */
  takesLock?: true;
  fields: Fields;
  handle(call: Call<unknown, unknown>): Outcome;
}

/**
 * The shape check guarantees that the request is what the handler's type says, and the gateway's table of
 * products that the world is; this is where both are believed.
 */
export function newAction<Request, World>(
  fields: Fields,
  handle: (call: Call<Request, World>) => Outcome,
  traits: Pick<Action, "takesLock"> = {},
): Action {
  return { ...traits, fields, handle: (call) => handle(call as Call<Request, World>) };
}

/** Empty lists are sent as null. */
export function nullIfEmpty<Item>(items: Item[]): Item[] | null {
  return items.length > 0 ? items : null;
}
