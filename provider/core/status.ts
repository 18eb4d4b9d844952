// How an operation gets on, as lines that make room for each other.
import type { Context } from "../base/context";
import type { CallStep } from "./plan";

export class Status {
  private title = "";

  constructor(private readonly context: Pick<Context, "progress">) {}

  /** While a step is under way, lines begin with what it changes. */
  async during<T>(step: CallStep, work: () => Promise<T>): Promise<T> {
    this.title = step.summary;
    this.context.progress(`${this.title} (${step.action} on ${step.target}) …`);
    try {
      return await work();
    } finally {
      this.title = "";
    }
  }

  report(message: string): void {
    this.context.progress(this.title ? `${this.title}: ${message}` : message);
  }
}
