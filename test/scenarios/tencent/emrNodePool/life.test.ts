// The life of a node pool, through the engine's stand-in, the SDK's own provider process and a cloud that checks
// signatures.
import { expect, test } from "vitest";
import { declare, makeStand, pool, recordedNodes, stateOf, stepsOf } from "../../stand";

test("preview, create, no change, grow, drift, heal, shrink, delete", async () => {
  const stand = await makeStand();
  const { stack, sim } = stand;

  declare(stand, pool(stand, 2));
  const preview = await stack.preview();
  expect(preview).toMatchObject({ ok: true });
  expect(stepsOf(preview)).toEqual(["create workers"]);
  // It looks for what carries the new name already, and changes nothing.
  expect(stand.changes()).toEqual([]);

  const created = await stack.up();
  expect(created.error).toBeUndefined();
  expect(stepsOf(created)).toEqual(["create workers"]);
  expect(stand.nodeIds()).toHaveLength(2);
  expect(await stateOf(stand)).toMatchObject({
    nodeCount: 2,
    nodes: stand
      .nodeIds()
      .sort()
      .map((resourceId) => expect.objectContaining({ resourceId, state: expect.any(String) })),
    privateIps: [expect.stringMatching(/^\d+\./), expect.stringMatching(/^\d+\./)],
    lastFlow: expect.stringMatching(/^TraceId /),
    lastRequestId: expect.stringMatching(/-/),
  });

  const calls = sim.journal.length;
  expect(stepsOf(await stack.up())).toEqual([]);
  expect(sim.journal).toHaveLength(calls);

  declare(stand, pool(stand, 5));
  expect(stepsOf(await stack.preview())).toEqual(["update workers"]);
  expect(await stack.up()).toMatchObject({ ok: true });
  expect(stand.nodeIds()).toHaveLength(5);
  expect(stand.bought()).toBe(5);

  const [victim = ""] = stand.nodeIds();
  sim.emr.removeNode(stand.clusterId, victim);
  const refreshed = await stack.refresh();
  expect(stepsOf(refreshed)).toEqual(["update workers"]);
  expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
  expect(stepsOf(await stack.preview())).toEqual(["update workers"]);
  expect(await stack.up()).toMatchObject({ ok: true });
  expect(stand.nodeIds()).toHaveLength(5);
  expect(stand.bought()).toBe(6);

  declare(stand, pool(stand, 1));
  expect(await stack.up()).toMatchObject({ ok: true });
  expect(stand.nodeIds()).toHaveLength(1);
  expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());

  const destroyed = await stack.destroy();
  expect(destroyed.error).toBeUndefined();
  expect(stepsOf(destroyed)).toEqual(["delete workers"]);
  expect(stand.nodeIds()).toEqual([]);
  expect(stand.nodeIds("core")).toHaveLength(2);
  expect(stand.bought()).toBe(6);
});
