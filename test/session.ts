// A provider's session in the test's own process, on the clock of a stand-in cloud.
import { type Context, createContext } from "../provider/base/context";
import { Session, type SessionOptions } from "../provider/base/session";
import type { Simulator } from "../simulator/index";

export function sessionOn(
  { clock }: Pick<Simulator, "clock">,
  options: Omit<SessionOptions, "clock"> = {},
): Session {
  return new Session({
    clock: {
      now: async () => clock.now(),
      sleep: async (milliseconds) => clock.advance(milliseconds),
    },
    // Nothing can be written there.
    journalDirectory: "/dev/null/journal",
    // No process: to others it is over once this test is.
    processId: 2 ** 31 - 1,
    ...options,
  });
}

/** What a handler works with there. */
export function contextOn(
  sim: Pick<Simulator, "clock">,
  config: Readonly<Record<string, string | undefined>>,
  options: Omit<SessionOptions, "clock"> = {},
): Context {
  return createContext(
    sessionOn(sim, options),
    (name) => config[name],
    () => {},
  );
}
