// A stack's state at rest: deployment JSON, version 3, in one file.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type SecretsKey, secretsProviderType } from "./secrets";
import { type StackState, verifyOrder } from "./snapshot";
import type { DeploymentV3, ResourceV3 } from "./types";

export class StackFile {
  constructor(
    readonly path: string,
    private readonly key: SecretsKey,
  ) {
    mkdirSync(dirname(path), { recursive: true });
  }

  load(): StackState {
    return this.toState(this.export());
  }

  save(state: StackState): void {
    this.write(this.toDeployment(state));
  }

  export(): DeploymentV3 {
    if (!existsSync(this.path)) return this.toDeployment({ resources: [], pendingOperations: [] });
    return JSON.parse(readFileSync(this.path, "utf8")) as DeploymentV3;
  }

  import(deployment: DeploymentV3): void {
    if (deployment.version !== 3)
      throw new Error(`deployment version ${deployment.version} is not supported; 3 is`);
    verifyOrder(deployment.deployment.resources ?? []);
    // Decrypting proves that the state belongs to this engine and passphrase.
    this.save(this.toState(deployment));
  }

  private write(deployment: DeploymentV3): void {
    const scratch = `${this.path}.new`;
    writeFileSync(scratch, `${JSON.stringify(deployment, null, 4)}\n`);
    renameSync(scratch, this.path);
  }

  private toState({ deployment }: DeploymentV3): StackState {
    return {
      resources: (deployment.resources ?? []).map((resource) => this.open(resource)),
      pendingOperations: (deployment.pending_operations ?? []).map(({ resource, type }) => ({
        resource: this.open(resource),
        type,
      })),
    };
  }

  private toDeployment({ resources, pendingOperations }: StackState): DeploymentV3 {
    return {
      version: 3,
      deployment: {
        manifest: { time: new Date().toISOString(), magic: "", version: "test-engine" },
        secrets_providers: { type: secretsProviderType },
        resources: resources.map((resource) => this.seal(resource)),
        ...(pendingOperations.length > 0 && {
          pending_operations: pendingOperations.map(({ resource, type }) => ({
            resource: this.seal(resource),
            type,
          })),
        }),
        metadata: {},
      },
    };
  }

  private open(resource: ResourceV3): ResourceV3 {
    return {
      ...resource,
      inputs: this.key.open(resource.inputs ?? {}),
      outputs: this.key.open(resource.outputs ?? {}),
    };
  }

  private seal(resource: ResourceV3): ResourceV3 {
    return {
      ...resource,
      inputs: this.key.seal(resource.inputs ?? {}),
      outputs: this.key.seal(resource.outputs ?? {}),
    };
  }
}
