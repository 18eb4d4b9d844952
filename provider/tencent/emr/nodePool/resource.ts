// tencent.EmrNodePool: nodes of one role of an EMR cluster that belong to one owner.
import { createHash } from "node:crypto";

import { type Context, warn } from "../../../base/context";
import { type CheckFailure, StoppedError } from "../../../base/errors";
import type { Place } from "../../../call/account";
import { compare, isSameInput } from "../../../core/diff";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf, inputsThat } from "../../../core/fields";
import { type Note, note } from "../../../core/note";
import { inputsIn, limitedNow, type Operation, outcome, reasonOf, Stopped } from "../../../core/operation";
import { joined, nothing, type Plan } from "../../../core/plan";
import type { Diff, Found, PropertyDiff, Resource } from "../../../core/resource";
import { checkInputs, containsUnknown, isUnknown } from "../../../core/schema";
import { tencentClient, tencentSettings } from "../../config";
import { type EmrNode, findCluster, listNodes, listNodesSurely } from "../cluster";
import { clusterStatus } from "../functions/clusters";
import { getEmrScaleOutPrice } from "../functions/price";
import { birthSettings, specHash } from "./birth";
import { applyPool, usualLimit } from "./calls";
import { InputsDisagree, nodesOfOrder } from "./evidence";
import {
  forgetPool,
  forgetSaved,
  handOver,
  journalKey,
  openOrders,
  openPurchases,
  recallPool,
} from "./orders";
import { planPool, recordedSituation } from "./plan";
import {
  birthProperties,
  longestPoolId,
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  nodePoolOutputs,
  nodePoolRules,
  notInPoolId,
  ownerTag,
  ownTags,
  poolKey,
  poolTag,
  specTag,
} from "./schema";
import { byBirth, nodeOutputOf, poolNodes, survey, tagOf, untaggedAmong } from "./survey";

const description = `Nodes of one role of a Tencent Cloud EMR cluster, bought and removed so that there are always \`count\` of them.

The pool owns the nodes that it bought (they carry the tags \`pulumi-bigdata-pool\`, its name, and \`pulumi-bigdata-owner\`, which
no other pool has) and those that it was told to adopt. Nodes that merely carry its name stop the creation of a pool: name
them in \`adopt\` or \`exclude\`, or choose another \`poolId\`. It never touches nodes of autoscaling, of other pools, or that people bought in the console. Nodes that
disappear show as a difference in \`count\` after a refresh, and the next \`up\` buys as many.

In place change: \`count\`, \`tags\`, \`adopt\`, \`exclude\`, \`scaleIn\`, \`deletionPolicy\`, \`timeouts\`, and, for nodes bought from then
on, \`timeUnit\`, \`timeSpan\`, \`autoRenew\`, \`startServiceAfterScaleOut\`, \`clickHouseClusterType\`
and the secrets of bootstrap scripts and pods. Everything else is fixed at a node's birth:
a change removes the pool's nodes and then buys new ones. A core pool refuses such a change: its data would go first.

Deleting the resource terminates its nodes unless \`deletionPolicy\` is \`leave\`.`;

const isBirthProperty = (property: string) => (birthProperties as string[]).includes(property);

/** The fingerprint, where a preview knows everything that it is made of. */
const knownSpecHash = (inputs: NodePoolInputs) =>
  containsUnknown(birthSettings(inputs)) ? undefined : specHash(inputs);

