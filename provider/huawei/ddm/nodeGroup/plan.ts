// What to do to get a group from its size to the wanted one. Pure.
import { counted } from "../../../base/counted";
import { badInput, type Note, note } from "../../../core/note";
import type { Operation } from "../../../core/operation";
import type { Plan } from "../../../core/plan";
import { callStep } from "../../../core/plan";
import { unknownValue } from "../../../core/schema";
import { deleteNodes, enlarge, hasFailed, isGoodNode } from "../api";
import type { GroupView } from "./observe";
import type { GroupNode, NodeGroupInputs, PendingEnlarge } from "./schema";

/** What the resource knows of the group's nodes. */
export interface Members {
  /** Those that were there when it took charge. */
  initial: readonly string[];
  /** Those that it has added, in the order in which they came. */
  added: readonly string[];
}

export function planGroup(
  wanted: NodeGroupInputs,
  view: Pick<GroupView, "groups" | "groupId" | "nodes" | "isPrepaid">,
  pending: PendingEnlarge | undefined,
  members: Members,
  operation: Operation,
): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: groupProblems(wanted, view) };
  const { nodes } = view;
  if (plan.blocked.length > 0) return plan;
  if (pending) return settlePlan(pending);
  const failed = failedIn(view, members);
  if (failed.others.length > 0) plan.warnings.push(failedOthers(failed.others));
  const kept = whyKept(failed.own, wanted, operation);
  if (kept) return { ...plan, blocked: [kept] };
  addRemoval(plan, wanted, allButOne(failed.own, nodes), "that could not be set up");
  const working = nodes.filter((node) => !failed.own.includes(node));
  const missing = wanted.nodeCount - working.length;
  if (missing > 0) {
    const zones = wanted.availabilityZones;
    if (zones && zones.length !== missing) {
      plan.blocked.push(
        badInput(
          "availabilityZones",
          `names ${zones.length} zones, but ${nodesText(missing)} are to be added: name one for each`,
        ),
      );
      return plan;
    }
    plan.steps.push(
      callStep(
        enlarge,
        {
          path: { instance: wanted.instanceId },
          body: {
            flavor_id: wanted.flavorId,
            node_number: missing,
            ...groupNamed(view),
            ...(wanted.isAutoPay === undefined ? {} : { is_auto_pay: wanted.isAutoPay }),
            ...(zones ? { available_zones: zones } : {}),
          },
        },
        {
          target: wanted.instanceId,
          summary: `add ${nodesText(missing)} to group ${view.groupId || "default"}`,
          buys: missing,
          ...(view.isPrepaid ? { irreversible: "it is a yearly/monthly order" } : {}),
        },
      ),
      { kind: "wait", summary: "wait until the nodes are there and good, and the instance runs" },
    );
    if (view.isPrepaid && !wanted.isAutoPay) {
      plan.warnings.push(
        note(
          "unpaidOrder",
          "the instance is yearly/monthly and isAutoPay is not true: the order is left unpaid, and nothing comes before somebody pays it",
        ),
      );
    }
  }
  if (missing < 0) {
    if (operation === "create") {
      plan.blocked.push(tooManyAtBirth(nodes, members));
      return plan;
    }
    if (!wanted.scaleIn?.allowed) {
      plan.blocked.push(
        note(
          "notAllowed",
          `nodeCount: the group has ${nodesText(working.length)}, and removing ${-missing} of them is not allowed: set scaleIn.allowed to true, or nodeCount to ${nodes.length}`,
          "nodeCount",
        ),
      );
      return plan;
    }
    addRemoval(plan, wanted, inLeavingOrder(working, members).slice(0, -missing));
  }
  return plan;
}

/** What deleting with `shrinkToInitial` does: only nodes that the resource added go, and never more than came. */
export function planShrink(
  wanted: NodeGroupInputs,
  { nodes }: Pick<GroupView, "nodes">,
  pending: PendingEnlarge | undefined,
  { initial, added }: Members,
): Plan {
  if (pending) return settlePlan(pending);
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const failed = failedIn({ nodes }, { initial, added }).own;
  const working = nodes.length - failed.length;
  const surplus = Math.max(0, working - Math.max(1, initial.length));
  const latestFirst = [...added].reverse().flatMap((id) => nodes.filter((node) => node.id === id));
  const good = latestFirst.filter((node) => !failed.includes(node));
  addRemoval(plan, wanted, [...allButOne(failed, nodes), ...good.slice(0, surplus)]);
  return plan;
}

/** Nodes that can go: a group always has some node. */
const allButOne = (going: readonly GroupNode[], nodes: readonly GroupNode[]) =>
  going.slice(0, nodes.length - 1);

/** Nodes that could not be set up: those that the resource has added, and others. */
function failedIn(
  { nodes }: Pick<GroupView, "nodes">,
  { added }: Members,
): { own: GroupNode[]; others: GroupNode[] } {
  const failed = nodes.filter(({ status }) => hasFailed(status));
  const isOwn = ({ id }: GroupNode) => added.includes(id);
  return { own: failed.filter(isOwn), others: failed.filter((node) => !isOwn(node)) };
}

/** How many nodes count: those that the resource has added in vain do not. */
export const countOf = (view: Pick<GroupView, "nodes">, members: Members) =>
  view.nodes.length - failedIn(view, members).own.length;

