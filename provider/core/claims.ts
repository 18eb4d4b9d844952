// What each resource of a program takes charge of, so that a preview can say where two of them would have the same. The
// provider processes of one run tell each other through files.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../base/context";
import type { CheckFailure } from "../base/errors";
import { perSession } from "../base/session";
import type { Claim, Resource } from "./resource";
import { containsUnknown, mentionsUnknown, sameValue } from "./schema";

const heldSchema = z.object({
  run: z.string(),
  held: z.array(
    z.object({
      /** The resource as the engine or the program calls it. */
      claimant: z.string(),
      part: z.record(z.string(), z.array(z.string()).optional()).optional(),
      wish: z.string().optional(),
    }),
  ),
});

type Held = z.output<typeof heldSchema>;

// Holds where nothing can be written.
const heldIn = perSession(() => new Map<string, Held>());

type Where = Pick<Context, "session" | "journalDirectory">;

/** The run and its engine: an address alone comes again. */
const runName = ({ session }: Where) => `${session.run ?? "none"}/${process.ppid}`;

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
    const key = `${resource.type}:${claim.thing}`;
    const others = heldOf(context, key).filter((each) => each.claimant !== claimant);
    const { part, wish } = claim;
    const mine = {
      claimant,
      ...(part ? { part: mutable(part) } : {}),
      ...(wish === undefined ? {} : { wish }),
    };
    note(context, key, [...others, mine]);
    const rival = others.find((other) => areRivals(mine, other));
    if (!rival) return [];
    const reason = `is about ${claim.thing}, which ${rival.claimant} of this program is about too: each would undo what the other does. Give each its own`;
    return [{ property: claim.property, reason }];
  });
}

const mutable = (part: NonNullable<Claim["part"]>) =>
  Object.fromEntries(Object.entries(part).map(([name, values]) => [name, values && [...values].sort()]));

/** Whether two have a part in common, and not merely the same wish for parts of their own. */
function areRivals(a: Held["held"][number], b: Held["held"][number]): boolean {
  const names = [...new Set([...Object.keys(a.part ?? {}), ...Object.keys(b.part ?? {})])];
  const meet = names.every((name) => {
    const [left, right] = [a.part?.[name], b.part?.[name]];
    return !left || !right || left.some((value) => right.includes(value));
  });
  const isOneWish = a.wish !== undefined && a.wish === b.wish && !sameValue(a.part ?? {}, b.part ?? {});
  return meet && !isOneWish;
}

const pathOf = ({ journalDirectory }: Where, key: string) =>
  join(journalDirectory, "claims", `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);

function heldOf(context: Where, key: string): Held["held"] {
  const run = runName(context);
  const own = heldIn(context.session).get(key);
  const written = writtenOf(context, key);
  const present = [own, written].filter((each) => each?.run === run).flatMap((each) => each?.held ?? []);
  return present.filter(
    ({ claimant }, index) => present.findIndex((other) => other.claimant === claimant) === index,
  );
}

function writtenOf(context: Where, key: string): Held | undefined {
  try {
    return heldSchema.parse(JSON.parse(readFileSync(pathOf(context, key), "utf8")));
  } catch {
    return undefined;
  }
}

function note(context: Where, key: string, held: Held["held"]): void {
  const entry = { run: runName(context), held };
  heldIn(context.session).set(key, entry);
  try {
    const path = pathOf(context, key);
    mkdirSync(join(context.journalDirectory, "claims"), { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify(entry), { mode: 0o600 });
  } catch {
    // What this process knows has to do.
  }
}
