// What this machine remembers of the node groups of a DDM instance: what was asked for, and what came of it.
import { z } from "zod";
import type { Context } from "../../../base/context";
import { messageOf } from "../../../base/errors";
import { entriesOf, type Journal, openJournal, type WrittenJournal } from "../../../base/journal";
import { listLag } from "../../../call/pages";
import type { Open } from "../../../core/resource";
import { nodesText } from "./plan";
import { type GroupNode, type NodeGroupState, type PendingEnlarge, pendingEnlarge } from "./schema";

const group = z.object({
  at: z.number(),
  initial: z.array(z.string()),
  /** As earlier versions wrote it: what the resource has added, saved or not. */
  added: z.array(z.string()).optional(),
  /** When nodes came, by id. */
  cameAt: z.record(z.string(), z.number()).default({}),
  /** Whether that create has handed over what exists: from then on state may hold it. */
  isTold: z.boolean().default(false),
  /** The resource, as the engine calls it. */
  urn: z.string().optional(),
});

/** `owner` is when the resource that has sent it took charge of its group, which is its alone. */
const remembered = pendingEnlarge.extend({
  owner: z.number().optional(),
  /** Whether its operation has handed it over: from then on state may hold it. */
  isTold: z.boolean().optional(),
});

type Remembered = z.output<typeof remembered>;

const journalEntry = z.object({
  pending: z.array(remembered),
  /** Enlargements whose outcome is known: what state says about them is out of date. */
  settled: z.array(z.string()),
  /** Nodes that came, by the resource that has added them, until a saved state holds them. */
  unsaved: z.array(z.object({ id: z.string(), owner: z.number() })).default([]),
  /** By group: when a resource last took charge of it, and what there was then. */
  groups: z.record(z.string(), group),
});

type Entry = z.output<typeof journalEntry>;

type Place = Pick<NodeGroupState, "region" | "projectId" | "instanceId">;

/** By instance: the group may be named only later. */
function groupJournal(
  { journalDirectory }: Pick<Context, "journalDirectory">,
  { region, projectId, instanceId }: Place,
): Journal<Entry> {
  return openJournal(journalDirectory, `ddm/${region}/${projectId}/${instanceId}`, journalEntry);
}

