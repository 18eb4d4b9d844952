// A pool about to be changed, with neighbours that must not be touched, and a provider that can be killed.
import { expect } from "vitest";
import type { ProviderStarted } from "../engine/providerProcess";
import { declare, makeStand, pool, recordedNodes, type Stand } from "./stand";

export interface Operation {
  name: string;
  before: number;
  after: number;
}

export const create: Operation = { name: "create", before: 0, after: 2 };
export const grow: Operation = { name: "grow", before: 1, after: 3 };

export interface Prepared {
  stand: Stand;
  /** Nodes of autoscaling and of the console on the same cluster. */
  foreign: string[];
  operation: Operation;
  kill(): void;
}

export async function prepare(
  operation: Operation,
  settings: Partial<Stand["sim"]["settings"]> = {},
): Promise<Prepared> {
  let provider: ProviderStarted | undefined;
  const stand = await makeStand({
    // A scale-out takes two seconds here: enough for every stage to be seen, few enough polls to kill at each.
    simulator: { timeScale: 0.01 },
    onProviderStart: (started) => {
      provider = started;
    },
  });
  Object.assign(stand.sim.settings, settings);
  const foreign = [
    stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
    stand.sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId,
  ];
  if (operation.before > 0) {
    declare(stand, pool(stand, operation.before));
    expect((await stand.stack.up()).error).toBeUndefined();
  }
  declare(stand, pool(stand, operation.after));
  return { stand, foreign, operation, kill: () => provider?.kill("SIGKILL") };
}

/** Runs `up` until it ends, and holds the outcome against what is declared. */
export async function expectHealed({ stand, foreign, operation }: Prepared): Promise<void> {
  const again = await stand.stack.up();
  expect(again.error).toBeUndefined();
  const own = stand.nodeIds().filter((id) => !foreign.includes(id));
  expect(own).toHaveLength(operation.after);
  expect((await recordedNodes(stand)).sort()).toEqual(own.sort());
  expect(stand.nodeIds()).toEqual(expect.arrayContaining(foreign));
  expect(stand.bought()).toBe(Math.max(operation.before, operation.after));
}
