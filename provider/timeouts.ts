// The input that says how long an operation may take.
import { z } from "zod";
import { named } from "./choice";
import { input } from "./fields";
import { durationMilliseconds } from "./wait";

/** An input that says how long something may take. */
const duration = z
  .string()
  .regex(/^(?=\d)(\d+h)?(\d+m)?(\d+s)?$/, "must be a duration such as 90s, 30m or 1h30m");

/** How long a resource's operations may take. */
export function timeoutsInput(usual: string) {
  return input(
    { change: "later" },
    timeouts.optional().describe(`How long each operation may take. Default: \`${usual}\` for each.`),
  );
}

const timeouts = named(
  "index:Timeouts",
  "Limits of a resource's operations.",
  z.strictObject({
    create: duration.optional().describe("Limit for creating, such as `90s`, `45m` or `1h30m`."),
    update: duration.optional().describe("Limit for updating."),
    delete: duration.optional().describe("Limit for deleting."),
  }),
);

/** What is wrong with a resource's `timeouts`: each must leave some time. */
export function timeoutProblems(
  timeouts: Record<string, string | undefined> = {},
): { property: string; reason: string }[] {
  return Object.entries(timeouts)
    .filter(([, text]) => text !== undefined && durationMilliseconds(text) === 0)
    .map(([name, text]) => ({ property: `timeouts.${name}`, reason: `must not be zero, got "${text}"` }));
}
