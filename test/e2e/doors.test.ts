import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { root } from "../package";
import { alteredCloud } from "../scenarios/altered";
import { providerConfig } from "../scenarios/stand";
import { instanceId } from "../scenarios/subjects";
import { imported } from "./imported";
import { acted, endAt, fine, pool, running, service, tasks } from "./pool";
import { type Door, makeStack } from "./stack";

/** What an explicit provider is given. */
const tencentConfig = (endpoint: string) =>
  Object.fromEntries(Object.entries(providerConfig(endpoint)).filter(([key]) => key.startsWith("tencent")));

/** What the compiler says of a program, as a strict project has it. */
function typeErrors(file: string): string {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const how = ["--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--types", "node"];
  return spawnSync(process.execPath, [tsc, "--noEmit", "--ignoreConfig", ...how, file], {
    cwd: dirname(file),
    encoding: "utf8",
  }).stdout;
}

describe.each<Door>(["dynamic", "plugin"])("%s", { timeout: 120_000 }, (door) => {
  test("a cancel and a second one, and a kill of the provider alone, at a purchase", async () => {
    const stack = await makeStack(door);
    stack.declare(pool(2));
    const first = stack.start("up", "--yes", "--skip-preview");
    endAt(stack, "ScaleOutInstance", () => {
      first.kill("SIGINT");
      setTimeout(() => first.kill("SIGINT"), 300);
    });
    expect((await first.ended).code).not.toBe(0);
    // What the engine was told nothing of stays as pending until somebody says that it has been looked after.
    await stack.run("cancel", "--yes");
    await fine(stack.yes("refresh", "--clear-pending-creates"));
    await fine(stack.yes("up"));
    expect([tasks(stack).length, acted(stack, "ScaleOutInstance")]).toEqual([2, 1]);
    stack.declare(pool(4));
    const second = stack.start("up", "--yes", "--skip-preview");
    endAt(stack, "ScaleOutInstance", () => {
      for (const pid of stack.providers()) process.kill(pid, "SIGKILL");
    });
    const killed = await second.ended;
    expect(killed.code).not.toBe(0);
    await fine(stack.yes("up"));
    expect([tasks(stack).length, acted(stack, "ScaleOutInstance")]).toEqual([4, 2]);
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });

  test("--target-replace replaces what it names; replaceWith replaces along with another", async () => {
    const stack = await makeStack(door);
    const follower = service("running", {
      replaceWith: [{ $ref: "workers" }],
      dependsOn: [{ $ref: "workers" }],
    });
    stack.declare(pool(2), running);
    await fine(stack.yes("up"));
    const old = tasks(stack);
    const targeted = await fine(stack.run("preview", "--target-replace", await stack.urn("workers")));
    expect(targeted).toMatch(/1 to replace/);
    await fine(stack.yes("up", "--target-replace", await stack.urn("workers")));
    const next = tasks(stack);
    expect([next.length, next.filter((id) => old.includes(id))]).toEqual([2, []]);
    stack.declare(pool(2), follower);
    await fine(stack.yes("up"));
    const both = await fine(stack.run("preview", "--replace", await stack.urn("workers")));
    expect(both).toMatch(/2 to replace/);
    await fine(stack.yes("destroy"));
    expect(tasks(stack)).toEqual([]);
  });
});

test("a stack changes doors, both ways, without a change", { timeout: 120_000 }, async () => {
  const stack = await makeStack("dynamic");
  stack.declare(pool(2), running);
  await fine(stack.yes("up"));
  const nodes = tasks(stack);
  for (const door of ["plugin", "dynamic"] as const) {
    stack.use(door);
    stack.declare(pool(2), running);
    const preview = await stack.run("preview");
    expect(preview.text).not.toMatch(/buy|remove|replace|create/);
    await fine(stack.yes("up"));
    expect(tasks(stack)).toEqual(nodes);
  }
  await fine(stack.yes("refresh"));
  await fine(stack.yes("destroy"));
  expect([tasks(stack), acted(stack, "ScaleOutInstance")]).toEqual([[], 1]);
});

