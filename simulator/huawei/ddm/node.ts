// Looks up the node that a path names.
import type { Call } from "./action";
import type { DdmNode } from "./instance";
import { refusal } from "./rules";

export function listedNode({ world, path, projectId }: Call<unknown>): DdmNode {
  const instance = world.require(path.instance_id ?? "", projectId);
  const node = world.listedInstanceNodes(instance).find(({ nodeId }) => nodeId === path.node_id);
  if (!node) throw refusal(world, "unknownNode", `The node ${path.node_id} does not exist.`, 404);
  return node;
}
