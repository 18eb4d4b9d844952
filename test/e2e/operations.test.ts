import { describe, expect, test, vi } from "vitest";
import { acted, endAt, fine, pool, running, tasks } from "./pool";
import { clusterId } from "./program";
import { type Door, leftBy, makeStack } from "./stack";

describe.each<Door>(["dynamic", "plugin"])("%s", { timeout: 120_000 }, (door) => {
  test("--replace and taint: the nodes go, then new ones come", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    await fine(stack.yes("up"));
    const urn = await stack.urn("workers");
    let before = tasks(stack);
    const replaced = async (...args: string[]) => {
      await fine(stack.yes("up", ...args));
      const after = tasks(stack);
      expect(after).toHaveLength(2);
      expect(after.filter((id) => before.includes(id))).toEqual([]);
      before = after;
    };
    await replaced("--replace", urn);
    await fine(stack.run("state", "taint", urn, "--yes"));
    await replaced();
    expect([acted(stack, "ScaleOutInstance"), acted(stack, "TerminateClusterNodes")]).toEqual([3, 2]);
    expect((await stack.yes("up")).text).toContain("2 unchanged");
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });

  test("retainOnDelete: what a replacement leaves stays, and is told where it is in the way", async () => {
    const stack = await makeStack(door);
    const retain = { retainOnDelete: true };
    stack.declare(pool(2, {}, retain));
    await fine(stack.yes("up"));
    const first = tasks(stack);
    // Another name: nothing is in the way.
    stack.declare(pool(2, { poolId: "second" }, retain));
    await fine(stack.yes("up"));
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
    await fine(stack.yes("up"));
    expect(acted(stack, "ScaleOutInstance")).toBe(3);
    await fine(stack.yes("destroy"));
    expect([tasks(stack).length, acted(stack, "TerminateClusterNodes")]).toEqual([6, 0]);
  });

  test("preview, up, nothing to do, drift, refresh, heal, targets, protect, destroy", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2), running);
    expect(await fine(stack.run("preview"))).toContain("buy 2 task nodes");
    expect(acted(stack, "ScaleOutInstance")).toBe(0);
    await fine(stack.yes("up"));
    const quiet = await stack.yes("up");
    expect(quiet.text).toContain("3 unchanged");
    expect(quiet.text).not.toMatch(/plan:|declared\/test\/workers|YARN/);
    stack.sim.emr.removeNode(clusterId, tasks(stack)[0] ?? "");
    const refresh = await fine(stack.yes("refresh"));
    expect(refresh).toContain("1 updated");
    // What is, and nothing that nobody has asked for.
    expect(refresh).not.toMatch(/buy|plan:/);
    const healing = await stack.run("preview");
    expect(healing.text).toContain("buy 1 task node");
    // Only the service: the pool stays as it is.
    await fine(stack.yes("up", "--target", await stack.urn("yarn")));
    expect(tasks(stack)).toHaveLength(1);
    await fine(stack.yes("up"));
    expect(tasks(stack)).toHaveLength(2);
    stack.declare(pool(2, {}, { protect: true }), running);
    await fine(stack.yes("up"));
    const refused = await stack.yes("destroy");
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("protect");
    expect(tasks(stack)).toHaveLength(2);
    stack.declare(pool(2), running);
    await fine(stack.yes("up"));
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });

  test("a plan is told in the preview, and progress leaves nothing behind", async () => {
    const stack = await makeStack(door);
    stack.declare({ type: "component", name: "group" }, pool(2, {}, { parent: { $ref: "group" } }), running);
    const preview = await fine(stack.run("preview"));
    expect(leftBy(preview).join("\n")).toMatch(
      /EmrNodePool \(workers\):\n +buy 2 task nodes \(ScaleOutInstance on \S+\)(\n|$)/,
    );
    expect(preview).not.toMatch(/warning: .*warning:|plan:|declared\/test\/workers/);
    const up = await fine(stack.run("up", "--yes"));
    // What the preview could not know is told by the update; nothing else is left.
    expect(leftBy(up).join("\n")).toMatch(
      /^ +\S*EmrServiceState \(yarn\):\n +start \d+ processes of YARN .*\)$/,
    );
    const steps = up.split("\n").filter((line) => /EmrNodePool workers creating \(\d+s\) \S/.test(line));
    expect(steps.length).toBeGreaterThan(3);
    for (const line of steps)
      expect(line).toMatch(/creating \(\d+s\) (buy 2 task nodes|price of 2 task nodes)/);

    stack.declare(
      { type: "component", name: "group" },
      pool(3, { yarnNodeLabel: "fast" }, { parent: { $ref: "group" } }),
      running,
    );
    const gone = tasks(stack);
    const replacing = await fine(stack.run("preview", "--diff"));
    const plan = replacing.split("\n");
    const at = plan.findIndex((line) => line.includes("remove 2 task nodes; buy 3 task nodes"));
    expect(plan.slice(at, at + 3).join("\n")).toMatch(
      /; buy 3 task nodes\n +1\. remove .*\n +2\. buy 3 task nodes/,
    );
    for (const id of gone) expect(plan[at + 1]).toContain(id);
    const atTerminal = await stack.atTerminal(100, "up", "--yes");
    expect(leftBy(atTerminal)).toEqual([]);
    expect(tasks(stack)).toHaveLength(3);
    // The plugin's types leave room for it.
    if (door === "plugin") expect(atTerminal).toMatch(/EmrNodePool +workers +\S+ing .* (remove|buy)/);
    const destroyed = await stack.atTerminal(80, "destroy", "--yes");
    expect(leftBy(destroyed)).toEqual([]);
    expect(tasks(stack)).toEqual([]);
  });

  test("a purchase that brings less than was ordered: the next preview tells what is missing", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(4));
    stack.sim.faults.add({ kind: "partialFill", filled: 2, tagged: true });
    const { code, text } = await stack.yes("up");
    expect(code).not.toBe(0);
    expect(text).toContain("brought 2 of 4 task nodes");
    const ips = async () => (await stack.recorded())[0]?.outputs?.privateIps;
    const first = await ips();
    const preview = await fine(stack.run("preview", "--diff"));
    if (door === "plugin") expect(preview).toMatch(/count: 2 => 4/);
    expect(preview).toContain("buy 2 task nodes");
    expect(preview).not.toMatch(/pendingOrder|\[unknown\]/);
    await fine(stack.yes("up"));
    expect(tasks(stack)).toHaveLength(4);
    // What depends on the order of nodes sees new ones last.
    expect((await ips())?.slice(0, 2)).toEqual(first);
    expect((await stack.yes("up")).text).toContain("2 unchanged");
  });

  test("a state that was lost: the preview stops where up would", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    await fine(stack.yes("up"));
    await fine(stack.run("state", "delete", await stack.urn("workers"), "--yes"));
    const preview = await fine(stack.run("preview"));
    expect(preview).not.toContain("buy");
    for (const word of [...tasks(stack), "adopt", "exclude"]) expect(preview).toContain(word);
    const { code } = await stack.yes("up");
    expect([code === 0, acted(stack, "ScaleOutInstance")]).toEqual([false, 1]);
  });

  test("what is wrong with an input reads as one line", async () => {
    const stack = await makeStack(door);
    stack.declare(pool("many" as never, { scaleIn: { graceSeconds: "soon" } }));
    const { text } = await stack.run("preview");
    expect(text).toMatch(/'workers' has a problem: count: must be a number, got the string "many"/);
    expect(text).toMatch(
      /'workers' has a problem: scaleIn\.graceSeconds: must be a number, got the string "soon"/,
    );
    expect(text).not.toContain("nil");
  });

  test("ignoreChanges, aliases, a component, renames of stack and project, state move", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    await fine(stack.yes("up"));
    const nodes = tasks(stack);
    stack.declare(pool(5, {}, { ignoreChanges: ["count"] }));
    await fine(stack.yes("up"));
    expect(tasks(stack)).toEqual(nodes);
    const named = { ...pool(2), name: "renamed", options: { aliases: [{ name: "workers" }] } };
    stack.declare(named);
    const renamed = await stack.run("preview", "--diff");
    expect(renamed.text).not.toMatch(/buy|remove|replace/);
    await fine(stack.yes("up"));
    const inside = {
      parent: { $ref: "group" },
      aliases: [{ name: "renamed", parent: { $ref: "rootStack" } }],
    };
    stack.declare({ type: "component", name: "group" }, { ...named, options: inside });
    await fine(stack.yes("up"));
    await fine(stack.run("stack", "rename", "other"));
    await fine(stack.yes("up"));
    await fine(stack.run("stack", "rename", "organization/prj/other"));
    stack.renameProject("prj");
    await fine(stack.run("stack", "select", "organization/prj/other"));
    await fine(stack.yes("up"));
    const urn = await stack.urn("renamed");
    await fine(stack.run("stack", "init", "second", "--copy-config-from", "other"));
    const move = ["state", "move", "--source", "other", "--dest", "second", "--yes", urn];
    await fine(stack.run(...move));
    await fine(stack.run("stack", "select", "second"));
    await fine(stack.yes("up"));
    expect([tasks(stack), acted(stack, "ScaleOutInstance")]).toEqual([nodes, 1]);
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });

  test("a cancel, and a kill of the CLI, at a purchase: the next up goes on from there", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    const first = stack.start("up", "--yes", "--skip-preview");
    endAt(stack, "ScaleOutInstance", () => first.kill("SIGINT"));
    const canceled = await first.ended;
    expect(canceled.code).not.toBe(0);
    // Dynamic providers are told of no cancel: the purchase is waited for.
    expect(tasks(stack).length > 0).toBe(door === "dynamic");
    if (door === "plugin") {
      expect(canceled.text).toContain("pulumi refresh --clear-pending-creates");
      expect((await stack.recorded()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["workers"]);
    }
    stack.declare(pool(4));
    const second = stack.start("up", "--yes", "--skip-preview");
    endAt(stack, "ScaleOutInstance", () => second.kill("SIGKILL"));
    await second.ended;
    // The lock of the killed run.
    await stack.run("cancel", "--yes");
    await fine(stack.yes("up"));
    expect([tasks(stack).length, acted(stack, "ScaleOutInstance")]).toEqual([4, 2]);
    await vi.waitFor(() => expect(stack.providers()).toEqual([]), { timeout: 30_000, interval: 500 });
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });
});
