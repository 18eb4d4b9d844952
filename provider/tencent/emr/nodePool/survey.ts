// Which of a cluster's nodes are a pool's own, and how it tells of them. Pure.

import { inRecordedOrder } from "../../../base/order";
import { badInput, type Note, note } from "../../../core/note";
import type { EmrNode } from "../cluster";
import { flags, specHash } from "./birth";
import {
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  ownerTag,
  poolTag,
  specTag,
} from "./schema";

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

export function tagOf(node: EmrNode, key: string): string | undefined {
  return node.tags?.find(({ tagKey }) => tagKey === key)?.tagValue;
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
  for (const node of nodes) {
    if (isNamed(node, inputs.exclude ?? [])) continue;
    if (recorded.includes(node.emrResourceId)) addRecorded(result, node, inputs, owner);
    else if (isNamed(node, inputs.adopt ?? [])) addAdopted(result, node, inputs);
    else if (poolNodes([node], inputs).length > 0) addMarked(result, node, owner, spec);
  }
  return result;
}

/** The name of another pool whose tag a node carries. */
function otherPoolOf(node: EmrNode, { poolId }: NodePoolInputs): string | undefined {
  const pool = tagOf(node, poolTag);
  return pool === poolId ? undefined : pool;
}

function addRecorded(result: Survey, node: EmrNode, inputs: NodePoolInputs, owner: Ownership["owner"]): void {
  const other = otherPoolOf(node, inputs);
  const buyer = tagOf(node, ownerTag);
  // A pool of the same name has taken it over, or bought it.
  const isTaken = buyer !== undefined && owner !== undefined && buyer !== owner;
  if (other === undefined && (!isTaken || isNamed(node, inputs.adopt ?? []))) {
    result.members.push(node);
    return;
  }
  const pool = other === undefined ? `another pool called ${inputs.poolId}` : `pool ${other}`;
  result.warnings.push(
    note(
      "leftAlone",
      `${node.emrResourceId} now carries the tag of ${pool}: it is left alone and no longer counts`,
    ),
  );
}

function addAdopted(result: Survey, node: EmrNode, inputs: NodePoolInputs): void {
  const obstacle = whyNotAdoptable(node, inputs);
  if (obstacle !== undefined) {
    result.notAdoptable.push(badInput("adopt", `${node.emrResourceId} cannot be taken over: ${obstacle}`));
    return;
  }
  result.members.push(node);
  result.found.push(node);
}

function whyNotAdoptable(node: EmrNode, inputs: NodePoolInputs): string | undefined {
  const other = otherPoolOf(node, inputs);
  if (other !== undefined) return `it belongs to pool ${other}`;
  if (node.flag !== flags[inputs.role]) return `it is not a ${inputs.role} node`;
  return node.autoFlag === 1 ? "autoscaling made it and may take it away" : undefined;
}

/** One that carries the pool's name. */
function addMarked(result: Survey, node: EmrNode, owner: Ownership["owner"], spec: string): void {
  const buyer = tagOf(node, ownerTag);
  if (buyer === undefined || buyer !== owner) {
    result.claimed.push({ node, isForeign: buyer !== undefined });
  } else if ((tagOf(node, specTag) ?? "") === spec) {
    result.members.push(node);
    result.found.push(node);
  } else {
    result.otherSpec.push(node);
  }
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
