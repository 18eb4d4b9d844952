// What a preview announced against what a cloud then received.
import { lookAt } from "../../cli/live";
import { readPreview } from "../../cli/preview";
import { type Change, type Summary, summarise } from "../../cli/summary";
import type { Context } from "../../provider/context";
import type { JournalEntry, Simulator } from "../../simulator/index";
import type { TestEngineDriver } from "../drivers/testEngine";
import type { UpdateResult } from "../engine/types";

/** Names of the same call, as the plan and as the cloud calls it. */
const alias: Record<string, string> = { enlarge: "EnlargeInstance", "batch-delete": "BatchDeleteNodes" };

export interface Told {
  action: string;
  parameters: Record<string, unknown>;
}

export const announcedBy = (changes: readonly Change[]): Told[] =>
  changes.flatMap(({ calls }) =>
    calls.map(({ action, parameters }) => {
      // Configuration and tags are announced by their names only.
      const { applicationConfigs: _, Tags: __, ...known } = parameters;
      return { action: alias[action] ?? action, parameters: known };
    }),
  );

/** What a cloud received, with those parameters that the plan tells too. */
export function receivedAs(
  { action, request }: Pick<JournalEntry, "action" | "request">,
  told: Told | undefined,
): Told {
  const given = request as Record<string, unknown>;
  const scope = (given["OpScope"] as { ServiceInfoList?: { ServiceName: string }[] } | undefined)
    ?.ServiceInfoList?.[0];
  const params = ((given["ActionParams"] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [
    Key,
    Value,
  ]);
  const tagged = (given["ModifyResourceTagsInfoList"] ?? []) as { ResourceId: string }[];
  const all: Record<string, unknown> = {
    ResourceIds: tagged.map(({ ResourceId }) => ResourceId),
    ...given,
    ...(given["StrategyConfig"] as Record<string, unknown> | undefined),
    ...Object.fromEntries(params),
    ServiceName: scope?.ServiceName,
  };
  const names = Object.keys(told?.parameters ?? {});
  return { action, parameters: Object.fromEntries(names.map((name) => [name, all[name]])) };
}

export const summaryOf = (preview: UpdateResult) => summarise(readPreview(JSON.stringify(preview.digest)));

/** What the cloud did, without what it only showed. */
export const actedIn = (sim: Simulator, from: number) => sim.journal.slice(from).filter(({ acted }) => acted);

/**
 * Lets every `up` of a stack be announced first, from what the clouds show, and fails where what they then receive was not.
 * Misfortune that is arranged beforehand, by faults or hooks, is not announced, and excuses.
 */
export function announceFirst(
  stack: TestEngineDriver,
  sim: Simulator,
  journalDirectory: string,
): TestEngineDriver {
  const config = new Map<string, string>();
  const context: Context = {
    clock: { now: async () => sim.clock.now(), sleep: async (time) => sim.clock.advance(time) },
    config: (key) => config.get(`bigdata:${key}`),
    progress: () => {},
    journalDirectory,
  };
  const misfortunes = arranged(sim);
  return {
    ...stack,
    setConfig: async (key, value, options) => {
      config.set(key, value);
      return stack.setConfig(key, value, options);
    },
    up: async (options) => {
      const before = misfortunes();
      if (before.pending) return stack.up(options);
      const from = sim.journal.length;
      const summary = await summaryNow(stack, context);
      sim.journal.splice(from);
      const result = await stack.up(options);
      if (misfortunes().count === before.count) compare(summary, actedIn(sim, from), result);
      return result;
    },
  };
}

/** Counts what a test arranges to go wrong. */
function arranged(sim: Simulator): () => { count: number; pending: boolean } {
  let [count, hooks] = [0, 0];
  const { onCall } = sim;
  const add = sim.faults.add.bind(sim.faults);
  sim.faults.add = (fault) => {
    count += 1;
    add(fault);
  };
  sim.onCall = (hook) => {
    count += 1;
    hooks += 1;
    const stop = onCall(hook);
    return () => {
      hooks -= 1;
      stop();
    };
  };
  return () => ({ count, pending: hooks > 0 || sim.faults.pending.length > 0 });
}

async function summaryNow(stack: TestEngineDriver, context: Context): Promise<Summary> {
  const preview = readPreview(JSON.stringify((await stack.preview()).digest));
  return summarise(preview, await lookAt(summarise(preview).changes, context));
}

/** Lists of ids mean the same in any order. */
const comparable = (told: Told) =>
  JSON.stringify(told, (_, value) => (Array.isArray(value) ? [...value].sort() : value));

function compare(summary: Summary, acted: JournalEntry[], result: UpdateResult): void {
  const open = summary.changes.some(({ isOpen }) => isOpen);
  const left = announcedBy(summary.changes);
  const surprises: string[] = [];
  for (const entry of acted) {
    const index = left.findIndex((told) => {
      const received = receivedAs(entry, told);
      return received.action === told.action && comparable(received) === comparable(told);
    });
    if (index >= 0) left.splice(index, 1);
    else surprises.push(JSON.stringify({ action: entry.action, request: entry.request }));
  }
  const isDone = result.error === undefined;
  if (open || (surprises.length === 0 && (!isDone || left.length === 0))) return;
  throw new Error(
    `What happened is not what was announced.\nNot announced: ${surprises.join("\n  ")}\nDid not happen: ${isDone ? left.map((told) => JSON.stringify(told)).join("\n  ") : ""}\nPlan: ${JSON.stringify(summary.changes.map(({ name, plan }) => ({ name, plan })))}`,
  );
}
