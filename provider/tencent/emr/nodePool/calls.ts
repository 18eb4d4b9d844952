// Makes a cluster hold the nodes that a pool wants: what each call sends, and what is remembered of it. Promises: nothing is
// bought while it is not known what an earlier order brought, only members are removed, and whatever exists when it ends is
// told to the caller.

import { type Context, warn } from "../../../base/context";
import { CloudError, messageOf } from "../../../base/errors";
import { apply, type Call, type Work } from "../../../core/apply";
import { exclusively, type Limited, type Operation } from "../../../core/operation";
import { type CallStep, requestOf } from "../../../core/plan";
import type { TencentClient } from "../../client";
import { tencentClient } from "../../config";
import { modifyResourcesTags, terminateClusterNodes, terminateTasks } from "../api";
import { describeCluster, type EmrNode, flowOf, timeOf } from "../cluster";
import { inquiryPriceScaleOutInstance, scaleOutInstance } from "../purchaseApi";
import { priceRequest, specHash, tagsFor } from "./birth";
import {
  type Brought,
  isMoving,
  judgeOrder,
  judgeRemoval,
  judgeTagging,
  type PoolFacts,
  type PoolSeen,
  type Purchase,
  type Removal,
  type Tagging,
  timeTextOf,
} from "./evidence";
import { PoolMembers } from "./members";
import { ClusterLooks } from "./observe";
import { otherOpenOrders } from "./orders";
import { nodesOf, planPool } from "./plan";
import { type NodePoolInputs, type NodePoolState, type Order, poolTag } from "./schema";
import { byBirth, nodeOutputOf } from "./survey";

/** Limit of an operation where the program sets none. */
export const usualLimit = "60m";

/**
 * Makes the cluster hold what is wanted, under the cluster's lock. `known` is what state recorded. Throws EndedEarly with
 * what exists where that does not succeed.
 */
export async function applyPool(
  context: Context,
  operation: Operation,
  wanted: NodePoolInputs,
  known: NodePoolState | undefined,
): Promise<NodePoolState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `tencent/${tencentClient(context, place).region}/${clusterId}`;
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    apply(
      limited,
      poolWork(limited, tencentClient(limited, place), operation, wanted, known),
      known?.lastRequestId,
    ),
  );
}

/** Those of the nodes that a plan names, in its order. */
const named = (ids: readonly string[], nodes: readonly EmrNode[]) =>
  ids.flatMap((id) => nodes.find(({ emrResourceId }) => emrResourceId === id) ?? []);

/** How long the pause is between looks at nodes that have no machine ids yet, in milliseconds. */
const machinePause = 10_000;

