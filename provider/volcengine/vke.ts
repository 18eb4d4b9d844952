// The actions of EMR on VKE that the provider calls, in our spelling. The published version has no call that reads
// components; the newer one has, but its answers are not published, so that they are read by whatever names they use.
import { z } from "zod";
import { told } from "../wire";
import type { VolcengineAction } from "./client";

export const published = "2023-12-30";
export const newer = "2024-06-13";

function action<Q extends z.ZodType, A extends z.ZodType>(
  version: string,
  name: string,
  repeat: VolcengineAction["repeat"],
  request: Q,
  response: A,
): VolcengineAction<Q, A> {
  return { version, name, repeat, request, response };
}

const clusterId = z.string().min(1);
const anything = z.looseObject({});
const page = { maxResults: z.int().optional(), nextToken: z.int().optional() };

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
  z.looseObject({ clusterId: z.string().optional(), operationId: z.string().optional() }),
);

const operation = z.looseObject({
  operationId: z.string().optional(),
  operateId: z.string().optional(),
  operationState: z.string().optional(),
  stateChangeReason: z.unknown().optional(),
  createTime: z.number().optional(),
  endTime: z.number().optional(),
  content: z.string().optional(),
});

export type OperationRecord = z.output<typeof operation>;

// The page's table shows a list and its example one flat record.
export const getOperation = action(
  published,
  "GetOperation",
  "read",
  z.strictObject({ operationId: z.string().min(1) }),
  operation.extend({ items: z.array(operation).optional() }),
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
  z.looseObject({
    items: z
      .array(
        z.looseObject({
          applicationName: z.string(),
          applicationState: z.string().optional(),
          applicationVersion: told(z.string()),
          createTime: told(z.number()),
          updateTime: told(z.number()),
        }),
      )
      .default([]),
    totalCount: z.int().optional(),
  }),
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
  anything,
);

export const listOperations = action(
  newer,
  "ListOperations",
  "read",
  z.strictObject({ clusterIds: z.array(clusterId), ...page }),
  z.looseObject({ items: z.array(operation).default([]), totalCount: z.int().optional() }),
);

export const listConfigs = action(
  newer,
  "ListConfigs",
  "read",
  z.strictObject({ clusterId, applicationName: z.string().min(1), ...page }),
  z.looseObject({
    items: z
      .array(
        z.looseObject({
          fileName: z.string().optional(),
          configKey: z.string().optional(),
          configValue: z.string().optional(),
          effective: z.unknown().optional(),
        }),
      )
      .default([]),
    totalCount: z.int().optional(),
  }),
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

/** How an operation stands. The spellings at its end are not published for EMR on VKE, so that kin count too. */
export function operationPhase({
  operationState = "",
  endTime,
}: OperationRecord): "open" | "succeeded" | "failed" | "skipped" | "ended" {
  const upper = operationState.toUpperCase();
  if (["SUCCESS", "SUCCEEDED", "SUCCESSFUL", "FINISHED", "COMPLETED"].includes(upper)) return "succeeded";
  if (["FAILED", "FAILURE", "ERROR", "TERMINATED", "CANCEL", "CANCELED", "CANCELLED"].includes(upper))
    return "failed";
  if (["SKIP", "SKIPPED"].includes(upper)) return "skipped";
  if (["ACCEPT", "ACCEPTED", "RUNNING", "PENDING"].includes(upper)) return "open";
  // Something else, but over: what the component shows decides.
  return endTime ? "ended" : "open";
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
