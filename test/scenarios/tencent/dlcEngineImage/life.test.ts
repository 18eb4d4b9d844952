// The life of a DLC engine's image version, and what happens when things are not as they should be.
import { describe, expect, test } from "vitest";
import type { Fault, Simulator } from "../../../../simulator/index";
import { declare, doorState, engineImage, stateOf, stepsOf } from "../../stand";
import { dataEngineId, newVersion, oldVersion, switches, withEngine } from "../../subjects";

test("an engine that runs the version already is not touched", async () => {
  const { stand, deploy } = await withEngine({ imageVersion: newVersion });
  expect((await deploy()).error).toBeUndefined();
  expect(stand.changes()).toEqual([]);
});

test.each(["SparkBatch", "StandardSpark", "PrestoSQL"] as const)(
  "a %s engine is found and switched, by id and by name",
  async (engineTypeDetail) => {
    const { stand, engine, versionOf } = await withEngine({ engineTypeDetail });
    const [first, second] = stand.sim.dlc.images(engineTypeDetail).filter(({ state }) => state === 2);
    declare(stand, engineImage({ dataEngineId, imageVersion: second?.imageVersion }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(second?.imageVersion ?? ""));
    declare(stand, engineImage({ dataEngineName: "reports", imageVersion: first?.imageVersion }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(first?.imageVersion ?? ""));
  },
);

describe("what cannot be", () => {
  test.each([
    [
      "a version that does not exist",
      { imageVersion: "SuperSQL-S 9.9" },
      /imageVersion: there is no version SuperSQL-S 9\.9.*SuperSQL-S 3\.5 \(.*SuperSQL-S 1\.0 \(/,
    ],
    [
      "a version that is not online",
      { imageVersion: "SuperSQL-S 0.9" },
      /is not online\. Versions on offer for reports/,
    ],
    ["a version of another type", { imageVersion: "Spark 3.5" }, /there is no version Spark 3\.5/],
    [
      "an engine that does not exist",
      { dataEngineId: "DataEngine-missing" },
      /does not exist in ap-guangzhou/,
    ],
  ])("%s is told before any call that changes something", async (_name, inputs, reason) => {
    const { stand, deploy } = await withEngine();
    expect((await deploy(inputs)).error).toMatch(reason);
    expect(stand.changes()).toEqual([]);
    expect(await stateOf(stand, "image")).toBeUndefined();
  });

  test.each([
    ["no engine", { dataEngineId: undefined }, /dataEngineName is required/],
    ["two names of the engine", { dataEngineName: "reports" }, /only one of the two/],
    ["no version", { imageVersion: undefined }, /imageVersionId is required/],
    ["two names of the version", { imageVersionId: "x" }, /only one of the two/],
    ["an unknown policy", { onDelete: "remove" }, /"leave" or "restorePrevious"/],
    ["an unknown child version", { childVersion: "1.0.3" }, /"track" or "latest"/],
  ])("inputs with %s are refused", async (_name, inputs, reason) => {
    const { stand } = await withEngine();
    const given = Object.entries({ dataEngineId, imageVersion: newVersion, ...inputs }).filter(
      ([, value]) => value !== undefined,
    );
    declare(stand, engineImage(Object.fromEntries(given)));
    expect((await stand.stack.preview()).error).toMatch(reason);
    expect(stand.sim.journal).toEqual([]);
  });
});

describe("a suspended engine", () => {
  test("is not resumed without leave", async () => {
    const { stand, deploy } = await withEngine({ state: 1 });
    expect((await deploy()).error).toMatch(/is suspended.*allowSuspended/);
    expect(stand.changes()).toEqual([]);
  });

  test("is resumed for the change and suspended again with leave", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine({ state: 1 });
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    expect(stand.changes()).toEqual([
      "SuspendResumeDataEngine",
      "SwitchDataEngineImage",
      "SuspendResumeDataEngine",
    ]);
    expect([engine.state, engine.imageVersionId]).toEqual([1, versionOf(newVersion)]);
  });
});

test("childVersion latest upgrades to the newest minor version, and follows it", async () => {
  const { stand, engine, versionOf, deploy } = await withEngine({ imageVersion: newVersion });
  const inputs = { childVersion: "latest" };
  expect((await deploy(inputs)).error).toBeUndefined();
  expect(stand.changes()).toEqual([]);
  const { imageVersionId } = stand.sim.dlc.createChildImage(versionOf(newVersion));
  expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
  expect((await deploy(inputs)).error).toBeUndefined();
  expect(stand.changes()).toEqual(["UpgradeDataEngineImage"]);
  expect(engine.childImageVersionId).toBe(imageVersionId);
  expect(stepsOf(await deploy(inputs))).toEqual([]);
});

test("childVersion track leaves the minor version alone", async () => {
  const { stand, versionOf, deploy } = await withEngine({ imageVersion: newVersion });
  expect((await deploy()).error).toBeUndefined();
  stand.sim.dlc.createChildImage(versionOf(newVersion));
  expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  expect(stepsOf(await deploy())).toEqual([]);
});

describe("deleting", () => {
  test("with restorePrevious goes back to the version before", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    expect((await deploy({ onDelete: "restorePrevious" })).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  });

  test("knows the version before even where the run that left it was killed", async () => {
    const { stand, killAt, engine, versionOf, deploy } = await withEngine();
    killAt("SwitchDataEngineImage", "acted");
    expect((await deploy({ onDelete: "restorePrevious" })).ok).toBe(false);
    expect((await deploy({ onDelete: "restorePrevious" })).error).toBeUndefined();
    expect(switches(stand)).toBe(1);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  });
});

describe("a switch that does not go as it should", () => {
  test.each<[string, Partial<Simulator["settings"]>, ...Fault[]]>([
    ["lingering at running first", { imageChangeLingerMilliseconds: 200_000 }],
    ["with the engine shown as running all the time", { imageChangeState: 2 }],
    ["with the answer being lost", {}, { kind: "dropAnswer", action: "SwitchDataEngineImage" }],
    ["with the request being lost", {}, { kind: "dropRequest", action: "SwitchDataEngineImage" }],
    [
      "with an internal error after acting",
      {},
      {
        kind: "error",
        code: "InternalError.InternalSystemException",
        acted: true,
        action: "SwitchDataEngineImage",
      },
    ],
    [
      "with the engine being busy at first",
      {},
      {
        kind: "error",
        code: "ResourceNotFound.DataEngineNotActivity",
        times: 2,
        action: "SwitchDataEngineImage",
      },
    ],
  ])("%s: gets there", async (_name, settings, ...faults) => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    Object.assign(stand.sim.settings, settings);
    for (const fault of faults) stand.sim.faults.add(fault);
    expect((await deploy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: newVersion, engineState: "running" });
  });

  test("an engine that fails is told from one that is slow, and recorded as it is", async () => {
    const { stand, deploy } = await withEngine();
    stand.sim.settings.imageChangeEnds = "failed";
    expect((await deploy()).error).toMatch(
      /SwitchDataEngineImage on .*: the engine is in the state failed \(/,
    );
    expect(await stateOf(stand, "image")).toMatchObject({
      engineState: "failed",
      ...doorState,
    });
  });

  test("an engine that comes back with the old version says so, and the next up tries again", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.settings.imageChangeEnds = "oldVersion";
    expect((await deploy()).error).toMatch(
      new RegExp(`did not take: the engine runs again with ${oldVersion}`),
    );
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: oldVersion });
    stand.sim.settings.imageChangeEnds = "newVersion";
    expect((await deploy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
  });

  test("one that takes too long says which option to raise, and the next up waits on", async () => {
    const { stand, deploy } = await withEngine();
    stand.sim.settings.timeScale = 3;
    expect((await deploy({ timeouts: { create: "6m" } })).error).toMatch(/Raise timeouts\.create \(now 6m\)/);
    expect((await deploy()).error).toBeUndefined();
    expect(switches(stand)).toBe(1);
  });

  test.each(["received", "acted"] as const)(
    "a provider that is killed once the cloud has %s it",
    async (phase) => {
      const { stand, killAt, engine, versionOf, deploy } = await withEngine();
      killAt("SwitchDataEngineImage", phase);
      expect((await deploy()).ok).toBe(false);
      expect((await deploy()).error).toBeUndefined();
      expect(engine.imageVersionId).toBe(versionOf(newVersion));
      expect(switches(stand)).toBe(phase === "acted" ? 1 : 2);
    },
  );
});

describe("gone or not", () => {
  test("a deleted engine takes the resource out of state", async () => {
    const { stand, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.dlc.destroyEngine(dataEngineId);
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete image"]);
  });

  test.each([
    ["a refused permission", "FailedOperation.NoPermissionToUseTheDataEngine"],
    ["a fault", "InternalError"],
    ["a suspended engine, whatever its code's class says", "ResourceNotFound.DataEngineNotActivity"],
  ])("%s does not", async (_name, code) => {
    const { stand, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.faults.add({ kind: "error", code, action: "DescribeDataEngines", times: 99 });
    expect((await stand.stack.refresh()).error).toContain(code);
    expect(await stateOf(stand, "image")).toMatchObject({ dataEngineId });
  });

  test("another region does not", async () => {
    const { stand, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    await stand.stack.setConfig("bigdata:tencentRegion", "ap-shanghai");
    await deploy();
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect(await stateOf(stand, "image")).toMatchObject({ dataEngineId });
  });
});

test("an engine that has failed is told by every preview and run until it is mended", async () => {
  const { stand, engine, deploy } = await withEngine();
  expect((await deploy()).error).toBeUndefined();
  Object.assign(engine, { state: -1, message: "no disk" });
  expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
  for (const _ of ["once", "again"]) {
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update image"]);
    expect(JSON.stringify(preview.messages)).toMatch(/engine reports has failed: mend it in the DLC console/);
    expect((await deploy()).error).toMatch(/engine reports has failed \(no disk\)/);
  }
  Object.assign(engine, { state: 2, message: "" });
  expect((await deploy()).error).toBeUndefined();
  expect(stepsOf(await stand.stack.preview())).toEqual([]);
  expect(switches(stand)).toBe(1);
});
