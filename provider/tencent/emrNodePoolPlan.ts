// Pure: which nodes are a pool's own, and what has to be done to have as many as wanted.
import { createHash } from "node:crypto";
import type { z } from "zod";
import { isSameInput, normal } from "../diff";
import { badInput, type Note, note } from "../note";
import { inRecordedOrder } from "../order";
import type { Plan, Step } from "../plan";
import { type inquiryPriceScaleOutInstance, nodePurchase, pricedSettings } from "./emr";
import { type EmrNode, elapsed } from "./emrCluster";
import {
  birthProperties,
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  type Order,
  ownerTag,
  poolTag,
  specTag,
} from "./emrNodePoolSchema";

/** Most nodes that one call adds or removes. The documents give 20 for task nodes; it is taken for all roles. */
const batchSize = 20;

const wireName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const flags = { master: 1, core: 2, task: 3, router: 4 } as const;

/** The settings that nodes are born with, as given. */
export function birthSettings(inputs: NodePoolInputs): Partial<NodePoolInputs> {
  return Object.fromEntries(birthProperties.map((name) => [name, inputs[name]]));
}

/** A fingerprint of the settings that nodes are born with. */
export function specHash(inputs: NodePoolInputs): string {
  const birth = birthProperties
    .map((name) => [name, normal(nodePurchase.shape[name], inputs[name], true)] as const)
    .filter(([, value]) => value !== undefined);
  return createHash("sha256").update(JSON.stringify(birth)).digest("hex").slice(0, 12);
}

/** The pool's own tags and the user's, as new nodes get them. */
export function tagsFor(inputs: NodePoolInputs, owner: string): { tagKey: string; tagValue: string }[] {
  return [
    { tagKey: poolTag, tagValue: inputs.poolId },
    { tagKey: specTag, tagValue: specHash(inputs) },
    { tagKey: ownerTag, tagValue: owner },
    ...(inputs.tags ?? []),
  ];
}

export function tagOf(node: EmrNode, key: string): string | undefined {
  return node.tags?.find(({ tagKey }) => tagKey === key)?.tagValue;
}

/** The settings of a purchase, as given: every one that the API's schema has. */
export const purchaseSettings = (inputs: NodePoolInputs) => settingsIn(nodePurchase, inputs);

function settingsIn<Settings extends z.ZodObject>(
  { shape }: Settings,
  inputs: z.output<Settings>,
): z.output<Settings> {
  const names = Object.keys(shape) as (keyof typeof inputs)[];
  return Object.fromEntries(names.map((name) => [name, inputs[name]])) as z.output<Settings>;
}

/** Asks what `count` nodes cost, with every setting that the price depends on. */
export function priceRequest(
  inputs: z.output<typeof pricedSettings> & Pick<NodePoolInputs, "clusterId" | "role">,
  count: number,
  zoneId: number,
): z.input<typeof inquiryPriceScaleOutInstance.request> {
  return {
    ...settingsIn(pricedSettings, inputs),
    instanceId: inputs.clusterId,
    timeUnit: inputs.payMode === 1 ? "m" : "s",
    timeSpan: timeSpanOf(inputs),
    zoneId,
    currency: "CNY",
    coreCount: 0,
    taskCount: 0,
    [countFields[inputs.role]]: count,
  };
}

export const isExcluded = (
  { resourceId, orderNo }: NodeOutput,
  { exclude = [] }: Pick<NodePoolInputs, "exclude">,
) => exclude.some((name) => name === resourceId || name === orderNo);

/** Nodes of a role that belong to no pool and no autoscaling, as far as they show. */
export function unowned(
  nodes: readonly EmrNode[],
  { role, adopt = [], exclude = [] }: NodePoolInputs,
): EmrNode[] {
  return nodes.filter(
    (node) =>
      node.flag === flags[role] &&
      node.autoFlag !== 1 &&
      tagOf(node, poolTag) === undefined &&
      // An entry without a machine is what a failed purchase can leave behind.
      (node.orderNo || node.hardwareResourceType === "POD") &&
      !isNamed(node, [...adopt, ...exclude]),
  );
}

