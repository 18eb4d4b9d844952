// By which id what a resource is about would be imported: what makes two resources be about the same thing.
import { containsUnknown } from "../provider/schema";
import type { Change } from "./summary";

/** Undefined while it is not known. */
export function importIdOf({ type, inputs }: Change): string | undefined {
  if (containsUnknown(inputs)) return undefined;
  const text = (name: string) => inputs[name] as string | undefined;
  const texts = (name: string) => (inputs[name] as string[] | undefined)?.join("+");
  const joined = (...parts: (string | undefined)[]) => parts.filter((part) => part !== undefined).join("/");
  switch (type) {
    case "tencent:EmrNodePool":
      return joined(text("clusterId"), text("role"), text("poolId"));
    case "tencent:EmrServiceState": {
      const ips = texts("nodeIps");
      const components = texts("components");
      if (ips !== undefined && components === undefined) return undefined;
      return joined(
        text("clusterId"),
        text("service"),
        ips === undefined ? components : `${components}@${ips}`,
      );
    }
    case "tencent:DlcEngineImage":
      return text("dataEngineId");
    case "huawei:DdmNodeGroup":
      return joined(text("instanceId"), text("groupId"));
    default:
      return joined(text("clusterId"), text("application"), texts("components"), text("releaseName"));
  }
}
