// What became of a pool's calls, by what is seen of the cluster. Pure.

import { StoppedError } from "../../../base/errors";
import { listLag, type ShortList } from "../../../call/pages";
import type { Look, Verdict } from "../../../core/apply";
import { timeText } from "../../../core/durations";
import {
  describeCluster,
  type EmrCluster,
  type EmrNode,
  elapsed,
  type Flow,
  type FlowStatus,
} from "../cluster";
import { specHash } from "./birth";
import { tokenWindow } from "./orders";
import { nodesOf } from "./plan";
import { type NodePoolInputs, type Order, ownerTag, poolTag, specTag } from "./schema";
import { isNamed, poolNodes, showsTags, tagOf, unowned } from "./survey";

/** How long a removal may take to be listed once the cluster is at rest. */
const removalGrace = 60_000;
/** An order that the cloud has done counts as open for so long, in milliseconds, if its nodes are not listed: they are billed. */
const deliveryWindow = 3_600_000;
/** How long a workflow may be blocked before it is reported. */
const blockedGrace = 300_000;

/** A cluster and its nodes, as one look shows them. */
export interface PoolSeen {
  /** Undefined once it is gone. */
  cluster: EmrCluster | undefined;
  nodes: EmrNode[];
  /** Why the nodes are not all that there are, where that is so. */
  short?: ShortList | undefined;
}

/** What is looked at beside the cluster: the workflow of a call, where it has told a handle. */
export interface PoolFacts {
  flow: FlowStatus | undefined;
  /** For how long a person has had to act on it, in milliseconds. */
  blockedFor: number | undefined;
}

/** Whether a workflow is over; undefined where there is none, or it cannot be read. */
function hasEnded({ flow }: PoolFacts): boolean | undefined {
  if (!flow || flow.state === "unknown") return undefined;
  return flow.state === "finished" || flow.state === "failed";
}

/** Whether the cluster or the workflow is at work. */
export const isMoving = ({ cluster }: PoolSeen, facts: PoolFacts) =>
  !cluster || cluster.phase === "busy" || hasEnded(facts) === false;

/** How a workflow gets on, for people. */
function progressOf(facts: PoolFacts): { progress?: string } {
  const { flow } = facts;
  if (!flow || hasEnded(facts) !== false) return {};
  const stage = flow.stage ? ` (${flow.stage})` : "";
  return { progress: `${Math.floor(flow.progress * 10) * 10}% of its workflow${stage}` };
}

const failureOf = ({ flow }: PoolFacts) =>
  flow?.state === "failed"
    ? `its workflow failed${flow.stage ? ` at ${flow.stage}` : ""}${flow.reason ? `: ${flow.reason}` : ""}`
    : "";

/** What ends every watch of a cluster, whatever is waited for: undefined where the rest decides. */
function obstacleOf<Sent, Came>(
  { seen: { cluster, short }, facts, rested }: Look<PoolSeen, PoolFacts>,
  handle: Flow | undefined,
  clusterId: string,
): Verdict<Sent, Came> | undefined {
  const open = { is: "open" as const, ...progressOf(facts) };
  if (cluster?.phase === "unusable")
    return {
      is: "unclear",
      why: `${describeCluster(cluster)} cannot be used any more: look at it in the EMR console.`,
    };
  if ((facts.blockedFor ?? 0) < blockedGrace)
    return short && (rested !== undefined && rested >= listLag ? { is: "unclear", why: short } : open);
  const stage = facts.flow?.stage ? ` at ${facts.flow.stage}` : "";
  return {
    is: "unclear",
    why: `Workflow ${handle?.key} ${handle?.value} on ${clusterId} is blocked${stage}: a person has to act in the EMR console. Run \`pulumi up\` again afterwards; it goes on from there.`,
  };
}

/** An order, and what has been seen of it. */
export interface Purchase {
  sentAt: number;
  order: Order;
  /** Nodes that were once seen to be the order's, listed now or not. */
  sighted: readonly string[];
}

