// What this machine remembers of the changes of an engine until the stack's state holds them. What it remembers of an
// older state than the one that is saved is forgotten: somebody has moved on since.
import { z } from "zod";
import type { Context } from "../../../base/context";
import { entriesOf, type Journal, openJournal, type WrittenJournal } from "../../../base/journal";
import { listLag } from "../../../call/pages";
import type { Operation } from "../../../core/operation";
import type { Open } from "../../../core/resource";
import type { DataEngine } from "../api";
import type { VersionChange } from "./evidence";
import type { EngineView } from "./observe";
import { type EngineImageInputs, type EngineImageState, pendingSwitch } from "./schema";

const engineEntry = z.object({
  /** The version that the engine came from, and the one that it was sent to. */
  previous: z.string().optional(),
  target: z.string().optional(),
  /** Whether it was resumed only for the change, and when that was asked for. */
  resumed: z.boolean().optional(),
  resumedAt: z.number().optional(),
  /** The switch that was sent. */
  sent: pendingSwitch.optional(),
  /** Whether the engine was seen with it. */
  hasCome: z.boolean().optional(),
  /** The state's latest RequestId when this was written; null where there was no state. */
  basis: z.string().nullable().optional(),
});
type EngineEntry = z.output<typeof engineEntry>;

/** The limit of an operation where the program sets none. */
export const usualLimit = "30m";

type Where = Pick<Context, "journalDirectory">;
type Named = Pick<EngineImageState, "region" | "dataEngineId">;

function engineJournal({ journalDirectory }: Where, engine: Named): Journal<EngineEntry> {
  return openJournal(journalDirectory, `dlc/${engine.region}/${engine.dataEngineId}`, engineEntry);
}

/**
 * Whether a state has been saved since; version 0.1 did not write down which one came before. What a killed create has begun
 * counts for an imported state, which has no RequestId either.
 */
const isOutdated = ({ basis }: EngineEntry, saved: EngineImageState) =>
  basis !== undefined && (basis ?? "") !== saved.lastRequestId;

export function recallEngine(context: Where, olds: EngineImageState): EngineImageState {
  const entry = engineJournal(context, olds).read();
  if (!entry || isOutdated(entry, olds)) return olds;
  const { sent, resumed } = entry;
  return {
    ...olds,
    ...(sent && sent.imageVersionId !== olds.imageVersionId ? { pendingSwitch: sent } : {}),
    ...(resumed ? { resumedForChange: true } : {}),
  };
}

/** What a saved state holds, or has left behind, need not be remembered any more. */
export function forgetSavedEngine(context: Where, saved: EngineImageState): void {
  const journal = engineJournal(context, saved);
  const entry = journal.read();
  if (!entry) return;
  if (isOutdated(entry, saved)) journal.write({});
  else if (entry.sent?.imageVersionId === saved.imageVersionId) journal.write({ ...entry, sent: undefined });
}

/** What one operation on an engine knows of its changes, and writes down before they are sent. */
export class EngineMemory {
  /** The switch that was sent, and that the engine has not been seen with yet. */
  pending: EngineImageState["pendingSwitch"];
  /** Whether the engine was resumed for a change, and has not been suspended again since. */
  isResumed: boolean;
  private previous: string | undefined;
  private before: EngineImageState["pendingSwitch"];
  private readonly journal: Journal<EngineEntry>;
  private readonly basis: string | null;

  constructor(context: Where, engine: Named, known: EngineImageState | undefined) {
    this.journal = engineJournal(context, engine);
    this.previous = known?.previousImageVersionId;
    // A recorded state comes with what this machine remembers beyond it.
    const entry = this.journal.read();
    this.isResumed = (known ? known.resumedForChange : entry?.resumed) ?? false;
    this.pending = known ? known.pendingSwitch : entry?.sent;
    this.before = this.pending;
    this.basis = known?.lastRequestId ?? null;
  }

  /** When the engine was resumed, where a change has resumed it and this machine knows. */
  get resumedAt(): number | undefined {
    return this.isResumed ? this.journal.read()?.resumedAt : undefined;
  }

  private remember(changes: Partial<EngineEntry>): void {
    this.journal.write({ ...this.journal.read(), ...changes, basis: this.basis });
  }

  /** The version before the resource took charge. */
  previousOf(current: string): string {
    if (this.previous !== undefined) return this.previous;
    const entry = this.journal.read();
    return entry?.previous !== undefined && entry.target === current ? entry.previous : current;
  }

