// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import * as pulumi from "@pulumi/pulumi";
import { dynamicClass, type DynamicOptions, type OutputsOf } from "./dynamic";
import type * as plugin from "./plugin/tencent";
import { withoutTraces } from "./traces";

export type { EmrNodePoolArgs, EmrServiceStateArgs, DlcEngineImageArgs } from "./plugin/tencent";

export interface EmrNodePool extends OutputsOf<plugin.EmrNodePool> {}

const emrNodePool = dynamicClass("tencent:EmrNodePool", {
  outputs: ["region", "profile", "clusterId", "role", "count", "poolId", "payMode", "timeUnit", "timeSpan", "autoRenew", "unnecessaryNodeList", "softDeployInfo", "serviceNodeInfo", "preExecutedFileSettings", "disasterRecoverGroupIds", "tags", "hardwareResourceType", "podSpec", "podParameter", "clickHouseClusterName", "clickHouseClusterType", "yarnNodeLabel", "startServiceAfterScaleOut", "zoneId", "subnetId", "scaleOutServiceConfAssign", "adopt", "exclude", "scaleIn", "deletionPolicy", "timeouts", "nodes", "nodeCount", "privateIps", "lastFlow", "lastRequestId", "specHash", "pendingOrder", "owner", "vanished", "untagged", "inputsFound"],
  secrets: ["preExecutedFileSettings", "podParameter"],
  secretOutputs: [],
  isDeletedFirst: true,
  neverBesideOld: "the old pool and the new one would own the same nodes. Make a second pool beside it instead",
  defaulted: ["poolId"],
  proposals: ({ project, stack, name }) => ({ defaultPoolId: `${project}/${stack}/${name}` }),
});

/**
 * Nodes of one role of a Tencent Cloud EMR cluster, bought and removed so that there are always `count` of them.
 *
 * See `docs/tencent.EmrNodePool.md`.
 */
export class EmrNodePool extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource; part of the default `poolId`.
   * @param args Its inputs.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always on: the old pool and the new one would own the same nodes. Make a second pool beside it instead.
   */
  constructor(name: string, args: plugin.EmrNodePoolArgs, opts?: DynamicOptions) {
    const construction = emrNodePool(name, args, opts);
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

export interface EmrServiceState extends OutputsOf<plugin.EmrServiceState> {}

const emrServiceState = dynamicClass("tencent:EmrServiceState", {
  outputs: ["region", "profile", "clusterId", "service", "components", "nodeIps", "state", "maintenance", "restartTriggers", "restart", "onDelete", "timeouts", "processes", "runState", "maintenanceState", "lastRequestId", "pendingOperation", "inputsFound"],
  secrets: [],
  secretOutputs: [],
  isDeletedFirst: true,
  defaulted: [],
});

/**
 * Whether the processes of a service of a Tencent Cloud EMR cluster run: of the whole service, of some of its components,
 * or of components on some nodes.
 *
 * See `docs/tencent.EmrServiceState.md`.
 */
export class EmrServiceState extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Its inputs.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.EmrServiceStateArgs, opts?: DynamicOptions) {
    const construction = emrServiceState(name, args, opts);
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

export interface DlcEngineImage extends OutputsOf<plugin.DlcEngineImage> {}

const dlcEngineImage = dynamicClass("tencent:DlcEngineImage", {
  outputs: ["region", "profile", "dataEngineId", "dataEngineName", "imageVersionId", "imageVersion", "childVersion", "allowSuspended", "onDelete", "timeouts", "childImageVersionId", "upgradeAvailable", "previousImageVersionId", "engineState", "lastRequestId", "resumedForChange", "pendingSwitch", "inputsFound"],
  secrets: [],
  secretOutputs: [],
  isDeletedFirst: true,
  defaulted: [],
});

/**
 * The image version that a Tencent Cloud DLC engine runs.
 *
 * See `docs/tencent.DlcEngineImage.md`.
 */
export class DlcEngineImage extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Its inputs.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.DlcEngineImageArgs, opts?: DynamicOptions) {
    const construction = dlcEngineImage(name, args, opts);
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
