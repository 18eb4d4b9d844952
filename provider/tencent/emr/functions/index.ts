// The functions of EMR.
import { allOf } from "../../../core/function";
import { getEmrCluster, getEmrClusters } from "./clusters";
import { getEmrNodes } from "./nodes";
import { getEmrScaleOutPrice } from "./price";
import { getEmrProcesses, getEmrServices } from "./services";

export const functions = allOf([
  getEmrClusters,
  getEmrCluster,
  getEmrNodes,
  getEmrServices,
  getEmrProcesses,
  getEmrScaleOutPrice,
]);