/** A name that the program has chosen may hold what a tag cannot: it is replaced, and a fingerprint keeps it apart. */
function proposedId(name: unknown): unknown {
  if (typeof name !== "string") return name;
  const taggable = name.replace(notInPoolId, "-").slice(0, longestPoolId);
  if (taggable === name) return name;
  const print = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${taggable.slice(0, longestPoolId - print.length - 1)}-${print}`;
}

/** `defaultPoolId` is what the SDK proposes; a pool that has an id keeps it, whatever its resource is called later. */
function check(given: Record<string, unknown>, olds: Record<string, unknown>) {
  const { defaultPoolId, ...news } = given;
  const hardware = news["hardwareResourceType"];
  const completed = {
    ...news,
    poolId: news["poolId"] ?? olds["poolId"] ?? proposedId(defaultPoolId),
    ...(typeof hardware === "string" && !isUnknown(hardware)
      ? { hardwareResourceType: hardware.toUpperCase() }
      : {}),
  };
  const { inputs, failures } = checkInputs(nodePoolInputs, nodePoolRules, completed);
  if (failures.length === 0 && Object.keys(olds).length > 0)
    failures.push(...checkChange(olds as NodePoolInputs, inputs));
  return { inputs, failures };
}

const coreStays =
  "cannot be changed on a core pool: its nodes and the HDFS data on them would go before new ones come. Make a second pool beside it, move the data, then delete this one";

/** What an existing pool refuses, as far as its inputs tell. */
function checkChange(olds: NodePoolInputs, news: NodePoolInputs): CheckFailure[] {
  if (olds.role !== news.role || isUnknown(news.count)) return [];
  const failures: CheckFailure[] = [];
  if (news.role === "core") {
    for (const property of inputsThat(nodePoolInputs, "replaces")) {
      // What is only now given may be what the pool has, found or imported: `diff` knows.
      if (olds[property] === undefined || containsUnknown(news[property])) continue;
      if (!isSameInput(nodePoolInputs, property, olds[property], news[property], true))
        failures.push({ property, reason: coreStays });
    }
    const mayShrink = isUnknown(news.scaleIn) || news.scaleIn?.allowCoreScaleIn;
    if (news.count < olds.count && !mayShrink) {
      failures.push({
        property: "count",
        reason: `cannot shrink from ${olds.count} to ${news.count}: core nodes lose their HDFS data. Set scaleIn.allowCoreScaleIn to true if that is wanted`,
      });
    }
  }
  if (news.role === "master" && news.count < olds.count) {
    failures.push({
      property: "count",
      reason: `cannot shrink from ${olds.count} to ${news.count}: masters are never removed`,
    });
  }
  return failures;
}

/** A pool's state with what this machine remembers beyond it. */
interface Recalled extends NodePoolState {
  /** Nodes that an earlier run bought, and could not record; they may have gone since. */
  unsaved?: NodeOutput[];
}

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

function diff(olds: NodePoolState, news: NodePoolInputs): Diff {
  // Of an imported pool only the fingerprint of what its nodes were born with is known.
  const isImported = (property: string, before: unknown) =>
    before === undefined && isBirthProperty(property) && olds.specHash === knownSpecHash(news);
  const properties = compare<NodePoolState, NodePoolInputs>(
    {
      inputs: nodePoolInputs,
      recorded: (property) =>
        property === "count" ? (olds.nodes?.length ?? olds.count) : olds[property as keyof NodePoolInputs],
      isExcused: isImported,
    },
    olds,
    news,
  );
  refuseCoreReplacement(olds, news, properties);
  // What an earlier run left to do is done even where the inputs ask for nothing that needs the cloud: people see what it is about.
  if (olds.pendingOrder || olds.untagged || (olds as Recalled).unsaved)
    properties.push({ property: "nodes", kind: "update", replace: false });
  return { changes: properties.length > 0, properties };
}

/** What `checkChange` cannot see: the new value differs from one that was found or imported. */
function refuseCoreReplacement(
  olds: NodePoolState,
  news: NodePoolInputs,
  properties: readonly PropertyDiff[],
): void {
  if (olds.role !== "core" || news.role !== "core") return;
  const refused = properties.filter(
    ({ property, replace, before, after }) =>
      replace &&
      (property === "region" || isBirthProperty(property)) &&
      after !== undefined &&
      !containsUnknown(after) &&
      // The fingerprint tells only once everything is known.
      (before !== undefined || knownSpecHash(news) !== undefined),
  );
  if (refused.length === 0) return;
  const isImported = olds.specHash !== specHash(olds);
  throw new StoppedError(
    `${refused.map(({ property }) => property).join(", ")}: ${coreStays}.${isImported ? " The pool was imported, and its nodes were born with other settings than these." : ""}`,
  );
}

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
    const plan =
      unsaved.length > 0 ? planToFind(unsaved) : planPool(wanted, recordedSituation(recorded, wanted));
    plan.warnings.push(...vanishedNotes(olds));
    return limited(plan, wanted, news ? (olds ? "update" : "create") : "delete");
  }
  const coming = planPool(wanted, recordedSituation(undefined, wanted));
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
  return planPool(news, { ...recordedSituation(undefined, news), claimed }).blocked;
}

async function create(context: Context, news: NodePoolInputs) {
  /** From now on state may hold it. */
  const handOverTo = (state: NodePoolState) => handOver(context, journalKey(state.region, news), state.owner);
  try {
    const state = await applyPool(context, "create", news, undefined);
    handOverTo(state);
    return { id: poolKey(news), state };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
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

async function read(context: Context, id: string, state: NodePoolState) {
  const client = tencentClient(context, state);
  if (!(await findCluster(client, state.clusterId))) return undefined;
  const recorded = (state.nodes ?? []).map(({ resourceId }) => resourceId);
  const listed = await listNodesSurely(client, context.clock, state.clusterId, recorded);
  const { unsaved = [] } = state as Recalled;
  const before = [...(state.vanished ?? []), ...(state.nodes ?? [])];
  const { owner, specHash: spec } = state;
  const order = state.pendingOrder;
  // What an open order has brought so far counts already; the next `up` finds out whether that is all.
  const arrived = order
    ? nodesOfOrder(listed, state, order, { flow: "unknown", tags: "unknown", members: new Set(recorded) })
        .bought
    : [];
  const ids = [
    ...[...before, ...unsaved].map(({ resourceId }) => resourceId),
    ...arrived.map((node) => node.emrResourceId),
  ];
  // Of an imported pool state has the fingerprint, and not the settings.
  const { members } = survey(listed, state, { recorded: ids, owner, spec });
  const nodes = byBirth(members.map(nodeOutputOf), state.nodes);
  const vanished = before
    .filter(({ resourceId }) => !listed.some((node) => node.emrResourceId === resourceId))
    .map(({ resourceId, applyTime }) => ({ resourceId, applyTime }));
  const tags = state.tags?.filter(({ tagKey, tagValue }) =>
    members.every(
      (node) =>
        // Only nodes that show the pool's own tag tell anything about tags.
        !node.tags?.some((tag) => tag.tagKey === poolTag) ||
        node.tags.some((tag) => tag.tagKey === tagKey && tag.tagValue === tagValue),
    ),
  );
  const { untagged: _, vanished: __, unsaved: ___, ...kept } = state as Recalled;
  const untagged = untaggedAmong(members, listed, state).sort();
  const seen: NodePoolState = {
    ...kept,
    ...(untagged.length > 0 ? { untagged } : {}),
    ...(vanished.length > 0 ? { vanished } : {}),
    ...(tags ? { tags } : {}),
    count: nodes.length,
    nodes,
    nodeCount: nodes.length,
    privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
  };
  const hasDrifted = nodes.length !== state.count || !isSameInput(nodePoolInputs, "tags", tags, state.tags);
  return { id, state: seen, ...(hasDrifted ? { inputs: inputsOf(seen) } : {}) };
}

/** The nodes that carry a pool's tag, as that pool. */
async function find(
  context: Context,
  id: string,
  place: Place = {},
): Promise<Found<NodePoolInputs, NodePoolState> | undefined> {
  const [, clusterId = "", role = "", poolId = ""] = /^([^/]+)\/([a-z]+)\/(.+)$/.exec(id) ?? [];
  const parsed = nodePoolInputs.safeParse({ clusterId, role, poolId, count: 0 });
  if (!parsed.success) throw new StoppedError(`The id ${id} must have the form ${importId}.`);
  const client = tencentClient(context, place);
  if (!(await findCluster(client, clusterId))) return undefined;
  const members = poolNodes(await listNodesSurely(client, context.clock, clusterId, []), parsed.data);
  if (members.length === 0) return undefined;
  const hashes = [...new Set(members.map((node) => tagOf(node, specTag) ?? ""))];
  if (hashes.length > 1) {
    throw new StoppedError(
      `The nodes of ${poolId} were bought with different settings (${specTag} ${hashes.join(", ")}) and are no one pool: give some of them another ${poolTag} in the EMR console first.`,
    );
  }
  const owners = [...new Set(members.map((node) => tagOf(node, ownerTag) ?? ""))];
  if (owners.length > 1) {
    throw new StoppedError(
      `The nodes called ${poolId} were bought by different pools (${ownerTag} ${owners.map((owner) => owner || "none").join(", ")}): give those of the others another ${poolTag} in the EMR console first.`,
    );
  }
  const nodes = byBirth(members.map(nodeOutputOf));
  const tags = commonTags(members);
  const inputs = {
    clusterId,
    role: parsed.data.role,
    count: nodes.length,
    poolId,
    // For how many months they were bought is not told; it counts for nodes that are bought later.
    ...(nodes[0]?.chargeType === 1 ? { payMode: 1 as const, timeSpan: 1 } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
  const state: NodePoolState = {
    ...parsed.data,
    ...inputs,
    nodes,
    nodeCount: nodes.length,
    privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
    region: client.region,
    lastFlow: "",
    lastRequestId: "",
    specHash: hashes[0] ?? "",
    ...(owners[0] ? { owner: owners[0] } : {}),
  };
  return { id: poolKey(parsed.data), state, inputs };
}

const importId = "<clusterId>/<role>/<poolId>";

/** Tags that all of them have, beside the pool's own. */
function commonTags(members: readonly EmrNode[]): NonNullable<NodePoolInputs["tags"]> {
  return (members[0]?.tags ?? [])
    .filter(({ tagKey }) => !ownTags.includes(tagKey))
    .filter(({ tagKey, tagValue }) => members.every((node) => tagOf(node, tagKey) === tagValue))
    .map(({ tagKey, tagValue }) => ({ tagKey, tagValue }));
}

function inputsOf(state: NodePoolState): NodePoolInputs {
  return inputsIn(nodePoolInputs, state);
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
  proposals: ({ project, stack, name }) => ({ defaultPoolId: `${project}/${stack}/${name}` }),
  find,
  foresee: async (_context, _olds, news) => {
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
