// What a preview announced against what a cloud then received.

import { summariseHere } from "../../cli/pendingRuns";
import { readPreview } from "../../cli/preview";
import { type Summary, summarise } from "../../cli/summary";
import type { Context } from "../../provider/base/context";
import { createContext } from "../../provider/base/context";
import { Session } from "../../provider/base/session";
import type { Simulator } from "../../simulator/index";
import type { StackDriver, UpdateOptions, UpdateResult } from "../drivers/driver";
import type { TestEngineDriver } from "../drivers/testEngine";
import { stackType } from "../drivers/urn";
import { count } from "../tally";
import { type Clouds, compare, type Unforeseen } from "./comparison";

export const summaryOf = (preview: UpdateResult) => summarise(readPreview(JSON.stringify(preview.digest)));

/** What the cloud did, without what it only showed. */
export const actedIn = (sim: Simulator, from: number) => sim.journal.slice(from).filter(({ acted }) => acted);

const unforeseenBy = new WeakMap<StackDriver, Unforeseen & { isMet: boolean }>();

/** Lets the `up`s of a stack in `ups` differ from their plans in this one way; where they are announced, one of them has to. */
export async function unforeseen<T>(stack: StackDriver, what: Unforeseen, ups: () => Promise<T>): Promise<T> {
  const exemption = { ...what, isMet: false };
  unforeseenBy.set(stack, exemption);
  const result = await ups().finally(() => unforeseenBy.delete(stack));
  if (announced.has(stack) && !exemption.isMet)
    throw new Error(`The plan knew all that was not to be foreseen because ${what.because}`);
  return result;
}

/** Stacks whose `up`s are announced. */
const announced = new WeakSet<StackDriver>();

/**
 * Lets every `up` of a stack be announced first, from what the clouds show, and fails where what they then receive was not.
 * Misfortune that is arranged, by faults or hooks, is not announced, and excuses what it befalls: that may take several tries,
 * or be left undone, but nothing else is done.
 */
export function announceFirst(
  stack: TestEngineDriver,
  clouds: Clouds,
  journalDirectory: string,
): TestEngineDriver {
  const [sim] = clouds;
  const config = new Map<string, string>();
  // A look at the clouds takes no time of theirs.
  let ahead = 0;
  const clock = {
    now: async () => sim.clock.now() + ahead,
    sleep: async (time: number) => {
      ahead += time;
    },
  };
  /** Each plan is made by a process of its own. */
  const newContext = () =>
    createContext(
      new Session({ clock, journalDirectory }),
      (key) => config.get(`bigdata:${key}`),
      () => {},
    );
  const misfortunes = arranged(sim);
  const self: TestEngineDriver = {
    ...stack,
    setConfig: async (key, value, options) => {
      config.set(key, value);
      return stack.setConfig(key, value, options);
    },
    setAllConfig: async (entries) => {
      for (const { key, value } of entries) config.set(key, value);
      return stack.setAllConfig(entries);
    },
    up: async (options) => {
      ahead = 0;
      const lengths = clouds.map(({ journal }) => journal.length);
      const summary = await misfortunes.without(() =>
        unlimited(clouds, () => summaryNow(stack, newContext(), options)),
      );
      for (const [index, { journal }] of clouds.entries()) journal.splice(lengths[index] ?? 0);
      const others = running.get(sim) ?? 0;
      running.set(sim, others + 1);
      runs += 1;
      const run = runs;
      const mishaps = misfortunes.watch();
      const result = await stack.up(options).finally(() => running.set(sim, (running.get(sim) ?? 1) - 1));
      // Two stacks at once may each see what the other does.
      const isAlone = others === 0 && run === runs;
      const calls = clouds.flatMap(({ journal }, index) => journal.slice(lengths[index]));
      const exemption = unforeseenBy.get(self);
      count(
        isAlone
          ? compare(summary, { clouds, calls, result, exemption, mishaps: mishaps() })
          : { calls: 0, changes: 0, excused: summary.changes.map(() => "others at once") },
      );
      return result;
    },
  };
  announced.add(self);
  return self;
}

/** Looks at clouds that do not count the calls, since no time passes for them, and lets their next second begin. */
async function unlimited<T>(clouds: Clouds, look: () => Promise<T>): Promise<T> {
  const restore = clouds.map(({ settings, clock }) => {
    const { rateLimitPerSecond, huawei, volcengine } = settings;
    const [limit, limits] = [huawei.rateLimitPerSecond, volcengine.rateLimits];
    settings.rateLimitPerSecond = Number.POSITIVE_INFINITY;
    huawei.rateLimitPerSecond = null;
    volcengine.rateLimits = { read: null, write: null };
    return () => {
      settings.rateLimitPerSecond = rateLimitPerSecond;
      huawei.rateLimitPerSecond = limit;
      volcengine.rateLimits = limits;
      clock.advance(1000);
    };
  });
  try {
    return await look();
  } finally {
    for (const each of restore) each();
  }
}

/** How many stacks are being changed on a cloud now, and how many changes there have been. */
const running = new WeakMap<Simulator, number>();
let runs = 0;

/** What a test arranges to go wrong. */
function arranged(sim: Simulator) {
  const { faults, onCall } = sim;
  const [add, pending] = [faults.add.bind(faults), () => faults.pending.map(({ action = "any" }) => action)];
  /** What befalls calls from now on, by action. */
  let befalls: string[] = [];
  let hooks = 0;
  let isAside = false;
  faults.add = (...given) => {
    add(...given);
    befalls.push(...pending());
  };
  sim.onCall = (hook) => {
    hooks += 1;
    befalls.push("any");
    const stop = onCall((call) => (isAside ? undefined : hook(call)));
    return () => {
      hooks -= 1;
      stop();
    };
  };
  return {
    /** Does something that none of it befalls. */
    async without<T>(work: () => Promise<T>): Promise<T> {
      const waiting = structuredClone(faults.pending);
      faults.clear();
      isAside = true;
      return work().finally(() => {
        isAside = false;
        add(...waiting);
      });
    },
    /** Begins to watch; gives back what may have befallen which calls until it is asked. */
    watch(): () => readonly string[] {
      befalls = [...pending(), ...(hooks > 0 ? ["any"] : [])];
      return () => befalls;
    },
  };
}

async function summaryNow(
  stack: TestEngineDriver,
  context: Context,
  options: UpdateOptions | undefined,
): Promise<Summary> {
  const { signal: _, onMessage: __, ...same } = options ?? {};
  const { digest, steps } = await stack.preview(same);
  // As `pulumi preview --show-sames` shows them.
  const unchanged = steps.filter(({ op, type }) => op === "same" && type !== stackType);
  const preview = readPreview(JSON.stringify({ ...digest, steps: [...(digest?.steps ?? []), ...unchanged] }));
  return summariseHere(preview, context, true);
}
