// What has to be done for a pool to have as many nodes as wanted. Pure.

import { counted } from "../../../base/counted";
import { isSameInput } from "../../../core/diff";
import { badInput, type Note, note } from "../../../core/note";
import type { Plan, Step } from "../../../core/plan";
import { callStep } from "../../../core/plan";
import { modifyResourcesTags, terminateClusterNodes, terminateTasks } from "../api";
import { scaleOutInstance } from "../purchaseApi";
import { purchaseOf } from "./birth";
import { type NodePoolInputs, type NodePoolState, nodePoolInputs, type Order, poolTag } from "./schema";
import { isExcluded, type Member } from "./survey";

/** Most nodes that one call adds or removes. The documents give 20 for task nodes; it is taken for all roles. */
const batchSize = 20;

export interface ObservedPool {
  /** Whether the pool is only now being made. */
  isNew?: boolean;
  /** What the preview has named for removal, or an order has brought since: nothing else goes. Absent: anything may. */
  removable?: ReadonlySet<string>;
  /** Nodes under this pool's name that it has not bought; `isForeign`: another pool has. */
  claimed?: { resourceId: string; isForeign: boolean }[];
  /** Members that the cloud has ceased to list. */
  vanished?: string[];
  /** Nodes of the role that nobody owns and that came after those that vanished: the cloud may have put them there. */
  appeared?: string[];
  members: Member[];
  /** Members that state does not know yet. */
  found: string[];
  otherSpec: string[];
  notAdoptable: Note[];
  /** Ids in `adopt` that the cluster does not list. */
  adoptMissing: string[];
  pendingOrder: Order | undefined;
  warnings: Note[];
  /** What this run has bought so far, and in how many batches. */
  bought?: { nodes: number; batches: number };
}

/** What to do to get from what is there to what is wanted. */
export function planPool(wanted: NodePoolInputs, observed: ObservedPool): Plan {
  const plan: Plan = { steps: [], warnings: [...observed.warnings], blocked: [...observed.notAdoptable] };
  const { members, pendingOrder } = observed;
  if (pendingOrder) {
    plan.steps.push({
      kind: "settle",
      summary: `find out what an earlier order for ${nodesOf(pendingOrder.count, wanted.role)} brought`,
    });
    plan.warnings.push(note("settleFirst", "the rest is planned once that is known"));
    return plan;
  }
  const missing = wanted.count - members.length;
  addOwnership(plan, wanted, observed, missing);
  if (observed.otherSpec.length > 0 && wanted.deletionPolicy === "leave") {
    plan.warnings.push(
      note(
        "leftAlone",
        `${observed.otherSpec.join(", ")} carry this pool's tag, but were bought with other settings: they are left alone, as deletionPolicy says`,
      ),
    );
  } else if (observed.otherSpec.length > 0) {
    plan.blocked.push(
      note(
        "ownership",
        `${observed.otherSpec.join(", ")} carry the tag of pool ${wanted.poolId} but were bought with other settings, ` +
          "probably by a run that was interrupted before the inputs changed. Name them in adopt to keep them, or in exclude to leave them alone, remove them " +
          "in the EMR console, or go back to the earlier inputs",
      ),
    );
  }
  if (observed.adoptMissing.length > 0) {
    plan.blocked.push(
      badInput("adopt", `cluster ${wanted.clusterId} has no node ${observed.adoptMissing.join(", ")}`),
    );
  }
  if (observed.found.length > 0) {
    plan.steps.push({
      kind: "adopt",
      nodes: observed.found,
      summary: `take ${observed.found.join(", ")} into the pool`,
    });
  }
  plan.steps.push(...tagSteps(wanted, observed));
  const adopted = observed.found.filter((id) =>
    members.some((member) => member.resourceId === id && isWanted(member)),
  );
  function isWanted({ resourceId, orderNo }: Member): boolean {
    return (wanted.adopt ?? []).some((id) => id === resourceId || id === orderNo);
  }
  if (missing < 0 && adopted.length > 0) {
    plan.blocked.push(
      note(
        "notAllowed",
        `with ${adopted.join(", ")} from adopt the pool has ${nodesOf(members.length, wanted.role)}, but count is ${wanted.count}: raise count to ${members.length}, so that nothing is removed by adopting`,
        "count",
      ),
    );
    return plan;
  }
  if (missing < 0 && observed.isNew) {
    plan.blocked.push(
      note(
        "notAllowed",
        `an earlier run has brought ${nodesOf(members.length, wanted.role)} (${members.map(({ resourceId }) => resourceId).join(", ")}), but count is ${wanted.count}, and creating a pool removes nothing: set count to ${members.length} for this \`pulumi up\`, and to ${wanted.count} for the next`,
        "count",
      ),
    );
    return plan;
  }
  if (missing > 0) plan.steps.push(...growSteps(wanted, missing, observed));
  if (missing < 0) addShrink(plan, wanted, observed, -missing);
  return plan;
}

