import { defineAction } from "./action";
import { type DeleteNodesRequest, deleteNodes } from "./removal";

export const BatchDeleteNodes = defineAction<DeleteNodesRequest>({
  service: "ddm",
  route: "POST /v3/{project_id}/instances/{instance_id}/nodes/batch-delete",
  fields: { node_ids: { type: "strings", required: true } },
  takesLock: true,
  handle: deleteNodes,
});
