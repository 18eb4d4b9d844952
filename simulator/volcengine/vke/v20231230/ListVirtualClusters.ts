import { defineAction } from "../action";
import { type PageRequest, page, pageFields } from "../page";
import { clusterRow } from "../rows";

interface Request extends PageRequest {
  ClusterIds?: string[];
  /** Part of a name. */
  ClusterName?: string;
  ClusterStates?: string[];
  ProjectName?: string;
}

export const ListVirtualClusters = defineAction<Request>({
  kind: "read",
  fields: {
    ClusterIds: { type: "stringOrStrings" },
    ClusterName: { type: "string" },
    ClusterStates: { type: "stringOrStrings" },
    ProjectName: { type: "string" },
    ...pageFields,
  },
  handle: ({ region, request, version, world }) => {
    const { ClusterIds: ids = [], ClusterName: name = "", ClusterStates: states = [], ProjectName } = request;
    const wantedStates = states.map((state) => state.toUpperCase());
    const rows = world
      .clusters()
      .filter((cluster) => world.isKnown(cluster, { region, version }) && !cluster.foreign)
      .filter(({ clusterId }) => ids.length === 0 || ids.includes(clusterId))
      .filter(({ clusterName }) => clusterName.includes(name))
      .filter(({ projectName }) => ProjectName === undefined || projectName === ProjectName)
      .map((cluster) => ({ ...clusterRow(cluster, version, world), ProductName: "E-MapReduce-VKE" }))
      .filter((row) => states.length === 0 || wantedStates.includes(row.ClusterState.toUpperCase()));
    return { result: page(rows, request, world.settings), changed: false };
  },
});
