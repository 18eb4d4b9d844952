// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./functions";
import type * as plugin from "./plugin/tencent";

export type { GetEmrClustersArgs, GetEmrClustersOutputArgs, GetEmrClustersResult, GetEmrClusterArgs, GetEmrClusterOutputArgs, GetEmrClusterResult, GetEmrNodesArgs, GetEmrNodesOutputArgs, GetEmrNodesResult, GetEmrServicesArgs, GetEmrServicesOutputArgs, GetEmrServicesResult, GetEmrProcessesArgs, GetEmrProcessesOutputArgs, GetEmrProcessesResult, GetEmrScaleOutPriceArgs, GetEmrScaleOutPriceOutputArgs, GetEmrScaleOutPriceResult, GetDlcEnginesArgs, GetDlcEnginesOutputArgs, GetDlcEnginesResult, GetDlcImageVersionsArgs, GetDlcImageVersionsOutputArgs, GetDlcImageVersionsResult } from "./plugin/tencent";

/**
 * The Tencent Cloud EMR clusters of a region, in all projects of the account, except those that are destroyed.
 *
 * See `docs/functions.md`.
 */
export function getEmrClusters(args: plugin.GetEmrClustersArgs = {}): Promise<plugin.GetEmrClustersResult> {
  return ask("tencent:getEmrClusters", args);
}

/** {@link getEmrClusters} with arguments that may be outputs: not asked before they are known. */
export function getEmrClustersOutput(
  args: plugin.GetEmrClustersOutputArgs = {},
): pulumi.Output<plugin.GetEmrClustersResult> {
  return askOutput("tencent:getEmrClusters", args);
}

/**
 * One Tencent Cloud EMR cluster, and how many nodes of each role it has.
 *
 * See `docs/functions.md`.
 */
export function getEmrCluster(args: plugin.GetEmrClusterArgs): Promise<plugin.GetEmrClusterResult> {
  return ask("tencent:getEmrCluster", args);
}

/** {@link getEmrCluster} with arguments that may be outputs: not asked before they are known. */
export function getEmrClusterOutput(
  args: plugin.GetEmrClusterOutputArgs,
): pulumi.Output<plugin.GetEmrClusterResult> {
  return askOutput("tencent:getEmrCluster", args);
}

/**
 * The nodes of a Tencent Cloud EMR cluster, or those of one role.
 *
 * See `docs/functions.md`.
 */
export function getEmrNodes(args: plugin.GetEmrNodesArgs): Promise<plugin.GetEmrNodesResult> {
  return ask("tencent:getEmrNodes", args);
}

/** {@link getEmrNodes} with arguments that may be outputs: not asked before they are known. */
export function getEmrNodesOutput(
  args: plugin.GetEmrNodesOutputArgs,
): pulumi.Output<plugin.GetEmrNodesResult> {
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
export function getEmrServices(args: plugin.GetEmrServicesArgs): Promise<plugin.GetEmrServicesResult> {
  return ask("tencent:getEmrServices", args);
}

/** {@link getEmrServices} with arguments that may be outputs: not asked before they are known. */
export function getEmrServicesOutput(
  args: plugin.GetEmrServicesOutputArgs,
): pulumi.Output<plugin.GetEmrServicesResult> {
  return askOutput("tencent:getEmrServices", args);
}

/**
 * The processes of a service of a Tencent Cloud EMR cluster, and whether they run, as `tencent.EmrServiceState` tells them.
 *
 * A service without processes is an error: it is not installed, is spelled otherwise, or consists of clients only.
 *
 * See `docs/functions.md`.
 */
export function getEmrProcesses(args: plugin.GetEmrProcessesArgs): Promise<plugin.GetEmrProcessesResult> {
  return ask("tencent:getEmrProcesses", args);
}

/** {@link getEmrProcesses} with arguments that may be outputs: not asked before they are known. */
export function getEmrProcessesOutput(
  args: plugin.GetEmrProcessesOutputArgs,
): pulumi.Output<plugin.GetEmrProcessesResult> {
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
export function getEmrScaleOutPrice(args: plugin.GetEmrScaleOutPriceArgs): Promise<plugin.GetEmrScaleOutPriceResult> {
  return ask("tencent:getEmrScaleOutPrice", args);
}

/** {@link getEmrScaleOutPrice} with arguments that may be outputs: not asked before they are known. */
export function getEmrScaleOutPriceOutput(
  args: plugin.GetEmrScaleOutPriceOutputArgs,
): pulumi.Output<plugin.GetEmrScaleOutPriceResult> {
  return askOutput("tencent:getEmrScaleOutPrice", args);
}

/**
 * The Tencent Cloud DLC engines of a region, of all kinds, or the one of a name.
 *
 * See `docs/functions.md`.
 */
export function getDlcEngines(args: plugin.GetDlcEnginesArgs = {}): Promise<plugin.GetDlcEnginesResult> {
  return ask("tencent:getDlcEngines", args);
}

/** {@link getDlcEngines} with arguments that may be outputs: not asked before they are known. */
export function getDlcEnginesOutput(
  args: plugin.GetDlcEnginesOutputArgs = {},
): pulumi.Output<plugin.GetDlcEnginesResult> {
  return askOutput("tencent:getDlcEngines", args);
}

/**
 * The image versions on offer for a Tencent Cloud DLC engine.
 *
 * See `docs/functions.md`.
 */
export function getDlcImageVersions(args: plugin.GetDlcImageVersionsArgs = {}): Promise<plugin.GetDlcImageVersionsResult> {
  return ask("tencent:getDlcImageVersions", args);
}

/** {@link getDlcImageVersions} with arguments that may be outputs: not asked before they are known. */
export function getDlcImageVersionsOutput(
  args: plugin.GetDlcImageVersionsOutputArgs = {},
): pulumi.Output<plugin.GetDlcImageVersionsResult> {
  return askOutput("tencent:getDlcImageVersions", args);
}
