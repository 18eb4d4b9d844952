// Scalars as people write them: YAML and the stack's configuration give "5" for a number, 1 for a text and "true" for a
// boolean, and providers take them so. What is not clearly meant is left as it is, and then refused by name.
import { z } from "zod";
import { isUnknown } from "../../core/schema";

type Schema = z.core.$ZodType;

/** The value with its scalars as the schema has them. */
export function asDeclared(schema: Schema, value: unknown): unknown {
  if (value === undefined || value === null || isUnknown(value)) return value;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject)
    return mapped(value, (name) => (Object.hasOwn(inner.shape, name) ? inner.shape[name] : undefined));
  if (inner instanceof z.ZodRecord) return mapped(value, () => inner.valueType);
  if (inner instanceof z.ZodArray)
    return Array.isArray(value) ? value.map((each) => asDeclared(inner.element, each)) : value;
  return scalar(inner, value);
}

function unwrapped(schema: Schema): Schema {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  if (isWrapper) return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}

function mapped(value: unknown, schemaOf: (name: string) => Schema | undefined): unknown {
  if (typeof value !== "object" || Array.isArray(value) || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const schema = schemaOf(name);
      return [name, schema ? asDeclared(schema, each) : each];
    }),
  );
}

function scalar(schema: Schema, value: unknown): unknown {
  const candidates = [value, ...readings(value)];
  const fits = (each: unknown) => z.safeParse(schema, each).success;
  // A value that fits in no reading keeps the type that the schema has, so that the message is about the value.
  return candidates.find(fits) ?? candidates.find((each) => typeof each === typeOf(schema)) ?? value;
}

/** What a scalar may mean in another type. */
function readings(value: unknown): unknown[] {
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (typeof value !== "string") return [];
  const number = /^-?\d+(\.\d+)?$/.test(value.trim()) ? [Number(value)] : [];
  const boolean = value === "true" || value === "false" ? [value === "true"] : [];
  return [...number, ...boolean];
}

function typeOf(schema: Schema): string | undefined {
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return "string";
  return undefined;
}
