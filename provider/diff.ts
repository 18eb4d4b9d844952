// Which inputs differ from what is recorded, and which of them replace what exists.
import type { z } from "zod";
import type { PropertyDiff } from "./resource";
import { containsUnknown, sameValue } from "./schema";

export interface Comparison<State, Inputs> {
  inputs: z.ZodObject;
  replaceOnChanges: readonly string[];
  /** Inputs whose value is found where the program gives none, such as a region: then they are not compared. */
  foundWhereAbsent?: readonly string[];
  /** What an input is compared with. Default: what state has under its name. */
  recorded?(property: string, olds: State, news: Inputs): unknown;
  isSame?(property: string, before: unknown, after: unknown): boolean;
  /** Whether a difference in an input of `replaceOnChanges` replaces. Default: always. */
  replaces?(property: string, before: unknown, after: unknown): boolean;
}

export function compare<State extends object, Inputs extends object>(
  { inputs, replaceOnChanges, foundWhereAbsent = [], recorded, isSame, replaces }: Comparison<State, Inputs>,
  olds: State,
  news: Inputs,
): PropertyDiff[] {
  const differences: PropertyDiff[] = [];
  for (const property of Object.keys(inputs.shape)) {
    const before = recorded ? recorded(property, olds, news) : olds[property as keyof State];
    // Inputs that come from an import leave out what is a default.
    const after = news[property as keyof Inputs] ?? inputs.shape[property]?.safeParse(undefined).data;
    if (after === undefined && foundWhereAbsent.includes(property)) continue;
    const isReplaced = containsUnknown(after) || (replaces?.(property, before, after) ?? true);
    if (!containsUnknown(after) && (isSame?.(property, before, after) ?? sameValue(before, after))) continue;
    differences.push({
      property,
      kind: before === undefined ? "add" : after === undefined ? "delete" : "update",
      replace: replaceOnChanges.includes(property) && isReplaced,
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
