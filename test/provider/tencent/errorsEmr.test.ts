// Every error code that EMR publishes for any of its actions, in both editions, and what a caller has to make of it.
import { expect, test } from "vitest";
import { emrCodes } from "../../../provider/tencent/emr/errors";
import { meaningOf, tencentError } from "../../../provider/tencent/errors";
import { codesOf, wrongWith } from "../errorCodes";

/** Codes with a meaning of their own: all that our actions publish, and what may concern them. */
const own = codesOf(`
busy did not happen
  ResourceInUse: InstanceInProcess
  FailedOperation: FlowRejected
throttled did not happen
  LimitExceeded: RequestBacklogExceedsLimit
soldOut did not happen
  FailedOperation: InsufficientAccountBalance
  InternalError: CheckQuotaErr
  LimitExceeded: - PodCpuLimitExceededAvailableCpu PodMemoryLimitExceededAvailableMemory
    SecurityGroupNumLimitExceeded
  ResourceInsufficient: - DiskInsufficient InstanceInsufficient
  ResourcesSoldOut: - CbsSoldOut CvmSoldOut
permission did not happen
  FailedOperation: NotAuthenticated
  InvalidParameter: UngrantedPolicy UngrantedRole
  UnauthorizedOperation: AppIdMismatched CheckCamAuth
gone did not happen
  ResourceNotFound: ClusterNotFound InstanceNotFound
  InternalError: ClusterNotFound
duplicate may have happened
  FailedOperation: DuplicateOrderNotAllowed
  InvalidParameter: InvalidClientToken
refused did not happen
  InvalidParameter: InvalidProduct RestartServiceUnsupported
  ResourceNotFound: CDBInfoNotFound CvmInstanceNotFound HardwareInfoNotFound ResourceNotFound
  ResourceUnavailable: NotSupportClusterType NotSupportNodeType NotSupportResourceType
  UnsupportedOperation: - NotInWhiteList ServiceNotSupport
fixInput did not happen
  FailedOperation: CheckIfSupportPodStretch NotSupportPod
  InvalidParameter: - AppIdResourceNotMatch CpuType IncorrectMasterCount InvalidAppId
    InvalidAutoRenew InvalidBootstrapAction InvalidClickHouseCluster InvalidClusterId
    InvalidComponent InvalidCoreCount InvalidCoreDiskType InvalidCosBucket InvalidCosFileURI
    InvalidCount InvalidCountNum InvalidCustomizedPodParam InvalidDiskNum InvalidDiskSize
    InvalidDiskType InvalidDynamicInstanceType InvalidEksInstance InvalidFilePath InvalidInstance
    InvalidInstanceChargeType InvalidInstanceName InvalidInstanceType InvalidJobFlow
    InvalidMasterDiskType InvalidModifySpec InvalidNodeCount InvalidNodeFlag
    InvalidParamterInvalidSoftInfo InvalidPaymode InvalidPodNum InvalidPreExecutedFile InvalidRegion
    InvalidRenewFlag InvalidResourceId InvalidResourceIds InvalidResourceSpec InvalidRouterCount
    InvalidScriptBootstrapActionConfig InvalidSercurityGrpupId InvalidServiceName
    InvalidServiceNodeInfo InvalidSoftDeployInfo InvalidSoftInfo InvalidSubnetId InvalidTagsGroup
    InvalidTaskCount InvalidTimeSpan InvalidTimeUnit InvalidTkeInstance InvalidVolumeType
    InvalidVpcId InvalidZone LessTaskCount MoreMaxlimitNum PayModeResourceNotMatch
    ProjectResourceNotMatch ResourceProviderType SoftwareNotInProducr SoftwareNotInProduct
    UnsatisfiedSoftDependecy ZoneResourceNotMatch
  InvalidParameterValue: - InvalidTkeInstance
  LimitExceeded: BootstrapActionsNumLimitExceeded PodCpuLimitExceededNodeAvailableCpu
  ResourceNotFound: OptionalSpecFound ServiceConfNotFound ServiceGroupNotFound ServiceNodeNotFound
    SpecNotFound SubnetNotFound TKEPreconditionNotFound TagsNotFound
  ResourceUnavailable: ResourceSpecNotDefaultSpec ResourceSpecNotExist
  UnsupportedOperation: UnsupportedDiskType
bug did not happen
  InvalidParameter: DisplayStrategyNotMatch InvalidFilterKey InvalidNodeType InvalidProjectId
    InvalidUinNum OrderFieldNotMatch
server may have happened
  FailedOperation: - DBException DescribeResourceTagsFailed GetCamRoleFailed GetCamServerFailed
    GetCvmConfigQuotaFailed GetCvmServerFailed GetTradeServerFailed RefundCvmFailed
  InternalError: - AccountCgwError CamCgwError CamError CbsCgwError CbsError CdbCgwError CdbError
    ConfigCgwError CvmError DBQueryException EKSError KmsError ProjectCgwError SgError TKEError
    TagError TradeCgwError VpcCgwError VpcError WoodServerError
`);

