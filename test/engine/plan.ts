// Decides what one registration takes: Check, Diff, and from them the steps.
import { defaultProvider } from "./defaultProviders";
import type { Deployment, PlannedStep } from "./deployment";
import { mustReplace, noDiff, type ResourceDiff, withReplaceOnChanges } from "./diff";
import { type Goal, stateOf } from "./goal";
import { resetPaths } from "./paths";
import { DiffUnavailable, type Provider } from "./provider";
import { planProvider, providerChangeReplaces } from "./providerResources";
import { readForImport } from "./readForImport";
import { planDependentDeletes } from "./replaceDependents";
import type { ResourceV3 } from "./types";
import { isProviderType, matchesAny, providerUrn } from "./urn";
import { equal, type Properties } from "./values";

export interface Plan {
  steps: PlannedStep[];
  /** The state that the program gets to see once the steps are done. */
  result: ResourceV3;
}

export async function planResource(deployment: Deployment, goal: Goal): Promise<Plan> {
  if (deployment.seen.has(goal.urn)) {
    throw new Error(`Duplicate resource URN '${goal.urn}'; try giving it a unique name`);
  }
  deployment.seen.add(goal.urn);
  const old = findOld(deployment, goal);
  if (isProviderType(goal.type)) return planProvider(deployment, goal, old);
  if (!deployment.isTarget(goal.urn, goal.type)) return planUntargeted(deployment, goal, old);
  refuseSkippedDependencies(deployment, goal);
  if (!goal.custom) return planComponent(goal, old);
  return planCustom(deployment, goal, old);
}

function findOld(deployment: Deployment, goal: Goal): ResourceV3 | undefined {
  const { snapshot } = deployment;
  const matches = [goal.urn, ...goal.aliases].flatMap((urn) => snapshot.find(urn) ?? []);
  const [old, other] = [...new Set(matches)];
  if (other)
    throw new Error(`${goal.urn} matches two resources by its aliases: ${old?.urn} and ${other.urn}`);
  if (old && old.urn !== goal.urn) renameEverywhere(deployment, old.urn, goal.urn);
  return old;
}

/** An alias was found: whatever refers to the old URN now refers to the new one. */
function renameEverywhere({ snapshot }: Deployment, from: string, to: string): void {
  const renamed = (urn: string) => (urn === from ? to : urn);
  for (const resource of snapshot.resources) {
    if (resource.urn === from && !resource.delete) resource.urn = to;
    if (resource.parent === from) resource.parent = to;
    if (resource.deletedWith === from) resource.deletedWith = to;
    if (resource.provider && providerUrn(resource.provider) === from) {
      resource.provider = resource.provider.replace(from, to);
    }
    if (resource.dependencies) resource.dependencies = resource.dependencies.map(renamed);
    for (const [key, urns] of Object.entries(resource.propertyDependencies ?? {})) {
      if (resource.propertyDependencies) resource.propertyDependencies[key] = urns.map(renamed);
    }
  }
}

function planUntargeted(deployment: Deployment, goal: Goal, old: ResourceV3 | undefined): Plan {
  if (old) return { steps: [{ op: "same", urn: goal.urn, old, next: { ...old } }], result: old };
  deployment.skippedCreates.add(goal.urn);
  return { steps: [], result: { ...stateOf(goal, goal.inputs, undefined), outputs: goal.inputs } };
}

function refuseSkippedDependencies({ skippedCreates }: Deployment, goal: Goal): void {
  const needed = [...goal.dependencies, ...(goal.parent ? [goal.parent] : [])].find((urn) =>
    skippedCreates.has(urn),
  );
  if (needed !== undefined) {
    throw new Error(`${goal.urn} depends on ${needed}, which does not exist and is not among the targets`);
  }
}

function planComponent(goal: Goal, old: ResourceV3 | undefined): Plan {
  const result = stateOf(goal, goal.inputs, undefined);
  if (!old) return { steps: [{ op: "create", urn: goal.urn, next: result }], result };
  result.outputs = old.outputs ?? {};
  const op = equal(old.inputs ?? {}, goal.inputs) ? "same" : "update";
  return { steps: [{ op, urn: goal.urn, old, next: result }], result };
}

