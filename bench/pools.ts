// Many pools on few clusters, against the simulator: what reading and growing them costs in calls and in the cloud's time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, createContext } from "../provider/base/context";
import { Session } from "../provider/base/session";
import type { Resource } from "../provider/core/resource";
import { emrNodePool } from "../provider/tencent/emr/nodePool/resource";
import { type Simulator, startSimulator } from "../simulator/index";
import { idleClock } from "./idleClock";

const pool = emrNodePool as unknown as Resource;

export interface Pools {
  sim: Simulator;
  context: Context;
  /** What the engine would have in its state. */
  all: { id: string; clusterId: string; inputs: Record<string, unknown>; state: Record<string, unknown> }[];
  /** How often each action was called during some work, and how long that took by the cloud's clock, in seconds. */
  during(work: () => Promise<unknown>): Promise<{ calls: Record<string, number>; seconds: number }>;
  end(): Promise<void>;
}

/** So many pools of one node each, evenly on so many clusters. */
export async function makePools(count: number, clusters: number): Promise<Pools> {
  const sim = await startSimulator();
  const journalDirectory = mkdtempSync(join(tmpdir(), "bench-"));
  const session = new Session({ clock: idleClock(sim), journalDirectory, engineAddress: "127.0.0.1:1" });
  const config: Record<string, string | undefined> = {
    tencentSecretId: sim.credentials[0]?.secretId,
    tencentSecretKey: sim.credentials[0]?.secretKey,
    tencentRegion: "ap-guangzhou",
    tencentEndpoint: sim.url,
  };
  const context = createContext(
    session,
    (name) => config[name],
    () => {},
  );
  const clusterIds = Array.from({ length: clusters }, (_, index) => `emr-bench${index}`);
  for (const clusterId of clusterIds) sim.emr.createCluster({ clusterId });
  const all = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const clusterId = clusterIds[index % clusters] ?? "";
      const { inputs } = pool.check({ clusterId, role: "task", count: 1, poolId: `bench/${index}` }, {});
      return { ...(await pool.create(context, inputs)), clusterId, inputs };
    }),
  );
  return {
    sim,
    context,
    all,
    async during(work) {
      const startedAt = sim.clock.now();
      const before = sim.journal.length;
      await work();
      const calls: Record<string, number> = {};
      for (const { action } of sim.journal.slice(before)) calls[action] = (calls[action] ?? 0) + 1;
      return { calls, seconds: (sim.clock.now() - startedAt) / 1000 };
    },
    async end() {
      session.end();
      rmSync(journalDirectory, { recursive: true, force: true });
      await sim.close();
    },
  };
}

/** Does work on each, so many at once, as the engine does. */
export async function inParallel<T>(items: readonly T[], most: number, work: (item: T) => Promise<unknown>) {
  const left = items.values();
  await Promise.all(
    Array.from({ length: Math.min(most, items.length) }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

export const sum = (calls: Record<string, number>) => Object.values(calls).reduce((a, b) => a + b, 0);

export { pool };
