// Every error code that DLC publishes for any of its actions, in both editions, and what a caller has to make of it.
import { expect, test } from "vitest";
import { dlcCodes } from "../../../provider/tencent/dlc/errors";
import { meaningOf, tencentError } from "../../../provider/tencent/errors";
import { codesOf, wrongWith } from "../errorCodes";

/** Codes with a meaning of their own: all that our actions publish, and what may concern them. */
const own = codesOf(`
busy did not happen
  FailedOperation: AnotherProcessRunning AnotherRequestProcessing
  InvalidParameter: InstanceInProcess
  ResourceInUse: - UnfinishedSQLs
  ResourceNotFound: DataEngineNotActivity DataEngineNotRunning EksResourceNotFound
soldOut did not happen
  FailedOperation: BalanceNotEnough
  LimitExceeded: -
  ResourceInsufficient: -
  ResourceUnavailable: BalanceInsufficient
  ResourcesSoldOut: -
permission did not happen
  FailedOperation: NoPermission NoPermissionToUseTheDataEngine NoRealNameAuthentication
  ResourceNotFound: UserNotExist
  ResourcesSoldOut: UnauthorizedGrantPolicy UnauthorizedOperation UnauthorizedRevokePolicy
  UnauthorizedOperation: ModifyComputingEngine MonitorComputingEngine NoEngineCamPermissions
    NoPaymentAuthority OperateComputingEngine UnauthorizedOperation
    UnauthorizedOperationCode_NoEngineCamPermissions UseComputingEngine UserNotExist
gone did not happen
  ResourceNotFound: DataEngineNotFound
refused did not happen
  FailedOperation: ClusterGroupNotFound
  InvalidParameter: DataEngineImageOperateNotMatch InvalidEngineExecType InvalidEngineType
  OperationDenied: ServiceNotActivated
  ResourceNotFound: DataEngineConfigInstanceNotFound DataEngineConfigInstanceNotUnique
    DataEngineNotMultiVersion DataEngineNotUnique DataEngineTypeOnlySupportBatch
    ImageSessionConfigNotFound ImageSessionConfigNotUnique ImageVersionNotUnique
  ResourceUnavailable: - GatewayNotRunning ResourceUnavailableCode_GatewayNotRunning Warehouse
    WhiteListFunction
fixInput did not happen
  FailedOperation: ParameterValidationFailed
  InvalidParameter: - DataEngineClusterTypeNotMatch DataEngineConfigPairsDuplicate
    DataEngineExecTypeNotMatch DataEngineModeNotMatch DataEnginePayModeTypeNotMatch
    DataEngineSizeNotMatch DataEngineTypeNotMatch ImageClusterParametersFormatNotJson
    ImageEngineTypeNotMatch ImageIsPublicNotMatch ImageParameterNotFound
    ImageParameterSubmitMethodNotMatch ImageParameterTypeNotMatch
    ImageSessionParametersFormatNotJson ImageStateNotMatch ImageUserRecordsTypeNotMatch
    InvalidDataEngineConfigPairs InvalidDataEngineMode InvalidDataEngineName InvalidDataEngineSpecs
    InvalidPayMode InvalidSQL ParameterIllegal ParameterNotFoundOrBeNone
  ResourceNotFound: - DefaultDataEngineNotFound ImageVersionNotActivity ImageVersionNotFound
    Warehouse
bug did not happen
  InvalidParameter: DescribeDataEnginesSortByTypeNotMatch FiltersValuesNumberOutOfLimit
    InvalidFilterKey InvalidFilterLength InvalidMaxResults InvalidOffset InvalidSortByType
    InvalidSorting
server may have happened
  FailedOperation: - AbnormalOrderStatus BillingSystemError ExternalService FeeDeductionFailed
    GetPolicyFailed GetUserInfoFailed GetWorkGroupInfoFailed HttpClientDoRequestFailed
    OtherException
  InternalError: - DBError InternalSystemException
  InvalidParameter: InvalidWhiteListKey
  ResourceNotFound: SystemConfigNotFound
`);

