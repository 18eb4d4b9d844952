// Errors as the Tencent Cloud gateway, EMR and DLC report them.

/** Becomes `Response.Error`. Without a message the vendor's text for the code is used. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message?: string) {
    super(message ?? vendorText(code));
    this.code = code;
  }
}

const texts: Record<string, string> = {
  "AuthFailure.InvalidAuthorization":
    "The `Authorization` header in the request does not comply with the Tencent Cloud standard.",
  "AuthFailure.SecretIdNotFound": "The SecretId is not found, please ensure that your SecretId is correct.",
  "AuthFailure.SignatureExpire":
    "The provided timestamp is too far from the current time; the signature has expired.",
  "AuthFailure.SignatureFailure":
    "The provided credentials could not be validated. Please check your signature is correct.",
  "AuthFailure.TokenFailure": "The provided token is invalid.",
  "FailedOperation.AnotherProcessRunning": "Another operation is in progress. Please try again later.",
  "FailedOperation.AnotherRequestProcessing": "Another request is being processed. Try again later.",
  "FailedOperation.DuplicateOrderNotAllowed": "Duplicate order. Please check the EMR console.",
  "FailedOperation.NoPermissionToUseTheDataEngine":
    "The user does not have permission to specify the engine.",
  "FailedOperation.NotSupportPod": "Operation failed. The pods are not supported.",
  "InternalError.CheckQuotaErr": "Insufficient CVM or CBS resources, or invalid software.",
  "InternalError.InternalSystemException":
    "The business system is abnormal. Please try again or submit a ticket to contact us.",
  "InvalidParameter.DataEngineExecTypeNotMatch":
    "The parameter ExecType passing to the specified cluster is invalid. Currently, only SQL or BATCH is supported.",
  "InvalidParameter.DataEnginePayModeTypeNotMatch":
    "The specified cluster payment type does not match. Currently, it only supports 0: postpaid and 1: prepaid.",
  "InvalidParameter.DisplayStrategyNotMatch": "The DisplayStrategy parameter is invalid.",
  "InvalidParameter.ImageClusterParametersFormatNotJson":
    "The specified cluster image Cluster parameter format is not JSON.",
  "InvalidParameter.ImageEngineTypeNotMatch":
    "The specified engine type does not match. Currently, only SparkSQL, PrestoSQL, and SparkBatch are supported.",
  "InvalidParameter.ImageIsPublicNotMatch":
    "The specified isPublic does not match. Currently, it only supports 1: public and 2: private.",
  "InvalidParameter.ImageParameterNotFound": "The specified cluster image parameter does not exist.",
  "InvalidParameter.ImageSessionParametersFormatNotJson":
    "The specified cluster image Session parameter format is not JSON.",
  "InvalidParameter.ImageStateNotMatch":
    "The specified state does not match. Currently, it only supports 1: initializing, 2: online, 3: offline.",
  "InvalidParameter.ImageUserRecordsTypeNotMatch":
    "The specified cluster image UserRecords does not match. Currently, it only supports: 1: parentVersion; 2: childVersion; 3: pySpark.",
  "InvalidParameter.InstanceInProcess": "Instances are in other processes.",
  "InvalidParameter.InvalidClickHouseCluster": "Invalid ClickHouse cluster.",
  "InvalidParameter.InvalidClientToken": "Invalid ClientToken.",
  "InvalidParameter.InvalidCoreCount": "The number of core nodes is invalid.",
  "InvalidParameter.InvalidCount": "The count must be greater than 0.",
  "InvalidParameter.InvalidCountNum": "A scale-out request only applies to task nodes or core nodes.",
  "InvalidParameter.InvalidCustomizedPodParam": "Error message: Invalid PodParameter.",
  "InvalidParameter.InvalidInstanceName": "Invalid cluster name.",
  "InvalidParameter.InvalidJobFlow": "Invalid process task.",
  "InvalidParameter.InvalidNodeFlag": "The NodeFlag parameter is invalid.",
  "InvalidParameter.InvalidNodeType": "Invalid node type.",
  "InvalidParameter.InvalidPaymode": "Invalid billing mode.",
  "InvalidParameter.InvalidResourceIds": "Invalid resource ID.",
  "InvalidParameter.InvalidResourceSpec": "Invalid resource specification.",
  "InvalidParameter.InvalidServiceNodeInfo": "The ServiceNodeInfo parameter is invalid or incorrect.",
  "InvalidParameter.InvalidSoftDeployInfo": "The InvalidSoftDeployInfo parameter is invalid or incorrect.",
  "InvalidParameter.InvalidSubnetId": "Invalid subnet ID.",
  "InvalidParameter.InvalidTaskCount": "The number of task nodes cannot exceed 20.",
  "InvalidParameter.InvalidTimeSpan": "Invalid timespan.",
  "InvalidParameter.InvalidTimeUnit": "Invalid TimeUnit.",
  "InvalidParameter.InvalidZone": "Invalid availability zone.",
  "InvalidParameter.OrderFieldNotMatch": "The OrderField parameter is invalid.",
  "InvalidParameter.ParameterNotFoundOrBeNone": "The parameter is not found or empty.",
  "ResourceInUse.InstanceInProcess": "The instance is under workflow.",
  "ResourceInsufficient.InstanceInsufficient": "The node specification is unsupported or has been sold out.",
  "ResourceNotFound.ClusterNotFound": "The instance was not found.",
  "ResourceNotFound.CvmInstanceNotFound": "The CVM instance was not found.",
  "ResourceNotFound.DataEngineConfigInstanceNotFound":
    "The specified cluster configuration instance does not exist.",
  "ResourceNotFound.DataEngineConfigInstanceNotUnique":
    "The specified cluster configuration instance already exists.",
  "ResourceNotFound.DataEngineNotActivity": "The specified cluster is not running.",
  "ResourceNotFound.DataEngineNotFound": "The specified engine does not exist.",
  "ResourceNotFound.DataEngineNotMultiVersion":
    "The specified cluster is not a multi-version type and does not support this operation.",
  "ResourceNotFound.DataEngineNotRunning": "The specified engine is not running.",
  "ResourceNotFound.ImageSessionConfigNotFound":
    "The specified cluster image Session configuration does not exist.",
  "ResourceNotFound.ImageSessionConfigNotUnique":
    "The specified cluster image Session configuration already exists.",
  "ResourceNotFound.ImageVersionNotActivity": "The specified cluster image is not activated.",
  "ResourceNotFound.ImageVersionNotFound": "The specified cluster image version does not exist.",
  "ResourceNotFound.InstanceNotFound": "The instance was not found.",
  "ResourceNotFound.ResourceNotFound": "The resource was not found.",
  "ResourceNotFound.SubnetNotFound": "The subnet was not found.",
  "ResourceNotFound.TagsNotFound": "No specified tag found.",
  "ResourceUnavailable.ResourceSpecNotDefaultSpec": "There is no default value of the current resource spec.",
  "ResourcesSoldOut.CvmSoldOut": "CVM instances have been sold out.",
  "UnsupportedOperation.ServiceNotSupport": "This operation is not supported.",
};

const classTexts: Record<string, string> = {
  AuthFailure: "CAM signature/authentication error.",
  FailedOperation: "Operation failed.",
  InternalError: "An error occurred while calling another service API.",
  InvalidParameter: "Invalid parameter.",
  RequestLimitExceeded: "Your current request times exceed the limit, please slow down.",
  ResourceInUse: "The resource is in use.",
  ResourceInsufficient: "Insufficient resource.",
  ResourceNotFound: "The resource does not exist.",
  ResourcesSoldOut: "The resources have been sold out.",
  UnauthorizedOperation: "Unauthorized operation.",
  UnsupportedOperation: "Unsupported operation.",
};

function vendorText(code: string): string {
  return texts[code] ?? classTexts[code.split(".")[0] ?? ""] ?? code;
}
