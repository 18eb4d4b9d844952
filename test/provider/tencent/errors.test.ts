import { describe, expect, test } from "vitest";
import type { ErrorKind } from "../../../provider/base/errors";
import { emrCodes } from "../../../provider/tencent/emr/errors";
import { meaningOf, tencentError } from "../../../provider/tencent/errors";

// Every code in the vendor's table of ScaleOutInstance, and what a caller has to make of it.
const seedCodes: Record<string, ErrorKind> = {
  FailedOperation: "server",
  "FailedOperation.CheckIfSupportPodStretch": "fixInput",
  "FailedOperation.DuplicateOrderNotAllowed": "duplicate",
  "FailedOperation.GetCvmConfigQuotaFailed": "server",
  "FailedOperation.GetCvmServerFailed": "server",
  "FailedOperation.NotSupportPod": "fixInput",
  InternalError: "server",
  "InternalError.AccountCgwError": "server",
  "InternalError.CamCgwError": "server",
  "InternalError.CamError": "server",
  "InternalError.CbsCgwError": "server",
  "InternalError.CbsError": "server",
  "InternalError.CdbCgwError": "server",
  "InternalError.CdbError": "server",
  "InternalError.ConfigCgwError": "server",
  "InternalError.CvmError": "server",
  "InternalError.EKSError": "server",
  "InternalError.KmsError": "server",
  "InternalError.ProjectCgwError": "server",
  "InternalError.SgError": "server",
  "InternalError.TKEError": "server",
  "InternalError.TagError": "server",
  "InternalError.TradeCgwError": "server",
  "InternalError.VpcCgwError": "server",
  "InternalError.VpcError": "server",
  "InternalError.WoodServerError": "server",
  InvalidParameter: "fixInput",
  "InvalidParameter.AppIdResourceNotMatch": "fixInput",
  "InvalidParameter.InvalidAppId": "fixInput",
  "InvalidParameter.InvalidClickHouseCluster": "fixInput",
  "InvalidParameter.InvalidClientToken": "duplicate",
  "InvalidParameter.InvalidClusterId": "fixInput",
  "InvalidParameter.InvalidCoreCount": "fixInput",
  "InvalidParameter.InvalidCount": "fixInput",
  "InvalidParameter.InvalidCountNum": "fixInput",
  "InvalidParameter.InvalidCustomizedPodParam": "fixInput",
  "InvalidParameter.InvalidEksInstance": "fixInput",
  "InvalidParameter.InvalidInstanceName": "fixInput",
  "InvalidParameter.InvalidJobFlow": "fixInput",
  "InvalidParameter.InvalidPaymode": "fixInput",
  "InvalidParameter.InvalidResourceSpec": "fixInput",
  "InvalidParameter.InvalidSercurityGrpupId": "fixInput",
  "InvalidParameter.InvalidServiceNodeInfo": "fixInput",
  "InvalidParameter.InvalidSoftDeployInfo": "fixInput",
  "InvalidParameter.InvalidTaskCount": "fixInput",
  "InvalidParameter.InvalidTimeSpan": "fixInput",
  "InvalidParameter.InvalidTimeUnit": "fixInput",
  "InvalidParameter.InvalidTkeInstance": "fixInput",
  "InvalidParameterValue.InvalidTkeInstance": "fixInput",
  "ResourceInUse.InstanceInProcess": "busy",
  "ResourceInsufficient.DiskInsufficient": "soldOut",
  "ResourceInsufficient.InstanceInsufficient": "soldOut",
  "ResourceNotFound.ClusterNotFound": "gone",
  "ResourceNotFound.InstanceNotFound": "gone",
  "ResourceNotFound.TKEPreconditionNotFound": "fixInput",
  "ResourceNotFound.TagsNotFound": "fixInput",
  "ResourceUnavailable.ResourceSpecNotDefaultSpec": "fixInput",
  ResourcesSoldOut: "soldOut",
  "ResourcesSoldOut.CbsSoldOut": "soldOut",
  "ResourcesSoldOut.CvmSoldOut": "soldOut",
};

