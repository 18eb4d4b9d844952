// Taking nodes out of a group, by either call.

import type { Call } from "./action";
import { ddmFaults } from "./faults";
import type { DdmGroup, DdmInstance, DdmJob, DdmNode } from "./instance";
import { refusal } from "./rules";
import type { DdmWorld } from "./world";

/** At least one node must stay in the group. */
export function checkRemains(world: DdmWorld, group: DdmGroup, count: number): void {
  const { minimumNodesPerGroup } = world.settings;
  const present = group.allNodes.filter(({ goneAt }) => goneAt === undefined).length;
  if (present - count < minimumNodesPerGroup) {
    throw refusal(
      world,
      "tooFewNodes",
      `The group ${group.groupId} must keep ${minimumNodesPerGroup} nodes.`,
    );
  }
}

export function startReduce(
  instance: DdmInstance,
  nodes: DdmNode[],
  v2: boolean,
  { action, world, faults }: Call<unknown>,
): DdmJob {
  const failure = faults.take(ddmFaults.jobFails, action);
  return world.startChange(instance, {
    status: "REDUCING",
    jobName: "ReduceNode",
    v2,
    duration: world.settings.durations.reduce,
    statusAfterFailure: failure?.status,
    atEnd: () => {
      if (failure) return failure.reason;
      for (const node of nodes) node.goneAt ??= world.clock.now();
      return undefined;
    },
  });
}
