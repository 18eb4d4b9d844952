// What only the dynamic door can have happen.
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestEngineDriver } from "../drivers/testEngine";
import { root } from "../package";
import { declare, door, makeStand, pool } from "../scenarios/stand";

test.runIf(door === "dynamic")("a provider that cannot be loaded deletes nothing and says so", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1), pool(stand, 1, {}, "other"));
  await stand.stack.up();
  // From there the SDK is found, but the package is not.
  const stray = createTestEngineDriver({
    programDirectory: join(root, "test", "fixtures"),
    project: "pools",
    resources: [],
  });
  await stray.importState(await stand.stack.exportState());
  const result = await stray.destroy();
  expect(result.ok).toBe(false);
  expect(result.error).toMatch(/pulumi-bigdata/);
  const kept = (await stray.exportState()).deployment.resources?.filter(({ type }) =>
    type.includes("EmrNodePool"),
  );
  expect(kept).toHaveLength(2);
  expect(stand.nodeIds()).toHaveLength(2);
  await stray.dispose();
});

test.runIf(door === "dynamic")("an endpoint that is set is told once in a run", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1), pool(stand, 1, {}, "other"));
  const { messages } = await stand.stack.up();
  const told = messages.filter(({ message }) => message.includes("bigdata:tencentEndpoint"));
  expect(told).toMatchObject([{ severity: "info" }]);
  expect(told[0]?.message).toMatch(`Calls go to ${stand.sim.url}, `);
});
