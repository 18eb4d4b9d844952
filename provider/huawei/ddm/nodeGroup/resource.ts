// huawei.DdmNodeGroup: the number of nodes of a DDM instance's group.
import { cloudTime } from "../../../base/clock";
import type { Context } from "../../../base/context";
import { StoppedError } from "../../../base/errors";
import type { ProjectRef } from "../../../call/account";
import { changesOf } from "../../../core/define";
import { compare } from "../../../core/diff";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf } from "../../../core/fields";
import { type Note, note } from "../../../core/note";
import { inputsIn, type Operation } from "../../../core/operation";
import { nothing, type Plan, planBeforeLook, unknownWarnings } from "../../../core/plan";
import type { Diff, Found, Resource } from "../../../core/resource";
import { checkInputs } from "../../../core/schema";
import { huaweiClient } from "../../config";
import { hasFailed } from "../api";
import { getDdmGroups } from "../functions";
import { applyGroup, membersOf, outputsOf, usualLimit } from "./calls";
import { forgetSaved, openEnlargements, type Recalled, recallGroup } from "./memory";
import { type GroupView, viewGroup } from "./observe";
import { planGroup, planShrink, planToFind } from "./plan";
import {
  type NodeGroupInputs,
  type NodeGroupState,
  nodeGroupInputs,
  nodeGroupOutputs,
  nodeGroupRules,
} from "./schema";

const description = `The number of nodes of a group of a Huawei Cloud DDM (Distributed Database Middleware) instance.

The call that adds nodes takes a number to add and knows no token, so it is never sent on a guess: after a lost answer
the provider looks at the instance, its nodes and its jobs first. On yearly/monthly instances it makes an order, which
is left unpaid unless \`isAutoPay\` is true; the error then says which order to pay. Nodes are removed only where
\`scaleIn.allowed\` is true: bad ones first, then those that the resource added last.

Nodes that the resource has added and that could not be set up (\`enlargefail\`) do not count. Every preview says so: with
\`scaleIn.allowed\` they are removed and as many are added, without it \`up\` stops and names them. Those of others count, are
warned of, and stay.

Another region, project, instance or group replaces the resource, everything else changes in place. Deleting it does
nothing to the nodes unless \`onDelete\` says otherwise.

Beside the cloud's own provider: an instance that it has made adds or removes nodes until there are \`nodeNum\` again. Give it
\`ignoreChanges: ["nodeNum"]\`, and a group that it has made \`ignoreChanges: ["nodes"]\`; in Terraform \`ignore_changes =
[node_num]\` and \`[nodes]\`. \`pulumi-bigdata plan\` tells where they are missing.`;

function diff(olds: NodeGroupState, news: NodeGroupInputs): Diff {
  const properties = compare<NodeGroupState, NodeGroupInputs>(
    {
      inputs: nodeGroupInputs,
      recorded: (property) =>
        property === "nodeCount" ? olds.nodes.length : olds[property as keyof NodeGroupInputs],
    },
    olds,
    news,
  );
  // What an earlier run brought, or may bring, is recorded, even where the inputs ask for nothing; and a node that could not be
  // set up is told until it has gone.
  const isOpen = olds.pendingEnlarge !== undefined || (olds as Recalled).unsaved !== undefined;
  if ((isOpen || olds.nodes.some(({ status }) => hasFailed(status))) && properties.length === 0) {
    properties.push({ property: "nodes", kind: "update", replace: false });
  }
  return { changes: properties.length > 0, properties };
}

function inputsOf(state: NodeGroupState): NodeGroupInputs {
  return inputsIn(nodeGroupInputs, state);
}

