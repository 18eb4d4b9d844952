// What a change is about, as far as a preview shows it: the resource says by which of its properties.
import type { Resource } from "../provider/core/resource";
import { containsUnknown, isUnknown } from "../provider/core/schema";
import { containsHidden, type Values } from "./hidden";

/** Whether a value is there to be read. */
export const isReadable = (value: unknown) => !isUnknown(value) && !containsHidden(value);

/** The cluster, engine or instance, as people call it. */
export function subjectOf({ subject }: Resource, inputs: Values, olds: Values | undefined): string {
  const found = [subject.name, subject.id]
    .map((name) => name && (inputs[name] ?? olds?.[name]))
    .find((value) => typeof value === "string" && value !== "");
  return found !== undefined && isReadable(found) ? String(found) : "not known yet";
}

/** By which ids it can be imported, the exact one first; none while that is not known, or where the preview does not show it. */
export function importIdsOf({ resource, inputs }: { resource: Resource; inputs: Values }): string[] {
  const isHidden = Object.entries(inputs).some(
    ([name, value]) => containsHidden(value) && !resource.secrets.includes(name),
  );
  return isHidden || containsUnknown(inputs) ? [] : resource.subject.importIds(inputs);
}

/** How many nodes there are afterwards; undefined while that is not known, and where nodes are not what it is about. */
export function sizeOf({ subject }: Resource, inputs: Values): number | undefined {
  const size = subject.size === undefined ? undefined : inputs[subject.size];
  return typeof size === "number" ? size : undefined;
}
