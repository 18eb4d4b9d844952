// The one loop of every resource, with a toy: a cloud that counts items, and a call that adds one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { CloudError } from "../../provider/base/errors";
import { Session } from "../../provider/base/session";
import { listLag } from "../../provider/call/pages";
import { apply, type Call, type Look, neverSent, type Verdict, type Work } from "../../provider/core/apply";
import { badInput } from "../../provider/core/note";
import type { EndedEarly, Limited } from "../../provider/core/operation";
import type { CallStep, Plan } from "../../provider/core/plan";
import { failureOf } from "./looks";

const minute = 60_000;
const journalDirectory = mkdtempSync(join(tmpdir(), "apply-"));
afterAll(() => rmSync(journalDirectory, { recursive: true, force: true }));

/** How the cloud takes a call: as it should, or with an error; without an answer it may have done it or not. */
type Answer =
  | "done"
  | "done, no answer"
  | "no answer"
  | "nothing comes"
  | "busy"
  | "refused"
  | "key"
  | "kill";

const errors: Partial<Record<Answer, CloudError>> = {
  "done, no answer": failureOf(),
  "no answer": failureOf(),
  busy: failureOf({ kind: "busy", code: "InUse", message: "in use", mayHaveHappened: false }),
  refused: failureOf({ kind: "refused", code: "No", message: "no", mayHaveHappened: false }),
  key: failureOf({ kind: "credentials", code: "Key", message: "bad key", mayHaveHappened: false }),
};

interface Seen {
  ids: readonly string[];
  busy: string | undefined;
}

interface Sent {
  sentAt: number;
  before: readonly string[];
  requestId?: string;
}

type Came = string[];
type ToyCall = Call<Seen, Sent, Came>;
type ToyWork = Work<{ ids: readonly string[]; requestId: string }, Seen>;

/** The usual time of this action is 4 minutes. */
const adding: CallStep = {
  ...{ kind: "call", action: "enlarge", target: "toy", request: {}, summary: "add an item", buys: 1 },
};
const plan = (...steps: Plan["steps"]): Plan => ({ steps, warnings: [], blocked: [] });

/** As every resource has it: what has come proves it; what has not is lost where no answer is known. */
const judge = ({ before }: Sent, { seen, rested, doubt }: Look<Seen>): Verdict<Sent, Came> => {
  const came = seen.ids.filter((id) => !before.includes(id));
  if (rested === undefined) return { is: "open" };
  if (came.length > 0) return { is: "over", came };
  if (rested < listLag) return { is: "open" };
  return doubt ? { is: "lost", came } : { is: "failed", came, why: "Nothing has come." };
};

interface Options {
  wanted?: number;
  answers?: Answer[];
  /** In milliseconds. */
  limit?: number;
  call?: Partial<ToyCall>;
  work?: (toy: Toy) => Partial<ToyWork>;
}

class Toy {
  time = 1_000_000;
  readonly startedAt = this.time;
  items: { id: string; visibleAt: number }[] = [];
  /** What is remembered beyond a run. */
  open: Sent | undefined;
  known: string[] = [];
  /** What happens, in order. */
  readonly log: string[] = [];
  readonly told: string[] = [];
  readonly plans: string[] = [];
  readonly looks: Look<Seen>[] = [];
  busyUntil = 0;
  lag = 0;
  answers: Answer[];
  isHidden: (id: string) => boolean = () => false;
  private sends = 0;

  constructor(private readonly options: Options = {}) {
    this.answers = [...(options.answers ?? [])];
  }

  get elapsed(): number {
    return this.time - this.startedAt;
  }

  /** How often something was sent. */
  get sent(): number {
    return this.log.filter((entry) => entry === "send").length;
  }

  seen(): Seen {
    const listed = this.items.filter(({ id, visibleAt }) => visibleAt <= this.time && !this.isHidden(id));
    const busy = this.time < this.busyUntil ? "the toy, which is busy" : undefined;
    return { ids: listed.map(({ id }) => id), busy };
  }

