import { defineAction } from "./action";
import { type PageRequest, page, pageFields } from "./page";
import { groupsShown } from "./rows";

export const ListNodes = defineAction<PageRequest>({
  service: "ddm",
  route: "GET /v1/{project_id}/instances/{instance_id}/nodes",
  fields: pageFields,
  handle: (call) => {
    const { world, path, projectId } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    const all = world.listedInstanceNodes(instance);
    const { offset, limit, items } = page(all, call, 128);
    const withGroups = groupsShown(world);
    const nodes = items.map((node) => ({
      port: instance.port,
      status: node.status,
      node_id: node.nodeId,
      ip: node.ip,
      ...(withGroups ? { group_id: node.groupId } : {}),
    }));
    return { answer: { nodes, offset, limit, total: all.length }, changed: false };
  },
});
