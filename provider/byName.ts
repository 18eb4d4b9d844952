// Resources and functions by name. A cloud's modules are loaded when one of its own is first asked for: most programs use
// one cloud, and a process starts for each of them.
import type { Context } from "./base/context";
import { type CheckFailure, StoppedError } from "./base/errors";
import { journalKeys } from "./base/journal";
import type { ProviderFunction } from "./core/function";
import type { Open, Resource } from "./core/resource";
import { checkInputs, containsUnknown } from "./core/schema";

interface Cloud {
  resources(): Promise<{ resources: readonly Resource[] }>;
  functions(): Promise<{ functions: readonly ProviderFunction[] }>;
  /** Whether a journal of this name is one of its own. */
  hasJournal(key: string): boolean;
}

const clouds: Readonly<Record<string, Cloud>> = {
  tencent: {
    resources: () => import("./tencent/resources.js"),
    functions: () => import("./tencent/functions.js"),
    hasJournal: (key) => !/^(taken:|ddm\/|application\/)/.test(key),
  },
  huawei: {
    resources: () => import("./huawei/resources.js"),
    functions: () => import("./huawei/functions.js"),
    hasJournal: (key) => key.startsWith("ddm/"),
  },
  volcengine: {
    resources: () => import("./volcengine/resources.js"),
    functions: () => import("./volcengine/functions.js"),
    hasJournal: (key) => key.startsWith("application/"),
  },
};

const cloudOf = (name: string) => clouds[name.split(":")[0] ?? ""];

/** The resource of a type, such as `tencent:EmrNodePool`. */
export async function resourceOf(type: string): Promise<Resource> {
  const { resources = [] } = (await cloudOf(type)?.resources()) ?? {};
  const found = resources.find((each) => each.type === type);
  if (found) return found;
  const known = (await import("./resources.js")).resources;
  throw new Error(`pulumi-bigdata has no resource ${type}; it has ${[...known.keys()].join(", ")}.`);
}

/** The function of a token, such as `tencent:getEmrNodes`. */
export async function functionOf(token: string): Promise<ProviderFunction> {
  const { functions = [] } = (await cloudOf(token)?.functions()) ?? {};
  const found = functions.find((each) => each.token === token);
  if (found) return found;
  const known = (await import("./functions.js")).functions;
  throw new Error(`pulumi-bigdata has no function ${token}; it has ${[...known.keys()].join(", ")}.`);
}

/** Everything that runs on this machine have left open, with the type of its resource. */
export async function openOn(directory: string): Promise<(Open & { type: string })[]> {
  const keys = journalKeys(directory);
  const all: (Open & { type: string })[] = [];
  for (const cloud of Object.values(clouds).filter(({ hasJournal }) => keys.some(hasJournal)))
    for (const { type, openOn: own } of (await cloud.resources()).resources)
      all.push(...own(directory).map((open) => ({ type, ...open })));
  return all;
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
  const { inputs: schema, outputs, rules = [], call } = await functionOf(token);
  const { inputs, failures } = checkInputs(schema, rules, given);
  if (failures.length > 0) throw new CheckedInputsFailed(token, failures);
  if (containsUnknown(inputs)) throw new StoppedError(`${token}: not all inputs are known yet.`);
  // Only what the schema names goes out, and nothing is undefined.
  return JSON.parse(
    JSON.stringify(outputs.parse(await call({ ...context, onlyLooks: true }, inputs))),
  ) as Record<string, unknown>;
}
