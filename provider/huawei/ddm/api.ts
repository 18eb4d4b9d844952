// The DDM calls that the provider makes, and what an answer must hold. Strict is only what decides something: what is shown
// may have any form, so that no accepted change is lost sight of because of it.
import { z } from "zod";
import { count, lenient, listOf } from "../../call/wire";
import type { HuaweiAction } from "../client";

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
/** Text, also where it comes as a number. */
const text = z.union([z.string(), z.number()]).transform(String);
/** A number, also where it comes as text. */
const number = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number).pipe(z.int())]);
const accepted = z.looseObject({ jobId: lenient(text), orderId: lenient(text) });

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
    totalRecord: count,
    instances: z
      .array(
        z.looseObject({
          id: z.string(),
          status: z.string(),
          name: lenient(text),
          engineVersion: lenient(text),
          flavorRef: lenient(text),
          nodeCount: lenient(number),
          accessIp: lenient(text),
          accessPort: lenient(text),
          availableZone: lenient(text),
          vpcId: lenient(text),
          subnetId: lenient(text),
          securityGroupId: lenient(text),
          enterpriseProjectId: lenient(text),
          orderId: lenient(text),
          errorMsg: lenient(text),
          created: lenient(text),
        }),
      )
      .default([]),
  }),
);

const shownInstance = z.looseObject({
  status: z.string(),
  /** Filled where it is billed by year or month, in whatever form. */
  orderId: z.unknown().optional(),
  errorMsg: lenient(text),
  engineVersion: lenient(text),
});

export const showInstance: HuaweiAction<z.ZodObject<{ path: typeof instance }>, typeof shownInstance> = {
  ...action(
    "show instance",
    "GET",
    "/v1/{project}/instances/{instance}",
    "read",
    z.strictObject({ path: instance }),
    shownInstance,
  ),
  isGoneOn404: true,
};

export const listNodes = action(
  "list nodes",
  "GET",
  "/v1/{project}/instances/{instance}/nodes",
  "read",
  z.strictObject({ path: instance, query: page }),
  listOf(
    "nodes",
    "total",
    z.looseObject({
      total: count,
      nodes: z
        .array(
          z.looseObject({
            nodeId: z.string().min(1),
            ip: lenient(text),
            status: lenient(text),
            groupId: text.optional(),
          }),
        )
        .default([]),
    }),
  ),
);

export const listGroups = action(
  "list groups",
  "GET",
  "/v3/{project}/instances/{instance}/groups",
  "read",
  z.strictObject({ path: instance, query: page }),
  z.looseObject({
    totalCount: count,
    groupList: z
      .array(
        z.looseObject({
          id: z.string(),
          name: lenient(text),
          role: lenient(text),
          cpuNumPerNode: lenient(text),
          memNumPerNode: lenient(text),
          architecture: lenient(text),
          endpoint: lenient(text),
          isLoadBalance: lenient(z.boolean()),
          nodeList: z.array(z.looseObject({ id: z.string(), az: lenient(text) })).default([]),
        }),
      )
      .default([]),
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
          groups: lenient(
            z.array(
              z.looseObject({
                id: z.string(),
                extendMap: lenient(z.looseObject({ flavorPrimaryKeyId: lenient(text) })),
              }),
            ),
          ),
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
    flavorGroups: z
      .array(
        z.looseObject({
          groupType: z.string(),
          total: count,
          flavors: z
            .array(
              z.looseObject({
                id: z.string(),
                vcpus: lenient(text),
                ram: lenient(text),
                specCode: lenient(text),
                azInfos: lenient(
                  z.array(z.looseObject({ code: z.string(), status: z.string().default("") })),
                ),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  }),
);

const orderInfo = lenient(z.looseObject({ status: lenient(number) }));

/** An order of a yearly/monthly instance, in the billing service. */
export const showOrder: HuaweiAction<
  z.ZodObject<{ path: z.ZodObject<{ order: z.ZodString }> }>,
  z.ZodObject<{ orderInfo: typeof orderInfo }>
> = {
  service: "bss",
  ...action(
    "show order",
    "GET",
    "/v2/orders/customer-orders/details/{order}",
    "read",
    z.strictObject({ path: z.strictObject({ order: z.string().min(1) }) }),
    z.looseObject({ orderInfo }),
  ),
};

export const showJob = action(
  "show job",
  "GET",
  "/v3/{project}/jobs/{job}",
  "read",
  z.strictObject({ path: z.strictObject({ job: z.string().min(1) }) }),
  z.looseObject({ job: lenient(z.looseObject({ status: lenient(z.string()), process: lenient(text) })) }),
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
    total: count,
    jobs: z
      .array(
        z.looseObject({
          id: text,
          name: lenient(z.string()),
          status: lenient(z.string()),
          instanceId: lenient(z.string()),
          failReason: lenient(text),
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

/** Whether a node works: two calls spell the same state differently. One whose state is not told is not called bad. */
export function isGoodNode(status: string): boolean {
  return ["normal", "running", ""].includes(status.toLowerCase());
}
