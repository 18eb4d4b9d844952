// Every function of the provider, by token, and how one is called.
import type { Context } from "./base/context";
import { type CheckFailure, StoppedError } from "./base/errors";
import type { ProviderFunction } from "./core/function";
import { checkInputs, containsUnknown } from "./core/schema";
import { getDdmFlavors, getDdmGroups, getDdmInstances } from "./huawei/ddm/functions";
import { getDlcEngines, getDlcImageVersions } from "./tencent/dlc/functions";
import { getEmrCluster, getEmrClusters } from "./tencent/emr/functions/clusters";
import { getEmrNodes } from "./tencent/emr/functions/nodes";
import { getEmrScaleOutPrice } from "./tencent/emr/functions/price";
import { getEmrProcesses, getEmrServices } from "./tencent/emr/functions/services";
import { getVkeApplications, getVkeComponents } from "./volcengine/emr/functions";

// They are reached by token with whatever is sent, so that their types end here.
const all = [
  getEmrClusters,
  getEmrCluster,
  getEmrNodes,
  getEmrServices,
  getEmrProcesses,
  getEmrScaleOutPrice,
  getDlcEngines,
  getDlcImageVersions,
  getDdmInstances,
  getDdmGroups,
  getDdmFlavors,
  getVkeApplications,
  getVkeComponents,
] as unknown as readonly ProviderFunction[];

export const functions: ReadonlyMap<string, ProviderFunction> = new Map(
  all.map((each) => [each.token, each]),
);

export function functionOf(token: string): ProviderFunction {
  const found = functions.get(token);
  if (!found) {
    throw new Error(`pulumi-bigdata has no function ${token}; it has ${[...functions.keys()].join(", ")}.`);
  }
  return found;
}

/** The inputs of a function are not what it takes. */
export class CheckedInputsFailed extends StoppedError {
  constructor(
    readonly token: string,
    readonly failures: readonly CheckFailure[],
  ) {
    super(`${token}: ${failures.map(({ property, reason }) => `${property} ${reason}`).join("; ")}.`);
  }
}

/** Checks the inputs, asks, and gives the answer as plain JSON. */
export async function callFunction(
  token: string,
  given: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const { inputs: schema, outputs, rules = [], call } = functionOf(token);
  const { inputs, failures } = checkInputs(schema, rules, given);
  if (failures.length > 0) throw new CheckedInputsFailed(token, failures);
  if (containsUnknown(inputs)) throw new StoppedError(`${token}: not all inputs are known yet.`);
  // Only what the schema names goes out, and nothing is undefined.
  return JSON.parse(
    JSON.stringify(outputs.parse(await call({ ...context, onlyLooks: true }, inputs))),
  ) as Record<string, unknown>;
}
