import { type Call, defineAction } from "./action";
import { type PageRequest, page, pageFields } from "./page";
import { instanceRow } from "./rows";

export const ListInstances = defineAction<PageRequest>({
  service: "ddm",
  route: "GET /v1/{project_id}/instances",
  fields: pageFields,
  handle: (call) => {
    const { total, ...answer } = listInstances(call);
    return { answer: { ...answer, total_record: total }, changed: false };
  },
});

export function listInstances(call: Call<PageRequest>) {
  const { world, projectId } = call;
  const all = world.instances().filter((instance) => instance.projectId === projectId);
  const { offset, limit, items } = page(all, call);
  return {
    instances: items.map((instance) => instanceRow(instance, call)),
    instance_num: items.length,
    page_no: Math.floor(offset / limit) + 1,
    page_size: limit,
    total: all.length,
    total_page: Math.ceil(all.length / limit),
  };
}