/** Nothing is bought, and nothing taken over, while it cannot be told whose nodes are. */
function addOwnership(
  plan: Plan,
  wanted: NodePoolInputs,
  { claimed = [], isNew, vanished = [], appeared = [] }: ObservedPool,
  missing: number,
): void {
  const names = (nodes: readonly { resourceId: string }[]) =>
    nodes.map(({ resourceId }) => resourceId).join(", ");
  // That another pool has bought them is no doubt, but a pool that is new may be that other one's.
  const doubtful = claimed.filter(({ isForeign }) => isNew || !isForeign);
  const others = claimed.filter((each) => !doubtful.includes(each));
  if (others.length > 0) {
    plan.warnings.push(
      note(
        "leftAlone",
        `${names(others)} were bought by another pool that is also called ${wanted.poolId}: they are left alone`,
      ),
    );
  }
  if (doubtful.length > 0) {
    const text =
      `${names(doubtful)} carry the name of this pool (tag ${poolTag}: ${wanted.poolId}), but nothing shows that it has bought them: ` +
      "they may belong to a pool that was renamed or moved to another stack, or to one of the same name. Name them in adopt to take them over, or in exclude to leave them alone, " +
      "or give this pool another poolId; a resource that only got another name needs aliases, and one that is replaced the option deleteBeforeReplace";
    if (isNew || missing > 0) plan.blocked.push(note("ownership", text, "poolId"));
    else plan.warnings.push(note("leftAlone", text));
  }
  if (vanished.length > 0 && appeared.length > 0) {
    const text = `${vanished.join(", ")} of the pool ${vanished.length === 1 ? "is" : "are"} no longer listed, and ${appeared.join(", ")}, which nobody owns, came later: the cloud may have replaced one by the other`;
    if (missing > 0)
      plan.blocked.push(
        note(
          "ownership",
          `${text}, and a purchase would be one too many. Name the new ones in adopt if they are the pool's, and in exclude if not`,
          "adopt",
        ),
      );
    else
      plan.warnings.push(
        note("leftAlone", `${text}. The new ones are left alone, and billed: look in the EMR console`),
      );
  }
}

export function nodesOf(count: number, role: string): string {
  return counted(count, `${role} node`);
}

function tagSteps(wanted: NodePoolInputs, { members }: ObservedPool): Step[] {
  // In an order that a preview and the run have in common.
  const targets = members
    .filter(({ tags }) => tags === "wrong")
    .map(({ resourceId }) => resourceId)
    .sort();
  if (targets.length === 0) return [];
  const steps: Step[] = [];
  for (const batch of batches(targets)) {
    // Which keys are added and which are changed is told by what the nodes have when it is sent.
    const nodes = batch.map(
      (resourceId) => ({ resourceId, resourcePrefix: "emr-vm", serviceType: "emr" }) as const,
    );
    steps.push(
      callStep(
        modifyResourcesTags,
        { modifyType: "Node", modifyResourceTagsInfoList: nodes as never },
        {
          target: wanted.clusterId,
          targets: batch,
          summary: `set the tags of ${batch.join(", ")}`,
        },
      ),
    );
    steps.push({ kind: "wait", summary: "wait until the cluster is free again" });
  }
  return steps;
}

