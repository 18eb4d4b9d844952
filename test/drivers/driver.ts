// How a scenario drives a stack, whatever runs the deployment.
import type { DeploymentV3, UpdateOptions, UpdateResult } from "../engine/types";

export type {
  DeploymentV3,
  Message,
  Step,
  UpdateResult,
} from "../engine/types";

interface ImportSpec {
  type: string;
  name: string;
  id: string;
}

export interface StackDriver {
  /** What runs the deployment, shown to people. */
  readonly engine: "test engine" | "pulumi";
  /** A key like `bigdata:tencentRegion`; a plain key gets the project's namespace. */
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** Many at once. */
  setAllConfig(config: { key: string; value: string; secret: boolean }[]): Promise<void>;
  preview(options?: UpdateOptions): Promise<UpdateResult>;
  up(options?: UpdateOptions): Promise<UpdateResult>;
  refresh(options?: UpdateOptions): Promise<UpdateResult>;
  destroy(options?: UpdateOptions): Promise<UpdateResult>;
  importResource(spec: ImportSpec, options?: UpdateOptions): Promise<UpdateResult>;
  exportState(options?: { showSecrets?: boolean }): Promise<DeploymentV3>;
  importState(deployment: DeploymentV3): Promise<void>;
  dispose(): Promise<void>;
}
