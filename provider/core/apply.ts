// Brings what exists to what is wanted: one loop for every resource. It finds out what an earlier call came to, looks until
// nothing moves, plans, makes one call, finds out what came of it, and looks again. A call is remembered before it is sent, so
// that whoever goes on after this run has ended knows of it.

import { cloudTime } from "../base/clock";
import { CloudError, messageOf, StoppedError } from "../base/errors";
import { poll } from "../base/wait";
import { listLag } from "../call/pages";
import { backoffMilliseconds } from "../call/retry";
import { requireTime, usualSeconds } from "./durations";
import { knownDurations, measuredSeconds, noteDuration } from "./measurements";
import { sentences } from "./note";
import { EndedEarly, type Limited } from "./operation";
import { type CallStep, type Plan, PlanReporter, type Step } from "./plan";
import { Status } from "./status";

/** One look at what a call is to change. */
export interface Look<Seen, Facts = undefined> {
  seen: Seen;
  facts: Facts;
  /** Milliseconds since the call was sent; from the first look on where its time lies in the future, since a clock was wrong then. */
  age: number;
  /** For how many milliseconds nothing has moved, since the call was sent or this run has begun to look; undefined while something moves. */
  rested: number | undefined;
  /** Whether anything has moved or changed since. */
  hasMoved: boolean;
  /** How often this run has made the call, one after the other without success; 0 for one of an earlier run. */
  attempt: number;
  /** Why no answer is known, where that is so. */
  doubt: CloudError | undefined;
  /** Of the latest answer. */
  requestId: string;
}

/** What a look says of a call. */
export type Verdict<Sent, Came> =
  /** Look again. `progress`: how it gets on; `keep`: what is known of it from now on. */
  | { is: "open"; progress?: string; keep?: Partial<Sent> }
  /** Its outcome is known. */
  | { is: "over"; came: Came; progress?: string }
  /** Nothing came of it, or not all: it may be made again, as often as it bears that, unless it is said otherwise. */
  | { is: "lost"; came: Came; progress?: string; mayRepeat?: boolean }
  /** Its outcome is known, and is not what was asked for. */
  | { is: "failed"; came: Came; why: string }
  /** Only a person can tell; it stays remembered. */
  | { is: "unclear"; why: string | StoppedError };