/** Codes of all products, and of actions that are never called: the meaning of the class is right. */
const byClass = codesOf(`
throttled did not happen
  RequestLimitExceeded: -
soldOut did not happen
  LimitExceeded: UserCountExceedsLimit
permission did not happen
  UnauthorizedOperation: -
credentials did not happen
  AuthFailure: -
refused did not happen
  OperationDenied: -
  ResourceUnavailable: RepeatSpec
fixInput did not happen
  InvalidParameter: HALessMasterCount ImpalaQueryException IncorrectCommonCount
    InvalidAllNodeResourceSpec InvalidCLBServerVpcSetting InvalidClassification
    InvalidCommonDiskType InvalidCompareMethod InvalidConditionNum InvalidConfigType
    InvalidDependServiceAndEnableKerberosConflict InvalidDownloadObj InvalidExportConfContexts
    InvalidExtendField InvalidExtendNameService InvalidExternalServiceVpcId InvalidFailurePolicy
    InvalidInstancePolicy InvalidIpList InvalidJobType InvalidLoadBalancer InvalidLoginSetting
    InvalidMetaDataJdbcUrl InvalidMetaInstanceId InvalidMetaType InvalidPassword
    InvalidProcessMethod InvalidProductId InvalidProductVersion InvalidResType InvalidScaleAction
    InvalidSecuritySupport InvalidServiceType InvalidSoftWare InvalidSoftWareName
    InvalidSoftWareVersion InvalidStartTimeOrEndTime InvalidStatisticPeriodOrTriggerThreshold
    InvalidStrategy InvalidStrategyPriority InvalidStrategySpec InvalidStrategyType InvalidSupportHA
    InvalidTimeLayout InvalidUnifyMeta InvalidVendorType InvalidWriteFile KerberosSupport
    LessCommonCount NotContainMustSelectSoftware RepeatedExecutionTime RepeatedStrategyName
  ResourceNotFound: - MetricsMetaNotFound StrategyNotFound
  UnknownParameter: -
bug did not happen
  MissingParameter: - MissingCoreResource
server may have happened
  FailedOperation: MoreStrategyNotAllowed NamespaceHasUserCustomPods
    SpecDeleteDenyForAutoScaleStrategies
  InternalError: DoOpenTSDBRequestException OpenTSDBHttpReturnCodeNotOK
`);

/** In no table: from a published example, and from the vendor's other clients. */
const unpublished = ["FailedOperation.FlowRejected", "InternalError.ClusterNotFound", "ResourceInsufficient"];

test("the vendor publishes 222 codes, and each is in one table", () => {
  const codes = [...own, ...byClass].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !unpublished.includes(code))).toHaveLength(222);
  expect(Object.keys(emrCodes).sort()).toEqual(own.map(({ code }) => code).sort());
});

test.each(own)("$code is $kind by its full code", ({ code, kind, mayHaveHappened }) => {
  expect(emrCodes[code]).toBeDefined();
  const error = tencentError({ product: "EMR", action: "ScaleOutInstance", code, message: "" });
  expect(error).toMatchObject({ kind, mayHaveHappened, advice: emrCodes[code]?.advice });
});

test.each(byClass)("$code is $kind by its class", ({ code, kind, mayHaveHappened }) => {
  expect(meaningOf("EMR", code)).toBe(meaningOf("", code.split(".")[0] ?? ""));
  const error = tencentError({ product: "EMR", action: "ScaleOutInstance", code, message: "" });
  expect(error).toMatchObject({ kind, mayHaveHappened });
});

test.each([...own, ...byClass])("the advice on $code can be followed", ({ code }) => {
  expect(wrongWith(meaningOf("EMR", code).advice, "tencent")).toEqual([]);
});

test.each([
  ["TerminateClusterNodes", "gone"],
  ["TerminateTasks", "gone"],
  ["DescribeInstances", "refused"],
  ["DescribeClusterNodes", "refused"],
])("a part of the cluster that %s does not find is %s", (action, kind) => {
  for (const code of ["ResourceNotFound.CvmInstanceNotFound", "ResourceNotFound.ResourceNotFound"]) {
    const error = tencentError({ product: "EMR", action, code, message: "" });
    expect(error).toMatchObject({ kind, mayHaveHappened: false });
    expect(wrongWith(error.advice, "tencent")).toEqual([]);
  }
});
