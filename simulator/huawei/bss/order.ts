// Looks up the order a call names. The reference gives no codes of the order service.
import type { Call } from "../ddm/action";
import type { DdmOrder } from "../ddm/instance";
import { ApiError } from "../errors";

export const orderCode = "CBC.0100";

export function requireOrder({ world }: Call<unknown>, orderId: string): DdmOrder {
  const order = world.orders().find((candidate) => candidate.orderId === orderId);
  if (!order) throw new ApiError(404, orderCode, `The order ${orderId} does not exist.`);
  return order;
}
