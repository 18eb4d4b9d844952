// Scale-in by node ids.

import { parameterError } from "../errors";
import type { Call, Outcome } from "./action";
import { asynchronous } from "./answer";
import { checkRemains, startReduce } from "./reduce";
import { checkData, refusal } from "./rules";

export interface DeleteNodesRequest {
  node_ids: string[];
}

export function deleteNodes(call: Call<DeleteNodesRequest>): Outcome {
  const { world, path, projectId, request } = call;
  const instance = world.require(path.instance_id ?? "", projectId);
  const ids = [...new Set(request.node_ids)];
  if (ids.length === 0) throw parameterError("node_ids must not be empty.");
  const present = world.nodes(instance.instanceId);
  const nodes = ids.map((id) => {
    const node = present.find(({ nodeId }) => nodeId === id);
    if (node) return node;
    const { missingOnDelete } = world.settings;
    throw refusal(world, "unknownNode", `The node ${id} does not exist.`, missingOnDelete);
  });
  const groups = world
    .groups(instance.instanceId)
    .filter(({ groupId }) => nodes.some((node) => node.groupId === groupId));
  const [group, second] = groups;
  if (!group || second) throw parameterError("The nodes must be in the same group.");
  checkRemains(world, group, nodes.length);
  world.requireIdle(instance);
  checkData(world, instance);
  if (instance.charging === "postPaid")
    return asynchronous({ job: startReduce(instance, nodes, false, call) });
  // There is nothing to pay for: the order is for the refund, and is executed.
  const order = world.newOrder(instance, { purpose: "ReduceNode", count: nodes.length }, () =>
    startReduce(instance, nodes, false, call),
  );
  world.payOrder(order.orderId);
  return asynchronous({ order });
}
