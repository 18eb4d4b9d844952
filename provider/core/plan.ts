// A plan: what a handler is about to do, as data. It is made from what is wanted and what was observed, shown to
// people, and then executed step by step, so that what is announced and what happens are one list.
import type { z } from "zod";
import { type Context, warn } from "../base/context";
import { printable } from "../base/printable";
import type { WireAction } from "../call/wire";
import { leavesOpen, type Note, note, textsOf } from "./note";
import { containsUnknown } from "./schema";

/** A call that changes something in a cloud. What is planned is what is sent. */
export interface CallStep {
  kind: "call";
  action: string;
  /**
   * What the call is given, as its schema has it; what only the sending knows, such as a token, comes to it then. It may hold
   * secrets.
   */
  request: object;
  /** What it does, where one action does several things and its name for them may differ. */
  verb?: string;
  /** What the call is made on, such as a cluster id. */
  target: string;
  /** What the call does, for people: "remove 2 task nodes". */
  summary: string;
  /** What is said of that beside: ": emr-vm-1, emr-vm-2". */
  detail?: string;
  /** What it does a part of, where that takes several calls: "buy 100 task nodes in 5 batches". */
  whole?: string;
  /** How many of what is billed it buys. */
  buys?: number;
  removes?: string[];
  /** What the call is for, where it is not the whole target. */
  targets?: string[];
  /** What cannot be undone about it. */
  irreversible?: string;
  /** What stops, restarts or becomes unavailable because of it. */
  disturbs?: string;
  /** Whether what comes after it has to be done too, once it is begun. */
  isBinding?: boolean;
}

/** A step that makes a call. */
export function callStep<Request extends z.ZodType>(
  { name }: Pick<WireAction<Request>, "name" | "request">,
  request: Partial<z.input<Request>>,
  more: Omit<CallStep, "kind" | "action" | "request">,
): CallStep {
  return { kind: "call", action: name, request, ...more };
}

/** What a step that was planned for an action gives it. */
export const requestOf = <Request extends z.ZodType>(
  _: Pick<WireAction<Request>, "request">,
  { request }: Pick<CallStep, "request">,
) => request as z.input<Request>;

/** A look at the cloud that may end the plan before anything is spent. */
interface AskStep {
  kind: "ask";
  action: string;
  target: string;
  summary: string;
}

/** A pause until something is observed. */
interface WaitStep {
  kind: "wait";
  /** Set where the wait is all there is, and not the end of a call. */
  until?: "machineIds";
  summary: string;
}

/** Something that becomes part of the resource without a call. */
interface AdoptStep {
  kind: "adopt";
  nodes: string[];
  summary: string;
}

/** An earlier order whose outcome has to be found out before anything else. */
interface SettleStep {
  kind: "settle";
  summary: string;
}

export type Step = CallStep | AskStep | WaitStep | AdoptStep | SettleStep;

export interface Plan {
  steps: Step[];
  /** What a person should know before it happens. */
  warnings: Note[];
  /** Why it cannot be done at all; nothing is executed then. */
  blocked: Note[];
}

/** What tells plans before anything is changed. */
export interface Planner<Inputs = Record<string, unknown>, State = Record<string, unknown>> {
  /** What an update from a recorded state would do, without asking the cloud; `olds` is absent for a create. */
  planFromState(olds: State | undefined, news: Inputs | undefined): Plan;
  /** What the cloud shows that the creation of something new would stop at. Changes nothing. */
  inTheWay?(context: Context, news: Inputs): Promise<Note[]>;
}

/** A plan that does nothing, and says this. */
export function nothing(...warnings: Note[]): Plan {
  return { steps: [], warnings, blocked: [] };
}

/** Plans that are carried out one after the other. */
export function joined(...plans: readonly Plan[]): Plan {
  return {
    steps: plans.flatMap(({ steps }) => steps),
    warnings: plans.flatMap(({ warnings }) => warnings),
    blocked: plans.flatMap(({ blocked }) => blocked),
  };
}

/** The plan for something that the resource takes charge of and has not looked at yet. */
export function planBeforeLook(): Plan {
  return nothing(note("askFirst", "what has to be done is only known once the cloud is asked"));
}

/** A plan in a preview, in which any input may still be unknown, and is said to be so. */
function previewPlan(
  resource: Pick<Planner, "planFromState">,
  olds: Record<string, unknown> | undefined,
  news: Record<string, unknown> | undefined,
): Plan {
  const unknown = unknownWarnings(news ?? {}, {});
  try {
    const plan = resource.planFromState(olds, news);
    const isTold = ({ code, property }: Note) =>
      plan.warnings.some((told) => told.code === code && told.property === property);
    plan.warnings.push(...unknown.filter((each) => !isTold(each)));
    return plan;
  } catch (error) {
    if (unknown.length === 0) throw error;
    return nothing(...unknown, note("askFirst", "the rest is planned once that is known"));
  }
}

/** What a change will do, as far as a preview knows; `isReplacement`: what exists goes, and comes anew. */
export function planOfChange(
  resource: Pick<Planner, "planFromState">,
  olds: Record<string, unknown> | undefined,
  news: Record<string, unknown> | undefined,
  isReplacement = false,
): Plan {
  if (!isReplacement) return previewPlan(resource, olds, news);
  const both = joined(previewPlan(resource, olds, undefined), previewPlan(resource, undefined, news));
  const isFirst = ({ code, text }: Note, index: number) =>
    both.warnings.findIndex((other) => other.code === code && other.text === text) === index;
  return { ...both, warnings: both.warnings.filter(isFirst) };
}

