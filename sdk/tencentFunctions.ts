// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as types from "./tencentTypes";

/**
 * The Tencent Cloud EMR clusters of a region, in all projects of the account, except those that are destroyed.
 *
 * See `docs/functions.md`.
 */
export function getEmrClusters(args: types.GetEmrClustersArgs = {}): Promise<types.GetEmrClustersResult> {
  return ask("tencent:getEmrClusters", args);
}

/** {@link getEmrClusters} with arguments that may be outputs: not asked before they are known. */
export function getEmrClustersOutput(
  args: types.GetEmrClustersOutputArgs = {},
): pulumi.Output<types.GetEmrClustersResult> {
  return askOutput("tencent:getEmrClusters", args);
}

/**
 * One Tencent Cloud EMR cluster, and how many nodes of each role it has.
 *
 * See `docs/functions.md`.
 */
export function getEmrCluster(args: types.GetEmrClusterArgs): Promise<types.GetEmrClusterResult> {
  return ask("tencent:getEmrCluster", args);
}

/** {@link getEmrCluster} with arguments that may be outputs: not asked before they are known. */
export function getEmrClusterOutput(
  args: types.GetEmrClusterOutputArgs,
): pulumi.Output<types.GetEmrClusterResult> {
  return askOutput("tencent:getEmrCluster", args);
}

/**
 * The nodes of a Tencent Cloud EMR cluster, or those of one role.
 *
 * See `docs/functions.md`.
 */
export function getEmrNodes(args: types.GetEmrNodesArgs): Promise<types.GetEmrNodesResult> {
  return ask("tencent:getEmrNodes", args);
}

/** {@link getEmrNodes} with arguments that may be outputs: not asked before they are known. */
export function getEmrNodesOutput(
  args: types.GetEmrNodesOutputArgs,
): pulumi.Output<types.GetEmrNodesResult> {
  return askOutput("tencent:getEmrNodes", args);
}

/**
 * The services that are installed on a Tencent Cloud EMR cluster, with their components.
 *
 * EMR has no call that lists services with components: the services are those in the cluster's description, and each is
 * asked for its processes.
 *
 * See `docs/functions.md`.
 */
export function getEmrServices(args: types.GetEmrServicesArgs): Promise<types.GetEmrServicesResult> {
  return ask("tencent:getEmrServices", args);
}

/** {@link getEmrServices} with arguments that may be outputs: not asked before they are known. */
export function getEmrServicesOutput(
  args: types.GetEmrServicesOutputArgs,
): pulumi.Output<types.GetEmrServicesResult> {
  return askOutput("tencent:getEmrServices", args);
}

/**
 * The processes of a service of a Tencent Cloud EMR cluster, and whether they run, as `tencent.EmrServiceState` tells them.
 *
 * A service without processes is an error: it is not installed, is spelled otherwise, or consists of clients only.
 *
 * See `docs/functions.md`.
 */
export function getEmrProcesses(args: types.GetEmrProcessesArgs): Promise<types.GetEmrProcessesResult> {
  return ask("tencent:getEmrProcesses", args);
}

/** {@link getEmrProcesses} with arguments that may be outputs: not asked before they are known. */
export function getEmrProcessesOutput(
  args: types.GetEmrProcessesOutputArgs,
): pulumi.Output<types.GetEmrProcessesResult> {
  return askOutput("tencent:getEmrProcesses", args);
}

/**
 * What more nodes of one role of a Tencent Cloud EMR cluster would cost. Nothing is bought.
 *
 * The nodes are of the machine type that is registered in the cluster as the role's default. It is also a test: where there
 * is no such default, or no stock, the function fails with the cloud's word for it.
 *
 * See `docs/functions.md`.
 */
export function getEmrScaleOutPrice(args: types.GetEmrScaleOutPriceArgs): Promise<types.GetEmrScaleOutPriceResult> {
  return ask("tencent:getEmrScaleOutPrice", args);
}

/** {@link getEmrScaleOutPrice} with arguments that may be outputs: not asked before they are known. */
export function getEmrScaleOutPriceOutput(
  args: types.GetEmrScaleOutPriceOutputArgs,
): pulumi.Output<types.GetEmrScaleOutPriceResult> {
  return askOutput("tencent:getEmrScaleOutPrice", args);
}

/**
 * The Tencent Cloud DLC engines of a region, of all kinds, or the one of a name.
 *
 * See `docs/functions.md`.
 */
export function getDlcEngines(args: types.GetDlcEnginesArgs = {}): Promise<types.GetDlcEnginesResult> {
  return ask("tencent:getDlcEngines", args);
}

/** {@link getDlcEngines} with arguments that may be outputs: not asked before they are known. */
export function getDlcEnginesOutput(
  args: types.GetDlcEnginesOutputArgs = {},
): pulumi.Output<types.GetDlcEnginesResult> {
  return askOutput("tencent:getDlcEngines", args);
}

/**
 * The image versions on offer for a Tencent Cloud DLC engine.
 *
 * See `docs/functions.md`.
 */
export function getDlcImageVersions(args: types.GetDlcImageVersionsArgs = {}): Promise<types.GetDlcImageVersionsResult> {
  return ask("tencent:getDlcImageVersions", args);
}

/** {@link getDlcImageVersions} with arguments that may be outputs: not asked before they are known. */
export function getDlcImageVersionsOutput(
  args: types.GetDlcImageVersionsOutputArgs = {},
): pulumi.Output<types.GetDlcImageVersionsResult> {
  return askOutput("tencent:getDlcImageVersions", args);
}
