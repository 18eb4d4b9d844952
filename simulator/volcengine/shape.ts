// Checks a call's body against its action's table of fields.
import { type ApiError, errorOf, refusal } from "./errors";
import type { VolcengineSettings } from "./settings";

type Field = { required?: true } & (
  | { type: "string" | "integer" | "integerOrString" | "strings" | "stringOrStrings" }
  | { type: "objects"; fields: Fields }
);
export type Fields = Record<string, Field>;

export function checkBody(
  fields: Fields,
  body: unknown,
  settings: VolcengineSettings,
): Record<string, unknown> {
  if (!isObject(body)) throw refusal(settings, "parameter", "The body is not a JSON object.");
  return checkObject(fields, body, settings, "");
}

function checkObject(
  fields: Fields,
  object: Record<string, unknown>,
  settings: VolcengineSettings,
  path: string,
): Record<string, unknown> {
  const strange = Object.keys(object).find((name) => !Object.hasOwn(fields, name));
  if (strange !== undefined && settings.unknownFields === "refused") {
    throw refusal(settings, "parameter", `${path}${strange} is unknown.`);
  }
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null || value === "") {
      if (field.required) throw missing(settings, path + name);
    } else {
      checked[name] = checkField(field, value, settings, path + name);
    }
  }
  return checked;
}

export function missing(settings: VolcengineSettings, path: string): ApiError {
  return errorOf(settings, "MissingParameter", `The parameter ${path} is missing.`);
}

function checkField(field: Field, value: unknown, settings: VolcengineSettings, path: string): unknown {
  const must = (fits: boolean) => {
    if (!fits) throw refusal(settings, "parameter", `${path} is not of type ${field.type}.`);
  };
  const isStrings = Array.isArray(value) && value.every((item) => typeof item === "string");
  switch (field.type) {
    case "string":
      must(typeof value === "string");
      return value;
    case "integer":
      must(Number.isSafeInteger(value));
      return value;
    case "integerOrString":
      must(typeof value === "string" || Number.isSafeInteger(value));
      return value;
    case "strings":
      must(isStrings);
      return value;
    case "stringOrStrings":
      must(typeof value === "string" || isStrings);
      return typeof value === "string" ? [value] : value;
    case "objects":
      must(Array.isArray(value) && value.every(isObject));
      return (value as Record<string, unknown>[]).map((item, index) =>
        checkObject(field.fields, item, settings, `${path}.${index + 1}.`),
      );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
