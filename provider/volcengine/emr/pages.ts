// Lists of EMR on VKE, page by page. Paging is published for some calls only, and not every answer counts its list: where
// an answer does, the list is held to it.
import { CloudError } from "../../base/errors";

/** The most rows that a page can hold, and how many it holds where nothing is said. */
const mostRows = 100;
const usualRows = 10;
const mostPages = 100;

export interface PageRequest {
  maxResults?: number;
  nextToken?: number | string;
}

export interface Page<T> {
  items: readonly T[];
  /** How many rows there are in all, by the answer's own word. */
  total: number | undefined;
  /** How many rows a page holds, likewise. */
  maxResults: number | undefined;
  /** The number of a page, or a text that means nothing to us. */
  nextToken: unknown;
}

export interface Pages<T> {
  items: T[];
  /** Why these are not all; empty where they are. */
  gap: string;
}

/** All rows of a list. `name` and `what`: the call and its rows, for people. */
export async function allPages<T>(
  name: string,
  what: string,
  ask: (page: PageRequest) => Promise<Page<T>>,
): Promise<Pages<T>> {
  let size: PageRequest = { maxResults: mostRows };
  let page = await ask(size).catch((error: unknown) => {
    // An edition may not know how to be asked for long pages.
    if (!(error instanceof CloudError) || error.kind !== "fixInput") throw error;
    size = {};
    return ask(size);
  });
  const limit = page.maxResults || size.maxResults || usualRows;
  const rows: T[] = [];
  const seen = new Set<string>();
  let hasTokens = false;
  const gapOf = (shown: string, total: number | undefined, isUnpaged: boolean) => {
    if (total !== undefined) return `${name} counts ${total} ${what}, but shows only ${rows.length}`;
    return isUnpaged ? "" : `${name} shows ${shown}, and not whether there are more`;
  };
  for (let number = 0; ; number++) {
    const { items } = page;
    // Rows of one page that look the same count each; those of an earlier page come again where paging is otherwise.
    const fresh = items.filter((item) => !seen.has(JSON.stringify(item)));
    rows.push(...fresh);
    for (const item of fresh) seen.add(JSON.stringify(item));
    const total = page.total !== undefined && page.total >= items.length ? page.total : undefined;
    const token = tokenOf(page);
    hasTokens ||= typeof token === "string";
    const mayGoOn =
      items.length > 0 && (items.length === limit || items.length === usualRows || isAfter(token, number));
    const isLastToken = hasTokens && typeof token !== "string";
    if (total === undefined ? !mayGoOn || isLastToken : rows.length >= total) return { items: rows, gap: "" };
    // Where pages are counted from 1, the second question brings the first page again.
    const isNews = fresh.length > 0 || (number === 1 && items.length > 0);
    if (!isNews || isLastToken || number >= mostPages) {
      const isUnpaged = !isNews && items.length < limit;
      return { items: rows, gap: gapOf(`${rows.length} ${what}`, total, isUnpaged) };
    }
    page = await ask({ ...size, nextToken: typeof token === "string" ? token : number + 1 });
  }
}

function tokenOf({ nextToken }: Page<unknown>): number | string | undefined {
  if (typeof nextToken === "number") return nextToken;
  if (typeof nextToken !== "string" || nextToken === "") return undefined;
  return /^\d+$/.test(nextToken) ? Number(nextToken) : nextToken;
}

/** Whether a token leads past the page of this number. */
const isAfter = (token: number | string | undefined, number: number) =>
  typeof token === "string" || (token !== undefined && token > number);
