// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import * as pulumi from "@pulumi/pulumi";
import { dynamicClass, type DynamicOptions, type OutputsOf } from "./dynamic";
import type * as plugin from "./plugin/volcengine";
import { withoutTraces } from "./traces";

export type { EmrApplicationStateArgs } from "./plugin/volcengine";

export interface EmrApplicationState extends OutputsOf<plugin.EmrApplicationState> {}

const emrApplicationState = dynamicClass("volcengine:EmrApplicationState", {
  outputs: ["region", "profile", "clusterId", "application", "components", "releaseName", "state", "actualState", "restartTriggers", "applicationConfigs", "actionParams", "actionNames", "onDelete", "timeouts", "runState", "instances", "applicationState", "observationSource", "driftVisible", "configsApplied", "observedConfigs", "lastOperationId", "lastRequestId", "lastActionAt", "pendingAction", "inputsFound"],
  secrets: ["applicationConfigs"],
  secretOutputs: ["applicationConfigs", "observedConfigs", "pendingAction"],
  isDeletedFirst: true,
  defaulted: [],
});

/**
 * Whether the components of an application of a Volcengine EMR on VKE cluster run, and with which configuration.
 *
 * See `docs/volcengine.EmrApplicationState.md`.
 */
export class EmrApplicationState extends pulumi.dynamic.Resource {
  /**
   * @param name Name of the resource.
   * @param args Its inputs.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: plugin.EmrApplicationStateArgs, opts?: DynamicOptions) {
    const construction = emrApplicationState(name, args, opts);
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
