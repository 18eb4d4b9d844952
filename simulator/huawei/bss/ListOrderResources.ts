import { defineAction } from "../ddm/action";
import { requireOrder } from "./order";

interface Request {
  order_id: string;
  only_main_resource?: number;
}

export const ListOrderResources = defineAction<Request>({
  service: "bss",
  // Misspelt by the vendor.
  route: "POST /v2/orders/suscriptions/resources/query",
  fields: { order_id: { type: "string", required: true }, only_main_resource: { type: "integer" } },
  handle: (call) => {
    const { resourceIds } = requireOrder(call, call.request.order_id);
    const data = resourceIds.map((resource_id) => ({ resource_id, is_main_resource: 1 }));
    return { answer: { total_count: data.length, data }, changed: false };
  },
});