function growSteps(
  wanted: NodePoolInputs,
  missing: number,
  { members, bought: { nodes: before, batches: done } = { nodes: 0, batches: 0 } }: ObservedPool,
): Step[] {
  const steps: Step[] = [
    {
      kind: "ask",
      action: "InquiryPriceScaleOutInstance",
      target: wanted.clusterId,
      summary: `ask for the price and the stock of ${nodesOf(missing, wanted.role)}`,
    },
  ];
  const rounds = Math.ceil(missing / batchSize);
  const all = done + rounds;
  for (let round = 0; round < rounds; round++) {
    const count = Math.min(batchSize, missing - round * batchSize);
    const hasMembers = members.length > 0 || round > 0;
    steps.push(
      callStep(scaleOutInstance, purchaseOf(wanted, count, hasMembers), {
        target: wanted.clusterId,
        summary: `buy ${nodesOf(count, wanted.role)}${all > 1 ? `, batch ${done + round + 1} of ${all}` : ""}`,
        ...(all > 1 && { whole: `buy ${nodesOf(before + missing, wanted.role)} in ${all} batches` }),
        buys: count,
        ...(wanted.payMode === 1 ? { irreversible: "monthly nodes are paid in advance" } : {}),
      }),
    );
    steps.push({
      kind: "wait",
      summary: "wait until the new nodes are listed and the cluster is free again",
    });
  }
  return steps;
}

function addShrink(
  plan: Plan,
  wanted: NodePoolInputs,
  { members, removable: allowed }: ObservedPool,
  excess: number,
): void {
  const { role, scaleIn = {} } = wanted;
  const candidates = members.filter(({ resourceId }) => allowed?.has(resourceId) ?? true);
  const surplus = Math.min(excess, candidates.length);
  if (surplus < excess) {
    plan.warnings.push(
      note(
        "partOnly",
        `the pool has ${nodesOf(members.length, role)}, more than the preview could know: ${excess - surplus} of them stay until a preview has shown that they go`,
      ),
    );
  }
  if (surplus === 0) return;
  if (role === "master") {
    plan.blocked.push(
      note(
        "notAllowed",
        `masters are never removed by the provider: set count to ${members.length}, or deletionPolicy to "leave" and delete the resource`,
      ),
    );
    return;
  }
  if (role === "core" && !scaleIn.allowCoreScaleIn) {
    plan.blocked.push(
      note(
        "notAllowed",
        `removing ${nodesOf(surplus, role)} loses the HDFS data on them: set scaleIn.allowCoreScaleIn to true (and run \`pulumi up\` with it before a destroy) if that is wanted`,
        "scaleIn",
      ),
    );
    return;
  }
  const removable = candidates.filter(({ protection }) => !protection);
  if (removable.length < surplus) {
    const kept = candidates.filter(({ protection }) => protection);
    plan.blocked.push(
      note(
        "protected",
        `${surplus} of ${members.length} nodes have to go, but ${kept.map((member) => `${member.resourceId} (${member.protection})`).join(", ")} cannot be removed: lift the protection in the console, name other nodes in scaleIn.nodes, or raise count`,
      ),
    );
    return;
  }
  const going = inLeavingOrder(removable, scaleIn).slice(0, surplus);
  if (role === "core")
    plan.warnings.push(note("dataLoss", "the HDFS data on the removed core nodes is lost"));
  const waiting = going.filter(({ orderNo }) => !orderNo);
  if (waiting.length > 0 && role !== "task") {
    plan.steps.push({
      kind: "wait",
      until: "machineIds",
      summary: `wait until ${waiting.map(({ resourceId }) => resourceId).join(", ")} have machine ids`,
    });
    plan.warnings.push(note("askFirst", "how they are removed is only known once they have them"));
    return;
  }
  // Pods have no machine id, and only one of the two calls takes such nodes.
  const machines = going.filter(({ orderNo }) => orderNo);
  const others = going.filter(({ orderNo }) => !orderNo);
  for (const batch of batches(machines))
    plan.steps.push(...shrinkSteps(wanted, batch, terminateClusterNodes));
  for (const batch of batches(others)) plan.steps.push(...shrinkSteps(wanted, batch, terminateTasks));
}

