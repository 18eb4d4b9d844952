import { ApiError } from "../errors";

export function checkClusterId(clusterId: string): void {
  if (!/^emr-[a-z0-9-]+$/.test(clusterId)) throw new ApiError("InvalidParameter.InvalidInstanceName");
}
