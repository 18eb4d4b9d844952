// One operation: what it was asked to do and how far it is.
import type { OperationState } from "../settings";

export type ActionName = "start" | "stop" | "restart";

export interface ConfigChange {
  file: string;
  key: string;
  value: string;
}

interface VkeTarget {
  application: string;
  component: string;
  /** `namespace/name` */
  instances: string[];
}

export interface VkeOperation {
  operationId: string;
  clusterId: string;
  region: string;
  actionName: ActionName;
  targets: VkeTarget[];
  configs: ConfigChange[];
  /** "console": somebody else's. */
  by: "caller" | "console";
  /** The request's ActionParams, for Content. */
  params: { Key: string; Value: string }[];
  state: OperationState;
  /** Why it failed. */
  reason: string | undefined;
  /** Simulator time in milliseconds, as are the next. */
  createTime: number;
  startTime: number | undefined;
  endTime: number | undefined;
}

/** For instance `default/raycluster-a`. */
export function fullName({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