export interface Brought {
  nodes: EmrNode[];
  /** What is wrong with it all the same. */
  failure: string;
}

/** What the pool is, as far as what an order brought depends on it. */
export interface Buyer {
  wanted: NodePoolInputs;
  members: ReadonlySet<string>;
  isDelete: boolean;
}

/** The inputs do not go with what an earlier run has begun: they have to be put right before anything is recorded. */
export class InputsDisagree extends StoppedError {}

/** Whether a status is that of a cluster to which nodes are being added. */
const isScalingOut = ({ status }: EmrCluster) => status === 4 || status === 5;

/** What an order brought. */
export function judgeOrder(
  buyer: Buyer,
  purchase: Purchase,
  look: Look<PoolSeen, PoolFacts>,
): Verdict<Purchase, Brought> {
  const { seen, facts, age, rested } = look;
  const { order } = purchase;
  const { wanted } = buyer;
  const { cluster, nodes } = seen;
  if (!cluster) return { is: "unclear", why: `EMR cluster ${wanted.clusterId} is gone.` };
  if (seen.short) return obstacleOf(look, order.flow, wanted.clusterId) as Verdict<Purchase, Brought>;
  const { bought, unclear, sighted } = foundOf(buyer, purchase, look);
  const hasBegun = !order.begun && isScalingOut(cluster);
  const hasNews = hasBegun || sighted.length > purchase.sighted.length;
  const open: Verdict<Purchase, Brought> = {
    is: "open",
    ...progressOf(facts),
    ...(hasNews ? { keep: { sighted, ...(hasBegun ? { order: { ...order, begun: true } } : {}) } } : {}),
  };
  const accounted = accountedFor(wanted, order, nodes);
  const isWhole = bought.length + accounted >= order.count;
  // A list may lag behind, and a token is remembered for a while: before that nothing is called empty.
  const isOver = rested !== undefined && (isWhole || (rested >= listLag && age >= tokenWindow));
  if (!isOver) return obstacleOf(look, order.flow, wanted.clusterId) ?? open;
  const replayed = replayOf(order, facts);
  if (!isWhole) {
    const why = unclear.length > 0 ? explainUnclear(wanted, order, unclear) : undefined;
    // What was listed once and is not any more has come and gone.
    const unseen = order.count - sighted.length - accounted;
    const late = isDone(order, cluster, facts, replayed) && unseen > 0 && age < deliveryWindow;
    const waits = late ? deliveryText(wanted, order, unseen, deliveryWindow - age) : undefined;
    if (why !== undefined || waits !== undefined) return { is: "unclear", why: why ?? waits ?? "" };
  }
  if (order.specHash !== specHash(wanted) && bought.length > 0 && !buyer.isDelete)
    return { is: "unclear", why: new InputsDisagree(disagreement(order, bought)) };
  return conclusion(buyer, order, { nodes: bought, failure: failureOf(facts) }, replayed, look);
}

/** Which nodes are the order's by now, and which may be. */
function foundOf(
  { wanted, members }: Buyer,
  { order, sighted: before }: Purchase,
  { seen: { nodes }, facts, rested, attempt }: Look<PoolSeen, PoolFacts>,
) {
  const { flow } = facts;
  const ended = hasEnded(facts);
  // Without a handle, an accepted order that was watched from the start held the cluster until it was over.
  const isOverUnwatched = !order.flow && order.acknowledged && attempt > 0 && rested !== undefined;
  const found = nodesOfOrder(nodes, wanted, order, {
    flow:
      ended === undefined
        ? isOverUnwatched
          ? "finished"
          : "unknown"
        : !ended
          ? "running"
          : flow?.state === "finished"
            ? "finished"
            : "ended",
    tags: flow?.tags ?? "unknown",
    ...(ended && flow ? { endedAt: flow.endedAt } : {}),
    members,
  });
  const wasSighted = (node: EmrNode) =>
    before.includes(node.emrResourceId) &&
    tagOf(node, poolTag) === undefined &&
    !isSettledByName(wanted, node);
  const bought = nodes.filter((node) => found.bought.includes(node) || wasSighted(node));
  const unclear = found.unclear.filter((node) => !bought.includes(node));
  return { bought, unclear, sighted: [...new Set([...before, ...bought.map((node) => node.emrResourceId)])] };
}

