// What became of a call on a DDM node group, by what is seen. Pure.

import { listLag } from "../../../call/pages";
import { type Look, listingGrace, type Verdict } from "../../../core/apply";
import { instancePhase, isGoodNode } from "../api";
import type { GroupView } from "./observe";
import type { Job, OrderStatus } from "./orders";
import { nodesText } from "./plan";
import type { GroupNode, NodeGroupInputs, PendingEnlarge } from "./schema";

/** How long nodes that are not good may still become so once the instance is at rest. */
const settlingPeriod = 180_000;
/** How long a job that is completed, or a request that was accepted, is waited for where nothing shows. */
const acceptedLimit = 1_800_000;
/** How long an order may be on its way to the billing service's list. */
const orderGrace = 30_000;

export interface EnlargeFacts {
  job: Job | undefined;
  order: OrderStatus | undefined;
  /** Whether another machine may have found out about it long ago: nodes that are not there have gone since. */
  mayBePassed: boolean;
}

type Wanted = Pick<NodeGroupInputs, "instanceId" | "isAutoPay" | "cancelledOrders">;
type Seen = Pick<GroupView, "status" | "nodes">;

/** The nodes that have come since an enlargement was sent. */
export function judgeEnlargement(
  wanted: Wanted,
  pending: PendingEnlarge,
  look: Look<Seen, EnlargeFacts>,
): Verdict<PendingEnlarge, GroupNode[]> {
  const { seen, facts, age, rested, attempt } = look;
  const { job, order } = facts;
  const { count, orderId } = pending;
  const fresh = seen.nodes.filter(({ id }) => !pending.before.includes(id));
  const acknowledged = pending.acknowledged || fresh.length > 0;
  const progress = `instance ${seen.status}, ${fresh.length} of ${nodesText(count)} there${job?.process ? `, job ${job.process}` : ""}`;
  const open = {
    is: "open" as const,
    progress,
    ...(acknowledged === pending.acknowledged ? {} : { keep: { acknowledged } }),
  };
  const over = { is: "over" as const, came: fresh, progress };
  const names = [orderId, pending.jobId, pending.id];
  if ((wanted.cancelledOrders ?? []).some((name) => names.includes(name))) return over;
  const isWhole = fresh.length >= count && fresh.every(({ status }) => isGoodNode(status));
  if (isWhole && rested !== undefined && order !== "unpaid") return over;
  if (order === "cancelled")
    return attempt === 0 || fresh.length >= count
      ? over
      : { is: "failed", came: fresh, why: cancelledText(pending) };
  const why = unpaidText(wanted, pending, seen, facts, age);
  if (why !== undefined) return { is: "unclear", why };
  // What has not come may only not be listed yet. The rest counts from after the request was sent.
  if ((rested ?? 0) < (fresh.length < count ? listLag : settlingPeriod)) return open;
  if (isPassed(pending, facts, rested ?? 0)) return over;
  if (fresh.length === 0) return ofNothing(wanted, { ...pending, acknowledged }, look) ?? open;
  const reason = failureOf(job);
  if (reason === undefined && (orderId || !acknowledged)) return open;
  const text = failedText(wanted, pending, fresh, reason, look.requestId);
  return { is: "failed", came: fresh, why: text };
}

/** Whether another machine has found out about it long ago, as far as can be told. */
function isPassed({ orderId }: PendingEnlarge, facts: EnlargeFacts, rested: number): boolean {
  const { job, order, mayBePassed } = facts;
  const isJobOver = job?.status === "Completed" || job?.status === "Failed";
  return mayBePassed && (orderId === undefined || order === "done") && (isJobOver || rested >= acceptedLimit);
}

/** Why no more will come, where the job says so. */
function failureOf(job: Job | undefined): string | undefined {
  if (job?.status === "Failed") return job.failReason ?? "";
  return job?.status === "Completed" ? "the job is completed" : undefined;
}

