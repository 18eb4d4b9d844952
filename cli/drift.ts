// What other hands have changed since state was recorded. A preview with `--refresh` shows that as steps of its own, which look
// like the program's.
import type { Resource } from "../provider/core/resource";
import { containsUnknown, sameValue } from "../provider/core/schema";
import { hiddenText, type PreviewStep } from "./preview";

type Values = Record<string, unknown>;

/** In which inputs what is seen differs from what is recorded, in words. */
export function driftBetween(resource: Resource, recorded: Values, seen: Values): string[] {
  const inputs = Object.fromEntries(
    Object.entries(recorded).filter(([name, value]) => name in resource.inputs.shape && value !== undefined),
  );
  return resource
    .diff(seen, inputs)
    .properties.filter(({ property }) => property in inputs || !sameValue(recorded[property], seen[property]))
    .map(({ property, before, after }) =>
      isPlain(before) && isPlain(after)
        ? `drift: ${property} is ${before} now, and was recorded as ${after}`
        : `drift: ${property} is not as recorded`,
    );
}

const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

/**
 * Whether a step tells what a refresh found. The digest shows such a step as an update, or as a deletion, with what was
 * read in place of what will be: all of it is known, and something that no program sets has changed.
 */
export function isRefresh(resource: Resource, { op, oldState, newState }: PreviewStep): boolean {
  if (op === "refresh") return true;
  const { __provider: _, ...outputs } = newState?.outputs ?? {};
  // What is always hidden is as it should be.
  const problems = resource.outputs
    .safeParse(outputs)
    .error?.issues.filter(
      ({ path: [name] }) => outputs[String(name)] !== hiddenText || !resource.secrets.includes(String(name)),
    );
  if (op !== "update" || containsUnknown(outputs) || problems?.length) return false;
  return Object.keys(resource.outputs.shape).some(
    (name) => !(name in resource.inputs.shape) && !sameValue(outputs[name], oldState?.outputs?.[name]),
  );
}
