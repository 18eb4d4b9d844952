import { defineAction } from "./action";
import { listedNode } from "./node";

export const ShowNodeV3 = defineAction<object>({
  service: "ddm",
  route: "GET /v3/{project_id}/instances/{instance_id}/nodes/{node_id}",
  fields: {},
  handle: (call) => {
    const node = listedNode(call);
    return {
      answer: {
        id: node.nodeId,
        name: node.name,
        private_ip: node.ip,
        status: node.status,
        subnet_id: node.subnetId,
        az_code: node.availableZone,
        group_id: node.groupId,
      },
      changed: false,
    };
  },
});
