// A schema's type as the reference pages write it.
import type { z } from "zod";
import { unwrap } from "./describe";

export function typeText(given: z.core.$ZodType): string {
  const def = unwrap(given).schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
  switch (def.type) {
    case "string":
    case "boolean":
    case "number":
    case "object":
      return def.type;
    case "enum":
      return Object.values(def.entries)
        .map((value) => JSON.stringify(value))
        .join(" | ");
    case "literal":
      return def.values.map((value) => JSON.stringify(value)).join(" | ");
    case "record":
      return `Record<string, ${typeText(def.valueType)}>`;
    case "array": {
      const item = typeText(def.element);
      return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
    }
    default:
      throw new Error(`no form on a page for ${def.type}`);
  }
}

/** What one of several is called: `processes` are made of a `process`. */
export function singular(name: string): string {
  return name.replace(/(ss)es$|s$/, "$1");
}
