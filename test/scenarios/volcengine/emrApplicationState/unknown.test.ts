// What was not seen is not known: actions that got lost, failed or cannot be followed, and what a person can say of that.
import { describe, expect, test } from "vitest";
import type { VolcengineSettings } from "../../../../simulator/index";
import type { UpdateResult } from "../../../drivers/driver";
import { stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

const textOf = ({ messages, error }: UpdateResult) =>
  [...messages.map(({ message }) => message), error ?? ""].join("\n");
const one = { restartTriggers: { image: "1" } };
const two = { restartTriggers: { image: "2" } };
const stopped = { state: "stopped" };
/** The published version alone, which cannot list components. */
const unseen = { newerVersion: false };
const nameless = { operationIdInAnswer: false };

async function within(settings: Partial<VolcengineSettings>, first: Record<string, unknown> = {}) {
  const subject = await withApplication();
  Object.assign(subject.stand.sim.settings.volcengine, settings);
  expect((await subject.deploy(first)).error).toBeUndefined();
  const before = subject.actions().length;
  return { ...subject, later: () => subject.actions().slice(before) };
}

/** Deploys until there is no error, at most this often, and then once more, which finds nothing to do. */
async function settled(deploy: () => Promise<UpdateResult>, most = 3): Promise<string[]> {
  const errors: string[] = [];
  for (;;) {
    const { error } = await deploy();
    if (error === undefined) break;
    errors.push(error);
    if (errors.length === most) return errors;
  }
  expect(stepsOf(await deploy())).toEqual([]);
  return errors;
}

const worlds: [string, Partial<VolcengineSettings>][] = [
  ["components seen", {}],
  ["components unseen", unseen],
  ["components unseen, and what is there refused", { ...unseen, alreadyThere: "refuse" }],
  ["no operations listed", { deniedActions: ["ListOperations"] }],
  ["no operation named", nameless],
];
const lost = worlds.flatMap(([name, settings]) =>
  (["dropRequest", "dropAnswer"] as const).map((kind) => [name, kind, settings] as const),
);

describe("a stop whose outcome is not known", () => {
  test.each(lost)("is done again: %s, %s", async (_name, kind, settings) => {
    const { stand, deploy, instance } = await within(settings, { actualState: "running" });
    stand.sim.faults.add({ kind, action: "RunApplicationAction" });
    const wanted = { ...stopped, actualState: "running" };
    const errors = await settled(() => deploy(wanted));
    expect(errors.join()).not.toMatch(/restartTriggers/);
    expect(instance().state).toBe("STOPPED");
    if (errors.length < 3) return;
    // It is stopped already, which the cloud does not show.
    expect(errors.at(-1)).toMatch(
      /What RayOperator is cannot be seen here, and counts as unknown: .* actualState/,
    );
    expect(await settled(() => deploy({ ...stopped, actualState: "stopped" }))).toEqual([]);
  });

  test.each(lost)(
    "is no question any more once running is declared: %s, %s",
    async (_name, kind, settings) => {
      const { stand, deploy, instance } = await within(settings, { actualState: "running" });
      stand.sim.faults.add({ kind, action: "RunApplicationAction" });
      await deploy({ ...stopped, actualState: "running" });
      const [error] = await settled(() => deploy({ actualState: "running" }), 1);
      if (error !== undefined) {
        expect(error).toMatch(
          /What RayOperator is cannot be seen here, and counts as unknown: .* actualState/,
        );
        await deploy({});
        expect(await settled(() => deploy({ actualState: "running" }))).toEqual([]);
      }
      expect(instance().state).toBe("STARTED");
    },
  );

  test("is done again where the cloud accepted it and nothing came of it", async () => {
    const { stand, deploy, instance, later } = await within({
      ...nameless,
      deniedActions: ["ListOperations"],
    });
    stand.sim.faults.add({ kind: "operationFails" });
    await settled(() => deploy(stopped));
    expect([instance().state, later()]).toEqual(["STOPPED", ["stop", "stop"]]);
  });

  test("is no question any more once the component is left out", async () => {
    const both = ["RayOperator", "RayHistoryServer"];
    const { stand, deploy } = await within(unseen, { components: both, ...one });
    stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect((await deploy({ components: both, ...two })).error).toMatch(/restart of RayOperator/);
    expect((await deploy({ components: ["RayHistoryServer"], ...two })).error).toBeUndefined();
  });
});

describe("with the published version alone", () => {
  test.each([
    ["a stop", stopped],
    ["a restart", two],
  ])("%s that failed and is taken back leaves nothing as it was", async (_name, second) => {
    const { stand, declareApplication, deploy, instance, later } = await within(unseen, one);
    stand.sim.faults.add({ kind: "operationFails", instances: "exception" });
    expect((await deploy({ ...one, ...second })).error).toMatch(/ended FAILED/);
    expect(instance().state).toBe("EXCEPTION");
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "unknown" });
    declareApplication(one);
    expect(stepsOf(await stand.stack.preview())).toEqual(["update application"]);
    expect(await settled(() => deploy(one))).toEqual([]);
    expect([instance().state, later().at(-1)]).toEqual(["STARTED", "start"]);
  });

  test.each([
    ["start", {}, "running"],
    ["stop", stopped, "stopped"],
  ])("a first %s that failed is done again", async (action, inputs, runState) => {
    const { stand, deploy, actions } = await withApplication();
    Object.assign(stand.sim.settings.volcengine, unseen);
    stand.sim.faults.add({ kind: "operationFails", instances: "exception" });
    expect(await settled(() => deploy(inputs))).toEqual([expect.stringMatching(/ended FAILED/)]);
    expect(actions()).toEqual([action, action]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState });
  });

  test("a restart that failed is done again, and is no start", async () => {
    const { stand, deploy, instance, later } = await within(unseen, one);
    const { starts } = instance();
    stand.sim.faults.add({ kind: "operationFails" });
    expect(await settled(() => deploy(two))).toEqual([expect.stringMatching(/ended FAILED/)]);
    expect([later(), instance().starts - starts]).toEqual([["restart", "restart"], 1]);
  });

  test("a first start whose answer got lost is no restart on top of it, and brings its configuration", async () => {
    const { stand, deploy, actions } = await withApplication();
    Object.assign(stand.sim.settings.volcengine, unseen);
    const applicationConfigs = [{ file: "ray-operator-values.yaml", key: "mode", value: "on" }];
    stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect(await settled(() => deploy({ applicationConfigs }))).toHaveLength(1);
    expect(actions()).toEqual(["start", "start"]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "running", configsApplied: true });
  });

  test("a restart that names no operation is not told as done", async () => {
    const { stand, deploy, instance, later } = await within(
      { ...unseen, ...nameless },
      { actualState: "running" },
    );
    stand.sim.faults.add({ kind: "operationFails", instances: "exception" });
    for (let run = 0; run < 2; run++)
      expect((await deploy({ ...two, actualState: "running" })).error).toMatch(
        /restart of RayOperator .* was accepted, but does not show, and is not sent again on a guess/,
      );
    expect([later(), instance().state]).toEqual([["restart"], "EXCEPTION"]);
    // Somebody has looked.
    expect(await settled(() => deploy({ ...two, actualState: "stopped" }), 1)).toEqual([
      expect.stringMatching(/start of RayOperator .* was accepted, but does not show/),
    ]);
    expect([later(), instance().state]).toEqual([["restart", "start"], "STARTED"]);
    expect(await settled(() => deploy({ ...two, actualState: "running" }))).toEqual([]);
    expect(later()).toEqual(["restart", "start"]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "running", ...two });
  });

  test("a restart whose answer got lost is taken as done once somebody has seen that", async () => {
    const { stand, deploy, later } = await within(unseen, one);
    stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect((await deploy(two)).error).toMatch(/or actualState to what it is to count it as restarted/);
    expect(await settled(() => deploy({ ...two, actualState: "running" }))).toEqual([]);
    expect(await settled(() => deploy(two))).toEqual([]);
    expect(later()).toEqual(["restart"]);
  });

  test("what somebody said before is no answer to what was begun after that", async () => {
    const { deploy, killAt, later } = await within(unseen, one);
    const wanted = { ...two, actualState: "running" };
    killAt("RunApplicationAction", "received");
    expect((await deploy(wanted)).ok).toBe(false);
    expect((await deploy(wanted)).error).toMatch(/not sent again on a guess/);
    expect(later()).toEqual([]);
  });

  test("a component that is started already is taken charge of", async () => {
    const { stand, deploy, actions } = await withApplication();
    Object.assign(stand.sim.settings.volcengine, { ...unseen, alreadyThere: "refuse" });
    expect((await deploy({})).error).toMatch(
      /What RayOperator is cannot be seen here, and counts as unknown: if it is something else, say so with actualState/,
    );
    expect(await settled(() => deploy({ actualState: "running" }))).toEqual([]);
    expect(actions()).toEqual([]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "running" });
    expect((await deploy({ ...stopped, actualState: "running" })).error).toBeUndefined();
    expect((await deploy({ actualState: "running" })).error).toBeUndefined();
    expect(actions()).toEqual(["stop", "start"]);
    // What others did is told once more by another word.
    expect((await deploy({})).error).toBeUndefined();
    stand.sim.vke.setState(vkeClusterId, "Ray", "RayOperator", "ray-operator", "STOPPED");
    expect(await settled(() => deploy({ actualState: "stopped" }))).toEqual([]);
    expect(actions()).toEqual(["stop", "start", "start"]);
  });

  test("a start that is skipped, since it runs already, names the way out", async () => {
    const { stand, deploy } = await withApplication();
    Object.assign(stand.sim.settings.volcengine, { ...unseen, alreadyThere: "skip" });
    const configured = {
      applicationConfigs: [{ file: "ray-operator-values.yaml", key: "mode", value: "on" }],
    };
    expect((await deploy(configured)).error).toMatch(/ended SKIP, .* actualState can tell it/);
    expect(await settled(() => deploy({ ...configured, actualState: "running" }))).toEqual([]);
    expect(stand.sim.vke.configs(vkeClusterId, "Ray")[0]).toMatchObject({ effective: "on" });
  });

  test("what somebody says counts anew once it was taken out, even where that did not go through", async () => {
    const { stand, deploy, later } = await within(unseen, { ...one, actualState: "running" });
    for (const image of ["2", "3"]) {
      const asked = { restartTriggers: { image } };
      stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
      for (const said of [{ actualState: "running" }, { actualState: "running" }, {}])
        expect((await deploy({ ...asked, ...said })).error).toMatch(/not sent again on a guess/);
      expect(await settled(() => deploy({ ...asked, actualState: "running" }))).toEqual([]);
    }
    expect(later()).toEqual(["restart", "restart"]);
  });

  test("what somebody says is left aside where components are seen", async () => {
    const { deploy, instance, later } = await within({}, { actualState: "stopped" });
    expect([later(), instance().state]).toEqual([[], "STARTED"]);
    expect(await settled(() => deploy({ ...stopped, actualState: "stopped" }))).toEqual([]);
    expect(instance().state).toBe("STOPPED");
  });
});

test("what is remembered after a failure is told in full, up to its end", async () => {
  const { stand, declareApplication, deploy } = await within(unseen, { ...one, onDelete: "running" });
  const inputs = { ...two, onDelete: "running" };
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  const told = [await deploy(inputs), await deploy(inputs), await stand.stack.refresh()];
  declareApplication(inputs);
  told.push(await stand.stack.preview(), await stand.stack.destroy());
  const text = told.map(textOf).join("\n");
  expect(text).toMatch(/earlier restart of RayOperator/);
  expect(text).not.toMatch(/\[secret\]/);
});
