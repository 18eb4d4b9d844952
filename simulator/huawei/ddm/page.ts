// Offset and limit as DDM's lists take them.
import { parameterError } from "../errors";
import type { Fields } from "../shape";

export interface PageRequest {
  offset?: number;
  limit?: number;
}

export const pageFields: Fields = { offset: { type: "integer" }, limit: { type: "integer" } };

export function page<Item>(
  items: Item[],
  request: PageRequest,
  defaultLimit = 10,
): { offset: number; limit: number; items: Item[] } {
  const { offset = 0, limit = defaultLimit } = request;
  if (offset < 0) throw parameterError("offset must not be negative.");
  if (limit < 1 || limit > 128) throw parameterError("limit must be from 1 to 128.");
  return { offset, limit, items: items.slice(offset, offset + limit) };
}
