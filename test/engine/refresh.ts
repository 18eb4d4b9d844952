// Refresh: Read every resource, compare with the roles of Diff swapped, and keep what was read.
import { type Deployment, shown } from "./deployment";
import { invert, type ResourceDiff } from "./diff";
import { ProviderError } from "./rpc";
import type { Op, ResourceV3 } from "./types";
import { isProviderType } from "./urn";
import { markSecretKeys } from "./values";

interface Refreshed {
  next: ResourceV3 | undefined;
  diff?: ResourceDiff;
}

/** `asOperation`: `pulumi refresh` itself, whose steps show what they came to. */
export async function refreshAll(deployment: Deployment, asOperation: boolean): Promise<void> {
  const changes = new Map<ResourceV3, ResourceV3 | undefined>();
  const candidates = deployment.snapshot.untouched.filter((resource) =>
    deployment.isTarget(resource.urn, resource.type),
  );
  const refreshOne = async (resource: ResourceV3) => {
    try {
      if (deployment.stopped) return;
      const refreshed = await deployment.onWorker(() => refreshResource(deployment, resource));
      changes.set(resource, refreshed.next);
      reportRefresh(deployment, resource, refreshed, asOperation);
    } catch (error) {
      deployment.reportError(error, resource.urn);
    }
  };
  await Promise.all(candidates.map(refreshOne));
  deployment.snapshot.refreshed(changes);
}

async function refreshResource(deployment: Deployment, old: ResourceV3): Promise<Refreshed> {
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) return { next: old };
  const provider = await deployment.providerOf(old);
  const next = { ...old };
  try {
    const read = await provider.read(old.urn, old.id ?? "", old, old.customTimeouts?.read ?? 0);
    if (read.id === "") return { next: undefined };
    next.id = read.id;
    next.outputs = markSecretKeys(read.outputs ?? {}, old.additionalSecretOutputs ?? []);
    next.inputs = read.inputs ?? old.inputs ?? {};
    delete next.initErrors;
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.partial) throw error;
    deployment.log({ severity: "warning", message: error.message, urn: old.urn });
    next.id = error.partial.id;
    next.outputs = error.partial.properties;
    next.inputs = error.partial.inputs ?? old.inputs ?? {};
    next.initErrors = error.partial.reasons;
  }
  if (old.external) return { next };
  const found = { inputs: next.inputs ?? {}, outputs: next.outputs ?? {} };
  const diff = await provider.diff(old.urn, next.id ?? "", found, old.inputs ?? {}, old.ignoreChanges ?? []);
  return { next, diff: invert(diff) };
}

function reportRefresh(
  deployment: Deployment,
  old: ResourceV3,
  refreshed: Refreshed,
  asOperation: boolean,
): void {
  const { next, diff } = refreshed;
  const outcome: Op = next === undefined ? "delete" : diff?.changes ? "update" : "same";
  const planned = {
    op: asOperation ? outcome : ("refresh" as const),
    urn: old.urn,
    old,
    ...(diff && { diff }),
  };
  const step = deployment.report(planned);
  if (next) step.newState = shown(next);
  deployment.count(planned);
}