/** The plan as far as state tells it. */
function planFromState(olds: Recalled | undefined, news: NodeGroupInputs | undefined): Plan {
  if (!olds) return planBeforeLook();
  const view = { groups: [], groupId: olds.groupId, nodes: olds.nodes, isPrepaid: false };
  if (news) {
    const { nodeCount, availabilityZones, scaleIn } = news;
    const unknown = unknownWarnings({ nodeCount, availabilityZones, scaleIn }, {});
    if (unknown.length > 0) return nothing(...unknown);
    const plan = unsavedPlan(olds) ?? planGroup(news, view, olds.pendingEnlarge, membersOf(olds), "update");
    return limited(plan, news, "update");
  }
  if (olds.onDelete === "leave") return nothing(...openOrder(olds));
  const plan = unsavedPlan(olds) ?? planShrink(inputsOf(olds), view, olds.pendingEnlarge, membersOf(olds));
  return limited(plan, olds, "delete");
}

function unsavedPlan({ pendingEnlarge, unsaved = [] }: Recalled): Plan | undefined {
  return pendingEnlarge === undefined && unsaved.length > 0 ? planToFind(unsaved) : undefined;
}

/** Says where a plan does not fit into its limit. */
function limited(plan: Plan, { timeouts }: NodeGroupInputs, operation: Operation): Plan {
  return warnedOfTimeout(plan, timeouts, operation, usualLimit);
}

/** What nobody looks after any more once the resource is deleted. */
function openOrder({ pendingEnlarge, unsaved = [] }: Recalled): Note[] {
  const stays =
    unsaved.length > 0
      ? [
          note(
            "staysBilled",
            `${unsaved.join(", ")}, which an earlier run added and could not record, may be there still, and are billed`,
          ),
        ]
      : [];
  if (!pendingEnlarge) return stays;
  const { orderId, jobId, id, count } = pendingEnlarge;
  const name = orderId ? `order ${orderId}` : jobId ? `job ${jobId}` : id;
  return [
    ...stays,
    note(
      "orderMayCome",
      `an enlargement by ${count} may still come (${name}): look for it in the ${orderId ? "billing" : "DDM"} console`,
    ),
  ];
}

function idOf({ region, projectId, instanceId, groupId }: NodeGroupState): string {
  return `${region}/${projectId}/${instanceId}/${groupId}`;
}

/** How long after a list that lacks the group it is looked at again, in milliseconds. */
const secondLook = 10_000;

/** The group, or undefined where it is gone: its instance is, or two looks one after the other say so. */
async function viewKnown(context: Context, state: NodeGroupState): Promise<GroupView | undefined> {
  const look = () => viewGroup(huaweiClient(context, state), inputsOf(state), state.groupId);
  const view = await look();
  if (!view || !isGroupMissing(view, state)) return view;
  await context.clock.sleep(secondLook);
  const again = await look();
  return again && !isGroupMissing(again, state) ? again : undefined;
}

async function read(context: Context, id: string, state: NodeGroupState) {
  const view = await viewKnown(context, state);
  if (!view) return undefined;
  if (view.nodes.length === 0) {
    throw new StoppedError(
      `DDM lists no nodes of group ${view.groupId || "default"} of ${state.instanceId}, though a group always has some. The recorded ones are kept; refresh again later.`,
    );
  }
  const { unsaved = [], isPassed: _, ...recorded } = state as Recalled;
  const found = unsaved.filter((each) => view.nodes.some((node) => node.id === each));
  const seen: NodeGroupState = {
    ...recorded,
    ...outputsOf(view, state.nodes),
    addedNodeIds: [...state.addedNodeIds, ...found],
    nodeCount: view.nodes.length,
  };
  const hasDrifted = seen.nodeCount !== state.nodeCount;
  return { id, state: seen, ...(hasDrifted ? { inputs: inputsOf(seen) } : {}) };
}

/** Whether an instance that lists its groups lacks this one, and each node that it had. */
function isGroupMissing({ groups, areGroupsListed, allNodeIds }: GroupView, state: NodeGroupState): boolean {
  const { groupId, nodes } = state;
  if (!areGroupsListed || groupId === "" || groups.some(({ id }) => id === groupId)) return false;
  return !nodes.some(({ id }) => allNodeIds.includes(id));
}

