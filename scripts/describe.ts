// What a zod schema says about a property, without its wrappers.
import type { z } from "zod";
import { factsOf, isSealed } from "../provider/core/fields";

export interface Described {
  schema: z.core.$ZodType;
  optional: boolean;
  fallback: unknown;
  description: string;
  isSecret: boolean;
}

export function unwrap(given: z.core.$ZodType): Described {
  let description = (given as z.ZodType).description ?? "";
  let schema = given;
  let optional = false;
  let fallback: unknown;
  for (;;) {
    const def = schema._zod.def as z.core.$ZodTypeDef & {
      innerType?: z.core.$ZodType;
      defaultValue?: unknown;
    };
    if (def.type !== "optional" && def.type !== "default") break;
    optional = true;
    if (def.type === "default") fallback = def.defaultValue;
    schema = def.innerType as z.core.$ZodType;
    description ||= (schema as z.ZodType).description ?? "";
  }
  return { schema, optional, fallback, description, isSecret: isSealed(factsOf(given)) };
}
