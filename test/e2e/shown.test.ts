// What a person sees of each resource, at a terminal of 80 and 100 columns and without one.
import { expect, test } from "vitest";
import { defaultVkeClusterId } from "../../simulator/index";
import { dataEngineId, instanceId, newVersion, oldVersion } from "../scenarios/subjects";
import { fine, pool, service } from "./pool";
import { type Declared, type Door, leftBy, makeStack } from "./stack";

/** What lines on the way begin with, by the resource's name. */
const begins: Record<string, RegExp> = {
  workers: /^(buy|remove|price of) /,
  yarn: /^(start|stop) /,
  image: /^switch /,
  group: /^(add|remove) /,
  ray: /^(start|stop) /,
};
const names = Object.keys(begins);

/** What the last operation left under Diagnostics, by the resource's name. */
function toldBy(text: string): Record<string, string[]> {
  const told: Record<string, string[]> = {};
  let name = "";
  for (const line of leftBy(text)) {
    const heading = /^ {2}\S+ \((.*)\):$/.exec(line)?.[1];
    name = heading ?? name;
    if (heading === undefined) told[name] = [...(told[name] ?? []), line.trim()];
  }
  return told;
}

/** The steps on the way of an update without a terminal, by the resource's name. */
function stepsIn(text: string): { name: string; step: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, name = "", step = ""] =
      /bigdata\S* (\w+) \w+ing \(\d+s\) (?:\[diff: [^\]]*\]; )?([^[].*)$/.exec(line) ?? [];
    return step === "" ? [] : [{ name, step }];
  });
}

test.each<Door>(["dynamic", "plugin"])("%s", { timeout: 400_000 }, async (door) => {
  const stack = await makeStack(door);
  const { sim } = stack;
  sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  sim.ddm.createInstance({ instanceId });
  const flavorId = sim.ddm.groups(instanceId)[0]?.flavorId;
  const declare = (isLater: boolean) => {
    const state = isLater ? "stopped" : "running";
    const [more, imageVersion] = isLater ? [1, newVersion] : [0, oldVersion];
    const application = { clusterId: defaultVkeClusterId, application: "Ray", components: ["RayOperator"] };
    const others: [string, string, object][] = [
      ["tencent.DlcEngineImage", "image", { dataEngineId, imageVersion }],
      [
        "huawei.DdmNodeGroup",
        "group",
        { instanceId, flavorId, nodeCount: 2 + more, scaleIn: { allowed: true } },
      ],
      ["volcengine.EmrApplicationState", "ray", { ...application, state }],
    ];
    stack.declare(
      pool(2 + more),
      service(state, { dependsOn: [{ $ref: "workers" }] }),
      ...others.map(([type, name, properties]): Declared => ({ type, name, properties })),
    );
  };
  const seen: string[] = [];
  const run = async (...args: string[]) => {
    const text = await fine(stack.run(...args));
    seen.push(text);
    return text;
  };
  const atTerminal = async (columns: number, ...args: string[]) => {
    const text = await stack.atTerminal(columns, ...args);
    seen.push(text);
    return text;
  };

  declare(false);
  const made = await run("up", "--yes");
  // What the preview could not know, and no more.
  expect(toldBy(made)).toEqual({
    yarn: [expect.stringMatching(/^start \d processes of YARN \(NodeManager\) \(StartStop\w+ on \S+\)$/)],
  });
  expect(toldBy(await run("up", "--yes", "--skip-preview"))).toEqual({});

  declare(true);
  expect(toldBy(await atTerminal(80, "preview"))).toEqual({
    workers: [expect.stringMatching(/^buy 1 task node \(ScaleOutInstance on /)],
    yarn: [expect.stringMatching(/^stop \d processes of YARN .*\(StartStopServiceOrMonitor on /)],
    image: [expect.stringMatching(/^switch from .* \(SwitchDataEngineImage on /)],
    group: [expect.stringMatching(/^add 1 node .*\(enlarge on /)],
    ray: [expect.stringMatching(/^stop RayOperator of Ray \(RunApplicationAction on /)],
  });
  const changed = await run("up", "--yes", "--skip-preview");
  expect(toldBy(changed)).toEqual({});
  const steps = stepsIn(changed);
  expect([...new Set(steps.map(({ name }) => name))].sort()).toEqual([...names].sort());
  for (const { name, step } of steps) expect(step).toMatch(begins[name] ?? /^$/);

  declare(false);
  sim.settings.volcengine.newerVersion = false;
  const warned = { ray: [expect.stringMatching(/^warning: drift of Ray cannot be seen here /)] };
  expect(toldBy(await atTerminal(100, "up", "--yes"))).toEqual(warned);
  expect(toldBy(await atTerminal(80, "up", "--yes"))).toEqual({});
  expect(toldBy(await atTerminal(80, "destroy", "--yes"))).toEqual({});
  expect(await stack.recorded()).toEqual([]);
  for (const text of seen) expect(text).not.toMatch(/warning: .*warning:|this machine remembers/);
});
