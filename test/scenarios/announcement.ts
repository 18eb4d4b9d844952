// What a preview announced against what a cloud then received.

import type { Change } from "../../cli/change";
import { summariseHere } from "../../cli/earlier";
import { hiddenText, readPreview } from "../../cli/preview";
import { type Summary, summarise } from "../../cli/summary";
import type { Context } from "../../provider/base/context";
import { createContext } from "../../provider/base/context";
import { Session } from "../../provider/base/session";
import { renamed, upperFirst } from "../../provider/call/wire";
import { isUnknown, mentionsUnknown } from "../../provider/core/schema";
import { encode } from "../../provider/tencent/client";
import type { JournalEntry, Simulator } from "../../simulator/index";
import type { StackDriver, UpdateOptions, UpdateResult } from "../drivers/driver";
import type { TestEngineDriver } from "../drivers/testEngine";
import { stackType } from "../drivers/urn";

/** Names of the same call, as the plan and as the cloud calls it. */
const alias: Record<string, string> = { enlarge: "EnlargeInstance", "batch-delete": "BatchDeleteNodes" };

interface Told {
  action: string;
  request: unknown;
}

/** The calls of a plan as they go over the wire. */
export const announcedBy = (changes: readonly Change[]): Told[] =>
  changes.flatMap(({ type, calls }) =>
    calls.map(({ action, request }) => ({
      action: alias[action] ?? action,
      request: onTheWire(type, request),
    })),
  );

function onTheWire(type: string, request: object): unknown {
  if (type.startsWith("tencent:")) return encode(request);
  if (type.startsWith("huawei:")) return (request as { body: unknown }).body;
  return renamed(request, upperFirst);
}

export const summaryOf = (preview: UpdateResult) => summarise(readPreview(JSON.stringify(preview.digest)));

/** What the cloud did, without what it only showed. */
export const actedIn = (sim: Simulator, from: number) => sim.journal.slice(from).filter(({ acted }) => acted);

/** What no plan can know of some `up`s, and why. */
export interface Unforeseen {
  because: string;
  /** The one action that may come unannounced, or otherwise than it was announced. */
  action?: string;
  /** Why the cloud could not be looked at for the plan, although the `up` could go on. */
  notSeen?: RegExp;
}

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

/** All that a stack works on; the first has the clock. */
type Clouds = readonly [Simulator, ...Simulator[]];

