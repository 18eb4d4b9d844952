// DLC: engines as they are described, restarted, suspended, and handled by tests.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EngineFixture, type Settings, type Simulator, startSimulator } from "../../simulator";
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

describe("DescribeDataEngines", () => {
  beforeEach(() => {
    simulator.dlc.createEngine({ dataEngineName: "sql", message: "for reports" });
    simulator.clock.advance(seconds(1));
    simulator.dlc.createEngine({ dataEngineName: "presto", engineTypeDetail: "PrestoSQL", mode: 2 });
    simulator.dlc.createEngine({ dataEngineName: "batch", engineTypeDetail: "SparkBatch" });
    simulator.dlc.createEngine({ dataEngineName: "standard", engineTypeDetail: "StandardSpark" });
    simulator.dlc.createEngine({ dataEngineName: "gateway", engineTypeDetail: "Kyuubi" });
    simulator.clock.advance(seconds(1));
    simulator.dlc.createEngine({ dataEngineName: "shared", mode: 0, permissions: ["USE"] });
    simulator.dlc.createEngine({ dataEngineName: "elsewhere", region: "ap-beijing" });
    simulator.dlc.createEngine({ dataEngineName: "deleted", state: -2 });
  });
  const list = (request: Record<string, unknown>) => callDlc(simulator, "DescribeDataEngines", request);
  const idOf = (name: string) =>
    simulator.dlc.engines().find((engine) => engine.dataEngineName === name)?.dataEngineId ?? "";
  const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });

  interface Row {
    name: string;
    request: () => Record<string, unknown>;
    settings?: Partial<Settings>;
    found: string[];
  }
  const rows: Row[] = [
    { name: "defaults", request: () => ({}), found: ["sql", "presto", "shared"] },
    { name: "newest first", request: () => ({ Sorting: "desc", Limit: 1 }), found: ["shared"] },
    { name: "second page", request: () => ({ Offset: 1, Limit: 1 }), found: ["presto"] },
    { name: "batch engines", request: () => ({ EngineExecType: "BATCH" }), found: ["batch"] },
    { name: "standard engines", request: () => ({ EngineGeneration: "Native" }), found: ["standard"] },
    { name: "gateways", request: () => ({ EngineType: "kyuubi" }), found: ["gateway"] },
    { name: "presto", request: () => ({ EngineType: "presto" }), found: ["presto"] },
    { name: "by detailed type", request: () => ({ EngineTypeDetail: "PrestoSQL" }), found: ["presto"] },
    { name: "without shared ones", request: () => ({ ExcludePublicEngine: true }), found: ["sql", "presto"] },
    { name: "that may be changed", request: () => ({ AccessTypes: ["MODIFY"] }), found: ["sql", "presto"] },
    { name: "by id", request: () => filter("engine-id", idOf("sql")), found: ["sql"] },
    { name: "by unknown id", request: () => filter("engine-id", "DataEngine-none"), found: [] },
    { name: "by a batch engine's id", request: () => filter("engine-id", idOf("batch")), found: [] },
    {
      name: "by a batch engine's id and kind",
      request: () => ({ ...filter("engine-id", idOf("batch")), EngineExecType: "BATCH" }),
      found: ["batch"],
    },
    {
      name: "by a batch engine's id, without defaults",
      request: () => filter("engine-id", idOf("batch")),
      settings: { engineListDefaults: "notWithEngineId" },
      found: ["batch"],
    },
    {
      name: "by a standard engine's id, without defaults",
      request: () => filter("engine-id", idOf("standard")),
      settings: { engineListDefaults: "notWithEngineId" },
      found: ["standard"],
    },
    {
      name: "by name, defaults off for ids only",
      request: () => filter("data-engine-name", "batch", "sql"),
      settings: { engineListDefaults: "notWithEngineId" },
      found: ["sql"],
    },
    {
      name: "everything, without defaults",
      request: () => ({}),
      settings: { engineListDefaults: "never" },
      found: ["sql", "presto", "batch", "standard", "shared"],
    },
    { name: "by another region's id", request: () => filter("engine-id", idOf("elsewhere")), found: [] },
    { name: "by a deleted engine's id", request: () => filter("engine-id", idOf("deleted")), found: [] },
    {
      name: "by a deleted engine's id, listed",
      request: () => filter("engine-id", idOf("deleted")),
      settings: { deletedEnginesListed: true },
      found: ["deleted"],
    },
    {
      name: "by names",
      request: () => filter("data-engine-name", "sql", "shared"),
      found: ["sql", "shared"],
    },
    { name: "by mode", request: () => filter("mode", "2"), found: ["presto"] },
    { name: "by key word", request: () => filter("key-word", "report"), found: ["sql"] },
    { name: "by state", request: () => filter("state", "2"), found: ["sql", "presto", "shared"] },
  ];
  test.each(rows)("$name: $found", async ({ request, settings, found }) => {
    set(settings ?? {});
    const { response } = await list(request());
    const names = response.DataEngines?.map((row: { DataEngineName: string }) => row.DataEngineName) ?? null;
    expect(names).toEqual(found.length > 0 ? found : null);
  });

  test("ten at a time by default, all of them counted", async () => {
    for (let index = 0; index < 10; index++) simulator.dlc.createEngine();
    const { response } = await list({});
    expect([response.DataEngines.length, response.TotalCount]).toEqual([10, 13]);
  });

  test("cut below their own count, on every page", async () => {
    set({ enginesShown: 2 });
    const names = async (request: Record<string, unknown>) => {
      const { response } = await list(request);
      const rows = (response.DataEngines ?? []) as { DataEngineName: string }[];
      return [rows.map(({ DataEngineName }) => DataEngineName), response.TotalCount];
    };
    expect(await names({})).toEqual([["sql", "presto"], 3]);
    expect(await names({ Offset: 2 })).toEqual([[], 3]);
  });

  test("in other types than documented, but for what a caller needs", async () => {
    set({ looseTypes: true });
    const { response } = await list({ Limit: 1 });
    expect(response.TotalCount).toBe("3");
    expect(response.DataEngines[0]).toMatchObject({
      DataEngineName: "sql",
      State: 2,
      ImageVersionId: expect.stringMatching(/-/),
      ImageVersionName: null,
      Mode: "1",
      AutoResume: 1,
      CreateTime: expect.stringMatching(/^\d+$/),
    });
  });

  test.each([
    { name: "limit above 100", request: { Limit: 101 }, outcome: "InvalidParameter" },
    { name: "unknown filter", request: filter("color", "red"), outcome: "InvalidParameter" },
    { name: "unknown order", request: { SortBy: "size" }, outcome: "InvalidParameter" },
    { name: "unknown direction", request: { Sorting: "up" }, outcome: "InvalidParameter" },
    {
      name: "filter without values",
      request: { Filters: [{ Name: "state" }] },
      outcome: "MissingParameter",
    },
  ])("$name → $outcome", async ({ request, outcome }) => {
    expect((await list(request)).outcome).toBe(outcome);
  });
});

