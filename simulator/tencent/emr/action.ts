// What EMR action files are made with.
import { type Action, newAction, type Call as ProductCall } from "../action";
import type { Fields } from "../shape";
import type { EmrWorld } from "./world";

export { type Action, nullIfEmpty, type Outcome } from "../action";
export type Call<Request> = ProductCall<Request, EmrWorld>;

export function defineAction<Request>(
  fields: Fields,
  handle: (call: Call<Request>) => ReturnType<Action["handle"]>,
  traits?: Pick<Action, "takesLock">,
): Action {
  return newAction<Request, EmrWorld>(fields, handle, traits);
}
