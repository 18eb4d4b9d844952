// What each product of Tencent Cloud has besides what every product has.
import type { Product, World } from "../product";
import type { Action } from "./action";

export interface TencentProduct<Own extends World> extends Product<Own> {
  version: string;
  regionRequired: boolean;
  actions: Record<string, Action>;
  /** Somebody takes what a call is about, for the fault "busy". */
  takeLock(world: Own, request: Record<string, unknown>, milliseconds: number): void;
}