test.each([
  ["customTimeouts", { customTimeouts: { create: "5m" } }],
  ["import", { import: "some/id" }],
  ["provider", { provider: { $ref: "shanghai" } }],
  ["provider", { parent: { $ref: "group" } }],
  ["replaceOnChanges", { replaceOnChanges: ["tags"] }],
])("%s, which Pulumi ignores for dynamic resources, is refused with the way out", async (option, options) => {
  const stack = await makeStack("dynamic");
  stack.declare(
    { type: "plugin.Provider", name: "shanghai", properties: { tencentRegion: "ap-shanghai" } },
    { type: "component", name: "group", options: { providers: [{ $ref: "shanghai" }] } },
    pool(2, {}, options),
  );
  const { code, text } = await stack.run("preview");
  expect(code).not.toBe(0);
  expect(text).toContain(`${option} has no effect on a dynamic resource`);
  expect(text).toContain("pulumi-bigdata/plugin");
  expect(text).not.toContain("at new ");
});

test("the plugin: import of every resource, a program that says the same, and get", {
  timeout: 180_000,
}, async () => {
  const { stack: maker, existing, resources, generated } = await imported("generated.ts");
  const { sim } = maker;
  const recorded = await maker.recorded();
  expect(recorded).toHaveLength(resources.length);
  const classOf = (type: string) => type.replace("bigdata:", "").replace(":", ".");
  const program = recorded.map(({ type, urn, inputs }) => ({
    type: classOf(type),
    name: urn.split("::").at(-1) ?? "",
    properties: inputs,
  }));
  maker.declare(...program);
  const preview = await maker.run("preview");
  // And the stack itself.
  const unchanged = `${resources.length + 1} unchanged`;
  expect(preview.text).toContain(unchanged);
  expect((await maker.yes("up")).text).toContain(unchanged);
  // The code that the import wrote, unchanged through the dynamic door and with the plugin's classes.
  const code = readFileSync(generated, "utf8");
  const projectFile = join(maker.directory, "Pulumi.yaml");
  const project = readFileSync(projectFile, "utf8");
  writeFileSync(projectFile, project.replace("typescript: false", "typescript: true"));
  writeFileSync(join(maker.directory, "package.json"), '{ "main": "generated.ts" }');
  for (const name of ["pulumi-bigdata", "pulumi-bigdata/plugin"]) {
    writeFileSync(generated, code.replace('from "pulumi-bigdata"', `from "${name}"`));
    expect(typeErrors(generated)).toBe("");
    const preview = await fine(maker.run("preview", "--diff"));
    // With the dynamic door they change providers, and nothing else.
    expect(preview).not.toMatch(/[+~-] {1,}\w+ *:|=> (?!urn:pulumi)|buy|remove|replace|to create|to delete/);
    if (name === "pulumi-bigdata/plugin") expect(preview).toContain(unchanged);
  }
  writeFileSync(projectFile, project);
  rmSync(join(maker.directory, "package.json"));
  // The same by `get`, which manages nothing, under the id of the import and under the one that it has now.
  const before = sim.journal.filter(({ acted }) => acted).length;
  const read = resources.map(({ type, name, id }) => ({
    type: classOf(type),
    name: `${name}-read`,
    get: id,
  }));
  const again = recorded.map(({ type, id }) => ({
    type: classOf(type),
    name: `${classOf(type)}-again`,
    get: id,
  }));
  maker.declare(...program, ...read, ...again);
  await fine(maker.yes("up"));
  const seen = (await maker.recorded()).filter(({ urn }) => /-(read|again)$/.test(urn));
  expect(seen).toHaveLength(2 * resources.length);
  for (const { type, outputs } of seen)
    expect(outputs).toMatchObject(existing[type.replace("bigdata:", "")]?.outputs ?? {});
  await fine(maker.yes("refresh"));
  expect(sim.journal.filter(({ acted }) => acted)).toHaveLength(before);
});

