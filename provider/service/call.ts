// One call of the engine about one resource: what it is given to work with, and how its end is told.
import type { Clock } from "../clock";
import { type ConfigLookup, type Context, createContext } from "../context";
import { messageOf, PartialFailure, StoppedError } from "../errors";
import type { Resource } from "../resource";
import { cleanerOf, secretsIn } from "../schema";
import type { Messages } from "./messages";
import { failure, partialFailure } from "./reply";
import { type Properties, plainOf, secretTexts, structOf } from "./values";

export interface ResourceCall {
  urn: string;
  resource: Resource;
  /** What the request carries, as it is on the wire: whose secrets no message may repeat, and no answer may lose. */
  wires: Properties[];
  /** Seconds that the program allows, 0 where it does not say. */
  timeout: number;
  operation: "create" | "read" | "update" | "delete";
}

export class Calls {
  private readonly cancelled = new AbortController();

  constructor(
    private readonly config: () => ConfigLookup,
    private readonly messages: Messages,
  ) {}

  /** Everything under way stops waiting. */
  cancel(): void {
    this.cancelled.abort();
  }

  contextFor(urn: string, clean: (text: string) => string): Context {
    const context = createContext(this.config(), (message) => this.tell(urn, clean(message)));
    return { ...context, clock: this.stoppable(context.clock) };
  }

  async run<T>(call: ResourceCall, work: (context: Context) => Promise<T>): Promise<T> {
    const { resource, wires, timeout, operation, urn } = call;
    const given = wires.flatMap((wire) => [
      ...secretTexts(wire),
      ...secretsIn(resource.inputs, plainOf(wire)),
    ]);
    const clean = cleanerOf(given);
    const context = this.contextFor(urn, clean);
    if (timeout > 0) context.limit = { seconds: timeout, option: `customTimeouts.${operation}` };
    try {
      return await work(context);
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw failure(clean(messageOf(error)));
      const properties = structOf(error.properties, wires, resource.secrets);
      throw partialFailure(error.id, properties, error.reasons.map(clean));
    } finally {
      await this.messages.flush();
    }
  }

  private tell(urn: string, message: string): void {
    const isWarning = /(^|: )warning: /.test(message);
    // Plans and warnings stay to be read; steps on the way make room for the next.
    this.messages.send(
      urn,
      isWarning ? "warning" : "info",
      message,
      !isWarning && !message.includes(": plan: "),
    );
  }

  /** The clock, whose sleepers wake up when the engine asks to stop. */
  private stoppable(clock: Clock): Clock {
    const { signal } = this.cancelled;
    const stop = () =>
      new StoppedError(
        "The update was cancelled. What the cloud is doing goes on; run `pulumi up` again to go on from there.",
      );
    return {
      now: () => clock.now(),
      async sleep(milliseconds) {
        if (signal.aborted) throw stop();
        let wake = () => {};
        const interrupted = new Promise<void>((_, reject) => {
          wake = () => reject(stop());
          signal.addEventListener("abort", wake, { once: true });
        });
        interrupted.catch(() => {});
        try {
          await Promise.race([clock.sleep(milliseconds), interrupted]);
        } finally {
          signal.removeEventListener("abort", wake);
        }
      },
    };
  }
}
