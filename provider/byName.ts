// Resources and functions by name. A product's modules are loaded when one of its own is first asked for: most programs
// use one, and a process starts for each of them.
import type { Context } from "./base/context";
import { type CheckFailure, StoppedError } from "./base/errors";
import { type Journals, journalsIn } from "./base/journal";
import type { ProviderFunction } from "./core/function";
import type { Open, Resource } from "./core/resource";
import { checkInputs, containsUnknown } from "./core/schema";

interface Product {
  /** What the names of its resources and functions begin with. */
  names: RegExp;
  /** What the names of its journals begin with. */
  journals: RegExp;
  resources(): Promise<{ resources: readonly Resource[] }>;
  functions(): Promise<{ functions: readonly ProviderFunction[] }>;
}

const products: readonly Product[] = [
  {
    names: /^tencent:(get)?Emr/,
    // Those of pools have no word of their own.
    journals: /^(?!taken:|dlc\/|ddm\/|application\/)/,
    resources: () => import("./tencent/emr/resources.js"),
    functions: () => import("./tencent/emr/functions/index.js"),
  },
  {
    names: /^tencent:(get)?Dlc/,
    journals: /^dlc\//,
    resources: () => import("./tencent/dlc/resources.js"),
    functions: () => import("./tencent/dlc/functions.js"),
  },
  {
    names: /^huawei:(get)?Ddm/,
    journals: /^ddm\//,
    resources: () => import("./huawei/ddm/resources.js"),
    functions: () => import("./huawei/ddm/functions.js"),
  },
  {
    names: /^volcengine:(Emr|getVke)/,
    journals: /^application\//,
    resources: () => import("./volcengine/emr/resources.js"),
    functions: () => import("./volcengine/emr/functions.js"),
  },
];

const productOf = (name: string) => products.find(({ names }) => names.test(name));

/** The resource of a type, such as `tencent:EmrNodePool`. */
export async function resourceOf(type: string): Promise<Resource> {
  const { resources = [] } = (await productOf(type)?.resources()) ?? {};
  const found = resources.find((each) => each.type === type);
  if (found) return found;
  const known = (await import("./resources.js")).resources;
  throw new Error(`pulumi-bigdata has no resource ${type}; it has ${[...known.keys()].join(", ")}.`);
}

/** The function of a token, such as `tencent:getEmrNodes`. */
export async function functionOf(token: string): Promise<ProviderFunction> {
  const { functions = [] } = (await productOf(token)?.functions()) ?? {};
  const found = functions.find((each) => each.token === token);
  if (found) return found;
  const known = (await import("./functions.js")).functions;
  throw new Error(`pulumi-bigdata has no function ${token}; it has ${[...known.keys()].join(", ")}.`);
}

export interface LeftOpen {
  open: (Open & { type: string })[];
  /** Journals of which it is not known what they remember. */
  unreadable: Journals["unreadable"];
}

/** Everything that runs on this machine have left open, with the type of its resource. */
export async function openOn(directory: string): Promise<LeftOpen> {
  const { journals: found, unreadable } = journalsIn(directory);
  const own = (product: Product) => found.filter(({ key }) => product.journals.test(key));
  const open: LeftOpen["open"] = [];
  for (const product of products.filter((each) => own(each).length > 0))
    for (const { type, openOn: openIn } of (await product.resources()).resources)
      open.push(...openIn(found).map((each) => ({ type, ...each })));
  const ours = products.flatMap(own);
  const strange = ours.filter(({ isUnderstood }) => !isUnderstood);
  return {
    open,
    unreadable: [...unreadable, ...strange.map(({ name }) => ({ name, why: "it is damaged" }))],
  };
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
