// What a plan says besides its steps. What decides looks at a note's code and never at its words, which may change.

/** What each note is about, and how much it matters: `open` is what nobody can know yet, `error` what stops the plan. */
const severities = {
  /** An input is unknown in this preview. */
  unknownInput: "open",
  /** An input may change, and its value is hidden. */
  hiddenInput: "open",
  /** An input changes whose value is hidden, but what that does is known. */
  hiddenChange: "warning",
  /** What is recorded of it is hidden. */
  hiddenState: "open",
  /** It is decided when the cloud is asked. */
  askFirst: "open",
  /** The outcome of an earlier call has to be found out before the rest is planned. */
  settleFirst: "open",
  /** A run on this machine has begun something whose outcome it does not know. */
  earlierRun: "open",
  /** The cloud could not be asked for what there is. */
  notSeen: "open",
  /** An order waits for somebody to pay it. */
  unpaidOrder: "warning",
  /** What was ordered may still come, and nobody looks after it any more. */
  orderMayCome: "warning",
  /** Something stays behind and is billed. */
  staysBilled: "warning",
  /** Data is lost. */
  dataLoss: "warning",
  /** Something is not as healthy as it should be. */
  unwell: "warning",
  /** What other hands do cannot be seen here. */
  driftUnseen: "warning",
  /** What the cloud shows differs from what is recorded. */
  drift: "warning",
  /** Something is gone that is recorded. */
  gone: "warning",
  /** Something else holds what is to change. */
  busy: "warning",
  /** What is left alone although it looks like the resource's own. */
  leftAlone: "warning",
  /** The plan does not fit into its limit. */
  limit: "warning",
  /** What is done is not all that could be meant. */
  partOnly: "warning",
  /** A resource of another provider acts on the same nodes, and lacks what keeps them apart. */
  neighbour: "warning",
  /** What happens without a call. */
  takenOver: "info",
  /** An input cannot be as it is. */
  badInput: "error",
  /** Something protects what would have to go. */
  protected: "error",
  /** What was asked for is not allowed by the inputs. */
  notAllowed: "error",
  /** What is to change is in no state to be changed. */
  unusable: "error",
  /** A change by another provider that cannot be made. */
  neighbourFails: "error",
  /** It cannot be told whose something is. */
  ownership: "error",
} as const;

export type NoteCode = keyof typeof severities;
type Severity = (typeof severities)[NoteCode];

export interface Note {
  code: NoteCode;
  severity: Severity;
  /** For people. */
  text: string;
  /** The input that it is about. */
  property?: string;
}

export function note(code: NoteCode, text: string, property?: string): Note {
  return { code, severity: severities[code], text, ...(property === undefined ? {} : { property }) };
}

/** Something that an input cannot be; its text begins with the input. */
export const badInput = (property: string, reason: string): Note =>
  note("badInput", `${property}: ${reason}`, property);

/** Whether what a plan says can still turn out otherwise. */
export const leavesOpen = (notes: readonly Note[]) => notes.some(({ severity }) => severity === "open");

/** What notes say. */
export const textsOf = (notes: readonly Note[]) => notes.map(({ text }) => text);

/** Notes as one sentence each. */
export const sentences = (notes: readonly Note[]) => `${textsOf(notes).join(". ")}.`;
