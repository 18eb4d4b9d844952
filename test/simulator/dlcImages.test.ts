// DLC: changes of an engine's image version.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Engine,
  type EngineFixture,
  type ParentImage,
  type Settings,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { callDlc, describedEngine, engineId, seconds } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const create = (fixture: EngineFixture = {}) =>
  simulator.dlc.createEngine({ dataEngineId: engineId, ...fixture });
const image = (name: string) => simulator.dlc.image(name);
const child = (name: string, index: number) => image(name).children[index]?.imageVersionId ?? "";
const change = (action: string, extra: Record<string, unknown> = {}) =>
  callDlc(simulator, action, { DataEngineId: engineId, ...extra });
const switchTo = (id: string) => change("SwitchDataEngineImage", { NewImageVersionId: id });

const oldName = "SuperSQL-S 1.0";
const newName = "SuperSQL-S 3.5";

describe("SwitchDataEngineImage", () => {
  interface Row {
    name: string;
    outcome: string;
    engine?: EngineFixture;
    prepare?: (engine: Engine) => void;
    id?: () => string;
    settings?: Partial<Settings>;
    /** Whether the engine begins to change. */
    changes?: boolean;
  }
  const rows: Row[] = [
    { name: "another major", outcome: "ok", changes: true },
    { name: "empty version", id: () => "", outcome: "InvalidParameter.ParameterNotFoundOrBeNone" },
    { name: "unknown version", id: () => "nonsense", outcome: "ResourceNotFound.ImageVersionNotFound" },
    {
      name: "version of another engine type",
      id: () => image("SuperSQL-P 1.0").imageVersionId,
      outcome: "InvalidParameter.ImageEngineTypeNotMatch",
    },
    {
      name: "version of another engine type, accepted",
      id: () => image("SuperSQL-P 1.0").imageVersionId,
      settings: { otherTypeSwitch: "accepted" },
      outcome: "ok",
      changes: true,
    },
    {
      name: "offline version",
      id: () => image("SuperSQL-S 0.9").imageVersionId,
      outcome: "ResourceNotFound.ImageVersionNotActivity",
    },
    {
      name: "offline version, other code",
      id: () => image("SuperSQL-S 0.9").imageVersionId,
      settings: { offlineImageCode: "InvalidParameter.ImageStateNotMatch" },
      outcome: "InvalidParameter.ImageStateNotMatch",
    },
    {
      name: "minor version",
      id: () => child(newName, 0),
      outcome: "InvalidParameter.ImageUserRecordsTypeNotMatch",
    },
    {
      name: "minor version, other code",
      id: () => child(newName, 0),
      settings: { childIdInSwitch: "ResourceNotFound.ImageVersionNotFound" },
      outcome: "ResourceNotFound.ImageVersionNotFound",
    },
    {
      name: "minor version, accepted",
      id: () => child(newName, 0),
      settings: { childIdInSwitch: "accepted" },
      outcome: "ok",
      changes: true,
    },
    { name: "same version", id: () => image(oldName).imageVersionId, outcome: "ok" },
    {
      name: "same version, refused",
      id: () => image(oldName).imageVersionId,
      settings: { sameImageVersion: "error" },
      outcome: "FailedOperation",
    },
    {
      name: "no such engine",
      engine: { dataEngineId: "DataEngine-other" },
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
    {
      name: "engine of another region",
      engine: { region: "ap-beijing" },
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
    { name: "deleted engine", engine: { state: -2 }, outcome: "ResourceNotFound.DataEngineNotFound" },
    { name: "suspended engine", engine: { state: 1 }, outcome: "ResourceNotFound.DataEngineNotActivity" },
    { name: "failed engine", engine: { state: -1 }, outcome: "ResourceNotFound.DataEngineNotActivity" },
    {
      name: "engine without versions",
      engine: { imageVersion: null },
      outcome: "ResourceNotFound.DataEngineNotMultiVersion",
    },
    {
      name: "gateway",
      engine: { engineTypeDetail: "Kyuubi" },
      outcome: "ResourceNotFound.DataEngineNotMultiVersion",
    },
    {
      name: "standard engine without versions",
      engine: { engineTypeDetail: "StandardSpark" },
      id: () => image("Standard-S 1.1").imageVersionId,
      settings: { standardEnginesVersioned: false },
      outcome: "ResourceNotFound.DataEngineNotMultiVersion",
    },
    {
      name: "standard engine",
      engine: { engineTypeDetail: "StandardSpark" },
      id: () => image("Standard-S 1.1").imageVersionId,
      outcome: "ok",
      changes: true,
    },
    {
      name: "batch engine",
      engine: { engineTypeDetail: "SparkBatch" },
      id: () => image("Spark 3.5").imageVersionId,
      outcome: "ok",
      changes: true,
    },
    {
      name: "engine without a detailed type",
      engine: { engineTypeDetail: "", engineType: "spark", engineExecType: "BATCH" },
      id: () => image("Spark 3.5").imageVersionId,
      outcome: "ok",
      changes: true,
    },
    {
      name: "neither SQL nor BATCH",
      engine: { engineExecType: "STREAM" },
      outcome: "InvalidParameter.DataEngineExecTypeNotMatch",
    },
    {
      name: "engine of somebody else",
      engine: { permissions: ["USE"] },
      outcome: "FailedOperation.NoPermissionToUseTheDataEngine",
    },
    {
      name: "engine of somebody else, newer code",
      engine: { permissions: ["USE"] },
      settings: {
        noPermissionCode: "UnauthorizedOperation.UnauthorizedOperationCode_NoEngineCamPermissions",
      },
      outcome: "UnauthorizedOperation.UnauthorizedOperationCode_NoEngineCamPermissions",
    },
    { name: "tasks are running", engine: { runningTasks: 2 }, outcome: "ok", changes: true },
    {
      name: "tasks are running, refused",
      engine: { runningTasks: 2 },
      settings: { tasksRefuseImageChange: true },
      outcome: "FailedOperation",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ outcome, engine: fixture, id, settings, changes = false }) => {
    set(settings ?? {});
    const engine = create(fixture);
    const reply = await switchTo(id?.() ?? image(newName).imageVersionId);
    expect(reply.outcome).toBe(outcome);
    expect(engine.change !== undefined).toBe(changes);
    expect(simulator.journal.at(-1)).toMatchObject({
      service: "dlc",
      action: "SwitchDataEngineImage",
      version: "2021-01-25",
      outcome,
      answered: true,
      acted: changes,
    });
    if (outcome === "ok") expect(Object.keys(reply.response)).toEqual(["RequestId"]);
  });

  const byRule = rows.map((row) => row.outcome).filter((outcome) => outcome !== "ok");
  const documented = [
    "FailedOperation",
    "FailedOperation.NoPermissionToUseTheDataEngine",
    "InternalError",
    "InternalError.InternalSystemException",
    "InvalidParameter.DataEngineExecTypeNotMatch",
    "InvalidParameter.DataEnginePayModeTypeNotMatch",
    "InvalidParameter.ImageClusterParametersFormatNotJson",
    "InvalidParameter.ImageEngineTypeNotMatch",
    "InvalidParameter.ImageIsPublicNotMatch",
    "InvalidParameter.ImageParameterNotFound",
    "InvalidParameter.ImageSessionParametersFormatNotJson",
    "InvalidParameter.ImageStateNotMatch",
    "InvalidParameter.ImageUserRecordsTypeNotMatch",
    "InvalidParameter.ParameterNotFoundOrBeNone",
    "ResourceNotFound.DataEngineConfigInstanceNotFound",
    "ResourceNotFound.DataEngineConfigInstanceNotUnique",
    "ResourceNotFound.DataEngineNotActivity",
    "ResourceNotFound.DataEngineNotFound",
    "ResourceNotFound.DataEngineNotMultiVersion",
    "ResourceNotFound.ImageSessionConfigNotFound",
    "ResourceNotFound.ImageSessionConfigNotUnique",
    "ResourceNotFound.ImageVersionNotActivity",
    "ResourceNotFound.ImageVersionNotFound",
  ];
  test.each(documented.filter((code) => !byRule.includes(code)))("%s by order", async (code) => {
    create();
    simulator.faults.add({ kind: "error", code, action: "SwitchDataEngineImage" });
    const reply = await switchTo(image(newName).imageVersionId);
    expect(reply.outcome).toBe(code);
    expect(reply.message).not.toBe(code);
    expect((await describedEngine(simulator)).ImageVersionName).toBe(oldName);
  });

  test.each([
    { name: "no region", options: { region: undefined }, outcome: "MissingParameter" },
    { name: "no such region", options: { region: "moon" }, outcome: "UnsupportedRegion" },
    { name: "EMR's version", options: { version: "2019-01-03", service: "emr" }, outcome: "InvalidAction" },
    { name: "signed for EMR", options: { service: "emr" }, outcome: "AuthFailure.SignatureFailure" },
  ])("$name → $outcome", async ({ options, outcome }) => {
    create();
    const request = { DataEngineId: engineId, NewImageVersionId: image(newName).imageVersionId };
    expect((await callDlc(simulator, "SwitchDataEngineImage", request, options)).outcome).toBe(outcome);
  });

  test.each([
    { name: "no engine", request: { NewImageVersionId: "x" }, outcome: "MissingParameter" },
    { name: "no version", request: { DataEngineId: engineId }, outcome: "MissingParameter" },
    {
      name: "a name besides",
      request: { DataEngineId: engineId, NewImageVersionId: "x", DataEngineName: "y" },
      outcome: "UnknownParameter",
    },
  ])("$name → $outcome", async ({ request, outcome }) => {
    expect((await callDlc(simulator, "SwitchDataEngineImage", request)).outcome).toBe(outcome);
  });
});

describe("the course of a switch", () => {
  interface Moment {
    after: number;
    state: number;
    version: string;
    message?: string;
  }
  const rows: { name: string; settings?: Partial<Settings>; moments: Moment[] }[] = [
    {
      name: "usual",
      moments: [
        { after: 0, state: 0, version: oldName },
        { after: 299, state: 0, version: oldName },
        { after: 300, state: 2, version: newName },
      ],
    },
    {
      name: "lingers",
      settings: { imageChangeLingerMilliseconds: seconds(30) },
      moments: [
        { after: 0, state: 2, version: oldName },
        { after: 29, state: 2, version: oldName },
        { after: 30, state: 0, version: oldName },
        { after: 329, state: 0, version: oldName },
        { after: 330, state: 2, version: newName },
      ],
    },
    {
      name: "stays in state 2",
      settings: { imageChangeState: 2 },
      moments: [
        { after: 0, state: 2, version: oldName },
        { after: 299, state: 2, version: oldName },
        { after: 300, state: 2, version: newName },
      ],
    },
    {
      name: "fails",
      settings: { imageChangeEnds: "failed" },
      moments: [
        { after: 299, state: 0, version: oldName, message: "" },
        { after: 300, state: -1, version: oldName, message: "SwitchImage failed" },
      ],
    },
    {
      name: "comes back with the old version",
      settings: { imageChangeEnds: "oldVersion" },
      moments: [
        { after: 299, state: 0, version: oldName },
        { after: 300, state: 2, version: oldName },
      ],
    },
    {
      name: "compressed",
      settings: { timeScale: 0.1 },
      moments: [
        { after: 29, state: 0, version: oldName },
        { after: 30, state: 2, version: newName },
      ],
    },
  ];
  test.each(rows)("$name", async ({ settings, moments }) => {
    set(settings ?? {});
    create();
    const start = simulator.clock.now();
    await switchTo(image(newName).imageVersionId);
    for (const { after, state, version, message } of moments) {
      simulator.clock.advance(start + seconds(after) - simulator.clock.now());
      const shown = await describedEngine(simulator);
      expect({ after, state: shown.State, version: shown.ImageVersionName }).toEqual({
        after,
        state,
        version,
      });
      if (message !== undefined) expect(shown.Message).toBe(message);
    }
  });

  test("ends with the major and its newest minor of that time", async () => {
    create();
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(await describedEngine(simulator)).toMatchObject({
      ImageVersionId: image(newName).imageVersionId,
      ChildImageVersionId: child(newName, 1),
    });
  });

  test.each(["failed", "oldVersion"] as const)("imageChangeFails strikes once: %s", async (ends) => {
    const engine = create();
    simulator.faults.add({ kind: "imageChangeFails", ends, reason: "no capacity" });
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(engine).toMatchObject({
      state: ends === "failed" ? -1 : 2,
      message: ends === "failed" ? "no capacity" : "",
      imageVersionId: image(oldName).imageVersionId,
    });
    engine.state = 2;
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(engine.imageVersionId).toBe(image(newName).imageVersionId);
  });

  test.each([
    { name: "default code", settings: {}, outcome: "ResourceNotFound.DataEngineNotActivity" },
    {
      name: "FailedOperation",
      settings: { secondImageChangeCode: "FailedOperation" },
      outcome: "FailedOperation",
    },
    {
      name: "while it lingers",
      settings: { imageChangeLingerMilliseconds: seconds(30) },
      outcome: "ResourceNotFound.DataEngineNotActivity",
    },
  ] as const)("a second change meanwhile, $name", async ({ settings, outcome }) => {
    set(settings);
    create({ childImageVersion: `${oldName}.1` });
    await switchTo(image(newName).imageVersionId);
    expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(outcome);
    expect((await change("UpgradeDataEngineImage")).outcome).toBe(outcome);
  });

  describe("something else holds the engine", () => {
    const codes = [
      "FailedOperation.AnotherProcessRunning",
      "FailedOperation.AnotherRequestProcessing",
      "InvalidParameter.InstanceInProcess",
      "ResourceNotFound.DataEngineNotRunning",
    ] as const;
    test.each(codes)("%s until it lets go", async (heldEngineCode) => {
      set({ heldEngineCode });
      create({ childImageVersion: `${oldName}.1` });
      simulator.dlc.holdEngine(engineId, seconds(900));
      const attempts = () =>
        Promise.all([
          switchTo(image(newName).imageVersionId),
          change("UpgradeDataEngineImage"),
          change("RestartDataEngine"),
          callDlc(simulator, "SuspendResumeDataEngine", {
            DataEngineName: "engine-sim00001",
            Operate: "suspend",
          }),
        ]);
      expect((await attempts()).map(({ outcome }) => outcome)).toEqual(Array(4).fill(heldEngineCode));
      simulator.clock.advance(seconds(900) - 1);
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(heldEngineCode);
      simulator.clock.advance(1);
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe("ok");
    });

    test("from the call on", async () => {
      create();
      simulator.faults.add({ kind: "busy", milliseconds: seconds(60), action: "SwitchDataEngineImage" });
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(codes[0]);
      expect((await change("UpgradeDataEngineImage")).outcome).toBe(codes[0]);
      simulator.clock.advance(seconds(60));
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe("ok");
    });
  });

  test("an engine that is deleted meanwhile stays deleted", async () => {
    const engine = create();
    await switchTo(image(newName).imageVersionId);
    simulator.dlc.destroyEngine(engineId);
    simulator.clock.advance(seconds(300));
    expect(engine.state).toBe(-2);
    expect(await describedEngine(simulator)).toBeUndefined();
  });

  test("the answer is lost, the switch goes on", async () => {
    const engine = create();
    simulator.faults.add({ kind: "dropAnswer", action: "SwitchDataEngineImage" });
    await expect(switchTo(image(newName).imageVersionId)).rejects.toThrow("fetch failed");
    simulator.clock.advance(seconds(300));
    expect(engine.imageVersionId).toBe(image(newName).imageVersionId);
  });
});

describe("upgrade", () => {
  const check = async () => (await change("CheckDataEngineImageCanBeUpgrade")).response;

  test("to the newest minor", async () => {
    create({ childImageVersion: `${oldName}.1` });
    expect(await check()).toMatchObject({ IsUpgrade: true, ChildImageVersionId: child(oldName, 1) });
    expect((await change("UpgradeDataEngineImage")).outcome).toBe("ok");
    expect((await describedEngine(simulator)).State).toBe(0);
    simulator.clock.advance(seconds(180));
    expect(await describedEngine(simulator)).toMatchObject({
      State: 2,
      ImageVersionId: image(oldName).imageVersionId,
      ChildImageVersionId: child(oldName, 1),
    });
    expect(await check()).toMatchObject({ IsUpgrade: false, ChildImageVersionId: "" });
  });

  test("becomes possible when a minor is published", async () => {
    create();
    expect((await check()).IsUpgrade).toBe(false);
    const published = simulator.dlc.createChildImage(oldName);
    expect(await check()).toMatchObject({ IsUpgrade: true, ChildImageVersionId: published.imageVersionId });
  });

  const rows: { name: string; engine?: EngineFixture; settings?: Partial<Settings>; outcome: string }[] = [
    { name: "newest already", outcome: "ok" },
    { name: "newest already, refused", settings: { sameImageVersion: "error" }, outcome: "FailedOperation" },
    { name: "suspended", engine: { state: 1 }, outcome: "ResourceNotFound.DataEngineNotActivity" },
    {
      name: "without versions",
      engine: { imageVersion: null },
      outcome: "ResourceNotFound.DataEngineNotMultiVersion",
    },
    {
      name: "no such engine",
      engine: { dataEngineId: "DataEngine-other" },
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ engine, settings, outcome }) => {
    set(settings ?? {});
    create(engine);
    expect((await change("UpgradeDataEngineImage")).outcome).toBe(outcome);
    expect(simulator.journal.at(-1)?.acted).toBe(false);
  });
});

