// What a program declares, as a state, and what is done with states without asking anybody.
import type { Checked, Difference, Provider } from "./provider";
import type { CustomTimeouts, ResourceV3 } from "./types";
import { blindSecrets, markSecretKeys, markSecretsLike, type Properties } from "./values";

export interface Goal {
  urn: string;
  type: string;
  custom: boolean;
  /** Those that are found, unless given, where something is imported. */
  inputs?: Properties;
  parent?: string;
  /** `<urn>::<id>`; the package's default provider unless given. */
  provider?: string;
  version?: string;
  dependencies?: string[];
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  additionalSecretOutputs?: string[];
  /** URNs that the resource had before. */
  aliases?: string[];
  customTimeouts?: CustomTimeouts;
  /** Takes over what exists under this id. */
  import?: string;
  /** Reads what exists under this id, and does not manage it. */
  get?: string;
}

/** The goal as a state that does not exist yet. */
export function stateOf(goal: Goal, inputs: Properties, provider?: string): ResourceV3 {
  const { urn, custom, type, parent, protect, customTimeouts } = goal;
  const { dependencies = [], additionalSecretOutputs = [], ignoreChanges = [] } = goal;
  return {
    urn,
    custom,
    type,
    inputs,
    outputs: {},
    ...(parent && { parent }),
    ...(protect && { protect }),
    ...(provider && { provider }),
    ...(dependencies.length > 0 && { dependencies }),
    ...(additionalSecretOutputs.length > 0 && { additionalSecretOutputs }),
    ...(customTimeouts && { customTimeouts }),
    ...(goal.import !== undefined && { importID: goal.import }),
    ...(ignoreChanges.length > 0 && { ignoreChanges }),
  };
}

export async function found(provider: Provider, goal: Goal, id: string): Promise<ResourceV3> {
  const read = await provider.read(goal.urn, id);
  if (read.id === "" || !read.outputs) throw new Error(`resource '${id}' does not exist`);
  return { ...stateOf(goal, read.inputs ?? {}), id: read.id, outputs: read.outputs };
}

export function refuse({ inputs, failures }: Checked): Properties {
  if (failures.length === 0) return inputs;
  const lines = failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
  throw new Error(`resource is not valid: ${lines.join("; ")}`);
}

export const markOutputs = ({ inputs = {}, additionalSecretOutputs }: ResourceV3, outputs: Properties = {}) =>
  markSecretKeys(markSecretsLike(outputs, inputs), additionalSecretOutputs);

/** Refresh asks for the way from the world to the program; people want to see what the world did. */
export function inverted(diff: Difference): Difference {
  const turned: Record<string, "add" | "delete"> = { add: "delete", delete: "add" };
  const entries = Object.entries(diff.detailed ?? {}).map(
    ([path, entry]) => [path, { ...entry, kind: turned[entry.kind] ?? entry.kind }] as const,
  );
  return { ...diff, detailed: diff.detailed && Object.fromEntries(entries) };
}

export function dependenciesOf({ parent, provider, dependencies = [] }: ResourceV3): string[] {
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  return [...dependencies, ...(parent ? [parent] : []), ...(providerUrn ? [providerUrn] : [])];
}

/** A state as it may be shown. */
export function shown(resource: ResourceV3): ResourceV3 {
  const { inputs = {}, outputs = {} } = resource;
  return { ...resource, inputs: blindSecrets(inputs), outputs: blindSecrets(outputs) };
}
