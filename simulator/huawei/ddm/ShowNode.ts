import { defineAction } from "./action";
import { listedNode } from "./node";

export const ShowNode = defineAction<object>({
  service: "ddm",
  route: "GET /v1/{project_id}/instances/{instance_id}/nodes/{node_id}",
  fields: {},
  handle: (call) => {
    const node = listedNode(call);
    return {
      answer: {
        status: node.status,
        name: node.name,
        node_id: node.nodeId,
        private_ip: node.ip,
        floating_ip: "",
        server_id: "",
        subnet_name: "",
        datavolume_id: "",
        res_subnet_ip: "",
        systemvolume_id: "",
        group_id: node.groupId,
        subnet_id: node.subnetId,
      },
      changed: false,
    };
  },
});
