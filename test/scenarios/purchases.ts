// What the scenarios about bought and paid nodes share.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { CallEvent } from "../../simulator/index";
import type { UpdateResult } from "../drivers/driver";
import type { ProviderStarted } from "../engine/providerProcess";
import { journalsOf, makeStand, recordedNodes, type Stand, type StandOptions } from "./stand";

export interface Killable {
  stand: Stand;
  /** Ends the provider (SIGKILL) at the first call of which this is true, before the cloud acts. */
  killWhen(isLast: (event: CallEvent) => boolean): void;
}

export async function makeKillable(options: StandOptions = {}): Promise<Killable> {
  let provider: ProviderStarted | undefined;
  const stand = await makeStand({
    ...options,
    onProviderStart: (started) => {
      provider = started;
    },
  });
  const killWhen: Killable["killWhen"] = (isLast) => {
    const stop = stand.sim.onCall((event) => {
      if (!isLast(event)) return undefined;
      stop();
      provider?.kill("SIGKILL");
      return "drop";
    });
  };
  return { stand, killWhen };
}

/** How many orders the journals on disk call settled. */
export function settledOrders(stand: Pick<Stand, "journalDirectory">): number {
  try {
    return journalsOf(stand)
      .map((path) => JSON.parse(readFileSync(path, "utf8")))
      .reduce((sum, { entry }) => sum + (entry?.used?.length ?? 0), 0);
  } catch {
    return 0;
  }
}

/** The next run is killed at its first call after an order's nodes were found and its journal says settled. */
export function killOnceSettled({ stand, killWhen }: Killable): void {
  const before = settledOrders(stand);
  killWhen(({ phase }) => phase === "received" && settledOrders(stand) > before);
}

/** All that a person is told: messages, and why it ended. */
export const tellingsOf = (result: UpdateResult) =>
  [...result.messages.map(({ message }) => message), result.error ?? ""].join("\n");

export const calls = (stand: Stand, action: string) =>
  stand.sim.journal.filter((call) => call.action === action).length;

export const tasksOf = (stand: Stand) =>
  stand.sim.emr.nodes(stand.clusterId).filter(({ role }) => role === "task");

/** State holds these nodes, and nothing was bought beside them. */
export async function expectHeld(stand: Stand, ids: readonly string[], bought = ids.length): Promise<void> {
  expect((await recordedNodes(stand)).sort()).toEqual([...ids].sort());
  expect(stand.bought()).toBe(bought);
}
