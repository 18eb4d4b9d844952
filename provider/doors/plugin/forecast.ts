// What a preview tells: the plan, and what state will hold as far as that can be known.
import type { Context } from "../../base/context";
import { planOfChange, planOfCreation, reportPlan } from "../../core/plan";
import type { Resource } from "../../core/resource";
import { containsUnknown, unknownValue } from "../../core/schema";
import type { Properties } from "./values";

/**
 * Tells the plan, and gives back what state will hold; what cannot be known is unknown. `replaced`: what exists and goes, where
 * this is what comes in its place.
 */
export async function previewOutputs(
  context: Context,
  resource: Resource,
  olds: Properties | undefined,
  news: Properties,
  replaced?: Properties,
): Promise<Properties> {
  const before = replaced ?? olds;
  const plan = before
    ? planOfChange(resource, before, news, replaced !== undefined)
    : await planOfCreation(context, resource, news);
  reportPlan(context, plan);
  const outputs = Object.keys(resource.outputs.shape).filter((name) => news[name] === undefined);
  const changesNothing = olds && plan.steps.length + plan.blocked.length === 0 && !containsUnknown(news);
  const staying = outputs.filter((name) => changesNothing || resource.stableOutputs.includes(name));
  const kept = staying.flatMap((name) => (olds?.[name] === undefined ? [] : [[name, olds[name]]]));
  // What only an operation that ends early leaves behind is not expected.
  const isExpected = (name: string) => resource.outputs.shape[name]?._zod.optin === undefined;
  const open = outputs.filter((name) => isExpected(name) && (!staying.includes(name) || !olds));
  // A preview without access is one that knows less, and no failure.
  const told = await resource.previewOutputs?.(context, olds, news).catch(() => ({}));
  return {
    ...Object.fromEntries(open.map((name) => [name, unknownValue])),
    ...Object.fromEntries(kept),
    ...news,
    ...(changesNothing ? {} : told),
  };
}
