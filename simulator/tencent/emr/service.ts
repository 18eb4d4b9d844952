import { ApiError } from "../errors";
import type { Cluster } from "./cluster";
import { serviceNames } from "./components";
import type { EmrWorld } from "./world";

/** Throws unless the cluster has the service and the service has something to show or to operate on. */
export function requireService(name: string, cluster: Cluster, world: EmrWorld): void {
  const known = serviceNames(cluster).includes(name);
  const clientsOnly = world.processes(cluster.clusterId, { service: name }).length === 0;
  if (!known || (clientsOnly && world.settings.clientsOnlyServices === "notSupported")) {
    throw new ApiError("UnsupportedOperation.ServiceNotSupport", `The service ${name} is not supported.`);
  }
}