  private send(): { requestId: string } {
    this.log.push("send");
    this.sends += 1;
    const answer = this.answers.shift() ?? "done";
    if (["done", "done, no answer", "kill"].includes(answer))
      this.items.push({ id: `item-${this.sends}`, visibleAt: this.time + this.lag });
    if (answer === "kill") throw new Error("killed");
    const error = errors[answer];
    if (error) throw error;
    return { requestId: `request-${this.sends}` };
  }

  private get call(): ToyCall {
    return {
      repeats: 1,
      intend: (_, { ids }, sentAt) => ({ sentAt, before: [...new Set([...ids, ...this.known])] }),
      send: async () => {
        const { requestId } = this.send();
        return { requestId, keep: { requestId } };
      },
      isMoving: ({ busy }) => busy !== undefined,
      judge,
      waitingFor: () => "the item",
      remember: (sent) => {
        this.open = sent;
        this.log.push(`remember${sent.requestId ? " answer" : ""}`);
      },
      forget: (_, came) => {
        this.open = undefined;
        this.known.push(...(came ?? []));
        this.log.push(`forget ${came ? came.join() || "nothing" : "refused"}`);
      },
      ...this.options.call,
    };
  }

  private get work(): ToyWork {
    const { wanted = 1 } = this.options;
    const { call } = this;
    const watched: ToyCall = {
      ...call,
      judge: (sent, look) => {
        this.looks.push(look);
        return call.judge(sent, look);
      },
    };
    return {
      name: "the toy",
      look: async () => {
        this.log.push("look");
        return this.seen();
      },
      busy: ({ busy }) => busy,
      missing: ({ ids }) => this.known.filter((id) => !ids.includes(id)).map((id) => ({ id })),
      open: () => this.open && { call: "enlarge", sent: this.open, what: "an earlier call" },
      plan: ({ ids }) => plan(...Array.from({ length: Math.max(0, wanted - ids.length) }, () => adding)),
      calls: { enlarge: watched, SuspendResumeDataEngine: watched },
      state: ({ ids }, requestId) => ({ ids, requestId }),
      ...this.options.work?.(this),
    };
  }

  private get context(): Limited {
    const clock = {
      now: async () => this.time,
      sleep: async (milliseconds: number) => {
        this.time += milliseconds;
      },
    };
    return {
      session: new Session({ journalDirectory, clock }),
      ...{ clock, journalDirectory, config: () => undefined },
      progress: (text, kind) => {
        if (kind === "plan") this.plans.push(text);
        else this.told.push(text);
      },
      deadline: { at: this.time + (this.options.limit ?? 60 * minute), hint: "Raise the limit." },
    } as Limited;
  }

  run() {
    return apply(this.context, this.work);
  }

  async stopped(): Promise<EndedEarly<{ ids: readonly string[]; requestId: string }>> {
    const end = await this.run().catch((error: unknown) => error);
    expect(end).toMatchObject({ name: "EndedEarly" });
    return end as never;
  }
}

const withoutLooks = ({ log }: Toy) => log.filter((entry) => entry !== "look");
const sayings = ({ told }: Toy, pattern: RegExp) => told.filter((text) => pattern.test(text));

