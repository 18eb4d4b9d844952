// What DLC's error codes mean, and what to do about each. Its classes say little: only DataEngineNotFound means that
// the engine is gone, several codes of other classes mean that it is busy, and ResourcesSoldOut holds permissions.
import {
  all,
  bug,
  busy,
  type Codes,
  fixInput,
  gone,
  permission,
  refused,
  server,
  soldOut,
} from "../errorClass";

const inDoubt = {
  kind: "server",
  advice: "Look at the engine in the DLC console; nothing is sent again before it is known what happened.",
} as const;
const console = refused("Look at the engine in the DLC console, then run again.");
const forbidden = permission(
  "Grant the credentials' user or role the right to use and change the engine, in DLC and in access management (CAM).",
);
const another = busy("Another operation is in progress on the engine: wait for its end, then run again.");
const notRunning = busy(
  "The engine exists, but does not run: wait until it does, or resume it in the DLC console.",
);
const inputs = fixInput("Check `dataEngineId`, `dataEngineName` and the version.");
const wrongVersion = fixInput("Choose a version that is offered for this engine.");
const wrongEngine = fixInput("Check `dataEngineId` and `dataEngineName`, and the region.");
const wrongMode = fixInput("Change the engine's billing mode in the DLC console, or use another engine.");
const brokenParameters = fixInput("Mend the engine's parameters in the DLC console, then run again.");
const askForIt = refused("Ask Tencent Cloud to allow the feature for the account.");
const payment = server("the billing service");

