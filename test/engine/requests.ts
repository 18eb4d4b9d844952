// Reads a program's registration off the wire.
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { durationSeconds, type Goal } from "./goal";
import type { ReadGoal } from "./register";
import { fromStruct } from "./rpc";
import type { CustomTimeouts } from "./types";
import { makeUrn } from "./urn";

/** Asked for, and answered with UNIMPLEMENTED. */
export class Unsupported extends Error {}

interface Names {
  project: string;
  stack: string;
}

export function goalOf(request: RegisterResourceRequest, urn: string, names: Names): Goal {
  refuseUnsupported(request);
  const timeouts = customTimeouts(request.getCustomtimeouts());
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    propertyDependencies[key] = dependencies.getUrnsList();
  });
  return {
    urn,
    type: request.getType(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList(),
      ...request.getAliasesList().map((alias) => aliasUrn(alias, request, names)),
    ].filter((alias) => alias !== urn),
    ...optional("parent", request.getParent()),
    ...optional("provider", request.getProvider()),
    ...optional("version", request.getVersion()),
    ...optional("importId", request.getImportid()),
    ...optional("deletedWith", request.getDeletedwith()),
    ...(request.getProtect() === true && { protect: true }),
    ...(request.getRetainondelete() === true && { retainOnDelete: true }),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(timeouts && { customTimeouts: timeouts }),
  };
}

export function readGoalOf(request: ReadResourceRequest, urn: string): ReadGoal {
  return {
    urn,
    type: request.getType(),
    id: request.getId(),
    inputs: fromStruct(request.getProperties()),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ...optional("parent", request.getParent()),
    ...optional("provider", request.getProvider()),
    ...optional("version", request.getVersion()),
  };
}

function refuseUnsupported(request: RegisterResourceRequest): void {
  const asked: Record<string, boolean> = {
    "remote components": request.getRemote(),
    replaceWith: request.getReplaceWithList().length > 0,
    transforms: request.getTransformsList().length > 0,
    "parameterized packages": request.getPackageref() !== "",
    replacementTrigger: request.hasReplacementTrigger(),
  };
  for (const [what, isAsked] of Object.entries(asked)) {
    if (!isAsked) continue;
    throw new Unsupported(`the test engine does not support ${what}`);
  }
}

function optional<Key extends string>(key: Key, value: string): { [key in Key]?: string } {
  return value === "" ? {} : ({ [key]: value } as { [key in Key]?: string });
}

function customTimeouts(
  timeouts: RegisterResourceRequest.CustomTimeouts | undefined,
): CustomTimeouts | undefined {
  if (!timeouts) return undefined;
  const texts = {
    create: timeouts.getCreate(),
    update: timeouts.getUpdate(),
    delete: timeouts.getDelete(),
    read: timeouts.getRead(),
  };
  const given = Object.entries(texts).filter(([, text]) => text !== "");
  return given.length === 0
    ? undefined
    : Object.fromEntries(given.map(([verb, text]) => [verb, durationSeconds(text)]));
}

function aliasUrn(alias: Alias, request: RegisterResourceRequest, names: Names): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
  return makeUrn({
    stack: spec.getStack() || names.stack,
    project: spec.getProject() || names.project,
    type: spec.getType() || request.getType(),
    name: spec.getName() || request.getName(),
    parent,
  });
}
