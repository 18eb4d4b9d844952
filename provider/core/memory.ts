// What this machine remembers and the stack's state does not: it comes before every use of a recorded state.
import type { Context } from "../base/context";
import type { Resource } from "./resource";

type Properties = Record<string, unknown>;

/** A state that the engine has handed over, and so has saved, with what is remembered beyond it. */
export function recalled(
  resource: Resource,
  context: Context,
  olds: Properties,
  news?: Properties,
): Properties {
  resource.forgetSaved?.(context, olds);
  return resource.recall?.(context, olds, news) ?? olds;
}
