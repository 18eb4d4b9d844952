import { defineAction } from "./action";
import { groupsShown, instanceRow, nodeWord } from "./rows";

export const ShowInstance = defineAction<object>({
  service: "ddm",
  route: "GET /v1/{project_id}/instances/{instance_id}",
  fields: {},
  handle: (call) => {
    const { world, path, projectId } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    const withGroups = groupsShown(world);
    const nodes = world.listedInstanceNodes(instance).map((node) => ({
      status: nodeWord(node),
      port: instance.port,
      ip: node.ip,
      ...(withGroups ? { group_id: node.groupId, node_id: node.nodeId } : {}),
    }));
    return { answer: { ...instanceRow(instance, call), nodes }, changed: false };
  },
});
