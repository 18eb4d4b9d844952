// What this machine remembers of the node groups of a DDM instance: what was asked for, and what came of it.
import { z } from "zod";
import type { Context } from "../context";
import { type Journal, openJournal, readJournals } from "../journal";
import { listLag } from "../pages";
import type { Open } from "../resource";
import { nodesText } from "./ddmNodeGroupPlan";
import { type NodeGroupState, pendingEnlarge } from "./ddmNodeGroupSchema";

const group = z.object({
  at: z.number(),
  initial: z.array(z.string()),
  added: z.array(z.string()),
  /** When nodes came, by id. */
  cameAt: z.record(z.string(), z.number()).default({}),
});

const journalEntry = z.object({
  pending: z.array(pendingEnlarge),
  /** Enlargements whose outcome is known: what state says about them is out of date. */
  settled: z.array(z.string()),
  /** By group: when a resource last took charge of it, what there was then, and what was added since. */
  groups: z.record(z.string(), group),
});

export type Entry = z.output<typeof journalEntry>;

type Place = Pick<NodeGroupState, "region" | "projectId" | "instanceId">;

/** By instance: the group may be named only later. */
export function groupJournal(context: Context, { region, projectId, instanceId }: Place): Journal<Entry> {
  return openJournal(context.journalDirectory, `ddm/${region}/${projectId}/${instanceId}`, journalEntry);
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