export function isNamed(node: EmrNode, ids: readonly string[]): boolean {
  return ids.includes(node.emrResourceId) || (node.orderNo !== undefined && ids.includes(node.orderNo));
}

/** The nodes of a cluster as one pool sees them. */
export interface Survey {
  /** Recorded, adopted or bought by us: what the pool consists of. */
  members: EmrNode[];
  /** Those of the members that state did not know yet. */
  found: EmrNode[];
  /** Bought by us, but with other settings, and not recorded. */
  otherSpec: EmrNode[];
  /** Nodes under this pool's name that somebody else has bought, or nobody says who. */
  claimed: { node: EmrNode; isForeign: boolean }[];
  /** Why nodes named in `adopt` cannot be taken over. */
  notAdoptable: Note[];
  warnings: Note[];
}

/** The nodes that carry a pool's tag, with whatever settings they were born. */
export function poolNodes(
  nodes: readonly EmrNode[],
  { role, poolId }: Pick<NodePoolInputs, "role" | "poolId">,
): EmrNode[] {
  return nodes.filter(
    (node) => tagOf(node, poolTag) === poolId && node.flag === flags[role] && node.autoFlag !== 1,
  );
}

/** How a pool knows its nodes. */
export interface Ownership {
  /** Ids of those that it is known to have. */
  recorded: readonly string[];
  /** What nodes that it bought carry in a tag; undefined for a pool that has never marked any. */
  owner: string | undefined;
  /** Fingerprint of the settings that they were born with. Default: that of the inputs. */
  spec?: string;
}

export function survey(
  nodes: readonly EmrNode[],
  inputs: NodePoolInputs,
  { recorded, owner, spec = specHash(inputs) }: Ownership,
): Survey {
  const result: Survey = {
    members: [],
    found: [],
    otherSpec: [],
    claimed: [],
    notAdoptable: [],
    warnings: [],
  };
  const adopt = inputs.adopt ?? [];
  for (const node of nodes) {
    if (isNamed(node, inputs.exclude ?? [])) continue;
    const isOfRole = node.flag === flags[inputs.role];
    const pool = tagOf(node, poolTag);
    const buyer = tagOf(node, ownerTag);
    const isForeign = pool !== undefined && pool !== inputs.poolId;
    // A pool of the same name has taken it over, or bought it.
    const isTaken = buyer !== undefined && owner !== undefined && buyer !== owner;
    if (recorded.includes(node.emrResourceId)) {
      if (isForeign || (isTaken && !isNamed(node, adopt))) {
        result.warnings.push(
          note(
            "leftAlone",
            `${node.emrResourceId} now carries the tag of ${isForeign ? `pool ${pool}` : `another pool called ${pool}`}: it is left alone and no longer counts`,
          ),
        );
      } else {
        result.members.push(node);
      }
    } else if (isNamed(node, adopt)) {
      const obstacle = isForeign
        ? `it belongs to pool ${pool}`
        : !isOfRole
          ? `it is not a ${inputs.role} node`
          : node.autoFlag === 1
            ? "autoscaling made it and may take it away"
            : undefined;
      if (obstacle) {
        result.notAdoptable.push(
          badInput("adopt", `${node.emrResourceId} cannot be taken over: ${obstacle}`),
        );
      } else {
        result.members.push(node);
        result.found.push(node);
      }
    } else if (pool === inputs.poolId && isOfRole && node.autoFlag !== 1) {
      if (buyer === undefined || buyer !== owner) {
        result.claimed.push({ node, isForeign: buyer !== undefined });
      } else if ((tagOf(node, specTag) ?? "") === spec) {
        result.members.push(node);
        result.found.push(node);
      } else {
        result.otherSpec.push(node);
      }
    }
  }
  return result;
}

