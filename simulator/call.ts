// The way of a call through any cloud's gateway: journal, hooks, misfortunes, effect, answer.
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as realDelay } from "node:timers/promises";
import type { z } from "zod";
import type { Clock } from "./clock";
import { callFaults, type Faults } from "./faults";
import type { Hooks } from "./hooks";
import type { JournalEntry } from "./journal";

export interface ApiRequest {
  method: string;
  /** Path and query as they arrived. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export function urlOf({ target }: ApiRequest): URL {
  return new URL(target, "http://simulator");
}

export interface SentAnswer {
  status: number;
  body: string;
  headers: Record<string, string>;
}
/** What goes back to the caller; undefined = the connection is destroyed. */
export type Answer = SentAnswer | undefined;

export interface Gateway {
  /** Whether a request is for this cloud. */
  serves(request: ApiRequest): boolean;
  answer(request: ApiRequest): Promise<Answer>;
  reset(): void;
}

export interface CallParts {
  clock: Clock;
  faults: Faults;
  hooks: Hooks;
  journal: JournalEntry[];
}

type CallDescription = Omit<JournalEntry, "sequence" | "time" | "outcome" | "answered" | "acted">;
type OrderedError = z.output<typeof callFaults.error>;
type OrderedThrottle = z.output<typeof callFaults.throttle>;

/** `takesLock`: whether the fault "busy" strikes the action. */
type AnyAccepted = { action: { takesLock?: true } };

/** What each cloud has of its own in the way of a call. */
export interface Conduct<Accepted extends AnyAccepted, Refusal extends Error> {
  /** The cloud's class of errors; any other is a mistake of the simulator. */
  refusal: abstract new (
    ...parts: never[]
  ) => Refusal;
  describe(): CallDescription;
  /** Everything that is checked before the service is reached. */
  accept(entry: JournalEntry): Accepted;
  /** `busyMilliseconds`: somebody takes the cluster just before. */
  act(
    accepted: Accepted,
    entry: JournalEntry,
    busyMilliseconds: number | undefined,
  ): { changed: boolean; answer: SentAnswer };
  refuse(refusal: Refusal, entry: JournalEntry): { outcome: string; answer: SentAnswer };
  /** What a gateway in front of the cloud answers. */
  page(status: number, body: string, entry: JournalEntry): SentAnswer;
  orderedError(fault: OrderedError): Refusal;
  throttled(fault: OrderedThrottle): Refusal;
}

export async function conductCall<Accepted extends AnyAccepted, Refusal extends Error>(
  { clock, faults, hooks, journal }: CallParts,
  conduct: Conduct<Accepted, Refusal>,
): Promise<Answer> {
  clock.settle();
  const entry: JournalEntry = {
    sequence: journal.length + 1,
    time: clock.now(),
    ...conduct.describe(),
    outcome: "",
    answered: false,
    acted: false,
  };
  journal.push(entry);
  const event = { sequence: entry.sequence, action: entry.action, request: entry.request };
  if (await hooks.drops({ ...event, phase: "received" })) {
    entry.outcome = "dropped";
    return undefined;
  }
  clock.settle();
  let misfortune: Misfortune<Refusal> = { delay: 0 };
  let answer: SentAnswer;
  try {
    const accepted = conduct.accept(entry);
    misfortune = misfortuneOf(entry.action, accepted, faults, conduct);
    if (misfortune.before) return finish(entry, misfortune.before, conduct);
    const outcome = conduct.act(accepted, entry, misfortune.busyMilliseconds);
    entry.acted = outcome.changed;
    entry.outcome = "ok";
    answer = outcome.answer;
    if (await hooks.drops({ ...event, phase: "acted" })) return undefined;
  } catch (error) {
    if (!(error instanceof conduct.refusal)) throw error;
    answer = refuse(entry, error, conduct);
  }
  if (misfortune.delay > 0) await realDelay(misfortune.delay);
  if (misfortune.after) return finish(entry, misfortune.after, conduct);
  entry.answered = true;
  return answer;
}

type Ending<Refusal> =
  | { kind: "drop" }
  | { kind: "error"; error: Refusal }
  | { kind: "http"; status: number; body: string | undefined };

interface Misfortune<Refusal> {
  /** Real milliseconds. */
  delay: number;
  busyMilliseconds?: number;
  /** Instead of the call. */
  before?: Ending<Refusal>;
  /** Instead of the answer. */
  after?: Ending<Refusal>;
}

/** The pending faults that strike this call. */
function misfortuneOf<Accepted extends AnyAccepted, Refusal extends Error>(
  action: string,
  accepted: Accepted,
  faults: Faults,
  conduct: Conduct<Accepted, Refusal>,
): Misfortune<Refusal> {
  const dropRequest = faults.take(callFaults.dropRequest, action);
  const dropAnswer = faults.take(callFaults.dropAnswer, action);
  const throttle = faults.take(callFaults.throttle, action);
  const error = faults.take(callFaults.error, action);
  const http = faults.take(callFaults.http, action);
  const result: Misfortune<Refusal> = {
    delay: faults.take(callFaults.delayAnswer, action)?.milliseconds ?? 0,
  };
  const busy = accepted.action.takesLock ? faults.take(callFaults.busy, action) : undefined;
  if (busy) result.busyMilliseconds = busy.milliseconds;
  if (http) result[http.acted ? "after" : "before"] = { kind: "http", status: http.status, body: http.body };
  if (error) {
    result[error.acted ? "after" : "before"] = { kind: "error", error: conduct.orderedError(error) };
  }
  if (throttle) result.before = { kind: "error", error: conduct.throttled(throttle) };
  if (dropAnswer) result.after = { kind: "drop" };
  if (dropRequest) result.before = { kind: "drop" };
  return result;
}

/** Ends a call in another way than by the action's answer. */
function finish<Accepted extends AnyAccepted, Refusal extends Error>(
  entry: JournalEntry,
  ending: Ending<Refusal>,
  conduct: Conduct<Accepted, Refusal>,
): Answer {
  switch (ending.kind) {
    case "drop":
      if (entry.outcome === "") entry.outcome = "dropped";
      return undefined;
    case "error":
      entry.answered = true;
      return refuse(entry, ending.error, conduct);
    case "http":
      entry.outcome = `http ${ending.status}`;
      entry.answered = true;
      return conduct.page(
        ending.status,
        ending.body ?? `<html><body><h1>${ending.status}</h1></body></html>`,
        entry,
      );
  }
}

function refuse<Accepted extends AnyAccepted, Refusal extends Error>(
  entry: JournalEntry,
  error: Refusal,
  conduct: Conduct<Accepted, Refusal>,
): SentAnswer {
  const { outcome, answer } = conduct.refuse(error, entry);
  entry.outcome = outcome;
  return answer;
}
