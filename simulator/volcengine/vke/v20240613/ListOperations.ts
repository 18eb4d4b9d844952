import { defineAction } from "../action";
import { type PageRequest, page, pageFields } from "../page";
import { operationRow } from "../rows";

interface Request extends PageRequest {
  ClusterIds: string[];
}

/** Newest first. */
export const ListOperations = defineAction<Request>({
  kind: "read",
  fields: { ClusterIds: { type: "strings", required: true }, ...pageFields },
  handle: ({ region, request, version, world }) => {
    const { settings } = world;
    const clusters = request.ClusterIds.map((clusterId) => world.require(clusterId, { region, version }));
    const rows = world
      .operations()
      .filter((operation) => clusters.some(({ clusterId }) => clusterId === operation.clusterId))
      .filter((operation) => world.isVisible(operation) && world.isListed(operation))
      .reverse()
      .map((operation) => {
        const { OperationId, OperationName, OperationState, ...row } = operationRow(operation, world);
        return settings.operationFields === "Operation"
          ? { OperationId, OperationName, OperationState, ...row }
          : { OperateId: OperationId, OperateName: OperationName, OperateState: OperationState, ...row };
      });
    return { result: page(rows, request, settings), changed: false };
  },
});