describe("a plan", () => {
  test("that is done leads to the state, with the latest RequestId", async () => {
    const toy = new Toy({ wanted: 2 });
    expect(await toy.run()).toEqual({ ids: ["item-1", "item-2"], requestId: "request-2" });
  });

  test("is told once, and its rest not again", async () => {
    const toy = new Toy({ wanted: 2, answers: ["busy", "busy"] });
    await toy.run();
    expect([toy.sent, toy.plans.length]).toEqual([4, 1]);
  });

  test("is told anew where something comes to it", async () => {
    const more = { ...adding, summary: "add another" };
    const toy = new Toy({
      work: () => ({
        plan: ({ ids }) => plan(...([[adding], [more, adding], [adding]][ids.length] ?? [])),
      }),
    });
    await toy.run();
    expect(toy.plans.map((text) => text.split("\n").length)).toEqual([1, 3]);
  });

  test("that is blocked does nothing, and says why", async () => {
    const blocked = [badInput("count", "too many")];
    const toy = new Toy({ work: () => ({ plan: () => ({ ...plan(adding), blocked }) }) });
    const { reason, touched, state } = await toy.stopped();
    expect(reason).toMatchObject({ name: "StoppedError", message: expect.stringContaining("too many") });
    expect({ touched, state }).toEqual({ touched: false, state: { ids: [], requestId: "" } });
    expect(toy.log).toEqual(["look"]);
  });

  test.each([
    [true, "a step that changes what is known: it is planned anew"],
    [false, "another: what comes next is done"],
  ])("with a step that is no call (%s): %s", async (isNew) => {
    const asking = { kind: "ask", action: "ask", target: "toy", summary: "ask" } as const;
    let plans = 0;
    const toy = new Toy({
      work: () => ({
        plan: ({ ids }) => (ids.length > 0 ? plan() : plan(...(plans++ === 0 ? [asking, adding] : [adding]))),
        does: async () => isNew,
      }),
    });
    await toy.run();
    expect([plans, toy.sent]).toEqual([isNew ? 2 : 1, 1]);
  });

  test("stops at what must not be done before anything is remembered", async () => {
    const toy = new Toy({ work: () => ({ allow: () => Promise.reject(new Error("not this")) }) });
    expect((await toy.stopped()).message).toBe("not this");
    expect(withoutLooks(toy)).toEqual([]);
  });

  test("is made after what comes first, which may end the work", async () => {
    const order: string[] = [];
    const begun = (ids: string[]) => () => ({
      begin: async (atRest: () => Promise<Seen>) => {
        await atRest();
        order.push("begin");
        return ids.length > 0 ? { ids, requestId: "" } : undefined;
      },
      finish: () => void order.push("finish"),
    });
    expect(await new Toy({ work: begun(["all"]) }).run()).toEqual({ ids: ["all"], requestId: "" });
    expect(order).toEqual(["begin"]);
    await new Toy({ work: begun([]) }).run();
    expect(order).toEqual(["begin", "begin", "finish"]);
  });
});

describe("before anything is begun", () => {
  test("what is busy is waited for, and told once", async () => {
    const toy = new Toy();
    toy.busyUntil = toy.time + 10 * minute;
    await toy.run();
    expect(sayings(toy, /^waits for the toy, which is busy$/)).toHaveLength(1);
    expect(toy.elapsed).toBeGreaterThanOrEqual(10 * minute);
  });

  test("what stays busy ends the work at the limit", async () => {
    const toy = new Toy();
    toy.busyUntil = Number.POSITIVE_INFINITY;
    const { message, touched } = await toy.stopped();
    expect(message).toMatch(/^Gave up waiting for the toy, which is busy to be at rest\. Raise the limit\.$/);
    expect([touched, toy.sent, toy.elapsed]).toEqual([false, 0, 60 * minute]);
  });

  /** Somebody has removed one of two, or the list lacks it. */
  const lacking = (missing: (toy: Toy) => { id: string; at?: number }[], wanted = 1) =>
    new Toy({ wanted, work: (toy) => ({ missing: () => missing(toy) }) });

  test("a list is believed only after a while, and then for all that follows", async () => {
    const toy = lacking(() => [{ id: "known" }], 3);
    await toy.run();
    expect(toy.sent).toBe(3);
    expect(toy.elapsed).toBeGreaterThanOrEqual(minute);
    expect(toy.elapsed).toBeLessThan(2 * minute);
  });

  test("a list counts from when there was rest", async () => {
    const toy = lacking(() => [{ id: "known" }]);
    toy.busyUntil = toy.time + 10 * minute;
    await toy.run();
    expect(toy.elapsed).toBeGreaterThanOrEqual(11 * minute);
  });

  test("a list that lacks what came lately is not believed for as long as a list lags", async () => {
    const toy = lacking(({ startedAt }) => [{ id: "known", at: startedAt - 5 * minute }]);
    await toy.run();
    expect(toy.elapsed).toBeGreaterThanOrEqual(listLag - 5 * minute);
    expect(toy.elapsed).toBeLessThan(listLag);
  });

  test("a time in the future counts from now", async () => {
    const toy = lacking(({ startedAt }) => [{ id: "known", at: startedAt + 1e9 }]);
    await toy.run();
    expect(toy.elapsed).toBeGreaterThanOrEqual(listLag);
    expect(toy.elapsed).toBeLessThan(listLag * 1.2);
  });

  test("what is listed again, and lacks again, is waited for again", async () => {
    const isMissing = [true, false, true];
    const toy = new Toy({
      wanted: 3,
      work: (self) => ({ missing: () => (isMissing[self.sent] ? [{ id: "known" }] : []) }),
    });
    await toy.run();
    expect(toy.elapsed).toBeGreaterThanOrEqual(2 * minute);
  });
});

