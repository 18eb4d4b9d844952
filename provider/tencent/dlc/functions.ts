// tencent.getDlcEngines, tencent.getDlcImageVersions: which DLC engines there are, and which versions one can run.
import { z } from "zod";
import { StoppedError } from "../../base/errors";
import { allOf, defineFunction } from "../../core/function";
import { askedPlace } from "../../core/placeInputs";
import { engineRule } from "./engineImage/schema";
import {
  checkUpgrade,
  dlcClient,
  findEngine,
  listEngines,
  listVersions,
  missingEngine,
  nameOfState,
  unlessBusy,
} from "./engines";

const engine = z.object({
  dataEngineId: z.string().describe("Id of the engine, such as `DataEngine-0a1b2c3d`. API: `DataEngineId`."),
  dataEngineName: z.string().describe("Name of the engine. API: `DataEngineName`."),
  state: z
    .string()
    .describe("`running`, `suspended`, `initialising`, `failed`, `deleting` or `unknown`. API: `State`."),
  message: z.string().describe("What the cloud says of the state, such as why it failed. API: `Message`."),
  engineType: z.string().describe("`spark` or `presto`. API: `EngineType`."),
  engineTypeDetail: z
    .string()
    .describe(
      "`SparkSQL`, `SparkBatch`, `PrestoSQL` and so on; empty where it is not told. API: `EngineTypeDetail`.",
    ),
  execType: z.string().describe("Kind of tasks: `SQL` or `BATCH`. API: `EngineExecType`."),
  generation: z.string().describe("`SuperSQL`, or `Native` for standard engines. API: `EngineGeneration`."),
  clusterType: z.string().describe("Kind of resources, such as `spark_private`. API: `ClusterType`."),
  mode: z
    .int()
    .optional()
    .describe("Billing: `0` shared, `1` hourly, `2` monthly; absent where it is not told. API: `Mode`."),
  size: z.number().optional().describe("Size in CU; absent where it is not told. API: `Size`."),
  autoResume: z.boolean().describe("Whether a task resumes it. API: `AutoResume`."),
  autoSuspend: z.boolean().describe("Whether it suspends itself when idle. API: `AutoSuspend`."),
  imageVersionId: z
    .string()
    .describe(
      "Id of the major version that it runs; empty for an engine without versions. API: `ImageVersionId`.",
    ),
  imageVersionName: z
    .string()
    .describe("Name of that version, such as `SuperSQL-S 1.0`. API: `ImageVersionName`."),
  childImageVersionId: z
    .string()
    .describe("Id of the minor version that it runs. API: `ChildImageVersionId`."),
});

export const getDlcEngines = defineFunction({
  token: "tencent:getDlcEngines",
  description: "The Tencent Cloud DLC engines of a region, of all kinds, or the one of a name.",
  inputs: z.strictObject({
    ...askedPlace,
    name: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Only the engine of exactly this name; required where the edition of the API has no DescribeDataEngines. API: the filter `data-engine-name`.",
      ),
  }),
  outputs: z.object({
    engines: z.array(engine).describe("The engines, in the order of their names. API: `DataEngines`."),
    region: z.string().describe("Region that was asked."),
  }),
  async call(context, { name, ...place }) {
    const client = dlcClient(context, place);
    const engines = (await listEngines(client, name))
      .filter((each) => name === undefined || each.dataEngineName === name)
      .map((each) => ({
        dataEngineId: each.dataEngineId,
        dataEngineName: each.dataEngineName,
        state: nameOfState(each.state),
        message: each.message ?? "",
        engineType: each.engineType ?? "",
        engineTypeDetail: each.engineTypeDetail ?? "",
        execType: each.engineExecType ?? "",
        generation: each.engineGeneration ?? "",
        clusterType: each.clusterType ?? "",
        mode: each.mode,
        size: each.size,
        autoResume: each.autoResume ?? false,
        autoSuspend: each.autoSuspend ?? false,
        imageVersionId: each.imageVersionId ?? "",
        imageVersionName: each.imageVersionName ?? "",
        childImageVersionId: each.childImageVersionId ?? "",
      }))
      .sort((a, b) => (a.dataEngineName < b.dataEngineName ? -1 : 1));
    return { engines, region: client.region };
  },
});

