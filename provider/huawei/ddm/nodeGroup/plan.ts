// What to do to get a group from its size to the wanted one. Pure.
import { badInput, type Note, note } from "../../../core/note";
import type { Operation } from "../../../core/operation";
import type { Plan } from "../../../core/plan";
import { callStep } from "../../../core/plan";
import { unknownValue } from "../../../core/schema";
import { deleteNodes, enlarge, isGoodNode } from "../api";
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
  const failed = nodes.filter(({ status }) => status.toLowerCase() === "enlargefail");
  if (failed.length > 0) {
    plan.warnings.push(
      note(
        "unwell",
        `${failed.map(({ id }) => id).join(", ")} could not be set up (enlargefail): lower nodeCount with scaleIn.allowed to remove them`,
      ),
    );
  }
  const missing = wanted.nodeCount - nodes.length;
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
      plan.blocked.push(
        note(
          "notAllowed",
          `nodeCount: the group has ${nodesText(nodes.length)}, and a resource that is only now created removes none of them: set nodeCount to ${nodes.length}, and lower it once \`pulumi up\` has ended`,
          "nodeCount",
        ),
      );
      return plan;
    }
    if (!wanted.scaleIn?.allowed) {
      plan.blocked.push(
        note(
          "notAllowed",
          `nodeCount: the group has ${nodesText(nodes.length)}, and removing ${-missing} of them is not allowed: set scaleIn.allowed to true, or nodeCount to ${nodes.length}`,
          "nodeCount",
        ),
      );
      return plan;
    }
    addRemoval(plan, wanted, inLeavingOrder(nodes, members).slice(0, -missing));
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
  const surplus = nodes.length - Math.max(1, initial.length);
  const going = [...added].reverse().flatMap((id) => nodes.filter((node) => node.id === id));
  if (surplus > 0 && going.length > 0) addRemoval(plan, wanted, going.slice(0, surplus));
  return plan;
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

function addRemoval(plan: Plan, wanted: NodeGroupInputs, nodes: readonly GroupNode[]): void {
  const going = nodes.map(({ id }) => id);
  plan.steps.push(
    callStep(
      deleteNodes,
      { path: { instance: wanted.instanceId }, body: { node_ids: going } },
      {
        target: wanted.instanceId,
        summary: `remove ${nodesText(going.length)}`,
        detail: `: ${going.join(", ")}`,
        removes: going,
        irreversible: "removed nodes do not come back",
      },
    ),
    { kind: "wait", summary: "wait until the nodes are gone and the instance runs" },
  );
}

export function nodesText(count: number): string {
  return `${count} node${count === 1 ? "" : "s"}`;
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
