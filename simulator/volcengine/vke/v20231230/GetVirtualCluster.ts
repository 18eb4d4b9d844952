import { defineAction } from "../action";
import { clusterRow } from "../rows";

export const GetVirtualCluster = defineAction<{ ClusterId: string }>({
  kind: "read",
  fields: { ClusterId: { type: "string", required: true } },
  handle: ({ region, request, version, world }) => {
    const cluster = world.require(request.ClusterId, { region, version });
    return { result: clusterRow(cluster, version, world), changed: false };
  },
});
