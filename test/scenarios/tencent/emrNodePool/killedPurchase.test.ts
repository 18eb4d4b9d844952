// The provider is killed between the purchase and the answer, or only the answer is lost, while it creates a pool and
// while it grows it: on both sides of the token's five minutes, under each reading of a repeated token, with and
// without the journal, with and without tags.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../../simulator/index";
import { declare, makeKillableStand, pool, recordedNodes, type Stand } from "../../stand";

type Settings = Partial<Stand["sim"]["settings"]>;

// The cloud takes a while to show that it is busy: what comes at once sees nothing of the purchase.
const late: Settings = { statusLagMilliseconds: 200_000 };
const readings = ["sameAnswer", "duplicateOrder", "invalidToken", "ignored"] as const;

interface Prepared {
  stand: Stand;
  /** Nodes of autoscaling and of the console on the same cluster. */
  foreign: string[];
  killAt: Awaited<ReturnType<typeof makeKillableStand>>["killAt"];
}

async function prepare(settings: Settings): Promise<Prepared> {
  const { stand, killAt } = await makeKillableStand({ simulator: { timeScale: 0.01 } });
  Object.assign(stand.sim.settings, settings);
  const foreign = [
    stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
    stand.sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId,
  ];
  return { stand, foreign, killAt };
}

const scaleOuts = (stand: Stand) =>
  stand.sim.journal.filter(({ action }) => action === "ScaleOutInstance").length;

const ownNodes = ({ stand, foreign }: Prepared) => stand.nodeIds().filter((id) => !foreign.includes(id));

async function expectHealed(prepared: Prepared, count: number): Promise<void> {
  const { stand, foreign } = prepared;
  expect((await stand.stack.up()).error).toBeUndefined();
  expect(ownNodes(prepared)).toHaveLength(count);
  expect((await recordedNodes(stand)).sort()).toEqual(ownNodes(prepared).sort());
  expect(stand.nodeIds()).toEqual(expect.arrayContaining(foreign));
  expect(stand.bought()).toBe(count);
}

/** Kills the provider once the cloud has acted on a purchase. */
async function upKilledAfterPurchase({ stand, killAt }: Prepared): Promise<void> {
  killAt("ScaleOutInstance", "acted");
  expect(await stand.stack.up()).toMatchObject({ ok: false });
}

describe("killed after the purchase, in create and in grow", () => {
  test.each<{ name: string; settings?: Settings; loseJournal?: boolean; pause?: number; sends?: number }>([
    ...readings.map((repeatedToken) => ({
      name: `same machine, at once, a repeated token being ${repeatedToken}`,
      settings: { ...late, repeatedToken },
    })),
    { name: "same machine, after the token has expired", pause: 400_000 },
    { name: "another machine, the purchase being seen", loseJournal: true },
    { name: "another machine, after the token has expired", loseJournal: true, pause: 400_000 },
    // Nothing is seen of the purchase there, so the same order goes out again, and the token has to hold.
    ...readings
      .filter((reading) => reading !== "ignored")
      .map((repeatedToken) => ({
        name: `another machine, at once, a repeated token being ${repeatedToken}`,
        settings: { ...late, repeatedToken },
        loseJournal: true,
        sends: 2,
      })),
  ])("$name", async ({ settings = {}, loseJournal = false, pause = 0, sends = 1 }) => {
    const prepared = await prepare(settings);
    const { stand } = prepared;
    let adopt: { adopt?: string[] } = {};
    for (const count of [2, 4]) {
      const before = scaleOuts(stand);
      declare(stand, pool(stand, count, adopt));
      await upKilledAfterPurchase(prepared);
      if (loseJournal) rmSync(stand.journalDirectory, { recursive: true });
      stand.sim.clock.advance(pause);
      if (loseJournal && count === 2) {
        // No state and no journal: the nodes carry the pool's name, but a pool that has it could be another's.
        const { error } = await stand.stack.up();
        for (const id of ownNodes(prepared)) expect(error).toContain(id);
        expect(error).toMatch(/Name (them|those that belong to the pool) in adopt/);
        expect(stand.bought()).toBe(count);
        adopt = { adopt: ownNodes(prepared) };
        declare(stand, pool(stand, count, adopt));
      }
      await expectHealed(prepared, count);
      expect(scaleOuts(stand) - before).toBe(sends);
    }
  });
});

