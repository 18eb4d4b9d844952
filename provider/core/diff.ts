// Which inputs differ from what is recorded, and which of them replace what exists.
import type { z } from "zod";
import { factsOf, formOf } from "./fields";
import type { PropertyDiff } from "./resource";
import { containsUnknown, orderedText, sameValue } from "./schema";

/**
 * A value without what makes no difference, as its schema has it. `forExisting`: also without what only counts for what is done
 * from then on.
 */
export function normal(schema: z.core.$ZodType | undefined, value: unknown, forExisting = false): unknown {
  const { set, implied, means, change } = schema ? factsOf(schema) : {};
  if (value === implied || (forExisting && change === "later")) return undefined;
  if (means && typeof value === "string") return means(value);
  if (typeof value !== "object" || value === null) return value;
  const form = schema && formOf(schema);
  if (Array.isArray(value)) {
    const element = form?.type === "array" ? form.element : undefined;
    const items = value.map((item) => normal(element, item, forExisting));
    if (items.length === 0) return undefined;
    return set ? items.sort((a, b) => (orderedText(a) < orderedText(b) ? -1 : 1)) : items;
  }
  const memberOf = (name: string) =>
    form?.type === "object" && Object.hasOwn(form.shape, name)
      ? form.shape[name]
      : form?.type === "record"
        ? form.valueType
        : undefined;
  const members = Object.entries(value)
    .map(([name, item]) => [name, normal(memberOf(name), item, forExisting)] as const)
    .filter(([, item]) => item !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** Whether two values of an input mean the same; `forExisting` as above. */
export function isSameInput<Shape extends z.core.$ZodShape>(
  { shape }: z.ZodObject<Shape>,
  name: keyof Shape & string,
  a: unknown,
  b: unknown,
  forExisting = false,
): boolean {
  return sameValue(normal(shape[name], a, forExisting), normal(shape[name], b, forExisting));
}

export interface Comparison<State, Inputs> {
  inputs: z.ZodObject;
  /** What an input is compared with. Default: what state has under its name. */
  recorded?(property: string, olds: State, news: Inputs): unknown;
  /** Whether values that do not mean the same are no difference all the same. */
  isExcused?(property: string, before: unknown): boolean;
}

export function compare<State extends object, Inputs extends object>(
  { inputs, recorded, isExcused }: Comparison<State, Inputs>,
  olds: State,
  news: Inputs,
): PropertyDiff[] {
  const differences: PropertyDiff[] = [];
  for (const [property, schema] of Object.entries(inputs.shape)) {
    const { change, found } = factsOf(schema);
    const before = recorded ? recorded(property, olds, news) : olds[property as keyof State];
    // Inputs that come from an import leave out what is a default.
    const after = news[property as keyof Inputs] ?? schema.safeParse(undefined).data;
    if (after === undefined && found) continue;
    const isOpen = containsUnknown(after);
    if (!isOpen && (isSameInput(inputs, property, before, after) || isExcused?.(property, before))) continue;
    differences.push({
      property,
      kind: before === undefined ? "add" : after === undefined ? "delete" : "update",
      replace: change === "replaces" && (isOpen || !isSameInput(inputs, property, before, after, true)),
      before,
      after,
    });
  }
  return differences;
}

/** A difference at the place where it is. */
export interface Leaf {
  /** Property path as Pulumi writes it: `tags[0].tagKey`, `restartTriggers["a.b"]`. */
  path: string;
  kind: "add" | "delete" | "update";
}

/** The places in which two values differ. Where they have the same parts in another order, the whole is the place. */
export function leaves(path: string, before: unknown, after: unknown): Leaf[] {
  if (before === undefined || before === null) return [{ path, kind: "add" }];
  if (after === undefined || after === null) return [{ path, kind: "delete" }];
  const inside = Array.isArray(before) && Array.isArray(after) ? listLeaves : mapLeaves;
  const found = isContainer(before) && isContainer(after) ? inside(path, before, after) : [];
  return found.length > 0 ? found : [{ path, kind: "update" }];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function listLeaves(path: string, before: object, after: object): Leaf[] {
  const [left, right] = [before as unknown[], after as unknown[]];
  return Array.from({ length: Math.max(left.length, right.length) }).flatMap((_, index) =>
    sameValue(left[index], right[index]) ? [] : leaves(`${path}[${index}]`, left[index], right[index]),
  );
}

function mapLeaves(path: string, before: object, after: object): Leaf[] {
  if (Array.isArray(before) !== Array.isArray(after)) return [];
  const [left, right] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    sameValue(left[key], right[key])
      ? []
      : leaves(
          /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
          left[key],
          right[key],
        ),
  );
}
