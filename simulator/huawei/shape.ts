// Checks a call's body or query against its action's table of fields.
import { parameterError } from "./errors";

type Field = { required?: true } & (
  | { type: "string" | "integer" | "boolean" | "strings" }
  | { type: "object" | "objects"; fields: Fields }
);
export type Fields = Record<string, Field>;

export type UnknownFields = "ignored" | "refused";

export function checkBody(fields: Fields, body: unknown, unknown: UnknownFields): Record<string, unknown> {
  if (!isObject(body)) throw parameterError("The body is not a JSON object.");
  return checkObject(fields, body, unknown, "");
}

/** In a query everything is text; names the API does not have are ignored. */
export function checkQuery(fields: Fields, query: URLSearchParams): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, { type }] of Object.entries(fields)) {
    const text = query.get(name);
    // An example of the documents asks for `offset=null`.
    if (text === null || text === "null") continue;
    given[name] = type === "integer" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  }
  return checkObject(fields, given, "ignored", "");
}

function checkObject(
  fields: Fields,
  object: Record<string, unknown>,
  unknown: UnknownFields,
  path: string,
): Record<string, unknown> {
  const strange = Object.keys(object).find((name) => !Object.hasOwn(fields, name));
  if (strange !== undefined && unknown === "refused") throw parameterError(`${path}${strange} is unknown.`);
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null) {
      if (field.required) throw parameterError(`${path}${name} is required.`);
    } else {
      checked[name] = checkField(field, value, unknown, path + name);
    }
  }
  return checked;
}

function checkField(field: Field, value: unknown, unknown: UnknownFields, path: string): unknown {
  const must = (fits: boolean) => {
    if (!fits) throw parameterError(`${path} must be of type ${field.type}.`);
  };
  switch (field.type) {
    case "string":
    case "boolean":
      must(typeof value === field.type);
      return value;
    case "integer":
      must(Number.isSafeInteger(value));
      return value;
    case "strings":
      must(Array.isArray(value) && value.every((item) => typeof item === "string"));
      return value;
    case "object":
      must(isObject(value));
      return checkObject(field.fields, value as Record<string, unknown>, unknown, `${path}.`);
    case "objects":
      must(Array.isArray(value) && value.every(isObject));
      return (value as Record<string, unknown>[]).map((item, index) =>
        checkObject(field.fields, item, unknown, `${path}.${index}.`),
      );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
