// Adding nodes to a group, by either of the two calls.

import type { Call } from "./action";
import { ddmFaults } from "./faults";
import type { DdmGroup, DdmInstance, DdmJob, DdmOrder } from "./instance";

export interface Plan {
  instance: DdmInstance;
  group: DdmGroup;
  /** One for each node. */
  zones: string[];
  subnetId?: string | undefined;
  v2: boolean;
  autoPay: boolean;
}

/** At once, or as an order that has to be paid. */
export function enlarge(plan: Plan, call: Call<unknown>): { job: DdmJob } | { order: DdmOrder } {
  const { world } = call;
  const { instance, zones } = plan;
  const begin = newEnlarging(plan, call);
  if (instance.charging === "postPaid") return { job: begin("") };
  const order = world.newOrder(instance, { purpose: "EnlargeNode", count: zones.length }, (paid) => {
    const job = begin(paid.orderId);
    paid.resourceIds.push(...(instance.purchases.at(-1)?.nodeIds ?? []));
    return job;
  });
  if (plan.autoPay && world.settings.balanceSuffices) world.payOrder(order.orderId);
  return { order };
}

/** Uses up the faults that concern this enlarging, and returns what starts it. */
function newEnlarging(plan: Plan, { world, faults, action }: Call<unknown>): (orderId: string) => DdmJob {
  const { instance, group, zones } = plan;
  const partial = faults.take(ddmFaults.partialFill, action);
  const failure = faults.take(ddmFaults.jobFails, action);
  const vanishing = faults.take(ddmFaults.vanishNode, action);
  const filled = failure ? 0 : (partial?.filled ?? zones.length);
  const failReason =
    failure?.reason ??
    (filled < zones.length ? `${zones.length - filled} nodes could not be created` : undefined);

  return (orderId) => {
    const { durations, nodeListLagMilliseconds: lag } = world.settings;
    const now = world.clock.now();
    const appearAt =
      lag > 0
        ? now + world.scaled(durations.enlarge) + lag
        : now + world.scaled(durations.enlarge * durations.nodesAppearShare);
    const nodes = zones.map((availableZone) =>
      world.newNode(instance, group, {
        status: "creating",
        createdAt: appearAt,
        availableZone,
        subnetId: plan.subnetId,
      }),
    );
    const job = world.startChange(instance, {
      status: "GROWING",
      jobName: "EnlargeNode",
      v2: plan.v2,
      duration: durations.enlarge,
      statusAfterFailure: failure?.status,
      atEnd: () => {
        for (const [index, node] of nodes.entries()) {
          if (index < filled) node.status = "normal";
          else node.status = "enlargefail";
          if (index >= filled && failure?.nodes === "gone") node.goneAt ??= world.clock.now();
        }
        return failReason;
      },
    });
    instance.purchases.push({
      time: now,
      count: zones.length,
      groupId: group.groupId,
      flavorId: group.flavorId,
      nodeIds: nodes.map(({ nodeId }) => nodeId),
      orderId,
      jobId: job.jobId,
    });
    const [lost] = nodes;
    if (vanishing && lost) {
      world.clock.at(appearAt + vanishing.after, () => {
        lost.goneAt = world.clock.now();
      });
    }
    return job;
  };
}