const failedText = (nodes: readonly GroupNode[]) =>
  `${nodes.map(({ id }) => id).join(", ")} could not be set up (${[...new Set(nodes.map(({ status }) => status))].join(", ")})`;

const failedOthers = (nodes: readonly GroupNode[]) =>
  note(
    "unwell",
    `${failedText(nodes)}, and ${nodes.length === 1 ? "is" : "are"} not known to be this resource's: ${nodes.length === 1 ? "it counts as a node" : "they count as nodes"} until ${nodes.length === 1 ? "it is" : "they are"} removed in the DDM console`,
  );

/** Why nodes that could not be set up stay, and nothing is added for them. */
function whyKept(
  failed: readonly GroupNode[],
  { scaleIn }: NodeGroupInputs,
  operation: Operation,
): Note | undefined {
  if (failed.length === 0) return undefined;
  const way = "has them removed, and as many added as nodeCount asks for";
  if (!scaleIn?.allowed)
    return note(
      "notAllowed",
      `scaleIn: ${failedText(failed)}, and no other is added while they are there. Setting scaleIn.allowed to true ${way}`,
      "scaleIn",
    );
  if (operation === "create")
    return note("notAllowed", `${failedText(failed)}. The next \`pulumi up\` ${way}`);
  return undefined;
}

function tooManyAtBirth(nodes: readonly GroupNode[], { added }: Members): Note {
  const own = nodes.filter(({ id }) => added.includes(id)).map(({ id }) => id);
  const brought = own.length > 0 ? ` (an earlier run has added ${own.join(", ")})` : "";
  return note(
    "notAllowed",
    `nodeCount: the group has ${nodesText(nodes.length)}${brought}, and a resource that is only now created removes none of them: set nodeCount to ${nodes.length}, and lower it once \`pulumi up\` has ended`,
    "nodeCount",
  );
}

/** What an earlier run added, and could not record, may be there still. */
export function planToFind(unsaved: readonly string[]): Plan {
  return {
    steps: [
      {
        kind: "settle",
        summary: `look for ${unsaved.join(", ")}, which an earlier run added and could not record`,
      },
    ],
    warnings: [note("settleFirst", "the rest is planned once that is known")],
    blocked: [],
  };
}

function settlePlan({ count, orderId }: PendingEnlarge): Plan {
  const order =
    orderId === undefined
      ? []
      : [
          note(
            "unpaidOrder",
            `order ${orderId} brings its ${nodesText(count)} once it is paid: pay it in the billing console, or cancel it there and name it in cancelledOrders`,
          ),
        ];
  return {
    steps: [
      { kind: "settle", summary: `find out what an earlier enlargement by ${nodesText(count)} brought` },
    ],
    warnings: [...order, note("settleFirst", "the rest is planned once that is known")],
    blocked: [],
  };
}

/** The only group is not named, and state does not tell whether it is the only one. */
function groupNamed({ groups, groupId }: Pick<GroupView, "groups" | "groupId">): { group_id?: string } {
  if (groups.length > 1) return { group_id: groupId };
  return groups.length === 0 && groupId !== "" ? { group_id: unknownValue } : {};
}

function groupProblems(
  wanted: NodeGroupInputs,
  { groups, groupId }: Pick<GroupView, "groups" | "groupId">,
): Note[] {
  const names = groups.map(({ id, name }) => `${id}${name ? ` (${name})` : ""}`).join(", ");
  if (groups.length > 1 && groupId === "")
    return [badInput("groupId", `is required, since the instance has several groups: ${names}`)];
  const group = groups.find(({ id }) => id === groupId);
  if (groups.length > 0 && !group)
    return [badInput("groupId", `the instance has no group ${groupId}; it has ${names}`)];
  if (group?.flavorId !== undefined && group.flavorId !== wanted.flavorId) {
    return [
      badInput(
        "flavorId",
        `the group has flavour ${group.flavorId}, and new nodes can have no other: set flavorId to it`,
      ),
    ];
  }
  return [];
}

function addRemoval(plan: Plan, wanted: NodeGroupInputs, nodes: readonly GroupNode[], which?: string): void {
  if (nodes.length === 0) return;
  const going = nodes.map(({ id }) => id);
  plan.steps.push(
    callStep(
      deleteNodes,
      { path: { instance: wanted.instanceId }, body: { node_ids: going } },
      {
        target: wanted.instanceId,
        summary: `remove ${nodesText(going.length)}${which ? ` ${which}` : ""}`,
        detail: `: ${going.join(", ")}`,
        removes: going,
        irreversible: "removed nodes do not come back",
      },
    ),
    { kind: "wait", summary: "wait until the nodes are gone and the instance runs" },
  );
}

export function nodesText(count: number): string {
  return counted(count, "node");
}

/** Bad nodes first, then those that the resource added, the last first, then others that came later; ids break ties. */
function inLeavingOrder(nodes: readonly GroupNode[], { initial, added }: Members): GroupNode[] {
  const rank = ({ id, status }: GroupNode) => {
    if (!isGoodNode(status)) return 3;
    if (added.includes(id)) return 2;
    return initial.includes(id) ? 0 : 1;
  };
  return [...nodes].sort(
    (a, b) => rank(b) - rank(a) || added.indexOf(b.id) - added.indexOf(a.id) || (a.id < b.id ? 1 : -1),
  );
}
