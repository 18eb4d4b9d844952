// The requests and answers that the vendor publishes for the DLC actions that we call: each request word for word against the
// stand-in cloud, and each answer through our schemas.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decode, type TencentAction } from "../../provider/tencent/client";
import * as dlc from "../../provider/tencent/dlc/api";
import { type Simulator, startSimulator } from "../../simulator/index";
import { callDlc } from "../simulator/call";

const directory = join(__dirname, "..", "fixtures", "publishedExamples");
const examples = readdirSync(directory)
  .filter((name) => name.startsWith("dlc."))
  .map((name) => ({
    name,
    ...(JSON.parse(readFileSync(join(directory, name), "utf8")) as {
      action: string;
      request: Record<string, unknown>;
      response: Record<string, unknown>;
    }),
  }));

const actions = new Map<string, TencentAction>(Object.values(dlc).map((action) => [action.name, action]));

/** What we read of each answer. */
const read: Record<string, object> = {
  "dlc.CheckDataEngineImageCanBeUpgrade.0.json": {
    isUpgrade: true,
    childImageVersionId: "d3ftghd4-9a7e-4f64-a3f4-f38507c69742",
  },
  "dlc.DescribeDataEngine.0.json": {
    dataEngine: {
      dataEngineId: "DataEngine-houseid",
      dataEngineName: "dlc-spark",
      state: 2,
      engineType: "spark",
      engineTypeDetail: "StandardSpark",
      engineExecType: "BATCH",
      engineGeneration: "Native",
      imageVersionId: "c3a40d9a-f5fe-40ac-9c17-16fed3fd2644",
      imageVersionName: "Standard-S 1.1",
      childImageVersionId: "681fab43-a79c-42ec-9c7b-42917af33611",
      message: "",
      clusterType: "spark_cu",
      mode: 1,
      size: 16,
      autoResume: false,
      autoSuspend: false,
    },
  },
  "dlc.DescribeDataEngineImageVersions.0.json": {
    total: 1,
    imageParentVersions: [
      {
        imageVersionId: "d3018ad4-9a7e-4f64-a3f4-f38507c69742",
        imageVersion: "SuperSQL",
        state: 1,
        engineType: "SparkSQL",
        isPublic: 1,
        insertTime: "2020-01-01:00:00:00",
      },
    ],
  },
  "dlc.DescribeDataEngines.0.json": { totalCount: 0, dataEngines: [{ dataEngineId: "", state: 0, mode: 0 }] },
  "dlc.DescribeDataEngines.1.json": {
    totalCount: 1,
    dataEngines: [
      {
        dataEngineId: "DataEngine-houseid1",
        dataEngineName: "dlc-spark",
        state: 2,
        imageVersionName: "Standard-S 1.1",
      },
    ],
  },
  "dlc.SwitchDataEngineImage.0.json": {},
  "dlc.UpgradeDataEngineImage.0.json": {},
};

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  const { imageVersionId } = simulator.dlc.createImage({
    imageVersion: "SuperSQL-S 5.0",
    engineType: "SparkSQL",
    imageVersionId: "7ac9cc78-bc95-440f-9768-4f4a79048755",
  });
  expect(imageVersionId).toBe("7ac9cc78-bc95-440f-9768-4f4a79048755");
  for (const dataEngineId of ["DataEngine-1", "DataEngine-kxxxxr13", "DataEngine-xx"])
    simulator.dlc.createEngine({ dataEngineId });
  simulator.dlc.createEngine({ dataEngineName: "dlc-spark", engineTypeDetail: "StandardSpark" });
});
afterAll(() => simulator.close());

describe.each(examples)("$name", ({ name, action, request, response }) => {
  test("the request is taken word for word", async () => {
    expect((await callDlc(simulator, action, request)).outcome).toBe("ok");
  });

  test("the answer is read", () => {
    expect(actions.get(action)?.response.parse(decode(response))).toMatchObject(
      read[name] ?? expect.unreachable(),
    );
  });
});
