import { defineAction } from "../../action";
import { clusterRow } from "../rows";

export const GetVirtualCluster = defineAction<{ ClusterId: string }>({
  kind: "read",
  fields: { ClusterId: { type: "string", required: true } },
  handle: ({ region, request, version, vke }) => {
    const cluster = vke.require(request.ClusterId, { region, version });
    return { result: clusterRow(cluster, version, vke), changed: false };
  },
});