/** A kind of call: what is remembered of it, how it is sent, and what proves what became of it. */
export interface Call<Seen, Sent extends { sentAt: number }, Came, Facts = undefined> {
  /** What to remember; written down before it is sent. */
  intend(step: CallStep, seen: Seen, sentAt: number): Sent | Promise<Sent>;
  send(step: CallStep, sent: Sent): Promise<{ requestId: string; progress?: string; keep?: Partial<Sent> }>;
  /** What is looked at beside the thing itself: a job, an order, a workflow. */
  facts?(sent: Sent, seen: Seen, now: number): Promise<Facts>;
  /** Whether something is on its way. */
  isMoving(seen: Seen, facts: Facts, sent: Sent): boolean;
  /** What changes while something moves that `isMoving` does not see. */
  signature?(seen: Seen, facts: Facts, sent: Sent): string;
  /** Pure: the same look gives the same verdict. */
  judge(sent: Sent, look: Look<Seen, Facts>): Verdict<Sent, Came>;
  waitingFor(sent: Sent): string;
  remember?(sent: Sent): void;
  /** Its outcome is known; `undefined` where the cloud has refused it, so that nothing was done. */
  forget?(sent: Sent, came: Came | undefined, now: number): void;
  /** What a refusal means, where it ends nothing: `look`, since it may have been done before, or `plan` anew. */
  refused?(error: CloudError, attempt: number): "look" | "plan" | undefined;
  /** How often it is made again where nothing came of it. */
  repeats: number;
  /** How often it is asked for again where something else is in the way. Default: until the limit. */
  mostWaits?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: what a call remembers, reads and brings is its own business
type AnyCall<Seen> = Call<Seen, any, any, any>;

/** Part of a call that only earlier runs have sent, in another form: what became of it is found out. */
export const neverSent = {
  repeats: 0,
  intend: (): never => {
    throw new Error("an earlier call is not sent");
  },
  send: () => Promise.reject(new Error("an earlier call is not sent")),
};

/** A call of an earlier run whose outcome is not known. */
interface OpenCall {
  call: string;
  sent: { sentAt: number };
  /** For people. */
  what: string;
}

/** One resource during one operation. */
export interface Work<State, Seen> {
  /** For people: what is waited for. */
  name: string;
  /** Fails where it does not exist or cannot be changed at all. `isClose`: how a call gets on, and not what is to be planned. */
  look(isClose: boolean): Promise<Seen>;
  /** What has to end before anything is begun; undefined at rest. */
  busy(seen: Seen): string | undefined;
  /** What is known to exist and is not listed, with when it came where that is known: one list alone makes nothing vanish. */
  missing?(seen: Seen, now: number): readonly { id: string; at?: number | undefined }[];
  /** Comes first. A state ends the work. */
  begin?(atRest: () => Promise<Seen>): Promise<State | undefined>;
  open(): OpenCall | undefined;
  plan(seen: Seen): Plan | Promise<Plan>;
  /** Stops what must not be done. */
  allow?(step: CallStep, seen: Seen): Promise<void>;
  /** What a step does that is no call. True where the rest is to be planned anew. */
  does?(step: Exclude<Step, CallStep>, seen: Seen): Promise<boolean>;
  calls: Readonly<Record<string, AnyCall<Seen>>>;
  state(seen: Seen, requestId: string): State;
  /** All is as wanted. */
  finish?(seen: Seen): void | Promise<void>;
  /** Ended early. `isTouched`: whether anything may have been changed. Gives back what a person should know beside the reason. */
  endedEarly?(seen: Seen | undefined, isTouched: boolean): string | undefined;
  /** Whether there is something to record, however it ends. */
  mustRecord?(): boolean;
}

/** How long a list that lacks what was there is not believed, in milliseconds. */
export const listingGrace = 60_000;
/** How long the pauses are while something else is in the way. */
const waiting = { first: 10_000, longest: 60_000 };

export function apply<State, Seen>(
  context: Limited,
  work: Work<State, Seen>,
  lastRequestId = "",
): Promise<State> {
  return new Application(context, work, lastRequestId).run();
}

class Application<State, Seen> {
  private readonly status: Status;
  private last: Seen | undefined;
  private isTouched = false;
  private waits = 0;
  private readonly attempts = new Map<string, number>();
  /** What was missing for so long that the list is believed, until it is listed again. */
  private readonly vanished = new Set<string>();
  /** Why the latest call was refused for now. */
  private obstacle = "";
  /** What has been begun has to be brought to its end, whatever time is left. */
  private isBound = false;
  /** What is waited for that a call has begun, for people. */
  private underWay: string | undefined;

  constructor(
    private readonly context: Limited,
    private readonly work: Work<State, Seen>,
    private requestId: string,
  ) {
    this.status = new Status(context);
  }

