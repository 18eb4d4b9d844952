// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import * as pulumi from "@pulumi/pulumi";
import { dynamicClass, type DynamicOptions, type OutputsOf } from "./dynamic";
import type * as plugin from "./plugin/huawei";
import { withoutTraces } from "./traces";

export type { DdmNodeGroupArgs } from "./plugin/huawei";

export interface DdmNodeGroup extends OutputsOf<plugin.DdmNodeGroup> {}

const ddmNodeGroup = dynamicClass("huawei:DdmNodeGroup", {
  outputs: ["region", "profile", "projectId", "instanceId", "groupId", "flavorId", "nodeCount", "isAutoPay", "availabilityZones", "cancelledOrders", "scaleIn", "onDelete", "timeouts", "nodes", "privateIps", "initialNodeIds", "addedNodeIds", "createdAt", "instanceStatus", "lastJobId", "lastRequestId", "pendingEnlarge", "inputsFound"],
  secrets: [],
  secretOutputs: [],
  isDeletedFirst: false,
  defaulted: [],
});

/**
 * The number of nodes of a group of a Huawei Cloud DDM (Distributed Database Middleware) instance.
 *
 * See `docs/huawei.DdmNodeGroup.md`.
 */
export class DdmNodeGroup extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Its inputs.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.DdmNodeGroupArgs, opts?: DynamicOptions) {
    const construction = ddmNodeGroup(name, args, opts);
    const traces = withoutTraces();
    try {
      super(...construction);
    } catch (error) {
      throw traces.traced(error);
    } finally {
      traces.end();
    }
  }
}