function poolWork(
  context: Limited,
  client: TencentClient,
  operation: Operation,
  wanted: NodePoolInputs,
  known: NodePoolState | undefined,
): Work<NodePoolState, PoolSeen> {
  const { clusterId, role } = wanted;
  const members = new PoolMembers(context, client, operation, wanted, known);
  const { orders } = members;
  const cluster = new ClusterLooks(context, client, clusterId, known?.lastFlow ?? "");
  const buyer = { wanted, members: members.ids, isDelete: operation === "delete" };
  const bought = { nodes: 0, batches: 0 };
  /** What an earlier run has ordered is no batch of this one. */
  let hasOrdered = false;
  let isAdopting = false;
  let hasEndedEarly = false;
  /** How many nodes the latest plan lacks. */
  let missing = 0;
  /** For how many nodes the price was asked. */
  let asked = 0;

  /** Says for how much the nodes go; what says that the purchase cannot succeed ends it here. */
  async function askPrice(summary: string, { cluster: seen }: PoolSeen, count: number): Promise<boolean> {
    const zoneId = wanted.zoneId ?? seen?.zoneId;
    if (zoneId === undefined || count <= asked) return false;
    asked = count;
    try {
      const answer = await client.call(inquiryPriceScaleOutInstance, priceRequest(wanted, count, zoneId));
      const cost = answer.discountCost ?? answer.originalCost;
      if (cost) context.progress(`price of ${nodesOf(count, role)}: ${cost} CNY ${perText(wanted)}`);
    } catch (error) {
      if (isFutile(error)) throw error;
      context.progress(`could not ${summary}, goes on without: ${messageOf(error)}`);
    }
    // What was there before a purchase tells later what is new: it is looked at again.
    return true;
  }

  const buying: Call<PoolSeen, Purchase, Brought, PoolFacts> = {
    repeats: 1,
    intend({ buys = 0 }, { nodes }, sentAt) {
      hasOrdered = true;
      const order = {
        ...{ sentAt, serverTime: timeOf(nodes), count: buys, specHash: specHash(wanted) },
        payMode: wanted.payMode,
        ...(wanted.zoneId === undefined ? {} : { zoneId: wanted.zoneId }),
        // A member that is not listed just now is none that the order brings.
        before: [...new Set([...nodes.map((node) => node.emrResourceId), ...members.ids])],
      };
      const living = members.living(nodes).map((node) => node.emrResourceId);
      return { sentAt, order: orders.begin(order, wanted, living), sighted: [] };
    },
    remember: ({ order }) => orders.save(order),
    async send(step, { order }) {
      const answer = await client.call(scaleOutInstance, {
        ...requestOf(scaleOutInstance, step),
        clientToken: order.token,
        tags: tagsFor(wanted, orders.owner),
      });
      const flow = flowOf(answer);
      const keep = { order: { ...order, acknowledged: true, ...(flow ? { flow } : {}) } };
      return { requestId: answer.requestId, keep };
    },
    facts: (sent) => cluster.facts(sent, sent.order.flow, members),
    isMoving,
    judge: (sent, look) => judgeOrder(buyer, sent, look),
    waitingFor: ({ order: { count, token } }) =>
      `what the order of ${nodesOf(count, role)} (ClientToken ${token}) brought${cluster.shortText}`,
    forget({ order }, { nodes, failure } = { nodes: [], failure: "" }) {
      if (nodes.length >= order.count && failure !== "") warn(context, `the nodes are there, but ${failure}`);
      members.bought(nodes);
      orders.settle(order, nodes.map(nodeOutputOf));
      if (nodes.length === 0 || !hasOrdered) return;
      bought.nodes += nodes.length;
      bought.batches += 1;
    },
  };

  const removing: Call<PoolSeen, Removal, EmrNode[], PoolFacts> = {
    repeats: 5,
    intend: ({ action, removes = [] }, _seen, sentAt) => ({ action, clusterId, sentAt, ids: removes }),
    async send(step, { ids }) {
      const { answer, used } = await sendRemoval(client, wanted, step, ids);
      const flow = flowOf(answer);
      return {
        requestId: answer.requestId,
        ...(used === step.action ? {} : { progress: ` as ${used}` }),
        keep: flow ? { flow } : {},
      };
    },
    // Removal goes by id: what is gone is gone, and what is still there is asked for again by the next plan.
    refused: ({ kind }, attempt) => (kind === "gone" && attempt <= 5 ? "plan" : undefined),
    facts: (sent) => cluster.facts(sent, sent.flow, members),
    isMoving,
    judge: judgeRemoval,
    waitingFor: ({ ids }) => `${ids.join(", ")} to be gone${cluster.shortText}`,
    forget({ ids }, left) {
      const gone = left && ids.filter((id) => !left.some((node) => node.emrResourceId === id));
      if (gone) members.gone(gone);
    },
  };

  /** Whether keys on nodes that show no tags are taken to be there already. */
  let takesKeysAsThere = false;
  const tagging: Call<PoolSeen, Tagging, boolean, PoolFacts> = {
    repeats: 1,
    intend({ targets = [] }, { nodes }, sentAt) {
      const isBlind = named(targets, nodes).some((node) => !node.tags);
      return { clusterId, sentAt, ids: targets, isBlind };
    },
    async send(_step, { ids }) {
      const { nodes = [], cluster: seen } = cluster.last ?? {};
      const answer = await client.call(modifyResourcesTags, {
        modifyType: "Node",
        modifyResourceTagsInfoList: named(ids, nodes).map((node) =>
          tagRequest(node, {
            region: client.region,
            uin: seen?.uin,
            tags: tagsFor(wanted, orders.owner),
            dropped: members.droppedTags(),
            isThere: takesKeysAsThere,
          }),
        ),
      });
      const flow = flowOf({ flowId: answer.clusterToFlowIdList?.find(({ flowId }) => flowId)?.flowId });
      const hasFailed = (answer.failList ?? []).length + (answer.partSuccessList ?? []).length > 0;
      return { requestId: answer.requestId, keep: { hasFailed, ...(flow ? { flow } : {}) } };
    },
    facts: (sent) => cluster.facts(sent, sent.flow, members),
    isMoving,
    judge: judgeTagging,
    waitingFor: () => "the tags to be set",
    forget({ ids }, isSet) {
      // Where a node's tags cannot be seen it is not known whether a key is there: then the other way is right.
      takesKeysAsThere = isSet === false;
      if (!isSet) return;
      for (const id of ids) members.tagged.add(id);
      const nodes = cluster.last?.nodes ?? [];
      if (members.living(nodes).every((node) => members.memberOf(node, nodes).tags !== "wrong"))
        members.appliedTags = wanted.tags ?? [];
    },
  };

  return {
    name: `cluster ${clusterId}`,
    look: (isClose) => cluster.look(isClose),
    busy({ cluster: seen, short }) {
      if (short) return short.message;
      return seen?.phase === "busy" ? describeCluster(seen) : undefined;
    },
    missing({ nodes }) {
      // A cluster without a single node, not even a master, is hardly one.
      if (nodes.length === 0) return [{ id: "any" }];
      return members
        .expected()
        .filter((id) => !nodes.some(({ emrResourceId }) => emrResourceId === id))
        .map((id) => ({ id }));
    },
    async begin() {
      if (operation === "create") reportOthers(context, client.region, wanted, members.key);
      return undefined;
    },
    open() {
      const order = orders.open();
      return (
        order && {
          call: "ScaleOutInstance",
          sent: purchaseOfEarlier(order, members.ids),
          what: `an earlier order of ${nodesOf(order.count, role)}`,
        }
      );
    },
    plan({ nodes }) {
      const { target, ...observed } = members.observed(nodes);
      missing = target - observed.members.length;
      const plan = planPool({ ...wanted, count: target }, { ...observed, bought });
      plan.blocked.push(...members.ordersOfOthers(nodes));
      const bringsTags = plan.steps.some(
        (step) => step.kind === "call" && step.action === "ModifyResourcesTags",
      );
      // Members that are not listed just now may come back with the tags that they had.
      if (!bringsTags && !members.hasLost(nodes)) members.appliedTags = wanted.tags ?? [];
      return plan;
    },
    async does(step, seen) {
      if (step.kind === "adopt") {
        members.adopt(step.nodes, seen.nodes);
        isAdopting = true;
      }
      if (step.kind === "ask") return askPrice(step.summary, seen, missing);
      if (step.kind !== "wait" || !step.until) return false;
      context.progress(step.summary);
      await context.clock.sleep(machinePause);
      return true;
    },
    calls: {
      ScaleOutInstance: buying,
      TerminateClusterNodes: removing,
      TerminateTasks: removing,
      ModifyResourcesTags: tagging,
    },
    state({ nodes }, lastRequestId) {
      // What was not seen is as it is recorded.
      const { hasListed } = cluster;
      const own = hasListed
        ? byBirth(members.living(nodes).map(nodeOutputOf), known?.nodes)
        : (known?.nodes ?? []);
      const pendingOrder = orders.open();
      const untagged = hasListed ? members.untagged(nodes) : (known?.untagged ?? []);
      const vanished = hasListed ? members.lastingVanished(nodes) : [];
      const { tags: _tags, adopt, ...inputs } = wanted;
      const isTaken = (id: string) =>
        known?.adopt?.includes(id) ||
        own.some(({ resourceId, orderNo }) => resourceId === id || orderNo === id);
      return {
        ...inputs,
        // Of what is wanted, as much is recorded as there is: the next preview shows what is missing.
        ...(hasEndedEarly ? { count: own.length } : {}),
        ...(adopt ? { adopt: adopt.filter(isTaken) } : {}),
        ...(members.appliedTags?.length || wanted.tags ? { tags: members.appliedTags ?? [] } : {}),
        nodes: own,
        nodeCount: own.length,
        privateIps: own.map(({ ip }) => ip).filter((ip) => ip !== ""),
        region: client.region,
        lastFlow: cluster.lastFlow,
        lastRequestId,
        specHash: specHash(wanted),
        owner: orders.owner,
        ...(pendingOrder ? { pendingOrder } : {}),
        ...(vanished.length > 0 ? { vanished } : {}),
        ...(untagged.length > 0 ? { untagged } : {}),
      };
    },
    mustRecord: () => isAdopting,
    endedEarly() {
      hasEndedEarly = true;
      return undefined;
    },
  };
}