function entryOf(journal: Journal<Entry>): Entry {
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
  const { pending, settled, unsaved } = inherited(entryOf(groupJournal(context, olds)), olds);
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

/** What a killed create has begun is the business of a state that has come since, such as an imported one. */
function inherited(entry: Entry, { groupId, createdAt }: NodeGroupState): Entry {
  const group = entry.groups[groupId];
  if (!group || group.isTold || createdAt <= group.at) return entry;
  const owned = <Each extends { owner?: number | undefined }>(each: Each): Each =>
    each.owner === group.at ? { ...each, owner: createdAt } : each;
  const { urn: _, ...rest } = group;
  return {
    ...entry,
    pending: entry.pending.map(owned),
    unsaved: entry.unsaved.map(owned),
    groups: { ...entry.groups, [groupId]: { ...rest, at: createdAt, isTold: true } },
  };
}

/** What a saved state holds need not be remembered any more; of what is open there, it has the last word from then on. */
export function forgetSaved(context: Context, saved: NodeGroupState): void {
  const journal = groupJournal(context, saved);
  const before = entryOf(journal);
  const entry = inherited(before, saved);
  const isSaved = ({ id, owner }: Entry["unsaved"][number]) =>
    owner === saved.createdAt && saved.addedNodeIds.includes(id);
  const isNewlyTold = ({ id, isTold }: Remembered) => id === saved.pendingEnlarge?.id && !isTold;
  if (entry === before && !entry.unsaved.some(isSaved) && !entry.pending.some(isNewlyTold)) return;
  journal.write({
    ...entry,
    pending: entry.pending.map((each) => (isNewlyTold(each) ? { ...each, isTold: true } : each)),
    unsaved: entry.unsaved.filter((each) => !isSaved(each)),
  });
}

/** Those of them that a list may lack again. */
function recentOf(cameAt: Readonly<Record<string, number>> = {}, now: number): Record<string, number> {
  return Object.fromEntries(Object.entries(cameAt).filter(([, at]) => now - at < listLag));
}

/** How long a create that did not end is taken up again. */
const resumeLimit = 86_400_000;
const keptSettled = 20;

/** What one operation on a group knows of it and writes down: before anything is sent, and once the outcome is known. */
export class GroupMemory {
  readonly members: { initial: string[]; added: string[] };
  groupId: string;
  createdAt: number;
  /** The enlargement whose outcome is not known. */
  pending: PendingEnlarge | undefined;
  private readonly journal: Journal<Entry>;
  /** Who had charge of the group before this create. */
  private displaced: Entry["groups"][string] | undefined;
  /** Nodes that are gone at our request. */
  private readonly removed: string[] = [];

  constructor(
    private readonly context: Pick<Context, "journalDirectory" | "urn">,
    place: Place,
    private readonly known: Recalled | undefined,
  ) {
    this.journal = groupJournal(context, place);
    this.members = {
      initial: known?.initialNodeIds ?? [],
      added: [...(known?.addedNodeIds ?? []), ...(known?.unsaved ?? [])],
    };
    this.groupId = known?.groupId ?? "";
    this.createdAt = known?.createdAt ?? 0;
  }

  private entry(): Entry {
    return entryOf(this.journal);
  }

  /** Looks for the enlargement of this group whose outcome is not known: in the journal, or in state. */
  begin(): void {
    const { pending, settled } = this.entry();
    const isOurs = (each: PendingEnlarge) =>
      each.groupId === "" || this.groupId === "" || each.groupId === this.groupId;
    const recorded = this.known?.pendingEnlarge;
    const open = pending.find(isOurs);
    this.pending = open ? plain(open) : recorded && !settled.includes(recorded.id) ? recorded : undefined;
  }

  isTakenByAnother(): boolean {
    const taken = this.known && this.entry().groups[this.groupId];
    return taken !== undefined && taken.at > this.createdAt;
  }

  /** Nodes that are there as far as is known, and when those came that came only lately. */
  expected(now: number): { id: string; at: number | undefined }[] {
    const cameAt = recentOf(this.entry().groups[this.groupId]?.cameAt, now);
    const ids = [
      ...(this.known?.nodes ?? []).map(({ id }) => id),
      ...this.members.initial,
      ...this.members.added,
      ...Object.keys(cameAt),
    ];
    return [...new Set(ids)].filter((id) => !this.removed.includes(id)).map((id) => ({ id, at: cameAt[id] }));
  }

  /** Records what there is before anything is added; a create that did not end goes on with what it recorded. */
  takeCharge({ nodes }: { nodes: readonly GroupNode[] }, now: number): void {
    const entry = this.entry();
    const before = entry.groups[this.groupId];
    const isOwnAgain = before !== undefined && this.isCreatedAgain(before);
    const begun = before?.isTold && !isOwnAgain ? undefined : before;
    const isResumed = begun !== undefined && (isOwnAgain || now - begun.at < resumeLimit);
    const { pending } = this;
    const recorded = entry.pending.find(({ id }) => id === pending?.id);
    // Another resource's enlargement is settled first, too, but its nodes stay that resource's.
    const isOwn = recorded?.owner === undefined || recorded.owner === begun?.at;
    const present = pending && isOwn ? pending.before : nodes.map(({ id }) => id);
    const initial = isResumed ? begun.initial : present;
    const unsaved = entry.unsaved.map((each) =>
      isResumed && each.owner === begun.at ? { ...each, owner: now } : each,
    );
    this.members.initial.push(...initial);
    this.members.added.push(...unsaved.filter(({ owner }) => owner === now).map(({ id }) => id));
    this.createdAt = now;
    const cameAt = before?.cameAt ?? {};
    const { urn } = this.context;
    if (!isResumed) this.displaced = before;
    this.journal.write({
      ...entry,
      pending: entry.pending.map((each) =>
        each.id === pending?.id && isOwn ? { ...each, owner: now } : each,
      ),
      unsaved,
      groups: {
        ...entry.groups,
        [this.groupId]: { cameAt, at: now, initial, isTold: false, ...(urn === undefined ? {} : { urn }) },
      },
    });
  }

  /** Whether the same resource has been created before, and what that added is known to be in no state. */
  private isCreatedAgain({ at, urn }: Entry["groups"][string]): boolean {
    const { pending, unsaved } = this.entry();
    return (
      urn !== undefined &&
      urn === this.context.urn &&
      [...pending, ...unsaved].some(({ owner }) => owner === at)
    );
  }

  /** A create that has done nothing leaves the charge to whoever had it. */
  giveBack(): void {
    if (!this.displaced) return;
    const entry = this.entry();
    this.journal.write({ ...entry, groups: { ...entry.groups, [this.groupId]: this.displaced } });
  }

  save(pending: PendingEnlarge): void {
    const entry = this.entry();
    const before = entry.pending.find(({ id }) => id === pending.id);
    const others = entry.pending.filter(({ id }) => id !== pending.id);
    this.journal.write({
      ...entry,
      pending: [...others, { owner: this.createdAt, ...before, ...pending }],
    });
    this.pending = pending;
  }

  /** The operation hands over what exists: from now on state may hold it. */
  markTold(): void {
    const entry = this.entry();
    const group = entry.groups[this.groupId];
    const isNew = group?.at === this.createdAt && !group.isTold;
    if (!isNew && !this.pending) return;
    this.journal.write({
      ...entry,
      pending: entry.pending.map((each) => (each.id === this.pending?.id ? { ...each, isTold: true } : each)),
      groups: isNew ? { ...entry.groups, [this.groupId]: { ...group, isTold: true } } : entry.groups,
    });
  }

  /** Where something else has failed, that counts. */
  tryMarkTold(say: (message: string) => void): void {
    try {
      this.markTold();
    } catch (error) {
      say(messageOf(error));
    }
  }

  /** The outcome is known: these nodes came. Where others have added some at the same time, ours cannot be told. */
  close(pending: PendingEnlarge, fresh: readonly GroupNode[], now: number): void {
    const entry = this.entry();
    const ids = fresh.length <= pending.count ? fresh.map(({ id }) => id) : [];
    const owner = entry.pending.find(({ id }) => id === pending.id)?.owner ?? this.createdAt;
    if (owner === this.createdAt)
      this.members.added.push(...ids.filter((id) => !this.members.added.includes(id)));
    const known = this.known?.addedNodeIds ?? [];
    const group = entry.groups[this.groupId] ?? {
      at: this.createdAt,
      initial: this.members.initial,
      cameAt: {},
      isTold: true,
    };
    const cameAt = {
      ...recentOf(group.cameAt, now),
      ...Object.fromEntries(fresh.map(({ id }) => [id, now])),
    };
    this.journal.write({
      pending: entry.pending.filter(({ id }) => id !== pending.id),
      settled: [...entry.settled, pending.id].slice(-keptSettled),
      unsaved: [
        ...entry.unsaved.filter(({ id }) => !ids.includes(id)),
        ...ids.filter((id) => !known.includes(id)).map((id) => ({ id, owner })),
      ],
      groups: { ...entry.groups, [this.groupId]: { ...group, cameAt } },
    });
    this.pending = undefined;
  }

  /** Nodes that were removed are not waited for any more. */
  forget(ids: readonly string[]): void {
    this.removed.push(...ids);
    this.members.added = this.members.added.filter((id) => !ids.includes(id));
    const entry = this.entry();
    const group = entry.groups[this.groupId];
    const unsaved = entry.unsaved.filter(({ id }) => !ids.includes(id));
    const cameAt = Object.fromEntries(
      Object.entries(group?.cameAt ?? {}).filter(([id]) => !ids.includes(id)),
    );
    const groups = group ? { ...entry.groups, [this.groupId]: { ...group, cameAt } } : entry.groups;
    this.journal.write({ ...entry, unsaved, groups });
  }

  /** What an earlier run brought, and was not recorded, may have gone since. */
  forgetGone({ nodes }: { nodes: readonly GroupNode[] }): void {
    const entry = this.entry();
    const isGone = ({ id, owner }: Entry["unsaved"][number]) =>
      owner === this.createdAt && !nodes.some((node) => node.id === id);
    if (!entry.unsaved.some(isGone)) return;
    this.journal.write({ ...entry, unsaved: entry.unsaved.filter((each) => !isGone(each)) });
  }
}

/** Enlargements whose outcome this machine does not know, and nodes that came and that no state is known to hold. */
export function openEnlargements(journals: readonly WrittenJournal[]): Open[] {
  return entriesOf(journals, "ddm/", journalEntry).flatMap(({ key, entry }) => {
    const [, , , on = ""] = key.split("/");
    const enlargements = entry.pending.map(
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
    const cameAt = Object.assign({}, ...Object.values(entry.groups).map((each) => each.cameAt)) as Record<
      string,
      number
    >;
    const begun = Object.values(entry.groups).filter(({ isTold }) => !isTold);
    const owners = [...new Set(entry.unsaved.map(({ owner }) => owner))];
    const unsaved = owners.map((owner): Open => {
      const ids = entry.unsaved.filter((each) => each.owner === owner).map(({ id }) => id);
      const since = Math.min(...ids.map((id) => cameAt[id] ?? Number.POSITIVE_INFINITY));
      return {
        on,
        what: `${nodesText(ids.length)} added: ${ids.join(", ")}`,
        outcome: "unsaved",
        isLost: begun.some(({ at }) => at === owner),
        ...(Number.isFinite(since) ? { since } : {}),
        ids: {},
        advice:
          "run `pulumi up` on the stack that has this group: it records them. Without such a stack, remove them in the DDM console",
      };
    });
    return [...enlargements, ...unsaved];
  });
}
