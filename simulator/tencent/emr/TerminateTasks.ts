import { ApiError } from "../errors";
import { defineAction } from "./action";
import { checkClusterId } from "./clusterId";
import { nodesToRemove, startRemoval } from "./removal";

interface Request {
  InstanceId: string;
  ResourceIds: string[];
}

export const TerminateTasks = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    ResourceIds: { type: "strings", required: true },
  },
  ({ request, region, world }) => {
    checkClusterId(request.InstanceId);
    const cluster = world.require(request.InstanceId, region);
    const { ResourceIds } = request;
    if (ResourceIds.length === 0 || !ResourceIds.every((id) => id.startsWith("emr-vm-"))) {
      throw new ApiError("InvalidParameter.InvalidResourceIds");
    }
    const nodes = nodesToRemove(cluster, ResourceIds, (node) => node.emrResourceId, world, {
      unknown: "ResourceNotFound.ResourceNotFound",
      refused: "UnsupportedOperation",
    });
    if (nodes.some((node) => node.role !== "task")) {
      throw new ApiError("UnsupportedOperation", "Only task nodes can be terminated.");
    }
    if (world.settings.terminateTasksPrepaid === "refused" && nodes.some((node) => node.chargeType === 1)) {
      throw new ApiError("UnsupportedOperation", "Monthly nodes cannot be terminated by this operation.");
    }
    world.requireIdle(cluster);
    startRemoval(cluster, nodes, "task", 0, world);
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);
