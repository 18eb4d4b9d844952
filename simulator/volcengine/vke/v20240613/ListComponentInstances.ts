import { defineAction } from "../action";
import { vkeFaults } from "../faults";
import { type PageRequest, page, pageFields, total } from "../page";
import { instanceRow } from "../rows";
import { requireApplication } from "../target";

interface Request extends PageRequest {
  ClusterId: string;
  ApplicationName: string;
}

export const ListComponentInstances = defineAction<Request>({
  kind: "read",
  fields: {
    ClusterId: { type: "string", required: true },
    ApplicationName: { type: "string", required: true },
    ...pageFields,
  },
  handle: ({ action, faults, region, request, version, world }) => {
    const { settings } = world;
    const cluster = world.require(request.ClusterId, { region, version });
    const { components } = requireApplication(cluster, request.ApplicationName, world);
    const lie = faults.take(vkeFaults.lyingInstanceStatus, action)?.status;
    const rows = [...components.values()]
      .flat()
      .map((instance) => instanceRow(instance, cluster.clusterId, world, lie));
    if (settings.instancesPaged) return { result: page(rows, request, settings), changed: false };
    return { result: { Items: rows, ...total(rows.length, settings) }, changed: false };
  },
});
