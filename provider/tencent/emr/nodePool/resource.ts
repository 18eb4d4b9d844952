import { type Context, warn } from "../../../base/context";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf, inputsThat } from "../../../core/fields";
import { type Note, note } from "../../../core/note";
import { EndedEarly, limitedNow, type Operation, outcome, reasonOf } from "../../../core/operation";
import { joined, nothing, type Plan } from "../../../core/plan";
import type { Resource } from "../../../core/resource";
import { containsUnknown, isUnknown } from "../../../core/schema";
import { tencentClient, tencentSettings } from "../../config";
import { findCluster, listNodes } from "../cluster";
import { clusterStatus } from "../functions/clusters";
import { getEmrScaleOutPrice } from "../functions/price";
import { applyPool, usualLimit } from "./calls";
import { check, diff, inputsOf, knownSpecHash, type Recalled } from "./changes";
import { InputsDisagree } from "./evidence";
import {
  forgetPool,
  forgetSaved,
  handOver,
  journalKey,
  openOrders,
  openPurchases,
  recallPool,
} from "./orders";
import { planPool, recordedPool } from "./plan";
import { find, importId, read } from "./read";
import {
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  nodePoolOutputs,
  poolKey,
} from "./schema";
import { survey } from "./survey";

const description = `Nodes of one role of a Tencent Cloud EMR cluster, bought and removed so that there are always \`count\` of them.

The pool owns the nodes that it bought (they carry the tags \`pulumi-bigdata-pool\`, its name, and \`pulumi-bigdata-owner\`, which
no other pool has) and those that it was told to adopt. Nodes that merely carry its name stop the creation of a pool: name
them in \`adopt\` or \`exclude\`, or choose another \`poolId\`. It never touches nodes of autoscaling, of other pools, or that people bought in the console. Nodes that
disappear show as a difference in \`count\` after a refresh, and the next \`up\` buys as many.

In place change: \`count\`, \`tags\`, \`adopt\`, \`exclude\`, \`scaleIn\`, \`deletionPolicy\`, \`timeouts\`, and, for nodes bought from then
on, \`timeUnit\`, \`timeSpan\`, \`autoRenew\`, \`startServiceAfterScaleOut\`, \`clickHouseClusterType\`
and the secrets of bootstrap scripts and pods. Everything else is fixed at a node's birth:
a change removes the pool's nodes and then buys new ones. A core pool refuses such a change: its data would go first.

Deleting the resource terminates its nodes unless \`deletionPolicy\` is \`leave\`.

Beside the cloud's own provider: a cluster that it has made sees the pool's nodes at its next refresh (or Terraform plan),
and wants to **replace the cluster**. Give the cluster \`protect: true\` and \`ignoreChanges\` of
\`resourceSpec.taskCount\` and \`resourceSpec.taskResourceSpec\` (for a core pool of \`resourceSpec.coreCount\` and
\`resourceSpec.coreResourceSpec\`), leave both out of its program, and take \`terminateNodeInfos\` out. In Terraform:
\`lifecycle { prevent_destroy = true, ignore_changes = [resource_spec[0].task_count, resource_spec[0].task_resource_spec] }\`.
A \`tencentcloud_emr_cluster_v2\` may have no blocks of the pool's role, and the pool no zone or subnet that the cluster has not.
\`pulumi-bigdata plan\` tells of all this.`;

function recall(
  context: Context,
  olds: NodePoolState | undefined,
  news: NodePoolInputs | undefined,
): Recalled | undefined {
  const pool = olds ?? news;
  const region = olds?.region ?? placeOf(context, news);
  if (!pool || region === undefined) return olds;
  const { pendingOrder, brought } = recallPool(context, journalKey(region, pool), olds);
  if (!pendingOrder && brought.length === 0 && !olds?.pendingOrder) return olds;
  const { pendingOrder: _, ...rest } = olds ?? { ...(news as NodePoolInputs), ...emptyPool(region) };
  // What is bought and not recorded is looked for first; an order in state that is over by now is no longer one.
  return { ...rest, ...(pendingOrder ? { pendingOrder } : { unsaved: brought }) };
}

/** The region of a pool that is only now being made, where everything is known that says it. */
function placeOf(context: Context, news: NodePoolInputs | undefined): string | undefined {
  if (!news || [news.region, news.profile, news.clusterId, news.poolId].some(isUnknown)) return undefined;
  try {
    return tencentSettings(context.config, news).region;
  } catch {
    return undefined;
  }
}

const emptyPool = (region: string) => ({
  nodes: [],
  nodeCount: 0,
  privateIps: [],
  region,
  lastFlow: "",
  lastRequestId: "",
  specHash: "",
});

