// An update does no more than its diff, and nothing is begun that does not fit into its limit.
import { expect, test } from "vitest";
import { calls, tellingsOf } from "../../purchases";
import { declare, makeStand, pool, recordedNodes } from "../../stand";

test.each([true, false])(
  "tags change while a node has vanished: only tags are set; count ignored: %s",
  async (isIgnored) => {
    const stand = await makeStand();
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).error).toBeUndefined();
    const [victim = ""] = stand.nodeIds();
    stand.sim.emr.removeNode(stand.clusterId, victim);
    const listed = pool(stand, 3, { tags: [{ tagKey: "a", tagValue: "1" }] });
    declare(stand, {
      ...listed,
      options: { ...listed.options, ...(isIgnored ? { ignoreChanges: ["count"] } : {}) },
    });
    const up = await stand.stack.up();
    expect(up.error).toBeUndefined();
    expect(tellingsOf(up)).toContain(victim);
    expect([stand.bought(), calls(stand, "ScaleOutInstance"), calls(stand, "ModifyResourcesTags")]).toEqual([
      3, 1, 1,
    ]);
    expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
  },
);

test("the limit is 5 minutes and the cluster busy for 10: no purchase is sent", async () => {
  const stand = await makeStand({ simulator: { timeScale: 1 } });
  stand.sim.emr.holdLock(stand.clusterId, 600_000);
  declare(stand, pool(stand, 2, { timeouts: { create: "5m" } }));
  expect((await stand.stack.up()).error).toMatch(/timeouts\.create/);
  expect([calls(stand, "ScaleOutInstance"), stand.bought()]).toEqual([0, 0]);
  stand.sim.clock.advance(300_000);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.bought()).toBe(2);
});

test("the limit is 5 minutes and passes while the price is asked for: no purchase is sent", async () => {
  const stand = await makeStand({ simulator: { timeScale: 1 } });
  const stop = stand.sim.onCall(({ action, phase }) => {
    if (action !== "InquiryPriceScaleOutInstance" || phase !== "acted") return;
    stop();
    stand.sim.clock.advance(310_000);
  });
  declare(stand, pool(stand, 2, { timeouts: { create: "5m" } }));
  expect((await stand.stack.up()).error).toMatch(/timeouts\.create/);
  expect([calls(stand, "ScaleOutInstance"), stand.bought()]).toEqual([0, 0]);
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(stand.bought()).toBe(2);
});

test("100 nodes in a quarter of an hour: what no longer fits is not begun, and the next runs go on", async () => {
  const stand = await makeStand({ simulator: { timeScale: 1 } });
  declare(stand, pool(stand, 100, { timeouts: { create: "15m", update: "15m" } }));
  const first = await stand.stack.up();
  expect(first.error).toMatch(/Not begun.*timeouts\.create/s);
  expect(stand.bought()).toBeGreaterThan(0);
  expect(await recordedNodes(stand)).toHaveLength(stand.bought());
  for (let run = 0; run < 3 && stand.bought() < 100; run++) await stand.stack.up();
  expect((await recordedNodes(stand)).length).toBe(100);
  expect(stand.bought()).toBe(100);
});
