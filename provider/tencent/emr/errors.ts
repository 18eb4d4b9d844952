// What EMR's error codes mean, and what to do about each. The codes of refused parameters are in emrInputErrors.ts.

import {
  all,
  busy,
  type Codes,
  type ErrorClass,
  fixInput,
  gone,
  permission,
  refused,
  server,
  soldOut,
} from "../errorClass";
import { emrInputCodes } from "./inputErrors";

const noStock = soldOut(
  "Choose another zone, or register a default node spec that has stock in the EMR console, then run again.",
);
const held = busy("Another workflow holds the cluster: wait for its end, or look at it in the EMR console.");
const noCluster = gone("Check `clusterId` and the region.");
const noNode = gone("Run `pulumi refresh`: the node does not exist any more.");
const console = refused("Look at the cluster in the EMR console, then run again.");
const noService = fixInput("Check `service` against the services of the cluster.");
const noPodRoom = soldOut(
  "Give the TKE cluster more room, or lower `cpu` and `memory` in `podSpec`, or `count`.",
);

/** Every code of ScaleOutInstance, those of the calls that shrink, list, price and follow, and what may concern them. */
export const emrCodes: Codes = {
  ...emrInputCodes,
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
  // In no table, but in a published example.
  "FailedOperation.FlowRejected": held,
  "FailedOperation.DBException": server("EMR's database"),
  "FailedOperation.DescribeResourceTagsFailed": server("the tag service"),
  "FailedOperation.GetCvmConfigQuotaFailed": server("the spec and quota service"),
  "FailedOperation.GetCvmServerFailed": server("the virtual machine service"),
  "FailedOperation.GetCamRoleFailed": server("the permission service"),
  "FailedOperation.GetCamServerFailed": server("the permission service"),
  "FailedOperation.GetTradeServerFailed": server("the price service"),
  "FailedOperation.InsufficientAccountBalance": soldOut("Top up the account, then run again."),
  "FailedOperation.NotAuthenticated": permission(
    "Finish the account's real-name verification, and grant the action to the credentials' user or role (CAM).",
  ),
  "FailedOperation.NotSupportPod": fixInput(
    "This cluster takes no pods: leave `hardwareResourceType` out or set it to HOST.",
  ),
  "FailedOperation.RefundCvmFailed": server("the refund service"),
  InternalError: server("the EMR service"),
  ...all("InternalError", ["AccountCgwError"], server("the account service")),
  ...all("InternalError", ["CamCgwError", "CamError"], server("the permission service")),
  ...all("InternalError", ["CbsCgwError", "CbsError"], server("the disk service")),
  ...all("InternalError", ["CdbCgwError", "CdbError"], server("the database service")),
  // A matter of stock, in spite of its class: the vendor's text is "insufficient CVM or CBS resources, or invalid software".
  "InternalError.CheckQuotaErr": soldOut(
    "Register another default node spec in the EMR console, choose another `zoneId`, ask for a higher CVM quota, or check `softDeployInfo`.",
  ),
  "InternalError.ConfigCgwError": server("the configuration service"),
  "InternalError.CvmError": server("the virtual machine service"),
  "InternalError.DBQueryException": server("EMR's database"),
  "InternalError.EKSError": server("the EKS service"),
  "InternalError.KmsError": server("the key service"),
  "InternalError.ProjectCgwError": server("the project service"),
  "InternalError.SgError": server("the security group service"),
  "InternalError.TKEError": server("the TKE service"),
  "InternalError.TagError": server("the tag service"),
  "InternalError.TradeCgwError": server("the billing service"),
  ...all("InternalError", ["VpcCgwError", "VpcError"], server("the network service")),
  "InternalError.WoodServerError": server("the node agent service"),
  // In no table; the vendor's other clients take it for this.
  "InternalError.ClusterNotFound": noCluster,
  LimitExceeded: soldOut("Lower `count`, or ask for a higher quota."),
  ...all(
    "LimitExceeded",
    ["PodCpuLimitExceededAvailableCpu", "PodMemoryLimitExceededAvailableMemory"],
    noPodRoom,
  ),
  "LimitExceeded.RequestBacklogExceedsLimit": {
    kind: "throttled",
    advice: "EMR has a backlog of requests: run again later.",
  },
  "LimitExceeded.SecurityGroupNumLimitExceeded": soldOut(
    "Remove security groups that nobody needs, or ask for a higher quota of them.",
  ),
  "ResourceInUse.InstanceInProcess": held,
  ResourceInsufficient: noStock,
  "ResourceInsufficient.DiskInsufficient": soldOut(
    "Register a default node spec with other disks in the EMR console, or choose another zone, then run again.",
  ),
  "ResourceInsufficient.InstanceInsufficient": noStock,
  ResourcesSoldOut: noStock,
  "ResourcesSoldOut.CbsSoldOut": noStock,
  "ResourcesSoldOut.CvmSoldOut": noStock,
  ...all("ResourceNotFound", ["ClusterNotFound", "InstanceNotFound"], noCluster),
  // Parts of a cluster. None of them says that the cluster is gone.
  ...all(
    "ResourceNotFound",
    ["CDBInfoNotFound", "CvmInstanceNotFound", "HardwareInfoNotFound", "ResourceNotFound"],
    console,
  ),
  ...all("ResourceNotFound", ["ServiceConfNotFound", "ServiceGroupNotFound"], noService),
  "ResourceNotFound.ServiceNodeNotFound": fixInput(
    "Check `components` and `nodeIps` against the processes of the service.",
  ),
  "ResourceNotFound.SubnetNotFound": fixInput("Check `subnetId`."),
  "ResourceNotFound.TKEPreconditionNotFound": fixInput(
    "Install the components that EMR needs on the TKE cluster first.",
  ),
  "ResourceNotFound.TagsNotFound": fixInput(
    "Create the keys and values of `tags` in the tag service first: nodes may only carry tags that exist.",
  ),
  "ResourceUnavailable.NotSupportClusterType": refused("Use another cluster: this kind does not allow it."),
  "ResourceUnavailable.NotSupportNodeType": refused(
    "Check `role`: the cloud does not allow it for such nodes.",
  ),
  "ResourceUnavailable.NotSupportResourceType": refused(
    "Check `hardwareResourceType`: the cloud does not allow it for such nodes.",
  ),
  "UnauthorizedOperation.AppIdMismatched": permission(
    "Use the credentials of the account that owns the cluster.",
  ),
  "UnauthorizedOperation.CheckCamAuth": permission(
    "Grant the action on the cluster to the credentials' user or role in access management (CAM).",
  ),
  UnsupportedOperation: refused(
    "Check in the EMR console that the cluster and its nodes allow the operation.",
  ),
  "UnsupportedOperation.NotInWhiteList": refused("Ask Tencent Cloud to allow the feature for the account."),
  "UnsupportedOperation.ServiceNotSupport": refused(
    "Choose another `service`: those of clients only neither run nor stop.",
  ),
};

const removal: Codes = all("ResourceNotFound", ["CvmInstanceNotFound", "ResourceNotFound"], noNode);

/** Where a code means something else for one action: what is asked for by id and is missing has gone. */
export const emrCodesByAction: Readonly<Record<string, Readonly<Record<string, ErrorClass>>>> = {
  TerminateClusterNodes: removal,
  TerminateTasks: removal,
};