/** What is known about an order's workflow when its nodes are looked for. */
export interface OrderEvidence {
  /** `unknown` where there is no handle, or it cannot be read; `finished` where it ended well. */
  flow: "unknown" | "running" | "ended" | "finished";
  /** How the stage that binds tags ended, as far as that is known. */
  tags: "bound" | "failed" | "unknown";
  /** When the workflow ended, in the cloud's time: no machine is applied for later. Empty or absent where that is not told. */
  endedAt?: string;
  /** The pool's members so far. */
  members: ReadonlySet<string>;
}

/** How long after an order was sent its machines may have been applied for. */
const applyWindow = 30 * 60_000;
/** How far apart the machines of one order may have been applied for. */
const orderSpread = 5_000;

/**
 * The nodes that an order brought. A tag settles it. Where tags are missing (their stage can fail) or cannot be seen at
 * all, that nodes are new proves nothing unless they are just as many as an order that was filled, applied for together;
 * those in doubt are `unclear`.
 */
export function nodesOfOrder(
  nodes: readonly EmrNode[],
  inputs: NodePoolInputs,
  order: Order,
  evidence: OrderEvidence,
): { bought: EmrNode[]; unclear: EmrNode[] } {
  const isNew = ({ emrResourceId }: EmrNode) => !order.before.includes(emrResourceId);
  // A person has said whose it is.
  const isSettled = (node: EmrNode) => isNamed(node, [...(inputs.adopt ?? []), ...(inputs.exclude ?? [])]);
  const tagged = poolNodes(nodes, inputs).filter(
    (node) =>
      isNew(node) &&
      !isSettled(node) &&
      tagOf(node, specTag) === order.specHash &&
      tagOf(node, ownerTag) === order.owner,
  );
  const untagged = unowned(nodes, inputs).filter(
    (node) =>
      isNew(node) &&
      (node.chargeType === undefined || node.chargeType === order.payMode) &&
      (order.zoneId === undefined || node.zoneId === undefined || node.zoneId === order.zoneId) &&
      (node.applyTime === undefined || node.applyTime >= order.serverTime) &&
      (node.applyTime === undefined || !evidence.endedAt || node.applyTime <= evidence.endedAt),
  );
  const missing = order.count - tagged.length;
  if (evidence.flow === "running" || missing <= 0) return { bought: tagged, unclear: [] };
  // An equal order of a pool of the same name, whose token was the same: it may be this one's twin.
  const twins = poolNodes(nodes, inputs).filter(
    (node) =>
      isNew(node) && !isSettled(node) && !tagged.includes(node) && tagOf(node, specTag) === order.specHash,
  );
  const isVisible = showsTags(nodes);
  // Tags were bound and are seen: what carries none is somebody else's, unless other hands have taken them from a node that
  // a filled order must have brought.
  const isFilled = evidence.flow === "finished";
  if (untagged.length === 0 || (evidence.tags === "bound" && isVisible && !isFilled))
    return { bought: tagged, unclear: twins };
  const near = untagged.filter(({ applyTime }) => (elapsed(order.serverTime, applyTime) ?? 0) <= applyWindow);
  const times = near.map(({ applyTime = "" }) => applyTime).sort();
  const areTogether = (elapsed(times[0], times.at(-1)) ?? 0) <= orderSpread;
  const tagsFailed = evidence.tags === "failed" || !isVisible;
  if (isFilled && tagsFailed && near.length === missing && areTogether) {
    return { bought: [...tagged, ...near], unclear: [] };
  }
  // Members that we bought with tags and that show none are the proof that tags cannot be seen here.
  const own = nodes.some(
    (node) => evidence.members.has(node.emrResourceId) && !isNamed(node, inputs.adopt ?? []),
  );
  const applied = new Set(times);
  if (own && !isVisible && near.length === missing && applied.size === 1) {
    return { bought: [...tagged, ...near], unclear: [] };
  }
  return { bought: tagged, unclear: [...near, ...twins] };
}