/** Every code of the calls that switch, upgrade, look, suspend and resume, and what may concern them. */
export const dlcCodes: Codes = {
  FailedOperation: inDoubt,
  ...all("FailedOperation", ["AnotherProcessRunning", "AnotherRequestProcessing"], another),
  "FailedOperation.BalanceNotEnough": soldOut("Top up the account, then run again."),
  "FailedOperation.NoRealNameAuthentication": permission(
    "Finish the account's real-name verification, then run again.",
  ),
  ...all("FailedOperation", ["NoPermission", "NoPermissionToUseTheDataEngine"], forbidden),
  ...all("FailedOperation", ["AbnormalOrderStatus", "BillingSystemError", "FeeDeductionFailed"], payment),
  "FailedOperation.ClusterGroupNotFound": console,
  "FailedOperation.ExternalService": server("a service that DLC calls"),
  ...all(
    "FailedOperation",
    ["GetPolicyFailed", "GetUserInfoFailed", "GetWorkGroupInfoFailed"],
    server("the permission service"),
  ),
  ...all("FailedOperation", ["HttpClientDoRequestFailed", "OtherException"], server("the DLC service")),
  "FailedOperation.ParameterValidationFailed": inputs,
  InternalError: server("the DLC service"),
  "InternalError.DBError": server("DLC's database"),
  "InternalError.InternalSystemException": server("the DLC service"),
  InvalidParameter: inputs,
  "InvalidParameter.ParameterIllegal": inputs,
  "InvalidParameter.InstanceInProcess": another,
  "InvalidParameter.DataEngineClusterTypeNotMatch": fixInput(
    "This kind of engine cannot be suspended or resumed: leave `allowSuspended` out, and resume it in the DLC console.",
  ),
  ...all(
    "InvalidParameter",
    ["DataEngineConfigPairsDuplicate", "ImageClusterParametersFormatNotJson", "InvalidDataEngineConfigPairs"],
    brokenParameters,
  ),
  "InvalidParameter.ImageSessionParametersFormatNotJson": fixInput(
    "Mend the engine's session parameters in the DLC console: they are not JSON.",
  ),
  "InvalidParameter.DataEngineExecTypeNotMatch": fixInput(
    "Choose another version: this kind of engine (SQL or BATCH) does not take it.",
  ),
  ...all(
    "InvalidParameter",
    ["DataEngineModeNotMatch", "DataEnginePayModeTypeNotMatch", "InvalidDataEngineMode", "InvalidPayMode"],
    wrongMode,
  ),
  ...all(
    "InvalidParameter",
    ["DataEngineSizeNotMatch", "InvalidDataEngineSpecs"],
    fixInput("Change the engine's size in the DLC console, then run again."),
  ),
  "InvalidParameter.DataEngineImageOperateNotMatch": console,
  ...all("InvalidParameter", ["DataEngineTypeNotMatch", "ImageIsPublicNotMatch"], wrongVersion),
  "InvalidParameter.ImageEngineTypeNotMatch": fixInput(
    "The version belongs to another engine type: choose one that is offered for this engine.",
  ),
  ...all(
    "InvalidParameter",
    ["ImageParameterNotFound", "ImageParameterSubmitMethodNotMatch", "ImageParameterTypeNotMatch"],
    fixInput("Choose another version: its parameters do not fit those of the engine."),
  ),
  "InvalidParameter.ImageStateNotMatch": fixInput("Choose a version that is online."),
  "InvalidParameter.ImageUserRecordsTypeNotMatch": fixInput("Name a major version, not a minor one."),
  "InvalidParameter.InvalidDataEngineName": fixInput("Check `dataEngineName`."),
  ...all("InvalidParameter", ["InvalidEngineExecType", "InvalidEngineType"], console),
  "InvalidParameter.InvalidSQL": wrongEngine,
  "InvalidParameter.InvalidWhiteListKey": server("the list of allowed features"),
  "InvalidParameter.ParameterNotFoundOrBeNone": fixInput("Check `dataEngineId` and the version."),
  // The provider's own choice: no input can mend them.
  ...all(
    "InvalidParameter",
    [
      "DescribeDataEnginesSortByTypeNotMatch",
      "FiltersValuesNumberOutOfLimit",
      "InvalidFilterKey",
      "InvalidFilterLength",
      "InvalidMaxResults",
      "InvalidOffset",
      "InvalidSortByType",
      "InvalidSorting",
    ],
    bug("This edition of the API does not take what the provider asks for"),
  ),
  LimitExceeded: soldOut("Ask for a higher quota in the DLC console, then run again."),
  "OperationDenied.ServiceNotActivated": refused(
    "Activate DLC for the account in its console, then run again.",
  ),
  ResourceInUse: another,
  "ResourceInUse.UnfinishedSQLs": busy(
    "Wait until the engine's SQL tasks have ended, or end them, then run again.",
  ),
  ResourceInsufficient: soldOut("Wait until DLC has room again, or use another region."),
  ResourcesSoldOut: soldOut("Wait until DLC has room again, or use another region."),
  ...all(
    "ResourcesSoldOut",
    ["UnauthorizedGrantPolicy", "UnauthorizedOperation", "UnauthorizedRevokePolicy"],
    forbidden,
  ),
  ResourceNotFound: wrongEngine,
  ...all(
    "ResourceNotFound",
    [
      "DataEngineConfigInstanceNotFound",
      "DataEngineConfigInstanceNotUnique",
      "DataEngineNotUnique",
      "ImageSessionConfigNotFound",
      "ImageSessionConfigNotUnique",
      "ImageVersionNotUnique",
    ],
    console,
  ),
  ...all("ResourceNotFound", ["DataEngineNotActivity", "DataEngineNotRunning"], notRunning),
  "ResourceNotFound.DataEngineNotFound": gone("Check `dataEngineId` and the region."),
  "ResourceNotFound.DataEngineNotMultiVersion": refused(
    "Use another engine: this kind has no versions to switch.",
  ),
  "ResourceNotFound.DataEngineTypeOnlySupportBatch": refused(
    "Use another engine: only one for Spark jobs allows it.",
  ),
  "ResourceNotFound.DefaultDataEngineNotFound": wrongEngine,
  "ResourceNotFound.EksResourceNotFound": busy(
    "The engine's machines are being set up or moved: wait for the end, then run again.",
  ),
  "ResourceNotFound.ImageVersionNotActivity": fixInput(
    "The version exists but is not online: choose another.",
  ),
  "ResourceNotFound.ImageVersionNotFound": fixInput(
    "There is no such version: choose one that is offered for this engine.",
  ),
  "ResourceNotFound.SystemConfigNotFound": server("the DLC service"),
  "ResourceNotFound.UserNotExist": permission(
    "Add the credentials' user to DLC in its console, then run again.",
  ),
  "ResourceNotFound.Warehouse": wrongEngine,
  ResourceUnavailable: console,
  "ResourceUnavailable.BalanceInsufficient": soldOut("Top up the account, then run again."),
  "ResourceUnavailable.Warehouse": console,
  ...all(
    "ResourceUnavailable",
    ["GatewayNotRunning", "ResourceUnavailableCode_GatewayNotRunning"],
    refused("Start the engine's gateway in the DLC console, then run again."),
  ),
  "ResourceUnavailable.WhiteListFunction": askForIt,
  ...all(
    "UnauthorizedOperation",
    [
      "ModifyComputingEngine",
      "MonitorComputingEngine",
      "NoEngineCamPermissions",
      "OperateComputingEngine",
      "UnauthorizedOperation",
      "UnauthorizedOperationCode_NoEngineCamPermissions",
      "UseComputingEngine",
    ],
    forbidden,
  ),
  "UnauthorizedOperation.NoPaymentAuthority": permission(
    "Grant the credentials' user or role the right to pay in the billing center.",
  ),
  "UnauthorizedOperation.UserNotExist": permission(
    "Add the credentials' user to DLC in its console, then run again.",
  ),
};
