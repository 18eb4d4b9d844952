import { parameterError } from "../errors";
import { defineAction } from "./action";
import { type DeleteNodesRequest, deleteNodes } from "./removal";

/** The older form, with a body that does not always arrive. */
export const DeleteNodes = defineAction<DeleteNodesRequest>({
  service: "ddm",
  route: "DELETE /v3/{project_id}/instances/{instance_id}/nodes",
  fields: { node_ids: { type: "strings", required: true } },
  takesLock: true,
  handle: (call) => {
    if (!call.world.settings.deleteBodyArrives) throw parameterError("node_ids is required.");
    return deleteNodes(call);
  },
});