/** Codes of all products, and of actions that are never called: the meaning of the class is right. */
const byClass = codesOf(`
busy did not happen
  ResourceInUse: QueueName
soldOut did not happen
  ResourceInsufficient: SparkJobInsufficientResources
permission did not happen
  UnauthorizedOperation: - AddUsersToWorkgroup BindWorkgroupsToUser CreateAdministrator
    CreateCatalog CreateWorkgroup DeleteComputingEngine DeleteUser DeleteUsersFromWorkgroup
    DeleteWorkgroup GrantPolicy ModifyUserInfo ModifyUserType ModifyWorkgroupInfo
    PartitionAccessDenied ProhibitedOperationAdmin RenewComputingEngine RevokePolicy
    UnbindWorkgroupsFromUser YuntiUserUnSupport
credentials did not happen
  AuthFailure: -
refused did not happen
  OperationDenied: - DefaultQueueDeleteForbidden PartitionNotReady PostpayQueueCreateForbidden
  ResourceUnavailable: Partition
  UnsupportedOperation: - ModifyOwnerUnsupported SingleTenantTccCatalog
    UnsupportedDatasourceConnectionType UnsupportedFileType
fixInput did not happen
  InvalidParameter: BatchSQLCustomKeyNotUnique BatchSQLFiltersKeyTypeNotMath
    BatchSQLTaskSortByTypeNotMatch ConfigKeyProhibited DataEngineOnlySupportSQL
    DataEngineOnlySupportSparkBatch DatasourceConnectionNotUnique DatasourceTypeError
    DuplicateDataEngineName DuplicateDatasourceName DuplicateGroupName DuplicateUserName
    DuplicateUserVpcConnectionName InvalidAccessPolicy InvalidAppFileFormat InvalidBucketName
    InvalidColumnNameLength InvalidColumnNumber InvalidColumnType InvalidConfigKeyNotFound
    InvalidConfigValueLengthOutLimit InvalidConfigValueRegexpNotMatch InvalidDataEngineCidrFormat
    InvalidDataEngineDescription InvalidDataEngineTimeSpan InvalidDataEngineTimeUnit
    InvalidDatasourceConnectionConfig InvalidDatasourceName InvalidDecimalType
    InvalidDefaultDataEngine InvalidDescription InvalidDriverSize
    InvalidDynamicAllocationMaxExecutors InvalidExecutorSize InvalidFailureTolerance
    InvalidFileCompressionFormat InvalidFilePathFormat InvalidGroupId InvalidHiveVersion
    InvalidInfoType InvalidIntFormat InvalidMinClusters InvalidParameter_ColumnTypeNotCompatible
    InvalidParameter_SQLTaskAnalysisSortByTypeNotMatch InvalidRoleArn InvalidSQLConfig
    InvalidSQLConfigSQL InvalidSQLNum InvalidSQLTaskMaxResults
    InvalidScheduledElasticityMinElasticClusters InvalidSessionKindType InvalidSparkAppParam
    InvalidSparkConfigFormat InvalidStatementKindType InvalidStoreLocation InvalidTableFormat
    InvalidTableFormatSize InvalidTableLocation InvalidTableNameLength InvalidTaskId InvalidTaskType
    InvalidTasksFilterLength InvalidTcrSparkImageFormat InvalidTimeFormat InvalidTimeParameter
    InvalidTimeSpan InvalidTimeUnit InvalidUserAlias InvalidUserName InvalidUserType
    InvalidWorkGroupName JobNotFound MaxResultOnlySupportHundred NumberOfSQLExceedsTheLimit
    ParameterBase64DecodeFailed PolicyTypeConflict ResourceSpecNotFound SQLBase64DecodeFail
    SQLParameterPreprocessingFailed SQLTaskAnalysisFiltersKeyTypeNotMath
    SQLTaskFiltersKeyTypeNotMath SQLTaskNotFound SQLTaskSortByTypeNotMatch
    SparkJobFiltersKeyTypeNotMath SparkJobIsInheritTypeNotMatch SparkJobNotFound SparkJobNotUnique
    SparkJobOnlySupportSparkBatchEngine SparkJobRoleArnNotFound SparkJobSortByTypeNotMatch
    TaskAlreadyFinished TaskLimitExceededCode TaskListFiltersKeyTypeNotMath
    TaskListSortByTypeNotMatch TaskNotFound TaskStateTypeNotMath UrlFormatError VpcCidrFormatError
    VpcCidrOverlap
  InvalidParameterCombination: -
  InvalidParameterValue: - BillingItemStep LogType PayMode PostpayPartitionDescription
    PostpayPartitionName QueueIdMismatch QueueName QuotaExceeded StatementIndex
  RegionError: -
  ResourceNotFound: BatchSQLTaskNotFound BatchSQLTaskNotUnique DatasourceNotFound GatewayNotFound
    Job NetworkConnectionNotFound Partition PartitionQueue Queue
    ResourceNotFoundCode_GatewayNotFound ResourceUsageOutOfLimit ResultOutputPathNotFound
    ResultSavePathNotFound RoleArnResourceNotFound SessionInsufficientResources SessionNotFound
    SessionStateDead SessionStateShuttingDown ShuffleDirNotFound SparkJobInsufficientResources
    TableNotFound TaskAlreadyFailed TaskAlreadyFinished TaskInfoNotFound WarehouseDirNotFound
  UnknownParameter: -
bug did not happen
  MissingParameter: -
server may have happened
  FailedOperation: AnotherCreateProcessRunning ApiCallFailed BindTooManyTags CreateDataEngineFailed
    DeleteDataEngineFailed DeliverGoodsFailed DuplicateTagKey Example ExampleNotFound
    FlowExecutionConflict FlowIdNotExists GetProductInformationFailed GovernError GrantPolicyFailed
    IllegalResource IllegalTagKey IllegalTagValue InquirePriceFailed InvalidNetworkConnectionType
    LabInTransition LabNotFound LabNotRunning LabNotUpdatable LabRunning MetastoreError
    ModifyInstanceFailed NetworkConnectionExist NetworkConnectionInUsed NumberExceedLimit
    RefundDepositFailed ResultExpired RevokePolicyFailed SQLTaskParseFailed SQLTaskResultOversize
    TagAlreadyAttached TagKeyTooLong TagNotExist TagValueTooLong TaskOvertimeFetchResult
    TooManyResources TooManyTags UpdatePolicyFailed
`);

