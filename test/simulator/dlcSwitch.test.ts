// DLC: which switches of an engine's image version are accepted.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Engine,
  type EngineFixture,
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
