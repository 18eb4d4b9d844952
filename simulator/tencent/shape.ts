// Checks a request body against an action's table of fields, as the API gateway does before the service sees it.
import { ApiError } from "./errors";

type Field = {
  required?: true;
  /** Known to this edition only. */
  edition?: "mainland" | "international";
} & (
  | { type: "string" | "integer" | "boolean" | "strings" | "integers" }
  | { type: "object" | "objects"; fields: Fields }
);
export type Fields = Record<string, Field>;

export interface ShapeOptions {
  edition: "mainland" | "international";
  /** Whether an integer sent as a string is an error. */
  strictTypes: boolean;
}

/** Returns the body with integers as numbers. */
export function checkShape(fields: Fields, body: unknown, options: ShapeOptions): Record<string, unknown> {
  if (!isObject(body)) throw new ApiError("InvalidRequest", "The request body is not a JSON object.");
  return checkObject(fields, body, options, "");
}

function checkObject(
  fields: Fields,
  object: Record<string, unknown>,
  options: ShapeOptions,
  path: string,
): Record<string, unknown> {
  for (const name of Object.keys(object)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field || (field.edition && field.edition !== options.edition)) {
      throw new ApiError("UnknownParameter", `The parameter \`${path}${name}\` is not recognized.`);
    }
  }
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(object, name)) {
      if (!field.required) continue;
      throw new ApiError(
        "MissingParameter",
        `The request is missing a required parameter \`${path}${name}\`.`,
      );
    }
    checked[name] = checkField(field, object[name], options, path + name);
  }
  return checked;
}

function checkField(field: Field, value: unknown, options: ShapeOptions, path: string): unknown {
  switch (field.type) {
    case "string":
      return typeof value === "string" ? value : wrongType(path, "string");
    case "boolean":
      return typeof value === "boolean" ? value : wrongType(path, "bool");
    case "integer":
      return integer(value, options, path);
    case "strings":
      return list(value, path).map((item, index) =>
        typeof item === "string" ? item : wrongType(`${path}.${index}`, "string"),
      );
    case "integers":
      return list(value, path).map((item, index) => integer(item, options, `${path}.${index}`));
    case "object":
      return isObject(value)
        ? checkObject(field.fields, value, options, `${path}.`)
        : wrongType(path, "object");
    case "objects":
      return list(value, path).map((item, index) =>
        isObject(item)
          ? checkObject(field.fields, item, options, `${path}.${index}.`)
          : wrongType(`${path}.${index}`, "object"),
      );
  }
}

function integer(value: unknown, options: ShapeOptions, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "string" && /^-?\d{1,15}$/.test(value) && !options.strictTypes) return Number(value);
  return wrongType(path, "int64");
}

function list(value: unknown, path: string): unknown[] {
  return Array.isArray(value) ? value : wrongType(path, "array");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function wrongType(path: string, type: string): never {
  throw new ApiError("InvalidParameter", `The value type of parameter \`${path}\` is not \`${type}\`.`);
}