describe("DescribeDataEngine", () => {
  test("a row", async () => {
    create({ childImageVersion: "SuperSQL-S 1.0.1" });
    const image = simulator.dlc.image("SuperSQL-S 1.0");
    expect(await describedEngine(simulator)).toMatchObject({
      DataEngineId: engineId,
      DataEngineName: "engine-sim00001",
      EngineType: "spark",
      EngineTypeDetail: "SparkSQL",
      EngineExecType: "SQL",
      EngineGeneration: "SuperSQL",
      ClusterType: "spark_cu",
      Mode: 1,
      State: 2,
      Message: "",
      ImageVersionId: image.imageVersionId,
      ImageVersionName: "SuperSQL-S 1.0",
      ChildImageVersionId: image.children[0]?.imageVersionId,
      CreateTime: Math.floor(simulator.clock.now() / 1000),
      TagList: null,
    });
  });

  test("image fields may be null", async () => {
    create({ imageVersion: null });
    expect(await describedEngine(simulator)).toMatchObject({
      ImageVersionId: null,
      ChildImageVersionId: null,
      ImageVersionName: null,
    });
  });

  test("unknown name", async () => {
    const reply = await callDlc(simulator, "DescribeDataEngine", { DataEngineName: engineId });
    expect(reply.outcome).toBe("ResourceNotFound.DataEngineNotFound");
  });
});

