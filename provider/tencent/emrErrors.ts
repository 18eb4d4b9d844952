// What EMR's error codes mean, and what to do about each.
import { fixInput, type Meaning, server } from "./meaning";

export const soldOutAdvice =
  "Choose another zone, or register a default node spec that has stock in the EMR console, then run again.";

/** Every code in the table of ScaleOutInstance, and those of the calls that shrink, list, price and follow. */
export const emrCodes: Readonly<Record<string, Meaning>> = {
  FailedOperation: {
    kind: "server",
    advice: "Look at the cluster in the EMR console; nothing is sent again before it is known what happened.",
  },
  "FailedOperation.CheckIfSupportPodStretch": fixInput(
    "Check that the TKE or EKS cluster in `podSpec` is ready for EMR pods.",
  ),
  "FailedOperation.DuplicateOrderNotAllowed": {
    kind: "duplicate",
    advice: "An equal order is in progress already; its nodes are looked for instead of buying again.",
  },
  "FailedOperation.FlowRejected": { kind: "busy", advice: "Another workflow holds the cluster." },
  "FailedOperation.GetCvmConfigQuotaFailed": server("the spec and quota service"),
  "FailedOperation.GetCvmServerFailed": server("the virtual machine service"),
  "FailedOperation.GetCamRoleFailed": server("the permission service"),
  "FailedOperation.GetCamServerFailed": server("the permission service"),
  "FailedOperation.InsufficientAccountBalance": {
    kind: "soldOut",
    advice: "Top up the account, then run again.",
  },
  "FailedOperation.NotAuthenticated": {
    kind: "permission",
    advice: "Finish the account's real-name verification.",
  },
  "FailedOperation.NotSupportPod": fixInput(
    "This cluster takes no pods: leave `hardwareResourceType` out or set it to HOST.",
  ),
  "UnsupportedOperation.ServiceNotSupport": {
    kind: "refused",
    advice: "This service cannot do that: services of clients only neither run nor stop.",
  },
  "UnauthorizedOperation.CheckCamAuth": {
    kind: "permission",
    advice: "Grant the action on the cluster to the credentials' user or role in access management (CAM).",
  },
  InternalError: server("the EMR service"),
  "InternalError.AccountCgwError": server("the account service"),
  "InternalError.CamCgwError": server("the permission service"),
  "InternalError.CamError": server("the permission service"),
  "InternalError.CbsCgwError": server("the disk service"),
  "InternalError.CbsError": server("the disk service"),
  "InternalError.CdbCgwError": server("the database service"),
  "InternalError.CdbError": server("the database service"),
  "InternalError.CheckQuotaErr": server("the quota service"),
  "InternalError.ConfigCgwError": server("the configuration service"),
  "InternalError.CvmError": server("the virtual machine service"),
  "InternalError.EKSError": server("the EKS service"),
  "InternalError.KmsError": server("the key service"),
  "InternalError.ProjectCgwError": server("the project service"),
  "InternalError.SgError": server("the security group service"),
  "InternalError.TKEError": server("the TKE service"),
  "InternalError.TagError": server("the tag service"),
  "InternalError.TradeCgwError": server("the billing service"),
  "InternalError.VpcCgwError": server("the network service"),
  "InternalError.VpcError": server("the network service"),
  "InternalError.WoodServerError": server("the node agent service"),
  "InternalError.ClusterNotFound": {
    kind: "gone",
    advice: "Check `clusterId` and the region.",
  },
  InvalidParameter: fixInput("Check the inputs against the documentation."),
  "InvalidParameter.AppIdResourceNotMatch": fixInput("The resource belongs to another account."),
  "InvalidParameter.InvalidAppId": fixInput("Check that the credentials belong to the cluster's account."),
  "InvalidParameter.InvalidClickHouseCluster": fixInput(
    "Check `clickHouseClusterName` and `clickHouseClusterType` against the cluster.",
  ),
  "InvalidParameter.InvalidClientToken": {
    kind: "duplicate",
    advice: "The token was used before; the nodes of that order are looked for instead of buying again.",
  },
  "InvalidParameter.InvalidClusterId": fixInput("Check `clusterId`."),
  "InvalidParameter.InvalidCoreCount": fixInput("Check `count` for the role core."),
  "InvalidParameter.InvalidCount": fixInput("The number of nodes to add must be greater than 0."),
  "InvalidParameter.InvalidCountNum": fixInput("One call adds nodes of one role only."),
  "InvalidParameter.InvalidCustomizedPodParam": fixInput("Check `podParameter`."),
  "InvalidParameter.InvalidEksInstance": fixInput("Check the EKS cluster in `podSpec`."),
  "InvalidParameter.InvalidInstanceName": fixInput("Check `clusterId`."),
  "InvalidParameter.InvalidJobFlow": fixInput("Check `clusterId`, and that this kind of cluster can do it."),
  "InvalidParameter.InvalidNodeFlag": fixInput("Check `role`."),
  "InvalidParameter.InvalidNodeType": fixInput("Check `role`."),
  "InvalidParameter.InvalidPaymode": fixInput("Check `payMode`: 0 is hourly, 1 is monthly."),
  "InvalidParameter.InvalidResourceIds": fixInput("Check the node ids."),
  "InvalidParameter.InvalidResourceSpec": fixInput("Check the cluster's default node spec for the role."),
  "InvalidParameter.InvalidRouterCount": fixInput("Check `count` for the role router."),
  "InvalidParameter.InvalidSercurityGrpupId": fixInput("Check the cluster's security group."),
  "InvalidParameter.InvalidServiceNodeInfo": fixInput(
    "Check `serviceNodeInfo` against the cluster's services.",
  ),
  "InvalidParameter.InvalidSoftDeployInfo": fixInput(
    "Check `softDeployInfo` against the cluster's services.",
  ),
  "InvalidParameter.InvalidSubnetId": fixInput("Check `subnetId`."),
  "InvalidParameter.InvalidTaskCount": fixInput("One call adds at most 20 task nodes."),
  "InvalidParameter.InvalidTimeSpan": fixInput("Check `timeSpan`: 3600 when hourly, months when monthly."),
  "InvalidParameter.InvalidTimeUnit": fixInput("Check `timeUnit`: `s` when hourly, `m` when monthly."),
  "InvalidParameter.InvalidTkeInstance": fixInput("Check the TKE cluster in `podSpec`."),
  "InvalidParameterValue.InvalidTkeInstance": fixInput("Check the TKE cluster in `podSpec`."),
  "InvalidParameter.InvalidZone": fixInput("Check `zoneId`."),
  "InvalidParameter.MoreMaxlimitNum": fixInput("Ask for fewer nodes."),
  "InvalidParameter.UngrantedRole": {
    kind: "permission",
    advice: "Grant the EMR service role in the console first.",
  },
  "ResourceInUse.InstanceInProcess": { kind: "busy", advice: "Another workflow holds the cluster." },
  "ResourceInsufficient.DiskInsufficient": { kind: "soldOut", advice: soldOutAdvice },
  "ResourceInsufficient.InstanceInsufficient": { kind: "soldOut", advice: soldOutAdvice },
  "ResourceNotFound.ClusterNotFound": { kind: "gone", advice: "Check `clusterId` and the region." },
  "ResourceNotFound.CvmInstanceNotFound": { kind: "gone", advice: "The node does not exist any more." },
  "ResourceNotFound.InstanceNotFound": { kind: "gone", advice: "Check `clusterId` and the region." },
  "ResourceNotFound.ResourceNotFound": { kind: "gone", advice: "The node does not exist any more." },
  "ResourceNotFound.SubnetNotFound": fixInput("Check `subnetId`."),
  "ResourceNotFound.TKEPreconditionNotFound": fixInput(
    "Install the components that EMR needs on the TKE cluster first.",
  ),
  "ResourceNotFound.TagsNotFound": fixInput(
    "A tag may have to exist in the tag service before nodes can carry it: create the keys and values first.",
  ),
  "ResourceUnavailable.ResourceSpecNotDefaultSpec": fixInput(
    "The cluster has no default node spec for this role, pay mode and zone: register one in the EMR console.",
  ),
  ResourcesSoldOut: { kind: "soldOut", advice: soldOutAdvice },
  "ResourcesSoldOut.CbsSoldOut": { kind: "soldOut", advice: soldOutAdvice },
  "ResourcesSoldOut.CvmSoldOut": { kind: "soldOut", advice: soldOutAdvice },
};
