// A provider's session in the test's own process, on the clock of a stand-in cloud.
import { type Clock, steadyTime } from "../provider/base/clock";
import { type Context, createContext } from "../provider/base/context";
import { Session, type SessionOptions } from "../provider/base/session";
import type { Simulator } from "../simulator/index";

export function sessionOn({ clock }: Pick<Simulator, "clock">, options: SessionOptions = {}): Session {
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

/** A machine beside a stand-in cloud, whose clock is set and which is put to sleep. */
export class Machine {
  /** How far its clock is ahead of the cloud's, in milliseconds. */
  ahead = 0;
  private slept = 0;

  constructor(private readonly cloud: Pick<Simulator, "clock">) {}

  /** Everything but the machine goes on. */
  sleep(milliseconds: number): void {
    this.slept += milliseconds;
    this.cloud.clock.advance(milliseconds);
  }

  /** As a process that starts now has it. `whileWaiting`: what happens each time that it waits. */
  clock(whileWaiting: () => void = () => {}): Clock {
    const { clock } = this.cloud;
    const shown = () => clock.now() + this.ahead;
    const now = steadyTime({ shown, passed: () => clock.now() - this.slept, running: () => clock.now() });
    return {
      now: async () => now(),
      wall: async () => shown(),
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        whileWaiting();
      },
    };
  }
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
