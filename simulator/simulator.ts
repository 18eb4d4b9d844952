// What tests and demos hold of a running simulator.
import type { Fault, PendingFault, Settings, Worlds } from "./clouds";
import type { Credential } from "./credential";
import type { CallHook } from "./hooks";
import type { JournalEntry } from "./journal";

/** With the world of each product, by its name. */
export interface Simulator extends Worlds {
  /** For instance http://127.0.0.1:41234 */
  readonly url: string;
  readonly clockMode: "real" | "stepped";
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Stepped clock only: moves on and runs everything due, in time order. */
    advance(milliseconds: number): void;
  };
  readonly credentials: readonly Credential[];
  readonly settings: Settings;
  readonly faults: {
    add(...faults: Fault[]): void;
    clear(): void;
    readonly pending: readonly PendingFault[];
  };
  /** Every API call received, in order. */
  readonly journal: JournalEntry[];
  onCall(hook: CallHook): () => void;
  /** World, journal, faults, hooks and settings back to the beginning. The clock keeps its time. */
  reset(): void;
  close(): Promise<void>;
}
