// Pages of a list: NextToken is a page number, counted from 0.
import { refusal } from "../errors";
import type { VolcengineSettings } from "../settings";
import type { Fields } from "../shape";

export interface PageRequest {
  MaxResults?: number;
  NextToken?: number;
}

export const pageFields: Fields = { MaxResults: { type: "integer" }, NextToken: { type: "integer" } };

export function page<Item>(all: readonly Item[], request: PageRequest, settings: VolcengineSettings) {
  const { MaxResults: size = 10, NextToken: asked = 0 } = request;
  if (size < 1 || size > 100) throw refusal(settings, "parameter", "MaxResults must be from 1 to 100.");
  if (asked < 0) throw refusal(settings, "parameter", "NextToken must not be negative.");
  const number = settings.nextToken === "stuck" ? 0 : asked;
  const isLast = (number + 1) * size >= all.length;
  return {
    Items: all.slice(number * size, (number + 1) * size),
    TotalCount: all.length,
    NextToken: settings.nextToken === "nextPage" ? (isLast ? 0 : number + 1) : number,
    MaxResults: size,
  };
}
