// tencent.EmrNodePool: nodes of one role of an EMR cluster that belong to one owner.

import type { Context } from "../context";
import { PartialFailure } from "../errors";
import type { Plan } from "../plan";
import type { Diff, PropertyDiff, Resource } from "../resource";
import { checkInputs, containsUnknown, isUnknown } from "../schema";
import { clientInRegion } from "./config";
import { findCluster, listNodesSurely } from "./emrCluster";
import { nodeOutputOf, planPool, recordedSituation, specHash, survey } from "./emrNodePoolPlan";
import { applyPool, PoolStopped, poolKey } from "./emrNodePoolRun";
import {
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  nodePoolOutputs,
  nodePoolRules,
  poolTag,
  replaceOnChanges,
  sameMeaning,
  secretInputs,
} from "./emrNodePoolSchema";

const description = `Nodes of one role of a Tencent Cloud EMR cluster, bought and removed so that there are always \`count\` of them.

The pool owns the nodes that it bought (they carry the tag \`pulumi-bigdata-pool\`) and those that it was told to
adopt. It never touches nodes of autoscaling, of other pools, or that people bought in the console. Nodes that
disappear show as a difference in \`count\` after a refresh, and the next \`up\` buys as many.

In place change: \`count\`, \`tags\`, \`adopt\`, \`scaleIn\`, \`deletionPolicy\`, \`timeouts\`, and, for nodes bought from then
on, \`timeUnit\`, \`timeSpan\`, \`autoRenew\` and \`startServiceAfterScaleOut\`. Everything else is fixed at a node's birth:
a change removes the pool's nodes and then buys new ones.

Deleting the resource terminates its nodes unless \`deletionPolicy\` is \`leave\`.`;

const inputNames = Object.keys(nodePoolInputs.shape) as (keyof NodePoolInputs)[];

function check(news: Record<string, unknown>) {
  return checkInputs(nodePoolInputs, nodePoolRules, news);
}

function diff(olds: NodePoolState, news: NodePoolInputs): Diff {
  const properties: PropertyDiff[] = [];
  for (const property of inputNames) {
    const before = property === "count" ? (olds.nodes?.length ?? olds.count) : olds[property];
    const after = news[property];
    if (containsUnknown(after) ? false : sameMeaning(property, before, after)) continue;
    properties.push({
      property,
      kind: before === undefined ? "add" : after === undefined ? "delete" : "update",
      replace: (replaceOnChanges as readonly string[]).includes(property),
    });
  }
  const isPending = olds.pendingOrder !== undefined;
  if (isPending && properties.length === 0) {
    properties.push({ property: "pendingOrder", kind: "delete", replace: false });
  }
  // Seen by a run that goes on to use this resource; one that is replaced lets its pool go first.
  if (!properties.some(({ replace }) => replace)) held.add(poolKey(olds));
  return { changes: properties.length > 0, properties, deleteBeforeReplace: true };
}

function planFromState(olds: NodePoolState | undefined, news: NodePoolInputs | undefined): Plan {
  const wanted = news ?? (olds ? { ...olds, count: 0 } : undefined);
  if (!wanted) return { steps: [], warnings: [], blocked: [] };
  if (!news && wanted.deletionPolicy === "leave") {
    return { steps: [], warnings: ["deletionPolicy is leave: the nodes stay, and are billed"], blocked: [] };
  }
  if (isUnknown(wanted.count)) {
    return { steps: [], warnings: ["count is not known yet"], blocked: [] };
  }
  const isReplacement = news && olds && diff(olds, news).properties.some(({ replace }) => replace);
  if (!isReplacement) return planPool(wanted, recordedSituation(olds, wanted));
  const going = planFromState(olds, undefined);
  const coming = planPool(wanted, recordedSituation(undefined, wanted));
  return {
    steps: [...going.steps, ...coming.steps],
    warnings: [...going.warnings, ...coming.warnings],
    blocked: [...going.blocked, ...coming.blocked],
  };
}

// Pools that a resource of this run holds on to. A resource that is renamed is created under its new name before the
// old one is deleted: then the nodes are the new one's, and must not go with the old.
const held = new Set<string>();

