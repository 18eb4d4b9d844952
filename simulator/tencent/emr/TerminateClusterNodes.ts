import { ApiError } from "../errors";
import { defineAction } from "./action";
import { nodesToRemove, startRemoval } from "./removal";
import type { ScalableRole } from "./settings";

interface Request {
  InstanceId: string;
  CvmInstanceIds: string[];
  NodeFlag: string;
  GraceDownFlag?: boolean;
  GraceDownTime?: number;
}

const roles: Record<string, ScalableRole> = {
  MASTER: "master",
  CORE: "core",
  TASK: "task",
  ROUTER: "router",
};
// Documented from 60, but the example says 0.
const shortestGraceSeconds = 60;
const longestGraceSeconds = 1800;

export const TerminateClusterNodes = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    CvmInstanceIds: { type: "strings", required: true },
    NodeFlag: { type: "string", required: true },
    GraceDownFlag: { type: "boolean" },
    GraceDownTime: { type: "integer" },
  },
  ({ request, region, world }) => {
    const cluster = world.require(request.InstanceId, region);
    const role = roles[request.NodeFlag];
    if (!role) throw new ApiError("InvalidParameter.InvalidNodeFlag");
    const { CvmInstanceIds } = request;
    if (CvmInstanceIds.length === 0 || !CvmInstanceIds.every((id) => id.startsWith("ins-"))) {
      throw new ApiError("InvalidParameter.InvalidResourceIds");
    }
    const graceSeconds = graceOf(request);
    const nodes = nodesToRemove(cluster, CvmInstanceIds, (node) => node.orderNo, world, {
      unknown: "ResourceNotFound.CvmInstanceNotFound",
      refused: "InvalidParameter.InvalidResourceIds",
    });
    if (nodes.some((node) => node.role !== role)) {
      throw new ApiError(
        "InvalidParameter.InvalidResourceIds",
        `Not all of the nodes are ${request.NodeFlag} nodes.`,
      );
    }
    const cores = cluster.allNodes.filter((node) => node.role === "core" && node.goneAt === undefined).length;
    if (role === "core" && cores - nodes.length < world.settings.minimumCoreCount) {
      throw new ApiError(
        "InvalidParameter.InvalidResourceIds",
        `At least ${world.settings.minimumCoreCount} core nodes must remain.`,
      );
    }
    world.requireIdle(cluster);
    const flow = startRemoval(cluster, nodes, role, graceSeconds, world);
    return { answer: { FlowId: flow.flowId }, changed: true };
  },
  { takesLock: true },
);

function graceOf({ GraceDownFlag, GraceDownTime }: Request): number {
  if (GraceDownTime) {
    const valid = GraceDownTime >= shortestGraceSeconds && GraceDownTime <= longestGraceSeconds;
    if (!valid) throw new ApiError("InvalidParameter", "GraceDownTime must be between 60 and 1800.");
  }
  return GraceDownFlag ? (GraceDownTime ?? shortestGraceSeconds) : 0;
}
