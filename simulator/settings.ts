// The switches of the simulator. Where the vendor's documents leave a question open, the switch offers each
// answer; change it at any time, the next call obeys. Each cloud and product brings its own: `<cloud>/settings.ts`,
// `<cloud>/<product>/settings.ts`.
import { z } from "zod";
import { list, number } from "./setting";

/** What is the same for all clouds. */
export const baseSettings = z.strictObject({
  /** Multiplies every simulated duration. Limits that belong to the API (skew, token window, rate) stay. */
  timeScale: number(1),
  /** Actions this edition does not have: InvalidAction. */
  missingActions: list(z.string()),
});
export type BaseSettings = z.output<typeof baseSettings>;

/** One object with the members of all; groups that several have become one. */
export function combined(parts: z.ZodObject[]): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const part of parts) {
    for (const [name, member] of Object.entries(part.shape)) {
      const present = shape[name];
      shape[name] = present
        ? combined([groupOf(present), groupOf(member)].filter((one) => one !== undefined)).prefault({})
        : (member as z.ZodType);
    }
  }
  return z.strictObject(shape);
}

/** Merges a partial object into the settings; unknown names and wrong values are errors. */
export function patchSettings(schema: z.ZodObject, target: object, patch: unknown, path = ""): void {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) {
    throw new Error(`Settings${path && ` "${path}"`} must be patched with a JSON object.`);
  }
  const members = target as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    const fullName = path ? `${path}.${name}` : name;
    if (!Object.hasOwn(schema.shape, name)) throw new Error(`There is no setting "${fullName}".`);
    const member = schema.shape[name] as z.ZodType;
    const group = groupOf(member);
    if (group) {
      patchSettings(group, members[name] as object, value, fullName);
      continue;
    }
    const { data, error } = member.safeParse(value);
    if (error) throw new Error(`Setting "${fullName}": ${z.prettifyError(error)}`);
    members[name] = data;
  }
}

function groupOf(member: unknown): z.ZodObject | undefined {
  const inner = member instanceof z.ZodPrefault ? member.unwrap() : member;
  return inner instanceof z.ZodObject ? inner : undefined;
}
