// Checks inputs against their zod schema and rules, and says everything that is wrong at once. Knows that in a
// preview any value may still be unknown.
import { z } from "zod";
import type { MessageKind } from "../base/context";
import type { CheckFailure } from "../base/errors";
import { printable, printableLines, removerOf, shortestSecret } from "../base/printable";
import { factsOf, formOf } from "./fields";

/** A value that a preview cannot know yet, of whatever type. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine sends for such a value. */
const unknownValues = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && unknownValues.has(value);
}

/** Whether a text was made of an unknown value. */
export const mentionsUnknown = (text: string) => [...unknownValues].some((value) => text.includes(value));

/** Whether a value is unknown or holds an unknown somewhere. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(containsUnknown);
}

/** A rule that several properties make together. It is skipped while one of them is unknown. */
export interface Rule<Inputs> {
  /** The property to blame. */
  property: string;
  /** All properties that the rule looks at. */
  reads: (keyof Inputs & string)[];
  /** What is wrong and what would be right: about `property`, or each with a property of its own. */
  problem(inputs: Partial<Inputs>): string | CheckFailure[] | undefined;
}

export interface Checked<Inputs> {
  inputs: Inputs;
  failures: CheckFailure[];
}

/** Fills in defaults and finds every mistake. `inputs` may hold unknowns where `given` did. */
export function checkInputs<Schema extends z.ZodObject>(
  schema: Schema,
  rules: readonly Rule<z.output<Schema>>[],
  given: Record<string, unknown>,
): Checked<z.output<Schema>> {
  const failures: CheckFailure[] = [];
  const parsed = schema.safeParse(given, { reportInput: true });
  for (const issue of parsed.error?.issues ?? []) {
    if (!touchesUnknown(given, issue.path)) failures.push(...describe(issue, schema));
  }
  const inputs = (parsed.success ? parsed.data : { ...defaultsOf(schema), ...given }) as z.output<Schema>;
  const broken = new Set(failures.map(({ property }) => property.split(/[.[]/)[0]));
  for (const rule of rules) {
    const values = rule.reads.map((name) => (inputs as Record<string, unknown>)[name]);
    if (values.some(containsUnknown) || rule.reads.some((name) => broken.has(name))) continue;
    const found = rule.problem(inputs) ?? [];
    failures.push(...(typeof found === "string" ? [{ property: rule.property, reason: found }] : found));
  }
  return { inputs, failures };
}

/** What is missing or of another type than its schema has. Any value of the right type is taken. */
export function wrongTypes(schema: z.ZodObject, given: Record<string, unknown>): CheckFailure[] {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { error } = schema.safeParse(present, { reportInput: true });
  const isOfType = (issue: z.core.$ZodIssue) =>
    issue.code === "invalid_value"
      ? issue.values.some((value) => typeof value === typeof issue.input)
      : issue.code !== "invalid_type" && issue.code !== "invalid_union";
  return (error?.issues ?? [])
    .filter((issue) => !isOfType(issue) && !touchesUnknown(present, issue.path))
    .flatMap((issue) => describe(issue, schema));
}

/** The value of each property that has a default. */
function defaultsOf(schema: z.ZodObject): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.shape)) {
    const result = z.safeParse(property, undefined);
    if (result.success && result.data !== undefined) defaults[name] = result.data;
  }
  return defaults;
}

