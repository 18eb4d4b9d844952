// What this machine remembers of an application's actions and the stack does not, after a run was killed.
import { existsSync, renameSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../../../drivers/driver";
import { applicationState, type Stand, stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

const textOf = ({ messages }: UpdateResult) => messages.map(({ message }) => message).join("\n");
const item = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];
const one = { restartTriggers: { image: "1" } };
const two = { restartTriggers: { image: "2" } };

/** Components seen, or only what our own operations ended with. */
const sights = [
  ["seen", {}],
  ["unseen", { newerVersion: false }],
] as const;

/** Deployed as `first`, then killed at a deployment of `second`. */
async function killed({
  settings = {},
  first = {},
  second,
  when,
}: {
  settings?: object;
  first?: Record<string, unknown>;
  second: Record<string, unknown>;
  when: "received" | "acted" | "settled";
}) {
  const subject = await withApplication();
  const { stand, killAt, deploy, actions } = subject;
  Object.assign(stand.sim.settings.volcengine, settings);
  expect((await deploy(first)).error).toBeUndefined();
  const before = actions().length;
  if (when === "settled") {
    // The look after the action has ended is the last call of the run.
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "RunApplicationAction" || phase !== "acted") return;
      stop();
      killAt("GetVirtualCluster", "received");
    });
  } else killAt("RunApplicationAction", when);
  expect((await deploy(second)).ok).toBe(false);
  return { ...subject, later: () => actions().slice(before) };
}

/** What another machine does, which has no journal of this one. */
async function elsewhere(stand: Stand, work: () => Promise<void>) {
  const aside = `${stand.journalDirectory}-aside`;
  renameSync(stand.journalDirectory, aside);
  await work();
  if (existsSync(stand.journalDirectory)) renameSync(stand.journalDirectory, `${aside}-other`);
  renameSync(aside, stand.journalDirectory);
}

describe.each(sights)("components %s: a stop is killed and taken back", (_name, settings) => {
  test.each(["received", "acted"] as const)("before it is answered (%s)", async (when) => {
    const { stand, declareApplication, deploy, instance, later } = await killed({
      settings,
      second: { state: "stopped" },
      when,
    });
    declareApplication({});
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update application"]);
    expect(textOf(preview)).toMatch(/find out what became of an earlier stop of RayOperator/);
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect(await stateOf(stand, "application")).toHaveProperty("pendingAction");
    expect((await deploy({})).error).toBeUndefined();
    expect(instance().state).toBe("STARTED");
    expect(later().filter((action) => action === "stop")).toHaveLength(when === "acted" ? 1 : 0);
    const state = await stateOf(stand, "application");
    expect(state).toMatchObject({ runState: "running" });
    expect(state).not.toHaveProperty("pendingAction");
    expect(stepsOf(await deploy({}))).toEqual([]);
  });

  test.each([false, true])("after it has ended; refreshed in between: %s", async (isRefreshed) => {
    const { stand, declareApplication, deploy, instance, later } = await killed({
      settings,
      second: { state: "stopped" },
      when: "settled",
    });
    expect(instance().state).toBe("STOPPED");
    declareApplication({});
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update application"]);
    expect(textOf(preview)).toMatch(/find out what became of an earlier action on RayOperator/);
    if (isRefreshed) {
      expect((await stand.stack.refresh()).error).toBeUndefined();
      const state = await stateOf(stand, "application");
      expect(state).toMatchObject({ runState: "stopped" });
      expect(state).not.toHaveProperty("unsaved");
    }
    expect((await deploy({})).error).toBeUndefined();
    expect([later(), instance().state]).toEqual([["stop", "start"], "STARTED"]);
    expect(stepsOf(await deploy({}))).toEqual([]);
  });

  test("after it has ended, and kept: state gets it without a second stop", async () => {
    const { stand, deploy, later } = await killed({
      settings,
      second: { state: "stopped" },
      when: "settled",
    });
    const up = await deploy({ state: "stopped" });
    expect([up.error, stepsOf(up)]).toEqual([undefined, ["update application"]]);
    expect(later()).toEqual(["stop"]);
    expect(await stateOf(stand, "application")).toMatchObject({ state: "stopped", runState: "stopped" });
    expect(stepsOf(await deploy({ state: "stopped" }))).toEqual([]);
  });
});

describe("no trigger restarts twice", () => {
  test.each(["acted", "settled"] as const)("killed (%s), refreshed, and kept", async (when) => {
    const { stand, deploy, later } = await killed({ first: one, second: two, when });
    await stand.stack.refresh();
    expect((await deploy(two)).error).toBeUndefined();
    expect(later()).toEqual(["restart"]);
    expect(stepsOf(await deploy(two))).toEqual([]);
  });

  test("killed and taken back: it is found out, and nothing more is done", async () => {
    const { deploy, later } = await killed({ first: one, second: two, when: "acted" });
    const up = await deploy(one);
    expect([up.error, stepsOf(up)]).toEqual([undefined, ["update application"]]);
    expect(later()).toEqual(["restart"]);
    expect(stepsOf(await deploy(one))).toEqual([]);
  });
});

