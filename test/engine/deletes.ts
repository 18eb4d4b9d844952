// The delete phase: what was replaced or is no longer in the program, in reverse dependency order.
import { applyStep } from "./apply";
import type { Deployment, PlannedStep } from "./deployment";
import { dependenciesOf } from "./snapshot";
import type { ResourceV3 } from "./types";
import { stackType } from "./urn";

export async function runDeletes(deployment: Deployment): Promise<void> {
  let candidates = deployment.snapshot.untouched.filter((resource) => isCandidate(deployment, resource));
  refuseUntargetedDependents(deployment, candidates);
  for (const { urn, delete: replaced } of candidates) if (!replaced) deployment.deletions.add(urn);
  while (candidates.length > 0 && !deployment.failed) {
    const needed = new Set(candidates.flatMap(dependenciesOf));
    const free = candidates.filter((resource) => !needed.has(resource.urn));
    if (free.length === 0) throw new Error("the state has a circle of dependencies; nothing can be deleted");
    const steps = free.map((resource) =>
      deployment.onWorker(() => applyStep(deployment, deleteStep(resource))),
    );
    await Promise.allSettled(steps);
    candidates = candidates.filter((resource) => !free.includes(resource));
  }
}

function isCandidate(deployment: Deployment, resource: ResourceV3): boolean {
  if (resource.delete) return true;
  if (deployment.seen.has(resource.urn)) return false;
  const { target } = deployment.options;
  if (target.length === 0) return true;
  // With targets the stack and the providers stay: other resources still need them.
  return resource.type !== stackType && !resource.type.startsWith("pulumi:providers:")
    ? deployment.isTarget(resource.urn, resource.type)
    : false;
}

function refuseUntargetedDependents(deployment: Deployment, candidates: ResourceV3[]): void {
  if (deployment.options.target.length === 0) return;
  const doomed = new Set(candidates.filter((resource) => !resource.delete).map((resource) => resource.urn));
  for (const resource of deployment.snapshot.untouched) {
    if (candidates.includes(resource)) continue;
    const needed = dependenciesOf(resource).find((urn) => doomed.has(urn));
    if (needed === undefined) continue;
    deployment.fail(
      new Error(`cannot delete ${needed}: ${resource.urn} depends on it and is not among the targets`),
    );
    return;
  }
}

function deleteStep(old: ResourceV3): PlannedStep {
  if (old.pendingReplacement && !old.delete) return { op: "remove-pending-replace", urn: old.urn, old };
  return { op: old.delete ? "delete-replaced" : "delete", urn: old.urn, old };
}