/** What follows where nothing has come, for as long as that takes to be seen; undefined where it may still come. */
function ofNothing(
  wanted: Wanted,
  pending: PendingEnlarge,
  { facts: { job }, rested = 0, requestId }: Look<Seen, EnlargeFacts>,
): Verdict<PendingEnlarge, GroupNode[]> | undefined {
  if (job?.status === "Failed")
    return {
      is: "failed",
      came: [],
      why: failedText(wanted, pending, [], job.failReason, requestId),
    };
  const { acknowledged, isOrder, orderId } = pending;
  if (!acknowledged && job?.status !== "Completed" && !isOrder) return { is: "lost", came: [] };
  if (acknowledged && (orderId || rested < acceptedLimit)) return undefined;
  return { is: "unclear", why: doubtText(wanted, pending, job) };
}

/** The nodes of a removal that are there still. A group always has some node, so that an empty list tells nothing. */
export function judgeRemoval(
  instanceId: string,
  { ids }: { ids: readonly string[] },
  { seen, rested, attempt, doubt, requestId }: Look<Seen>,
): Verdict<object, string[]> {
  const left = ids.filter((each) => seen.nodes.some(({ id }) => id === each));
  const isGone = left.length === 0 && seen.nodes.length > 0;
  const isRefused = doubt !== undefined && !doubt.mayHaveHappened;
  if (rested === undefined || (!isGone && rested < (isRefused ? listingGrace : listLag)))
    return { is: "open" };
  if (left.length === 0) return { is: "over", came: left };
  if (isRefused || attempt < 2) return { is: "lost", came: left };
  const why = `batch-delete on ${instanceId} left ${left.join(", ")} (RequestId ${requestId || "unknown"}). Look at the instance in the DDM console.`;
  return { is: "failed", came: left, why };
}

const cancelledText = ({ orderId, count }: PendingEnlarge) =>
  `Order ${orderId} for ${nodesText(count)} was canceled while it was waited for, and nothing is ordered in its place now. The next \`pulumi up\` orders what nodeCount still asks for: lower nodeCount if the group is to stay as it is.`;

/** Why the work stops, where an order waits for somebody to pay it. */
function unpaidText(
  { isAutoPay }: Wanted,
  { orderId, count, before }: PendingEnlarge,
  { status, nodes }: Seen,
  { order, job }: EnlargeFacts,
  age: number,
): string | undefined {
  if (orderId === undefined || age < orderGrace || job !== undefined) return undefined;
  const isIdle = instancePhase(status) === "running" || status.toUpperCase().startsWith("PERIOD");
  const hasFresh = nodes.some(({ id }) => !before.includes(id));
  const seemsUnpaid = order === undefined && !hasFresh && isIdle && !isAutoPay;
  if (order !== "unpaid" && !seemsUnpaid) return undefined;
  const state = order === "unpaid" ? "is not paid" : "is not paid, or just being carried out";
  const why = order === "unpaid" && isAutoPay ? " (the balance may not suffice)" : "";
  return `Order ${orderId} for ${nodesText(count)} ${state}${why}. Pay it in the billing console and run \`pulumi up\` again, or cancel it there and name it in cancelledOrders. Nothing else is ordered before that.`;
}

/** Nothing tells what became of it, and waiting does not change that. */
function doubtText({ instanceId }: Wanted, pending: PendingEnlarge, job: Job | undefined): string {
  const what =
    pending.isOrder && !pending.acknowledged ? "may have made an order" : "was received, but shows no nodes";
  const where = pending.isOrder ? "the billing console" : "the DDM console";
  const name = pending.jobId ?? pending.id;
  return `enlarge of ${instanceId} by ${nodesText(pending.count)} ${what}${job?.id ? ` (job ${job.id}, ${job.status})` : ""}. Nothing is sent again on a guess: look in ${where}. Where nothing is to come of it, name ${name} in cancelledOrders; else run \`pulumi up\` again once the nodes are there.`;
}

function failedText(
  { instanceId }: Wanted,
  pending: PendingEnlarge,
  fresh: readonly GroupNode[],
  why: string | undefined,
  requestId: string,
): string {
  const bad = fresh.filter(({ status }) => !isGoodNode(status)).map(({ id, status }) => `${id} (${status})`);
  return `enlarge of ${instanceId} brought ${fresh.length} of ${nodesText(pending.count)}${bad.length > 0 ? `, not good: ${bad.join(", ")}` : ""}${why ? `: ${why}` : ""} (job ${pending.jobId ?? "unknown"}, RequestId ${requestId || "unknown"}). The next \`pulumi up\` asks only for what is missing, and replaces nodes that could not be set up where scaleIn.allowed is true.`;
}