describe("something else in the way", () => {
  test("is waited for, and nothing is remembered meanwhile", async () => {
    const toy = new Toy({ answers: ["busy", "busy"] });
    await toy.run();
    const refused = ["remember", "send", "forget refused"];
    expect(withoutLooks(toy)).toEqual([
      ...refused,
      ...refused,
      ...["remember", "send", "remember answer", "forget item-3"],
    ]);
    expect(sayings(toy, /something else is being done there \(InUse\); waits/)).toHaveLength(2);
    expect(toy.looks.map(({ attempt }) => attempt)).toEqual([1]);
  });

  test("is told with the limit, where it does not end", async () => {
    const toy = new Toy({ answers: new Array(999).fill("busy") });
    const { message, touched } = await toy.stopped();
    expect(message).toMatch(/Not begun: add an item .*in use.*Raise the limit/);
    expect(touched).toBe(false);
  });

  test("ends the work after as many waits as the call bears", async () => {
    const toy = new Toy({ answers: ["busy", "busy", "busy"], call: { mostWaits: 2 } });
    expect((await toy.stopped()).reason).toBe(errors.busy);
    expect([toy.sent, toy.open]).toEqual([3, undefined]);
  });

  test("counts anew once a call is accepted", async () => {
    const answers: Answer[] = ["busy", "done", "busy"];
    const toy = new Toy({ wanted: 2, answers, call: { mostWaits: 1 } });
    await toy.run();
    expect(toy.sent).toBe(4);
  });
});

