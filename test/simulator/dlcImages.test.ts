// DLC: the image versions that can be had.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type EngineFixture,
  type ParentImage,
  type Settings,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { callDlc, describedEngine, engineId } from "./call";

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
const change = (action: string, extra: Record<string, unknown> = {}) =>
  callDlc(simulator, action, { DataEngineId: engineId, ...extra });
const switchTo = (id: string) => change("SwitchDataEngineImage", { NewImageVersionId: id });

const oldName = "SuperSQL-S 1.0";
const newName = "SuperSQL-S 3.5";

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
