// huawei.DdmNodeGroup: the number of nodes of a DDM instance's group.
import type { Context } from "../context";
import { compare } from "../diff";
import { changesOf } from "../lifecycle";
import { inputsIn } from "../operation";
import { describePlan, type Plan, planBeforeLook } from "../plan";
import type { Diff, Resource } from "../resource";
import { checkInputs } from "../schema";
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

const replaceOnChanges: readonly string[] = ["region", "projectId", "instanceId", "groupId"];

const foundWhereAbsent: readonly string[] = ["region", "projectId", "groupId"];

function diff(olds: NodeGroupState, news: NodeGroupInputs): Diff {
  const properties = compare<NodeGroupState, NodeGroupInputs>(
    {
      inputs: nodeGroupInputs,
      replaceOnChanges,
      foundWhereAbsent,
      recorded: (property) =>
        property === "nodeCount" ? olds.nodes.length : olds[property as keyof NodeGroupInputs],
    },
    olds,
    news,
  );
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
  if (!olds) return planBeforeLook();
  if (!wanted) return { steps: [], warnings: [], blocked: [] };
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
  if (!olds || plan.steps.length + plan.blocked.length === 0) return;
  for (const line of describePlan(plan)) context.progress(`${news.instanceId}: plan: ${line}`);
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

export const ddmNodeGroup: Resource<NodeGroupInputs, NodeGroupState> = {
  type: "huawei:DdmNodeGroup",
  description,
  inputs: nodeGroupInputs,
  outputs: nodeGroupOutputs,
  replaceOnChanges,
  defaultedBySdk: [],
  foundWhereAbsent,
  secrets: [],
  check: (news) => checkInputs(nodeGroupInputs, nodeGroupRules, news),
  diff,
  announce,
  planFromState,
  read,
  ...changesOf<NodeGroupInputs, NodeGroupState>({
    idOf,
    nameOf: ({ instanceId }) => instanceId,
    apply: applyGroup,
    wantedOnDelete: initial,
    exists: async (context, state) => (await viewGroup(huaweiClient(context, state), state)) !== undefined,
  }),
};
