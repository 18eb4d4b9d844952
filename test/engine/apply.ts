// Carries out one planned step: the provider call, and what of it reaches the state.
import { status } from "@grpc/grpc-js";
import { Cancelled, type Deployment, type PlannedStep, shown } from "./deployment";
import { ProviderError } from "./rpc";
import type { PendingOperationType, ResourceV3 } from "./types";
import { isProviderType } from "./urn";
import { markSecretKeys, markSecretsLike, type Properties } from "./values";

export async function applyStep(deployment: Deployment, planned: PlannedStep): Promise<void> {
  deployment.throwIfStopped();
  const step = deployment.report(planned);
  try {
    await effectOf(deployment, planned);
    deployment.count(planned);
  } catch (error) {
    step.failed = true;
    deployment.fail(error, planned.urn);
    throw new Cancelled();
  } finally {
    if (planned.next) step.newState = shown(planned.next);
  }
}

function effectOf(deployment: Deployment, planned: PlannedStep): Promise<void> {
  switch (planned.op) {
    case "create":
    case "create-replacement":
      return create(deployment, planned);
    case "update":
      return update(deployment, planned);
    case "delete":
    case "delete-replaced":
      return remove(deployment, planned);
    case "same":
    case "import":
    case "read":
      return keep(deployment, planned);
    case "remove-pending-replace":
      return forget(deployment, planned);
    case "replace":
      return Promise.resolve();
    case "refresh":
      throw new Error("refresh steps are not planned for a single resource");
  }
}

async function create(deployment: Deployment, { old, next }: PlannedStep): Promise<void> {
  if (!next) throw new Error("a create step needs a new state");
  const { snapshot, preview } = deployment;
  const save = () => {
    const replacesLive = old !== undefined && !old.pendingReplacement;
    if (replacesLive) old.delete = true;
    snapshot.put(next, replacesLive ? undefined : old);
  };
  if (isProviderType(next.type)) stamp(next, { created: true });
  if (!next.custom || isProviderType(next.type)) return save();
  const provider = await deployment.providerOf(next);
  const inputs = next.inputs ?? {};
  const timeout = next.customTimeouts?.create ?? 0;
  if (preview) {
    const planned = await provider.create(next.urn, inputs, timeout, true);
    next.outputs = markOutputs(next, planned.outputs);
    return save();
  }
  await pending(deployment, next, "creating", async () => {
    try {
      const created = await provider.create(next.urn, inputs, timeout, false);
      if (created.id === "") {
        throw new ProviderError(`the provider returned an empty id for ${next.urn}`, status.INTERNAL);
      }
      next.id = created.id;
      next.outputs = markOutputs(next, created.outputs);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      next.id = error.partial.id;
      next.outputs = markOutputs(next, error.partial.properties);
      next.initErrors = error.partial.reasons;
      stamp(next, { created: true });
      save();
      throw initFailed(error);
    }
  });
  stamp(next, { created: true });
  save();
}

async function update(deployment: Deployment, { old, next }: PlannedStep): Promise<void> {
  if (!old || !next) throw new Error("an update step needs an old and a new state");
  const { snapshot, preview } = deployment;
  if (old.id !== undefined) next.id = old.id;
  if (old.created !== undefined) next.created = old.created;
  if (isProviderType(next.type)) {
    stamp(next);
    return snapshot.put(next, old);
  }
  if (!next.custom) {
    next.outputs = old.outputs ?? {};
    return snapshot.put(next, old);
  }
  const provider = await deployment.providerOf(next);
  const inputs = next.inputs ?? {};
  const call = {
    timeout: next.customTimeouts?.update ?? 0,
    ignoreChanges: next.ignoreChanges ?? [],
    preview,
  };
  if (preview) {
    next.outputs = markOutputs(next, await provider.update(next.urn, old, inputs, call));
    return snapshot.put(next, old);
  }
  await pending(deployment, next, "updating", async () => {
    try {
      next.outputs = markOutputs(next, await provider.update(next.urn, old, inputs, call));
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      // What exists was not made from the new inputs: the old ones stay.
      next.outputs = markOutputs(next, error.partial.properties);
      next.inputs = old.inputs ?? {};
      next.initErrors = error.partial.reasons;
      stamp(next);
      snapshot.put(next, old);
      throw initFailed(error);
    }
  });
  stamp(next);
  snapshot.put(next, old);
}

async function remove(deployment: Deployment, planned: PlannedStep): Promise<void> {
  const { old, op } = planned;
  if (!old) throw new Error("a delete step needs an old state");
  if (old.protect && op === "delete") {
    throw new Error(
      `resource "${old.urn}" cannot be deleted because it is protected; remove the \`protect\` flag in the program and run \`up\` first`,
    );
  }
  if (callsProvider(deployment, old)) {
    const provider = await deployment.providerOf(old);
    await pending(deployment, old, "deleting", () => provider.delete(old));
  }
  if (planned.keepAsPendingReplacement) {
    old.pendingReplacement = true;
    deployment.snapshot.write();
  } else {
    deployment.snapshot.drop(old);
  }
}

function callsProvider({ preview, deletions }: Deployment, old: ResourceV3): boolean {
  if (preview || !old.custom || isProviderType(old.type)) return false;
  if (old.external || old.retainOnDelete || old.pendingReplacement) return false;
  return old.deletedWith === undefined || !deletions.has(old.deletedWith);
}

async function keep({ snapshot }: Deployment, { old, next }: PlannedStep): Promise<void> {
  if (!next) throw new Error("a same step needs a new state");
  next.outputs = markOutputs(next, next.outputs ?? {});
  snapshot.put(next, old);
}

async function forget({ snapshot }: Deployment, { old }: PlannedStep): Promise<void> {
  if (old) snapshot.drop(old);
}

/** Notes the operation in the state while it runs; a killed engine leaves the note behind. */
async function pending(
  { snapshot }: Deployment,
  resource: ResourceV3,
  type: PendingOperationType,
  operation: () => Promise<void>,
): Promise<void> {
  const note = snapshot.begin(resource, type);
  try {
    await operation();
  } catch (error) {
    snapshot.end(note);
    snapshot.write();
    throw error;
  }
  snapshot.end(note);
}

function markOutputs(next: ResourceV3, outputs: Properties): Properties {
  return markSecretKeys(markSecretsLike(outputs, next.inputs ?? {}), next.additionalSecretOutputs ?? []);
}

function initFailed(error: ProviderError): Error {
  const reasons = error.partial?.reasons ?? [];
  return new Error([error.message, ...reasons.filter((reason) => reason !== error.message)].join("; "));
}

function stamp(state: ResourceV3, options?: { created: boolean }): void {
  const now = new Date().toISOString();
  if (options?.created) state.created = now;
  state.modified = now;
}
