// Adding nodes to a group, by either of the two calls.
import type { Call } from "../action";
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
  const { ddm } = call;
  const { instance, zones } = plan;
  const begin = newEnlarging(plan, call);
  if (instance.charging === "postPaid") return { job: begin("") };
  const order = ddm.newOrder(instance, { purpose: "EnlargeNode", count: zones.length }, (paid) => {
    const job = begin(paid.orderId);
    paid.resourceIds.push(...(instance.purchases.at(-1)?.nodeIds ?? []));
    return job;
  });
  if (plan.autoPay && ddm.settings.balanceSuffices) ddm.payOrder(order.orderId);
  return { order };
}

/** Uses up the faults that concern this enlarging, and returns what starts it. */
function newEnlarging(plan: Plan, { ddm, faults, action }: Call<unknown>): (orderId: string) => DdmJob {
  const { instance, group, zones } = plan;
  const partial = faults.take("partialFill", action);
  const failure = faults.take("jobFails", action);
  const vanishing = faults.take("vanishNode", action);
  const filled = failure ? 0 : (partial?.filled ?? zones.length);
  const failReason =
    failure?.reason ??
    (filled < zones.length ? `${zones.length - filled} nodes could not be created` : undefined);

  return (orderId) => {
    const { durations, nodeListLagMilliseconds: lag } = ddm.settings;
    const now = ddm.clock.now();
    const appearAt =
      lag > 0
        ? now + ddm.scaled(durations.enlarge) + lag
        : now + ddm.scaled(durations.enlarge * durations.nodesAppearShare);
    const nodes = zones.map((availableZone) =>
      ddm.newNode(instance, group, {
        status: "creating",
        createdAt: appearAt,
        availableZone,
        subnetId: plan.subnetId,
      }),
    );
    const job = ddm.startChange(instance, {
      status: "GROWING",
      jobName: "EnlargeNode",
      v2: plan.v2,
      duration: durations.enlarge,
      statusAfterFailure: failure?.status,
      atEnd: () => {
        for (const [index, node] of nodes.entries()) {
          if (index < filled) node.status = "normal";
          else node.status = "enlargefail";
          if (index >= filled && failure?.nodes === "gone") node.goneAt ??= ddm.clock.now();
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
      ddm.clock.at(appearAt + vanishing.after, () => {
        lost.goneAt = ddm.clock.now();
      });
    }
    return job;
  };
}
