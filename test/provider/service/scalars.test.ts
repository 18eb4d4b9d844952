// Scalars from YAML and from configuration, as bridged providers take them.
import { expect, test } from "vitest";
import { z } from "zod";
import { asDeclared } from "../../../provider/doors/plugin/scalars";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const schema = z.strictObject({
  count: z.int().positive(),
  name: z.string().optional(),
  isOn: z.boolean().default(false),
  mode: z.union([z.literal(0), z.literal(1)]).optional(),
  role: z.enum(["task", "core"]).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  parts: z.array(z.strictObject({ size: z.number(), key: z.string() })).optional(),
});

test.each([
  [{ count: "5" }, { count: 5 }],
  [
    { count: 5, name: 1, isOn: "true" },
    { count: 5, name: "1", isOn: true },
  ],
  [
    { isOn: "false", name: true },
    { isOn: false, name: "true" },
  ],
  [
    { mode: "1", role: "task" },
    { mode: 1, role: "task" },
  ],
  [{ labels: { a: 1, b: "2", c: false } }, { labels: { a: "1", b: "2", c: "false" } }],
  [{ parts: [{ size: "2.5", key: 7 }] }, { parts: [{ size: 2.5, key: "7" }] }],
  // A text stays one where a text is wanted, however it looks.
  [{ name: "007" }, { name: "007" }],
  // What is wrong stays so, in the type that is wanted where it can be read so.
  [{ count: "-5" }, { count: -5 }],
  [
    { count: "five", isOn: "yes", role: 3 },
    { count: "five", isOn: "yes", role: "3" },
  ],
  [
    { count: unknown, other: "1", parts: "1" },
    { count: unknown, other: "1", parts: "1" },
  ],
  [
    { count: null, name: undefined },
    { count: null, name: undefined },
  ],
])("%j is taken as %j", (given, taken) => {
  expect(asDeclared(schema, given)).toEqual(taken);
});
