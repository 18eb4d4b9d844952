// The switches of simulated DLC. Durations are multiplied by the common timeScale.
import { z } from "zod";
import { flag, group, limit, number, oneOf } from "../../setting";
import type { TencentSettings } from "../settings";

export const dlcSettings = z.strictObject({
  /** State shown while an engine's image changes, after the linger. */
  imageChangeState: oneOf(0, 2),
  /** How long an engine still shows state 2 after a change of its image was accepted; the change takes longer by it. */
  imageChangeLingerMilliseconds: number(0),
  /** "failed": state -1 with a Message. "oldVersion": state 2 with the version the engine had. */
  imageChangeEnds: oneOf("newVersion", "failed", "oldVersion"),
  /** A switch to the major, or an upgrade to the minor, that the engine has. "error": FailedOperation. */
  sameImageVersion: oneOf("noOp", "error"),
  /** Code for an image change while the engine is busy with another change. */
  secondImageChangeCode: oneOf("ResourceNotFound.DataEngineNotActivity", "FailedOperation"),
  /** Code for any change of an engine that `dlc.holdEngine` or the fault "busy" has taken. */
  heldEngineCode: oneOf(
    "FailedOperation.AnotherProcessRunning",
    "FailedOperation.AnotherRequestProcessing",
    "InvalidParameter.InstanceInProcess",
    "ResourceNotFound.DataEngineNotRunning",
  ),
  /** A minor version's id as NewImageVersionId: accepted (the engine gets that minor), or the code. */
  childIdInSwitch: oneOf(
    "InvalidParameter.ImageUserRecordsTypeNotMatch",
    "accepted",
    "ResourceNotFound.ImageVersionNotFound",
  ),
  /** A switch to a version made for another type of engine. "refused": ImageEngineTypeNotMatch. */
  otherTypeSwitch: oneOf("refused", "accepted"),
  /** Code for a switch to a version that is not online. */
  offlineImageCode: oneOf("ResourceNotFound.ImageVersionNotActivity", "InvalidParameter.ImageStateNotMatch"),
  /** Whether running tasks make an image change fail (FailedOperation). */
  tasksRefuseImageChange: flag(false),
  /** Whether standard (Native) engines can change versions. If not: DataEngineNotMultiVersion. */
  standardEnginesVersioned: flag(true),
  /** Code for an engine the caller may not change. */
  noPermissionCode: oneOf(
    "FailedOperation.NoPermissionToUseTheDataEngine",
    "UnauthorizedOperation.UnauthorizedOperationCode_NoEngineCamPermissions",
  ),
  /** When DescribeDataEngines takes EngineExecType for SQL and EngineGeneration for SuperSQL if left out. */
  engineListDefaults: oneOf("always", "notWithEngineId", "never"),
  /** Most engines that DescribeDataEngines shows of those it counts, on all pages together; null = all of them. */
  enginesShown: limit(),
  /** The same of DescribeDataEngineImageVersions. */
  imageVersionsShown: limit(),
  /** EngineType of DescribeDataEngineImageVersions for SQL engines: `SQL`, `SparkSQL` and `PrestoSQL`, or either. */
  sqlImageTypes: oneOf("either", "SQL", "detailed"),
  /** Whether what is only for people comes in other types than documented: flags as 0 and 1, numbers as text, texts as null. */
  looseTypes: flag(false),
  /** Whether deleted engines are still described, in state -2. */
  deletedEnginesListed: flag(false),

  durations: group({
    switchImage: number(300_000),
    upgradeImage: number(180_000),
    rollbackImage: number(180_000),
    restartEngine: number(120_000),
    suspendEngine: number(30_000),
    resumeEngine: number(60_000),
  }),
});
export type DlcSettings = z.output<typeof dlcSettings> & TencentSettings;
