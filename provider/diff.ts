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
    const after = news[property as keyof Inputs];
    if (after === undefined && foundWhereAbsent.includes(property)) continue;
    const isReplaced = containsUnknown(after) || (replaces?.(property, before, after) ?? true);
    if (!containsUnknown(after) && (isSame?.(property, before, after) ?? sameValue(before, after))) continue;
    differences.push({
      property,
      kind: before === undefined ? "add" : after === undefined ? "delete" : "update",
      replace: replaceOnChanges.includes(property) && isReplaced,
    });
  }
  return differences;
}
