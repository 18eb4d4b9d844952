// Every command and option that people use, on the real engine, through both doors.
import { describe, expect, test } from "vitest";
import { clusterId } from "../scenarios/program";
import { type CliStack, type Door, makeStack } from "./stack";

const pool = (count: number, more: object = {}, options: object = {}) => ({
  type: "tencent.EmrNodePool",
  name: "workers",
  properties: { clusterId, role: "task", count, ...more },
  options,
});

const tasks = ({ sim }: CliStack) =>
  sim.emr
    .nodes(clusterId)
    .filter(({ role }) => role === "task")
    .map(({ emrResourceId }) => emrResourceId)
    .sort();

/** How often a call that changes something was carried out. */
const acted = ({ sim }: CliStack, action: string) =>
  sim.journal.filter((call) => call.acted && call.action === action).length;

const ok = { code: 0 };

describe.each<Door>(["dynamic", "plugin"])("%s", { timeout: 120_000 }, (door) => {
  test("--replace and taint: the nodes go, then new ones come", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    expect(await stack.yes("up")).toMatchObject(ok);
    const urn = await stack.urn("workers");
    let before = tasks(stack);
    const replaced = async (...args: string[]) => {
      expect(await stack.yes("up", ...args)).toMatchObject(ok);
      const after = tasks(stack);
      expect(after).toHaveLength(2);
      expect(after.filter((id) => before.includes(id))).toEqual([]);
      before = after;
    };
    await replaced("--replace", urn);
    expect(await stack.run("state", "taint", urn, "--yes")).toMatchObject(ok);
    await replaced();
    expect([acted(stack, "ScaleOutInstance"), acted(stack, "TerminateClusterNodes")]).toEqual([3, 2]);
    expect((await stack.yes("up")).text).toContain("2 unchanged");
    expect(await stack.yes("destroy")).toMatchObject(ok);
    expect(tasks(stack)).toEqual([]);
  });

  test("retainOnDelete: what a replacement leaves stays, and is told where it is in the way", async () => {
    const stack = await makeStack(door);
    const retain = { retainOnDelete: true };
    stack.declare(pool(2, {}, retain));
    expect(await stack.yes("up")).toMatchObject(ok);
    const first = tasks(stack);
    // Another name: nothing is in the way.
    stack.declare(pool(2, { poolId: "second" }, retain));
    expect(await stack.yes("up")).toMatchObject(ok);
    expect(tasks(stack)).toHaveLength(4);
    const second = tasks(stack).filter((id) => !first.includes(id));
    // The same name: the retained nodes carry it, and a create takes nothing silently.
    const monthly = { poolId: "second", payMode: 1, timeSpan: 1 };
    stack.declare(pool(2, monthly, retain));
    const stopped = await stack.yes("up");
    expect(stopped.code).not.toBe(0);
    for (const word of [...second, "adopt", "exclude", "poolId"]) expect(stopped.text).toContain(word);
    expect(acted(stack, "ScaleOutInstance")).toBe(2);
    // The way out that the message names.
    stack.declare(pool(2, { ...monthly, exclude: second }, retain));
    expect(await stack.yes("up")).toMatchObject(ok);
    expect(acted(stack, "ScaleOutInstance")).toBe(3);
    expect(await stack.yes("destroy")).toMatchObject(ok);
    expect([tasks(stack).length, acted(stack, "TerminateClusterNodes")]).toEqual([6, 0]);
  });
});
