// Paging as the EMR calls do it.

import { ApiError } from "../errors";
import type { Call } from "./action";
import { emrFaults } from "./faults";

export interface Paging {
  Offset?: number;
  Limit?: number;
}

export function page<Item>(
  items: Item[],
  { request, world, faults }: Pick<Call<Paging>, "request" | "world" | "faults">,
  action: string,
  { maximum = 100, unpaged = "capped" }: { maximum?: number; unpaged?: "capped" | "whole" } = {},
): Item[] {
  const { Offset = 0, Limit = 0 } = request;
  if (Offset < 0 || Limit < 0 || Limit > maximum) {
    throw new ApiError("InvalidParameter", "Invalid parameter: Offset or Limit.");
  }
  const shown = items.slice(0, faults.take(emrFaults.cutList, action)?.rows);
  if (Offset === 0 && Limit === 0 && unpaged === "whole") return shown;
  const size = Limit === 0 ? maximum : Limit;
  const start = {
    pages: Offset * size,
    pagesFromOne: Math.max(0, Offset - 1) * size,
    items: Offset,
  }[world.settings.offsetCounts];
  return shown.slice(start, start + size);
}
