// What a schema declares, field by field, and two values for each field.
import { z } from "zod";

type Def = z.core.$ZodTypes["_zod"]["def"];

const wrappers = ["optional", "default", "nullable", "catch", "readonly", "prefault"];

/** The schema itself, without what says whether it may be left out. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as Def;
  return wrappers.includes(def.type) && "innerType" in def ? bare(def.innerType) : schema;
}

/** The fields of an object or of the objects in a list; undefined for everything else. */
function fieldsOf(schema: z.core.$ZodType): [string, z.core.$ZodType][] | undefined {
  const def = bare(schema)._zod.def as Def;
  if (def.type === "array") return fieldsOf(def.element);
  return def.type === "object" ? Object.entries(def.shape) : undefined;
}

/** The paths of all fields that hold no further fields, such as `podSpec.cpu`. Lists leave no trace in a path. */
export function pathsOf(schema: z.core.$ZodType, at = ""): string[] {
  const fields = fieldsOf(schema);
  if (!fields) return [at];
  return fields.flatMap(([name, field]) => pathsOf(field, at ? `${at}.${name}` : name));
}

/** Whether a value holds something at a path; one element of a list is enough. */
export function holds(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value))
    return value.some((item) => holds(item, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  return holds((value as Record<string, unknown>)[name], rest);
}

export type Pair = readonly [unknown, unknown];

/** Texts of which a string schema takes some, whatever its form. */
const texts = ["a", "b", "emr-a1", "emr-b2", "30m", "31m"];

/** Two values that a field takes; one, where it takes no other. */
function valuesOf(schema: z.core.$ZodType): unknown[] {
  const def = bare(schema)._zod.def as Def;
  switch (def.type) {
    case "boolean":
      return [true, false];
    case "enum":
      return Object.values(def.entries).slice(0, 2);
    case "literal":
      return def.values.slice(0, 2);
    case "union":
      return def.options.flatMap(valuesOf).slice(0, 2);
    case "array":
      return valuesOf(def.element).map((value) => [value]);
    case "record":
      return valuesOf(def.valueType).map((value) => ({ key: value }));
    case "string":
      return texts.filter((text) => z.safeParse(schema, text).success).slice(0, 2);
    case "number":
      return [0, 1, 2, 60, 61].filter((number) => z.safeParse(schema, number).success).slice(0, 2);
    default:
      return [];
  }
}

/** A value with all fields, of which the one at the path `varied` has its first or its second value. */
export function valueFor(
  schema: z.core.$ZodType,
  given: Readonly<Record<string, Pair>>,
  at: string,
  varied: string,
  choice: 0 | 1,
): unknown {
  const def = bare(schema)._zod.def as Def;
  const fields = fieldsOf(schema);
  if (!fields) {
    const values = given[at] ?? valuesOf(schema);
    if (values.length === 0) throw new Error(`${at}: its schema does not tell a value; give two`);
    return values[at === varied ? Math.min(choice, values.length - 1) : 0];
  }
  const value = Object.fromEntries(
    fields.map(([name, field]) => [name, valueFor(field, given, `${at}.${name}`, varied, choice)]),
  );
  return def.type === "array" ? [value] : value;
}