async function create(context: Context, news: NodePoolInputs) {
  const id = poolKey(news);
  held.add(id);
  try {
    return { id, state: await applyPool(context, "create", news, undefined) };
  } catch (error) {
    if (!(error instanceof PoolStopped)) throw error;
    // Where nothing was done, or nothing exists and nothing is under way, there is nothing to record either.
    const isEmpty = error.state.nodes.length === 0 && error.state.pendingOrder === undefined;
    if (!error.touched || isEmpty) throw error.reason;
    throw partial(id, error);
  }
}

async function update(context: Context, id: string, olds: NodePoolState, news: NodePoolInputs) {
  clientInRegion(context, olds.region, `Pool ${olds.poolId}`);
  held.add(id);
  try {
    return await applyPool(context, "update", news, olds);
  } catch (error) {
    if (!(error instanceof PoolStopped)) throw error;
    if (!error.touched) throw error.reason;
    throw partial(id, error);
  }
}

function partial(id: string, stopped: PoolStopped): PartialFailure {
  return new PartialFailure(id, stopped.state, [stopped.message]);
}

async function read(context: Context, id: string, state: NodePoolState) {
  const client = clientInRegion(context, state.region, `Pool ${state.poolId}`);
  if (!(await findCluster(client, state.clusterId))) return undefined;
  const recorded = (state.nodes ?? []).map(({ resourceId }) => resourceId);
  const listed = await listNodesSurely(client, context.clock, state.clusterId, recorded);
  const { members } = survey(listed, state, recorded);
  const nodes = members.map(nodeOutputOf).sort((a, b) => (a.resourceId < b.resourceId ? -1 : 1));
  const tags = state.tags?.filter(({ tagKey, tagValue }) =>
    members.every(
      (node) =>
        // Only nodes that show the pool's own tag tell anything about tags.
        !node.tags?.some((tag) => tag.tagKey === poolTag) ||
        node.tags.some((tag) => tag.tagKey === tagKey && tag.tagValue === tagValue),
    ),
  );
  const seen: NodePoolState = {
    ...state,
    ...(tags ? { tags } : {}),
    count: nodes.length,
    nodes,
    nodeCount: nodes.length,
    privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
    specHash: specHash(state),
  };
  const hasDrifted = nodes.length !== state.count || !sameMeaning("tags", tags, state.tags);
  return { id, state: seen, ...(hasDrifted ? { inputs: inputsOf(seen) } : {}) };
}

function inputsOf(state: NodePoolState): NodePoolInputs {
  const entries = inputNames.filter((name) => state[name] !== undefined).map((name) => [name, state[name]]);
  return Object.fromEntries(entries) as NodePoolInputs;
}

async function remove(context: Context, id: string, olds: NodePoolState): Promise<void> {
  const client = clientInRegion(context, olds.region, `Pool ${olds.poolId}`);
  if (held.has(id)) {
    context.progress(
      `${olds.poolId}: another resource of this program has taken the pool over; its nodes stay`,
    );
    return;
  }
  if (olds.deletionPolicy === "leave") {
    context.progress(
      `${olds.poolId}: deletionPolicy is leave, ${olds.nodes.length} node(s) stay and are billed`,
    );
    return;
  }
  if (!(await findCluster(client, olds.clusterId))) {
    context.progress(`${olds.poolId}: cluster ${olds.clusterId} is gone, and its nodes with it`);
    return;
  }
  try {
    await applyPool(context, "delete", { ...inputsOf(olds), count: 0 }, olds);
  } catch (error) {
    // The cluster may have gone while its lock was waited for.
    if (!(await findCluster(client, olds.clusterId))) return;
    throw error instanceof PoolStopped ? error.reason : error;
  }
}

export const emrNodePool: Resource<NodePoolInputs, NodePoolState> = {
  type: "tencent:EmrNodePool",
  description,
  inputs: nodePoolInputs,
  outputs: nodePoolOutputs,
  replaceOnChanges,
  defaultedBySdk: ["poolId"],
  secrets: secretInputs,
  check,
  diff,
  planFromState,
  create,
  read,
  update,
  delete: remove,
};
