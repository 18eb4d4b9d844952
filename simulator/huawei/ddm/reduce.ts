// Taking nodes out of a group, by either call.
import type { Call } from "../action";
import type { DdmGroup, DdmInstance, DdmJob, DdmNode } from "./instance";
import { refusal } from "./rules";
import type { DdmWorld } from "./world";

/** At least one node must stay in the group. */
export function checkRemains(ddm: DdmWorld, group: DdmGroup, count: number): void {
  const { minimumNodesPerGroup } = ddm.settings;
  const present = group.allNodes.filter(({ goneAt }) => goneAt === undefined).length;
  if (present - count < minimumNodesPerGroup) {
    throw refusal(ddm, "tooFewNodes", `The group ${group.groupId} must keep ${minimumNodesPerGroup} nodes.`);
  }
}

export function startReduce(
  instance: DdmInstance,
  nodes: DdmNode[],
  v2: boolean,
  { action, ddm, faults }: Call<unknown>,
): DdmJob {
  const failure = faults.take("jobFails", action);
  return ddm.startChange(instance, {
    status: "REDUCING",
    jobName: "ReduceNode",
    v2,
    duration: ddm.settings.durations.reduce,
    statusAfterFailure: failure?.status,
    atEnd: () => {
      if (failure) return failure.reason;
      for (const node of nodes) node.goneAt ??= ddm.clock.now();
      return undefined;
    },
  });
}
