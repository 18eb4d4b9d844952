// Provider resources: checked and compared by CheckConfig and DiffConfig, then configured, by a process of
// their own.
import { randomUUID } from "node:crypto";
import { Cancelled, type Deployment, type PlannedStep } from "./deployment";
import { mustReplace, noDiff, type ResourceDiff } from "./diff";
import type { DiffAnswer } from "./diffAnswer";
import { type Goal, stateOf } from "./goal";
import { resetPaths } from "./paths";
import type { Plan } from "./plan";
import type { CheckFailure, Provider } from "./provider";
import type { ResourceV3 } from "./types";
import { parseUrn, providerPackage, providerUrn } from "./urn";
import { blindSecrets, equal, type Properties, unknown } from "./values";

export async function planProvider(
  deployment: Deployment,
  goal: Goal,
  old: ResourceV3 | undefined,
): Promise<Plan> {
  const { providers } = deployment.options;
  const wanted = { ...goal.inputs, ...(goal.version !== undefined && { version: goal.version }) };
  const news = old ? resetPaths(wanted, old.inputs ?? {}, goal.ignoreChanges) : wanted;
  const provider = await providers.start(providerPackage(goal.urn), news);
  const { inputs, failures } = await provider.checkConfig(goal.urn, old?.inputs, news);
  refuseFailures(deployment, goal, news, failures);
  const result = stateOf(goal, inputs, undefined);
  result.outputs = inputs;
  const diff = old && (await configDiff(provider, goal, old, inputs));
  const replaced = diff !== undefined && mustReplace(diff);
  const newId = deployment.preview ? unknown : randomUUID();
  result.id = replaced ? newId : (old?.id ?? newId);
  providers.configure(provider, goal.urn, result.id, inputs);
  return { steps: stepsOf(goal, old, result, diff), result };
}

function stepsOf(
  goal: Goal,
  old: ResourceV3 | undefined,
  next: ResourceV3,
  diff: ResourceDiff | undefined,
): PlannedStep[] {
  const { urn } = goal;
  if (!old || !diff) return [{ op: "create", urn, next }];
  if (mustReplace(diff)) {
    const common = { urn, old, next, diff, replaceReasons: diff.replaceKeys };
    return [
      { op: "create-replacement", ...common },
      { op: "replace", ...common },
    ];
  }
  if (diff.changes) return [{ op: "update", urn, old, next, diff }];
  if (old.created !== undefined) next.created = old.created;
  if (old.modified !== undefined) next.modified = old.modified;
  return [{ op: "same", urn, old, next }];
}

async function configDiff(
  provider: Provider,
  goal: Goal,
  old: ResourceV3,
  inputs: Properties,
): Promise<ResourceDiff> {
  const before = { inputs: old.inputs ?? {}, outputs: old.outputs ?? {} };
  const answer = await provider.diffConfig(goal.urn, before, inputs, goal.ignoreChanges);
  return settled(answer, before.outputs, inputs);
}

/** What a provider that does not know is taken to have said: an update if the inputs differ from what is stored. */
function settled({ unknown: isUnknown, ...answer }: DiffAnswer, outputs: Properties, inputs: Properties) {
  if (!isUnknown) return answer;
  return { ...answer, changes: !equal(outputs, inputs) };
}

/** Each failure is shown by itself; together they end the operation. */
function refuseFailures(
  deployment: Deployment,
  { urn, type }: Goal,
  inputs: Properties,
  failures: CheckFailure[],
): void {
  const { name } = parseUrn(urn);
  const shown = blindSecrets(inputs);
  for (const { property, reason } of failures) {
    const what = property
      ? `${type} resource '${name}': property ${property} value {${JSON.stringify(shown[property] ?? null)}} has a problem`
      : `${type} resource '${name}' has a problem`;
    deployment.reportError(new Error(`${what}: ${reason}`), urn);
  }
  if (failures.length > 0) throw new Cancelled();
}

/** A resource has moved to another provider: that one is asked whether the resource must be replaced for it. */
export async function providerChangeReplaces(
  deployment: Deployment,
  from: string | undefined,
  to: string,
): Promise<boolean> {
  if (from === to) return false;
  if (from === undefined) return true;
  const before = deployment.oldProviders.get(providerUrn(from));
  const after = deployment.snapshot.findDone(providerUrn(to));
  if (!before || !after) throw new Error(`cannot compare the providers '${from}' and '${to}'`);
  const provider = await deployment.providerByReference(to);
  const { unknown: _, ...diff } = await provider.diffConfig(
    after.urn,
    { inputs: before.inputs ?? {}, outputs: before.outputs ?? {} },
    after.inputs ?? {},
    [],
  );
  return mustReplace({ ...noDiff, ...diff });
}