describe("a call", () => {
  test("is remembered, sent, remembered with its answer, and forgotten once its outcome is known", async () => {
    const toy = new Toy();
    toy.lag = minute;
    await toy.run();
    expect(withoutLooks(toy)).toEqual(["remember", "send", "remember answer", "forget item-1"]);
  });

  test("without an answer is looked after before anything else", async () => {
    const toy = new Toy({ answers: ["done, no answer"] });
    toy.lag = minute;
    await toy.run();
    expect(withoutLooks(toy)).toEqual(["remember", "send", "forget item-1"]);
    expect(sayings(toy, /no answer\. .*Looks for its effect before anything else/)).toHaveLength(1);
    expect(toy.looks.every(({ doubt }) => doubt === errors["done, no answer"])).toBe(true);
  });

  test.each([
    [0, 1],
    [1, 2],
    [3, 4],
  ])("that bears %s repeats is sent %s times where it gets lost, and then told", async (repeats, sends) => {
    const toy = new Toy({ answers: new Array(9).fill("no answer"), call: { repeats }, limit: 1e9 });
    expect((await toy.stopped()).reason).toBe(errors["no answer"]);
    expect([toy.sent, toy.open]).toEqual([sends, undefined]);
    expect(Math.max(...toy.looks.map(({ attempt }) => attempt))).toBe(sends);
  });

  test("that may not be repeated is not", async () => {
    const call: Partial<ToyCall> = { judge: () => ({ is: "lost", came: [], mayRepeat: false }) };
    const toy = new Toy({ answers: ["no answer"], call });
    expect((await toy.stopped()).reason).toBe(errors["no answer"]);
    expect(toy.sent).toBe(1);
  });

  test("that was answered and came to nothing is planned anew, and counted until it succeeds", async () => {
    const attempts: number[] = [];
    const call: Partial<ToyCall> = {
      judge(sent, look) {
        const came = look.seen.ids.filter((id) => !sent.before.includes(id));
        attempts.push(look.attempt);
        return came.length > 0 ? { is: "over", came } : { is: "lost", came };
      },
    };
    const answers: Answer[] = ["nothing comes", "nothing comes", "done", "done"];
    const toy = new Toy({ wanted: 2, answers, call });
    await toy.run();
    expect(attempts).toEqual([1, 2, 3, 1]);
  });

  test("that is refused ends the work, and is forgotten", async () => {
    const toy = new Toy({ answers: ["refused"] });
    const { reason, touched } = await toy.stopped();
    expect([reason, touched]).toEqual([errors.refused, false]);
    expect(withoutLooks(toy)).toEqual(["remember", "send", "forget refused"]);
  });

  test("whose refusal means that it may have been done before is looked after", async () => {
    const call: Partial<ToyCall> = {
      refused: () => "look",
      judge: ({ before }, { seen, rested = 0 }) =>
        seen.ids.length > before.length
          ? { is: "over", came: ["theirs"] }
          : rested < minute
            ? { is: "open" }
            : { is: "lost", came: [] },
    };
    const toy = new Toy({ answers: ["refused"], call });
    // Somebody else's call brings it.
    toy.items.push({ id: "theirs", visibleAt: toy.time + minute / 2 });
    await toy.run();
    expect(withoutLooks(toy)).toEqual(["remember", "send", "forget refused", "forget theirs"]);

    const other = new Toy({ answers: ["refused"], call: { ...call, repeats: 9 } });
    expect((await other.stopped()).reason).toBe(errors.refused);
    expect(other.sent).toBe(1);
  });

  test("whose refusal means that the plan is out of date is planned anew after a pause", async () => {
    const attempts: number[] = [];
    const refused = (_: CloudError, attempt: number) => {
      attempts.push(attempt);
      return attempt < 3 ? ("plan" as const) : undefined;
    };
    const toy = new Toy({ answers: ["refused", "refused", "refused"], call: { refused } });
    expect((await toy.stopped()).reason).toBe(errors.refused);
    expect(attempts).toEqual([1, 2, 3]);
    expect(toy.elapsed).toBeGreaterThan(0);
  });

  test.each<[string, Verdict<Sent, Came>, object]>([
    ["only a person can tell", { is: "unclear", why: "Look." }, { isOpen: true, message: "Look." }],
    ["is known and bad", { is: "failed", came: ["x"], why: "Bad." }, { isOpen: false, message: "Bad." }],
  ])("whose outcome %s ends the work; only the former stays remembered", async (_, verdict, end) => {
    const toy = new Toy({ call: { judge: () => verdict } });
    const { message, touched } = await toy.stopped();
    expect({ isOpen: toy.open !== undefined, message }).toEqual(end);
    expect([touched, toy.sent]).toEqual([true, 1]);
    expect(toy.known).toEqual(verdict.is === "failed" ? ["x"] : []);
  });

  test("that does not end within the limit stays remembered", async () => {
    const toy = new Toy({ call: { judge: () => ({ is: "open" }) } });
    expect((await toy.stopped()).message).toBe("Gave up waiting for the item. Raise the limit.");
    expect(toy.open).toBeDefined();
  });

  test("of which more becomes known is remembered with that, and tells each thing once", async () => {
    const call: Partial<ToyCall> = {
      judge: (sent, { rested = 0 }) =>
        rested < minute
          ? {
              is: "open",
              progress: "half",
              ...(sent.requestId === "more" ? {} : { keep: { requestId: "more" } }),
            }
          : { is: "over", came: ["item-1"], progress: "whole" },
    };
    const toy = new Toy({ call });
    await toy.run();
    expect(withoutLooks(toy).filter((entry) => entry === "remember answer")).toHaveLength(2);
    expect(sayings(toy, /half|whole/)).toEqual(["add an item: half", "add an item: whole"]);
  });

  test("that something else than the cloud ends stays remembered", async () => {
    const toy = new Toy({ answers: ["kill"] });
    expect(await toy.stopped()).toMatchObject({ message: "killed", touched: true });
    expect(toy.open).toBeDefined();
  });

  test("rests from when nothing moves and nothing changes", async () => {
    const toy = new Toy({
      call: {
        signature: ({ ids }) => ids.join(),
        judge: ({ before }, look) => {
          const came = look.seen.ids.filter((id) => !before.includes(id));
          return came.length > 0 && (look.rested ?? 0) >= minute ? { is: "over", came } : { is: "open" };
        },
      },
    });
    toy.lag = 3 * minute;
    await toy.run();
    const changed = toy.looks.findIndex(({ seen }) => seen.ids.length > 0);
    expect(toy.looks[changed - 1]).toMatchObject({ hasMoved: false });
    expect(toy.looks[changed - 1]?.rested).toBeGreaterThan(2 * minute);
    expect(toy.looks[changed]).toMatchObject({ rested: 0, hasMoved: true });
  });

  test("that moves has no rest", async () => {
    const toy = new Toy({
      work: (self) => ({
        async allow() {
          self.busyUntil = self.time + minute;
        },
      }),
    });
    await toy.run();
    expect(toy.looks[0]).toMatchObject({ rested: undefined, hasMoved: true });
    expect(toy.looks.at(-1)).toMatchObject({ rested: 0, hasMoved: true });
  });
});