/** Token of a purchase: the same for the same purchase on the same members, so that a repeat is known as one. */
export function orderToken(
  inputs: NodePoolInputs,
  members: readonly string[],
  count: number,
  salt: number,
): string {
  const purpose = [
    inputs.clusterId,
    inputs.role,
    inputs.poolId,
    specHash(inputs),
    [...members].sort(),
    count,
    salt,
  ];
  return `pb-${createHash("sha256").update(JSON.stringify(purpose)).digest("hex").slice(0, 32)}`;
}

/** A member as the planner needs it: as listed by the cloud, or as recorded. */
export interface Member {
  resourceId: string;
  orderNo: string;
  applyTime: string;
  /** Why the cloud will not remove it. */
  protection?: string;
  /** Whether it carries the tags that it should; `unseen` where it does not even show the pool's own. */
  tags: "right" | "wrong" | "unseen";
}

/** `dropped` are tags that the user has taken away. */
export function memberOf(
  node: EmrNode,
  inputs: NodePoolInputs,
  dropped: NonNullable<NodePoolInputs["tags"]>,
  owner: string,
): Member {
  const protection =
    node.disableApiTermination === true
      ? "termination protection is on"
      : node.autoFlag === 1
        ? "autoscaling made it"
        : undefined;
  const buyer = tagOf(node, ownerTag);
  const isWrong =
    // Taken over from another pool of the same name.
    (buyer !== owner && isNamed(node, inputs.adopt ?? [])) ||
    (inputs.tags ?? []).some(({ tagKey, tagValue }) => tagOf(node, tagKey) !== tagValue) ||
    dropped.some(({ tagKey }) => tagOf(node, tagKey) !== undefined);
  return {
    resourceId: node.emrResourceId,
    orderNo: node.orderNo ?? "",
    applyTime: node.applyTime ?? "",
    ...(protection ? { protection } : {}),
    tags: tagOf(node, poolTag) !== inputs.poolId ? "unseen" : isWrong ? "wrong" : "right",
  };
}

/** Whether the list of nodes shows tags at all, so that a node without the pool's own lacks it. */
export const showsTags = (nodes: readonly EmrNode[]) => nodes.some(({ tags = [] }) => tags.length > 0);

/** Those that lack the pool's tag: as the list shows, or where it shows no tags as was known before. */
export function untaggedAmong(
  members: readonly EmrNode[],
  listed: readonly EmrNode[],
  { poolId, untagged = [] }: Pick<NodePoolState, "poolId" | "untagged">,
): string[] {
  const isVisible = showsTags(listed);
  return members
    .filter((node) => tagOf(node, poolTag) !== poolId)
    .map(({ emrResourceId }) => emrResourceId)
    .filter((id) => isVisible || untagged.includes(id));
}

export interface PoolSituation {
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
}

