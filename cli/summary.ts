// What a preview means for our resources: the calls that will be made, what they buy, remove and disturb, by cluster. It
// is made by the planning code that the provider executes.
import { leavesOpen, type Note, note } from "../provider/note";
import { type CallStep, joined, nothing, type Plan, previewPlan } from "../provider/plan";
import type { Resource } from "../provider/resource";
import { resources } from "../provider/resources";
import { isUnknown } from "../provider/schema";
import { unknown } from "../provider/service/values";
import { driftBetween, isRefresh } from "./drift";
import { importIdOf } from "./importId";
import type { Live, Seen } from "./live";
import { hiddenText, type Preview, type PreviewState, type PreviewStep } from "./preview";

export type Verdict = "safe" | "disturbs" | "spends" | "destroys";
const order: readonly Verdict[] = ["safe", "disturbs", "spends", "destroys"];

export interface Change {
  urn: string;
  resource: Resource;
  /** The id of what exists. */
  id: string | undefined;
  /** When its state was last saved, in milliseconds since the epoch. */
  modified: number | undefined;
  /** What is recorded of what exists, as the preview shows it. */
  olds: Record<string, unknown> | undefined;
  name: string;
  /** `<cloud>:<Name>`. */
  type: string;
  op: "create" | "update" | "replace" | "delete" | "import";
  /** The cluster, engine or instance that it is about. */
  cluster: string;
  plan: Plan;
  calls: CallStep[];
  buys: number;
  removes: string[];
  /** How many nodes there are afterwards; undefined while that is not known. */
  nodesAfter: number | undefined;
  disturbs: string[];
  irreversible: string[];
  replaceReasons: string[];
  /** What differs, by property path. */
  paths: string[];
  verdict: Verdict;
  /** Whether it decides only when the cloud is asked, or hangs on values that are not known yet. */
  isOpen: boolean;
  /** The inputs as the preview has them. */
  inputs: Record<string, unknown>;
}

export interface Summary {
  verdict: Verdict;
  changes: Change[];
  /** Resources of other providers: how many of each kind of change. */
  others: Record<string, number>;
  buys: number;
  removes: number;
  /** What a refresh found that the program does not change, in words. */
  drift: string[];
  /** How many changes decide only when the cloud is asked, or hang on values that are not known yet. */
  open: number;
  blocked: string[];
  errors: string[];
}

/** The resource of a step, whichever door it came through. */
function resourceOfUrn(urn: string): Resource | undefined {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const own = /^(?:pulumi-nodejs:dynamic\/)?bigdata[:/](.+)$/.exec(type)?.[1];
  return own === undefined ? undefined : resources.get(own);
}

/** `live` is what the clouds show now, where they were asked. */
export function summarise(preview: Preview, live?: Live): Summary {
  const changes: Change[] = [];
  const others: Record<string, number> = {};
  const drift = new Map<string, string[]>();
  for (const [index, step] of preview.steps.entries()) {
    const op = opOf(step);
    const resource = resourceOfUrn(step.urn);
    const found = resource && driftIn(resource, step, preview.steps.slice(index + 1));
    if (found) drift.set(step.urn, found);
    if (!op || found) continue;
    if (resource) changes.push(changeOf(resource, step, op, live?.get(step.urn)));
    else if (!/^pulumi:(pulumi|providers)[:/]/.test(step.urn.split("::")[2] ?? ""))
      others[op] = (others[op] ?? 0) + 1;
  }
  for (const change of changes) {
    const heir = change.op === "delete" && changes.find((other) => isTakenBy(change, other));
    if (heir)
      Object.assign(change, harmless(`${heir.name} of this program takes it over: it stays as it is`));
  }
  for (const { urn, plan } of changes) {
    plan.warnings.unshift(...(drift.get(urn) ?? []).map((text) => note("drift", text)));
    drift.delete(urn);
  }
  const worst = changes.map(({ verdict }) => order.indexOf(verdict));
  return {
    verdict: order[Math.max(0, ...worst)] ?? "safe",
    changes,
    others,
    buys: changes.reduce((sum, { buys }) => sum + buys, 0),
    removes: changes.reduce((sum, { removes }) => sum + removes.length, 0),
    open: changes.filter(({ isOpen }) => isOpen).length,
    blocked: changes.flatMap(({ name, plan }) => plan.blocked.map(({ text }) => `${name}: ${text}`)),
    drift: [...drift].flatMap(([urn, texts]) => texts.map((text) => `${nameOf(urn)}: ${text}`)),
    errors: preview.errors,
  };
}

/** Whether a resource that goes is about the same thing as one that comes. */
function isTakenBy(going: Change, coming: Change): boolean {
  if (coming.op !== "create" || coming.type !== going.type) return false;
  const id = importIdOf(going);
  return id !== undefined && id === importIdOf(coming);
}

/** A change that calls nothing. */
const harmless = (why: string): Partial<Change> => ({
  plan: nothing(note("takenOver", why)),
  calls: [],
  buys: 0,
  removes: [],
  disturbs: [],
  irreversible: [],
  verdict: "safe",
  isOpen: false,
});

const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** What a step tells of other hands; undefined for a step of the program. */
function driftIn(resource: Resource, step: PreviewStep, later: readonly PreviewStep[]): string[] | undefined {
  // What is gone is made anew by a step that comes later.
  const isMadeAnew = step.op === "delete" && later.some(({ op, urn }) => urn === step.urn && op === "create");
  const isGone = isMadeAnew || (step.op === "refresh" && !step.newState);
  if (isGone) return ["drift: it was gone"];
  if (!isRefresh(resource, step)) return undefined;
  const [before, after] = [recorded(step.oldState) ?? {}, recorded(step.newState) ?? {}];
  const found = driftBetween(resource, withoutHidden(resource, before), withoutHidden(resource, after));
  return found.length > 0 ? found : ["drift: it is not as recorded"];
}