/** When the workflow was begun whose answer the cloud has repeated: before the order was sent, so that it is an earlier one's. */
function replayOf(order: Order, facts: PoolFacts): string | undefined {
  const startedAt = facts.flow?.startedAt;
  const isEarlier = startedAt && order.serverTime !== "" && startedAt < order.serverTime;
  return order.acknowledged && hasEnded(facts) && isEarlier ? startedAt : undefined;
}

const isDone = (order: Order, cluster: EmrCluster, facts: PoolFacts, replayed: string | undefined) =>
  hasEnded(facts) === undefined
    ? cluster.phase === "idle" && (order.acknowledged || order.begun)
    : facts.flow?.state === "finished" && replayed === undefined;

/** What follows from what an order brought. */
function conclusion(
  { wanted, members }: Buyer,
  order: Order,
  came: Brought,
  replayed: string | undefined,
  { seen: { nodes }, attempt, doubt, requestId }: Look<PoolSeen, PoolFacts>,
): Verdict<Purchase, Brought> {
  const result = `brought ${came.nodes.length} of ${nodesOf(order.count, wanted.role)}`;
  const progress = `the order ${result}`;
  if (attempt === 0 || came.nodes.length >= order.count) return { is: "over", came, progress };
  const failed: Verdict<Purchase, Brought> = {
    is: "failed",
    came,
    why: `ScaleOutInstance on ${wanted.clusterId} ${result}${came.failure ? `: ${came.failure}` : ""} (RequestId ${requestId}). What exists is in the stack's state; the next \`pulumi up\` asks only for the rest.`,
  };
  // The token was that of an earlier order: by now the cloud has forgotten it. What that order brought must be nobody's loss.
  const isTaken = doubt ? doubt.kind === "duplicate" : replayed !== undefined;
  const known = new Set([...members, ...came.nodes.map((node) => node.emrResourceId)]);
  const strays = isTaken ? straysOf(wanted, known, nodes, replayed ?? "") : [];
  if (strays.length > 0) return { is: "failed", came, why: explainUnclear(wanted, order, strays) };
  // A repeat is only right where the request got lost on the way, or its token was that of an order which has left nothing.
  const mayRepeat = isTaken || (doubt?.kind === "network" && came.nodes.length === 0);
  if (doubt) return { is: "lost", came, progress, mayRepeat: mayRepeat && came.nodes.length === 0 };
  return isTaken && attempt === 1 ? { is: "lost", came, progress } : failed;
}

/** Nodes that an order of the same token may have brought: where tags are seen, the next plan knows its nodes by them. */
function straysOf(
  wanted: NodePoolInputs,
  known: ReadonlySet<string>,
  nodes: readonly EmrNode[],
  since: string,
): EmrNode[] {
  if (showsTags(nodes)) return [];
  return unowned(nodes, wanted).filter(
    (node) => !known.has(node.emrResourceId) && (node.applyTime ?? since) >= since,
  );
}

const isSettledByName = ({ adopt = [], exclude = [] }: NodePoolInputs, node: EmrNode) =>
  isNamed(node, [...adopt, ...exclude]);

/** Nodes that may be the order's, and of which a person has said whose they are. */
const accountedFor = (wanted: NodePoolInputs, { before }: Order, nodes: readonly EmrNode[]) =>
  nodes.filter((node) => isSettledByName(wanted, node) && !before.includes(node.emrResourceId)).length;

const namesOf = (nodes: readonly EmrNode[]) => nodes.map((node) => node.emrResourceId).join(", ");

