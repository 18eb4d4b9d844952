// A plan that the preview could not know is told when it is made, and its rest not again after each call.
import { expect, test } from "vitest";
import type { UpdateResult } from "../drivers/driver";
import { declare, makeKillableStand, pool } from "./stand";

/** What is told of resources, and stays. */
const toldIn = ({ messages }: UpdateResult) =>
  messages
    .filter(({ ephemeral, severity, urn }) => urn && !ephemeral && severity === "info")
    .map(({ message }) => message);

test("a purchase in batches", async () => {
  const { stand, killAt } = await makeKillableStand();
  const tags = [{ tagKey: "a", tagValue: "b" }];
  declare(stand, pool(stand, 1));
  await stand.stack.up();
  killAt("ScaleOutInstance", "acted");
  declare(stand, pool(stand, 2));
  await stand.stack.up();
  declare(stand, pool(stand, 45, { tags }));
  const result = await stand.stack.up();
  expect(result.error).toBeUndefined();
  expect(toldIn(result).map((text) => text.split("\n"))).toEqual([
    [
      expect.stringMatching(/^set the tags of .*; buy 43 task nodes in 3 batches$/),
      expect.stringContaining("1. set the tags"),
      expect.stringContaining("2. buy 20 task nodes, batch 1 of 3"),
      expect.stringContaining("3. buy 20 task nodes, batch 2 of 3"),
      expect.stringContaining("4. buy 3 task nodes, batch 3 of 3"),
    ],
  ]);
});
