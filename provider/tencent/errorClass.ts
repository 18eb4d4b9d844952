// What an error code means for a caller.
import type { ErrorKind } from "../base/errors";

export interface ErrorClass {
  kind: ErrorKind;
  /** What to do about it, one sentence. */
  advice: string;
}

export type Codes = Readonly<Record<string, ErrorClass>>;

const meaning = (kind: ErrorKind) => (advice: string) => ({ kind, advice });

export const busy = meaning("busy");
export const fixInput = meaning("fixInput");
export const gone = meaning("gone");
export const permission = meaning("permission");
export const refused = meaning("refused");
export const soldOut = meaning("soldOut");

/** What only a change of the provider mends. */
export const bug = (what: string): ErrorClass => ({ kind: "bug", advice: `${what}; please report this.` });

/** Trouble behind the request; it may have gone through. */
export const server = (part: string): ErrorClass => ({
  kind: "server",
  advice: `The trouble is in ${part}, not in the request: run again later; nothing is sent twice before it is known what happened.`,
});

/** The same meaning for several codes of one class. */
export function all(prefix: string, names: readonly string[], meant: ErrorClass): Codes {
  return Object.fromEntries(names.map((name) => [`${prefix}.${name}`, meant]));
}
