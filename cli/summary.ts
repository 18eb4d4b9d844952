// What a preview means for our resources: the calls that will be made, what they buy, remove and disturb, by cluster. It
// is made by the planning code that the provider executes.

import type { Context } from "../provider/base/context";
import { namesIn, typeIn } from "../provider/base/urn";
import { leavesOpen, note } from "../provider/core/note";
import { type CallStep, inFull, nothing, type Plan } from "../provider/core/plan";
import type { Resource } from "../provider/core/resource";
import { sameValue } from "../provider/core/schema";
import { resources } from "../provider/resources";
import type { Change } from "./change";
import { driftBetween, isRefresh } from "./drift";
import { type Shown, shownOf, type Values, visible } from "./hidden";
import { remembered } from "./memory";
import { type Neighbour, neighboursIn, type Own } from "./neighbours";
import type { Live } from "./observe";
import { callsOf, type Op, planShown, type Verdict, verdictOf, verdicts } from "./plans";
import type { Preview, PreviewState, PreviewStep } from "./preview";
import { importIdsOf, sizeOf, subjectOf } from "./subject";

export interface Summary {
  verdict: Verdict;
  changes: Change[];
  /** Changes of types that this version does not know: nothing can be said of what they do. */
  unknown: { name: string; type: string; op: Op }[];
  /** Resources of the clouds' own providers that act on the same nodes. */
  neighbours: Neighbour[];
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

/** The type of a resource of this package, whichever door it came through; undefined for others. */
function typeOf(urn: string): string | undefined {
  return /^(?:pulumi-nodejs:dynamic\/)?bigdata[:/](.+)$/.exec(typeIn(urn))?.[1];
}

const resourceOfUrn = (urn: string) => resources.get(typeOf(urn) ?? "");

/** The type of a resource that this version does not know; components are no resources. */
function unknownTypeOf({ urn, oldState, newState }: PreviewStep): string | undefined {
  const isManaged = (newState ?? oldState)?.custom === true;
  return isManaged && !resourceOfUrn(urn) ? typeOf(urn) : undefined;
}

/** What is known beside the preview. */
export interface Known {
  /** What the clouds show now, where they were asked. */
  live?: Live;
  /** Where this machine remembers earlier runs. */
  context?: Context;
}

export function summarise(preview: Preview, known: Known = {}): Summary {
  const changes: Change[] = [];
  const others: Record<string, number> = {};
  const unknown: Summary["unknown"] = [];
  const drift = new Map<string, string[]>();
  const neighbours = neighboursIn(preview, ownIn(preview));
  for (const [index, step] of preview.steps.entries()) {
    const op = opOf(step);
    const resource = resourceOfUrn(step.urn);
    const found = resource && driftIn(resource, step, preview.steps.slice(index + 1));
    if (found) drift.set(step.urn, found);
    if (!op || found || neighbours.has(step.urn)) continue;
    const unknownType = unknownTypeOf(step);
    if (resource) changes.push(changeOf(resource, step, op, known));
    else if (unknownType) unknown.push({ name: nameOf(step.urn), type: unknownType, op });
    else if (!/^pulumi:(pulumi|providers)[:/]/.test(step.urn.split("::")[2] ?? ""))
      others[op] = (others[op] ?? 0) + 1;
  }
  const holders = [...changes.filter(({ op }) => op === "create"), ...unchangedIn(preview)];
  for (const change of changes) {
    const successor = change.op === "delete" && holders.find((other) => isSameThing(change, other));
    if (successor)
      Object.assign(change, noEffect(`${successor.name} of this program takes it over: it stays as it is`));
  }
  for (const { urn, plan } of changes) {
    plan.warnings.unshift(...(drift.get(urn) ?? []).map((text) => note("drift", text)));
    drift.delete(urn);
  }
  const effects = [...neighbours.values()].flatMap((each) => each.effects);
  const worst = [...changes, ...effects].map(({ verdict }) => verdicts.indexOf(verdict));
  return {
    verdict: verdicts[Math.max(0, ...worst)] ?? "safe",
    changes,
    unknown,
    neighbours: [...neighbours.values()],
    others,
    buys: changes.reduce((sum, { buys }) => sum + buys, 0),
    removes: changes.reduce((sum, { removes }) => sum + removes.length, 0),
    open: changes.filter(({ isOpen }) => isOpen).length,
    blocked: [
      ...changes.map(({ name, plan }) => ({ name, blocked: plan.blocked })),
      ...neighbours.values(),
    ].flatMap(({ name, blocked }) => blocked.map(({ text }) => `${name}: ${text}`)),
    drift: [...drift].flatMap(([urn, texts]) => texts.map((text) => `${nameOf(urn)}: ${text}`)),
    errors: preview.errors,
  };
}

/** Ours that are there afterwards, whatever becomes of them. */
function ownIn({ steps }: Preview): Own[] {
  return steps.flatMap(({ op, urn, newState }): Own[] => {
    const resource = op === "delete" ? undefined : resourceOfUrn(urn);
    const inputs = recordedInputs(newState);
    if (!resource || !inputs) return [];
    const dependencies = newState?.propertyDependencies ?? {};
    return [{ name: nameOf(urn), type: resource.type, inputs, dependencies }];
  });
}

type Holder = Pick<Change, "name" | "type" | "resource" | "inputs">;

/** Resources that stay as they are, where the preview shows these. */
function unchangedIn({ steps }: Preview): Holder[] {
  return steps.flatMap(({ op, urn, newState }) => {
    const resource = op === "same" ? resourceOfUrn(urn) : undefined;
    const inputs = recordedInputs(newState);
    return resource && inputs ? [{ name: nameOf(urn), type: resource.type, resource, inputs }] : [];
  });
}

/** Whether a resource that goes is about the same thing as one that comes or stays. */
function isSameThing(going: Change, other: Holder): boolean {
  if (other.type !== going.type) return false;
  const [held] = importIdsOf(other);
  return held !== undefined && importIdsOf(going).includes(held);
}

/** A change that calls nothing. */
const noEffect = (why: string): Partial<Change> => ({
  plan: nothing(note("takenOver", why)),
  calls: [],
  buys: 0,
  removes: [],
  disturbs: [],
  irreversible: [],
  verdict: "safe",
  isOpen: false,
});

const nameOf = (urn: string) => namesIn(urn).name;

/** What a step tells of other hands; undefined for a step of the program. */
function driftIn(resource: Resource, step: PreviewStep, later: readonly PreviewStep[]): string[] | undefined {
  const next = later.find(({ urn }) => urn === step.urn);
  // What is gone is made anew by a step that comes later.
  const isMadeAnew = ["delete", "refresh"].includes(step.op) && next?.op === "create";
  const isGone = isMadeAnew || (step.op === "refresh" && !step.newState);
  if (isGone) return ["drift: it was gone"];
  if (!isRefresh(resource, step)) return undefined;
  const before = recorded(step.oldState) ?? {};
  // The step itself shows what was recorded; what was found is what the next one starts from.
  const isUntold = step.op === "refresh" && sameValue(before, recorded(step.newState));
  if (isUntold && !next?.oldState) return [];
  const after = recorded((isUntold ? next?.oldState : step.newState) ?? step.newState) ?? {};
  if (sameValue(before, after)) return [];
  const found = driftBetween(resource, visible(before), visible(after));
  return found.length > 0 ? found : ["drift: it is not as recorded"];
}

/** A replacement comes as up to three steps: the marker counts, the others are its parts. */
function opOf({ op }: PreviewStep): Op | undefined {
  if (op === "create" || op === "update" || op === "replace" || op === "delete" || op === "import") return op;
  return undefined;
}

function changeOf(resource: Resource, step: PreviewStep, op: Op, known: Known): Change {
  const seen = known.live?.get(step.urn);
  const shown = shownOf(resource, step, recorded(step.oldState), recordedInputs(step.newState));
  const { news, olds } = shown;
  const planFor = (base: Values | undefined) => {
    const { state, notes } = remembered(resource, op, { ...shown, olds: base }, known.context);
    // What is created may be there already: then it is changed as what exists would be.
    const does = op === "create" && state ? "update" : op;
    const isKept = step.oldState?.retainOnDelete === true && (op === "delete" || op === "replace");
    const made = isKept
      ? planKept(resource, op, shown)
      : planShown(resource, does, { ...shown, olds: state });
    return { ...made, warnings: [...made.warnings, ...notes] };
  };
  const live = planFor(seen?.state ?? olds);
  // An update does what was announced by what is recorded: what the cloud shows beyond that waits for a refresh.
  const announced = op === "update" && seen?.state ? planFor(olds) : live;
  const plan = isWithin(announced, live) ? live : stillDue(announced, live);
  plan.warnings.push(...(seen?.warnings ?? []));
  if (plan !== live)
    plan.warnings.push(
      note("drift", "what has drifted waits for `pulumi refresh`: the update does what its preview says"),
    );
  const calls = callsOf(plan);
  const removes = calls.flatMap((call) => call.removes ?? []);
  const disturbs = calls.flatMap((call) => call.disturbs ?? []);
  const buys = calls.reduce((sum, call) => sum + (call.buys ?? 0), 0);
  const inputs = news ?? olds ?? {};
  return {
    urn: step.urn,
    resource,
    id: step.oldState?.id,
    olds,
    name: nameOf(step.urn),
    type: resource.type,
    op,
    cluster: subjectOf(resource, inputs, olds),
    plan,
    calls,
    buys,
    removes,
    nodesAfter: op === "delete" ? 0 : sizeOf(resource, inputs),
    disturbs,
    irreversible: calls.flatMap((call) =>
      call.irreversible ? [`${inFull(call)}: ${call.irreversible}`] : [],
    ),
    replaceReasons: step.replaceReasons,
    paths: step.paths,
    verdict: verdictOf(calls),
    isOpen: leavesOpen(plan.warnings),
    inputs,
  };
}

/** What `retainOnDelete` keeps is forgotten, and not touched. */
function planKept(resource: Resource, op: Op, shown: Shown): Plan {
  const plan = op === "delete" ? nothing() : planShown(resource, "create", { ...shown, olds: undefined });
  const text =
    "retainOnDelete: what exists stays in the cloud, is billed as before, and is recorded no longer";
  plan.warnings.unshift(note("staysBilled", text));
  return plan;
}

/** Whether a plan does nothing beyond another. */
function isWithin(announced: Plan, plan: Plan): boolean {
  if (announced === plan) return true;
  const [wide, narrow] = [callsOf(announced), callsOf(plan)];
  const bought = (calls: readonly CallStep[]) => calls.reduce((sum, { buys = 0 }) => sum + buys, 0);
  const isCovered = (call: CallStep) => {
    const same = wide.filter(({ action, verb = "" }) => action === call.action && isVerbIn(call.verb, verb));
    const isIn = (of: (call: CallStep) => readonly string[] | undefined) =>
      (of(call) ?? []).every((each) => same.some((other) => of(other)?.includes(each)));
    return same.length > 0 && isIn(({ targets }) => targets) && isIn(({ removes }) => removes);
  };
  // An engine that sleeps is woken for what was announced.
  const isAid = ({ action, buys = 0, removes = [], disturbs = "" }: CallStep) =>
    wide.length > 0 &&
    wide.every((other) => other.action !== action) &&
    buys === 0 &&
    removes.length === 0 &&
    disturbs === "";
  return narrow.every((call) => isAid(call) || isCovered(call)) && bought(narrow) <= bought(wide);
}

/** What was announced, without calls that have nothing left to do. */
function stillDue(announced: Plan, live: Plan): Plan {
  const isDue = ({ action, verb }: CallStep) =>
    callsOf(live).some((call) => call.action === action && call.verb === verb);
  const steps = announced.steps.filter((step) => step.kind !== "call" || isDue(step));
  return { ...announced, steps: steps.some(({ kind }) => kind !== "wait") ? steps : [] };
}

/** What has stopped is started where it was to be restarted. */
const isVerbIn = (verb = "", announced: string) =>
  verb === announced || verb.toLowerCase() === announced.toLowerCase().replace("restart", "start");

/** State as the preview shows it. */
function recorded(state: PreviewState | undefined): Record<string, unknown> | undefined {
  if (!state) return undefined;
  const outputs = state.outputs && Object.keys(state.outputs).length > 0 ? state.outputs : state.inputs;
  const { __provider: _, ...values } = outputs ?? {};
  return values;
}

/** What is wanted, as the preview shows it. */
function recordedInputs(state: PreviewState | undefined): Values | undefined {
  if (!state) return undefined;
  const { __provider: _, ...values } = state.inputs ?? {};
  return values;
}
