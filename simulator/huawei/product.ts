// What each product of Huawei Cloud has besides what every product has.
import type { Product, World } from "../product";
import type { Action } from "./action";

export interface HuaweiProduct<Own extends World> extends Product<Own> {
  /** Found by their routes, in this order. */
  actions: Record<string, Action>;
  /** Somebody takes what a call is about, for the fault "busy". */
  takeLock?(world: Own, path: Record<string, string>, projectId: string, milliseconds: number): void;
}
