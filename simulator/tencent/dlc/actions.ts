// The DLC actions by name.
import type { Action } from "./action";
import { CheckDataEngineImageCanBeRollback } from "./CheckDataEngineImageCanBeRollback";
import { CheckDataEngineImageCanBeUpgrade } from "./CheckDataEngineImageCanBeUpgrade";
import { DescribeDataEngine } from "./DescribeDataEngine";
import { DescribeDataEngineImageVersions } from "./DescribeDataEngineImageVersions";
import { DescribeDataEngines } from "./DescribeDataEngines";
import { RestartDataEngine } from "./RestartDataEngine";
import { RollbackDataEngineImage } from "./RollbackDataEngineImage";
import { SuspendResumeDataEngine } from "./SuspendResumeDataEngine";
import { SwitchDataEngineImage } from "./SwitchDataEngineImage";
import { UpgradeDataEngineImage } from "./UpgradeDataEngineImage";

export const dlcActions: Record<string, Action> = {
  CheckDataEngineImageCanBeRollback,
  CheckDataEngineImageCanBeUpgrade,
  DescribeDataEngine,
  DescribeDataEngineImageVersions,
  DescribeDataEngines,
  RestartDataEngine,
  RollbackDataEngineImage,
  SuspendResumeDataEngine,
  SwitchDataEngineImage,
  UpgradeDataEngineImage,
};
