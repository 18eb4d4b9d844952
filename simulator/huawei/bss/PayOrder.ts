import { defineAction } from "../ddm/action";
import { ApiError } from "../errors";
import { orderCode, requireOrder } from "./order";

interface Request {
  order_id: string;
  use_coupon: string;
  use_discount: string;
}

export const PayOrder = defineAction<Request>({
  service: "bss",
  route: "POST /v3/orders/customer-orders/pay",
  fields: {
    order_id: { type: "string", required: true },
    use_coupon: { type: "string", required: true },
    use_discount: { type: "string", required: true },
  },
  handle: (call) => {
    const order = requireOrder(call, call.request.order_id);
    if (order.status !== 6) throw new ApiError(400, orderCode, "The order does not wait for payment.");
    if (!call.world.settings.balanceSuffices) throw new ApiError(400, orderCode, "Insufficient balance.");
    call.world.payOrder(order.orderId);
    return { status: 204, answer: undefined, changed: true };
  },
});
