// A registration from start to end: planned in turn, carried out on a worker, answered with its new state.
import { applyStep } from "./apply";
import { defaultProvider } from "./defaultProviders";
import { Cancelled, type Deployment } from "./deployment";
import type { Goal } from "./goal";
import { planResource } from "./plan";
import type { ResourceV3 } from "./types";
import { isUnknown, type Properties } from "./values";

export async function registerResource(deployment: Deployment, goal: Goal): Promise<ResourceV3> {
  const plan = await deployment.serially(async () => {
    try {
      return await planResource(deployment, goal);
    } catch (error) {
      deployment.fail(error, goal.urn);
      throw new Cancelled();
    }
  });
  await deployment.onWorker(async () => {
    for (const step of plan.steps) await applyStep(deployment, step);
  });
  deployment.throwIfStopped();
  return plan.result;
}

export interface ReadGoal {
  urn: string;
  type: string;
  id: string;
  inputs: Properties;
  parent?: string;
  provider?: string;
  version?: string;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** `.get` and `new X(name, args, { id })`: something that exists and that this stack does not own. */
export async function readResource(deployment: Deployment, goal: ReadGoal): Promise<ResourceV3> {
  const read = async (): Promise<ResourceV3> => {
    if (deployment.seen.has(goal.urn)) throw new Error(`Duplicate resource URN '${goal.urn}'`);
    deployment.seen.add(goal.urn);
    const old = deployment.snapshot.find(goal.urn);
    if (old && !old.external) {
      throw new Error(`the test engine does not turn the managed resource ${goal.urn} into a read one`);
    }
    const reference = goal.provider ?? (await defaultProvider(deployment, goal.type, goal.version));
    const next: ResourceV3 = {
      urn: goal.urn,
      custom: true,
      type: goal.type,
      external: true,
      id: goal.id,
      inputs: goal.inputs,
      outputs: goal.inputs,
      provider: reference,
      dependencies: goal.dependencies,
      additionalSecretOutputs: goal.additionalSecretOutputs,
      ...(goal.parent !== undefined && { parent: goal.parent }),
    };
    const provider = await deployment.providerByReference(reference);
    if (isUnknown(goal.id)) next.outputs = {};
    else {
      const found = await provider.read(goal.urn, goal.id, next, 0);
      if (!found.outputs) throw new Error(`resource '${goal.id}' does not exist`);
      next.id = found.id || goal.id;
      next.outputs = found.outputs;
      next.inputs = found.inputs ?? goal.inputs;
    }
    await applyStep(deployment, { op: "read", urn: goal.urn, next, ...(old && { old }) });
    return next;
  };
  return deployment.serially(async () => {
    try {
      return await read();
    } catch (error) {
      deployment.fail(error, goal.urn);
      throw new Cancelled();
    }
  });
}
