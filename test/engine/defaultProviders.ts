// The provider that a resource or function gets if the program names none: one a package and version,
// configured by the stack's own configuration.
import { applyStep } from "./apply";
import type { Deployment } from "./deployment";
import { plainGoal } from "./goal";
import { dynamicPackage } from "./plugins";
import { planProvider } from "./providerResources";
import { makeUrn, packageOf } from "./urn";
import { type Properties, secret } from "./values";

/** The reference of the default provider for a type or function token; it is registered on first use. */
export function defaultProvider(
  deployment: Deployment,
  token: string,
  version: string | undefined,
): Promise<string> {
  const { stack, project } = deployment.options;
  const packageName = packageOf(token);
  const name = version ? `default_${version.replaceAll(".", "_")}` : "default";
  const type = `pulumi:providers:${packageName}`;
  const urn = makeUrn({ stack, project, type, name });
  const known = deployment.defaultProviders.get(urn);
  if (known) return known;
  const registered = (async () => {
    const inputs = configInputs(deployment, packageName);
    const goal = { ...plainGoal(urn, type), custom: true, inputs, ...(version && { version }) };
    deployment.seen.add(urn);
    const { steps, result } = await planProvider(deployment, goal, deployment.snapshot.find(urn));
    for (const step of steps) await applyStep(deployment, step);
    return `${urn}::${result.id}`;
  })();
  registered.catch(() => {});
  deployment.defaultProviders.set(urn, registered);
  return registered;
}

// The dynamic provider is given the whole stack configuration, others their own namespace; all of it as text.
function configInputs(deployment: Deployment, packageName: string): Properties {
  const inputs: Properties = {};
  for (const [key, { value, secret: isSecret }] of Object.entries(deployment.options.config)) {
    const [namespace, name = ""] = key.split(":");
    if (packageName !== dynamicPackage && namespace !== packageName) continue;
    inputs[packageName === dynamicPackage ? key : name] = isSecret ? secret(value) : value;
  }
  return inputs;
}