/** What to do to get from what is there to what is wanted. */
export function planPool(wanted: NodePoolInputs, situation: PoolSituation): Plan {
  const plan: Plan = { steps: [], warnings: [...situation.warnings], blocked: [...situation.notAdoptable] };
  const { members, pendingOrder } = situation;
  if (pendingOrder) {
    plan.steps.push({
      kind: "settle",
      summary: `find out what an earlier order for ${nodesOf(pendingOrder.count, wanted.role)} brought`,
    });
    plan.warnings.push(note("settleFirst", "the rest is planned once that is known"));
    return plan;
  }
  const missing = wanted.count - members.length;
  addOwnership(plan, wanted, situation, missing);
  if (situation.otherSpec.length > 0 && wanted.deletionPolicy === "leave") {
    plan.warnings.push(
      note(
        "leftAlone",
        `${situation.otherSpec.join(", ")} carry this pool's tag, but were bought with other settings: they are left alone, as deletionPolicy says`,
      ),
    );
  } else if (situation.otherSpec.length > 0) {
    plan.blocked.push(
      note(
        "ownership",
        `${situation.otherSpec.join(", ")} carry the tag of pool ${wanted.poolId} but were bought with other settings, ` +
          "probably by a run that was interrupted before the inputs changed. Name them in adopt to keep them, or in exclude to leave them alone, remove them " +
          "in the EMR console, or go back to the earlier inputs",
      ),
    );
  }
  if (situation.adoptMissing.length > 0) {
    plan.blocked.push(
      badInput("adopt", `cluster ${wanted.clusterId} has no node ${situation.adoptMissing.join(", ")}`),
    );
  }
  if (situation.found.length > 0) {
    plan.steps.push({
      kind: "adopt",
      nodes: situation.found,
      summary: `take ${situation.found.join(", ")} into the pool`,
    });
  }
  plan.steps.push(...tagSteps(wanted, situation));
  const adopted = situation.found.filter((id) =>
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
  if (missing < 0 && situation.isNew) {
    plan.blocked.push(
      note(
        "notAllowed",
        `an earlier run has brought ${nodesOf(members.length, wanted.role)}, but count is ${wanted.count}, and creating a pool removes nothing: set count to ${members.length} for this \`pulumi up\`, and to ${wanted.count} for the next`,
        "count",
      ),
    );
    return plan;
  }
  if (missing > 0) plan.steps.push(...growSteps(wanted, missing));
  if (missing < 0) addShrink(plan, wanted, situation, -missing);
  return plan;
}

/** Nothing is bought, and nothing taken over, while it cannot be told whose nodes are. */
function addOwnership(
  plan: Plan,
  wanted: NodePoolInputs,
  { claimed = [], isNew, vanished = [], appeared = [] }: PoolSituation,
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
  return `${count} ${role} node${count === 1 ? "" : "s"}`;
}

function tagSteps(wanted: NodePoolInputs, { members }: PoolSituation): Step[] {
  // In an order that a preview and the run have in common.
  const targets = members
    .filter(({ tags }) => tags === "wrong")
    .map(({ resourceId }) => resourceId)
    .sort();
  if (targets.length === 0) return [];
  const steps: Step[] = [];
  for (const batch of batches(targets)) {
    steps.push({
      kind: "call",
      action: "ModifyResourcesTags",
      target: wanted.clusterId,
      parameters: { ResourceIds: batch, Tags: tagsFor(wanted, "").map(({ tagKey }) => tagKey) },
      summary: `set the tags of ${batch.join(", ")}`,
    });
    steps.push({ kind: "wait", summary: "wait until the cluster is free again" });
  }
  return steps;
}

function growSteps(wanted: NodePoolInputs, missing: number): Step[] {
  const steps: Step[] = [
    {
      kind: "ask",
      action: "InquiryPriceScaleOutInstance",
      target: wanted.clusterId,
      summary: `ask for the price and the stock of ${nodesOf(missing, wanted.role)}`,
    },
  ];
  const rounds = Math.ceil(missing / batchSize);
  for (let round = 0; round < rounds; round++) {
    const count = Math.min(batchSize, missing - round * batchSize);
    steps.push({
      kind: "call",
      action: "ScaleOutInstance",
      target: wanted.clusterId,
      parameters: {
        [wireName(countFields[wanted.role])]: count,
        PayMode: wanted.payMode,
        TimeUnit: wanted.payMode === 1 ? "m" : "s",
        TimeSpan: timeSpanOf(wanted),
        ...(wanted.zoneId === undefined ? {} : { ZoneId: wanted.zoneId }),
      },
      summary: `buy ${nodesOf(count, wanted.role)}${rounds > 1 ? `, batch ${round + 1} of ${rounds}` : ""}`,
      ...(rounds > 1 && { whole: `buy ${nodesOf(missing, wanted.role)} in ${rounds} batches` }),
      buys: count,
      ...(wanted.payMode === 1 ? { irreversible: "monthly nodes are paid in advance" } : {}),
    });
    steps.push({
      kind: "wait",
      summary: "wait until the new nodes are listed and the cluster is free again",
    });
  }
  return steps;
}

/** The field of ScaleOutInstance that counts the nodes of a role, in our spelling. */
export const countFields = {
  task: "taskCount",
  core: "coreCount",
  router: "routerCount",
  master: "masterCount",
} as const;

export function timeSpanOf(wanted: Pick<NodePoolInputs, "payMode" | "timeSpan">): number {
  if (wanted.payMode !== 1) return 3600;
  if (wanted.timeSpan === undefined) throw new Error("monthly nodes without a number of months");
  return wanted.timeSpan;
}

function addShrink(
  plan: Plan,
  wanted: NodePoolInputs,
  { members, removable: allowed }: PoolSituation,
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
    plan.steps.push(...shrinkSteps(wanted, batch, "TerminateClusterNodes"));
  for (const batch of batches(others)) plan.steps.push(...shrinkSteps(wanted, batch, "TerminateTasks"));
}

function shrinkSteps(wanted: NodePoolInputs, going: Member[], action: string): Step[] {
  const ids = going.map(({ resourceId }) => resourceId);
  const grace = action === "TerminateClusterNodes" ? wanted.scaleIn?.graceSeconds : undefined;
  return [
    {
      kind: "call",
      action,
      target: wanted.clusterId,
      parameters:
        action === "TerminateTasks"
          ? { ResourceIds: ids }
          : {
              NodeFlag: wanted.role.toUpperCase(),
              CvmInstanceIds: going.map(({ orderNo }) => orderNo),
              ...(grace === undefined ? {} : { GraceDownFlag: true, GraceDownTime: grace }),
            },
      summary: `remove ${nodesOf(ids.length, wanted.role)}: ${ids.join(", ")}${grace ? `, with ${grace} s to finish their work` : ""}`,
      removes: ids,
      irreversible: "removed nodes and what is on their disks do not come back",
    },
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

/** The situation as state recorded it, for plans that are made without asking the cloud. */
export function recordedSituation(state: NodePoolState | undefined, wanted: NodePoolInputs): PoolSituation {
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

/** Nodes in the order that is recorded, and then by birth: what depends on the order sees new ones last. */
export function byBirth(nodes: readonly NodeOutput[], recorded?: readonly NodeOutput[]): NodeOutput[] {
  const birth = ({ applyTime, resourceId }: NodeOutput) => `${applyTime} ${resourceId}`;
  const born = [...nodes].sort((a, b) => (birth(a) < birth(b) ? -1 : 1));
  return inRecordedOrder(born, recorded, ({ resourceId }) => resourceId);
}

/** A node as the pool tells it. */
export function nodeOutputOf(node: EmrNode): NodeOutput {
  return {
    resourceId: node.emrResourceId,
    orderNo: node.orderNo ?? "",
    ip: node.ip ?? "",
    state: stateOf(node.servicesStatus ?? ""),
    zone: node.zone ?? "",
    applyTime: node.applyTime ?? "",
    chargeType: node.chargeType ?? 0,
    spec: machineType(node),
  };
}

/** From `DataNode:STARTED,NodeManager:STOPED`; the stopped word has two spellings in the field. */
function stateOf(services: string): NodeOutput["state"] {
  const words = services
    .split(",")
    .map((entry) => entry.split(":")[1]?.trim().toUpperCase() ?? "")
    .filter((word) => word !== "");
  if (words.length === 0) return "unknown";
  if (words.every((word) => word === "STARTED")) return "running";
  if (words.every((word) => word === "STOPED" || word === "STOPPED")) return "stopped";
  return "degraded";
}

/** The list gives the family, the cores and the memory; the type's name is made of the three. */
function machineType({ spec = "", cpuNum, memSize }: EmrNode): string {
  const family = spec.replace(/^CVM\./, "");
  if (!family || !cpuNum || !memSize || family.includes(".")) return family;
  const size =
    { 1: "SMALL", 2: "MEDIUM", 4: "LARGE" }[cpuNum] ?? (cpuNum % 4 === 0 ? `${cpuNum / 4}XLARGE` : "");
  return size ? `${family}.${size}${Math.round(memSize / 2 ** 30)}` : family;
}
