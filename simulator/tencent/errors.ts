// Errors as the Tencent Cloud gateway and EMR report them.

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
  "FailedOperation.DuplicateOrderNotAllowed": "Duplicate order. Please check the EMR console.",
  "FailedOperation.NotSupportPod": "Operation failed. The pods are not supported.",
  "InternalError.CheckQuotaErr": "Failed to check the quota.",
  "InvalidParameter.DisplayStrategyNotMatch": "The DisplayStrategy parameter is invalid.",
  "InvalidParameter.InvalidClickHouseCluster": "Invalid ClickHouse cluster.",
  "InvalidParameter.InvalidClientToken": "Invalid ClientToken.",
  "InvalidParameter.InvalidCoreCount": "The number of core nodes is invalid.",
  "InvalidParameter.InvalidCount": "The count must be greater than 0.",
  "InvalidParameter.InvalidCountNum": "A scale-out request only applies to task nodes or core nodes.",
  "InvalidParameter.InvalidCustomizedPodParam": "Error message: Invalid PodParameter.",
  "InvalidParameter.InvalidInstanceName": "Invalid cluster name.",
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
  "ResourceInUse.InstanceInProcess": "The instance is under workflow.",
  "ResourceInsufficient.InstanceInsufficient": "The node specification is unsupported or has been sold out.",
  "ResourceNotFound.ClusterNotFound": "The instance was not found.",
  "ResourceNotFound.CvmInstanceNotFound": "The CVM instance was not found.",
  "ResourceNotFound.InstanceNotFound": "The instance was not found.",
  "ResourceNotFound.ResourceNotFound": "The resource was not found.",
  "ResourceNotFound.SubnetNotFound": "The subnet was not found.",
  "ResourceNotFound.TagsNotFound": "No specified tag found.",
  "ResourceUnavailable.ResourceSpecNotDefaultSpec": "There is no default value of the current resource spec.",
  "ResourcesSoldOut.CvmSoldOut": "CVM instances have been sold out.",
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
  UnsupportedOperation: "Unsupported operation.",
};

export function vendorText(code: string): string {
  return texts[code] ?? classTexts[code.split(".")[0] ?? ""] ?? code;
}
