// What tests and demos hold of a running simulator.
import type { Credential } from "./credential";
import type { Fault, PendingFault } from "./faults";
import type { CallHook } from "./hooks";
import type { DdmWorld } from "./huawei/ddm/world";
import type { IamAccount } from "./huawei/iam/account";
import type { JournalEntry } from "./journal";
import type { Settings } from "./settings";
import type { DlcWorld } from "./tencent/dlc/world";
import type { EmrWorld } from "./tencent/emr/world";
import type { VkeWorld } from "./volcengine/vke/world";

export interface Simulator {
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
  readonly emr: EmrWorld;
  readonly dlc: DlcWorld;
  readonly ddm: DdmWorld;
  /** Tokens and temporary keys of Huawei Cloud. */
  readonly iam: IamAccount;
  readonly vke: VkeWorld;
  readonly settings: Settings;
  readonly faults: { add(fault: Fault): void; clear(): void; readonly pending: readonly PendingFault[] };
  /** Every API call received, in order. */
  readonly journal: JournalEntry[];
  onCall(hook: CallHook): () => void;
  /** World, journal, faults, hooks and settings back to the beginning. The clock keeps its time. */
  reset(): void;
  close(): Promise<void>;
}