  async run(): Promise<State> {
    const { work } = this;
    try {
      const done = await work.begin?.(() => this.atRest());
      if (done) return done;
      const reporter = new PlanReporter(this.context);
      for (;;) {
        if (await this.settleEarlier()) {
          await this.requireTimeLeft();
          continue;
        }
        const seen = await this.atRest();
        const plan = await work.plan(seen);
        reporter.report(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        if (plan.steps.length === 0) {
          await work.finish?.(seen);
          return work.state(seen, this.requestId);
        }
        await this.advance(plan, seen);
      }
    } catch (error) {
      throw await this.stopped(error);
    }
  }

  private async requireTimeLeft(): Promise<void> {
    const { clock, deadline } = this.context;
    if ((await clock.now()) >= deadline.at)
      throw new StoppedError(`Gave up on ${this.work.name}. ${deadline.hint}`);
  }

  private async settleEarlier(): Promise<boolean> {
    const open = this.work.open();
    if (!open) return false;
    this.status.report(`looks what became of ${open.what}`);
    await this.settle(this.callOf(open.call), open.sent, 0, undefined);
    return true;
  }

  private callOf(name: string): AnyCall<Seen> {
    const call = this.work.calls[name];
    if (!call) throw new Error(`no call ${name}`);
    return call;
  }

  private async look(isClose = false): Promise<Seen> {
    this.last = await this.work.look(isClose);
    return this.last;
  }

  /** Looks until nothing moves, and all is listed that is known to exist, or has been missing for longer than a list lags. */
  private async atRest(): Promise<Seen> {
    const { work } = this;
    const { clock, deadline } = this.context;
    let told = "";
    let restingSince: number | undefined;
    return poll(clock, deadline, { waitingFor: () => `${told || work.name} to be at rest` }, async () => {
      const seen = await this.look();
      const now = await cloudTime(clock);
      const busy = work.busy(seen);
      if (busy !== undefined && told === "") this.status.report(`waits for ${busy}`);
      told = busy ?? told;
      if (busy !== undefined) restingSince = undefined;
      else restingSince ??= now;
      if (restingSince === undefined) return undefined;
      const unlisted = work.missing?.(seen, now) ?? [];
      for (const id of this.vanished) if (!unlisted.some((each) => each.id === id)) this.vanished.delete(id);
      const missing = unlisted.filter(({ id }) => !this.vanished.has(id));
      const since = restingSince;
      const believed = Math.max(
        since + listingGrace,
        // A time after that is of a clock that was wrong.
        ...missing.map(({ at = 0 }) => Math.min(at, since) + listLag),
      );
      if (missing.length > 0 && now < believed) return undefined;
      for (const { id } of missing) this.vanished.add(id);
      return seen;
    });
  }

  /** Does what comes next; the rest is planned anew. */
  private async advance({ steps }: Plan, seen: Seen): Promise<void> {
    for (const [index, step] of steps.entries()) {
      if (step.kind !== "call") {
        if (await this.work.does?.(step, seen)) return await this.requireTimeLeft();
        continue;
      }
      const after = steps.slice(index + 1).filter((each): each is CallStep => each.kind === "call");
      await this.work.allow?.(step, seen);
      if (this.isBound) await this.requireTimeLeft();
      else await requireTime(this.context, step, step.isBinding ? after : [], this.obstacle);
      const isDone = await this.status.during(step, () => this.perform(step, seen));
      this.isBound = isDone && (step.isBinding ?? this.isBound);
      return;
    }
  }

  private async perform(step: CallStep, seen: Seen): Promise<boolean> {
    const call = this.callOf(step.action);
    const sentAt = await cloudTime(this.context.clock);
    const attempt = (this.attempts.get(step.action) ?? 0) + 1;
    const sent = await call.intend(step, seen, sentAt);
    call.remember?.(sent);
    let doubt: CloudError | undefined;
    try {
      const answer = await call.send(step, sent);
      this.requestId = answer.requestId;
      this.isTouched = true;
      this.waits = 0;
      Object.assign(sent, answer.keep);
      call.remember?.(sent);
      this.status.report(`accepted${answer.progress ?? ""}, RequestId ${this.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const next = await this.heed(error, call, sent, attempt);
      if (next === "plan") {
        if (error.kind !== "busy") this.attempts.set(step.action, attempt);
        return false;
      }
      this.isTouched = true;
      doubt = error;
    }
    this.attempts.set(step.action, attempt);
    const isDone = await this.settle(call, sent, attempt, doubt, step);
    if (!isDone) return false;
    this.attempts.delete(step.action);
    if (!doubt) await noteDuration(this.context, step, sentAt);
    return true;
  }

  /** What to do after a call that failed; throws where that ends the work. */
  private async heed(
    error: CloudError,
    call: AnyCall<Seen>,
    sent: object,
    attempt: number,
  ): Promise<"look" | "plan"> {
    if (!error.mayHaveHappened) {
      call.forget?.(sent, undefined, await cloudTime(this.context.clock));
      if (error.kind === "busy") {
        await this.waitForOthers(error, call.mostWaits);
        return "plan";
      }
    }
    const next = error.mayHaveHappened ? "look" : call.refused?.(error, attempt);
    if (next === undefined) throw error;
    this.status.report(`${error.message} Looks for its effect before anything else`);
    if (next === "plan") await this.context.clock.sleep(backoffMilliseconds(attempt, waiting.first));
    return next;
  }

  private async waitForOthers(error: CloudError, mostWaits = Number.POSITIVE_INFINITY): Promise<void> {
    const { clock, deadline } = this.context;
    if (this.waits >= mostWaits) throw error;
    if ((await clock.now()) >= deadline.at) throw new StoppedError(`${error.message} ${deadline.hint}`);
    this.waits += 1;
    this.obstacle = error.message;
    this.status.report(`something else is being done there (${error.code}); waits`);
    await clock.sleep(backoffMilliseconds(this.waits, waiting.first, waiting.longest));
  }

  /** Finds out what a call came to; false where it is to be planned anew. */
  private async settle(
    call: AnyCall<Seen>,
    sent: { sentAt: number },
    attempt: number,
    doubt: CloudError | undefined,
    step?: CallStep,
  ): Promise<boolean> {
    this.isTouched = true;
    const { clock, deadline } = this.context;
    const isNew = step !== undefined;
    const usual =
      step && 1000 * (measuredSeconds(step, knownDurations(this.context)) ?? usualSeconds(step) ?? 0);
    /** By this run's clock. */
    let sentAt: number | undefined;
    let restingSince: number | undefined;
    let signature: string | undefined;
    let hasMoved = false;
    let told = "";
    const end = await poll(
      clock,
      deadline,
      { waitingFor: () => call.waitingFor(sent), startsLater: isNew, usual },
      async (now) => {
        this.underWay = call.waitingFor(sent);
        const seen = await this.look(true);
        // A cloud's clock is known with its first answer. A time after that is of a clock that was wrong.
        sentAt ??= now - Math.max(0, (await cloudTime(clock)) - sent.sentAt);
        const facts = await call.facts?.(sent, seen, now);
        const present = call.signature?.(seen, facts, sent) ?? "";
        const hasChanged = signature !== undefined && present !== signature;
        const isMoving = call.isMoving(seen, facts, sent);
        hasMoved ||= isMoving || hasChanged;
        if (isMoving || hasChanged) restingSince = undefined;
        if (!isMoving) restingSince ??= now;
        signature = present;
        const rested = restingSince === undefined ? undefined : now - restingSince;
        const { requestId } = this;
        const age = now - sentAt;
        const verdict = call.judge(sent, { seen, facts, age, rested, hasMoved, attempt, doubt, requestId });
        if ("progress" in verdict && verdict.progress !== undefined && verdict.progress !== told)
          this.status.report(verdict.progress);
        told = ("progress" in verdict && verdict.progress) || told;
        if (verdict.is !== "open") return { verdict };
        if (verdict.keep) {
          Object.assign(sent, verdict.keep);
          call.remember?.(sent);
        }
        return undefined;
      },
    );
    const { verdict } = end;
    this.underWay = undefined;
    if (verdict.is === "unclear")
      throw typeof verdict.why === "string" ? new StoppedError(verdict.why) : verdict.why;
    call.forget?.(sent, verdict.came, await cloudTime(clock));
    if (verdict.is === "failed") throw new StoppedError(verdict.why);
    const isBorne = attempt <= call.repeats && doubt?.mayHaveHappened && verdict.is === "lost";
    if (verdict.is === "lost" && doubt && !(isBorne && (verdict.mayRepeat ?? true))) throw doubt;
    return verdict.is === "over";
  }

  /** Looks once more at what exists, as far as that is possible, and hands it over with the reason. */
  private async stopped(error: unknown): Promise<EndedEarly<State>> {
    const { work } = this;
    const cannotLook = error instanceof CloudError && ["credentials", "clock", "unsent"].includes(error.kind);
    if (this.isTouched && !cannotLook)
      await this.look().catch((failure: unknown) =>
        this.status.report(`could not look again: ${messageOf(failure)}`),
      );
    const isTouched = this.isTouched || (work.mustRecord?.() ?? false) || work.open() !== undefined;
    const advice = work.endedEarly?.(this.last, isTouched);
    const isBarred = error instanceof CloudError && error.kind === "credentials";
    const begun =
      isBarred && this.underWay !== undefined
        ? `This run was waiting for ${this.underWay}. The cloud goes on with it, and the next \`pulumi up\` picks it up from there.`
        : undefined;
    for (const more of [begun, advice])
      if (more !== undefined && error instanceof Error) error.message += ` ${more}`;
    return new EndedEarly(error, this.last && work.state(this.last, this.requestId), isTouched);
  }
}
