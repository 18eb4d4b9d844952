// Many pools on few clusters, in one process against the simulator: what reading and growing them costs in calls and in the
// cloud's time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, createContext } from "../provider/base/context";
import { Session } from "../provider/base/session";
import type { Resource } from "../provider/core/resource";
import { emrNodePool } from "../provider/tencent/emr/nodePool/resource";
import { type Simulator, startSimulator } from "../simulator/index";
import { idleClock } from "./idleClock";
import type { Measure } from "./measure";

/** How many calls of one action the clouds document as allowed in a second. */
const allowed = 20;
/** How many resources the engine works on at once on a machine of four cores. */
const engineParallel = 16;

const pool = emrNodePool as unknown as Resource;

interface Pool {
  id: string;
  inputs: Record<string, unknown>;
  state: Record<string, unknown>;
}

interface Pools {
  sim: Simulator;
  context: Context;
  all: Pool[];
  clusterIds: string[];
}

interface Spent {
  /** How often each action was called. */
  calls: Record<string, number>;
  /** By the cloud's clock. */
  seconds: number;
}

/** Work on so many pools of one node each, evenly on so many clusters, and what it cost. */
async function onPools(
  { count, clusters, timeScale = 1 }: { count: number; clusters: number; timeScale?: number },
  work: (pools: Pools, during: (some: () => Promise<unknown>) => Promise<Spent>) => Promise<void>,
): Promise<void> {
  const sim = await startSimulator({ timeScale });
  const journalDirectory = mkdtempSync(join(tmpdir(), "pulumi-bigdata-pools-"));
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
  try {
    const clusterIds = Array.from({ length: clusters }, (_, index) => `emr-bench${index}`);
    for (const clusterId of clusterIds) sim.emr.createCluster({ clusterId });
    const numbers = Array.from({ length: count }, (_, index) => index);
    const all = await Promise.all(
      numbers.map(async (number) => {
        const clusterId = clusterIds[number % clusters] ?? "";
        const { inputs } = pool.check({ clusterId, role: "task", count: 1, poolId: `bench/${number}` }, {});
        return { ...(await pool.create(context, inputs)), inputs };
      }),
    );
    await work({ sim, context, all, clusterIds }, async (some) => {
      const startedAt = sim.clock.now();
      const before = sim.journal.length;
      await some();
      const calls: Record<string, number> = {};
      for (const { action } of sim.journal.slice(before)) calls[action] = (calls[action] ?? 0) + 1;
      return { calls, seconds: (sim.clock.now() - startedAt) / 1000 };
    });
  } finally {
    session.end();
    rmSync(journalDirectory, { recursive: true, force: true });
    await sim.close();
  }
}

export async function inParallel<T>(items: readonly T[], most: number, work: (item: T) => Promise<unknown>) {
  const left = items.values();
  const workers = Array.from({ length: most }, async () => {
    for (const item of left) await work(item);
  });
  await Promise.all(workers);
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** The least time in which the account lets these calls through. */
const secondsAllowed = (calls: Record<string, number>) =>
  Math.max(...Object.values(calls).map((count) => Math.floor((count - 1) / allowed)));

export const reads: Measure = {
  name: "reads",
  async run() {
    const rows: Awaited<ReturnType<Measure["run"]>> = [];
    const count = 1000;
    const clusters = 20;
    await onPools({ count, clusters }, async ({ context, all }, during) => {
      const looking = { ...context, onlyLooks: true };
      const { calls, seconds } = await during(() =>
        inParallel(all, engineParallel, ({ id, state }) => pool.read(looking, id, state)),
      );
      const least = 2 * clusters;
      const made = sum(Object.values(calls));
      const how = `once, ${engineParallel} at a time, by the simulator's clock`;
      const what = `Refresh of ${count} pools on ${clusters} clusters`;
      rows.push(
        {
          what: `${what}: calls`,
          figure: String(made),
          against: `${least}: one look at each cluster and one list of its nodes`,
          ...{ ratio: made / least, target: { atMost: 1.1 }, how },
        },
        {
          what: `${what}: time`,
          figure: `${seconds.toFixed(1)} s`,
          against: `2 s: ${allowed} calls of an action a second, one after the other for each pool`,
          ...{ ratio: seconds / 2, target: { atMost: 1 }, how },
        },
      );
    });
    return rows;
  },
};

export const growth: Measure = {
  name: "growth",
  async run() {
    const rows: Awaited<ReturnType<Measure["run"]>> = [];
    const count = 200;
    const clusters = 50;
    // As long as the provider expects it to take, and otherwise.
    for (const timeScale of [1, 0.4, 2.3])
      await onPools({ count, clusters, timeScale }, async ({ sim, context, all, clusterIds }, during) => {
        const before = sim.clock.now();
        const { calls, seconds } = await during(() =>
          inParallel(all, count, ({ id, state, inputs }) =>
            pool.update(context, id, state, { ...inputs, count: 3 }),
          ),
        );
        const flows = clusterIds.map((id) =>
          sim.emr.cluster(id).flows.filter(({ startedAt }) => startedAt >= before),
        );
        const durations = flows.map((each) =>
          each.map(({ startedAt, endsAt = startedAt }) => (endsAt - startedAt) / 1000),
        );
        const chain = Math.max(...durations.map(sum));
        const least = Math.max(chain, secondsAllowed(calls));
        rows.push({
          what: `${count} pools on ${clusters} clusters grow, purchases of ${Math.round(durations[0]?.[0] ?? 0)} s`,
          figure: `${Math.round(seconds)} s, ${sum(Object.values(calls))} calls`,
          against: `${Math.round(least)} s: ${chain >= least ? "the longest chain of purchases on a cluster" : "calls over their rate"}`,
          ...{ ratio: seconds / least, target: { atMost: 1.15 } },
          how: "once, all at a time, by the simulator's clock",
        });
      });
    return rows;
  },
};
