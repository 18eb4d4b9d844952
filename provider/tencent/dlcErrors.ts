// What DLC's error codes mean, and what to do about each. Its class ResourceNotFound says little: only
// DataEngineNotFound means that the engine is gone.
import { fixInput, type Meaning, server } from "./meaning";

const console =
  "Look at the engine in the DLC console; nothing is sent again before it is known what happened.";
const permission: Meaning = {
  kind: "permission",
  advice: "Grant the credentials' user or role the right to use and change the engine.",
};

const otherOperation: Meaning = { kind: "busy", advice: "Another operation holds the engine." };

/** Every code in the table of SwitchDataEngineImage, and those of the calls that look, upgrade, suspend and resume. */
export const dlcCodes: Readonly<Record<string, Meaning>> = {
  FailedOperation: { kind: "server", advice: console },
  "FailedOperation.AnotherProcessRunning": otherOperation,
  "FailedOperation.AnotherRequestProcessing": otherOperation,
  "FailedOperation.NoPermissionToUseTheDataEngine": permission,
  "UnauthorizedOperation.UnauthorizedOperationCode_NoEngineCamPermissions": permission,
  "UnauthorizedOperation.OperateComputingEngine": permission,
  InternalError: server("the DLC service"),
  "InternalError.InternalSystemException": server("the DLC service"),
  "InvalidParameter.DataEngineClusterTypeNotMatch": fixInput(
    "This kind of engine cannot be suspended or resumed.",
  ),
  "InvalidParameter.DataEngineExecTypeNotMatch": fixInput(
    "This kind of engine (SQL or BATCH) does not take the version.",
  ),
  "InvalidParameter.DataEnginePayModeTypeNotMatch": fixInput("The engine's billing mode does not allow it."),
  "InvalidParameter.ImageClusterParametersFormatNotJson": fixInput(
    "The engine's cluster parameters are not JSON: mend them in the console.",
  ),
  "InvalidParameter.ImageEngineTypeNotMatch": fixInput(
    "The version belongs to another engine type: choose one that is offered for this engine.",
  ),
  "InvalidParameter.ImageIsPublicNotMatch": fixInput("Choose a version that is offered for this engine."),
  "InvalidParameter.ImageParameterNotFound": fixInput(
    "The version lacks a parameter that the engine has: choose another.",
  ),
  "InvalidParameter.ImageSessionParametersFormatNotJson": fixInput(
    "The engine's session parameters are not JSON: mend them in the console.",
  ),
  "InvalidParameter.ImageStateNotMatch": fixInput("Choose a version that is online."),
  "InvalidParameter.ImageUserRecordsTypeNotMatch": fixInput("Name a major version, not a minor one."),
  "InvalidParameter.InstanceInProcess": otherOperation,
  "InvalidParameter.ParameterNotFoundOrBeNone": fixInput("Check `dataEngineId` and the version."),
  "ResourceNotFound.DataEngineConfigInstanceNotFound": { kind: "refused", advice: console },
  "ResourceNotFound.DataEngineConfigInstanceNotUnique": { kind: "refused", advice: console },
  "ResourceNotFound.DataEngineNotActivity": {
    kind: "busy",
    advice: "The engine exists, but is not running.",
  },
  "ResourceNotFound.DataEngineNotFound": { kind: "gone", advice: "Check `dataEngineId` and the region." },
  "ResourceNotFound.DataEngineNotMultiVersion": {
    kind: "refused",
    advice: "This kind of engine has no versions to switch.",
  },
  "ResourceNotFound.DataEngineNotRunning": {
    kind: "busy",
    advice: "The engine exists, but is not running.",
  },
  "ResourceNotFound.DataEngineNotUnique": { kind: "refused", advice: console },
  "ResourceNotFound.ImageSessionConfigNotFound": { kind: "refused", advice: console },
  "ResourceNotFound.ImageSessionConfigNotUnique": { kind: "refused", advice: console },
  "ResourceNotFound.ImageVersionNotActivity": fixInput(
    "The version exists but is not online: choose another.",
  ),
  "ResourceNotFound.ImageVersionNotFound": fixInput(
    "There is no such version: choose one that is offered for this engine.",
  ),
};
