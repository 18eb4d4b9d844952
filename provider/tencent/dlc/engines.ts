// Looks at DLC engines and at the image versions that they can run, in each edition of the API.
import type { Context } from "../../base/context";
import { CloudError, StoppedError } from "../../base/errors";
import { type AccountRef, keptByAccount } from "../../call/account";
import { ShortList, wholeList } from "../../call/pages";
import type { TencentClient } from "../client";
import { tencentClient } from "../config";
import {
  checkDataEngineImageCanBeUpgrade,
  type DataEngine,
  describeDataEngine,
  describeDataEngineImageVersions,
  describeDataEngines,
  type ImageVersion,
} from "./api";

export type EngineRef = { dataEngineId?: string | undefined; dataEngineName?: string | undefined };

/** What is learned of an edition: the international one publishes no DescribeDataEngines. */
interface Edition {
  lacksEngineList: boolean;
}

export interface DlcClient extends TencentClient {
  readonly edition: Partial<Edition>;
  /** Whether others ask about other engines at the same time. */
  readonly sharesLooks: boolean;
}

const editionAt = keptByAccount<Edition>();

export function dlcClient(context: Context, place: AccountRef): DlcClient {
  const edition = editionAt(context, `${place.region ?? ""}/${place.profile ?? ""}`);
  return { ...tencentClient(context, place), edition, sharesLooks: context.onlyLooks ?? false };
}

const engineStateNames: Readonly<Record<number, string>> = {
  [-1]: "failed",
  0: "initialising",
  1: "suspended",
  2: "running",
  3: "deleting",
  4: "deleting",
};

export const nameOfState = (state: number) => engineStateNames[state] ?? "unknown";

export function missingEngine(name: string, client: TencentClient): string {
  return `DLC engine ${name} does not exist in ${client.region}: check dataEngineId or dataEngineName, and the region.`;
}

/** The engine, or undefined where both ways of asking say that there is none. */
export async function findEngine(
  client: DlcClient,
  { dataEngineId, dataEngineName }: EngineRef,
): Promise<DataEngine | undefined> {
  let engine: DataEngine | undefined;
  let unproven: StoppedError | undefined;
  if (dataEngineId) {
    try {
      engine = await findById(client, dataEngineId);
    } catch (error) {
      // A list that is cut proves nothing, but the name may still lead to the engine.
      if (!(error instanceof StoppedError) || !dataEngineName) throw error;
      unproven = error;
    }
  }
  if (!engine && dataEngineName) engine = await findByName(client, dataEngineName);
  if (!engine && !dataEngineName && client.edition.lacksEngineList) {
    throw new StoppedError(
      `This edition of DLC has no DescribeDataEngines, and finds no engine by its id: give dataEngineName instead of dataEngineId ${dataEngineId}.`,
    );
  }
  // Where an id is known, a new engine of the same name is not the one that is meant.
  const isMeant = engine && (!dataEngineId || engine.dataEngineId === dataEngineId);
  if (engine && isMeant && engine.state !== -2)
    return { ...engine, dataEngineName: engine.dataEngineName || (dataEngineName ?? "") };
  if (unproven && !isMeant) throw unproven;
  return undefined;
}

/** The engine of this id or this name, whichever it is. */
export async function findEngineCalled(client: DlcClient, text: string): Promise<DataEngine | undefined> {
  const byId = await findById(client, text);
  const engine = byId ?? (await findEngine(client, { dataEngineName: text }));
  if (!engine && client.edition.lacksEngineList) {
    throw new StoppedError(
      `No DLC engine is named ${text} in ${client.region}. This edition of DLC has no DescribeDataEngines, and finds no engine by its id: give the engine's name.`,
    );
  }
  return engine?.state === -2 ? undefined : engine;
}

const native = { engineGeneration: "Native" } as const;
const batch = { engineExecType: "BATCH" } as const;
/** The list leaves out batch and standard engines unless asked for them, whatever else it is asked for. */
const kinds = [{}, batch, native, { ...batch, ...native }];

type Filters = { name: string; values: string[] }[];

/** All engines of one kind that pass the filters; undefined where the edition has no list of engines. */
async function listKind(
  client: DlcClient,
  filters: Filters,
  kind: (typeof kinds)[number],
): Promise<DataEngine[] | undefined> {
  if (client.edition.lacksEngineList) return undefined;
  const limit = 100;
  const found = new Map<string, DataEngine>();
  try {
    // By their ids, since the rest of a row can change from one page to the next.
    await wholeList({
      what: `engines in ${client.region}`,
      who: "DLC",
      size: limit,
      ask: async (offset) => {
        const page = await client.call(describeDataEngines, { filters, offset, limit, ...kind });
        for (const engine of page.dataEngines) found.set(engine.dataEngineId, engine);
        return { items: page.dataEngines.map(({ dataEngineId }) => dataEngineId), total: page.totalCount };
      },
    });
    return [...found.values()];
  } catch (error) {
    if (!(error instanceof CloudError) || !["InvalidAction", "ActionOffline"].includes(error.code))
      throw error;
    client.edition.lacksEngineList = true;
    return undefined;
  }
}

