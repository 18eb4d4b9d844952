import { defineAction } from "../ddm/action";
import { requireOrder } from "./order";

export const ShowOrder = defineAction<object>({
  service: "bss",
  route: "GET /v2/orders/customer-orders/details/{order_id}",
  fields: {},
  handle: (call) => {
    const order = requireOrder(call, call.path.order_id ?? "");
    const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    return {
      answer: {
        total_count: 1,
        order_info: {
          order_id: order.orderId,
          status: order.status,
          service_type_code: "hws.service.type.ddm",
          create_time: time(order.createdAt),
          ...(order.paidAt === undefined ? {} : { payment_time: time(order.paidAt) }),
        },
        order_line_items: [],
      },
      changed: false,
    };
  },
});