/** A replacement comes as up to three steps: the marker counts, the others are its parts. */
function opOf({ op }: PreviewStep): Change["op"] | undefined {
  if (op === "create" || op === "update" || op === "replace" || op === "delete" || op === "import") return op;
  return undefined;
}

function changeOf(resource: Resource, step: PreviewStep, op: Change["op"], seen?: Seen): Change {
  const olds = recorded(step.oldState);
  const news = given(step);
  // What is created may be there already: then it is changed as what exists would be.
  const does = op === "create" && seen?.state ? "update" : op;
  const plan = tolerant(resource, [seen?.state ?? olds, news], (before, after) =>
    planOf(resource, does, before, after),
  );
  const hiddenNames = hiddenDifferences(step);
  plan.warnings = plan.warnings.map((told) => {
    const isHidden = told.code === "unknownInput" && hiddenNames.includes(told.property ?? "");
    if (!isHidden) return told;
    // What is always secret is planned for without its value.
    const code = resource.secrets.includes(told.property ?? "") ? "hiddenChange" : "hiddenInput";
    return note(code, `${told.property} changes; its value is hidden`, told.property);
  });
  plan.warnings.push(...(seen?.warnings ?? []));
  const calls = plan.steps.filter((each): each is CallStep => each.kind === "call");
  const removes = calls.flatMap((call) => call.removes ?? []);
  const disturbs = calls.flatMap((call) => call.disturbs ?? []);
  const buys = calls.reduce((sum, call) => sum + (call.buys ?? 0), 0);
  const inputs = news ?? olds ?? {};
  return {
    urn: step.urn,
    resource,
    id: step.oldState?.id,
    modified: step.oldState?.modified === undefined ? undefined : Date.parse(step.oldState.modified),
    olds,
    name: nameOf(step.urn),
    type: resource.type,
    op,
    cluster: clusterOf(inputs, olds),
    plan,
    calls,
    buys,
    removes,
    nodesAfter: nodesAfter(op, inputs),
    disturbs,
    irreversible: calls.flatMap((call) =>
      call.irreversible ? [`${call.summary}: ${call.irreversible}`] : [],
    ),
    replaceReasons: step.replaceReasons,
    paths: step.paths,
    verdict:
      removes.length > 0 ? "destroys" : buys > 0 ? "spends" : disturbs.length > 0 ? "disturbs" : "safe",
    isOpen: leavesOpen(plan.warnings),
    inputs,
  };
}

function planOf(
  resource: Resource,
  op: Change["op"],
  olds: Record<string, unknown> | undefined,
  news: Record<string, unknown> | undefined,
): Plan {
  const plan = (from: typeof olds, to: typeof news) =>
    previewPlan(() => resource.planFromState(from, to), to);
  if (op === "import") {
    return nothing(note("takenOver", "what exists is taken over, without a call that changes anything"));
  }
  if (op === "delete") return plan(olds, undefined);
  if (op !== "replace") return plan(olds, news);
  const both = joined(plan(olds, undefined), plan(undefined, news));
  const isFirst = ({ text }: Note, index: number) =>
    both.warnings.findIndex((other) => other.text === text) === index;
  return { ...both, warnings: both.warnings.filter(isFirst) };
}

function nodesAfter(op: Change["op"], inputs: Record<string, unknown>): number | undefined {
  const count = op === "delete" ? 0 : (inputs["count"] ?? inputs["nodeCount"]);
  return typeof count === "number" ? count : undefined;
}

/** State as the preview shows it. */
function recorded(state: PreviewState | undefined): Record<string, unknown> | undefined {
  if (!state) return undefined;
  const outputs = state.outputs && Object.keys(state.outputs).length > 0 ? state.outputs : state.inputs;
  const { __provider: _, ...values } = outputs ?? {};
  return values;
}

/** What is wanted, as the preview shows it. A hidden value that differs is one that is not known. */
function given(step: PreviewStep): Record<string, unknown> | undefined {
  if (!step.newState) return undefined;
  const { __provider: _, ...values } = step.newState.inputs ?? {};
  const hidden = hiddenDifferences(step).map((name) => [name, unknown] as const);
  return { ...values, ...Object.fromEntries(hidden) };
}

/** Inputs that change and whose values the preview hides. */
function hiddenDifferences({ newState, paths }: PreviewStep): string[] {
  const changed = new Set(paths.map((path) => path.split(/[.[]/)[0]));
  return Object.entries(newState?.inputs ?? {}).flatMap(([name, value]) =>
    value === hiddenText && changed.has(name) ? [name] : [],
  );
}

type Values = Record<string, unknown> | undefined;

/** Plans with hidden values as far as that goes, and else without them. */
function tolerant(
  resource: Resource,
  [olds, news]: [Values, Values],
  make: (olds: Values, news: Values) => Plan,
): Plan {
  const visible = (values: Values): Values => values && withoutHidden(resource, values);
  try {
    return make(olds, news);
  } catch {
    return make(visible(olds), visible(news));
  }
}

/** Values without those that the preview hides since they are secret as a whole. */
export function withoutHidden(resource: Resource, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== hiddenText || !resource.secrets.includes(name),
    ),
  );
}

function clusterOf(inputs: Record<string, unknown>, olds: Record<string, unknown> | undefined): string {
  const values = ["clusterId", "instanceId", "dataEngineName", "dataEngineId"].map(
    (name) => inputs[name] ?? olds?.[name],
  );
  const found = values.find((value) => typeof value === "string" && value !== "");
  return found === undefined ? "not known yet" : isUnknown(found) ? "not known yet" : String(found);
}