/** How long a preview looks at the cloud, in milliseconds. */
const lookTime = 5_000;

/** What making something new will do, with a look at the cloud; a preview without access knows less, and is no failure. */
export async function planOfCreation(
  context: Context,
  resource: Planner,
  news: Record<string, unknown>,
): Promise<Plan> {
  const plan = planOfChange(resource, undefined, news);
  if (!resource.inTheWay || containsUnknown(news)) return plan;
  const deadline = { at: (await context.clock.now()) + lookTime, hint: "" };
  const obstacles = await resource.inTheWay({ ...context, deadline }, news).catch(() => []);
  const isNew = ({ text }: Note) => !plan.blocked.some((told) => told.text === text);
  const blocked = [...plan.blocked, ...obstacles.filter(isNew)];
  return { ...plan, steps: blocked.length > 0 ? [] : plan.steps, blocked };
}

/** What a preview cannot say while these inputs are unknown. */
export function unknownWarnings(inputs: object, consequences: Readonly<Record<string, string>>): Note[] {
  return Object.entries(inputs)
    .filter(([, value]) => containsUnknown(value))
    .map(([name]) =>
      note(
        "unknownInput",
        `${name} is not known yet${consequences[name] ? `: ${consequences[name]}` : ""}`,
        name,
      ),
    );
}

/** The plan as lines of text. */
export function describePlan(plan: Plan): string[] {
  const lines = [
    ...plan.steps.map((step, index) => `${index + 1}. ${describeStep(step)}`),
    ...plan.warnings.map(({ text }) => `warning: ${text}`),
    ...plan.blocked.map(({ text }) => `blocked: ${text}`),
  ];
  return lines.length > 0 ? lines : ["nothing to do"];
}

const isWarning = ({ severity }: Note) => severity === "warning" || severity === "error";

/** What a step does, in full. */
export const inFull = (step: Step) =>
  step.kind === "call" ? `${step.summary}${step.detail ?? ""}` : step.summary;

/**
 * What a plan does and leaves open, as one message: several plans are told at once. What it changes comes first; that the cloud
 * is asked and waited for goes without saying.
 */
function textOf(plan: Plan): string {
  const telling = reportedSteps(plan);
  const [first, ...others] = telling;
  const titles = telling.map((step) => (step.kind === "call" && step.whole) || step.summary);
  const told = others.length > 0 ? [[...new Set(titles)].join("; ")] : [];
  if (first && others.length === 0) told.push(describeStep(first));
  else told.push(...telling.map((step, index) => `  ${index + 1}. ${describeStep(step)}`));
  return [...told, ...asides(plan)].map(printable).join("\n");
}

function reportedSteps({ steps }: Plan): Step[] {
  const telling = steps.filter(({ kind }) => kind !== "ask" && kind !== "wait");
  return telling.length > 0 ? telling : steps;
}

const asides = ({ warnings }: Plan): string[] => textsOf(warnings.filter((each) => !isWarning(each)));

/** Tells a plan before it is carried out. */
export function reportPlan(context: Pick<Context, "progress">, plan: Plan): void {
  const text = textOf(plan);
  if (text !== "") context.progress(text, "plan");
  for (const each of plan.warnings.filter(isWarning)) warn(context, each.text);
  for (const { text } of plan.blocked) warn(context, `blocked: ${text}`);
}

/** What a change is carried out with: it knows whether the preview could tell all of it. */
export function foreseen(
  context: Context,
  resource: Pick<Planner, "planFromState">,
  olds: Record<string, unknown> | undefined,
  news: Record<string, unknown>,
): Context {
  return { ...context, isForeseen: !leavesOpen(planOfChange(resource, olds, news).warnings) };
}

/** Tells the plans of one operation, as far as its preview could not, and their warnings; the rest of a plan is told already. */
export class PlanReporter {
  private told: readonly string[] = [];
  private readonly warned = new Set<string>();

  constructor(private readonly context: Pick<Context, "progress" | "isForeseen">) {}

  report(plan: Plan): void {
    const lines = [...reportedSteps(plan).map(describeStep), ...asides(plan)];
    const isNew = lines.some((line) => !this.told.includes(line));
    if (isNew && !this.context.isForeseen) this.context.progress(textOf(plan), "plan");
    this.told = lines;
    for (const { text: warning } of plan.warnings.filter(isWarning)) {
      if (!this.warned.has(warning)) warn(this.context, warning);
      this.warned.add(warning);
    }
  }
}

export function describeStep(step: Step): string {
  if (step.kind !== "call" && step.kind !== "ask") return step.summary;
  const warning = step.kind === "call" && step.irreversible ? `; ${step.irreversible}` : "";
  return `${inFull(step)} (${step.action} on ${step.target}${warning})`;
}

/** What a plan removes. */
export const removedBy = ({ steps }: Plan): string[] =>
  steps.flatMap((step) => (step.kind === "call" ? (step.removes ?? []) : []));

/** What a plan will do, in sums. */
export function totals(plan: Plan): { buys: number; removes: number; calls: string[] } {
  const calls = plan.steps.filter((step) => step.kind === "call");
  return {
    buys: calls.reduce((sum, step) => sum + (step.buys ?? 0), 0),
    removes: removedBy(plan).length,
    calls: calls.map((step) => step.action),
  };
}
