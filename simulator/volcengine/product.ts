// What each product of Volcengine has besides what every product has.
import type { Product, World } from "../product";
import type { Action } from "./action";

export interface VolcengineProduct<Own extends World> extends Product<Own> {
  /** By version and name. */
  actions: Record<string, Record<string, Action>>;
  /** Somebody takes what a call is about, for the fault "busy". */
  takeLock(world: Own, request: Record<string, unknown>, milliseconds: number): void;
}
