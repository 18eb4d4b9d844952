// What a DDM node group may be told, and what it tells.
import { z } from "zod";
import { choice, named } from "../../../core/choice";
import { input, inputObject, output } from "../../../core/fields";
import { profileInput, regionInput } from "../../../core/placeInputs";
import type { Rule } from "../../../core/schema";
import { timeoutProblems, timeoutsInput } from "../../../core/timeouts";

/** Ids become parts of a path. */
const id = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]+$/,
    "must be an id of letters and digits, such as 28e8841d0b9c4f6a9a30742ee60e1068in09",
  );

const scaleIn = z.strictObject({
  allowed: z
    .boolean()
    .describe(
      "Whether nodes may be removed at all: when `nodeCount` goes down, and those that the resource added and that could not be set up.",
    ),
});

export const nodeGroupInputs = inputObject({
  region: regionInput,
  profile: profileInput,
  projectId: input(
    { change: "replaces", found: true },
    id
      .optional()
      .describe(
        "Project of the instance. Default: the configured one. Changing it replaces the resource. API: `project_id`.",
      ),
  ),
  instanceId: input(
    { change: "replaces" },
    id.describe("Id of the DDM instance. Changing it replaces the resource. API: `instance_id`."),
  ),
  groupId: input(
    { change: "replaces", found: true },
    id
      .optional()
      .describe(
        "Id of the node group; required once the instance has more than one. Changing it replaces the resource. API: `group_id`.",
      ),
  ),
  flavorId: input(
    { change: "inPlace" },
    z
      .string()
      .min(1)
      .describe(
        "Id of the flavour that the group has: new nodes get it too, and it is no way to choose another. API: `flavor_id`.",
      ),
  ),
  nodeCount: input(
    { change: "inPlace" },
    z
      .int()
      .min(1)
      .max(32)
      .describe("How many nodes the group has, 1 to 32. API: `node_number` is the difference."),
  ),
  isAutoPay: input(
    { change: "later" },
    z
      .boolean()
      .optional()
      .describe(
        "Yearly/monthly instances: pay the order from the balance. Default: it is left unpaid, and the error says which it is. API: `is_auto_pay`.",
      ),
  ),
  availabilityZones: input(
    { change: "later" },
    z
      .array(z.string().min(1))
      .optional()
      .describe("Yearly/monthly instances: zones of the new nodes, one for each. API: `available_zones`."),
  ),
  cancelledOrders: input(
    { change: "inPlace" },
    z
      .array(z.string().min(1))
      .optional()
      .describe(
        "Ids of orders that were cancelled, and of enlargements that came to nothing, as an error names them: they are not waited for any more.",
      ),
  ),
  scaleIn: input(
    { change: "later" },
    scaleIn
      .optional()
      .describe(
        "Whether and how nodes are removed: bad ones first, then those that the resource added last, then others that came after it. Default: never.",
      ),
  ),
  onDelete: input(
    { change: "later" },
    choice({
      leave: "The nodes stay.",
      shrinkToInitial:
        "Nodes that the resource has added are removed, down to the number that it began with.",
    })
      .default("leave")
      .describe(
        "What deleting the resource does: `leave` the nodes, or `shrinkToInitial`: remove nodes that the resource has added, as long as there are more than when it was created. Default `leave`.",
      ),
  ),
  timeouts: timeoutsInput("60m"),
});

export type NodeGroupInputs = z.output<typeof nodeGroupInputs>;

export const nodeOutput = named(
  "DdmNode",
  "A node of a DDM instance.",
  z.object({
    id: z.string().describe("Id of the node. API: `node_id`."),
    ip: z.string().describe("IP address. API: `ip`."),
    status: z.string().describe("Status, such as `normal`. API: `status`."),
    zone: z.string().describe("Availability zone, where the API tells it. API: `az`."),
  }),
);

/** An enlargement of which it is not known yet what it brought. */
export const pendingEnlarge = z.object({
  id: z.string().describe("Name that the provider has given it."),
  groupId: z.string().describe("Group that it is for; empty where the instance tells none."),
  sentAt: z.number().describe("When it was sent, milliseconds since the epoch."),
  count: z.int().describe("How many nodes were asked for."),
  before: z.array(z.string()).describe("The group's nodes just before."),
  jobsBefore: z.array(z.string()).describe("Jobs of the kind that there were before."),
  isOrder: z.boolean().describe("Whether it makes an order: the instance is yearly/monthly."),
  acknowledged: z.boolean().describe("Whether the cloud has accepted it for certain."),
  jobId: z.string().optional().describe("The job, where the cloud gave one."),
  orderId: z.string().optional().describe("The order, where the cloud gave one."),
});

export type PendingEnlarge = z.output<typeof pendingEnlarge>;

export const nodeGroupOutputs = z.object({
  region: output({ stable: true }, z.string().describe("Region of the instance.")),
  projectId: output({ stable: true }, z.string().describe("Project of the instance.")),
  groupId: output(
    { stable: true },
    z.string().describe("Id of the node group; empty where the instance tells none."),
  ),
  nodes: z.array(nodeOutput).describe("The group's nodes, in the order of their ids."),
  privateIps: z.array(z.string()).describe("IP addresses of the nodes, in their order: new ones come last."),
  initialNodeIds: output(
    { stable: true },
    z.array(z.string()).describe("The nodes that the group had when the resource was created."),
  ),
  addedNodeIds: z
    .array(z.string())
    .describe("Nodes that the resource has added, in the order in which they came."),
  createdAt: output(
    { stable: true },
    z.number().describe("When the resource took charge of the group, milliseconds since the epoch."),
  ),
  instanceStatus: z.string().describe("Status of the instance when it was last looked at. API: `status`."),
  lastJobId: z.string().describe("The latest job; empty if there was none."),
  lastRequestId: z
    .string()
    .describe("Request id of the latest call that changed something; empty if there was none."),
  pendingEnlarge: pendingEnlarge
    .optional()
    .describe("An enlargement whose outcome was not known when the operation ended."),
});

export type NodeGroupState = NodeGroupInputs & z.output<typeof nodeGroupOutputs>;
export type GroupNode = z.output<typeof nodeOutput>;

export const nodeGroupRules: readonly Rule<NodeGroupInputs>[] = [
  {
    property: "timeouts",
    reads: ["timeouts"],
    problem: ({ timeouts: limits }) => timeoutProblems(limits),
  },
];
