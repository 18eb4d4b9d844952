// huawei.DdmNodeGroup: the number of nodes of a DDM instance's group.
import type { Context } from "../context";
import { inputsIn, outcome, reasonOf } from "../operation";
import { describePlan, type Plan } from "../plan";
import type { Diff, PropertyDiff, Resource } from "../resource";
import { checkInputs, containsUnknown, sameValue } from "../schema";
import { huaweiClient } from "./config";
import { applyGroup, outputsOf, planGroup, viewGroup } from "./ddmNodeGroupRun";
import {
  type NodeGroupInputs,
  type NodeGroupState,
  nodeGroupInputs,
  nodeGroupOutputs,
  nodeGroupRules,
} from "./ddmNodeGroupSchema";

const description = `The number of nodes of a group of a Huawei Cloud DDM (Distributed Database Middleware) instance.

The call that adds nodes takes a number to add and knows no token, so it is never sent on a guess: after a lost answer
the provider looks at the instance, its nodes and its jobs first. On yearly/monthly instances it makes an order, which
is left unpaid unless \`isAutoPay\` is true; the error then says which order to pay. Nodes are removed only where
\`scaleIn.allowed\` is true: bad ones first, then the newest.

Another region, project, instance or group replaces the resource, everything else changes in place. Deleting it does
nothing to the nodes unless \`onDelete\` says otherwise.`;

const inputNames = Object.keys(nodeGroupInputs.shape) as (keyof NodeGroupInputs)[];
const replaceOnChanges: readonly string[] = ["region", "projectId", "instanceId", "groupId"];

function diff(olds: NodeGroupState, news: NodeGroupInputs): Diff {
  const properties: PropertyDiff[] = [];
  for (const property of inputNames) {
    const before = property === "nodeCount" ? olds.nodes.length : olds[property];
    const after = news[property];
    // State holds the place and the group that were found; only what the program gives is compared.
    if (["region", "projectId", "groupId"].includes(property) && after === undefined) continue;
    if (!containsUnknown(after) && sameValue(before, after)) continue;
    properties.push({
      property,
      kind: before === undefined ? "add" : after === undefined ? "delete" : "update",
      replace: replaceOnChanges.includes(property),
    });
  }
  if (olds.pendingEnlarge && properties.length === 0) {
    properties.push({ property: "pendingEnlarge", kind: "delete", replace: false });
  }
  return { changes: properties.length > 0, properties, deleteBeforeReplace: false };
}

/** What deleting asks for, or undefined where the nodes are left alone. */
function initial(state: NodeGroupState): NodeGroupInputs | undefined {
  if (state.onDelete !== "shrinkToInitial") return undefined;
  const nodeCount = Math.min(state.nodes.length, Math.max(1, state.initialNodeIds.length));
  return { ...inputsOf(state), nodeCount, scaleIn: { allowed: true } };
}

function inputsOf(state: NodeGroupState): NodeGroupInputs {
  return inputsIn(nodeGroupInputs, state);
}

/** The plan as far as state tells it. */
function planFromState(olds: NodeGroupState | undefined, news: NodeGroupInputs | undefined): Plan {
  const wanted = news ?? (olds && initial(olds));
  if (!wanted || !olds) return { steps: [], warnings: [], blocked: [] };
  const view = {
    status: olds.instanceStatus,
    isPrepaid: false,
    errorMessage: "",
    groups: [],
    groupId: olds.groupId,
    nodes: olds.nodes,
  };
  return planGroup(wanted, view, olds.pendingEnlarge, olds.initialNodeIds);
}

/** Shows what is going to happen, in previews too. */
function announce(context: Context, olds: NodeGroupState | undefined, news: NodeGroupInputs): void {
  const plan = planFromState(olds, news);
  if (plan.steps.length + plan.blocked.length === 0) return;
  for (const line of describePlan(plan)) context.progress(`${news.instanceId}: plan: ${line}`);
}

// Groups that a resource of this process was created for. A resource that is renamed is created under its new name before
// the old one is deleted: then the group is the new one's business.
const created = new Set<string>();

async function create(context: Context, news: NodeGroupInputs) {
  try {
    const state = await applyGroup(context, "create", news, undefined);
    created.add(idOf(state));
    return { id: idOf(state), state };
  } catch (error) {
    throw outcome<NodeGroupState>(error, idOf);
  }
}

async function update(context: Context, id: string, olds: NodeGroupState, news: NodeGroupInputs) {
  try {
    return await applyGroup(context, "update", news, olds);
  } catch (error) {
    throw outcome<NodeGroupState>(error, () => id);
  }
}

function idOf({ region, projectId, instanceId, groupId }: NodeGroupState): string {
  return `${region}/${projectId}/${instanceId}/${groupId}`;
}

async function read(context: Context, id: string, state: NodeGroupState) {
  const view = await viewGroup(huaweiClient(context, state), state);
  if (!view) return undefined;
  // A group that is gone while its instance is there is gone too.
  if (view.groups.length > 0 && !view.groups.some((group) => group.id === state.groupId)) return undefined;
  const seen: NodeGroupState = { ...state, ...outputsOf(view), nodeCount: view.nodes.length };
  const hasDrifted = seen.nodeCount !== state.nodeCount;
  return { id, state: seen, ...(hasDrifted ? { inputs: inputsOf(seen) } : {}) };
}

async function remove(context: Context, id: string, olds: NodeGroupState): Promise<void> {
  const wanted = initial(olds);
  if (!wanted || created.has(id) || !(await viewGroup(huaweiClient(context, olds), olds))) return;
  try {
    await applyGroup(context, "delete", wanted, olds);
  } catch (error) {
    throw reasonOf(error);
  }
}

export const ddmNodeGroup: Resource<NodeGroupInputs, NodeGroupState> = {
  type: "huawei:DdmNodeGroup",
  description,
  inputs: nodeGroupInputs,
  outputs: nodeGroupOutputs,
  replaceOnChanges,
  defaultedBySdk: [],
  secrets: [],
  check: (news) => checkInputs(nodeGroupInputs, nodeGroupRules, news),
  diff,
  announce,
  planFromState,
  create,
  read,
  update,
  delete: remove,
};