function planFromState(olds: Recalled | undefined, news: NodePoolInputs | undefined): Plan {
  const wanted = news ?? (olds ? { ...olds, count: 0 } : undefined);
  if (!wanted) return nothing();
  if (!news && wanted.deletionPolicy === "leave") {
    return nothing(note("staysBilled", "deletionPolicy is leave: the nodes stay, and are billed"));
  }
  if (isUnknown(wanted.count)) {
    return nothing(note("unknownInput", "count is not known yet", "count"));
  }
  const isReplacement = news && olds && diff(olds, news).properties.some(({ replace }) => replace);
  const isShrinking = !isReplacement && olds && wanted.count < olds.nodes.length;
  if (isShrinking && containsUnknown(wanted.scaleIn)) {
    const text = "scaleIn is not known yet: it says which nodes go, and whether core nodes may";
    return nothing(note("unknownInput", text, "scaleIn"));
  }
  if (news && !isReplacement && containsUnknown(wanted.adopt)) {
    const text = "adopt is not known yet: it says which nodes are there already, and so how many are bought";
    return nothing(note("unknownInput", text, "adopt"));
  }
  // Nobody needs tags on nodes that are about to go.
  const recorded = olds && !news ? { ...olds, untagged: [] } : olds;
  if (!isReplacement) {
    const unsaved = olds?.unsaved ?? [];
    const plan = unsaved.length > 0 ? planToFind(unsaved) : planPool(wanted, recordedPool(recorded, wanted));
    plan.warnings.push(...vanishedNotes(olds));
    return limited(plan, wanted, news ? (olds ? "update" : "create") : "delete");
  }
  const coming = planPool(wanted, recordedPool(undefined, wanted));
  return joined(planFromState(olds, undefined), limited(coming, wanted, "create"));
}

/** What an earlier run bought, and could not record, may be there still. */
function planToFind(unsaved: readonly NodeOutput[]): Plan {
  const ids = unsaved.map(({ resourceId }) => resourceId).join(", ");
  return {
    steps: [{ kind: "settle", summary: `look for ${ids}, which an earlier run bought and could not record` }],
    warnings: [note("settleFirst", "the rest is planned once that is known")],
    blocked: [],
  };
}

function vanishedNotes(olds: NodePoolState | undefined): Note[] {
  const vanished = (olds?.vanished ?? []).map(({ resourceId }) => resourceId);
  if (vanished.length === 0) return [];
  const text = `${vanished.join(", ")} vanished from the cluster: if a new node is there that nobody owns, \`pulumi up\` stops and asks whether it is the replacement`;
  return [note("gone", text)];
}

const limited = (plan: Plan, { timeouts }: NodePoolInputs, operation: Operation) =>
  warnedOfTimeout(plan, timeouts, operation, usualLimit);

/** Nodes that carry the name of a pool that is only now being made, such as those of a stack whose state was lost. */
async function inTheWay(context: Context, news: NodePoolInputs): Promise<Note[]> {
  const client = tencentClient(context, news);
  const nodes = await listNodes(client, news.clusterId);
  const { left } = openOrders(context, journalKey(client.region, news), undefined);
  const claimed = survey(nodes, news, { recorded: [], owner: undefined })
    .claimed.filter(({ node }) => !left.includes(node.emrResourceId))
    .map(({ node, isForeign }) => ({ resourceId: node.emrResourceId, isForeign }));
  return planPool(news, { ...recordedPool(undefined, news), claimed }).blocked;
}

async function create(context: Context, news: NodePoolInputs) {
  /** From now on state may hold it. */
  const handOverTo = (state: NodePoolState) => handOver(context, journalKey(state.region, news), state.owner);
  try {
    const state = await applyPool(context, "create", news, undefined);
    handOverTo(state);
    return { id: poolKey(news), state };
  } catch (error) {
    if (!(error instanceof EndedEarly)) throw error;
    const state = error.state as NodePoolState | undefined;
    // Where nothing exists and nothing is under way there is nothing to record.
    const isEmpty = !state || (state.nodes.length === 0 && state.pendingOrder === undefined);
    if (isEmpty || error.reason instanceof InputsDisagree) throw error.reason;
    if (error.touched) handOverTo(state);
    throw outcome(error, poolKey);
  }
}

const laterInputs: readonly string[] = inputsThat(nodePoolInputs, "later");

async function update(context: Context, id: string, olds: NodePoolState, news: NodePoolInputs) {
  const { properties } = diff(olds, news);
  // Nothing in the cloud depends on these: they are for what comes later.
  const isPolicyOnly =
    properties.length > 0 && properties.every(({ property }) => laterInputs.includes(property));
  if (isPolicyOnly) return { ...olds, ...emptied(olds), ...news, region: olds.region };
  try {
    return await applyPool(context, "update", news, olds);
  } catch (error) {
    throw outcome(error, () => id);
  }
}

