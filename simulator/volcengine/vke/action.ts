// What VKE action files are made with.
import { type Action, newAction, type Outcome, type Call as ProductCall } from "../action";
import type { VkeWorld } from "./world";

export type { Action, Outcome } from "../action";
export type Version = "2023-12-30" | "2024-06-13";
export type Call<Request> = ProductCall<Request, VkeWorld, Version>;

export function defineAction<Request>(
  action: Omit<Action, "handle"> & { handle: (call: Call<Request>) => Outcome },
): Action {
  return newAction<Request, VkeWorld, Version>(action);
}