describe("configuration that was taken back after a kill", () => {
  test.each(["acted", "settled"] as const)("is put back (%s)", async (when) => {
    const { stand, deploy, later } = await killed({
      first: { applicationConfigs: item("former") },
      second: { applicationConfigs: item("latter") },
      when,
    });
    const up = await deploy({ applicationConfigs: item("former") });
    expect([up.error, stepsOf(up)]).toEqual([undefined, ["update application"]]);
    expect(stand.sim.vke.configs(vkeClusterId, "Ray")[0]).toMatchObject({ effective: "former" });
    expect(later()).toEqual(["restart", "restart"]);
    expect(stepsOf(await deploy({ applicationConfigs: item("former") }))).toEqual([]);
  });

  test("is left where only the triggers differed", async () => {
    const applicationConfigs = item("same");
    const { deploy, later } = await killed({
      settings: { newerVersion: false },
      first: { ...one, applicationConfigs },
      second: { ...two, applicationConfigs },
      when: "settled",
    });
    expect((await deploy({ ...one, applicationConfigs })).error).toBeUndefined();
    expect(later()).toEqual(["restart"]);
  });
});

describe("a memory that another machine has overtaken undoes nothing", () => {
  test.each(
    sights.flatMap(([name, settings]) =>
      (["acted", "settled"] as const).map((when) => [name, when, settings] as const),
    ),
  )("components %s, killed %s", async (_name, when, settings) => {
    const { stand, deploy, instance, later } = await killed({
      settings,
      first: one,
      second: { ...one, state: "stopped" },
      when,
    });
    await elsewhere(stand, async () => {
      // What was sent has come through by then.
      stand.sim.clock.advance(600_000);
      await stand.stack.refresh();
      expect((await deploy({ ...two, state: "running" })).error).toBeUndefined();
      // Where components are not seen, the restart is what starts it.
      expect(instance().state).toBe("STARTED");
    });
    const before = later().length;
    expect(stepsOf(await deploy(two))).toEqual([]);
    await stand.stack.refresh();
    expect(stepsOf(await deploy(two))).toEqual([]);
    expect(await stateOf(stand, "application")).toMatchObject({ runState: "running", ...two });
    expect([later().length, instance().state]).toEqual([before, "STARTED"]);
  });
});

describe("a deletion", () => {
  test("settles what is open before it does what onDelete says", async () => {
    const onDelete = { onDelete: "stopped" };
    const { stand, instance, later } = await killed({
      first: { ...one, ...onDelete },
      second: { ...two, ...onDelete },
      when: "acted",
    });
    const destroyed = await stand.stack.destroy();
    expect(destroyed.error).toBeUndefined();
    expect(textOf(destroyed)).toMatch(/looks what became of an earlier restart of RayOperator/);
    expect([later(), instance().state]).toEqual([["restart", "stop"], "STOPPED"]);
  });

  test("warns of what is open where it leaves the components", async () => {
    const { stand, later } = await killed({ first: one, second: two, when: "acted" });
    const destroyed = await stand.stack.destroy();
    expect(destroyed.error).toBeUndefined();
    expect(textOf(destroyed)).toMatch(/not found out what became of an earlier restart of RayOperator/);
    expect(later()).toEqual(["restart"]);
  });
});

test("an open action in state is secret there, and messages tell of it in full", async () => {
  const { stand, killAt, deploy } = await withApplication();
  const configured = { applicationConfigs: item("swordfish-4711") };
  expect((await deploy({ ...one, ...configured })).error).toBeUndefined();
  killAt("GetOperation", "received");
  expect((await deploy({ ...two, ...configured })).ok).toBe(false);
  expect((await stand.stack.refresh()).error).toBeUndefined();
  const exported = JSON.stringify(await stand.stack.exportState());
  expect(exported).toContain('"pendingAction":');
  expect(exported).not.toContain("startTimes");
  const operationId = stand.sim.vke.actions(vkeClusterId).at(-1)?.operationId ?? "none";
  const up = await deploy({ ...two, ...configured });
  expect(up.error).toBeUndefined();
  expect(textOf(up)).toMatch(/looks what became of an earlier restart of RayOperator/);
  expect(textOf(up)).toContain(`SUCCESS (operation ${operationId})`);
  expect(textOf(up)).not.toMatch(/\[secret\]|swordfish/);
});

test("a stop whose create was killed shows where the application is imported", async () => {
  const { stand, killAt, deploy, declareApplication, instance, actions } = await withApplication();
  killAt("RunApplicationAction", "acted");
  expect((await deploy({ state: "stopped" })).ok).toBe(false);
  const { type } = applicationState({});
  const imported = { type, name: "application", id: `${vkeClusterId}/RAY/RayOperator` };
  expect((await stand.stack.importResource(imported)).error).toBeUndefined();
  declareApplication({});
  const preview = await stand.stack.preview();
  expect(stepsOf(preview)).toEqual(["update application"]);
  expect(textOf(preview)).toMatch(/find out what became of an earlier stop of RayOperator/);
  expect((await deploy({})).error).toBeUndefined();
  expect([instance().state, actions()]).toEqual(["STARTED", ["stop", "start"]]);
  expect(stepsOf(await stand.stack.preview())).toEqual([]);
});