/** The old inputs, taken away: what is not among the new ones shall not stay. */
function emptied(olds: NodePoolState): Partial<NodePoolState> {
  return Object.fromEntries(
    Object.keys(inputsOf(olds)).map((name) => [name, undefined]),
  ) as Partial<NodePoolState>;
}

async function remove(context: Context, _id: string, olds: NodePoolState): Promise<void> {
  const limit = { operation: "delete", timeouts: olds.timeouts, limit: usualLimit } as const;
  const client = tencentClient(await limitedNow(context, limit), olds);
  const key = journalKey(client.region, olds);
  if (olds.deletionPolicy === "leave") {
    const left = olds.nodes.map(({ resourceId }) => resourceId);
    const names = left.length > 0 ? `: ${left.join(", ")}` : "";
    warn(context, `deletionPolicy is leave: ${left.length} node(s) stay and are billed${names}`);
    // An order that is still open is left to `pulumi-bigdata pending`: it may bring nodes yet.
    if (!olds.pendingOrder) forgetPool(context, key, olds.owner, left);
    return;
  }
  if (!(await findCluster(client, olds.clusterId))) {
    context.progress(`cluster ${olds.clusterId} is gone, and its nodes with it`);
    return;
  }
  try {
    await applyPool(context, "delete", { ...inputsOf(olds), count: 0 }, olds);
    forgetPool(context, key, olds.owner);
  } catch (error) {
    // The cluster may have gone while its lock was waited for.
    const isGone = await findCluster(client, olds.clusterId).then(
      (cluster) => cluster === undefined,
      () => false,
    );
    if (isGone) return;
    throw reasonOf(error);
  }
}

/** What carries a new pool's name: taken over where `adopt` says so, and else a reason to stop. */
function takeOver(found: NodePoolState, news: NodePoolInputs): { state?: NodePoolState; warnings: Note[] } {
  const idsOf = (nodes: readonly NodeOutput[]) => nodes.map(({ resourceId }) => resourceId);
  if (diff(found, news).properties.some(({ replace }) => replace)) {
    const text = `${idsOf(found.nodes).join(", ")} carry the pool's tag, but were bought with other settings: it goes on where adopt or exclude names them, or deletionPolicy is leave, and else stops`;
    return { warnings: [note("leftAlone", text)] };
  }
  const isIn = (ids: readonly string[] | undefined) => (node: NodeOutput) =>
    Array.isArray(ids) && (ids.includes(node.resourceId) || ids.includes(node.orderNo));
  const nodes = found.nodes.filter(isIn(news.adopt));
  const open = found.nodes.filter((node) => !isIn(news.adopt)(node) && !isIn(news.exclude)(node));
  const text = `${idsOf(open).join(", ")} carry the name of this pool: \`up\` stops and asks whose they are, unless a run on this machine bought them for it`;
  const warnings = open.length === 0 ? [] : [note("askFirst", text)];
  if (nodes.length === 0) return { warnings };
  // The new pool puts its own mark on what it takes over.
  return { state: { ...found, nodes, nodeCount: nodes.length, untagged: idsOf(nodes) }, warnings };
}

export const emrNodePool: Resource<NodePoolInputs, NodePoolState> = {
  type: "tencent:EmrNodePool",
  description,
  ...fieldsOf(nodePoolInputs, nodePoolOutputs),
  deleteBeforeReplace: true,
  neverBesideOld:
    "the old pool and the new one would own the same nodes. Make a second pool beside it instead",
  importId,
  subject: {
    kind: "cluster",
    id: "clusterId",
    part: "poolId",
    size: "count",
    importIds: ({ clusterId, role, poolId }) =>
      clusterId && role && poolId ? [poolKey({ clusterId, role, poolId })] : [],
    status: clusterStatus,
    prices: { asked: getEmrScaleOutPrice, isMonthly: ({ payMode }) => payMode === 1 },
  },
  takeOver,
  defaultsFromName: ({ project, stack, name }) => ({ defaultPoolId: `${project}/${stack}/${name}` }),
  find,
  previewOutputs: async (_context, _olds, news) => {
    const hash = knownSpecHash(news);
    return {
      ...(isUnknown(news.count) ? {} : { nodeCount: news.count }),
      ...(hash === undefined ? {} : { specHash: hash }),
    };
  },
  check,
  claims: ({ clusterId, role, poolId, adopt = [] }) => [
    { property: "poolId", thing: `pool ${poolId} of ${role} nodes on ${clusterId}` },
    ...(Array.isArray(adopt) ? adopt : []).map((id) => ({
      property: "adopt",
      thing: `node ${id} of ${clusterId}`,
    })),
  ],
  recall,
  openOn: openPurchases,
  forgetSaved: (context, saved) => forgetSaved(context, journalKey(saved.region, saved), saved),
  diff,
  planFromState,
  inTheWay,
  create,
  read,
  update,
  delete: remove,
  partsOf: ({ nodes }) => nodes.map(({ resourceId }) => resourceId),
};
