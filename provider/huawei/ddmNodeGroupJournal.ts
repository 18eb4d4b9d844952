// What this machine remembers of the node groups of a DDM instance: what was asked for, and what came of it.
import { z } from "zod";
import type { Context } from "../context";
import { type Journal, openJournal, readJournals } from "../journal";
import { listLag } from "../pages";
import type { Open } from "../resource";
import { nodesText } from "./ddmNodeGroupPlan";
import { type NodeGroupState, type PendingEnlarge, pendingEnlarge } from "./ddmNodeGroupSchema";

const group = z.object({
  at: z.number(),
  initial: z.array(z.string()),
  /** As earlier versions wrote it: what the resource has added, saved or not. */
  added: z.array(z.string()).optional(),
  /** When nodes came, by id. */
  cameAt: z.record(z.string(), z.number()).default({}),
  /** Whether that create has handed over what exists: from then on state may hold it. */
  isTold: z.boolean().default(false),
});

/** `owner` is when the resource that has sent it took charge of its group, which is its alone. */
const remembered = pendingEnlarge.extend({
  owner: z.number().optional(),
  /** Whether its operation has handed it over: from then on state may hold it. */
  isTold: z.boolean().optional(),
});

export type Remembered = z.output<typeof remembered>;

const journalEntry = z.object({
  pending: z.array(remembered),
  /** Enlargements whose outcome is known: what state says about them is out of date. */
  settled: z.array(z.string()),
  /** Nodes that came, by the resource that has added them, until a saved state holds them. */
  unsaved: z.array(z.object({ id: z.string(), owner: z.number() })).default([]),
  /** By group: when a resource last took charge of it, and what there was then. */
  groups: z.record(z.string(), group),
});

export type Entry = z.output<typeof journalEntry>;

type Place = Pick<NodeGroupState, "region" | "projectId" | "instanceId">;

/** By instance: the group may be named only later. */
export function groupJournal(
  { journalDirectory }: Pick<Context, "journalDirectory">,
  { region, projectId, instanceId }: Place,
): Journal<Entry> {
  return openJournal(journalDirectory, `ddm/${region}/${projectId}/${instanceId}`, journalEntry);
}

export function entryOf(journal: Journal<Entry>): Entry {
  const entry = journal.read() ?? { pending: [], settled: [], unsaved: [], groups: {} };
  const earlier = Object.values(entry.groups).flatMap(({ at, added = [] }) =>
    added.map((id) => ({ id, owner: at })),
  );
  const groups = Object.entries(entry.groups).map(([id, { added: _, ...rest }]) => [id, rest]);
  return { ...entry, unsaved: [...entry.unsaved, ...earlier], groups: Object.fromEntries(groups) };
}

/** A recorded state with what this machine remembers beyond it. */
export interface Recalled extends NodeGroupState {
  /** Nodes that an earlier run added, and could not record; they may have gone since. */
  unsaved?: string[];
  /** State may have held the open enlargement, and does not any more: another machine may have found out about it. */
  isPassed?: boolean;
}

export function recallGroup(context: Context, olds: NodeGroupState): Recalled {
  const { pending, settled, unsaved } = entryOf(groupJournal(context, olds));
  const recorded = olds.pendingEnlarge;
  const open = pending.find(
    ({ id, owner = olds.createdAt }) => owner === olds.createdAt || id === recorded?.id,
  );
  const kept = recorded && !settled.includes(recorded.id) ? recorded : undefined;
  const came = unsaved
    .filter(({ id, owner }) => owner === olds.createdAt && !olds.addedNodeIds.includes(id))
    .map(({ id }) => id);
  if (!open && came.length === 0 && kept === recorded) return olds;
  const { pendingEnlarge: _, ...rest } = olds;
  // What is over by now is no longer open, and what it brought is looked for.
  return {
    ...rest,
    unsaved: came,
    ...(open || kept ? { pendingEnlarge: open ? plain(open) : (kept as PendingEnlarge) } : {}),
    ...(open?.isTold && open.id !== recorded?.id ? { isPassed: true } : {}),
  };
}

const plain = ({ owner: _, isTold: __, ...pending }: Remembered): PendingEnlarge => pending;

/** What a saved state holds need not be remembered any more; of what is open there, it has the last word from then on. */
export function forgetSaved(context: Context, saved: NodeGroupState): void {
  const journal = groupJournal(context, saved);
  const entry = entryOf(journal);
  const isSaved = ({ id, owner }: Entry["unsaved"][number]) =>
    owner === saved.createdAt && saved.addedNodeIds.includes(id);
  const isNewlyTold = ({ id, isTold }: Remembered) => id === saved.pendingEnlarge?.id && !isTold;
  if (!entry.unsaved.some(isSaved) && !entry.pending.some(isNewlyTold)) return;
  journal.write({
    ...entry,
    pending: entry.pending.map((each) => (isNewlyTold(each) ? { ...each, isTold: true } : each)),
    unsaved: entry.unsaved.filter((each) => !isSaved(each)),
  });
}

/** Those of them that a list may lack again. */
export function recentOf(cameAt: Readonly<Record<string, number>> = {}, now: number): Record<string, number> {
  return Object.fromEntries(Object.entries(cameAt).filter(([, at]) => now - at < listLag));
}

/** Enlargements that this machine remembers, and whose outcome it does not know. */
export function openEnlargements(directory: string): Open[] {
  return readJournals(directory, journalEntry).flatMap(({ key, entry }) => {
    const [kind, , , on = ""] = key.split("/");
    if (kind !== "ddm") return [];
    return entry.pending.map(
      ({ id, count, groupId, sentAt, jobId, orderId, isOrder }): Open => ({
        on,
        what: `enlargement by ${nodesText(count)}${groupId ? ` of group ${groupId}` : ""}`,
        outcome: "unknown",
        isLost: true,
        since: sentAt,
        ids: { id, ...(jobId ? { job: jobId } : {}), ...(orderId ? { order: orderId } : {}) },
        advice: `run \`pulumi up\` on the stack that has this group: it finds out what came of it before it adds anything. Without such a stack, look in the ${isOrder ? "billing" : "DDM"} console`,
      }),
    );
  });
}