/**
 * Lets every `up` of a stack be announced first, from what the clouds show, and fails where what they then receive was not.
 * Misfortune that is arranged beforehand, by faults or hooks, is not announced, and excuses.
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
      const before = misfortunes();
      if (before.pending) return stack.up(options);
      ahead = 0;
      const lengths = clouds.map(({ journal }) => journal.length);
      const summary = await unlimited(clouds, () => summaryNow(stack, newContext(), options));
      for (const [index, { journal }] of clouds.entries()) journal.splice(lengths[index] ?? 0);
      const others = running.get(sim) ?? 0;
      running.set(sim, others + 1);
      runs += 1;
      const run = runs;
      const result = await stack.up(options).finally(() => running.set(sim, (running.get(sim) ?? 1) - 1));
      // Two stacks at once may each see what the other does.
      const isAlone = others === 0 && run === runs;
      if (isAlone && misfortunes().count === before.count) {
        const calls = clouds.flatMap(({ journal }, index) => journal.slice(lengths[index]));
        compare(summary, { clouds, calls, result, exemption: unforeseenBy.get(self) });
      }
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

interface Happened {
  clouds: Clouds;
  calls: readonly JournalEntry[];
  result: UpdateResult;
  exemption: (Unforeseen & { isMet: boolean }) | undefined;
}

function compare(summary: Summary, { clouds, calls, result, exemption }: Happened): void {
  // What is not decided before the cloud is asked, and what waits for a busy cluster or an earlier run, is said to be so.
  const isOpen = ({ isOpen: open, plan }: Change) =>
    open || plan.warnings.some(({ code }) => code === "busy" || code === "earlierRun");
  const unseen = summary.changes.flatMap(({ plan }) =>
    plan.warnings.filter(({ code }) => code === "notSeen").map(({ text }) => text),
  );
  if (exemption && unseen.length > 0 && unseen.every((text) => exemption.notSeen?.test(text))) {
    exemption.isMet = true;
    return;
  }
  if (unseen.length > 0 && !result.error)
    throw new Error(`What could be changed could not be looked at: ${unseen.join("; ")}`);
  if (summary.changes.some(isOpen)) return;
  const all = announcedBy(summary.changes);
  const left = [...all];
  const surprises = calls.filter((entry) => {
    if (!entry.acted || entry.action === "CreateToken") return false;
    const index = left.findIndex((told) => isSame(entry, told, clouds));
    if (index >= 0) left.splice(index, 1);
    // Where tags cannot be seen, whether a key is to be added or changed is found out by a second try.
    const isSecondTry =
      entry.action === "ModifyResourcesTags" && all.some((told) => isSame(entry, told, clouds));
    if (index >= 0 || isSecondTry) return false;
    if (exemption?.action !== entry.action) return true;
    exemption.isMet = true;
    return false;
  });
  // What was asked for and had been done before, such as a purchase that is repeated with its token, was asked for.
  const asked = calls.filter(({ acted }) => !acted);
  const missing = (result.error ? [] : left).filter(
    (told) => told.action !== exemption?.action && !asked.some((entry) => isSame(entry, told, clouds)),
  );
  if (surprises.length === 0 && missing.length === 0) return;
  const lines = (list: unknown[]) => list.map((each) => JSON.stringify(each)).join("\n  ");
  throw new Error(
    `What happened is not what was announced.\nNot announced: ${lines(surprises.map(({ action, request }) => ({ action, request })))}\nDid not happen: ${lines(missing)}\nPlan: ${lines(summary.changes.map(({ name, plan }) => ({ name, plan })))}`,
  );
}

/** Whether a cloud has received what was told; its token and its tags only the sending knows. */
export function isSame(received: Told, told: Told, clouds: Clouds): boolean {
  if (received.action !== told.action) return false;
  const { ClientToken: _, Tags: __, ...given } = received.request as Record<string, unknown>;
  const [got, expected] = [comparable(given, clouds), comparable(told.request, clouds)];
  if (told.action !== "ModifyResourcesTags") return isLike(got, expected);
  const ids = (request: unknown) =>
    (request as { ModifyResourceTagsInfoList: { ResourceId: string }[] }).ModifyResourceTagsInfoList.map(
      ({ ResourceId }) => ResourceId,
    );
  return ids(got).every((id) => ids(expected).includes(id));
}

/** Configuration is secret as a whole, so that a preview does not show whether there is any. */
const hiddenWhole = "ActionParams";

/** The same, where a preview hides nothing. */
function isLike(got: unknown, expected: unknown): boolean {
  const isOpen = expected === hiddenText || isUnknown(expected);
  if (isOpen || (typeof expected === "string" && mentionsUnknown(expected))) return true;
  if (typeof got !== "object" || got === null || typeof expected !== "object" || expected === null)
    return got === expected;
  const [left, right] = [got as Record<string, unknown>, expected as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every(
    (name) => (name === hiddenWhole && right[name] === undefined) || isLike(left[name], right[name]),
  );
}

/** The same in one spelling: lists mean the same in any order, nodes have two names, applications any case. */
function comparable(request: unknown, clouds: Clouds): unknown {
  const nodes = clouds.flatMap(({ emr }) => emr.clusters().flatMap(({ clusterId }) => emr.nodes(clusterId)));
  const named = (text: string) => nodes.find(({ orderNo }) => orderNo === text)?.emrResourceId ?? text;
  const spelled = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return [...value].sort();
    if (typeof value !== "string") return value;
    return key === "ApplicationName" ? value.toLowerCase() : named(value);
  };
  return JSON.parse(JSON.stringify(request ?? {}, spelled));
}
