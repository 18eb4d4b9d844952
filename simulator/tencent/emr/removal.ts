// Removing nodes, by either of the two calls.

import { ApiError } from "../errors";
import type { Cluster, EmrNode } from "./cluster";
import type { Flow } from "./flow";
import type { ScalableRole } from "./settings";
import type { EmrWorld } from "./world";

export interface RemovalCodes {
  /** An id that names no node of the cluster. */
  unknown: string;
  /** A node that may not be removed. */
  refused: string;
}

/** Looks the nodes up; those in the recycle bin count where a second call destroys them. */
export function nodesToRemove(
  cluster: Cluster,
  ids: string[],
  idOf: (node: EmrNode) => string,
  world: EmrWorld,
  codes: RemovalCodes,
): EmrNode[] {
  const { prepaidRemoval, removalOfUndestroyable, unknownIdsOnRemoval } = world.settings;
  const removable = (node: EmrNode) =>
    node.goneAt === undefined || (prepaidRemoval === "secondCallDestroys" && node.recycledAt !== undefined);
  const found: EmrNode[] = [];
  for (const id of new Set(ids)) {
    const node = cluster.allNodes.find((one) => id !== "" && idOf(one) === id && removable(one));
    if (node) found.push(node);
    else if (unknownIdsOnRemoval === "refused") throw new ApiError(codes.unknown, `${id} was not found.`);
  }
  if (found.length === 0) throw new ApiError(codes.unknown);
  for (const node of found) {
    if (node.disableApiTermination || (removalOfUndestroyable === "refused" && node.destroyable === 0)) {
      throw new ApiError(codes.refused, `The node ${idOf(node)} is protected and cannot be terminated.`);
    }
  }
  return found;
}

const removingStatus: Record<ScalableRole, number> = { core: 15, task: 16, router: 17, master: 24 };

export function startRemoval(
  cluster: Cluster,
  nodes: EmrNode[],
  role: ScalableRole,
  graceSeconds: number,
  world: EmrWorld,
): Flow {
  const { durations, removalStatus } = world.settings;
  const now = world.clock.now();
  const graceful = now + world.scaled(graceSeconds * 1000);
  const gone = graceful + world.scaled(durations.removal * durations.removalNodesGoneShare);
  const end = graceful + world.scaled(durations.removal);
  const flow: Flow = {
    flowId: world.ids.number(),
    traceId: world.newTraceId(),
    name: "ScaleInCluster",
    startedAt: now,
    stages: [
      { stage: "gracefulDecommission", name: "Wait for running work", from: now, to: graceful, ends: "done" },
      { stage: "terminateCvm", name: "Terminate CVM instances", from: graceful, to: gone, ends: "done" },
      { stage: "endPoint", name: "End", from: gone, to: end, ends: "done" },
    ],
    endsAt: end,
    finalStatus: 2,
    description: [
      { PKey: "NodeType", PValue: role },
      { PKey: "NodeCount", PValue: String(nodes.length) },
    ],
  };
  const status = removalStatus === "shrinking" ? 24 : removingStatus[role];
  world.startFlow(cluster, flow, status, () => {
    cluster.restingStatus = 2;
  });
  world.clock.at(gone, () => {
    for (const node of nodes) leave(node, gone);
  });
  return flow;
}

/** Monthly machines go to the recycle bin; a second removal takes them out of it. */
function leave(node: EmrNode, time: number): void {
  if (node.recycledAt !== undefined) {
    node.recycledAt = undefined;
    return;
  }
  node.goneAt ??= time;
  if (node.chargeType === 1) node.recycledAt = time;
}
