// A program without a program: a list of registrations, run in this process through the same step generator.
import { Cancelled, type Deployment } from "./deployment";
import { type Goal, plainGoal } from "./goal";
import { readResource, registerResource } from "./register";
import type { ResourceV3 } from "./types";
import { makeUrn, stackType } from "./urn";
import { isObject, type Properties, unknown, type Value } from "./values";

/** The output `output` (or `id`) of the resource called `ref`. */
export interface OutputReference {
  ref: string;
  output: string;
}

export type ListedInput = Value | OutputReference | ListedInput[] | { [key: string]: ListedInput };
export type ListedInputs = { [key: string]: ListedInput };

export interface ListedResource {
  /** A provider of its own is `pulumi:providers:<package>`. */
  type: string;
  name: string;
  /** Plain values, references to outputs, or a function of the outputs of the resources in `dependsOn`. */
  inputs: ListedInputs | ((outputsOf: (name: string) => Properties) => Properties);
  dependsOn?: string[];
  /** The name of a provider in the list; the package's default provider unless given. */
  provider?: string;
  /** The version of the package that a program's SDK would ask for. */
  version?: string;
  /** An id: the resource is read, as by `.get`, and not managed. */
  get?: string;
  options?: { import?: string } & Partial<
    Pick<
      Goal,
      | "protect"
      | "retainOnDelete"
      | "deleteBeforeReplace"
      | "ignoreChanges"
      | "replaceOnChanges"
      | "additionalSecretOutputs"
      | "aliases"
      | "importId"
      | "customTimeouts"
      | "deletedWith"
    >
  >;
}

export interface ResourceList {
  kind: "resources";
  resources: ListedResource[];
  /** Stack outputs. */
  outputs?: ListedInputs;
}

export async function runResourceList(deployment: Deployment, list: ResourceList): Promise<void> {
  await registerResource(deployment, stackGoal(deployment));
  const states = new Map<string, Promise<ResourceV3>>();
  for (const listed of list.resources) {
    if (states.has(listed.name)) throw new Error(`the list has two resources called ${listed.name}`);
    const state = register(deployment, listed, states);
    // Failures are collected below; a dependent may not be there to see it.
    state.catch(() => {});
    states.set(listed.name, state);
  }
  const settled = await Promise.allSettled(states.values());
  for (const result of settled) {
    if (result.status === "rejected" && !(result.reason instanceof Cancelled)) throw result.reason;
  }
  deployment.throwIfStopped();
  deployment.stackOutputs = await resolveInputs(deployment, list.outputs ?? {}, states);
}

async function register(
  deployment: Deployment,
  listed: ListedResource,
  states: Map<string, Promise<ResourceV3>>,
): Promise<ResourceV3> {
  const { project, stack } = deployment.options;
  const explicit = await Promise.all((listed.dependsOn ?? []).map((name) => stateOf(name, states)));
  const { inputs: wanted } = listed;
  const inputs =
    typeof wanted === "function"
      ? wanted(outputsOf(deployment, explicit))
      : await resolveInputs(deployment, wanted, states);
  const propertyDependencies: Record<string, string[]> = {};
  for (const [key, input] of typeof wanted === "function" ? [] : Object.entries(wanted)) {
    const names = referencesIn(input).map((reference) => reference.ref);
    propertyDependencies[key] = await Promise.all(
      names.map(async (name) => (await stateOf(name, states)).urn),
    );
  }
  const dependencies = [...explicit.map((state) => state.urn), ...Object.values(propertyDependencies).flat()];
  const provider = listed.provider !== undefined && (await stateOf(listed.provider, states));
  const { import: importId, ...options } = listed.options ?? {};
  const goal: Goal = {
    ...plainGoal(makeUrn({ project, stack, type: listed.type, name: listed.name }), listed.type),
    custom: true,
    parent: deployment.stackUrn,
    inputs,
    dependencies: [...new Set(dependencies)],
    propertyDependencies,
    ...(provider && { provider: `${provider.urn}::${provider.id}` }),
    ...(listed.version !== undefined && { version: listed.version }),
    ...options,
    ...(importId !== undefined && { importId }),
  };
  if (listed.get !== undefined) return readResource(deployment, { ...goal, id: listed.get });
  return registerResource(deployment, goal);
}

function stackGoal(deployment: Deployment): Goal {
  return plainGoal(deployment.stackUrn, stackType);
}

async function stateOf(name: string, states: Map<string, Promise<ResourceV3>>): Promise<ResourceV3> {
  const state = states.get(name);
  if (!state) throw new Error(`the list refers to ${name}, which does not come before`);
  return state;
}

function outputsOf(deployment: Deployment, states: ResourceV3[]): (name: string) => Properties {
  return (name) => {
    const state = states.find((each) => each.urn.endsWith(`::${name}`));
    if (!state) throw new Error(`inputs use the outputs of ${name}, which is not in dependsOn`);
    return { ...state.outputs, id: output(deployment, state, "id") };
  };
}

async function resolveInputs(
  deployment: Deployment,
  inputs: ListedInputs,
  states: Map<string, Promise<ResourceV3>>,
): Promise<Properties> {
  const resolve = async (input: ListedInput): Promise<Value> => {
    if (isReference(input)) return output(deployment, await stateOf(input.ref, states), input.output);
    if (Array.isArray(input)) return Promise.all(input.map(resolve));
    if (!isObject(input as Value)) return input as Value;
    const entries = Object.entries(input as ListedInputs).map(async ([key, value]) => [
      key,
      await resolve(value),
    ]);
    return Object.fromEntries(await Promise.all(entries)) as Properties;
  };
  return (await resolve(inputs)) as Properties;
}

/** As the SDK does it: what is missing is unknown in a preview. */
function output(deployment: Deployment, state: ResourceV3, name: string): Value {
  const value = name === "id" ? state.id : state.outputs?.[name];
  if (value !== undefined) return value;
  if (deployment.preview) return unknown;
  throw new Error(`${state.urn} has no output ${name}`);
}

function isReference(input: ListedInput): input is OutputReference {
  const value = input as { ref?: unknown; output?: unknown } | null;
  return (
    typeof value === "object" &&
    value !== null &&
    typeof value.ref === "string" &&
    typeof value.output === "string"
  );
}

function referencesIn(input: ListedInput): OutputReference[] {
  if (isReference(input)) return [input];
  if (typeof input !== "object" || input === null) return [];
  return Object.values(input).flatMap((value) => referencesIn(value as ListedInput));
}