/** All engines of the region, or the one of this name. */
export async function listEngines(client: DlcClient, name: string | undefined): Promise<DataEngine[]> {
  const found = new Map<string, DataEngine>();
  const filters = name === undefined ? [] : [{ name: "data-engine-name", values: [name] }];
  let unproven: StoppedError | undefined;
  try {
    for (const kind of kinds) {
      const engines = (await listKind(client, filters, kind)) ?? [];
      for (const engine of engines) found.set(engine.dataEngineId, engine);
    }
  } catch (error) {
    if (!(error instanceof StoppedError) || name === undefined) throw error;
    unproven = error;
  }
  const { lacksEngineList } = client.edition;
  if (lacksEngineList && name === undefined) {
    throw new StoppedError(
      "This edition of DLC has no DescribeDataEngines, and lists no engines: give name to ask for one.",
    );
  }
  if (name !== undefined && (lacksEngineList || unproven)) {
    const engine = await findByName(client, name);
    if (engine) found.set(engine.dataEngineId, engine);
    else if (unproven) throw unproven;
  }
  return [...found.values()].filter(({ state }) => state !== -2);
}

async function findById(client: DlcClient, id: string): Promise<DataEngine | undefined> {
  const shared = client.sharesLooks ? await findAmong(client, id, []).catch(unlessShort) : undefined;
  return shared ?? (await findAmong(client, id, [{ name: "engine-id", values: [id] }]));
}

/** The list of all can be cut where that of one is not. */
function unlessShort(error: unknown): undefined {
  if (!(error instanceof ShortList)) throw error;
}

async function findAmong(client: DlcClient, id: string, filters: Filters): Promise<DataEngine | undefined> {
  for (const kind of kinds) {
    const engines = await listKind(client, filters, kind);
    const engine = engines?.find(({ dataEngineId }) => dataEngineId === id);
    if (engine) return engine;
  }
  return undefined;
}

async function findByName(client: TencentClient, dataEngineName: string): Promise<DataEngine | undefined> {
  try {
    return (await client.call(describeDataEngine, { dataEngineName })).dataEngine;
  } catch (error) {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  }
}

/** The type under which the versions of an engine are listed. */
function engineTypeOf({
  engineTypeDetail,
  engineType = "",
  engineExecType = "",
  engineGeneration,
}: DataEngine): string {
  if (engineTypeDetail) return engineTypeDetail;
  if (engineGeneration === "Native") return /presto/i.test(engineType) ? "StandardPresto" : "StandardSpark";
  if (/presto/i.test(engineType)) return "PrestoSQL";
  return engineExecType.toUpperCase() === "BATCH" ? "SparkBatch" : "SparkSQL";
}

const sqlTypes: readonly string[] = ["SparkSQL", "PrestoSQL"];

/** The major versions on offer for an engine. Throws where its kind has none. */
export async function listVersions(client: TencentClient, engine: DataEngine): Promise<ImageVersion[]> {
  const name = engine.dataEngineName || engine.dataEngineId;
  if ([engine.engineType, engine.engineTypeDetail].some((type) => /^kyuubi/i.test(type ?? ""))) {
    throw new StoppedError(
      `Engine ${name} is a Kyuubi gateway: this kind of engine has no versions to switch. Name an engine that runs Spark or Presto.`,
    );
  }
  const type = engineTypeOf(engine);
  try {
    return await listVersionsOf(client, type);
  } catch (error) {
    // The type is all that the call is given.
    if (!(error instanceof CloudError) || error.kind !== "fixInput") throw error;
    if (!sqlTypes.includes(type)) throw unlisted(name, type, error);
    // Some editions have one type for both kinds of SQL engines.
    const versions = await listVersionsOf(client, "SQL").catch((second: unknown) => {
      throw second instanceof CloudError && second.kind === "fixInput" ? unlisted(name, type, error) : second;
    });
    const others = sqlTypes.filter((each) => each !== type);
    return versions.filter(({ engineType }) => !engineType || !others.includes(engineType));
  }
}

function listVersionsOf(client: TencentClient, engineType: string): Promise<ImageVersion[]> {
  return wholeList({
    what: `image versions for engines of type ${engineType}`,
    who: "DLC",
    // One answer holds them all.
    size: Number.POSITIVE_INFINITY,
    ask: async () => {
      const answer = await client.call(describeDataEngineImageVersions, { engineType });
      return { items: answer.imageParentVersions, total: answer.total };
    },
  });
}

function unlisted(name: string, type: string, { action, code, requestId }: CloudError): StoppedError {
  return new StoppedError(
    `DLC lists no image versions for engine ${name} of type ${type} (${action}, code ${code}, RequestId ${requestId}): see in the DLC console whether this kind of engine has versions.`,
  );
}

/** Whether an engine that runs has a newer minor version, and which; undefined where that cannot be asked. */
export async function checkUpgrade(client: TencentClient, { dataEngineId, state }: DataEngine) {
  if (state !== 2) return undefined;
  return client.call(checkDataEngineImageCanBeUpgrade, { dataEngineId }).catch((error: unknown) => {
    // A version that was withdrawn cannot be checked, and has no newer minor one either.
    if (error instanceof CloudError && ["fixInput", "refused"].includes(error.kind)) return undefined;
    throw error;
  });
}

/** What was asked, or undefined where something else holds the engine, so that it is to be asked later. */
export async function unlessBusy<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof CloudError && error.kind === "busy") return undefined;
    throw error;
  });
}
