/** A clock that moves when somebody sleeps or sets it. */
export function makeClock() {
  const clock = {
    time: 1_000_000,
    slept: [] as number[],
    now: async () => clock.time,
    sleep: async (milliseconds: number) => {
      clock.slept.push(milliseconds);
      clock.time += milliseconds;
    },
  };
  return clock;
}
