// How long calls are tried.
import { describe, expect, test } from "vitest";
import { CloudError, type ErrorKind } from "../../provider/base/errors";
import { callWithRetries } from "../../provider/call/retry";
import type { WireAction } from "../../provider/call/wire";
import { makeClock } from "./toyClock";

describe("a call that fails", () => {
  const hour = 3_600_000;
  const failure = (kind: ErrorKind, mayHaveHappened: boolean) =>
    new CloudError({
      cloud: "Cloud",
      action: "Act",
      code: "X",
      kind,
      message: "no",
      advice: "",
      mayHaveHappened,
    });

  /** Makes a call that fails like this for so many milliseconds, in an operation with a limit. */
  async function tried(
    repeat: WireAction["repeat"],
    error: CloudError,
    { lasts = Number.POSITIVE_INFINITY, limit = hour as number | null, begins = 0 } = {},
  ) {
    const clock = makeClock();
    const start = clock.time;
    const deadline = limit === null ? undefined : { at: start + limit, hint: "Raise it." };
    clock.time += begins;
    const sent: number[] = [];
    const call = callWithRetries({
      caller: { clock, ...(deadline ? { deadline } : {}) },
      callee: { cloud: "Cloud", endpointKey: "cloudEndpoint" },
      question: "q",
      action: { name: "Act", repeat } as WireAction,
      turns: undefined,
      once: async () => {
        sent.push(clock.time - start);
        if (clock.time - start < lasts) throw error;
        return "done";
      },
    });
    const outcome = await call.catch((thrown: unknown) =>
      thrown instanceof CloudError ? thrown.code : String(thrown),
    );
    return { outcome, sent, took: clock.time - start };
  }

  test.each([
    ["a look, while the cloud fails", "read", failure("server", false)],
    ["a look, while nothing answers", "read", failure("network", false)],
    ["a look, while it is throttled", "read", failure("throttled", false)],
    ["a look, while something else holds what it looks at", "read", failure("busy", false)],
    ["a change, while it is throttled", "never", failure("throttled", false)],
    ["a change that does not reach the cloud", "never", failure("network", false)],
  ] as const)("is tried for as long as its operation lasts: %s", async (_, repeat, error) => {
    expect(await tried(repeat, error, { lasts: 50 * 60_000 })).toMatchObject({ outcome: "done" });
    const { outcome, took } = await tried(repeat, error);
    expect(outcome).toBe("X");
    expect(took).toBe(hour);
  });

  test.each([
    ["bad credentials", "read", failure("credentials", false), 1],
    ["wrong inputs", "read", failure("fixInput", false), 1],
    ["a change that may have happened", "never", failure("server", true), 1],
    ["a change without an answer", "never", failure("network", true), 1],
    ["a change that ends in the same place", "converge", failure("server", true), 6],
  ] as const)("ends: %s", async (_, repeat, error, times) => {
    const { outcome, sent } = await tried(repeat, error);
    expect(outcome).toBe("X");
    expect(sent).toHaveLength(times);
  });

  test("doubt stays, whatever a repeat comes to", async () => {
    const clock = makeClock();
    const errors = [failure("server", true), failure("unsent", false)];
    const call = callWithRetries({
      caller: { clock, deadline: { at: clock.time + hour, hint: "" } },
      callee: { cloud: "Cloud", endpointKey: "cloudEndpoint" },
      question: "q",
      action: { name: "Act", repeat: "converge" } as WireAction,
      turns: undefined,
      once: () => Promise.reject(errors.shift()),
    });
    await expect(call).rejects.toMatchObject({ kind: "server", mayHaveHappened: true });
    expect(errors).toEqual([]);
  });

  test("a look without an operation is tried for half a minute", async () => {
    const { outcome, took } = await tried("read", failure("server", false), { limit: null });
    expect([outcome, took]).toEqual(["X", 30_000]);
  });

  test.each(["never", "converge"] as const)("a change is not sent after the limit (%s)", async (repeat) => {
    const late = await tried(repeat, failure("server", true), { begins: hour });
    expect(late).toMatchObject({ outcome: "NotSent", sent: [] });
  });

  test("a look after the limit is made, and soon given up", async () => {
    expect(await tried("read", failure("server", false), { begins: hour, lasts: 0 })).toMatchObject({
      outcome: "done",
    });
    expect((await tried("read", failure("server", false), { begins: hour })).sent).toHaveLength(3);
  });
});
