// The provider is killed between the purchase and the answer, or only the answer is lost: on both sides of the
// token's five minutes, under each reading of a repeated token, with and without the journal, with and without tags.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { create, expectHealed, grow, type Prepared, prepare } from "./kill";
import { declare, pool, type Stand } from "./stand";

type Settings = Partial<Stand["sim"]["settings"]>;

// The cloud takes a while to show that it is busy: what comes at once sees nothing of the purchase.
const late: Settings = { statusLagMilliseconds: 200_000 };
const readings = ["sameAnswer", "duplicateOrder", "invalidToken", "ignored"] as const;

const scaleOuts = (stand: Stand) =>
  stand.sim.journal.filter(({ action }) => action === "ScaleOutInstance").length;

describe.each([create, grow])("$name, killed after the purchase", (operation) => {
  test.each<{ name: string; settings?: Settings; loseJournal?: boolean; pause?: number; sends?: number }>([
    ...readings.map((repeatedToken) => ({
      name: `same machine, at once, a repeated token being ${repeatedToken}`,
      settings: { ...late, repeatedToken },
    })),
    { name: "same machine, after the token has expired", pause: 400_000 },
    { name: "same machine, tags never visible", settings: { tagsVisible: false } },
    { name: "same machine, tags never visible, late", settings: { tagsVisible: false }, pause: 400_000 },
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
    const prepared = await prepare(operation, settings);
    const { stand, kill } = prepared;
    const before = scaleOuts(stand);
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "ScaleOutInstance" || phase !== "acted") return undefined;
      kill();
      return "drop";
    });
    expect(await stand.stack.up()).toMatchObject({ ok: false });
    stop();
    if (loseJournal) rmSync(stand.journalDirectory, { recursive: true });
    stand.sim.clock.advance(pause);
    if (operation === create && settings.tagsVisible === false) await expectExplained(prepared);
    else await expectHealed(prepared);
    expect(scaleOuts(stand) - before).toBe(sends);
  });
});

/**
 * A first pool on a cluster that shows no tags: nothing tells whose the new nodes are, so `up` stops and says so, buys
 * nothing, and goes on once the user has named them.
 */
async function expectExplained(prepared: Prepared): Promise<void> {
  const { stand, foreign, operation } = prepared;
  const { error } = await stand.stack.up();
  const bought = stand.nodeIds().filter((id) => !foreign.includes(id));
  for (const id of bought) expect(error).toContain(id);
  expect(error).toMatch(
    /carry no tag that says whose they are\. Name those that belong to the pool in adopt/,
  );
  declare(stand, pool(stand, operation.after, { adopt: bought }));
  await expectHealed(prepared);
}

describe.each([create, grow])("$name, the answer being lost", (operation) => {
  test.each<{
    name: string;
    fault: Parameters<Stand["sim"]["faults"]["add"]>[0];
    settings?: Settings;
    sends: number;
  }>([
    ...readings.map((repeatedToken) => ({
      name: `after the purchase, a repeated token being ${repeatedToken}`,
      fault: { kind: "dropAnswer" as const, action: "ScaleOutInstance" },
      settings: { ...late, repeatedToken },
      sends: 1,
    })),
    {
      name: "after the purchase, tags never visible",
      fault: { kind: "dropAnswer", action: "ScaleOutInstance" },
      settings: { tagsVisible: false },
      sends: 1,
    },
    {
      name: "after the purchase, as an HTTP 502",
      fault: { kind: "http", status: 502, acted: true, action: "ScaleOutInstance" },
      sends: 1,
    },
    {
      name: "after the purchase, as an internal error",
      fault: { kind: "error", code: "InternalError.TradeCgwError", acted: true, action: "ScaleOutInstance" },
      sends: 1,
    },
    {
      name: "before the purchase",
      fault: { kind: "dropRequest", action: "ScaleOutInstance" },
      sends: 2,
    },
    {
      name: "before the purchase, as an HTTP 503",
      fault: { kind: "http", status: 503, action: "ScaleOutInstance" },
      sends: 2,
    },
  ])("$name: one `up` is enough", async ({ fault, settings = {}, sends }) => {
    const prepared = await prepare(operation, settings);
    const { stand } = prepared;
    const before = scaleOuts(stand);
    const start = stand.sim.clock.now();
    stand.sim.faults.add(fault);
    if (operation === create && settings.tagsVisible === false) {
      expect((await stand.stack.up()).error).toMatch(/carry no tag/);
      await expectExplained(prepared);
    } else {
      await expectHealed(prepared);
    }
    expect(scaleOuts(stand) - before).toBe(sends);
    // A second order goes out only once the cloud cannot know the first one's token any more.
    if (sends === 2) expect(stand.sim.clock.now() - start).toBeGreaterThan(300_000);
  });
});