const importId = "[<region>/<projectId>/]<instanceId>[/<groupId>]";

async function find(
  context: Context,
  id: string,
  place: ProjectRef = {},
): Promise<Found<NodeGroupInputs, NodeGroupState> | undefined> {
  const parts = id.split("/");
  const [region, projectId] = parts.length > 2 ? parts : [];
  const [instanceId = "", groupId] = parts.length > 2 ? parts.slice(2) : parts;
  const given = {
    ...(region ? { region } : {}),
    ...(projectId ? { projectId } : {}),
    instanceId,
    ...(groupId ? { groupId } : {}),
  };
  const parsed = nodeGroupInputs.safeParse({ ...given, flavorId: "unknown", nodeCount: 1 });
  if (!parsed.success || parts.length > 4 || parts.length === 3)
    throw new StoppedError(`The id ${id} must have the form ${importId}.`);
  const client = huaweiClient(context, { ...place, ...given });
  const view = await viewGroup(client, parsed.data);
  if (!view) return undefined;
  if (view.groupId === "" && view.groups.length > 1) {
    const names = view.groups.map((group) => `${instanceId}/${group.id}`).join(", ");
    throw new StoppedError(`The instance has several groups: import one of ${names}.`);
  }
  const group = view.groups.find((each) => each.id === view.groupId);
  if ((view.groupId !== "" && !group) || view.nodes.length === 0) return undefined;
  const inputs = {
    ...given,
    ...(group?.flavorId ? { flavorId: group.flavorId } : {}),
    nodeCount: view.nodes.length,
  };
  const { flavorId: _, ...defaults } = parsed.data;
  const state = {
    ...defaults,
    ...inputs,
    ...outputsOf(view),
    region: client.region,
    projectId: client.projectId,
    initialNodeIds: view.nodes.map((node) => node.id),
    addedNodeIds: [],
    createdAt: await cloudTime(context.clock),
    lastJobId: "",
    lastRequestId: "",
  } as unknown as NodeGroupState;
  return { id: idOf(state), state, inputs };
}

export const ddmNodeGroup: Resource<NodeGroupInputs, NodeGroupState> = {
  type: "huawei:DdmNodeGroup",
  description,
  ...fieldsOf(nodeGroupInputs, nodeGroupOutputs),
  deleteBeforeReplace: false,
  importId,
  subject: {
    kind: "instance",
    id: "instanceId",
    size: "nodeCount",
    // An instance's only group need not be named.
    importIds: ({ instanceId, groupId }) =>
      instanceId ? [...(groupId ? [`${instanceId}/${groupId}`] : []), instanceId] : [],
    status: {
      token: getDdmGroups.token,
      asked: ({ projectId, instanceId }) => ({ projectId, instanceId }),
      told: ({ instanceStatus }, { instanceId }) => ({ name: instanceId, status: String(instanceStatus) }),
    },
  },
  takeOver: (found) => ({ state: found, warnings: [] }),
  find,
  claims: ({ instanceId, groupId }) => [
    {
      property: groupId ? "groupId" : "instanceId",
      thing: `instance ${instanceId}`,
      part: { group: groupId ? [groupId] : undefined },
    },
  ],
  check: (news) => checkInputs(nodeGroupInputs, nodeGroupRules, news),
  recall: (context, olds) => olds && recallGroup(context, olds),
  forgetSaved,
  diff,
  planFromState,
  openOn: openEnlargements,
  read,
  ...changesOf<NodeGroupInputs, NodeGroupState>({
    idOf,
    apply: applyGroup,
    wantedOnDelete: (state) => (state.onDelete === "leave" ? undefined : inputsOf(state)),
    limit: usualLimit,
    exists: async (context, state) => (await viewKnown(context, state)) !== undefined,
    leaves: openOrder,
  }),
};
