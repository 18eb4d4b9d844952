// Offset and limit as DDM's lists take them.

import { parameterError } from "../errors";
import type { Fields } from "../shape";
import type { Call } from "./action";
import type { ListAction } from "./settings";

export interface PageRequest {
  offset?: number;
  limit?: number;
}

export const pageFields: Fields = { offset: { type: "integer" }, limit: { type: "integer" } };

export function page<Item>(
  all: Item[],
  { request, action, world }: Call<PageRequest>,
  defaultLimit = 10,
): { offset: number; limit: number; items: Item[] } {
  const { offset = 0, limit = defaultLimit } = request;
  if (offset < 0) throw parameterError("offset must not be negative.");
  if (limit < 1 || limit > 128) throw parameterError("limit must be from 1 to 128.");
  const { offsetCounts, shownAtMost } = world.settings;
  const shown = all.slice(0, shownAtMost[action as ListAction] ?? all.length);
  const first = offsetCounts === "pages" ? offset * limit : offset;
  return { offset, limit, items: shown.slice(first, first + limit) };
}
