// A stack's state. It is kept in memory, and exported as `pulumi stack export` prints it, with its secrets sealed.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { DeploymentV3, ResourceV3 } from "./types";
import { isSecret, mapProperties, type Properties, secret, signatureKey, type Value } from "./values";

export class StackState {
  private constructor(readonly resources: ResourceV3[]) {}

  static import({ deployment }: DeploymentV3 = emptyDeployment): StackState {
    return new StackState(structuredClone(deployment.resources ?? []).map((each) => withSecrets(each, open)));
  }

  export({ showSecrets = false } = {}): DeploymentV3 {
    const resources = this.resources.map((each) => withSecrets(each, showSecrets ? show : seal));
    return { ...emptyDeployment, deployment: { ...emptyDeployment.deployment, resources } };
  }

  /** For an operation that changes nothing. */
  copy(): StackState {
    return new StackState(structuredClone(this.resources));
  }

  find(urn: string): ResourceV3 | undefined {
    return this.resources.find((each) => each.urn === urn && !each.delete);
  }

  /** `next` takes the place of `old`. */
  put(next: ResourceV3, old?: ResourceV3): void {
    const index = old ? this.resources.indexOf(old) : -1;
    if (index >= 0) this.resources[index] = next;
    else this.resources.push(next);
  }

  drop(old: ResourceV3): void {
    this.resources.splice(this.resources.indexOf(old), 1);
  }
}

const emptyDeployment: DeploymentV3 = {
  version: 3,
  deployment: { manifest: { time: "", magic: "", version: "test-engine" } },
};

function withSecrets(resource: ResourceV3, change: (value: Value) => Value): ResourceV3 {
  const { inputs = {}, outputs = {} } = resource;
  return { ...resource, inputs: mapProperties(inputs, change), outputs: mapProperties(outputs, change) };
}

/** State of one run of tests is read by the same run only. */
const key = randomBytes(32);

function seal(value: Value): Value {
  if (!isSecret(value)) return value;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(value.value), "utf8"), cipher.final()]);
  const ciphertext = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
  const { [signatureKey]: signature } = value;
  return { [signatureKey]: signature, ciphertext };
}

function show(value: Value): Value {
  if (!isSecret(value)) return value;
  const { [signatureKey]: signature } = value;
  return { [signatureKey]: signature, plaintext: JSON.stringify(value.value) };
}

function open(value: Value): Value {
  if (!isSecret(value)) return value;
  const { ciphertext, plaintext } = value as Properties;
  if (plaintext !== undefined) return secret(JSON.parse(plaintext as string) as Value);
  const bytes = Buffer.from(ciphertext as string, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  return secret(JSON.parse(text) as Value);
}
