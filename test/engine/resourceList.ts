// A program without a program: a list of resources, registered in this process.
import { Cancelled, type Deployment } from "./deployment";
import type { Goal } from "./goal";
import { isProviderType, stackType } from "./urn";
import type { Properties } from "./values";

export interface ListedResource {
  /** A provider of its own is `pulumi:providers:<package>`, and comes first. */
  type: string;
  name: string;
  inputs: Properties;
  /** The name of a provider in the list; the package's default provider unless given. */
  provider?: string;
  /** The version of the package that a program's SDK would ask for. */
  version?: string;
  /** An id: the resource is read, as by `.get`, and not managed. */
  get?: string;
  options?: Partial<
    Pick<
      Goal,
      | "protect"
      | "deleteBeforeReplace"
      | "ignoreChanges"
      | "additionalSecretOutputs"
      | "aliases"
      | "customTimeouts"
      | "import"
    >
  >;
}

export async function registerList(deployment: Deployment, list: readonly ListedResource[]): Promise<void> {
  const parent = deployment.stackUrn;
  await deployment.register({ urn: parent, type: stackType, custom: false });
  const providers = new Map<string, string>();
  const register = async ({ type, name, inputs, provider, version, get, options }: ListedResource) => {
    const reference = provider === undefined ? undefined : providers.get(provider);
    const { urn, id } = await deployment.register({
      urn: deployment.urnOf(type, name),
      type,
      custom: true,
      parent,
      inputs,
      ...options,
      ...(reference !== undefined && { provider: reference }),
      ...(version !== undefined && { version }),
      ...(get !== undefined && { get }),
    });
    if (isProviderType(type)) providers.set(name, `${urn}::${id}`);
  };
  const isProvider = ({ type }: ListedResource) => isProviderType(type);
  for (const listed of list.filter(isProvider)) await register(listed);
  const all = await Promise.allSettled(list.filter((each) => !isProvider(each)).map(register));
  for (const result of all)
    if (result.status === "rejected" && !(result.reason instanceof Cancelled)) throw result.reason;
  deployment.throwIfStopped();
}