/** Whether the value at a path, or one above it, is unknown. */
function touchesUnknown(value: unknown, path: PropertyKey[]): boolean {
  let at = value;
  for (const key of path) {
    if (isUnknown(at)) return true;
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return isUnknown(at);
}

/** A property path as Pulumi writes it: `tags[0].tagKey`. */
function propertyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[\p{L}\p{N}_$-]+$/u.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodObject): CheckFailure[] {
  const property = propertyPath(issue.path);
  const isHidden = /secret|password|token|config/i.test(property);
  const got = isHidden ? "something else" : shown(issue.input);
  // A string that looks like what was expected is told from it.
  const gotOtherType = isHidden
    ? article(Array.isArray(issue.input) ? "list" : typeof issue.input)
    : `${typeof issue.input === "string" ? "the string " : ""}${got}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        property: propertyPath([...issue.path, key]),
        reason: `is not a property here${near(key, issue.path.length === 0 ? Object.keys(schema.shape) : [])}`,
      }));
    case "invalid_type":
      return [
        {
          property,
          reason:
            issue.input === undefined
              ? "is required"
              : `must be ${article(issue.expected)}, got ${gotOtherType}`,
        },
      ];
    case "invalid_value":
      return [
        {
          property,
          reason: `must be ${alternatives(issue.values)}, got ${issue.values.some((value) => typeof value === "string") ? got : gotOtherType}`,
        },
      ];
    case "invalid_union": {
      const values = issue.errors
        .flat()
        .flatMap((inner) => (inner.code === "invalid_value" ? inner.values : []));
      return [
        {
          property,
          reason: `must be ${values.length ? alternatives(values) : "of another type"}, got ${got}`,
        },
      ];
    }
    case "too_small":
      return [
        {
          property,
          reason: `must ${sized(issue.origin, `at least ${issue.minimum}`)}, got ${size(issue.input)}`,
        },
      ];
    case "too_big":
      return [
        {
          property,
          reason: `must ${sized(issue.origin, `at most ${issue.maximum}`)}, got ${size(issue.input)}`,
        },
      ];
    case "invalid_format":
      return [{ property, reason: `${issue.message}, got ${got}` }];
    default:
      return [{ property, reason: issue.message }];
  }
}

function sized(origin: string, bound: string): string {
  if (origin === "string") return `have ${bound} characters`;
  if (origin === "array" || origin === "set") return `have ${bound} element(s)`;
  return `be ${bound}`;
}

function size(value: unknown): string {
  if (typeof value === "string" || Array.isArray(value)) return String(value.length);
  return shown(value);
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function alternatives(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** A value in an error: short, and never the inside of something that could hold a secret. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return value.length > 60 ? "a longer text" : JSON.stringify(value);
  return String(value);
}

function near(key: string, names: string[]): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const hit = names.find((name) => plain(name) === plain(key) || plain(name) === `${plain(key)}s`);
  return hit ? `; did you mean ${hit}?` : "; take it out";
}

/** The secrets in a value, as its schema marks them. */
function secretsIn(schema: z.core.$ZodType, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const { secret } = factsOf(schema);
  if (secret === true || secret === "untold") return textsIn(value);
  const form = formOf(schema);
  switch (form.type) {
    case "array":
      return Array.isArray(value) ? value.flatMap((item) => secretsIn(form.element, item)) : [];
    case "object":
      return Object.entries(form.shape).flatMap(([name, property]) =>
        secretsIn(property, (value as Record<string, unknown>)[name]),
      );
    default:
      return [];
  }
}

/** The secrets among the properties of something that has inputs and outputs. */
export function secretsOf(
  { inputs, outputs }: { inputs: z.ZodObject; outputs: z.ZodObject },
  properties: Record<string, unknown>,
): string[] {
  return [...secretsIn(inputs, properties), ...secretsIn(outputs, properties)];
}

/** The texts in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** `kind`: what the text is; a plan has lines of its own. */
export type Cleaner = (text: string, kind?: MessageKind) => string;

/**
 * Makes texts such that they can be told: without secrets, on one line. What is short among a program's texts stays: an
 * argument such as `1` would tear holes into every message.
 */
export function cleanerOf(secrets: readonly string[], credentials: readonly string[] = []): Cleaner {
  const remove = removerOf([...credentials, ...secrets.filter(({ length }) => length >= shortestSecret)]);
  return (text, kind) => (kind === "plan" ? printableLines : printable)(remove(text));
}

/** Equality of JSON-like values; absent and undefined are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => sameValue(left[key], right[key]));
}

/** A JSON-like value as a text that is the same whatever the order of its members. */
export function orderedText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
