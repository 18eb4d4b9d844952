// What IAM action files are made with.
import { type Action, newAction, type Outcome, type Call as ProductCall } from "../action";
import type { IamAccount } from "./account";

export type { Action, Outcome } from "../action";
export type Call<Request> = ProductCall<Request, IamAccount>;

export function defineAction<Request>(
  action: Omit<Action, "handle"> & { handle: (call: Call<Request>) => Outcome },
): Action {
  return newAction<Request, IamAccount>(action);
}