const explainUnclear = ({ role, clusterId }: NodePoolInputs, order: Order, unclear: readonly EmrNode[]) =>
  `An order of ${nodesOf(order.count, role)} was sent (ClientToken ${order.token}), and ${namesOf(unclear)} are new on ` +
  `${clusterId}, but carry no tag that says whose they are, or that of another pool of this name. Name those that belong to the pool in adopt, ` +
  "and the others in exclude. Then run `pulumi up` again; until then nothing is bought.";

export const timeTextOf = (at: number) =>
  new Date(at).toISOString().slice(0, 16).replace("T", " ").concat(" UTC");

const deliveryText = (
  { role, clusterId }: NodePoolInputs,
  { token, count }: Order,
  unseen: number,
  left: number,
) =>
  `The order of ${nodesOf(count, role)} (ClientToken ${token}) seems to be done, but ${clusterId} lists only ${count - unseen} of ${count}: the rest may be listed later, and is billed then. Nothing is bought for it for another ${timeText(left / 1000).replace("about ", "")}. Look in the EMR console, and run \`pulumi up\` again later.`;

const disagreement = ({ token }: Order, brought: readonly EmrNode[]) =>
  `An earlier order (ClientToken ${token}) brought ${namesOf(brought)} with other settings than the present ones, before an interrupted run. Go back to the earlier inputs, or name the nodes in adopt to keep them as they are (in exclude to leave them alone), then run \`pulumi up\` again.`;

export interface Removal {
  sentAt: number;
  action: string;
  clusterId: string;
  ids: readonly string[];
  flow?: Flow;
}

/** The nodes of a removal that are there still. */
export function judgeRemoval(
  { action, clusterId, ids, flow }: Removal,
  look: Look<PoolSeen, PoolFacts>,
): Verdict<Removal, EmrNode[]> {
  const { seen, facts, rested, attempt, doubt, requestId } = look;
  if (!seen.cluster) return { is: "over", came: [] };
  const obstacle = seen.short && obstacleOf<Removal, EmrNode[]>(look, flow, clusterId);
  if (obstacle) return obstacle;
  const left = seen.nodes.filter((node) => ids.includes(node.emrResourceId));
  if (rested !== undefined && left.length === 0)
    return { is: "over", came: left, progress: `${ids.join(", ")} removed` };
  if (rested === undefined || hasEnded(facts) === false || rested < removalGrace)
    return obstacleOf<Removal, EmrNode[]>(look, flow, clusterId) ?? { is: "open", ...progressOf(facts) };
  // Prepaid nodes may need to be asked twice; more than that is not patience but a fault.
  if (doubt || attempt < 3) return { is: "lost", came: left };
  const failure = failureOf(facts);
  const why = `${action} on ${clusterId} was accepted (RequestId ${requestId}), but ${namesOf(left)} are still there${failure ? `: ${failure}` : ""}. Look at the cluster in the EMR console.`;
  return { is: "failed", came: left, why };
}

export interface Tagging {
  sentAt: number;
  clusterId: string;
  ids: readonly string[];
  flow?: Flow;
  /** Whether the cloud has said that some could not be set. */
  hasFailed?: boolean;
  /** Whether it is not seen which tags the nodes have, so that there is another way to try. */
  isBlind: boolean;
}

/** Whether tags were set. */
export function judgeTagging(
  { clusterId, hasFailed, isBlind, flow }: Tagging,
  look: Look<PoolSeen, PoolFacts>,
): Verdict<Tagging, boolean> {
  const { facts, rested, attempt, doubt, requestId } = look;
  if (rested === undefined || hasEnded(facts) === false || look.seen.short)
    return obstacleOf<Tagging, boolean>(look, flow, clusterId) ?? { is: "open", ...progressOf(facts) };
  if (doubt) return { is: "lost", came: false, mayRepeat: false };
  if (!hasFailed) return { is: "over", came: true };
  if (isBlind && attempt === 1) return { is: "lost", came: false };
  const why = `ModifyResourcesTags on ${clusterId} did not set all tags (RequestId ${requestId}). Check the tag permissions and that the tags exist, then run \`pulumi up\` again.`;
  return { is: "failed", came: false, why };
}

