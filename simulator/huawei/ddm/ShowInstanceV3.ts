import { gatewayError } from "../errors";
import { defineAction } from "./action";
import { instanceRowV3 } from "./rows";

export const ShowInstanceV3 = defineAction<object>({
  service: "ddm",
  route: "GET /v3/{project_id}/instances/{instance_id}",
  fields: {},
  handle: (call) => {
    const { world, path, projectId } = call;
    if (world.settings.edition === "payPerUseOnly") {
      throw gatewayError(404, "0101", "The API does not exist or has not been published in the environment.");
    }
    const instance = world.require(path.instance_id ?? "", projectId);
    return { answer: { instances: [instanceRowV3(instance, call)] }, changed: false };
  },
});
