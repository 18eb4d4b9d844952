// Time as the provider sees it. Everything that waits, signs or expires asks a Clock, so that a stand-in
// cloud can lend its own clock and no test has to sleep.
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): Promise<number>;
  sleep(milliseconds: number): Promise<void>;
}

const systemClock: Clock = {
  now: async () => Date.now(),
  sleep: async (milliseconds) => {
    await delay(milliseconds);
  },
};

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
  return url ? remoteClock(url) : systemClock;
}