test("the plugin: another stack's order is told with its pool and time: under way, or to be looked after", {
  timeout: 120_000,
}, async () => {
  const stack = await makeStack("plugin");
  const { sim } = stack;
  const others = { ...pool(1), name: "others" };
  await fine(stack.run("stack", "init", "second", "--copy-config-from", "test"));
  const up = (name: string) => stack.start("up", "--yes", "--skip-preview", "--stack", name);
  stack.declare(pool(2));
  let second: ReturnType<typeof up> | undefined;
  const stop = sim.onCall(async ({ action, phase }) => {
    if (action !== "ScaleOutInstance" || phase !== "acted") return;
    stop();
    stack.declare(others);
    const before = sim.journal.length;
    second = up("second");
    // Looks for the first time; the first stack waits for this answer meanwhile.
    await vi.waitFor(() => expect(sim.journal.length).toBeGreaterThan(before), { timeout: 20_000 });
    await new Promise((done) => setTimeout(done, 500));
  });
  await fine(up("test").ended);
  const told = (await second?.ended)?.text ?? "";
  expect(told).toMatch(
    /pool declared\/test\/workers has an order of 2 task nodes, sent \S+ \S+ UTC, under way in another run/,
  );
  expect(told).not.toContain("outcome is not known");
  expect(tasks(stack)).toHaveLength(3);

  stack.declare(pool(4));
  const killed = up("test");
  endAt(stack, "ScaleOutInstance", () => {
    for (const pid of stack.providers()) process.kill(pid, "SIGKILL");
  });
  expect((await killed.ended).code).not.toBe(0);
  stack.declare(others, { ...others, name: "more" });
  expect(await fine(up("second").ended)).toMatch(
    /warning: .*pool declared\/test\/workers on emr-program1 has an order of 2 task nodes, sent \S+ \S+ UTC, whose outcome is not known/,
  );
});

test("the plugin: nodes of a DDM group are no difference in whatever order the cloud lists them", async () => {
  const stack = await makeStack("plugin");
  const { sim } = stack;
  sim.ddm.createInstance({ instanceId });
  const { url, alter } = await alteredCloud(sim.url);
  await fine(stack.run("config", "set", "bigdata:huaweiEndpoint", url));
  const flavorId = sim.ddm.groups(instanceId)[0]?.flavorId;
  const group = (nodeCount: number) => ({
    type: "huawei.DdmNodeGroup",
    name: "readers",
    properties: { instanceId, flavorId, nodeCount },
  });
  const ids = async () => {
    const [recorded] = await stack.recorded();
    return recorded?.outputs?.nodes?.map(({ id }) => id) ?? [];
  };
  stack.declare(group(4));
  await fine(stack.yes("up"));
  const before = await ids();
  expect(before).toEqual(
    sim.ddm
      .nodes(instanceId)
      .map(({ nodeId }) => nodeId)
      .sort(),
  );
  let reversed = 0;
  alter(/GET .*\/nodes$/, (answer) => {
    answer.nodes.reverse();
    reversed += 1;
  });
  expect(await fine(stack.yes("refresh"))).not.toMatch(/updated/);
  expect(reversed).toBeGreaterThan(0);
  expect(await ids()).toEqual(before);
  expect(await fine(stack.run("preview", "--diff"))).not.toContain("nodes");
  stack.declare(group(5));
  const preview = await fine(stack.run("preview", "--diff"));
  expect(preview).toMatch(/nodeCount: 4 => 5/);
  for (const id of before) expect(preview).not.toContain(id);
  await fine(stack.yes("up"));
  expect((await ids()).filter((id) => before.includes(id))).toEqual(before);
});

test("the plugin: customTimeouts, replaceOnChanges, an explicit provider", async () => {
  const stack = await makeStack("plugin");
  const tags = (tagValue: string) => ({ tags: [{ tagKey: "team", tagValue }] });
  const own = { type: "plugin.Provider", name: "own", properties: tencentConfig(stack.sim.url) };
  const options = {
    provider: { $ref: "own" },
    customTimeouts: { create: "1s" },
    replaceOnChanges: ["tags"],
  };
  stack.declare(own, pool(2, tags("a"), options));
  const short = await stack.yes("up");
  expect(short.code).not.toBe(0);
  expect(short.text).toContain("customTimeouts.create");
  const longer = { ...options, customTimeouts: { create: "60m" } };
  stack.declare(own, pool(2, tags("a"), longer));
  await fine(stack.yes("up"));
  const before = tasks(stack);
  stack.declare(own, pool(2, tags("b"), longer));
  await fine(stack.yes("up"));
  expect(tasks(stack).filter((id) => before.includes(id))).toEqual([]);
  await fine(stack.yes("destroy"));
  expect(tasks(stack)).toEqual([]);
});
