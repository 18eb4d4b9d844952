// A pool that its limit has no room for: what was bought is handed over, and the next run buys the rest. In process, since
// the test engine takes no more than 64 KB of what a failed operation hands over.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PartialFailure } from "../../../provider/base/errors";
import { recalled } from "../../../provider/core/memory";
import type { Resource } from "../../../provider/core/resource";
import { emrNodePool } from "../../../provider/tencent/emr/nodePool/resource";
import { startSimulator } from "../../../simulator/index";
import { scratch } from "../../scratch";
import { contextOf } from "./mortal";

const pool = emrNodePool as unknown as Resource;
const minute = 60_000;

test.each([
  ["60m", 60],
  ["5m", 5],
])("500 nodes with a limit of %s", { timeout: 120_000 }, async (limit, minutes) => {
  const sim = await startSimulator();
  onTestFinished(() => sim.close());
  const journalDirectory = mkdtempSync(join(scratch, "limits-"));
  onTestFinished(() => rmSync(journalDirectory, { recursive: true, force: true }));
  const { clusterId } = sim.emr.createCluster();
  const context = contextOf(sim, journalDirectory);
  const news = {
    ...{ clusterId, role: "task", count: 500, poolId: "p/s/n", payMode: 0, deletionPolicy: "terminate" },
    timeouts: { create: limit, update: limit },
  };
  const living = () =>
    sim.emr
      .nodes(clusterId)
      .filter(({ role }) => role === "task")
      .map(({ emrResourceId }) => emrResourceId)
      .sort();
  let state: Record<string, unknown> | undefined;
  // A few runs with the short limit show enough.
  for (let run = 0; run < 3 && living().length < 500; run++) {
    const startedAt = sim.clock.now();
    const since = sim.journal.length;
    const known = state && recalled(pool, context, state, news);
    const before = living().length;
    if (known) {
      const buys = pool
        .planFromState(known, news)
        .steps.map((step) => (step.kind === "call" && step.buys) || 0);
      expect(buys.reduce((sum, count) => sum + count, 0)).toBe(500 - before);
    }
    try {
      state = known
        ? await pool.update(context, "id", known, news)
        : (await pool.create(context, news)).state;
    } catch (error) {
      expect(error).toBeInstanceOf(PartialFailure);
      state = (error as PartialFailure).properties;
      expect((error as PartialFailure).message).toMatch(/Not begun.*timeouts\.(create|update)/s);
    }
    for (const { action, time } of sim.journal.slice(since))
      if (action === "ScaleOutInstance") expect(time - startedAt).toBeLessThan(minutes * minute);
    expect(sim.clock.now() - startedAt).toBeLessThan((minutes + 1) * minute);
    const ids = (state["nodes"] as { resourceId: string }[]).map(({ resourceId }) => resourceId);
    expect(ids.sort()).toEqual(living());
    expect(living().length).toBeGreaterThan(before);
  }
  const bought = sim.emr.purchases(clusterId).reduce((sum, { nodeIds }) => sum + nodeIds.length, 0);
  expect(bought).toBe(living().length);
  expect(living()).toHaveLength(minutes === 60 ? 500 : 60);
});
