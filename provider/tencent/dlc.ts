// The DLC actions that the provider calls, in our spelling.
import { z } from "zod";
import { told } from "../wire";
import type { TencentAction } from "./client";

function action<Q extends z.ZodType, A extends z.ZodType>(
  name: string,
  repeat: TencentAction["repeat"],
  request: Q,
  response: A,
): TencentAction<Q, A> {
  return { name, product: "DLC", service: "dlc", version: "2021-01-25", repeat, request, response };
}

const engine = z.looseObject({
  dataEngineId: z.string(),
  dataEngineName: z.string(),
  /** -2 deleted, -1 failed, 0 initialising, 1 suspended, 2 running, 3 preparing deletion, 4 deleting. */
  state: z.int(),
  engineType: z.string().optional(),
  engineTypeDetail: z.string().optional(),
  engineExecType: z.string().optional(),
  engineGeneration: z.string().optional(),
  imageVersionId: z.string().optional(),
  imageVersionName: z.string().optional(),
  childImageVersionId: z.string().optional(),
  message: z.string().optional(),
  clusterType: told(z.string()),
  /** 0 shared, 1 hourly, 2 monthly. */
  mode: told(z.int()),
  size: told(z.number()),
  autoResume: told(z.boolean()),
  autoSuspend: told(z.boolean()),
});

export type DataEngine = z.output<typeof engine>;

export const describeDataEngines = action(
  "DescribeDataEngines",
  "read",
  z.strictObject({
    filters: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
    offset: z.int().optional(),
    limit: z.int(),
    engineExecType: z.enum(["SQL", "BATCH"]).optional(),
    engineGeneration: z.enum(["SuperSQL", "Native"]).optional(),
  }),
  z.looseObject({ dataEngines: z.array(engine).default([]), totalCount: told(z.int()) }),
);

export const describeDataEngine = action(
  "DescribeDataEngine",
  "read",
  z.strictObject({ dataEngineName: z.string().min(1) }),
  z.looseObject({ dataEngine: engine.optional() }),
);

const imageVersion = z.looseObject({
  imageVersionId: z.string(),
  /** Its name, such as `SuperSQL-S 1.0`. */
  imageVersion: z.string(),
  /** 1 initialising, 2 online, 3 offline. */
  state: z.int(),
  description: told(z.string()),
  /** 1 public, 2 private. */
  isPublic: told(z.int()),
  insertTime: told(z.string()),
  updateTime: told(z.string()),
});

export type ImageVersion = z.output<typeof imageVersion>;

export const describeDataEngineImageVersions = action(
  "DescribeDataEngineImageVersions",
  "read",
  z.strictObject({ engineType: z.string().min(1) }),
  z.looseObject({ imageParentVersions: z.array(imageVersion).default([]) }),
);

// The calls below end in the same place when they are repeated, but a second one while the first works is refused;
// so that is looked at first instead of sending blindly.
export const switchDataEngineImage = action(
  "SwitchDataEngineImage",
  "never",
  z.strictObject({ dataEngineId: z.string().min(1), newImageVersionId: z.string().min(1) }),
  z.looseObject({}),
);

export const upgradeDataEngineImage = action(
  "UpgradeDataEngineImage",
  "never",
  z.strictObject({ dataEngineId: z.string().min(1) }),
  z.looseObject({}),
);

export const checkDataEngineImageCanBeUpgrade = action(
  "CheckDataEngineImageCanBeUpgrade",
  "read",
  z.strictObject({ dataEngineId: z.string().min(1) }),
  z.looseObject({ isUpgrade: z.boolean().optional(), childImageVersionId: z.string().optional() }),
);

export const suspendResumeDataEngine = action(
  "SuspendResumeDataEngine",
  "never",
  z.strictObject({ dataEngineName: z.string().min(1), operate: z.enum(["suspend", "resume"]) }),
  z.looseObject({}),
);
