// The functions of Tencent Cloud.
import type { ProviderFunction } from "../core/function";
import { getDlcEngines, getDlcImageVersions } from "./dlc/functions";
import { getEmrCluster, getEmrClusters } from "./emr/functions/clusters";
import { getEmrNodes } from "./emr/functions/nodes";
import { getEmrScaleOutPrice } from "./emr/functions/price";
import { getEmrProcesses, getEmrServices } from "./emr/functions/services";

// They are reached by token with whatever is sent, so that their types end here.
export const functions = [
  getEmrClusters,
  getEmrCluster,
  getEmrNodes,
  getEmrServices,
  getEmrProcesses,
  getEmrScaleOutPrice,
  getDlcEngines,
  getDlcImageVersions,
] as unknown as readonly ProviderFunction[];
