// Pages of a list: NextToken is a page number, counted from 0.
import { refusal } from "../errors";
import type { VolcengineSettings } from "../settings";
import type { Fields } from "../shape";

export interface PageRequest {
  MaxResults?: number;
  NextToken?: number | string;
}

export const pageFields: Fields = { MaxResults: { type: "integer" }, NextToken: { type: "integerOrString" } };

/** Size of a page where the question does not say it. */
const usualSize = 10;

export function page<Item>(all: readonly Item[], request: PageRequest, settings: VolcengineSettings) {
  const { maxResults, nextToken } = settings;
  if (maxResults === "refused" && request.MaxResults !== undefined) {
    throw refusal(settings, "parameter", "MaxResults is not supported.");
  }
  const size = (maxResults === "accepted" ? request.MaxResults : undefined) ?? usualSize;
  if (size < 1 || size > 100) throw refusal(settings, "parameter", "MaxResults must be from 1 to 100.");
  const asked = pageNumber(request.NextToken, settings);
  const number = nextToken === "stuck" ? 0 : asked;
  const shown = all.slice(0, settings.listsEndAfter ?? all.length);
  const isLast = (number + 1) * size >= all.length;
  const tokens = {
    currentPage: number,
    nextPage: isLast ? 0 : number + 1,
    stuck: number,
    text: isLast ? "" : `page-${number + 1}`,
  };
  return {
    Items: shown.slice(number * size, (number + 1) * size),
    ...total(all.length, settings),
    NextToken: tokens[nextToken],
    MaxResults: size,
  };
}

/** How many rows a list has in all, as its answer says it. */
export function total(count: number, { totalCount }: VolcengineSettings): { TotalCount?: number | string } {
  if (totalCount === "absent") return {};
  return { TotalCount: totalCount === "text" ? String(count) : count };
}

function pageNumber(token: number | string = 0, settings: VolcengineSettings): number {
  const given = settings.nextToken === "text" ? String(token || "page-0") : token;
  const number = typeof given === "number" ? given : Number(/^page-(\d+)$/.exec(given)?.[1] ?? -1);
  if (number < 0) throw refusal(settings, "parameter", "NextToken is not one of this list's.");
  return number;
}
