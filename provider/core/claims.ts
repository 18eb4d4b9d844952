// What each resource of a program takes charge of, so that a preview can say where two of them would have the same. The
// provider processes of one run tell each other through files.
import { z } from "zod";
import type { CheckFailure } from "../base/errors";
import type { Claim, Resource } from "./resource";
import { runNotes, type Where } from "./runNotes";
import { containsUnknown, mentionsUnknown, sameValue } from "./schema";

const claimNote = z.object({
  about: z.string(),
  /** The resource as the engine or the program calls it. */
  claimant: z.string(),
  part: z.record(z.string(), z.array(z.string()).optional()).optional(),
  wish: z.string().optional(),
});

type Held = z.output<typeof claimNote>;

/** Takes note of what a resource is about; says what another one of the same run has too. */
export function takeClaims(
  resource: Resource,
  context: Where,
  claimant: string,
  inputs: Record<string, unknown>,
): CheckFailure[] {
  const claims = (resource.claims?.(inputs) ?? []).filter(
    (claim) => !containsUnknown(claim) && !mentionsUnknown(claim.thing),
  );
  return claims.flatMap((claim) => {
    const { part, wish } = claim;
    const mine = {
      ...{ about: `claim:${resource.type}:${claim.thing}`, claimant },
      ...(part ? { part: mutable(part) } : {}),
      ...(wish === undefined ? {} : { wish }),
    };
    const held = heldOf(context, mine.about);
    if (!sameValue(held.get(claimant), mine)) runNotes(context).add(mine);
    const others = [...held.values()].filter((each) => each.claimant !== claimant);
    const rival = others.find((other) => areRivals(mine, other));
    if (!rival) return [];
    const reason = `is about ${claim.thing}, which ${rival.claimant} of this program is about too: each would undo what the other does. Give each its own`;
    return [{ property: claim.property, reason }];
  });
}

const mutable = (part: NonNullable<Claim["part"]>) =>
  Object.fromEntries(Object.entries(part).map(([name, values]) => [name, values && [...values].sort()]));

/** Whether two have a part in common, and not merely the same wish for parts of their own. */
function areRivals(a: Held, b: Held): boolean {
  const names = [...new Set([...Object.keys(a.part ?? {}), ...Object.keys(b.part ?? {})])];
  const meet = names.every((name) => {
    const [left, right] = [a.part?.[name], b.part?.[name]];
    return !left || !right || left.some((value) => right.includes(value));
  });
  const isOneWish = a.wish !== undefined && a.wish === b.wish && !sameValue(a.part ?? {}, b.part ?? {});
  return meet && !isOneWish;
}

/** Who of this run has a thing, by name: what each said last. */
function heldOf(context: Where, thing: string): Map<string, Held> {
  const told = runNotes(context)
    .about(thing)
    .flatMap((note) => claimNote.safeParse(note).data ?? []);
  return new Map(told.map((held) => [held.claimant, held]));
}
