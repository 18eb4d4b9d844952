// A stack's state. It is kept in memory, and exported as `pulumi stack export` prints it, with its secrets sealed: nobody
// is to read them by accident, and this is no place for real ones.
import type { DeploymentV3, ResourceV3 } from "../drivers/driver";
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
    return this.resources.find((each) => each.urn === urn);
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

/** The text of a secret in place of its value. */
const textOf = (name: string, encode: (text: string) => string) => (value: Value) => {
  if (!isSecret(value)) return value;
  return { [signatureKey]: value[signatureKey], [name]: encode(JSON.stringify(value.value)) };
};
const show = textOf("plaintext", (text) => text);
const seal = textOf("ciphertext", (text) => Buffer.from(text).toString("base64"));

function open(value: Value): Value {
  if (!isSecret(value)) return value;
  const { ciphertext, plaintext } = value as Properties;
  const text = plaintext ?? Buffer.from(ciphertext as string, "base64").toString();
  return secret(JSON.parse(text as string) as Value);
}
