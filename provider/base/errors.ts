// The errors that leave the provider. Each says what failed, on what, what the cloud said, and what to do next.
import { brief } from "./printable";

/** What kind of answer a failed call got, and so what may be done about it. */
export type ErrorKind =
  /** The request asks for something wrong: change the inputs. */
  | "fixInput"
  /** Somebody else's work is in the way: wait, then send again. */
  | "busy"
  /** Too many requests: nothing was done, wait and send again. */
  | "throttled"
  /** The cloud has no stock, quota or money for it. */
  | "soldOut"
  /** The credentials lack a permission, or a policy refuses. */
  | "permission"
  /** The credentials themselves are not accepted. */
  | "credentials"
  /** This machine's clock is off. */
  | "clock"
  /** The thing addressed does not exist. */
  | "gone"
  /** The cloud holds an equal order already. */
  | "duplicate"
  /** The cloud refuses for a reason that a person must look at. */
  | "refused"
  /** The cloud failed; the request may have gone through. */
  | "server"
  /** No answer, or one that cannot be read; the request may have gone through unless said otherwise. */
  | "network"
  /** It did not reach the cloud, and a repeat would fail in the same way. */
  | "unsent"
  /** The work is to end early: it was not sent. */
  | "stopped"
  /** The client or the documents are wrong. */
  | "bug";

export interface CloudErrorDetails {
  cloud: string;
  action: string;
  code: string;
  kind: ErrorKind;
  message: string;
  requestId?: string | undefined;
  /** What to do about it, one sentence. */
  advice: string;
  /** Whether the request may have had an effect although it failed. */
  mayHaveHappened: boolean;
}

/** A call to a cloud that failed. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly cloud: string;
  readonly action: string;
  readonly code: string;
  readonly kind: ErrorKind;
  readonly requestId: string | undefined;
  readonly advice: string;
  readonly mayHaveHappened: boolean;

  constructor(given: CloudErrorDetails) {
    const message = brief(given.message, 1_000);
    const code = brief(given.code, 100);
    const requestId = given.requestId && brief(given.requestId, 100);
    const details = { ...given, message, code, requestId };
    const request = requestId ? `, RequestId ${requestId}` : "";
    const stop = /[.!?]$/.test(message) ? "" : ".";
    super(
      `${details.cloud} ${details.action} failed: ${message}${stop} (code ${code}${request}) ${details.advice}`.trim(),
    );
    this.cloud = details.cloud;
    this.action = details.action;
    this.code = details.code;
    this.kind = details.kind;
    this.requestId = details.requestId;
    this.advice = details.advice;
    this.mayHaveHappened = details.mayHaveHappened;
  }
}

/** One thing wrong with the inputs. */
export interface CheckFailure {
  /** Property path, such as `scaleIn.graceSeconds` or `tags[0].tagKey`. */
  property: string;
  reason: string;
}

/** A failure on one line, whatever an engine makes of its parts. */
export const failureText = ({ property, reason }: CheckFailure) =>
  property === "" || reason.startsWith(`${property} `) ? reason : `${property}: ${reason}`;

/** Work stopped for a reason that is nobody's bug: a limit, a protection, a missing setting. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** A resource exists, but not as wanted. What exists goes into state, and the next `up` goes on from there. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    readonly reasons: string[],
  ) {
    super(reasons.join(" "));
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
