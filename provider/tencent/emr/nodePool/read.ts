import type { Context } from "../../../base/context";
import { StoppedError } from "../../../base/errors";
import type { AccountRef } from "../../../call/account";
import { isSameInput } from "../../../core/diff";
import type { Found } from "../../../core/resource";
import { tencentClient } from "../../config";
import { type EmrNode, findCluster, listNodesSurely } from "../cluster";
import { inputsOf, type Recalled } from "./changes";
import { nodesOfOrder } from "./evidence";
import {
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  ownerTag,
  ownTags,
  poolKey,
  poolTag,
  specTag,
} from "./schema";
import { byBirth, nodeOutputOf, poolNodes, survey, tagOf, untaggedAmong } from "./survey";

export async function read(context: Context, id: string, state: NodePoolState) {
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
export async function find(
  context: Context,
  id: string,
  place: AccountRef = {},
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

/** Tags that all of them have, beside the pool's own. */
function commonTags(members: readonly EmrNode[]): NonNullable<NodePoolInputs["tags"]> {
  return (members[0]?.tags ?? [])
    .filter(({ tagKey }) => !ownTags.includes(tagKey))
    .filter(({ tagKey, tagValue }) => members.every((node) => tagOf(node, tagKey) === tagValue))
    .map(({ tagKey, tagValue }) => ({ tagKey, tagValue }));
}

export const importId = "<clusterId>/<role>/<poolId>";
