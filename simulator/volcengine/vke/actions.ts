// The actions by version and name.
import type { Action, Version } from "./action";
import { GetOperation } from "./v20231230/GetOperation";
import { GetVirtualCluster } from "./v20231230/GetVirtualCluster";
import { ListApplications } from "./v20231230/ListApplications";
import { ListVirtualClusters } from "./v20231230/ListVirtualClusters";
import { RunApplicationAction } from "./v20231230/RunApplicationAction";
import { ListComponentInstances } from "./v20240613/ListComponentInstances";
import { ListConfigs } from "./v20240613/ListConfigs";
import { ListOperations } from "./v20240613/ListOperations";
import { RebootComponentInstance } from "./v20240613/RebootComponentInstance";

/** The newer version's answers to these are not published; they are taken to be the older one's. */
const inBoth = { GetOperation, GetVirtualCluster, ListApplications, ListVirtualClusters };

export const vkeActions: Record<Version, Record<string, Action>> = {
  "2023-12-30": { ...inBoth, RunApplicationAction },
  "2024-06-13": {
    ...inBoth,
    ListComponentInstances,
    ListConfigs,
    ListOperations,
    RebootComponentInstance,
  },
};
