// What EMR's codes for refused parameters mean. Where the vendor's text is "parameter error", the code's name tells.
import { all, bug, type Codes, fixInput, permission, refused } from "../errorClass";

const inputs = fixInput("Check the inputs against the documentation.");
const defaultSpec = fixInput(
  "Register a default node spec for this `role`, `payMode` and `zoneId` in the EMR console, then run again.",
);
const nodeIds = fixInput(
  "A node is gone or has another `role`: run `pulumi refresh`, look at the preview, then run again.",
);
const services = fixInput("Check `softDeployInfo` and `serviceNodeInfo` against the cluster's services.");
const scripts = fixInput("Check `preExecutedFileSettings`: where the scripts are, and how they are run.");
const disks = fixInput(
  "Check the disks of the default node spec for this `role` in the EMR console: a new node cannot have them.",
);
const account = fixInput("Use the credentials of the account that owns the cluster.");
const tke = fixInput("Check the TKE cluster in `podSpec`: it must exist, and be ready for EMR.");
const pods = fixInput("Check `podSpec` against the TKE or EKS cluster.");

export const emrInputCodes: Codes = {
  InvalidParameter: inputs,
  InvalidParameterValue: inputs,
  ...all("InvalidParameter", ["AppIdResourceNotMatch", "InvalidAppId"], account),
  // The cluster.
  ...all("InvalidParameter", ["InvalidClusterId", "InvalidInstanceName"], fixInput("Check `clusterId`.")),
  "InvalidParameter.InvalidInstance": fixInput("Check `clusterId`: this kind of cluster does not allow it."),
  "InvalidParameter.InvalidJobFlow": fixInput("Check `clusterId`, and that this kind of cluster can do it."),
  "InvalidParameter.InvalidProduct": refused(
    "The cluster's EMR version does not allow it: use a cluster of a newer version.",
  ),
  "InvalidParameter.InvalidRegion": fixInput("Check `region`, or bigdata:tencentRegion."),
  "InvalidParameter.InvalidSercurityGrpupId": fixInput(
    "Check the cluster's security group in the EMR console: it may be gone.",
  ),
  "InvalidParameter.InvalidVpcId": fixInput("Check the cluster's network (VPC) in the EMR console."),
  "InvalidParameter.InvalidClickHouseCluster": fixInput(
    "Check `clickHouseClusterName` and `clickHouseClusterType` against the cluster.",
  ),
  // How many nodes, and of which kind.
  "InvalidParameter.InvalidCoreCount": fixInput("Check `count` for the role core."),
  "InvalidParameter.IncorrectMasterCount": fixInput("Check `count` for the role master."),
  "InvalidParameter.InvalidRouterCount": fixInput("Check `count` for the role router."),
  "InvalidParameter.InvalidTaskCount": fixInput(
    "Lower `count`: the cloud does not take that many task nodes.",
  ),
  "InvalidParameter.LessTaskCount": fixInput("Raise `count`: the cluster must have more task nodes."),
  "InvalidParameter.InvalidNodeCount": fixInput("Check `count`."),
  "InvalidParameter.InvalidPodNum": fixInput("Check `count`: the cloud does not take this number of pods."),
  "InvalidParameter.MoreMaxlimitNum": fixInput(
    "Lower `count`, or ask for a higher quota of virtual machines (CVM).",
  ),
  "InvalidParameter.InvalidCount": fixInput("Check `count`: it must be greater than the pool has nodes."),
  "InvalidParameter.InvalidCountNum": fixInput("Check `count` and `role`: one order is for one role."),
  "InvalidParameter.InvalidNodeFlag": fixInput("Check `role`: nodes of it cannot be removed in this way."),
  ...all("InvalidParameter", ["InvalidResourceId", "InvalidResourceIds"], nodeIds),
  // How they are billed, and what machines they are.
  ...all(
    "InvalidParameter",
    ["InvalidInstanceChargeType", "InvalidPaymode"],
    fixInput("Check `payMode`: `0` is hourly, `1` is monthly, which not every edition has."),
  ),
  "InvalidParameter.InvalidTimeSpan": fixInput("Check `timeSpan`: 3600 when hourly, months when monthly."),
  "InvalidParameter.InvalidTimeUnit": fixInput("Check `timeUnit`: `s` when hourly, `m` when monthly."),
  ...all("InvalidParameter", ["InvalidAutoRenew", "InvalidRenewFlag"], fixInput("Check `autoRenew`.")),
  ...all(
    "InvalidParameter",
    ["InvalidInstanceType", "InvalidModifySpec", "InvalidResourceSpec"],
    fixInput(
      "Check the default node spec for this `role` in the EMR console: it may not be on sale any more.",
    ),
  ),
  ...all(
    "InvalidParameter",
    ["InvalidCoreDiskType", "InvalidDiskNum", "InvalidDiskSize", "InvalidDiskType", "InvalidMasterDiskType"],
    disks,
  ),
  "InvalidParameter.PayModeResourceNotMatch": fixInput(
    "The default node spec for this `role` is not for this `payMode`: change `payMode`, or register another default in the EMR console.",
  ),
  "InvalidParameter.ZoneResourceNotMatch": fixInput(
    "Check that the subnet (`subnetId`) and the default node spec for this `role` are in the zone `zoneId`.",
  ),
  "InvalidParameter.ProjectResourceNotMatch": fixInput(
    "The subnet or another resource belongs to another project than the cluster: check `subnetId`.",
  ),
  "InvalidParameter.InvalidZone": fixInput("Check `zoneId`."),
  "InvalidParameter.InvalidSubnetId": fixInput("Check `subnetId`."),
  "InvalidParameter.InvalidTagsGroup": fixInput("Check `tags`: the keys and values, and how many there are."),
  // What runs on them.
  ...all(
    "InvalidParameter",
    [
      "InvalidParamterInvalidSoftInfo",
      "InvalidServiceNodeInfo",
      "InvalidSoftDeployInfo",
      "InvalidSoftInfo",
      "SoftwareNotInProducr",
      "SoftwareNotInProduct",
      "UnsatisfiedSoftDependecy",
    ],
    services,
  ),
  ...all(
    "InvalidParameter",
    [
      "InvalidBootstrapAction",
      "InvalidCosBucket",
      "InvalidCosFileURI",
      "InvalidFilePath",
      "InvalidPreExecutedFile",
      "InvalidScriptBootstrapActionConfig",
    ],
    scripts,
  ),
  ...all(
    "InvalidParameter",
    ["CpuType", "InvalidDynamicInstanceType", "InvalidVolumeType", "ResourceProviderType"],
    pods,
  ),
  "InvalidParameter.InvalidCustomizedPodParam": fixInput("Check `podParameter`."),
  "InvalidParameter.InvalidEksInstance": fixInput("Check the EKS cluster in `podSpec`."),
  "InvalidParameter.InvalidTkeInstance": tke,
  "InvalidParameterValue.InvalidTkeInstance": tke,
  // Services and their processes.
  "InvalidParameter.InvalidServiceName": fixInput("Check `service` against the services of the cluster."),
  "InvalidParameter.InvalidComponent": fixInput("Check `components` against the processes of the service."),
  "InvalidParameter.RestartServiceUnsupported": refused(
    "This service cannot be restarted: leave `restartTriggers` out.",
  ),
  // Who may.
  "InvalidParameter.UngrantedRole": permission(
    "Grant EMR its service role in the EMR console, then run again.",
  ),
  "InvalidParameter.UngrantedPolicy": permission(
    "Grant EMR's service role the policy that the message names, in access management (CAM).",
  ),
  // The provider's own choice: no input can mend them.
  ...all(
    "InvalidParameter",
    [
      "DisplayStrategyNotMatch",
      "InvalidFilterKey",
      "InvalidNodeType",
      "InvalidProjectId",
      "InvalidUinNum",
      "OrderFieldNotMatch",
    ],
    bug("This edition of the API does not take what the provider asks for"),
  ),
  "InvalidParameter.InvalidClientToken": {
    kind: "duplicate",
    advice: "The token was used before; the nodes of that order are looked for instead of buying again.",
  },
  // Codes of other classes that say the same.
  "ResourceUnavailable.ResourceSpecNotDefaultSpec": defaultSpec,
  ...all("ResourceNotFound", ["OptionalSpecFound", "SpecNotFound"], defaultSpec),
  "ResourceUnavailable.ResourceSpecNotExist": defaultSpec,
  "UnsupportedOperation.UnsupportedDiskType": disks,
  "LimitExceeded.BootstrapActionsNumLimitExceeded": fixInput("Give fewer `preExecutedFileSettings`."),
  "LimitExceeded.PodCpuLimitExceededNodeAvailableCpu": fixInput(
    "Lower `cpu` in `podSpec`: no node of the cluster has that many.",
  ),
};
