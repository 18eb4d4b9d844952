// One call of the engine: what it is given to work with, and how its end is told.
import { type ConfigLookup, type Context, createContext } from "../../base/context";
import { messageOf, PartialFailure, StoppedError } from "../../base/errors";
import type { Session } from "../../base/session";
import { stoppable, withinLimit } from "../../call/cancel";
import { cleaningHeld } from "../../call/keys";
import { fieldsThat } from "../../core/fields";
import type { Resource } from "../../core/resource";
import { type Cleaner, cleanerOf, secretsOf } from "../../core/schema";
import { credentialTexts } from "./config";
import type { Messages } from "./messages";
import { failure, partialFailure } from "./reply";
import { type Properties, plainOf, secretTexts, structOf } from "./values";

export interface Call {
  /** The resource's; empty for a function. */
  urn: string;
  /** Whose properties the request carries. */
  subject: Pick<Resource, "inputs" | "outputs" | "secrets">;
  /** What the request carries, as it is on the wire: whose secrets no message may repeat, and no answer may lose. */
  wires: Properties[];
  /** Seconds that the program allows, 0 where it does not say. */
  timeout: number;
  operation: "create" | "read" | "update" | "delete" | "invoke";
  isPreview?: boolean;
}

const onlyLooks = ({ operation, isPreview = false }: Call) =>
  isPreview || operation === "read" || operation === "invoke";

/** Takes out of texts what is secret in a request, and the secrets of the accounts. */
function cleanerFor(
  { subject, wires }: Pick<Call, "subject" | "wires">,
  credentials: readonly string[],
): Cleaner {
  // The engine marks these as a whole, and only some of their texts are not to be told.
  const own = fieldsThat(subject.outputs, ({ secret }) => secret === "sealed");
  const isOwn = ([name]: [string, unknown]) => own.includes(name);
  const textsOf = (wire: Properties) => [
    ...Object.entries(wire).flatMap((entry) => (isOwn(entry) ? [] : secretTexts(entry[1]))),
    ...secretsOf(subject, plainOf(wire) as Properties),
  ];
  return cleanerOf(wires.flatMap(textsOf), credentials);
}

export class Calls {
  private cancelled = new AbortController();

  constructor(
    private readonly session: Session,
    private readonly config: () => ConfigLookup,
    private readonly messages: Messages,
  ) {}

  /** Everything under way comes to an end. */
  cancel(): void {
    this.cancelled.abort(
      new StoppedError(
        "The update was canceled, or ended by the failure of another resource. What the cloud is doing goes on, and what is known of it is kept: run `pulumi up` again to go on from there. Where Pulumi has kept a pending create, `pulumi refresh --clear-pending-creates` clears it first.",
      ),
    );
  }

  /** An engine that has only now come has cancelled nothing. */
  renew(): void {
    if (this.cancelled.signal.aborted) this.cancelled = new AbortController();
  }

  cleanerFor(call: Pick<Call, "subject" | "wires">): Cleaner {
    return cleaningHeld(this.session, (held) =>
      cleanerFor(call, [...credentialTexts(this.config()), ...held]),
    );
  }

  /** For what tells nobody anything and takes no time. */
  context(): Context {
    return createContext(this.session, this.config(), () => {});
  }

  async run<T>(call: Call, work: (context: Context) => Promise<T>): Promise<T> {
    const { subject, wires, operation } = call;
    const clean = this.cleanerFor(call);
    const context = this.contextFor(call, clean);
    try {
      // What changes something keeps to its limit itself, and records what there is by then.
      return await (operation === "read" ? withinLimit(context, work) : work(context));
    } catch (error) {
      if (onlyLooks(call) && error === this.cancelled.signal.reason)
        throw failure("Not looked at: the run was canceled, or ended by the failure of another resource.");
      if (!(error instanceof PartialFailure)) throw failure(clean(messageOf(error)));
      const properties = structOf(error.properties, wires, subject.secrets);
      throw partialFailure(
        error.id,
        properties,
        error.reasons.map((reason) => clean(reason)),
      );
    } finally {
      await this.messages.flush();
    }
  }

  private contextFor(call: Call, clean: Cleaner): Context {
    const { urn, timeout, operation } = call;
    const stop = this.cancelled.signal;
    const context = createContext(this.session, this.config(), (message, kind) =>
      this.messages.report(urn, clean(message, kind), kind),
    );
    const limit = { seconds: timeout, option: `customTimeouts.${operation}` };
    return {
      ...context,
      urn,
      clock: stoppable(context.clock, stop),
      stop,
      onlyLooks: onlyLooks(call),
      ...(timeout > 0 ? { limit } : {}),
    };
  }
}
