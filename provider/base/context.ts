// What a handler is given to act with.
import type { Clock } from "./clock";
import type { Session } from "./session";
import type { Deadline } from "./wait";

/** Looks up a `bigdata:` config key, such as `tencentRegion`. */
export type ConfigLookup = (key: string) => string | undefined;

/** A plan and a warning stay to be read; a step on the way makes room for the next. */
export type MessageKind = "step" | "plan" | "warning";

export interface Context {
  session: Session;
  clock: Clock;
  config: ConfigLookup;
  /**
   * Tells the person who runs `pulumi up` what is going on: a step on the way, where nothing else is said. It begins with what
   * changes; the resource's name is there already.
   */
  progress(message: string, kind?: MessageKind): void;
  journalDirectory: string;
  /** The resource that the work is for, as the engine calls it, where that is known. */
  urn?: string;
  /** The limit that the program sets from outside, in seconds, and how that is called. */
  limit?: { seconds: number; option: string };
  /** The limit of the operation under way: what only looks is tried until then, what changes something is not begun after. */
  deadline?: Deadline;
  /** Whether a preview could tell all of what is about to be done. */
  isForeseen?: boolean;
  /** It changes nothing, and no change is decided on what it sees: then it shares what it sees with others like it. */
  onlyLooks?: boolean;
  /** Set off where the work is to end early; its reason is the error to end with. What waits on `clock` hears it too. */
  stop?: AbortSignal;
}

export function warn({ progress }: Pick<Context, "progress">, text: string): void {
  progress(text, "warning");
}

/** What a client needs to know of the work that it calls for. */
export type Caller = Pick<Context, "clock" | "stop" | "deadline" | "onlyLooks"> &
  Partial<Pick<Context, "progress" | "session">> & {
    /** Hears when a request is about to leave. */
    sending?(): Promise<void>;
  };

export function createContext(
  session: Session,
  config: ConfigLookup,
  progress: Context["progress"],
): Context {
  const { clock, journalDirectory } = session;
  return { session, clock, config, progress, journalDirectory };
}