describe("RestartDataEngine", () => {
  const restart = (extra: Record<string, unknown> = {}) =>
    callDlc(simulator, "RestartDataEngine", { DataEngineId: engineId, ...extra });

  test("is over after a while and leaves the version alone", async () => {
    const engine = create();
    const { imageVersionId } = engine;
    expect((await restart()).outcome).toBe("ok");
    expect(engine.state).toBe(0);
    expect((await restart()).outcome).toBe("ResourceNotFound.DataEngineNotActivity");
    simulator.clock.advance(seconds(120));
    expect(engine).toMatchObject({ state: 2, imageVersionId, change: undefined });
  });

  const rows: { name: string; engine: EngineFixture; forced?: boolean; outcome: string }[] = [
    { name: "suspended", engine: { state: 1 }, outcome: "ResourceNotFound.DataEngineNotRunning" },
    { name: "tasks are running", engine: { runningTasks: 1 }, outcome: "FailedOperation" },
    { name: "tasks are running, forced", engine: { runningTasks: 1 }, forced: true, outcome: "ok" },
    {
      name: "no permission",
      engine: { permissions: [] },
      outcome: "FailedOperation.NoPermissionToUseTheDataEngine",
    },
    {
      name: "no such engine",
      engine: { dataEngineId: "DataEngine-x" },
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ engine, forced, outcome }) => {
    create(engine);
    expect((await restart(forced === undefined ? {} : { ForcedOperation: forced })).outcome).toBe(outcome);
  });
});

describe("SuspendResumeDataEngine", () => {
  const operate = (Operate: string, name = "engine-sim00001") =>
    callDlc(simulator, "SuspendResumeDataEngine", { DataEngineName: name, Operate });

  test("there and back", async () => {
    const engine = create();
    const states: number[] = [];
    const look = (after = 0) => {
      simulator.clock.advance(seconds(after));
      states.push(engine.state);
    };
    expect((await operate("suspend")).response).toMatchObject({ DataEngineName: "engine-sim00001" });
    look();
    look(30);
    await operate("resume");
    look();
    look(60);
    expect(states).toEqual([2, 1, 0, 2]);
  });

  const rows: { name: string; engine?: EngineFixture; operation: string; outcome: string }[] = [
    { name: "suspended twice", engine: { state: 1 }, operation: "suspend", outcome: "FailedOperation" },
    { name: "resumed while it runs", operation: "resume", outcome: "FailedOperation" },
    { name: "unknown operation", operation: "pause", outcome: "InvalidParameter" },
    {
      name: "shared engine",
      engine: { mode: 0 },
      operation: "suspend",
      outcome: "InvalidParameter.DataEngineClusterTypeNotMatch",
    },
    {
      name: "no permission",
      engine: { permissions: ["MODIFY"] },
      operation: "suspend",
      outcome: "UnauthorizedOperation.OperateComputingEngine",
    },
    {
      name: "no such engine",
      engine: { dataEngineName: "other" },
      operation: "suspend",
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ engine, operation, outcome }) => {
    create(engine);
    expect((await operate(operation)).outcome).toBe(outcome);
  });
});

