// What every EMR action file exports: its table of fields and its handler.
import type { Faults } from "../../faults";
import type { Fields } from "../shape";
import type { EmrWorld } from "./world";

export interface Call<Request> {
  /** Checked and with integers as numbers. */
  request: Request;
  region: string;
  requestId: string;
  world: EmrWorld;
  faults: Faults;
}

export interface Outcome {
  /** Fields of `Response` besides RequestId. */
  answer: Record<string, unknown>;
  /** Whether the world changed. */
  changed: boolean;
}

export interface Action {
  fields: Fields;
  handle(call: Call<unknown>): Outcome;
}

/** The shape check guarantees that the request is what the handler's type says; this is where it is believed. */
export function defineAction<Request>(fields: Fields, handle: (call: Call<Request>) => Outcome): Action {
  return { fields, handle: (call) => handle(call as Call<Request>) };
}

/** Empty lists are sent as null. */
export function nullIfEmpty<Item>(items: Item[]): Item[] | null {
  return items.length > 0 ? items : null;
}
