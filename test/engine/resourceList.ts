// A program without a program: a list of resources, registered in this process.

import { isProviderType, stackType } from "../drivers/urn";
import { Cancelled, type Deployment, type Goal } from "./deployment";
import type { Properties } from "./values";

export interface ListedResource {
  /** A provider of its own is `pulumi:providers:<package>`, and comes first. */
  type: string;
  name: string;
  inputs: Properties;
  /** The name of a provider in the list; the package's default provider unless given. */
  provider?: string;
  options?: Partial<
    Pick<Goal, "deleteBeforeReplace" | "ignoreChanges" | "additionalSecretOutputs" | "customTimeouts">
  >;
}

export async function registerList(deployment: Deployment, list: readonly ListedResource[]): Promise<void> {
  const parent = deployment.stackUrn;
  await deployment.register({ urn: parent, type: stackType, custom: false, inputs: {} });
  const providers = new Map<string | undefined, string>();
  const register = async ({ type, name, inputs, provider, options }: ListedResource) => {
    const reference = providers.get(provider);
    const own = { urn: deployment.urnOf(type, name), type, custom: true, parent, inputs, ...options };
    const { urn, id } = await deployment.register({ ...own, ...(reference && { provider: reference }) });
    if (isProviderType(type)) providers.set(name, `${urn}::${id}`);
  };
  const isProvider = ({ type }: ListedResource) => isProviderType(type);
  for (const listed of list.filter(isProvider)) await register(listed);
  const all = await Promise.allSettled(list.filter((each) => !isProvider(each)).map(register));
  for (const result of all)
    if (result.status === "rejected" && !(result.reason instanceof Cancelled)) throw result.reason;
  deployment.throwIfStopped();
}
