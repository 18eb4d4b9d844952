// What an error code means for a caller.
import type { ErrorKind } from "../errors";

export interface Meaning {
  kind: ErrorKind;
  /** What to do about it, one sentence. */
  advice: string;
}

export const fixInput = (advice: string): Meaning => ({ kind: "fixInput", advice });

export const server = (part: string): Meaning => ({
  kind: "server",
  advice: `This is trouble in ${part}, not in the request; nothing is sent again before it is known what happened.`,
});