/** What state has of an order is its own, also where other hands have taken the tags away since. */
const purchaseOfEarlier = (order: Order, ids: ReadonlySet<string>): Purchase => ({
  sentAt: order.sentAt,
  order,
  sighted: [...ids].filter((id) => !order.before.includes(id)),
});

function perText({ payMode, timeSpan }: NodePoolInputs): string {
  return payMode === 1 ? `for ${timeSpan} month${timeSpan === 1 ? "" : "s"}` : "per hour";
}

/** Whether a question for the price says that the purchase cannot succeed. */
const isFutile = (error: unknown) =>
  error instanceof CloudError &&
  (["soldOut", "credentials", "unsent"].includes(error.kind) ||
    error.code === "ResourceUnavailable.ResourceSpecNotDefaultSpec");

async function sendRemoval(
  client: TencentClient,
  { role, clusterId, scaleIn }: NodePoolInputs,
  step: CallStep,
  ids: readonly string[],
) {
  if (step.action === terminateTasks.name)
    return { used: step.action, answer: await client.call(terminateTasks, requestOf(terminateTasks, step)) };
  try {
    const answer = await client.call(terminateClusterNodes, requestOf(terminateClusterNodes, step));
    return { used: step.action, answer };
  } catch (error) {
    // Editions without the newer call still have the older one, for task nodes and without grace.
    const isMissing = error instanceof CloudError && error.code.startsWith("InvalidAction");
    if (!isMissing || role !== "task" || scaleIn?.graceSeconds) throw error;
    const answer = await client.call(terminateTasks, { instanceId: clusterId, resourceIds: [...ids] });
    return { used: terminateTasks.name, answer };
  }
}