describe("what tests do to engines", () => {
  test("somebody switches the version in the console", async () => {
    const engine = create();
    const target = simulator.dlc.image("SuperSQL-S 3.5");
    simulator.dlc.moveVersion(engineId, target.imageVersionId);
    expect(await describedEngine(simulator)).toMatchObject({
      State: 2,
      ImageVersionName: "SuperSQL-S 3.5",
      ChildImageVersionId: target.children[1]?.imageVersionId,
    });
    expect(engine.records.map((record) => record.operate)).toEqual(["InitImage", "SwitchImage"]);
    simulator.dlc.moveVersion(engineId, target.imageVersionId, "SuperSQL-S 3.5.1");
    expect(engine.childImageVersionId).toBe(target.children[0]?.imageVersionId);
  });

  test.each([
    {
      name: "unknown version",
      run: () => create({ imageVersion: "none" }),
      message: "no image version none",
    },
    {
      name: "unknown minor",
      run: () => create({ childImageVersion: "none" }),
      message: "no minor version none",
    },
    { name: "unknown field", run: () => create({ colour: 1 } as never), message: "colour" },
    {
      name: "id taken",
      run: () => [create(), create({ dataEngineName: "other" })],
      message: "an engine DataEngine-sim00001 already",
    },
    {
      name: "name taken",
      run: () => [create(), create({ dataEngineId: "DataEngine-x", dataEngineName: "engine-sim00001" })],
      message: 'named "engine-sim00001" already',
    },
    { name: "no such engine", run: () => simulator.dlc.engine("x"), message: "no engine x" },
    {
      name: "version published twice",
      run: () => simulator.dlc.createImage({ imageVersion: "Spark 3.2", engineType: "SparkBatch" }),
      message: "already",
    },
  ])("$name", ({ run, message }) => {
    expect(run).toThrow(message);
  });

  test("reset forgets engines and published versions", () => {
    create();
    simulator.dlc.createChildImage("SuperSQL-S 1.0");
    simulator.reset();
    expect(simulator.dlc.engines()).toEqual([]);
    expect(simulator.dlc.image("SuperSQL-S 1.0").children).toHaveLength(2);
  });
});

describe("control API", () => {
  async function control(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${simulator.url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
    return { status: answer.status, body: (await answer.json()) as any };
  }

  test("an engine from the first fixture to its removal", async () => {
    const created = await control("POST", "tencent/dlc/engines", { dataEngineId: engineId, size: 32 });
    expect(created.body).toMatchObject({ dataEngineId: engineId, state: 2, size: 32 });
    const path = `tencent/dlc/engines/${engineId}`;
    expect((await control("PATCH", path, { state: 1 })).body.state).toBe(1);
    expect((await control("PATCH", path, { colour: 1 })).status).toBe(400);
    const { imageVersionId } = simulator.dlc.image("SuperSQL-S 3.5");
    expect((await control("POST", `${path}/version`, { imageVersionId })).body).toMatchObject({
      imageVersionId,
    });
    expect((await control("GET", path)).body).toMatchObject({ state: 1, imageVersionId });
    expect((await control("GET", "tencent/dlc/engines")).body).toHaveLength(1);
    expect((await control("GET", "state")).body.engines).toMatchObject([{ dataEngineId: engineId }]);
    const before = simulator.clock.now();
    await control("POST", `${path}/lock`, { milliseconds: seconds(60) });
    expect((await control("GET", path)).body.heldUntil).toBe(before + seconds(60));
    await control("DELETE", path);
    expect((await control("GET", path)).body.state).toBe(-2);
  });

  test("image versions", async () => {
    expect((await control("GET", "tencent/dlc/images")).body).toHaveLength(15);
    const major = { imageVersion: "Spark 4.0", engineType: "SparkBatch" };
    const { imageVersionId } = (await control("POST", "tencent/dlc/images", major)).body;
    const minor = await control("POST", `tencent/dlc/images/${imageVersionId}/children`, {});
    expect(minor.body.imageVersion).toBe("Spark 4.0.3");
    expect((await control("POST", "tencent/dlc/images", {})).status).toBe(400);
    await control("DELETE", `tencent/dlc/images/${imageVersionId}`);
    expect((await control("GET", "tencent/dlc/images")).body).toHaveLength(15);
  });

  test("an ordered failure", async () => {
    const { body } = await control("POST", "faults", { kind: "imageChangeFails" });
    expect(body).toMatchObject([{ ends: "failed", reason: "image change failed", times: 1 }]);
  });
});