describe("rollback", () => {
  const check = async () => (await change("CheckDataEngineImageCanBeRollback")).response;
  const switched = async (): Promise<Engine> => {
    const engine = create({ childImageVersion: `${oldName}.1` });
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    return engine;
  };

  test("of a switch, to the minor it had", async () => {
    const engine = await switched();
    const { IsRollback, FromRecordId, ToRecordId } = await check();
    expect(IsRollback).toBe(true);
    const reply = await change("RollbackDataEngineImage", { FromRecordId, ToRecordId });
    expect(reply.outcome).toBe("ok");
    simulator.clock.advance(seconds(180));
    expect(engine).toMatchObject({
      state: 2,
      imageVersionId: image(oldName).imageVersionId,
      childImageVersionId: child(oldName, 0),
    });
    expect(await check()).toMatchObject({ IsRollback: false, FromRecordId: "", ToRecordId: "" });
  });

  test.each([
    { name: "no ids", ids: {}, outcome: "ok" },
    { name: "an empty id", ids: { ToRecordId: "" }, outcome: "ok" },
    {
      name: "another id",
      ids: { FromRecordId: "x" },
      outcome: "InvalidParameter.DataEngineImageOperateNotMatch",
    },
  ])("$name → $outcome", async ({ ids, outcome }) => {
    await switched();
    expect((await change("RollbackDataEngineImage", ids)).outcome).toBe(outcome);
  });

  test("of nothing", async () => {
    create();
    expect((await change("RollbackDataEngineImage")).outcome).toBe(
      "InvalidParameter.DataEngineImageOperateNotMatch",
    );
  });
});

