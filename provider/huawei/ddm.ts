// The DDM calls that the provider makes, and what an answer must hold.
import { z } from "zod";
import { told } from "../wire";
import type { HuaweiAction } from "./client";

function action<Q extends z.ZodType, A extends z.ZodType>(
  name: string,
  method: "GET" | "POST",
  path: string,
  repeat: HuaweiAction["repeat"],
  request: Q,
  response: A,
): HuaweiAction<Q, A> {
  return { name, method, path, repeat, request, response };
}

const instance = z.strictObject({ instance: z.string().min(1) });
const page = z.strictObject({ offset: z.int(), limit: z.int() });
const accepted = z.looseObject({ jobId: z.string().optional(), orderId: z.string().optional() });

export const enlarge = action(
  "enlarge",
  "POST",
  "/v2/{project}/instances/{instance}/action/enlarge",
  "never",
  z.strictObject({
    path: instance,
    body: z.strictObject({
      flavor_id: z.string().min(1),
      // A number of nodes to add, not a target.
      node_number: z.int().min(1).max(32),
      group_id: z.string().optional(),
      is_auto_pay: z.boolean().optional(),
      available_zones: z.array(z.string()).optional(),
    }),
  }),
  accepted,
);

export const deleteNodes = action(
  "batch-delete",
  "POST",
  "/v3/{project}/instances/{instance}/nodes/batch-delete",
  "never",
  z.strictObject({ path: instance, body: z.strictObject({ node_ids: z.array(z.string().min(1)).min(1) }) }),
  accepted,
);

export const listInstances = action(
  "list instances",
  "GET",
  "/v1/{project}/instances",
  "read",
  z.strictObject({ query: page }),
  z.looseObject({
    totalRecord: told(z.int()),
    instances: z
      .array(
        z.looseObject({
          id: z.string(),
          status: z.string(),
          name: told(z.string()),
          engineVersion: told(z.string()),
          flavorRef: told(z.string()),
          nodeCount: told(z.int()),
          accessIp: told(z.string()),
          accessPort: told(z.union([z.string(), z.number()])),
          availableZone: told(z.string()),
          vpcId: told(z.string()),
          subnetId: told(z.string()),
          securityGroupId: told(z.string()),
          enterpriseProjectId: told(z.string()),
          orderId: told(z.string()),
          errorMsg: told(z.string()),
          created: told(z.string()),
        }),
      )
      .default([]),
  }),
);

export const showInstance = action(
  "show instance",
  "GET",
  "/v1/{project}/instances/{instance}",
  "read",
  z.strictObject({ path: instance }),
  z.looseObject({
    id: z.string().optional(),
    name: z.string().optional(),
    status: z.string(),
    orderId: z.string().optional(),
    errorMsg: z.string().optional(),
    engineVersion: z.string().optional(),
  }),
);

export const listNodes = action(
  "list nodes",
  "GET",
  "/v1/{project}/instances/{instance}/nodes",
  "read",
  z.strictObject({ path: instance, query: page }),
  z.looseObject({
    total: z.int().optional(),
    nodes: z.array(
      z.looseObject({
        nodeId: z.string(),
        ip: z.string().optional(),
        status: z.string().optional(),
        groupId: z.string().optional(),
      }),
    ),
  }),
);

export const listGroups = action(
  "list groups",
  "GET",
  "/v3/{project}/instances/{instance}/groups",
  "read",
  z.strictObject({ path: instance, query: page }),
  z.looseObject({
    totalCount: z.int().optional(),
    groupList: z.array(
      z.looseObject({
        id: z.string(),
        name: z.string().optional(),
        role: z.string().optional(),
        cpuNumPerNode: z.union([z.string(), z.number()]).optional(),
        memNumPerNode: z.union([z.string(), z.number()]).optional(),
        architecture: z.string().optional(),
        endpoint: told(z.string()),
        isLoadBalance: told(z.boolean()),
        nodeList: z.array(z.looseObject({ id: z.string(), az: z.string().optional() })).default([]),
      }),
    ),
  }),
);

export const showInstanceV3 = action(
  "show instance (v3)",
  "GET",
  "/v3/{project}/instances/{instance}",
  "read",
  z.strictObject({ path: instance }),
  z.looseObject({
    instances: z
      .array(
        z.looseObject({
          groups: z
            .array(
              z.looseObject({
                id: z.string(),
                extendMap: z.looseObject({ flavorPrimaryKeyId: z.string().optional() }).optional(),
              }),
            )
            .optional(),
        }),
      )
      .default([]),
  }),
);

export const listFlavors = action(
  "list flavours",
  "GET",
  "/v3/{project}/flavors",
  "read",
  z.strictObject({
    query: z.strictObject({ engine_version: z.string().min(1), offset: z.int(), limit: z.int() }),
  }),
  z.looseObject({
    flavorGroups: z.array(
      z.looseObject({
        groupType: z.string(),
        total: z.int().optional(),
        flavors: z
          .array(
            z.looseObject({
              id: z.string(),
              vcpus: z.union([z.string(), z.number()]),
              ram: z.union([z.string(), z.number()]),
              specCode: told(z.string()),
              azInfos: told(z.array(z.looseObject({ code: z.string(), status: z.string().default("") }))),
            }),
          )
          .default([]),
      }),
    ),
  }),
);

/** An order of a yearly/monthly instance, in the billing service. */
export const showOrder: HuaweiAction<
  z.ZodObject<{ path: z.ZodObject<{ order: z.ZodString }> }>,
  z.ZodObject<{ orderInfo: z.ZodObject<{ status: z.ZodNumber }> }>
> = {
  service: "bss",
  ...action(
    "show order",
    "GET",
    "/v2/orders/customer-orders/details/{order}",
    "read",
    z.strictObject({ path: z.strictObject({ order: z.string().min(1) }) }),
    z.looseObject({ orderInfo: z.looseObject({ status: z.number() }) }),
  ),
};

export const showJob = action(
  "show job",
  "GET",
  "/v3/{project}/jobs/{job}",
  "read",
  z.strictObject({ path: z.strictObject({ job: z.string().min(1) }) }),
  z.looseObject({
    job: z.looseObject({ id: z.string().optional(), status: z.string(), process: z.string().optional() }),
  }),
);

export const listJobs = action(
  "list jobs",
  "GET",
  "/v3/{project}/jobs",
  "read",
  z.strictObject({
    query: z.strictObject({ start_time: z.int(), end_time: z.int(), offset: z.int(), limit: z.int() }),
  }),
  z.looseObject({
    jobs: z
      .array(
        z.looseObject({
          id: z.string(),
          name: z.string().optional(),
          status: z.string().optional(),
          instanceId: z.string().optional(),
          createdTime: z.string().optional(),
          failReason: z.string().optional(),
        }),
      )
      .default([]),
  }),
);

/** What an instance's status allows. The set is open: what is not known counts as busy. */
export function instancePhase(status: string): "running" | "busy" | "unusable" | "gone" {
  const upper = status.toUpperCase();
  if (upper === "RUNNING") return "running";
  if (upper === "DELETED") return "gone";
  // Arrears, failures: waiting does not help.
  if (["FROZEN", "FREEZING", "UNFREEZING", "ERROR", "CREATEFAILED"].includes(upper)) return "unusable";
  return "busy";
}

/** Whether a node works: two calls spell the same state differently. */
export function isGoodNode(status: string): boolean {
  return ["normal", "running"].includes(status.toLowerCase());
}
