// Looks that several share, on a toy clock: who gets whose answer, and when a new one is asked for.
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Caller } from "../../provider/base/context";
import { CloudError } from "../../provider/base/errors";
import { longestShared } from "../../provider/call/looks";
import { callWithRetries } from "../../provider/call/retry";
import type { WireAction } from "../../provider/call/wire";
import { scratch } from "../scratch";
import { sessionOn } from "../session";

const clock = {
  time: 1_000_000,
  now() {
    return this.time;
  },
  async advance(milliseconds: number) {
    this.time += milliseconds;
  },
};

const newSession = (journalDirectory = join(mkdtempSync(join(scratch, "looks-")), "journal")) =>
  sessionOn({ clock } as never, { journalDirectory, engineAddress: "127.0.0.1:1" });

/** A cloud that answers when it is told to, and counts what reaches it. */
function cloudOf(session = newSession()) {
  const asked: { answer(value: object): void; fail(error: Error): void; caller: Caller }[] = [];
  const caller: Caller = { clock: session.clock, session, onlyLooks: true };
  const call = (question: string, more: Partial<Caller> = {}, repeat: WireAction["repeat"] = "read") =>
    callWithRetries({
      caller: { ...caller, ...more },
      callee: { cloud: "Cloud", endpointKey: "cloudEndpoint" },
      action: { name: "Act", repeat } as WireAction,
      question,
      turns: undefined,
      once: (sender) =>
        new Promise<object>((answer, fail) => {
          asked.push({ answer, fail, caller: sender });
        }),
    });
  /** Everything that can happen without the cloud has happened. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, call, settled, session };
}

describe("a shared look", () => {
  test("serves all who ask the same while it is under way, and for a few seconds from when it was asked", async () => {
    const { asked, call, settled } = cloudOf();
    const first = call("nodes of a");
    const second = call("nodes of a");
    const other = call("nodes of b");
    await settled();
    expect(asked).toHaveLength(2);
    clock.time += 2_000;
    asked[0]?.answer({ nodes: 1 });
    asked[1]?.answer({ nodes: 7 });
    expect(await Promise.all([first, second, other])).toEqual([{ nodes: 1 }, { nodes: 1 }, { nodes: 7 }]);
    expect(await call("nodes of a")).toEqual({ nodes: 1 });
    clock.time += longestShared - 2_000;
    const late = call("nodes of a");
    await settled();
    expect(asked).toHaveLength(3);
    asked[2]?.answer({ nodes: 2 });
    expect(await late).toEqual({ nodes: 2 });
  });

  test("is for those who only look", async () => {
    const { asked, call, settled } = cloudOf();
    const looking = call("nodes");
    const deciding = [call("nodes", { onlyLooks: false }), call("nodes", { onlyLooks: false })];
    await settled();
    expect(asked).toHaveLength(3);
    for (const [index, each] of asked.entries()) each.answer({ nodes: index });
    const answers = await Promise.all([looking, ...deciding]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(3);
    await expect(call("buy", {}, "never")).rejects.toThrow("changes something where only a look was meant");
    expect(asked).toHaveLength(3);
  });

  test.each([
    ["in this process", (session: ReturnType<typeof newSession>) => session],
    [
      "in another process of this machine",
      ({ journalDirectory }: ReturnType<typeof newSession>) => newSession(journalDirectory),
    ],
  ])("ends with a change %s, at its beginning and at its end", async (_name, writerOf) => {
    const { asked, call, settled, session } = cloudOf();
    const writer = cloudOf(writerOf(session));
    const before = call("nodes");
    await settled();
    const change = writer.call("buy", { onlyLooks: false }, "never");
    await settled();
    const during = call("nodes");
    await settled();
    expect(asked.length + (asked === writer.asked ? 0 : writer.asked.length)).toBe(3);
    const looks = asked.filter(({ caller }) => caller.sending !== undefined);
    looks[0]?.answer({ nodes: 1 });
    looks[1]?.answer({ nodes: 2 });
    expect(await before).toEqual({ nodes: 1 });
    expect(await during).toEqual({ nodes: 2 });
    writer.asked.find(({ caller }) => caller.sending === undefined)?.answer({});
    await change;
    const after = call("nodes");
    await settled();
    asked.at(-1)?.answer({ nodes: 3 });
    expect(await after).toEqual({ nodes: 3 });
  });

  test("of another engine's run is another look", async () => {
    const { asked, call, settled, session } = cloudOf();
    const first = call("nodes");
    await settled();
    asked[0]?.answer({ nodes: 1 });
    await first;
    session.join("127.0.0.1:2");
    const second = call("nodes");
    await settled();
    asked[1]?.answer({ nodes: 2 });
    expect(await second).toEqual({ nodes: 2 });
  });

  test("that fails does so for all who share it, and the next one is new", async () => {
    const { asked, call, settled } = cloudOf();
    const both = Promise.allSettled([call("nodes"), call("nodes")]);
    await settled();
    const refusal = new CloudError({
      ...{ cloud: "Cloud", action: "Act", code: "No", kind: "permission", message: "no", advice: "" },
      mayHaveHappened: false,
    });
    asked[0]?.fail(refusal);
    expect(await both).toEqual([
      { status: "rejected", reason: refusal },
      { status: "rejected", reason: refusal },
    ]);
    const next = call("nodes");
    await settled();
    asked[1]?.answer({ nodes: 1 });
    expect(await next).toEqual({ nodes: 1 });
  });

  test("goes on for the others where one of them leaves, and ends with the last", async () => {
    const { asked, call, settled } = cloudOf();
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
    const first = call("nodes", { stop: one.signal });
    const second = call("nodes", { stop: two.signal });
    await settled();
    one.abort(new Error("cancelled"));
    await expect(first).rejects.toThrow("cancelled");
    expect(asked[0]?.caller.stop?.aborted).toBe(false);
    asked[0]?.answer({ nodes: 1 });
    expect(await second).toEqual({ nodes: 1 });

    const last = call("others", { stop: three.signal });
    await settled();
    three.abort(new Error("cancelled too"));
    await expect(last).rejects.toThrow("cancelled too");
    expect(asked[1]?.caller.stop?.aborted).toBe(true);
    const again = call("others");
    await settled();
    asked[2]?.answer({ nodes: 2 });
    expect(await again).toEqual({ nodes: 2 });
  });

  test("is nobody's to change", async () => {
    const { asked, call, settled } = cloudOf();
    const look = call("nodes");
    await settled();
    asked[0]?.answer({ list: [{ id: "b" }, { id: "a" }] });
    const { list } = (await look) as { list: { id: string }[] };
    expect(() => list.sort()).toThrow(TypeError);
  });
});
