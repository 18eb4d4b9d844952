// By which id what a resource is about would be imported: what makes two resources be about the same thing.
import { containsUnknown } from "../provider/schema";
import type { NodePoolInputs } from "../provider/tencent/emrNodePoolSchema";
import { poolKey } from "../provider/tencent/emrNodePoolSchema";
import { serviceKey } from "../provider/tencent/emrServiceStateMemory";
import type { ServiceStateInputs } from "../provider/tencent/emrServiceStateSchema";
import { applicationKey } from "../provider/volcengine/emrApplicationStateMemory";
import type { ApplicationStateInputs } from "../provider/volcengine/emrApplicationStateSchema";
import type { Change } from "./change";
import { containsHidden } from "./hidden";

const required: Readonly<Record<string, readonly string[]>> = {
  "tencent:EmrNodePool": ["clusterId", "role", "poolId"],
  "tencent:EmrServiceState": ["clusterId", "service"],
  "tencent:DlcEngineImage": [],
  "huawei:DdmNodeGroup": ["instanceId"],
  "volcengine:EmrApplicationState": ["clusterId", "application"],
};

/** Undefined while it is not known, or where the preview does not show it. */
export function importIdOf({
  type,
  resource,
  inputs,
}: Pick<Change, "type" | "resource" | "inputs">): string | undefined {
  const isShown = required[type]?.every((name) => typeof inputs[name] === "string");
  const isHidden = Object.entries(inputs).some(
    ([name, value]) => containsHidden(value) && !resource.secrets.includes(name),
  );
  if (!isShown || isHidden || containsUnknown(inputs)) return undefined;
  switch (type) {
    case "tencent:EmrNodePool":
      return poolKey(inputs as NodePoolInputs);
    case "tencent:EmrServiceState": {
      // Processes are imported by components and nodes, or all of them.
      const scope = inputs as ServiceStateInputs;
      return scope.nodeIps && !scope.components ? undefined : serviceKey(scope);
    }
    case "tencent:DlcEngineImage":
      return (inputs["dataEngineId"] ?? inputs["dataEngineName"]) as string | undefined;
    case "huawei:DdmNodeGroup":
      return [inputs["instanceId"], inputs["groupId"]].filter((part) => part !== undefined).join("/");
    default:
      return applicationKey(inputs as ApplicationStateInputs);
  }
}
