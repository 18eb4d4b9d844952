// Time for measurements against the simulator: it moves on by itself, to when the next one wakes, once nothing is under way.
import { subscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../provider/base/clock";
import type { Simulator } from "../simulator/index";

let underWay = 0;
subscribe("undici:request:create", () => {
  underWay += 1;
});
for (const end of ["undici:request:trailers", "undici:request:error"])
  subscribe(end, () => {
    underWay -= 1;
  });

/** Turns of the event loop without a request after which nothing more is to come. */
const quietTurns = 5;

export function idleClock({ clock }: Pick<Simulator, "clock">): Clock {
  let sleepers: { until: number; wake: () => void }[] = [];
  let isRunning = false;
  const run = async () => {
    for (let quiet = 0; sleepers.length > 0; ) {
      await turn();
      quiet = underWay === 0 ? quiet + 1 : 0;
      if (quiet < quietTurns) continue;
      quiet = 0;
      const next = Math.min(...sleepers.map(({ until }) => until));
      clock.advance(Math.max(0, next - clock.now()));
      const due = sleepers.filter(({ until }) => until <= next);
      sleepers = sleepers.filter(({ until }) => until > next);
      for (const { wake } of due) wake();
    }
    isRunning = false;
  };
  return {
    now: async () => clock.now(),
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ until: clock.now() + milliseconds, wake });
        if (!isRunning) {
          isRunning = true;
          void run();
        }
      }),
  };
}