interface TagChange {
  region: string;
  /** The account; undefined where it is not told. */
  uin: string | undefined;
  tags: NonNullable<NodePoolInputs["tags"]>;
  dropped: NonNullable<NodePoolInputs["tags"]>;
  /** Whether keys on a node that shows no tags are taken to be there. */
  isThere: boolean;
}

function tagRequest(node: EmrNode, { region, uin, tags, dropped, isThere }: TagChange) {
  const has = (key: string) => node.tags?.some(({ tagKey }) => tagKey === key) ?? isThere;
  const modify = tags.filter(({ tagKey }) => has(tagKey));
  const add = tags.filter(({ tagKey }) => !has(tagKey));
  const drop = dropped.filter(({ tagKey }) => has(tagKey));
  return {
    resourceId: node.emrResourceId,
    // Where the account is not told, the name is taken without it.
    resource: `qcs::emr:${region}:uin/${uin ?? ""}:emr-vm/${node.emrResourceId}`,
    resourcePrefix: "emr-vm" as const,
    resourceRegion: region,
    serviceType: "emr" as const,
    ...(add.length > 0 ? { addTags: add } : {}),
    ...(modify.length > 0 ? { modifyTags: modify } : {}),
    ...(drop.length > 0 ? { deleteTags: drop } : {}),
  };
}

/** Tells of orders of other pools on the cluster, whose outcome is open. */
function reportOthers(context: Context, region: string, { clusterId }: NodePoolInputs, key: string): void {
  const { orders, unreadable } = otherOpenOrders(context, `${region}/${clusterId}`, key);
  for (const { name, why } of unreadable)
    warn(
      context,
      `whether another pool has an order open is not known: the journal ${name} cannot be read (${why})`,
    );
  for (const { name, isUnderWay, ...other } of orders) {
    const order = `order of ${nodesOf(other.count, other.role)}, sent ${timeTextOf(other.sentAt)}`;
    if (isUnderWay)
      context.progress(`pool ${name} has an ${order}, under way in another run on this machine`);
    else
      warn(
        context,
        `pool ${name} on ${clusterId} has an ${order}, whose outcome is not known. If that pool has got another name since, its nodes carry the old one in the tag ${poolTag}: adopt or remove them`,
      );
  }
}
