// What has to be done to get an application's components from what they are to what they shall be. Pure.
import { counted } from "../../../base/counted";
import { badInput, type Note, note } from "../../../core/note";
import type { Operation } from "../../../core/operation";
import type { Plan } from "../../../core/plan";
import { callStep } from "../../../core/plan";
import { sameValue } from "../../../core/schema";
import { instancePhase, runApplicationAction } from "../api";
import { type ApplicationView, byKey, type ComponentInstance } from "../applications";
import type { ApplicationState, ApplicationStateInputs, PendingAction } from "./schema";

export type Action = "start" | "stop" | "restart";

/** What one call is about: one component, and one of its instances where that is named. */
export interface Target {
  component: string;
  /** Empty where none is named. */
  release: string;
}

/** What is known of the components before they are touched. */
export interface Known {
  view: Pick<ApplicationView, "application" | "instances" | "reason">;
  /** What our last actions made each target, for where instances cannot be seen. */
  last(target: Target): string | undefined;
  /** Whether the target is still to be restarted. */
  needsRestart(target: Target): boolean;
  /** Whether the program asks for another restart or configuration than state knows of. */
  isChanged: boolean;
  /** Whether the preview could tell that it may be acted on. Default: it could. */
  mayAct?(target: Target): boolean;
}

export const targetKey = ({ component, release }: Target) =>
  `${component.toLowerCase()}${release ? `/${release}` : ""}`;

export const targetOf = ({ component, releaseName }: PendingAction): Target => ({
  component,
  release: releaseName,
});

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function instancesOfTarget(
  instances: readonly ComponentInstance[],
  { component, release }: Target,
): ComponentInstance[] {
  return instances.filter(
    (instance) =>
      same(instance.component, component) &&
      (release === "" || instance.name === release) &&
      instancePhase(instance.state) !== "gone",
  );
}

/** Components of which it is known that they come in several instances. */
const comesInSeveral = (component: string) => same(component, "RayCluster");

/** What the inputs mean, one target for each component; or why that cannot be said. */
export function targetsOf(
  wanted: ApplicationStateInputs,
  { application, instances, reason }: Known["view"],
): { targets: Target[]; blocked: Note[]; isMissing: boolean } {
  const release = wanted.releaseName ?? "";
  if (!instances) {
    const targets = (wanted.components ?? []).map((component) => ({ component, release }));
    const nameless = targets.filter(({ component }) => release === "" && comesInSeveral(component));
    const blocked = nameless.map(({ component }) =>
      badInput(
        "releaseName",
        `is required for ${component}, which can have several instances, and they cannot be listed (${reason})`,
      ),
    );
    if (targets.length === 0)
      blocked.push(
        badInput(
          "components",
          `is required, since the components of ${application} cannot be listed (${reason})`,
        ),
      );
    return { targets, blocked, isMissing: false };
  }
  const present = instances.filter(({ state }) => instancePhase(state) !== "gone");
  const names = [...new Set(present.map(({ component }) => component))];
  const missing = (wanted.components ?? []).filter((name) => !names.some((other) => same(other, name)));
  if (missing.length > 0) {
    const has = names.length > 0 ? `it has ${names.join(", ")}` : "it has none that run or stop";
    return {
      targets: [],
      blocked: [
        badInput("components", `${application} on ${wanted.clusterId} has no ${missing.join(", ")}; ${has}`),
      ],
      isMissing: true,
    };
  }
  const chosen = names.filter((name) => wanted.components?.some((other) => same(other, name)) ?? true);
  if (chosen.length === 0) {
    return {
      targets: [],
      blocked: [
        badInput("application", `${application} on ${wanted.clusterId} has no components that run or stop`),
      ],
      isMissing: true,
    };
  }
  const targets = chosen.map((component) => ({ component, release }));
  const blocked = targets.flatMap((target) => ambiguity(wanted, target, present));
  const isMissing = targets.every((target) => instancesOfTarget(present, target).length === 0);
  return { targets, blocked, isMissing };
}

/** Why a target does not name one instance. */
function ambiguity(
  wanted: ApplicationStateInputs,
  target: Target,
  present: readonly ComponentInstance[],
): Note[] {
  const all = instancesOfTarget(present, { ...target, release: "" });
  const own = instancesOfTarget(present, target);
  const names = [...new Set(all.map(({ name }) => name))].join(", ");
  if (own.length === 0)
    return [
      badInput("releaseName", `${target.component} has no instance ${target.release}; it has ${names}`),
    ];
  if (own.length === 1) return [];
  if (target.release === "") {
    const how = wanted.components?.length === 1 ? "" : `components to ["${target.component}"], and `;
    return [
      badInput(
        "releaseName",
        `is required, since ${target.component} has several instances: set ${how}releaseName to one of ${names}, with a resource for each that is meant`,
      ),
    ];
  }
  const spaces = own.map(({ namespace }) => namespace).join(", ");
  return [
    badInput(
      "releaseName",
      `${target.component} has ${own.length} instances called ${target.release} (in ${spaces}), and the call cannot tell them apart`,
    ),
  ];
}

