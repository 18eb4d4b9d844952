// How engines and their versions are looked for in editions that differ, what a plan says before the cloud is asked, and how
// fields are read.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../../../provider/base/context";
import { callFunction } from "../../../provider/byName";
import { textsOf } from "../../../provider/core/note";
import { decode } from "../../../provider/tencent/client";
import { describeDataEngine, describeDataEngineImageVersions } from "../../../provider/tencent/dlc/api";
import { planImage } from "../../../provider/tencent/dlc/engineImage/plan";
import { dlcEngineImage } from "../../../provider/tencent/dlc/engineImage/resource";
import { engineImageInputs } from "../../../provider/tencent/dlc/engineImage/schema";
import { dlcClient, findEngine } from "../../../provider/tencent/dlc/engines";
import { type Simulator, startSimulator } from "../../../simulator/index";
import { contextOn } from "../../session";

const key = { secretId: "AKIDengines", secretKey: "enginesSecretKey0001" };
let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ credentials: [key] });
});
afterEach(() => sim.reset());
afterAll(() => sim.close());

function newContext(): Context {
  const config: Record<string, string> = {
    ...{ tencentSecretId: key.secretId, tencentSecretKey: key.secretKey },
    ...{ tencentRegion: "ap-guangzhou", tencentEndpoint: sim.url },
  };
  return contextOn(sim, config);
}
const ask = (token: string, inputs: object, context = newContext()) =>
  callFunction(token, inputs as Record<string, unknown>, context);
const asked = (action: string) => sim.journal.filter((entry) => entry.action === action).length;

describe("an edition without DescribeDataEngines", () => {
  const dataEngineId = "DataEngine-reports";
  const arrange = () => {
    sim.settings.missingActions = ["DescribeDataEngines"];
    return sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  };

  test("is asked for its list once, for all that follows in the same place", async () => {
    arrange();
    const context = newContext();
    const ref = { dataEngineId, dataEngineName: "reports" };
    for (let times = 0; times < 3; times++)
      expect(await findEngine(dlcClient(context, {}), ref)).toMatchObject(ref);
    await ask("tencent:getDlcEngines", { name: "reports" }, context);
    expect(asked("DescribeDataEngines")).toBe(1);
    // Another region can be of another edition.
    await findEngine(dlcClient(context, { region: "ap-singapore" }), ref);
    expect(asked("DescribeDataEngines")).toBe(2);
  });

  test("answers functions that name an engine, and tells the others what to give", async () => {
    arrange();
    expect(await ask("tencent:getDlcEngines", { name: "reports" })).toMatchObject({
      engines: [{ dataEngineId, dataEngineName: "reports" }],
    });
    expect(await ask("tencent:getDlcEngines", { name: "none" })).toMatchObject({ engines: [] });
    await expect(ask("tencent:getDlcEngines", {})).rejects.toThrow(/no DescribeDataEngines.*give name/);
    expect(await ask("tencent:getDlcImageVersions", { dataEngineName: "reports" })).toMatchObject({
      dataEngineId,
    });
    await expect(ask("tencent:getDlcImageVersions", { dataEngineId })).rejects.toThrow(
      /no DescribeDataEngines.*give dataEngineName instead of dataEngineId DataEngine-reports/,
    );
  });
});