const commonCodes: Record<string, ErrorKind> = {
  RequestLimitExceeded: "throttled",
  "RequestLimitExceeded.UinLimitExceeded": "throttled",
  "RequestLimitExceeded.IPLimitExceeded": "throttled",
  "RequestLimitExceeded.GlobalRegionUinLimitExceeded": "throttled",
  "AuthFailure.SignatureExpire": "clock",
  AuthFailure: "credentials",
  "AuthFailure.SecretIdNotFound": "credentials",
  "AuthFailure.SignatureFailure": "credentials",
  "AuthFailure.TokenFailure": "credentials",
  "AuthFailure.UnauthorizedOperation": "permission",
  "UnauthorizedOperation.CheckCamAuth": "permission",
  "UnauthorizedOperation.SomethingNew": "permission",
  "AuthFailure.InvalidAuthorization": "credentials",
  "AuthFailure.InvalidSecretId": "credentials",
  "AuthFailure.MFAFailure": "credentials",
  IpInBlacklist: "permission",
  IpNotInWhitelist: "permission",
  InvalidParameterCombination: "fixInput",
  InvalidRequest: "bug",
  UnsupportedProtocol: "fixInput",
  RequestSizeLimitExceeded: "fixInput",
  ResponseSizeLimitExceeded: "server",
  NoSuchVersion: "bug",
  NoSuchProduct: "fixInput",
  RegionError: "fixInput",
  ActionOffline: "bug",
  OperationDenied: "refused",
  ResourceUnavailable: "refused",
  DryRunOperation: "bug",
  "InvalidParameterValue.SomethingNew": "fixInput",
  MissingParameter: "bug",
  UnknownParameter: "fixInput",
  UnsupportedRegion: "fixInput",
  InvalidAction: "refused",
  LimitExceeded: "soldOut",
  "ResourceInUse.SomethingNew": "busy",
  "ResourceInsufficient.SomethingNew": "soldOut",
  "ResourceNotFound.SomethingNew": "fixInput",
  "UnsupportedOperation.SomethingNew": "refused",
  "FailedOperation.FlowRejected": "busy",
  "FailedOperation.SomethingNew": "server",
  "InternalError.SomethingNew": "server",
  ServiceUnavailable: "server",
  "NeverHeardOf.It": "server",
};

describe("Tencent error codes", () => {
  test("the vendor's table has 60 codes", () => {
    expect(Object.keys(seedCodes)).toHaveLength(60);
  });

  test.each(Object.entries(seedCodes))("%s is %s, by its full code, with advice", (code, kind) => {
    expect(emrCodes[code]).toMatchObject({ kind, advice: expect.stringMatching(/\w.*\.$/) });
  });

  test.each(Object.entries(commonCodes))("%s is %s", (code, kind) => {
    expect(meaningOf("EMR", code).kind).toBe(kind);
    expect(meaningOf("DLC", code).advice).toMatch(/\w.*\.$/);
  });

  test("an error keeps action, code and RequestId, and says what to do", () => {
    const error = tencentError({
      product: "EMR",
      action: "ScaleOutInstance",
      code: "ResourcesSoldOut.CvmSoldOut",
      message: "CVM instances have been sold out.",
      requestId: "f0f11d21-6d0d-4f73-9177-8ae4ec456068",
    });
    expect(error.message).toBe(
      "Tencent EMR ScaleOutInstance failed: CVM instances have been sold out. (code ResourcesSoldOut.CvmSoldOut, RequestId " +
        "f0f11d21-6d0d-4f73-9177-8ae4ec456068) Choose another zone, or register a default node spec that has stock in the EMR console, then run again.",
    );
    expect(error).toMatchObject({ kind: "soldOut", mayHaveHappened: false });
  });

  test.each([
    ["InternalError.CvmError", true],
    ["FailedOperation", true],
    ["FailedOperation.DuplicateOrderNotAllowed", true],
    ["InvalidParameter.InvalidClientToken", true],
    ["ResourceInUse.InstanceInProcess", false],
    ["RequestLimitExceeded", false],
    ["ResponseSizeLimitExceeded", true],
    ["LimitExceeded.RequestBacklogExceedsLimit", false],
    ["InternalError.CheckQuotaErr", false],
    ["InternalError.TradeCgwError", true],
    ["FailedOperation.SomethingNew", true],
    ["NeverHeardOf.It", true],
    ["InvalidParameter.InvalidCount", false],
  ])("after %s the request may have gone through: %s", (code, mayHaveHappened) => {
    const error = tencentError({ product: "EMR", action: "ScaleOutInstance", code, message: "" });
    expect(error.mayHaveHappened).toBe(mayHaveHappened);
  });
});
