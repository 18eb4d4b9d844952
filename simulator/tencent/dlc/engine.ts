// What an engine is made of, and what tests and demos create one from.
import { z } from "zod";
import type { ImageType } from "./image";

/** `State` of an engine. */
export const engineStates = {
  deleted: -2,
  failed: -1,
  initialising: 0,
  suspended: 1,
  running: 2,
  preparingDeletion: 3,
  deleting: 4,
} as const;

/** A state that the engine has been in, as the rollback calls count them. The latest comes last. */
export interface ImageRecord {
  recordId: string;
  operate: "InitImage" | "SwitchImage" | "UpgradeImage" | "RollbackImage";
  imageVersionId: string;
  childImageVersionId: string;
}

export interface ImageTarget {
  imageVersionId: string;
  childImageVersionId: string;
}

/** A change of version, a restart, a suspension or a resumption that is under way. */
interface EngineChange {
  operate: string;
  endsAt: number;
}

/** One engine. Tests may change any field; the next answer shows it. */
export interface Engine {
  dataEngineId: string;
  dataEngineName: string;
  region: string;
  uin: string;
  appId: number;
  /** "spark", "presto" or "kyuubi". */
  engineType: string;
  /** "SparkSQL", "StandardSpark", …; empty where the cloud does not tell. */
  engineTypeDetail: string;
  /** "SQL" or "BATCH". */
  engineExecType: string;
  /** "SuperSQL" or "Native". */
  engineGeneration: string;
  clusterType: string;
  /** 0 shared, 1 hourly, 2 monthly. */
  mode: number;
  size: number;
  /** See `engineStates`. */
  state: number;
  message: string;
  /** Null for a kind of engine that has no versions. */
  imageVersionId: string | null;
  childImageVersionId: string | null;
  autoResume: boolean;
  autoSuspend: boolean;
  permissions: string[];
  tags: { TagKey: string; TagValue: string }[];
  /** Tasks that an image change or a restart would disturb. */
  runningTasks: number;
  networkId: string;
  /** Simulator time in milliseconds, as is the next. */
  createdAt: number;
  updatedAt: number;
  records: ImageRecord[];
  change: EngineChange | undefined;
  /** Until when something else than these changes keeps the engine, in simulator time. */
  heldUntil: number;
}

const details = [
  "SparkSQL",
  "SparkBatch",
  "PrestoSQL",
  "StandardSpark",
  "StandardPresto",
  "Kyuubi",
  "",
] as const;

export const engineFixture = z.strictObject({
  /** Default: a generated `DataEngine-xxxxxxxx`. */
  dataEngineId: z.string().optional(),
  /** Default: `engine-` and the last part of the id. Unique. */
  dataEngineName: z.string().optional(),
  region: z.string().default("ap-guangzhou"),
  uin: z.string().default("100000000001"),
  appId: z.int().default(1_250_000_000),
  /** Decides the defaults of the next four. Empty: they are those of SparkSQL. */
  engineTypeDetail: z.enum(details).default("SparkSQL"),
  engineType: z.enum(["spark", "presto", "kyuubi"]).optional(),
  engineExecType: z.string().optional(),
  engineGeneration: z.enum(["SuperSQL", "Native"]).optional(),
  clusterType: z.string().optional(),
  mode: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(1),
  size: z.int().default(16),
  state: z.int().default(engineStates.running),
  message: z.string().default(""),
  /** Name or id of the major. Default: the oldest one online of the engine's type. Null: has no versions. */
  imageVersion: z.string().nullable().optional(),
  /** Name or id of the minor. Default: the major's newest. */
  childImageVersion: z.string().optional(),
  autoResume: z.boolean().default(true),
  autoSuspend: z.boolean().default(false),
  permissions: z.array(z.string()).default(["USE", "MODIFY", "OPERATE", "MONITOR", "DELETE"]),
  tags: z.array(z.strictObject({ TagKey: z.string(), TagValue: z.string() })).default([]),
  runningTasks: z.int().nonnegative().default(0),
  networkId: z.string().default(""),
});
export type EngineFixture = z.input<typeof engineFixture>;

export function newEngine(
  fixture: z.output<typeof engineFixture>,
  dataEngineId: string,
  now: number,
): Engine {
  const { imageVersion: _image, childImageVersion: _child, ...given } = fixture;
  const detail = fixture.engineTypeDetail;
  const engineType = fixture.engineType ?? typeOf(detail);
  return {
    ...given,
    dataEngineId,
    dataEngineName: fixture.dataEngineName ?? `engine-${dataEngineId.split("-").at(-1)}`,
    engineType,
    engineExecType: fixture.engineExecType ?? (detail === "SparkBatch" ? "BATCH" : "SQL"),
    engineGeneration: fixture.engineGeneration ?? (detail.startsWith("Standard") ? "Native" : "SuperSQL"),
    clusterType: fixture.clusterType ?? `${engineType}_cu`,
    imageVersionId: null,
    childImageVersionId: null,
    createdAt: now,
    updatedAt: now,
    records: [],
    change: undefined,
    heldUntil: 0,
  };
}

function typeOf(detail: (typeof details)[number]): string {
  if (detail === "Kyuubi") return "kyuubi";
  return detail.endsWith("Presto") || detail.startsWith("Presto") ? "presto" : "spark";
}

/** The type of images the engine can run; undefined for gateways. */
export function imageTypeOf(engine: Engine): ImageType | undefined {
  if (engine.engineType === "kyuubi") return undefined;
  if (engine.engineTypeDetail !== "") return engine.engineTypeDetail as ImageType;
  if (engine.engineGeneration === "Native") {
    return engine.engineType === "presto" ? "StandardPresto" : "StandardSpark";
  }
  if (engine.engineType === "presto") return "PrestoSQL";
  return engine.engineExecType === "BATCH" ? "SparkBatch" : "SparkSQL";
}
