// DLC as its editions have it: no list of engines, other engine types, lists that are cut, fields of other types.
import { describe, expect, test } from "vitest";
import type { Settings } from "../../../../simulator/index";
import { declare, door, engineImage, type Stand, stateOf, stepsOf } from "../../stand";
import { dataEngineId, newVersion, oldVersion, switches, withEngine } from "../../subjects";

const asked = (stand: Stand, action: string) =>
  stand.sim.journal.filter((entry) => entry.action === action).length;
const named = { dataEngineId: undefined, dataEngineName: "reports" };

describe("an edition without DescribeDataEngines", () => {
  async function listless(fixture: Parameters<typeof withEngine>[0] = {}) {
    const subject = await withEngine(fixture);
    subject.stand.sim.settings.missingActions = ["DescribeDataEngines"];
    return subject;
  }

  test("has its engines by name, through a whole life, and is asked for the list once a process", async () => {
    const { stand, engine, versionOf, deploy } = await listless();
    const inputs = { ...named, onDelete: "restorePrevious" };
    const before = asked(stand, "DescribeDataEngines");
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(asked(stand, "DescribeDataEngines") - before).toBeLessThanOrEqual(1);
    expect([engine.imageVersionId, switches(stand)]).toEqual([versionOf(newVersion), 1]);
    expect(await stateOf(stand, "image")).toMatchObject({ dataEngineId, dataEngineName: "reports" });
    const known = asked(stand, "DescribeDataEngines");
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
    expect((await deploy({ ...inputs, imageVersion: oldVersion })).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
    expect((await deploy(inputs)).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
    // Four operations, each with a process of its own at most.
    expect(asked(stand, "DescribeDataEngines") - known).toBeLessThanOrEqual(4);
  });

  test("says what to give where only an id is known", async () => {
    const { stand, deploy } = await listless();
    expect((await deploy()).error).toMatch(
      /no DescribeDataEngines.*give dataEngineName instead of dataEngineId/,
    );
    expect(stand.changes()).toEqual([]);
    expect(await stateOf(stand, "image")).toBeUndefined();
    expect((await deploy(named)).error).toBeUndefined();
  });

  test("goes on with what was recorded by its id where there was a list", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.settings.missingActions = ["DescribeDataEngines"];
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
    expect((await deploy({ imageVersion: oldVersion })).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
    expect((await stand.stack.destroy()).error).toBeUndefined();
  });

  test("does not take another engine of the same name for the one it knows", async () => {
    const { stand, deploy } = await listless();
    expect((await deploy(named)).error).toBeUndefined();
    stand.sim.dlc.destroyEngine(dataEngineId);
    stand.sim.dlc.changeEngine(dataEngineId, { dataEngineName: "reports-before" });
    stand.sim.dlc.createEngine({ dataEngineId: "DataEngine-second", dataEngineName: "reports" });
    const changes = stand.changes().length;
    expect((await deploy({ ...named, imageVersion: oldVersion })).error).toMatch(/does not exist/);
    expect(stand.changes()).toHaveLength(changes);
    expect(stepsOf(await stand.stack.refresh())).toEqual(["delete image"]);
  });

  test("stops at another engine of the same name in the middle of a change", async () => {
    const { stand, deploy } = await listless();
    const remove = stand.sim.onCall(({ action, phase }) => {
      if (action !== "SwitchDataEngineImage" || phase !== "acted") return undefined;
      remove();
      stand.sim.dlc.destroyEngine(dataEngineId);
      stand.sim.dlc.changeEngine(dataEngineId, { dataEngineName: "reports-before" });
      stand.sim.dlc.createEngine({ dataEngineId: "DataEngine-second", dataEngineName: "reports" });
      return undefined;
    });
    expect((await deploy(named)).error).toMatch(/does not exist/);
    expect(switches(stand)).toBe(1);
  });

  test.runIf(door !== "dynamic")("imports by name, and says so where an id is given", async () => {
    const { stand } = await listless();
    const spec = { type: "bigdata:tencent:DlcEngineImage", name: "image" };
    const byId = await stand.stack.importResource({ ...spec, id: dataEngineId });
    expect(byId.error).toMatch(/no DescribeDataEngines.*give the engine's name/);
    expect((await stand.stack.importResource({ ...spec, id: "reports" })).error).toBeUndefined();
    expect(await stateOf(stand, "image")).toMatchObject({ dataEngineId, dataEngineName: "reports" });
    declare(stand, engineImage({ dataEngineName: "reports", imageVersion: oldVersion }));
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
  });
});

describe("the type under which versions are listed", () => {
  test.each<["SparkSQL" | "PrestoSQL", Settings["sqlImageTypes"], string, string]>([
    ["SparkSQL", "SQL", newVersion, "SuperSQL-P 1.1"],
    ["PrestoSQL", "SQL", "SuperSQL-P 1.1", newVersion],
    ["SparkSQL", "detailed", newVersion, "SuperSQL-P 1.1"],
    ["PrestoSQL", "detailed", "SuperSQL-P 1.1", newVersion],
  ])("%s where the edition knows %s", async (engineTypeDetail, sqlImageTypes, own, other) => {
    const { stand, engine, versionOf, deploy } = await withEngine({ engineTypeDetail });
    stand.sim.settings.sqlImageTypes = sqlImageTypes;
    expect((await deploy({ imageVersion: other })).error).toMatch(/there is no version SuperSQL/);
    expect(stand.changes()).toEqual([]);
    expect((await deploy({ imageVersion: own })).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(own));
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  });

  test("a Kyuubi gateway has none", async () => {
    const { stand, deploy } = await withEngine({ engineTypeDetail: "Kyuubi" });
    const { error } = await deploy(named);
    expect(error).toMatch(/reports is a Kyuubi gateway: this kind of engine has no versions to switch/);
    expect(error).not.toMatch(/belongs to another engine type/);
    expect(stand.changes()).toEqual([]);
  });

  test("an unknown one is said to be so", async () => {
    const { stand, deploy } = await withEngine({ engineTypeDetail: "SparkBatch" });
    const code = "InvalidParameter.ImageEngineTypeNotMatch";
    stand.sim.faults.add({ kind: "error", code, action: "DescribeDataEngineImageVersions" });
    const { error } = await deploy({ imageVersion: "Spark 3.5" });
    expect(error).toMatch(
      /lists no image versions for engine reports of type SparkBatch .*ImageEngineTypeNotMatch/,
    );
    expect(error).not.toMatch(/belongs to another engine type/);
  });
});

describe("a list that is shorter than its own count proves nothing", () => {
  test("an engine that it leaves out is still found by its name", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.settings.enginesShown = 0;
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
    expect((await deploy({ imageVersion: oldVersion })).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  });

  test("nor is it gone where the name does not lead to it", async () => {
    const { stand, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.settings.enginesShown = 0;
    const code = "ResourceNotFound.DataEngineNotFound";
    stand.sim.faults.add({ kind: "error", code, action: "DescribeDataEngine", times: 9 });
    expect((await stand.stack.refresh()).error).toMatch(/DLC counts 1 engines .* but shows only 0/);
    expect(await stateOf(stand, "image")).toMatchObject({ dataEngineId });
  });

  test("nor is it said not to exist where only its id is known", async () => {
    const { stand, deploy } = await withEngine();
    stand.sim.settings.enginesShown = 0;
    const { error } = await deploy();
    expect(error).toMatch(/DLC counts 1 engines .* but shows only 0/);
    expect(error).not.toMatch(/does not exist/);
  });

  test("a version that it leaves out is not said to be missing", async () => {
    const { stand, deploy } = await withEngine();
    stand.sim.settings.imageVersionsShown = 0;
    const { error } = await deploy();
    expect(error).toMatch(/DLC counts 3 image versions .* but shows only 0/);
    expect(error).not.toMatch(/there is no version/);
    expect(stand.changes()).toEqual([]);
  });
});

describe("fields of other types than documented", () => {
  test("do not keep an engine from being switched, upgraded and read", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.settings.looseTypes = true;
    expect((await deploy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: newVersion });
    const { imageVersionId } = stand.sim.dlc.createChildImage(versionOf(newVersion));
    expect((await deploy({ childVersion: "latest" })).error).toBeUndefined();
    expect(engine.childImageVersionId).toBe(imageVersionId);
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  });

  test("do not keep a switch from being settled that was accepted before", async () => {
    const { stand, deploy } = await withEngine();
    const remove = stand.sim.onCall(({ action, phase }) => {
      if (action !== "SwitchDataEngineImage" || phase !== "acted") return undefined;
      remove();
      stand.sim.settings.looseTypes = true;
      return undefined;
    });
    expect((await deploy()).error).toBeUndefined();
    expect(switches(stand)).toBe(1);
  });
});