describe("DescribeDataEngineImageVersions", () => {
  const list = (request: Record<string, unknown>) =>
    callDlc(simulator, "DescribeDataEngineImageVersions", request);
  const names = (rows: { ImageVersion: string }[]) => rows.map((row) => row.ImageVersion);

  const rows: {
    name: string;
    request: Record<string, unknown>;
    settings?: Partial<Settings>;
    found: string[];
  }[] = [
    {
      name: "newest first",
      request: { EngineType: "SparkSQL" },
      found: ["SuperSQL-S 3.5", "SuperSQL-S 1.0", "SuperSQL-S 0.9"],
    },
    {
      name: "oldest first",
      request: { EngineType: "StandardSpark", Asc: true, Sort: "UpdateTime" },
      found: ["Standard-S 0.9", "Standard-S 1.0", "Standard-S 1.1"],
    },
    {
      name: "both kinds of SQL engines",
      request: { EngineType: "SQL", Asc: true },
      found: [
        "SuperSQL-S 0.9",
        "SuperSQL-P 0.9",
        "SuperSQL-S 1.0",
        "SuperSQL-P 1.0",
        "SuperSQL-S 3.5",
        "SuperSQL-P 1.1",
      ],
    },
    {
      name: "one kind, where SQL is no type",
      request: { EngineType: "PrestoSQL" },
      settings: { sqlImageTypes: "detailed" },
      found: ["SuperSQL-P 1.1", "SuperSQL-P 1.0", "SuperSQL-P 0.9"],
    },
    {
      name: "other types, where SQL is one",
      request: { EngineType: "SparkBatch" },
      settings: { sqlImageTypes: "SQL" },
      found: ["Spark 3.5", "Spark 3.2", "Spark 2.4"],
    },
  ];
  test.each(rows)("$name", async ({ request, settings, found }) => {
    set(settings ?? {});
    const { response } = await list(request);
    expect(names(response.ImageParentVersions)).toEqual(found);
    expect(response.Total).toBe(found.length);
  });

  test("can be cut below its own count", async () => {
    set({ imageVersionsShown: 1 });
    const { response } = await list({ EngineType: "SparkSQL" });
    expect([names(response.ImageParentVersions), response.Total]).toEqual([["SuperSQL-S 3.5"], 3]);
  });

  test("a version that is withdrawn is offered no more, and stays with its engine", async () => {
    const engine = create();
    const { imageVersionId } = image(oldName);
    simulator.dlc.withdrawImage(imageVersionId);
    expect(names((await list({ EngineType: "SparkSQL" })).response.ImageParentVersions)).not.toContain(
      oldName,
    );
    expect(await describedEngine(simulator)).toMatchObject({ ImageVersionId: imageVersionId });
    engine.imageVersionId = image(newName).imageVersionId;
    expect((await switchTo(imageVersionId)).outcome).toBe("ResourceNotFound.ImageVersionNotFound");
  });

  test.each<{
    name: string;
    request: Record<string, unknown>;
    settings?: Partial<Settings>;
    outcome: string;
  }>([
    { name: "no type", request: {}, outcome: "MissingParameter" },
    {
      name: "empty type",
      request: { EngineType: "" },
      outcome: "InvalidParameter.ParameterNotFoundOrBeNone",
    },
    {
      name: "SQL, where each kind has its type",
      request: { EngineType: "SQL" },
      settings: { sqlImageTypes: "detailed" },
      outcome: "InvalidParameter.ImageEngineTypeNotMatch",
    },
    ...["SparkSQL", "PrestoSQL"].map((EngineType) => ({
      name: `${EngineType}, where SQL is the type`,
      request: { EngineType },
      settings: { sqlImageTypes: "SQL" as const },
      outcome: "InvalidParameter.ImageEngineTypeNotMatch",
    })),
    {
      name: "a gateway",
      request: { EngineType: "Kyuubi" },
      outcome: "InvalidParameter.ImageEngineTypeNotMatch",
    },
    {
      name: "unknown sort",
      request: { EngineType: "SparkSQL", Sort: "Name" },
      outcome: "InvalidParameter",
    },
  ])("$name → $outcome", async ({ request, settings, outcome }) => {
    set(settings ?? {});
    expect((await list(request)).outcome).toBe(outcome);
  });

  test("a row, and majors made by tests", async () => {
    simulator.dlc.createImage({
      imageVersion: "Spark 4.0",
      engineType: "SparkBatch",
      state: 1,
      isPublic: 2,
      children: ["Spark 4.0 beta"],
    });
    const { response } = await list({ EngineType: "SparkBatch" });
    expect(response.ImageParentVersions[0]).toMatchObject({
      ImageVersionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ImageVersion: "Spark 4.0",
      State: 1,
      IsPublic: 2,
      EngineType: "SparkBatch",
      InsertTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });

  test("default versions have the same ids in every run", async () => {
    const ids = (one: Simulator) => one.dlc.images().map((major: ParentImage) => major.imageVersionId);
    const other = await startSimulator();
    try {
      expect(ids(other)).toEqual(ids(simulator));
      expect(new Set(ids(other)).size).toBe(15);
    } finally {
      await other.close();
    }
  });
});