/** "guess": by what state tells, before the cluster is asked what there is. */
export function planApplication(
  wanted: ApplicationStateInputs,
  known: Known,
  mode: "apply" | "delete" | "guess",
): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const { targets, blocked, isMissing } = targetsOf(wanted, known.view);
  // What is missing when something is deleted is as good as done; what cannot be told apart is not.
  if (mode === "apply" || (mode === "delete" && !isMissing)) plan.blocked.push(...blocked);
  if (blocked.length > 0) return plan;
  const { instances, reason, application } = known.view;
  for (const target of targets) {
    const action = actionFor(wanted, known, target);
    if (action && (known.mayAct?.(target) ?? true)) addStep(plan, wanted, application, target, action);
    else if (action) plan.warnings.push(note("drift", notForeseen(target, instances ?? [], action)));
    const moving = instancesOfTarget(instances ?? [], target).find(
      ({ state }) => instancePhase(state) === "moving",
    );
    if (mode === "guess" && moving)
      plan.warnings.push(
        note("askFirst", `${target.component} is ${moving.state}: what it needs is decided once it rests`),
      );
    const unwell = instancesOfTarget(instances ?? [], target).filter(({ state }) => same(state, "WARNING"));
    if (unwell.length > 0)
      plan.warnings.push(note("unwell", `${target.component} runs, but its state is WARNING`));
  }
  if (!instances) {
    plan.warnings.push(
      note(
        "driftUnseen",
        `drift of ${application} cannot be seen here (${reason}): what our own actions ended with counts as its state`,
      ),
    );
  }
  return plan;
}

/** What others have done since the preview could see it waits for the next one. */
function notForeseen(target: Target, instances: readonly ComponentInstance[], action: Action): string {
  const states = new Set(instancesOfTarget(instances, target).map(({ state }) => state));
  const name = `${target.component}${target.release ? ` ${target.release}` : ""}`;
  return `${name} is ${[...states].join(", ")}, which the preview could not show, and there is no ${action} now: run \`pulumi refresh\`, and look at the next preview`;
}

function actionFor(wanted: ApplicationStateInputs, known: Known, target: Target): Action | undefined {
  const { instances } = known.view;
  const phases = instances && instancesOfTarget(instances, target).map(({ state }) => instancePhase(state));
  if (wanted.state === "stopped") {
    const isUp = phases ? phases.some((phase) => phase !== "stopped") : known.last(target) !== "stopped";
    return isUp ? "stop" : undefined;
  }
  const last = known.last(target);
  const isDown = phases
    ? phases.some((phase) => phase === "stopped" || phase === "failed")
    : last !== "running";
  // A start would leave what runs as it is, and may be all that was asked for.
  const mayRun = known.isChanged && !phases && last !== undefined && last !== "stopped";
  if (known.needsRestart(target) && (mayRun || !isDown)) return "restart";
  return isDown ? "start" : undefined;
}

function addStep(
  plan: Plan,
  wanted: ApplicationStateInputs,
  application: string,
  target: Target,
  action: Action,
): void {
  const { component, release } = target;
  const items = action === "stop" ? [] : (wanted.applicationConfigs ?? []);
  const count = counted(items.length, "configuration item");
  plan.steps.push(
    callStep(
      runApplicationAction,
      {
        clusterId: wanted.clusterId,
        actionName: wanted.actionNames?.[action] ?? action,
        actionScope: "COMPONENT",
        components: [{ applicationName: application, componentNames: [component] }],
        ...paramsOf(wanted, action),
      },
      {
        verb: action,
        target: wanted.clusterId,
        targets: [targetKey(target)],
        ...(action === "start"
          ? {}
          : {
              disturbs: `${component}${release ? ` ${release}` : ""} of ${application} ${action === "stop" ? "stops" : "restarts"}`,
            }),
        summary: `${action} ${component}${release ? ` ${release}` : ""} of ${application}${items.length > 0 ? ` with ${count}` : ""}`,
      },
    ),
    { kind: "wait", summary: "wait until the operation ends and the component shows it" },
  );
}

/** Whether what runs has to be restarted: only a change does that, or configuration that is not there yet. */
export function wantsRestart(
  operation: Operation,
  known: ApplicationState | undefined,
  wanted: ApplicationStateInputs,
): boolean {
  if (operation === "delete" || wanted.state !== "running") return false;
  const configs = wanted.applicationConfigs ?? [];
  if (operation === "create" || !known) return configs.length > 0;
  const isLost = configs.length > 0 && !known.configsApplied;
  return isLost || changesEvent(known, wanted);
}

/** Whether triggers or configuration are others than before; what is taken out of the latter stays as it is. */
export function changesEvent(known: ApplicationState, wanted: ApplicationStateInputs): boolean {
  const before = byKey(known.applicationConfigs ?? []);
  const isChanged = wanted.applicationConfigs?.some(
    ({ file, key, value }) => before[`${file}/${key}`] !== value,
  );
  return isChanged || !sameValue(known.restartTriggers ?? {}, wanted.restartTriggers ?? {});
}

export function runStateOf(instances: readonly ComponentInstance[]): string {
  const phases = new Set(instances.map(({ state }) => instancePhase(state)));
  phases.delete("gone");
  if (phases.size === 0) return "none";
  for (const phase of ["moving", "failed"] as const) if (phases.has(phase)) return phase;
  return phases.size > 1 ? "partial" : phases.has("running") ? "running" : "stopped";
}

/** The action's parameters; configuration is a JSON text within, in a spelling of its own. */
function paramsOf(wanted: ApplicationStateInputs, action: Action) {
  const configs = action === "stop" ? [] : (wanted.applicationConfigs ?? []);
  const items = configs.map(({ file, key, value }) => ({
    configFileName: file,
    configItemKey: key,
    configItemValue: value,
  }));
  const actionParams = [
    ...Object.entries(wanted.actionParams ?? {}).map(([key, value]) => ({ key, value })),
    ...(wanted.releaseName ? [{ key: "releaseName", value: wanted.releaseName }] : []),
    ...(items.length > 0 ? [{ key: "applicationConfigs", value: JSON.stringify(items) }] : []),
  ];
  return actionParams.length > 0 ? { actionParams } : {};
}
