// Time as the provider sees it. Everything that waits, signs or expires asks a Clock, so that a stand-in
// cloud can lend its own clock and no test has to sleep.
import { uptime } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since the epoch. It passes evenly, whoever sets the machine's clock meanwhile. */
  now(): Promise<number>;
  /** What the machine's clock shows, set or not: for signatures, and for times that others have stated. Default: the same. */
  wall?(): Promise<number>;
  /** What the cloud's clock shows, as far as it has told: for times that are remembered. Default: the same. */
  cloud?(): Promise<number>;
  sleep(milliseconds: number): Promise<void>;
}

export const wallTime = (clock: Pick<Clock, "now" | "wall">) => (clock.wall ?? clock.now)();

export const cloudTime = (clock: Pick<Clock, "now" | "cloud">) => (clock.cloud ?? clock.now)();

/** What a machine measures time by, in milliseconds. */
export interface Measures {
  /** What its clock shows: people and time services set it. */
  shown(): number;
  /** What only passes. On some systems it stands still while the machine sleeps. */
  passed(): number;
  /** The same, sleep and all, though not as exact. */
  running(): number;
}

const ofThisMachine: Measures = {
  shown: () => Date.now(),
  passed: () => performance.now(),
  running: () => uptime() * 1000,
};

/** How far `running` may be off although the machine has not slept, in milliseconds. */
const inexactness = 5_000;

/** Starts with what the machine's clock shows. */
export function steadyTime({ shown, passed, running }: Measures): () => number {
  const start = { shown: shown(), passed: passed(), running: running() };
  let slept = 0;
  return () => {
    const awake = passed() - start.passed;
    const missed = running() - start.running - awake;
    if (missed > slept + inexactness) slept = missed;
    return start.shown + awake + slept;
  };
}

function machineClock(): Clock {
  const now = steadyTime(ofThisMachine);
  return {
    now: async () => now(),
    wall: async () => Date.now(),
    sleep: async (milliseconds) => {
      await delay(milliseconds);
    },
  };
}

/** A clock kept elsewhere, read and moved over HTTP: the one that the project's simulator serves under `/_sim/clock`. */
function remoteClock(url: string): Clock {
  const at = new URL(url.endsWith("/") ? url : `${url}/`);
  const undici = import("undici");
  return {
    now: async () => {
      const { request } = await undici;
      const { body } = await request(at.href.slice(0, -1));
      return ((await body.json()) as { now: number }).now;
    },
    sleep: async (milliseconds) => {
      const { request } = await undici;
      const { body } = await request(new URL("sleep", at), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ milliseconds }),
      });
      await body.dump();
    },
  };
}

/** The machine's clock, unless PULUMI_BIGDATA_TEST_CLOCK names the URL of another (tests only). */
export function clockFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Clock {
  const url = environment["PULUMI_BIGDATA_TEST_CLOCK"];
  return url ? remoteClock(url) : machineClock();
}