describe("the answer being lost, in create and in grow", () => {
  test.each<{ name: string; fault: Fault; settings?: Settings; sends: number }>([
    ...readings.map((repeatedToken) => ({
      name: `after the purchase, a repeated token being ${repeatedToken}`,
      fault: { kind: "dropAnswer" as const },
      settings: { ...late, repeatedToken },
      sends: 1,
    })),
    {
      name: "after the purchase, as an HTTP 502",
      fault: { kind: "http", status: 502, acted: true },
      sends: 1,
    },
    {
      name: "after the purchase, as an internal error",
      fault: { kind: "error", code: "InternalError.TradeCgwError", acted: true },
      sends: 1,
    },
    { name: "before the purchase", fault: { kind: "dropRequest" }, sends: 2 },
    { name: "before the purchase, as an HTTP 503", fault: { kind: "http", status: 503 }, sends: 2 },
  ])("$name: one `up` is enough", async ({ fault, settings = {}, sends }) => {
    const prepared = await prepare(settings);
    const { stand } = prepared;
    for (const count of [2, 4]) {
      const before = scaleOuts(stand);
      const start = stand.sim.clock.now();
      declare(stand, pool(stand, count));
      stand.sim.faults.add({ ...fault, action: "ScaleOutInstance" });
      await expectHealed(prepared, count);
      expect(scaleOuts(stand) - before).toBe(sends);
      // A second order goes out only once the cloud cannot know the first one's token any more.
      if (sends === 2) expect(stand.sim.clock.now() - start).toBeGreaterThan(300_000);
    }
  });
});

describe("where tags are never visible", () => {
  test.each([
    { name: "killed after the purchase", pause: 0, fault: undefined },
    { name: "killed after the purchase, found late", pause: 400_000, fault: undefined },
    {
      name: "the answer being lost",
      pause: 0,
      fault: { kind: "dropAnswer", action: "ScaleOutInstance" } as const,
    },
  ])("$name", async ({ pause, fault }) => {
    const prepared = await prepare({ tagsVisible: false });
    const { stand } = prepared;
    declare(stand, pool(stand, 2));
    if (fault) stand.sim.faults.add(fault);
    else await upKilledAfterPurchase(prepared);
    stand.sim.clock.advance(pause);

    // Nothing tells whose the first nodes are: `up` stops, says so and buys nothing, until the user has named them.
    const { error } = await stand.stack.up();
    expect(error).toMatch(
      /carry no tag that says whose they are, .* Name those that belong to the pool in adopt/,
    );
    const bought = ownNodes(prepared);
    for (const id of bought) expect(error).toContain(id);
    declare(stand, pool(stand, 2, { adopt: bought }));
    await expectHealed(prepared, 2);
    expect(scaleOuts(stand)).toBe(1);

    // A pool that has bought nodes before knows by those that tags cannot be seen.
    declare(stand, pool(stand, 3, { adopt: bought }));
    await expectHealed(prepared, 3);
    declare(stand, pool(stand, 5, { adopt: bought }));
    if (fault) stand.sim.faults.add(fault);
    else await upKilledAfterPurchase(prepared);
    stand.sim.clock.advance(pause);
    await expectHealed(prepared, 5);
    expect(scaleOuts(stand)).toBe(3);
  });
});

test("a create that was killed, and of which less is wanted now: the nodes that it has brought are named", async () => {
  const prepared = await prepare({});
  const { stand, killAt } = prepared;
  killAt("ScaleOutInstance", "acted");
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 0));
  const { error = "" } = await stand.stack.up();
  const own = ownNodes(prepared);
  expect(own).toHaveLength(2);
  for (const id of own) expect(error).toContain(id);
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toBeUndefined();
  expect((await recordedNodes(stand)).sort()).toEqual(own.sort());
});
