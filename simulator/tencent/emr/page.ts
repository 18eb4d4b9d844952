// Paging as the EMR calls do it.
import type { Settings } from "../../settings";
import { ApiError } from "../errors";

export function page<Item>(
  items: Item[],
  request: { Offset?: number; Limit?: number },
  offsetCounts: Settings["offsetCounts"],
  maximum = 100,
): Item[] {
  const { Offset = 0, Limit = 0 } = request;
  if (Offset < 0 || Limit < 0 || Limit > maximum) {
    throw new ApiError("InvalidParameter", "Invalid parameter: Offset or Limit.");
  }
  if (Offset === 0 && Limit === 0) return items;
  const size = Limit === 0 ? maximum : Limit;
  const start = offsetCounts === "pages" ? Offset * size : Offset;
  return items.slice(start, start + size);
}
