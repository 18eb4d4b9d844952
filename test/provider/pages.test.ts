import { describe, expect, it } from "vitest";
import { wholeList } from "../../provider/call/pages";

const size = 10;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index }));

/** A list behind an API: what an offset counts, and what an answer without one holds. */
function list<T>(
  rows: readonly T[],
  {
    counts = "pages",
    from = 0,
    unpaged = size,
    total = rows.length as number | undefined,
  }: { counts?: "pages" | "records"; from?: number; unpaged?: number; total?: number | undefined } = {},
) {
  const asked: (number | undefined)[] = [];
  const ask = async (offset: number | undefined) => {
    asked.push(offset);
    if (asked.length > 50) throw new Error("asked without end");
    if (offset === undefined) return { items: rows.slice(0, unpaged), total };
    const start = counts === "records" ? offset : Math.max(0, offset - from) * size;
    return { items: rows.slice(start, start + size), total };
  };
  return { asked, ask, read: () => wholeList({ what: "things", who: "The cloud", size, ask }) };
}

describe("a list in pages", () => {
  const rows = numbers(34);
  it.each([
    ["offsets count pages from 0", { counts: "pages", from: 0 }],
    ["offsets count pages from 1", { counts: "pages", from: 1 }],
    ["offsets count records", { counts: "records" }],
    ["without paging all of it comes", { unpaged: 1000 }],
  ] as const)("is read whole where %s", async (_, options) => {
    expect(await list(rows, options).read()).toEqual(rows);
  });

  it.each([
    ["pages from 0", { counts: "pages", from: 0 }],
    ["pages from 1", { counts: "pages", from: 1 }],
    ["records", { counts: "records" }],
  ] as const)("that counts nothing is read to its end (offsets count %s)", async (_, options) => {
    expect(await list(rows, { ...options, total: undefined }).read()).toEqual(rows);
  });

  it("is asked for once where the first answer holds all that there is", async () => {
    const { asked, read } = list(numbers(size));
    expect(await read()).toHaveLength(size);
    expect(asked).toEqual([undefined]);
  });

  it.each([
    ["cut, whatever is asked", 4],
    ["empty", 0],
  ])("that is %s stops, and says both numbers", async (_, shown) => {
    const { read } = list(numbers(shown), { total: 6 });
    await expect(read()).rejects.toThrow(`The cloud counts 6 things, but shows only ${shown}`);
  });

  it("counts rows that look the same each", async () => {
    const same = [...Array(6).fill({ ip: "x.x.x.x" })];
    expect(await list(same, { unpaged: 1000 }).read()).toHaveLength(6);
  });

  it.each([
    ["pages from 0", { counts: "pages", from: 0 }],
    ["pages from 1", { counts: "pages", from: 1 }],
    ["records", { counts: "records" }],
  ] as const)("whose rows tell the time has each of them once (offsets count %s)", async (_, options) => {
    const { ask } = list(rows, options);
    let now = 0;
    const timed = async (offset: number | undefined) => {
      const { items, total } = await ask(offset);
      now += 1;
      return { items: items.map(({ id }) => ({ id, now })), total };
    };
    const keyOf = ({ id }: { id: number }) => id;
    const read = await wholeList({ what: "things", who: "The cloud", size, ask: timed, keyOf });
    expect(read.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it("may grow while it is read", async () => {
    let calls = 0;
    const ask = async (offset: number | undefined) => {
      calls += 1;
      const all = numbers(calls === 1 ? 15 : 16);
      const start = (offset ?? 0) * size;
      return { items: all.slice(start, start + size), total: all.length };
    };
    expect(await wholeList({ what: "things", who: "The cloud", size, ask })).toHaveLength(16);
  });
});
