// The simulator's time. Nothing here uses timers: whatever is due happens, in time order, the next time
// somebody looks. In "stepped" mode time stands still until it is advanced.

interface DueEvent {
  time: number;
  order: number;
  run: () => void;
}

export interface ClockOptions {
  mode: "real" | "stepped";
  startTime?: Date | undefined;
}

export class Clock {
  readonly mode: "real" | "stepped";
  #stepped: number;
  #runningAt: number | undefined;
  #queue: DueEvent[] = [];
  #order = 0;

  constructor(options: ClockOptions) {
    this.mode = options.mode;
    this.#stepped = (options.startTime ?? new Date()).getTime();
  }

  /** Milliseconds since 1970. Inside a due event this is the time at which the event was due. */
  now(): number {
    if (this.#runningAt !== undefined) return this.#runningAt;
    return this.mode === "real" ? Date.now() : this.#stepped;
  }

  /** Runs `run` when the clock reaches `time`. Events due at the same time run in the order they were added. */
  at(time: number, run: () => void): void {
    this.#queue.push({ time, order: this.#order++, run });
    this.#queue.sort((a, b) => a.time - b.time || a.order - b.order);
  }

  /** Stepped mode only: moves the time forward and runs everything that became due. */
  advance(milliseconds: number): void {
    if (this.mode === "real") throw new Error("The real clock cannot be advanced.");
    if (!(milliseconds >= 0)) throw new Error(`The clock cannot be advanced by ${milliseconds} ms.`);
    this.#stepped += milliseconds;
    this.settle();
  }

  /** Runs everything that is due by now. */
  settle(): void {
    if (this.#runningAt !== undefined) return;
    const until = this.now();
    try {
      for (let next = this.#queue[0]; next && next.time <= until; next = this.#queue[0]) {
        this.#queue.shift();
        this.#runningAt = next.time;
        next.run();
      }
    } finally {
      this.#runningAt = undefined;
    }
  }

  clearEvents(): void {
    this.#queue = [];
  }
}
