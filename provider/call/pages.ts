// Lists that come in pages. An answer that says how many there are is held to it: a list that is shorter than its own
// count proves nothing, so that it is read on, or the work stops.
import { StoppedError } from "../base/errors";

/** How long a list may go on without what has just been made, in milliseconds: nothing is concluded from it before. */
export const listLag = 600_000;

/** Far more than any list has. */
const mostPages = 1_000;

/** A list that is shorter than its own count: nothing is concluded from it. */
export class ShortList extends StoppedError {}

export interface Page<T> {
  items: readonly T[];
  /** How many there are in all, by the answer's own word. */
  total: number | undefined;
}

export interface PagedList<T> {
  /** What is listed and where, for people: `nodes of emr-1`. */
  what: string;
  /** Who says how many there are: `EMR`. */
  who: string;
  /** What tells rows apart that also hold what changes by itself, such as the time. Default: all of a row. */
  keyOf?(item: T): unknown;
  /** The most that one answer holds. */
  size: number;
  /** Asks for a page. Without an offset: for the first, or for all where the API gives all. */
  ask(offset: number | undefined): Promise<Page<T>>;
}

/**
 * All records of a list. Documents disagree on what an offset counts, so that it is found out: pages from 0, pages from 1,
 * or records. Rows that look the same count each, since answers can hide what tells them apart.
 */
export async function wholeList<T>({ what, who, keyOf, size, ask }: PagedList<T>): Promise<T[]> {
  const rows: T[] = [];
  const textOf = (item: T) => JSON.stringify(keyOf ? keyOf(item) : item);
  const seen = new Set<string>();
  /** How many rows of a page are new. */
  const take = (items: readonly T[]): number => {
    const fresh = items.filter((item) => !seen.has(textOf(item)));
    rows.push(...fresh);
    for (const item of fresh) seen.add(textOf(item));
    return fresh.length;
  };
  const isWhole = ({ items, total }: Page<T>) =>
    total === undefined ? items.length < size : rows.length >= total;
  const first = await ask(undefined);
  take(first.items);
  if (isWhole(first) || (first.total === undefined && first.items.length > size)) return rows;
  let counts: "pages" | "records" = "pages";
  for (let offset = 1, asked = 1; ; asked++) {
    if (asked >= mostPages)
      throw new StoppedError(
        `${who} shows ${rows.length} ${what} on ${asked} pages, and more to come: nothing is concluded from such a list. Look in the console.`,
      );
    const page = await ask(offset);
    const fresh = take(page.items);
    if (isWhole(page)) return rows;
    // Where pages are counted from 1, the second question brings the first page again.
    const isRepeated = offset === 1 && fresh === 0 && page.items.length > 0;
    if (fresh === 0 && !isRepeated) {
      if (page.total === undefined) return rows;
      throw new ShortList(
        `${who} counts ${page.total} ${what}, but shows only ${rows.length}: nothing is concluded from such a list. Run again; if it stays so, look in the console.`,
      );
    }
    // Where records are counted, it brings all but one of the first page again.
    if (offset === 1 && fresh > 0 && fresh < page.items.length) counts = "records";
    offset = counts === "pages" ? offset + 1 : rows.length;
  }
}