async function planCustom(deployment: Deployment, goal: Goal, found: ResourceV3 | undefined): Promise<Plan> {
  const reference = goal.provider ?? (await defaultProvider(deployment, goal.type, goal.version));
  const provider = await deployment.providerByReference(reference);
  const imported = await importIfAsked(goal, found, reference, provider);
  const steps: PlannedStep[] = imported ? [{ op: "import", urn: goal.urn, next: imported }] : [];
  const old = imported ?? found;

  const recreating = deployment.deletedToReplace.has(goal.urn);
  const replaceAsked = matchesAny(goal.urn, deployment.options.replace);
  const afresh = old === undefined || recreating || old.external === true || replaceAsked;
  const news = old && !afresh ? resetPaths(goal.inputs, old.inputs ?? {}, goal.ignoreChanges) : goal.inputs;
  const inputs = await check(provider, goal.urn, afresh ? undefined : old?.inputs, news);
  const result = stateOf(goal, inputs, reference);
  if (!old) return { steps: [{ op: "create", urn: goal.urn, next: result }], result };

  if (recreating) return { steps: [...steps, ...recreate(goal, old, result, noDiff)], result };
  const diff = await diffOf(deployment, provider, goal, old, result, replaceAsked);
  if (mustReplace(diff) || old.pendingReplacement) {
    result.inputs = await check(provider, goal.urn, undefined, goal.inputs);
    return { steps: [...steps, ...(await planReplacement(deployment, goal, old, result, diff))], result };
  }
  if (diff.changes || (old.initErrors ?? []).length > 0) {
    return { steps: [...steps, { op: "update", urn: goal.urn, old, next: result, diff }], result };
  }
  if (old.id !== undefined) result.id = old.id;
  if (old.created !== undefined) result.created = old.created;
  if (old.modified !== undefined) result.modified = old.modified;
  result.outputs = old.outputs ?? {};
  // What was imported and is as wanted takes no second step.
  if (imported) return { steps: [{ op: "import", urn: goal.urn, next: result }], result };
  return { steps: [{ op: "same", urn: goal.urn, old, next: result }], result };
}

async function check(provider: Provider, urn: string, olds: Properties | undefined, news: Properties) {
  const { inputs, failures } = await provider.check(urn, olds, news);
  if (failures.length > 0) {
    const lines = failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
    throw new Error(`resource is not valid: ${lines.join("; ")}`);
  }
  return inputs;
}

async function diffOf(
  deployment: Deployment,
  provider: Provider,
  goal: Goal,
  old: ResourceV3,
  next: ResourceV3,
  replaceAsked: boolean,
): Promise<ResourceDiff> {
  if (replaceAsked) return { ...noDiff, changes: true, replaceKeys: ["id"] };
  if (old.external) return { ...noDiff, changes: true, replaceKeys: ["external"] };
  if (await providerChangeReplaces(deployment, old.provider, next.provider ?? "")) {
    return { ...noDiff, changes: true, replaceKeys: ["provider"] };
  }
  const before = { inputs: old.inputs ?? {}, outputs: old.outputs ?? {} };
  try {
    const diff = await provider.diff(goal.urn, old.id ?? "", before, next.inputs ?? {}, goal.ignoreChanges);
    return withReplaceOnChanges(diff, goal.replaceOnChanges, old.initErrors ?? []);
  } catch (error) {
    if (!(error instanceof DiffUnavailable)) throw error;
    deployment.log({ severity: "warning", message: error.message, urn: goal.urn });
    return { ...noDiff, changes: true };
  }
}

async function planReplacement(
  deployment: Deployment,
  goal: Goal,
  old: ResourceV3,
  next: ResourceV3,
  diff: ResourceDiff,
): Promise<PlannedStep[]> {
  if (old.protect && goal.protect) {
    const error = new Error(
      `unable to replace resource "${goal.urn}" as it is currently marked for protection; remove the \`protect\` flag in the program and run \`up\` first`,
    );
    if (!deployment.preview) throw error;
    // A preview shows what is refused and goes on.
    deployment.reportError(error, goal.urn);
  }
  if (goal.importId !== undefined && goal.importId !== "") {
    throw new Error(
      `"${goal.urn}" cannot be replaced while the program still imports it; remove the import option`,
    );
  }
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  if (!deleteFirst || old.pendingReplacement) return recreate(goal, old, next, diff);
  const deletes: PlannedStep[] = await planDependentDeletes(deployment, old);
  const own: PlannedStep = {
    op: "delete-replaced",
    urn: goal.urn,
    old,
    diff,
    keepAsPendingReplacement: true,
  };
  return [...deletes, own, ...recreate(goal, old, next, diff).reverse()];
}

function recreate(goal: Goal, old: ResourceV3, next: ResourceV3, diff: ResourceDiff): PlannedStep[] {
  const common = { urn: goal.urn, old, next, diff, replaceReasons: diff.replaceKeys };
  return [
    { op: "create-replacement", ...common },
    { op: "replace", ...common },
  ];
}

/** The `import` option: reads what exists, as the old state that the program's wish is then compared with. */
async function importIfAsked(
  goal: Goal,
  old: ResourceV3 | undefined,
  reference: string,
  provider: Provider,
): Promise<ResourceV3 | undefined> {
  const id = goal.importId;
  if (!id || (old && !old.external && (old.id === id || old.importID === id))) return undefined;
  if (old) throw new Error(`the test engine does not import over the existing resource ${goal.urn}`);
  const timeout = goal.customTimeouts?.read ?? 0;
  const imported = { ...(await readForImport(provider, goal.urn, id, timeout)), provider: reference };
  if (goal.parent !== undefined) imported.parent = goal.parent;
  return imported;
}