const versionStates: Readonly<Record<number, string>> = { 1: "initialising", 2: "online", 3: "offline" };

const version = z.object({
  imageVersionId: z.string().describe("Id of the major version. API: `ImageVersionId`."),
  name: z.string().describe("Its name, such as `SuperSQL-S 1.0`. API: `ImageVersion`."),
  state: z
    .string()
    .describe(
      "`online` where an engine can be switched to it, else `initialising`, `offline` or `unknown`. API: `State`.",
    ),
  description: z.string().describe("What the cloud says about it. API: `Description`."),
  isPublic: z.boolean().describe("Whether it is offered to all accounts. API: `IsPublic`."),
  insertTime: z.string().describe("When it was published, in the cloud's clock. API: `InsertTime`."),
  updateTime: z.string().describe("When it was last changed, in the cloud's clock. API: `UpdateTime`."),
  isCurrent: z.boolean().describe("Whether the engine runs it."),
  children: z
    .array(
      z.object({
        childImageVersionId: z.string().describe("Id of the minor version. API: `ChildImageVersionId`."),
        isCurrent: z.boolean().describe("Whether the engine runs it."),
      }),
    )
    .describe(
      "Minor versions as far as the API tells them, in the order of their ids: of the version that the engine runs, the present one, and the newest where an upgrade would go there.",
    ),
});

export const getDlcImageVersions = defineFunction({
  token: "tencent:getDlcImageVersions",
  description: "The image versions on offer for a Tencent Cloud DLC engine.",
  inputs: z.strictObject({
    ...askedPlace,
    dataEngineId: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Id of the engine, such as `DataEngine-0a1b2c3d`; give this or `dataEngineName`. API: `DataEngineId`.",
      ),
    dataEngineName: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Name of the engine; give this or `dataEngineId`. An edition of the API without DescribeDataEngines finds an engine by its name alone. API: `DataEngineName`.",
      ),
  }),
  rules: [engineRule],
  outputs: z.object({
    dataEngineId: z.string().describe("Id of the engine. API: `DataEngineId`."),
    dataEngineName: z.string().describe("Name of the engine. API: `DataEngineName`."),
    versions: z
      .array(version)
      .describe(
        "Major versions for engines of its type, in the order of their names. API: `ImageParentVersions`.",
      ),
    upgradeAvailable: z
      .boolean()
      .describe(
        "Whether the version that the engine runs has a newer minor version; asked only while it runs. API: `IsUpgrade`.",
      ),
    region: z.string().describe("Region of the engine."),
  }),
  async call(context, { region, profile, ...ref }) {
    const client = dlcClient(context, { region, profile });
    const found = await findEngine(client, ref);
    if (!found) throw new StoppedError(missingEngine(ref.dataEngineName ?? ref.dataEngineId ?? "", client));
    const offered = await listVersions(client, found);
    const check = found.imageVersionId ? await unlessBusy(checkUpgrade(client, found)) : undefined;
    const newest = check?.isUpgrade ? check.childImageVersionId : undefined;
    const children = [...new Set([found.childImageVersionId, newest])]
      .flatMap((id) => id || [])
      .sort()
      .map((id) => ({ childImageVersionId: id, isCurrent: id === found.childImageVersionId }));
    const versions = offered
      .map((each) => {
        const isCurrent = each.imageVersionId === found.imageVersionId;
        return {
          imageVersionId: each.imageVersionId,
          name: each.imageVersion,
          state: versionStates[each.state ?? 0] ?? "unknown",
          description: each.description ?? "",
          isPublic: each.isPublic === 1,
          insertTime: each.insertTime ?? "",
          updateTime: each.updateTime ?? "",
          isCurrent,
          children: isCurrent ? children : [],
        };
      })
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const { dataEngineId, dataEngineName } = found;
    const upgradeAvailable = check?.isUpgrade ?? false;
    return { dataEngineId, dataEngineName, versions, upgradeAvailable, region: client.region };
  },
});

const keyOf = ({ name, imageVersionId }: z.output<typeof version>) => `${name}/${imageVersionId}`;

export const functions = allOf([getDlcEngines, getDlcImageVersions]);
