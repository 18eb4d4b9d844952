// Properties as rows of Markdown tables.
import type { z } from "zod";
import type { Resource } from "../provider/core/resource";
import { unwrap } from "./describe";
import { typeText } from "./typeText";

/** One row of a table for each property: name, type, whether required, how a change is made, meaning. */
export function propertyRows(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  path: string,
  resource: Pick<Resource, "defaultedBySdk" | "replaceOnChanges">,
): string[] {
  return Object.entries(shape).flatMap(([property, schema]) => {
    const { schema: inner, optional, fallback, description } = unwrap(schema);
    const def = inner._zod.def as z.core.$ZodTypes["_zod"]["def"];
    const element = def.type === "array" ? unwrap(def.element).schema : inner;
    const elementDef = element._zod.def as z.core.$ZodTypes["_zod"]["def"];
    const here = `${path}${property}`;
    const needed = optional || resource.defaultedBySdk.includes(here) ? "" : "yes";
    const change = path ? "" : resource.replaceOnChanges.includes(property) ? "replaces" : "in place";
    const nested =
      elementDef.type === "object"
        ? propertyRows(elementDef.shape, `${here}${def.type === "array" ? "[]" : ""}.`, resource)
        : [];
    const kind = typeText(schema);
    const shown = kind.replaceAll("|", "\\|");
    const note =
      fallback === undefined || /default/i.test(description)
        ? ""
        : ` Default \`${JSON.stringify(fallback)}\`.`;
    return [`| \`${here}\` | ${shown} | ${needed} | ${change} | ${description}${note} |`, ...nested];
  });
}

/** The same without what is about inputs of resources. */
export function outputRows(shape: Readonly<Record<string, z.core.$ZodType>>): string[] {
  return propertyRows(shape, "", { defaultedBySdk: [], replaceOnChanges: [] }).map((row) => {
    const cells = row.split(/(?<!\\)\|/);
    return `|${cells[1]}|${cells[2]}|${cells.slice(5).join("|")}`;
  });
}
