// Lists whose paging nobody has published: read to the end where that can be known, and said where it cannot.
import { describe, expect, test } from "vitest";
import { CloudError } from "../../../provider/base/errors";
import { allPages, type PageRequest } from "../../../provider/volcengine/emr/pages";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index }));

interface Api {
  total?: number | undefined;
  /** What the answer says that a page holds. */
  echo?: number;
  /** Rows of a page, where that is not as asked. */
  size?: number;
  token?: "none" | "page" | "next" | "text";
  from?: 0 | 1;
  counts?: "pages" | "records";
  paged?: boolean;
  stuck?: boolean;
  refusesSize?: boolean;
}

function api<T>(rows: readonly T[], given: Api = {}) {
  const { token = "none", from = 0, counts = "pages", paged = true, stuck = false } = given;
  const total = "total" in given ? given.total : rows.length;
  const asked: PageRequest[] = [];
  const ask = async (request: PageRequest) => {
    asked.push(request);
    if (asked.length > 200) throw new Error("asked without end");
    if (given.refusesSize && request.maxResults !== undefined) throw refused;
    const size = given.size ?? request.maxResults ?? 10;
    const text = typeof request.nextToken === "string" ? Number(request.nextToken.slice(1)) : undefined;
    if (token === "text" && typeof request.nextToken === "number") throw refused;
    const page = stuck ? 0 : (text ?? Math.max(0, Number(request.nextToken ?? from) - from));
    const start = counts === "records" ? page : page * size;
    const isLast = start + size >= rows.length;
    return {
      items: paged ? rows.slice(start, start + size) : rows,
      total,
      maxResults: given.echo,
      nextToken: { none: undefined, page, next: isLast ? 0 : page + 1, text: isLast ? "" : `t${page + 1}` }[
        token
      ],
    };
  };
  return { asked, read: () => allPages("ListThings", "things", ask) };
}

const refused = new CloudError({
  cloud: "EMR",
  action: "ListThings",
  code: "InvalidParameter",
  kind: "fixInput",
  message: "no",
  advice: "",
  mayHaveHappened: false,
});

describe("a list is read whole", () => {
  const rows = numbers(234);
  const unknown = { total: undefined };
  test.each<[string, Api]>([
    ["it is counted", {}],
    ["it is counted, and pages are numbered from 1", { from: 1 }],
    ["pages are shorter than asked", { size: 20 }],
    ["MaxResults is refused", { refusesSize: true }],
    ["it is not counted", unknown],
    ["it is not counted, and pages are numbered from 1", { ...unknown, from: 1 }],
    ["it is not counted, and pages hold what they say", { ...unknown, size: 20, echo: 20 }],
    ["it is not counted, and pages hold 10 whatever is asked", { ...unknown, size: 10 }],
    ["it is not counted, and MaxResults is refused", { ...unknown, refusesSize: true }],
    ["only the next page is told", { ...unknown, size: 30, token: "next" }],
    ["tokens are texts", { token: "text" }],
    ["tokens are texts, and it is not counted", { ...unknown, size: 30, token: "text" }],
    ["its count is less than what is shown", { total: 0 }],
    ["there are no pages", { paged: false }],
    ["there are no pages, and it is not counted", { ...unknown, paged: false }],
  ])("where %s", async (_name, given) => {
    expect(await api(rows, given).read()).toEqual({ items: rows, gap: "" });
  });

  test("where tokens count rows", async () => {
    const few = numbers(14);
    expect(await api(few, { counts: "records", size: 10 }).read()).toEqual({ items: few, gap: "" });
  });

  test.each([undefined, 10])(
    "of exactly one page of 10 that is shown whatever is asked (count %s)",
    async (total) => {
      expect(await api(numbers(10), { total, paged: false }).read()).toEqual({ items: numbers(10), gap: "" });
    },
  );

  test.each([0, 1, 42])("with one question, where %i rows fit a page and are not counted", async (count) => {
    const { asked, read } = api(numbers(count), { total: undefined, token: "page", echo: 100 });
    expect(await read()).toEqual({ items: numbers(count), gap: "" });
    expect(asked).toEqual([{ maxResults: 100 }]);
  });

  test("with rows of one page that look the same", async () => {
    const same = Array(6).fill({ ip: "x" });
    expect((await api(same).read()).items).toHaveLength(6);
  });
});

describe("a list that is not all says so", () => {
  test.each<[string, number, Api, RegExp]>([
    ["cut", 4, { total: 6 }, /^ListThings counts 6 things, but shows only 4$/],
    ["empty", 0, { total: 6 }, /^ListThings counts 6 things, but shows only 0$/],
    ["cut after whole pages", 200, { total: 250 }, /^ListThings counts 250 things, but shows only 200$/],
    ["always the first page", 250, { stuck: true }, /^ListThings counts 250 things, but shows only 100$/],
    [
      "always the first page, and not counted",
      250,
      { stuck: true, total: undefined },
      /^ListThings shows 100 things, and not whether there are more$/,
    ],
    [
      "cut, with tokens",
      200,
      { total: 250, token: "text" },
      /^ListThings counts 250 things, but shows only 200$/,
    ],
  ])("that is %s", async (_name, count, given, gap) => {
    expect((await api(numbers(count), given).read()).gap).toMatch(gap);
  });

  test("that does not end", async () => {
    const page = async ({ nextToken = 0 }: PageRequest) => ({
      items: numbers(100).map(({ id }) => ({ id: `${nextToken}-${id}` })),
      total: undefined,
      maxResults: undefined,
      nextToken: undefined,
    });
    expect((await allPages("ListThings", "things", page)).gap).toMatch(/not whether there are more/);
  });
});

test("other failures are nobody's page size", async () => {
  const denied = new CloudError({
    ...refused,
    action: "",
    code: "AccessDenied",
    kind: "permission",
    message: "",
  });
  let calls = 0;
  const ask = async () => {
    calls += 1;
    throw denied;
  };
  await expect(allPages("ListThings", "things", ask)).rejects.toBe(denied);
  expect(calls).toBe(1);
});