describe("the limit", () => {
  const resuming: CallStep = {
    ...{ kind: "call", action: "SuspendResumeDataEngine", target: "toy", request: {}, summary: "resume" },
    isBinding: true,
  };
  const both = () => ({ plan: ({ ids }: Seen) => plan(...[resuming, adding].slice(ids.length)) });

  test("a call that usually takes longer than is left is not begun", async () => {
    const toy = new Toy({ limit: 4 * minute - 1 });
    expect((await toy.stopped()).message).toMatch(/^Not begun: add an item/);
    expect(withoutLooks(toy)).toEqual([]);
  });

  test("what binds is only begun where there is time for all that follows", async () => {
    const toy = new Toy({ limit: 6 * minute - 1, work: both });
    expect((await toy.stopped()).message).toMatch(/^Not begun: resume .*about 6 min/);
    expect(toy.sent).toBe(0);
  });

  test("what was begun is brought to its end, whatever time is left", async () => {
    const toy = new Toy({ limit: 6 * minute, work: both });
    toy.lag = 2.5 * minute;
    await toy.run();
    expect(toy.sent).toBe(2);
    expect(toy.elapsed).toBeGreaterThan(5 * minute);
  });

  test("nothing is begun after it", async () => {
    const toy = new Toy({
      wanted: 2,
      work: both,
      call: { judge: (sent, look) => judge(sent, { ...look, rested: 0 }) },
    });
    toy.lag = 60 * minute;
    expect((await toy.stopped()).message).toBe("Gave up on the toy. Raise the limit.");
    expect([toy.sent, toy.known]).toEqual([1, ["item-1"]]);
    const late = new Toy({ limit: 0 });
    expect((await late.stopped()).message).toMatch(
      /^Not begun: .* 0 s of the limit is left.* Raise the limit/,
    );
    expect(withoutLooks(late)).toEqual([]);
    // What is as wanted has not failed.
    const done = new Toy({ limit: 0, wanted: 0 });
    await done.run();
    expect(withoutLooks(done)).toEqual([]);
  });
});

describe("a call of an earlier run", () => {
  const earlier = (work: (toy: Toy) => Partial<ToyWork> = () => ({})) => {
    const toy = new Toy({ work });
    toy.open = { sentAt: toy.time - minute, before: [] };
    return toy;
  };

  test("comes first, and what it brought counts", async () => {
    const toy = earlier();
    toy.items.push({ id: "theirs", visibleAt: 0 });
    expect(await toy.run()).toMatchObject({ ids: ["theirs"] });
    expect(toy.told[0]).toBe("looks what became of an earlier call");
    expect(withoutLooks(toy)).toEqual(["forget theirs"]);
    expect(toy.looks[0]).toMatchObject({ attempt: 0, age: minute, rested: 0, doubt: undefined });
  });

  test("ends nothing where it was lost, and costs the next one nothing", async () => {
    const toy = new Toy({
      call: { judge: (sent, look) => (look.attempt === 0 ? { is: "lost", came: [] } : judge(sent, look)) },
    });
    toy.open = { sentAt: toy.time - minute, before: [] };
    await toy.run();
    expect(withoutLooks(toy)).toEqual([
      "forget nothing",
      "remember",
      "send",
      "remember answer",
      "forget item-1",
    ]);
    expect(toy.looks.at(-1)?.attempt).toBe(1);
  });

  test("from a clock that was ahead counts from now", async () => {
    const toy = earlier();
    toy.open = { sentAt: toy.time + 1e9, before: [] };
    toy.items.push({ id: "theirs", visibleAt: toy.time + minute });
    await toy.run();
    expect(toy.looks[0]?.age).toBe(0);
    expect(toy.looks.at(-1)?.age).toBeGreaterThanOrEqual(minute);
  });

  test("is to be recorded, also where nothing could be looked at", async () => {
    const toy = earlier(() => ({ look: () => Promise.reject(failureOf({ kind: "permission" })) }));
    expect(await toy.stopped()).toMatchObject({ touched: true, state: undefined });
  });

  test("of a kind that is sent no more is never sent", async () => {
    expect(() => neverSent.intend()).toThrow("not sent");
    await expect(neverSent.send()).rejects.toThrow("not sent");
  });
});

