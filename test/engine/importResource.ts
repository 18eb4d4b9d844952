// `pulumi import`: takes a resource that exists into the state, without a program.
import { applyStep } from "./apply";
import { defaultProvider } from "./defaultProviders";
import { Cancelled, type Deployment } from "./deployment";
import { plainGoal } from "./goal";
import { planResource } from "./plan";
import { readForImport } from "./readForImport";
import { makeUrn, packageOf, stackType } from "./urn";

export interface ImportSpec {
  type: string;
  name: string;
  id: string;
}

export async function importResource(deployment: Deployment, spec: ImportSpec): Promise<void> {
  const { project, stack } = deployment.options;
  const { type, name, id } = spec;
  const urn = makeUrn({ project, stack, type, name });
  try {
    if (deployment.snapshot.find(urn)) throw new Error(`resource '${urn}' already exists`);
    await ensureStack(deployment);
    const reference = await defaultProvider(deployment, type, undefined);
    const provider = await deployment.providerByReference(reference);
    const read = await readForImport(provider, urn, id);
    const { failures } = await provider.check(urn, read.inputs, read.inputs ?? {});
    if (failures.length > 0) {
      const message = `One or more imported inputs failed to validate. This is almost certainly a bug in the \`${packageOf(type)}\` provider.`;
      deployment.log({ severity: "warning", message, urn });
    }
    for (const { property, reason } of failures) {
      const where = property
        ? `${type} resource '${name}': property ${property}`
        : `${type} resource '${name}'`;
      deployment.log({ severity: "warning", message: `${where} has a problem: ${reason}`, urn });
    }
    const now = new Date().toISOString();
    const next = { ...read, parent: deployment.stackUrn, provider: reference, protect: true };
    await applyStep(deployment, { op: "import", urn, next: { ...next, created: now, modified: now } });
  } catch (error) {
    deployment.fail(error, error instanceof Cancelled ? undefined : urn);
  }
}

async function ensureStack(deployment: Deployment): Promise<void> {
  const { snapshot, stackUrn } = deployment;
  const old = snapshot.find(stackUrn);
  if (old) {
    snapshot.put({ ...old }, old);
    return;
  }
  const { steps } = await planResource(deployment, plainGoal(stackUrn, stackType));
  for (const step of steps) await applyStep(deployment, step);
}
