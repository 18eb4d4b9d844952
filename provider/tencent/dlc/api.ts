// The DLC actions that the provider calls, in our spelling.
import { z } from "zod";
import { count, lenient, wholeNumber } from "../../call/wire";
import type { TencentAction } from "../client";

function action<Q extends z.ZodType, A extends z.ZodType>(
  name: string,
  repeat: TencentAction["repeat"],
  request: Q,
  response: A,
): TencentAction<Q, A> {
  return { name, product: "DLC", service: "dlc", version: "2021-01-25", repeat, request, response };
}

// Editions type the same field differently. What decides is read strictly, and the rest in any form that has one meaning:
// a type alone must not keep a switch that was accepted from being settled.
const anyText = z.union([z.string(), z.number().transform(String)]);
const text = lenient(anyText);
const name = anyText.catch("");
const number = lenient(
  z.union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ]),
);
const whole = lenient(wholeNumber);
const flag = lenient(
  z.union([
    z.boolean(),
    z.literal([0, 1]).transform(Boolean),
    z.stringbool({ truthy: ["true", "1"], falsy: ["false", "0"] }),
  ]),
);

const engine = z.looseObject({
  dataEngineId: z.string(),
  dataEngineName: name,
  /** -2 deleted, -1 failed, 0 initialising, 1 suspended, 2 running, 3 preparing deletion, 4 deleting. */
  state: z.int(),
  engineType: text,
  engineTypeDetail: text,
  engineExecType: text,
  engineGeneration: text,
  imageVersionId: z.string().optional(),
  imageVersionName: text,
  childImageVersionId: text,
  message: text,
  clusterType: text,
  /** 0 shared, 1 hourly, 2 monthly. */
  mode: whole,
  size: number,
  autoResume: flag,
  autoSuspend: flag,
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
  z.looseObject({ dataEngines: z.array(engine).default([]), totalCount: count }),
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
  imageVersion: name,
  /** 1 initialising, 2 online, 3 offline. */
  state: whole,
  engineType: text,
  description: text,
  /** 1 public, 2 private. */
  isPublic: whole,
  insertTime: text,
  updateTime: text,
});

export type ImageVersion = z.output<typeof imageVersion>;

export const describeDataEngineImageVersions = action(
  "DescribeDataEngineImageVersions",
  "read",
  z.strictObject({ engineType: z.string().min(1) }),
  z.looseObject({ imageParentVersions: z.array(imageVersion).default([]), total: count }),
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
  z.looseObject({ isUpgrade: flag, childImageVersionId: text }),
);

export const suspendResumeDataEngine = action(
  "SuspendResumeDataEngine",
  "never",
  z.strictObject({ dataEngineName: z.string().min(1), operate: z.enum(["suspend", "resume"]) }),
  z.looseObject({}),
);