test("the vendor publishes 315 codes, and each is in one table", () => {
  const codes = [...own, ...byClass].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toHaveLength(315);
  expect(Object.keys(dlcCodes).sort()).toEqual(own.map(({ code }) => code).sort());
});

test.each(own)("$code is $kind by its full code", ({ code, kind, mayHaveHappened }) => {
  expect(dlcCodes[code]).toBeDefined();
  const error = tencentError({ product: "DLC", action: "SwitchDataEngineImage", code, message: "" });
  expect(error).toMatchObject({ kind, mayHaveHappened, advice: dlcCodes[code]?.advice });
});

test.each(byClass)("$code is $kind by its class", ({ code, kind, mayHaveHappened }) => {
  expect(meaningOf("DLC", code)).toBe(meaningOf("", code.split(".")[0] ?? ""));
  const error = tencentError({ product: "DLC", action: "SwitchDataEngineImage", code, message: "" });
  expect(error).toMatchObject({ kind, mayHaveHappened });
});

test.each([...own, ...byClass])("the advice on $code can be followed", ({ code }) => {
  expect(wrongWith(meaningOf("DLC", code).advice, "tencent")).toEqual([]);
});

test("only a missing engine is gone, whatever the class", () => {
  const gone = [...own, ...byClass].filter(({ code }) => meaningOf("DLC", code).kind === "gone");
  expect(gone.map(({ code }) => code)).toEqual(["ResourceNotFound.DataEngineNotFound"]);
});