describe("functions", () => {
  test("list no engines where the list is shorter than its own count", async () => {
    for (let index = 0; index < 3; index++) sim.dlc.createEngine();
    sim.settings.enginesShown = 2;
    await expect(ask("tencent:getDlcEngines", {})).rejects.toThrow(/DLC counts 3 engines .* shows only 2/);
    sim.settings.enginesShown = 0;
    const [engine] = sim.dlc.engines();
    const { engines } = await ask("tencent:getDlcEngines", { name: engine?.dataEngineName });
    expect(engines).toMatchObject([{ dataEngineId: engine?.dataEngineId }]);
  });

  test("list every engine though rows change from one page to the next", async () => {
    for (let index = 0; index < 150; index++) sim.dlc.createEngine();
    sim.onCall(({ action, phase }) => {
      if (action !== "DescribeDataEngines" || phase !== "received") return undefined;
      for (const engine of sim.dlc.engines()) engine.size += 1;
      return undefined;
    });
    const { engines } = await ask("tencent:getDlcEngines", {});
    expect(engines).toHaveLength(150);
  });

  test("tell what is typed otherwise, as far as it has one meaning", async () => {
    sim.dlc.createEngine({ dataEngineName: "reports", autoSuspend: true });
    sim.settings.looseTypes = true;
    expect(await ask("tencent:getDlcEngines", { name: "reports" })).toMatchObject({
      engines: [{ state: "running", mode: 1, size: 16, autoResume: true, autoSuspend: true, message: "" }],
    });
    const { versions } = await ask("tencent:getDlcImageVersions", { dataEngineName: "reports" });
    expect(versions).toContainEqual(
      expect.objectContaining({ name: "SuperSQL-S 0.9", state: "offline", isPublic: true, description: "" }),
    );
  });

  test.each(["SQL", "detailed"] as const)("list versions where the edition knows %s", async (types) => {
    sim.dlc.createEngine({ dataEngineName: "reports", engineTypeDetail: "PrestoSQL" });
    sim.settings.sqlImageTypes = types;
    const { versions } = await ask("tencent:getDlcImageVersions", { dataEngineName: "reports" });
    const names = (versions as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(["SuperSQL-P 0.9", "SuperSQL-P 1.0", "SuperSQL-P 1.1"]);
  });

  test("say that a Kyuubi gateway has no versions", async () => {
    sim.dlc.createEngine({ dataEngineName: "gateway", engineTypeDetail: "Kyuubi" });
    await expect(ask("tencent:getDlcImageVersions", { dataEngineName: "gateway" })).rejects.toThrow(
      /gateway is a Kyuubi gateway: this kind of engine has no versions to switch/,
    );
  });
});

describe("what decides is read strictly, and the rest in any form", () => {
  const engine = { DataEngineId: "DataEngine-1", State: 2, ImageVersionId: "a" };
  const readEngine = (more: object) =>
    describeDataEngine.response.safeParse(decode({ DataEngine: { ...engine, ...more } }));

  test.each<[string, object, object]>([
    ["flags as numbers", { AutoResume: 1, AutoSuspend: 0 }, { autoResume: true, autoSuspend: false }],
    ["flags as text", { AutoResume: "true", AutoSuspend: "0" }, { autoResume: true, autoSuspend: false }],
    ["flags as objects", { AutoResume: {} }, { autoResume: undefined }],
    ["numbers as text", { Mode: "2", Size: "16" }, { mode: 2, size: 16 }],
    ["numbers as words", { Mode: "monthly", Size: [] }, { mode: undefined, size: undefined }],
    ["texts as numbers", { ChildImageVersionId: 7, Message: 0 }, { childImageVersionId: "7", message: "0" }],
    ["texts as objects", { EngineTypeDetail: {}, ImageVersionName: [] }, { imageVersionName: undefined }],
    ["no name", { DataEngineName: null }, { dataEngineName: "" }],
  ])("%s", (_name, more, read) => {
    expect(readEngine(more).data?.dataEngine).toMatchObject({
      dataEngineId: "DataEngine-1",
      state: 2,
      ...read,
    });
  });

  test.each([{ DataEngineId: null }, { State: null }, { State: "running" }, { ImageVersionId: 7 }])(
    "%o is no engine",
    (more) => {
      expect(readEngine(more).success).toBe(false);
    },
  );

  test("a version without an id is none, and one without a state may be switched to", () => {
    const list = (version: object) =>
      describeDataEngineImageVersions.response.safeParse(decode({ ImageParentVersions: [version] }));
    expect(list({ ImageVersion: "a" }).success).toBe(false);
    const [version] =
      list({ ImageVersionId: "b", ImageVersion: "B", State: null }).data?.imageParentVersions ?? [];
    const plan = planImage(engineImageInputs.parse({ dataEngineId: "DataEngine-1", imageVersion: "B" }), {
      engine: { dataEngineId: "DataEngine-1", dataEngineName: "reports", state: 2, imageVersionId: "a" },
      childImageVersionId: "",
      versions: version ? [version] : [],
      upgradeAvailable: false,
      message: "",
    });
    expect(plan).toMatchObject({
      blocked: [],
      steps: [{ action: "SwitchDataEngineImage", request: { newImageVersionId: "b" } }, { kind: "wait" }],
    });
  });
});

describe("the plan of a delete, before the cloud is asked", () => {
  const state = {
    ...engineImageInputs.parse({ dataEngineName: "reports", imageVersion: "B", onDelete: "restorePrevious" }),
    dataEngineId: "DataEngine-1",
    dataEngineName: "reports",
    imageVersionId: "b",
    imageVersion: "B",
    childImageVersionId: "",
    upgradeAvailable: false,
    previousImageVersionId: "a",
    engineState: "running",
    region: "ap-guangzhou",
    lastRequestId: "",
  };

  test("says that the version may be withdrawn, and what becomes of the engine then", () => {
    const { steps, warnings, blocked } = dlcEngineImage.planFromState(state, undefined);
    expect(steps).toMatchObject([{ action: "SwitchDataEngineImage" }, { kind: "wait" }]);
    expect(textsOf(warnings)).toEqual([
      "if version a is no longer on offer by then, engine reports keeps B, and a warning says so",
    ]);
    expect(blocked).toEqual([]);
  });

  test("says nothing of it where there is nothing to restore", () => {
    const same = { ...state, previousImageVersionId: "b" };
    expect(dlcEngineImage.planFromState(same, undefined)).toEqual({ steps: [], warnings: [], blocked: [] });
    expect(dlcEngineImage.planFromState({ ...state, onDelete: "leave" }, undefined).warnings).toEqual([]);
  });
});
