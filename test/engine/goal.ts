// What a program wants of one resource, whichever way it said so.
import type { CustomTimeouts, ResourceV3 } from "./types";
import type { Properties } from "./values";

export interface Goal {
  urn: string;
  type: string;
  custom: boolean;
  inputs: Properties;
  parent?: string;
  provider?: string;
  version?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  /** URNs that the resource had before. */
  aliases: string[];
  importId?: string;
  customTimeouts?: CustomTimeouts;
  deletedWith?: string;
}

/** A goal without options. */
export function plainGoal(urn: string, type: string): Goal {
  return {
    urn,
    type,
    custom: false,
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
  };
}

/** The goal as a state that does not exist yet. */
export function stateOf(goal: Goal, inputs: Properties, provider: string | undefined): ResourceV3 {
  return {
    urn: goal.urn,
    custom: goal.custom,
    type: goal.type,
    inputs,
    outputs: {},
    ...(goal.parent !== undefined && { parent: goal.parent }),
    ...(goal.protect && { protect: true }),
    ...(goal.retainOnDelete && { retainOnDelete: true }),
    ...(provider !== undefined && { provider }),
    ...(goal.dependencies.length > 0 && { dependencies: goal.dependencies }),
    ...(Object.keys(goal.propertyDependencies).length > 0 && {
      propertyDependencies: goal.propertyDependencies,
    }),
    ...(goal.additionalSecretOutputs.length > 0 && { additionalSecretOutputs: goal.additionalSecretOutputs }),
    ...(goal.aliases.length > 0 && { aliases: goal.aliases }),
    ...(goal.customTimeouts && { customTimeouts: goal.customTimeouts }),
    ...(goal.importId !== undefined && { importID: goal.importId }),
    ...(goal.deletedWith !== undefined && { deletedWith: goal.deletedWith }),
    ...(goal.ignoreChanges.length > 0 && { ignoreChanges: goal.ignoreChanges }),
  };
}

/** Go's notation for durations, such as `1h30m`, in seconds. */
export function durationSeconds(text: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?)(ms|us|µs|ns|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new Error(`${JSON.stringify(text)} is not a duration such as "5m" or "1h30m"`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}