describe("work that ends early", () => {
  test("looks once more, and hands over what exists and what a person should know", async () => {
    const toy = new Toy({
      wanted: 2,
      answers: ["done", "refused"],
      work: (self) => ({
        endedEarly: (seen, isTouched) => {
          self.log.push(`ended with ${seen?.ids.length}, ${isTouched}`);
          return "It is billed.";
        },
      }),
    });
    const { message, state, touched } = await toy.stopped();
    expect(message).toMatch(/no\. \(code No\) It is billed\.$/);
    expect({ state, touched }).toEqual({ state: { ids: ["item-1"], requestId: "request-1" }, touched: true });
    expect(toy.log.slice(-3)).toEqual(["forget refused", "look", "ended with 1, true"]);
  });

  test("does not look where nothing can be looked at", async () => {
    const toy = new Toy({ wanted: 2, answers: ["done", "key"] });
    expect(await toy.stopped()).toMatchObject({ touched: true, state: { ids: ["item-1"] } });
    expect(toy.log.at(-1)).toBe("forget refused");
  });

  test("says where it could not look again, and hands over what was seen before", async () => {
    const toy = new Toy({
      wanted: 2,
      answers: ["done", "refused"],
      work: (self) => ({
        look: async () => {
          if (self.log.at(-1) === "forget refused") throw new Error("no sight");
          return self.seen();
        },
      }),
    });
    expect(await toy.stopped()).toMatchObject({ state: { ids: ["item-1"] } });
    expect(toy.told.at(-1)).toBe("could not look again: no sight");
  });

  test("is recorded where there is something to record, though nothing was done", async () => {
    const toy = new Toy({ answers: ["refused"], work: () => ({ mustRecord: () => true }) });
    expect((await toy.stopped()).touched).toBe(true);
  });
});

const kinds: Answer[] = ["done", "done, no answer", "no answer", "nothing comes", "busy", "refused", "kill"];

test("property: whatever the cloud does, never more is added than is wanted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        wanted: fc.integer({ min: 1, max: 3 }),
        answers: fc.array(fc.constantFrom(...kinds), { maxLength: 8 }),
        /** A list may lag behind, and lack for a while what it has shown. */
        lag: fc.integer({ min: 0, max: listLag - 100_000 }),
        hidden: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        limits: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
      }),
      async ({ wanted, answers, lag, hidden, limits }) => {
        const options: Options = { wanted, answers, call: { repeats: 0 } };
        const toy = new Toy(options);
        toy.lag = lag;
        const isHiding = () =>
          (hidden[Math.floor(toy.time / 100_000) % 20] ?? false) && toy.time % 100_000 < 50_000;
        toy.isHidden = (id) => isHiding() && toy.known.includes(id);
        for (const minutes of limits) {
          options.limit = minutes * minute;
          await toy.run().catch((error: unknown) => expect(error).toMatchObject({ name: "EndedEarly" }));
          expect(toy.items.length).toBeLessThanOrEqual(wanted);
        }
        // What was lost in between may be sent by a later run, and in the end all is there.
        toy.answers = [];
        options.limit = 1e9;
        for (let run = 0; run < 9; run += 1) await toy.run().catch(() => undefined);
        expect(toy.items).toHaveLength(wanted);
      },
    ),
    { numRuns: 300 },
  );
});