function shrinkSteps(
  wanted: NodePoolInputs,
  going: Member[],
  action: typeof terminateTasks | typeof terminateClusterNodes,
): Step[] {
  const ids = going.map(({ resourceId }) => resourceId);
  const grace = action === terminateClusterNodes ? wanted.scaleIn?.graceSeconds : undefined;
  const instanceId = wanted.clusterId;
  const request =
    action === terminateTasks
      ? { instanceId, resourceIds: ids }
      : {
          instanceId,
          cvmInstanceIds: going.map(({ orderNo }) => orderNo),
          nodeFlag: wanted.role.toUpperCase() as "TASK" | "CORE" | "ROUTER",
          ...(grace ? { graceDownFlag: true, graceDownTime: grace } : {}),
        };
  return [
    callStep<typeof action.request>(action, request, {
      target: wanted.clusterId,
      summary: `remove ${nodesOf(ids.length, wanted.role)}`,
      detail: `: ${ids.join(", ")}${grace ? `, with ${grace} s to finish their work` : ""}`,
      removes: ids,
      irreversible: "removed nodes and what is on their disks do not come back",
    }),
    { kind: "wait", summary: "wait until the nodes are gone and the cluster is free again" },
  ];
}

/** Named nodes first, then by age; ids break ties so that the order is always the same. */
function inLeavingOrder(
  members: readonly Member[],
  scaleIn: NonNullable<NodePoolInputs["scaleIn"]>,
): Member[] {
  const named = scaleIn.nodes ?? [];
  const rank = (member: Member) => {
    const position = named.findIndex((id) => id === member.resourceId || id === member.orderNo);
    return position < 0 ? named.length : position;
  };
  const age = (member: Member) => `${member.applyTime} ${member.resourceId}`;
  const newestFirst = (scaleIn.order ?? "newest") === "newest";
  return [...members].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    const older = age(a) < age(b) ? -1 : 1;
    return newestFirst ? -older : older;
  });
}

function batches<T>(items: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += batchSize)
    result.push(items.slice(start, start + batchSize));
  return result;
}

/** The pool as state recorded it, for plans that are made without asking the cloud. */
export function recordedPool(state: NodePoolState | undefined, wanted: NodePoolInputs): ObservedPool {
  const nodes = (state?.nodes ?? []).filter((node) => !isExcluded(node, wanted));
  const known = (id: string) => nodes.some(({ resourceId, orderNo }) => resourceId === id || orderNo === id);
  const adoptable = (wanted.adopt ?? []).filter((id) => !known(id) && !state?.adopt?.includes(id));
  const areOld = state !== undefined && !isSameInput(nodePoolInputs, "tags", state.tags, wanted.tags);
  const tagsOf = (id: string) => (areOld || state?.untagged?.includes(id) ? "wrong" : "right");
  return {
    isNew: state === undefined,
    vanished: (state?.vanished ?? []).map(({ resourceId }) => resourceId),
    members: [
      ...nodes.map(
        ({ resourceId, orderNo, applyTime }) =>
          ({ resourceId, orderNo, applyTime, tags: tagsOf(resourceId) }) as const,
      ),
      ...adoptable.map((id) => ({ resourceId: id, orderNo: id, applyTime: "", tags: "wrong" }) as const),
    ],
    found: adoptable,
    otherSpec: [],
    notAdoptable: [],
    adoptMissing: [],
    pendingOrder: state?.pendingOrder,
    warnings: [],
  };
}