  rememberChange({ before, imageVersionId, imageVersion = "", sentAt }: VersionChange): void {
    this.previous = this.previousOf(before);
    // A minor version that comes later than a run is nobody's difference.
    if (imageVersionId !== undefined && this.pending?.sentAt !== sentAt) {
      this.before = this.pending;
      this.pending = { imageVersionId, imageVersion, sentAt };
    }
    const target = imageVersionId ?? before;
    this.remember({ previous: this.previous, target, sent: this.pending, hasCome: undefined });
  }

  /** The cloud has refused the change: what was remembered before counts. */
  changeRefused(): void {
    this.pending = this.before;
    this.remember({ sent: this.before });
  }

  switchSettled(): void {
    this.pending = undefined;
    this.remember({ sent: undefined });
  }

  rememberResumed(resumedAt: number): void {
    this.remember({ resumed: true, resumedAt });
    this.isResumed = true;
  }

  forgetResumed(): void {
    this.remember({ resumed: undefined, resumedAt: undefined });
    this.isResumed = false;
  }

  /** The version that it was brought to, and the one before, are remembered until a saved state has them. */
  keepUntilSaved(operation: Operation, { engine }: Pick<EngineView, "engine">): void {
    const entry = this.journal.read();
    const isKept = operation !== "delete" && entry?.target === (engine.imageVersionId ?? "");
    this.journal.write(isKept ? { ...entry, hasCome: true, resumed: undefined, resumedAt: undefined } : {});
  }
}

/** Nobody looks after the engine any more: what is remembered of it is forgotten. */
export function forgetEngine(context: Where, state: EngineImageState): void {
  const journal = engineJournal(context, state);
  if (journal.read()) journal.write({});
}

/** What is still open when the engine is seen like this. What came to nothing is forgotten. */
export function stillOpen(
  context: Where,
  state: EngineImageState,
  engine: Pick<DataEngine, "state" | "imageVersionId">,
  now: number,
): Pick<EngineImageState, "pendingSwitch" | "resumedForChange"> {
  const journal = engineJournal(context, state);
  const entry = journal.read();
  const { pendingSwitch: sent, resumedForChange } = state;
  const isThere = sent?.imageVersionId === engine.imageVersionId;
  const isLost = sent && !isThere && engine.state !== 0 && now - sent.sentAt >= listLag;
  const isSuspended = engine.state === 1 && now - (entry?.resumedAt ?? 0) >= listLag;
  if (entry?.sent && isLost) journal.write({ ...journal.read(), sent: undefined });
  if (entry?.resumed && resumedForChange && isSuspended)
    journal.write({ ...journal.read(), resumed: undefined, resumedAt: undefined });
  return {
    ...(sent && !isThere && !isLost ? { pendingSwitch: sent } : {}),
    ...(resumedForChange && !isSuspended ? { resumedForChange } : {}),
  };
}

/** Whether this is the version that is wanted, by id or by name. */
export const isWantedVersion = (
  wanted: Pick<EngineImageInputs, "imageVersionId" | "imageVersion">,
  version: { imageVersionId?: string | undefined; imageVersion?: string | undefined },
) =>
  wanted.imageVersionId === undefined
    ? version.imageVersion === wanted.imageVersion
    : version.imageVersionId === wanted.imageVersionId;

/** Engines that this machine remembers as resumed for a change, or as sent to another version, and not as done. */
export function openEngines(journals: readonly WrittenJournal[]): Open[] {
  return entriesOf(journals, "dlc/", engineEntry).flatMap(({ key, entry }): Open[] => {
    const { resumed, resumedAt } = entry;
    const sent = entry.hasCome ? undefined : entry.sent;
    const [, , on = ""] = key.split("/");
    if (!resumed && !sent) return [];
    const what = [
      ...(resumed ? ["resumed for a change: it runs and is billed"] : []),
      ...(sent ? [`change of the image to ${sent.imageVersionId}`] : []),
    ];
    return [
      {
        on,
        what: what.join("; "),
        outcome: "unknown",
        isLost: true,
        ...(sent ? { since: sent.sentAt } : resumedAt === undefined ? {} : { since: resumedAt }),
        ids: {},
        advice: `run \`pulumi up\` on the stack that has this engine: it goes on from there${resumed ? ", and suspends the engine again. Without such a stack, suspend it in the DLC console" : ""}`,
      },
    ];
  });
}
