// What DLC action files are made with.
import { type Action, newAction, type Call as ProductCall } from "../action";
import type { Fields } from "../shape";
import type { DlcWorld } from "./world";

export { type Action, nullIfEmpty } from "../action";
export type Call<Request> = ProductCall<Request, DlcWorld>;

export function defineAction<Request>(
  fields: Fields,
  handle: (call: Call<Request>) => ReturnType<Action["handle"]>,
  traits?: Pick<Action, "takesLock">,
): Action {
  return newAction<Request, DlcWorld>(fields, handle, traits);
}
