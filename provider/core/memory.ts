// What this machine remembers and the stack's state does not: it comes before every use of a recorded state.
import { z } from "zod";
import type { Context } from "../base/context";
import { failureText, StoppedError } from "../base/errors";
import type { Resource } from "./resource";
import { wrongTypes } from "./schema";

type Properties = Record<string, unknown>;

const stateSchemas = new WeakMap<Resource, z.ZodObject>();

function stateSchemaOf(resource: Resource): z.ZodObject {
  const { inputs, outputs } = resource;
  const schema =
    stateSchemas.get(resource) ??
    z.looseObject({
      ...inputs.shape,
      ...outputs.shape,
      inputsFound: z.array(z.string()).optional(),
    });
  stateSchemas.set(resource, schema);
  return schema;
}

/** Stops where a state is none of this resource's: an edited file can hold anything. What a later version has added stays. */
function requireState(resource: Resource, state: Properties): void {
  const wrong = wrongTypes(stateSchemaOf(resource), state);
  if (wrong.length === 0) return;
  const told = wrong.slice(0, 5).map(failureText);
  const more = wrong.length > told.length ? [`and ${wrong.length - told.length} more`] : [];
  throw new StoppedError(
    `The state that is recorded of this ${resource.type} cannot be used: ${[...told, ...more].join("; ")}. Nothing was asked or changed. If the state was edited, put back what it held; else take it out with \`pulumi state delete\`, and import what exists.`,
  );
}

/** A state that the engine has handed over, and so has saved, with what is remembered beyond it. */
export function recalled(
  resource: Resource,
  context: Context,
  olds: Properties,
  news?: Properties,
): Properties {
  requireState(resource, olds);
  resource.forgetSaved?.(context, olds);
  return resource.recall?.(context, olds, news) ?? olds;
}
