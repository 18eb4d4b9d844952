import { defineAction } from "./action";
import { listInstances } from "./ListInstances";
import { type PageRequest, pageFields } from "./page";

export const ListInstancesV3 = defineAction<PageRequest>({
  service: "ddm",
  route: "GET /v3/{project_id}/instances",
  fields: pageFields,
  handle: (call) => {
    const { instances, ...answer } = listInstances(call);
    const rows = instances.map((row) => ({
      ...row,
      core_count: Number(row.core_count),
      tags: call.world.instance(String(row.id)).tags,
      maintenance_time: "02:00-06:00",
    }));
    return { answer: { ...answer, instances: rows }, changed: false };
  },
});
