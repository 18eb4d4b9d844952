// Delete before replace takes with it every resource that would itself be replaced once an output of the
// deleted one changes; they are deleted first, in reverse order, and come back when the program registers them.
import type { Deployment, PlannedStep } from "./deployment";
import { mustReplace } from "./diff";
import type { ResourceV3 } from "./types";
import { isProviderType } from "./urn";
import { type Properties, unknown } from "./values";

export async function planDependentDeletes(deployment: Deployment, root: ResourceV3): Promise<PlannedStep[]> {
  const replaced = new Set([root.urn]);
  const deletes: PlannedStep[] = [];
  for (const resource of deployment.snapshot.untouched) {
    if (resource === root || resource.delete || resource.pendingReplacement) continue;
    if (!resource.custom || resource.external || isProviderType(resource.type)) continue;
    const inputs = withUnknowns(resource, replaced);
    if (!inputs) continue;
    const provider = await deployment.providerOf(resource);
    const old = { inputs: resource.inputs ?? {}, outputs: resource.outputs ?? {} };
    const diff = await provider.diff(
      resource.urn,
      resource.id ?? "",
      old,
      inputs,
      resource.ignoreChanges ?? [],
    );
    if (!mustReplace(diff)) continue;
    if (resource.protect) {
      throw new Error(
        `unable to replace resource "${resource.urn}", a dependent of "${root.urn}", as it is protected`,
      );
    }
    replaced.add(resource.urn);
    deployment.deletedToReplace.add(resource.urn);
    deletes.unshift({
      op: "delete-replaced",
      urn: resource.urn,
      old: resource,
      diff,
      keepAsPendingReplacement: true,
    });
  }
  return deletes;
}

/** The resource's inputs with those unknown that come from a replaced resource; nothing if there are none. */
function withUnknowns(resource: ResourceV3, replaced: Set<string>): Properties | undefined {
  const affected = Object.entries(resource.propertyDependencies ?? {}).filter(([, urns]) =>
    urns.some((urn) => replaced.has(urn)),
  );
  if (affected.length === 0) return undefined;
  return { ...resource.inputs, ...Object.fromEntries(affected.map(([key]) => [key, unknown])) };
}