/** What is known about an order's workflow when its nodes are looked for. */
export interface OrderEvidence {
  /** `unknown` where there is no handle, or it cannot be read; `finished` where it ended well. */
  flow: "unknown" | "running" | "ended" | "finished";
  /** How the stage that binds tags ended, as far as that is known. */
  tags: "bound" | "failed" | "unknown";
  /** When the workflow ended, in the cloud's time: no machine is applied for later. Empty or absent where that is not told. */
  endedAt?: string;
  /** The pool's members so far. */
  members: ReadonlySet<string>;
}

/** How long after an order was sent its machines may have been applied for. */
const applyWindow = 30 * 60_000;

/** How far apart the machines of one order may have been applied for. */
const orderSpread = 5_000;

/**
 * The nodes that an order brought. A tag settles it. Where tags are missing (their stage can fail) or cannot be seen at
 * all, that nodes are new proves nothing unless they are just as many as an order that was filled, applied for together;
 * those in doubt are `unclear`.
 */
export function nodesOfOrder(
  nodes: readonly EmrNode[],
  inputs: NodePoolInputs,
  order: Order,
  evidence: OrderEvidence,
): { bought: EmrNode[]; unclear: EmrNode[] } {
  const isNew = ({ emrResourceId }: EmrNode) => !order.before.includes(emrResourceId);
  // A person has said whose it is.
  const isSettled = (node: EmrNode) => isNamed(node, [...(inputs.adopt ?? []), ...(inputs.exclude ?? [])]);
  const tagged = poolNodes(nodes, inputs).filter(
    (node) =>
      isNew(node) &&
      !isSettled(node) &&
      tagOf(node, specTag) === order.specHash &&
      tagOf(node, ownerTag) === order.owner,
  );
  const untagged = unowned(nodes, inputs).filter(
    (node) =>
      isNew(node) &&
      (node.chargeType === undefined || node.chargeType === order.payMode) &&
      (order.zoneId === undefined || node.zoneId === undefined || node.zoneId === order.zoneId) &&
      (node.applyTime === undefined || node.applyTime >= order.serverTime) &&
      (node.applyTime === undefined || !evidence.endedAt || node.applyTime <= evidence.endedAt),
  );
  const missing = order.count - tagged.length;
  if (evidence.flow === "running" || missing <= 0) return { bought: tagged, unclear: [] };
  // An equal order of a pool of the same name, whose token was the same: it may be this one's twin.
  const twins = poolNodes(nodes, inputs).filter(
    (node) =>
      isNew(node) && !isSettled(node) && !tagged.includes(node) && tagOf(node, specTag) === order.specHash,
  );
  const isVisible = showsTags(nodes);
  // Tags were bound and are seen: what carries none is somebody else's, unless other hands have taken them from a node that
  // a filled order must have brought.
  const isFilled = evidence.flow === "finished";
  if (untagged.length === 0 || (evidence.tags === "bound" && isVisible && !isFilled))
    return { bought: tagged, unclear: twins };
  const near = untagged.filter(({ applyTime }) => (elapsed(order.serverTime, applyTime) ?? 0) <= applyWindow);
  const times = near.map(({ applyTime = "" }) => applyTime).sort();
  const areTogether = (elapsed(times[0], times.at(-1)) ?? 0) <= orderSpread;
  const tagsFailed = evidence.tags === "failed" || !isVisible;
  if (isFilled && tagsFailed && near.length === missing && areTogether) {
    return { bought: [...tagged, ...near], unclear: [] };
  }
  // Members that we bought with tags and that show none are the proof that tags cannot be seen here.
  const own = nodes.some(
    (node) => evidence.members.has(node.emrResourceId) && !isNamed(node, inputs.adopt ?? []),
  );
  const applied = new Set(times);
  if (own && !isVisible && near.length === missing && applied.size === 1) {
    return { bought: [...tagged, ...near], unclear: [] };
  }
  return { bought: tagged, unclear: [...near, ...twins] };
}
