// The actions of EMR on VKE that the provider calls, in our spelling. The published version has no call that reads
// components; the newer one has, but its answers are not published, so that they are read by whatever names they use.
import { z } from "zod";
import { count, lenient } from "../../call/wire";
import type { VolcengineAction } from "../client";

const published = "2023-12-30";
// The vendor's own tools ask for it at the region's host in every region.
const newer = "2024-06-13";

function action<Q extends z.ZodType, A extends z.ZodType>(
  version: string,
  name: string,
  repeat: VolcengineAction["repeat"],
  request: Q,
  response: A,
): VolcengineAction<Q, A> {
  return { version, name, repeat, isRegional: version === newer, request, response };
}

const clusterId = z.string().min(1);
const page = { maxResults: z.int().optional(), nextToken: z.union([z.int(), z.string()]).optional() };

// Types are hardly published: what only tells is read in any form, and what decides in each that has been seen.

/** An id. A number of too many digits has lost some on its way here, and names nothing any more. */
const id = lenient(z.union([z.string().min(1), z.int()]).transform(String));
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** A word, or the number of one. */
const word = lenient(scalar);
const text = lenient(z.string());

/** A list's answer. One that neither has rows nor counts none is not understood. */
function listOf<Row extends z.ZodType>(row: Row) {
  return z
    .looseObject({
      items: z.array(row).optional(),
      totalCount: count,
      maxResults: count,
      nextToken: z.unknown().optional(),
    })
    .refine(({ items, totalCount }) => items !== undefined || totalCount === 0, { path: ["items"] });
}

export const runApplicationAction = action(
  published,
  "RunApplicationAction",
  "never",
  z.strictObject({
    clusterId,
    actionName: z.string().min(1),
    actionScope: z.literal("COMPONENT"),
    components: z.array(
      z.strictObject({
        applicationName: z.string().min(1),
        componentNames: z.array(z.string().min(1)).min(1),
      }),
    ),
    actionParams: z.array(z.strictObject({ key: z.string().min(1), value: z.string() })).optional(),
  }),
  z.looseObject({ operationId: id, operateId: id }),
);

const operation = z.looseObject({
  operationId: id,
  operateId: id,
  operationState: word,
  operateState: word,
  stateChangeReason: z.unknown().optional(),
  endTime: z.unknown().optional(),
  content: z.unknown().optional(),
});

export type OperationRecord = z.output<typeof operation>;

export const operationIdOf = ({ operationId, operateId }: OperationRecord) => operationId ?? operateId ?? "";
export const operationStateOf = ({ operationState, operateState }: OperationRecord) =>
  operationState ?? operateState;

// The page's table shows a list and its example one flat record.
export const getOperation = action(
  published,
  "GetOperation",
  "read",
  z.strictObject({ operationId: z.string().min(1) }),
  operation.extend({ items: lenient(z.array(operation)) }),
);

export const getVirtualCluster = action(
  published,
  "GetVirtualCluster",
  "read",
  z.strictObject({ clusterId }),
  z.looseObject({ clusterState: z.string(), stateChangeReason: z.unknown().optional() }),
);

export const listApplications = action(
  published,
  "ListApplications",
  "read",
  z.strictObject({ clusterId, ...page }),
  listOf(
    z.looseObject({
      applicationName: z.string(),
      applicationState: text,
      applicationVersion: text,
      createTime: lenient(z.number()),
      updateTime: lenient(z.number()),
    }),
  ),
);

export const listComponentInstances = action(
  newer,
  "ListComponentInstances",
  "read",
  z.strictObject({
    clusterId,
    applicationName: z.string().min(1),
    ...page,
  }),
  z.looseObject({}),
);

export const listOperations = action(
  newer,
  "ListOperations",
  "read",
  z.strictObject({ clusterIds: z.array(clusterId), ...page }),
  listOf(operation),
);

export const listConfigs = action(
  newer,
  "ListConfigs",
  "read",
  z.strictObject({ clusterId, applicationName: z.string().min(1), ...page }),
  listOf(
    z.looseObject({
      fileName: word,
      configKey: word,
      configValue: scalar.optional(),
      effective: z.unknown().optional(),
    }),
  ),
);

/** What a cluster's state allows. The set is open: what is not known counts as busy. */
export function clusterPhase(state: string): "running" | "busy" | "unusable" | "gone" {
  const upper = state.toUpperCase();
  if (upper === "RUNNING") return "running";
  if (upper === "DELETED") return "gone";
  // Waiting does not help.
  if (["INIT_FAILED", "EXCEPTION", "STOPPED", "DELETING"].includes(upper)) return "unusable";
  return "busy";
}

/** How an operation stands: "ended" has a word that is not known, but an end; "unknown" has no end either. */
export type OperationPhase = "open" | "succeeded" | "failed" | "skipped" | "ended" | "unknown";

/** The spellings at an operation's end are not published for EMR on VKE, so that kin count too. */
export function operationPhase(record: OperationRecord): OperationPhase {
  const upper = (operationStateOf(record) ?? "").toUpperCase();
  if (["SUCCESS", "SUCCEEDED", "SUCCESSFUL", "FINISHED", "COMPLETED"].includes(upper)) return "succeeded";
  if (["FAILED", "FAILURE", "ERROR", "TERMINATED", "CANCEL", "CANCELED", "CANCELLED"].includes(upper))
    return "failed";
  if (["SKIP", "SKIPPED"].includes(upper)) return "skipped";
  if (["ACCEPT", "ACCEPTED", "RUNNING", "PENDING"].includes(upper)) return "open";
  return isTime(record.endTime) ? "ended" : "unknown";
}

/** Whether a time has come: nothing, and the zero of any clock, says that it has not. */
export function isTime(value: unknown): boolean {
  if (typeof value === "number") return value > 0;
  if (typeof value !== "string" || value.trim() === "") return false;
  const at = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(at) || at > 0;
}

/** What an instance's state says. */
export function instancePhase(state: string): "running" | "stopped" | "failed" | "moving" | "gone" {
  const upper = state.toUpperCase();
  if (["STARTED", "RUNNING", "NORMAL", "WARNING"].includes(upper)) return "running";
  if (upper === "STOPPED") return "stopped";
  if (upper === "UNINSTALLED") return "gone";
  if (upper === "EXCEPTION" || upper === "FAILED" || upper.endsWith("_FAILED")) return "failed";
  return "moving";
}
