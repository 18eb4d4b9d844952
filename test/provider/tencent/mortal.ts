// A provider in the test's own process that can be killed at any moment, and the folder that it leaves.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../../provider/base/context";
import type { Simulator } from "../../../simulator/index";
import { contextOn } from "../../session";

class Killed extends Error {}

/** What a handler works with in process. */
export function contextOf({ clock, url, credentials }: Simulator, journalDirectory: string): Context {
  const config: Record<string, string | undefined> = {
    tencentSecretId: credentials[0]?.secretId,
    tencentSecretKey: credentials[0]?.secretKey,
    tencentRegion: "ap-guangzhou",
    tencentEndpoint: url,
  };
  return contextOn({ clock }, config, { journalDirectory });
}

/** The context of a provider that does no more once it is killed. */
export function mortal(context: Context, isKilled: () => boolean, log: (line: string) => void): Context {
  const { clock } = context;
  const live = () => {
    if (isKilled()) throw new Killed("killed");
  };
  return {
    ...context,
    clock: {
      now: async () => {
        live();
        return clock.now();
      },
      sleep: async (milliseconds) => {
        live();
        return clock.sleep(milliseconds);
      },
    },
    progress: (message) => {
      if (!isKilled()) log(`  ${message}`);
    },
  };
}

export function filesOf(directory: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

export function restoreFiles(directory: string, then: ReadonlyMap<string, string>): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  for (const [name, text] of then) writeFileSync(join(directory, name), text);
}
