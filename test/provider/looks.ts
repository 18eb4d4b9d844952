// What tables of verdicts are made with.

import { CloudError, type CloudErrorDetails } from "../../provider/base/errors";
import type { Look } from "../../provider/core/apply";

/** A failure of a call whose answer got lost, unless it is said otherwise. */
export const failureOf = (more: Partial<CloudErrorDetails> = {}) =>
  new CloudError({
    cloud: "Cloud",
    action: "act",
    code: "NoAnswer",
    kind: "network",
    message: "no answer",
    advice: "",
    mayHaveHappened: true,
    ...more,
  });

/** The first look of this run at a call that was answered, unless it is said otherwise. */
export function lookAt<Seen, Facts>(
  seen: Seen,
  facts: Facts,
  more: Partial<Look<Seen, Facts>> = {},
): Look<Seen, Facts> {
  return {
    ...{ seen, facts, age: 0, rested: 0, hasMoved: false, attempt: 1, doubt: undefined },
    requestId: "request-1",
    ...more,
  };
}
