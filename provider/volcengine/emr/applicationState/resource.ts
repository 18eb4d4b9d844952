// volcengine.EmrApplicationState: whether the components of an application of an EMR on VKE cluster run.
import { type Context, warn } from "../../../base/context";
import { StoppedError } from "../../../base/errors";
import type { AccountRef } from "../../../call/account";
import { changesOf } from "../../../core/define";
import { compare, isSameInput } from "../../../core/diff";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf } from "../../../core/fields";
import { type Note, note, sentences } from "../../../core/note";
import { inputsIn, inputsSeen } from "../../../core/operation";
import { nothing, type Plan, planBeforeLook, unknownWarnings } from "../../../core/plan";
import type { Diff, Found, Resource } from "../../../core/resource";
import { checkInputs, containsUnknown } from "../../../core/schema";
import { volcengineClient } from "../../config";
import { byKey, configsOf, findCluster, viewApplication } from "../applications";
import { getVkeApplications } from "../functions";
import { applyApplication, usualLimit } from "./calls";
import {
  applicationKey,
  eventOf,
  forgetApplication,
  journalOf,
  latestOutcome,
  openActionsIn,
  type Recalled,
  recallApplication,
  recordedState,
} from "./memory";
import {
  changesEvent,
  instancesOfTarget,
  planApplication,
  runStateOf,
  targetKey,
  targetsOf,
  wantsRestart,
} from "./plan";
import {
  type ApplicationState,
  type ApplicationStateInputs,
  applicationStateInputs,
  applicationStateOutputs,
  applicationStateRules,
} from "./schema";

const description = `Whether the components of an application of a Volcengine EMR on VKE cluster run, and with which configuration.

A change of \`restartTriggers\` or \`applicationConfigs\` restarts components that run; the configuration comes with the
restart. A restart whose answer got lost is never sent again before it is known that the first did not arrive.

The API version that has the action has no call that reads components; a newer one has. Where the account may call
that, the instances are listed and drift is seen. Where it may not, \`driftVisible\` is false: then what our own actions
ended with counts as the state, and what somebody else does stays unseen. After an action that failed, or that cannot be
followed, the state is unknown: the next \`up\` starts or stops again. \`actualState\` tells it what somebody has seen.

Another region, cluster, application or release replaces the resource, everything else changes in place. Deleting it
does nothing to the components unless \`onDelete\` says otherwise.`;

function diff(olds: Recalled, news: ApplicationStateInputs): Diff {
  const properties = compare<ApplicationState, ApplicationStateInputs>(
    {
      inputs: applicationStateInputs,
      recorded: (property) =>
        property === "state" ? recordedState(olds) : olds[property as keyof ApplicationStateInputs],
    },
    olds,
    news,
  );
  const isOverwritten = !olds.configsApplied && news.state === "running" && news.applicationConfigs?.length;
  if (isOverwritten && properties.length === 0)
    properties.push({ property: "configsApplied", kind: "update", replace: false });
  // What an earlier run did, or may have done, is recorded even where the inputs ask for nothing.
  if ((olds.pendingAction || olds.unsaved) && properties.length === 0)
    properties.push({ property: "runState", kind: "update", replace: false });
  return { changes: properties.length > 0, properties };
}

function inputsOf(state: ApplicationState): ApplicationStateInputs {
  return inputsIn(applicationStateInputs, state);
}

/** What deleting asks for, or undefined where the components are left alone. */
function left(state: ApplicationState): ApplicationStateInputs | undefined {
  return state.onDelete === "leave" ? undefined : { ...inputsOf(state), state: state.onDelete };
}

/** What a person should know where the components are left alone. */
function leaves({ pendingAction: open }: ApplicationState): Note[] {
  if (!open) return [];
  const text = `onDelete is leave: it is not found out what became of an earlier ${open.action} of ${open.component}, which may still take effect`;
  return [note("earlierRun", text)];
}

/** The plan as far as state tells it. */
function planFromState(recorded: Recalled | undefined, news: ApplicationStateInputs | undefined): Plan {
  const given = news ?? (recorded && left(recorded));
  if (!recorded) return planBeforeLook();
  if (!given) return nothing(...leaves(recorded));
  const plan = planBeyond(recorded, given, news);
  return warnedOfTimeout(plan, given.timeouts, news ? "update" : "delete", usualLimit);
}

function planBeyond(
  recorded: Recalled,
  given: ApplicationStateInputs,
  news: ApplicationStateInputs | undefined,
): Plan {
  // As a whole it can be unknown, or hidden where somebody else's preview is read: then there is nothing to look into.
  const areHidden = (value: unknown) => value !== undefined && !Array.isArray(value);
  const isHidden = areHidden(given.applicationConfigs);
  const components = (inputs: ApplicationStateInputs) =>
    containsUnknown(inputs.components) ? { components: recorded.components } : {};
  const wanted = { ...given, ...components(given), ...(isHidden ? { applicationConfigs: [] } : {}) };
  const wasHidden = areHidden(recorded.applicationConfigs);
  const olds = {
    ...recorded,
    ...components(recorded),
    ...(isHidden || wasHidden ? { applicationConfigs: wanted.applicationConfigs } : {}),
  };
  if (olds.pendingAction || olds.unsaved) {
    const { action, component } = olds.pendingAction ?? {};
    const what = action ? `${action} of ${component}` : `action on ${olds.unsaved?.join(", ")}`;
    const summary = `find out what became of an earlier ${what}`;
    return {
      steps: [{ kind: "settle", summary }],
      warnings: [note("settleFirst", "the rest is planned once that is known")],
      blocked: [],
    };
  }
  // Whatever is in it: what was brought in once is not in effect any more.
  const isLost = isHidden && !olds.configsApplied && wanted.state === "running";
  const needsRestart =
    (news !== undefined && (isLost || containsUnknown(given.applicationConfigs))) ||
    wantsRestart(news ? "update" : "delete", olds, wanted);
  const plan = planApplication(
    wanted,
    {
      view: {
        application: olds.application,
        instances: olds.driftVisible ? olds.instances : undefined,
        reason: "the account's API does not list component instances",
      },
      last: () => (news?.actualState !== olds.actualState && news?.actualState) || olds.runState,
      isChanged: changesEvent(olds, wanted),
      needsRestart: (target) => needsRestart && olds.doneFor?.[targetKey(target)] !== eventOf(wanted),
    },
    "guess",
  );
  if (!isSameInput(applicationStateInputs, "components", olds.components, wanted.components))
    plan.warnings.push(
      note("askFirst", "which components come into scope is only known once the cluster is asked"),
    );
  const stays = "nothing is restarted if it turns out not to change";
  plan.warnings.push(...unknownWarnings(given, { restartTriggers: stays, applicationConfigs: stays }));
  const mayDiffer = isHidden || (wasHidden && wanted.applicationConfigs?.length && !needsRestart);
  if (news && mayDiffer && !containsUnknown(given.applicationConfigs))
    plan.warnings.push(
      note(
        "hiddenInput",
        "applicationConfigs is hidden here: the components are restarted if it changes",
        "applicationConfigs",
      ),
    );
  const kept = Object.keys(byKey(wanted.applicationConfigs ?? []));
  const dropped = Object.keys(byKey(olds.applicationConfigs ?? [])).filter((name) => !kept.includes(name));
  if (news && dropped.length > 0)
    plan.warnings.push(
      note(
        "partOnly",
        `${dropped.join(", ")}: taken out of applicationConfigs, but stays in the cluster as it is`,
      ),
    );
  return plan;
}

async function read(context: Context, id: string, { unsaved: _, doneFor: __, ...state }: Recalled) {
  const client = volcengineClient(context, state);
  const { clusterId, application } = state;
  if (!(await findCluster(client, clusterId))) return undefined;
  const view = await viewApplication(client, clusterId, application, state.releaseName !== undefined);
  if ("others" in view) return undefined;
  const { instances, reason, applicationState } = view;
  if (!instances) {
    warn(context, `drift cannot be seen (${reason}); what our own actions ended with counts as its state`);
    return {
      id,
      state: { ...state, applicationState, observationSource: "operations" as const, driftVisible: false },
    };
  }
  const inputs = inputsOf(state);
  const { targets } = targetsOf(inputs, view);
  const named = (inputs.components ?? []).map((component) => ({
    component,
    release: inputs.releaseName ?? "",
  }));
  const own = (targets.length > 0 ? targets : named).flatMap((target) =>
    instancesOfTarget(instances, target),
  );
  // A release that is gone is gone; components without instances are something else.
  if (own.length === 0 && inputs.releaseName !== undefined) return undefined;
  const shown = await configsOf(
    client,
    clusterId,
    view.application,
    inputs.applicationConfigs ?? [],
    (warning) => context.progress(warning),
  );
  const isOverwritten =
    shown !== undefined &&
    Object.entries(state.observedConfigs).some(([name, value]) => byKey(shown.items)[name] !== value);
  const seen: ApplicationState = {
    ...state,
    applicationState,
    instances: own,
    runState: runStateOf(own),
    observationSource: "componentInstances",
    driftVisible: true,
    configsApplied: state.configsApplied && !isOverwritten,
  };
  const isAsRecorded = ["moving", state.state].includes(seen.runState);
  if (isAsRecorded) return { id, state: seen };
  // What runs is no longer what was asked for: that is what a difference is shown with.
  const drifted = { ...seen, state: seen.runState as ApplicationState["state"] };
  return { id, state: drifted, ...inputsSeen<ApplicationStateInputs>(applicationStateInputs, drifted) };
}

const importId = "<clusterId>/<application>[/<component>+<component>[/<releaseName>]]";

async function find(
  context: Context,
  id: string,
  place: AccountRef = {},
): Promise<Found<ApplicationStateInputs, ApplicationState> | undefined> {
  const [clusterId, application, components, releaseName, more] = id.split("/");
  const scope = {
    clusterId,
    application,
    ...(components ? { components: components.split("+") } : {}),
    ...(releaseName ? { releaseName } : {}),
  };
  const { inputs: complete, failures } = checkInputs(applicationStateInputs, applicationStateRules, {
    ...scope,
    state: "running",
  });
  if (failures.length > 0 || more !== undefined)
    throw new StoppedError(`The id ${id} must have the form ${importId}.`);
  const client = volcengineClient(context, place);
  if (!(await findCluster(client, complete.clusterId))) return undefined;
  const view = await viewApplication(
    client,
    complete.clusterId,
    complete.application,
    releaseName !== undefined,
  );
  if ("others" in view) return undefined;
  const { targets, blocked } = targetsOf(complete, view);
  if (view.instances && targets.length === 0) return undefined;
  if (blocked.length > 0) throw new StoppedError(sentences(blocked));
  const own = targets.flatMap((target) => instancesOfTarget(view.instances ?? [], target));
  const runState = view.instances ? runStateOf(own) : "unknown";
  // What is seen is newer than what this machine remembers.
  const entry = view.instances && journalOf(context, client.region, complete).read();
  const inputs = { ...scope, state: runState === "stopped" ? ("stopped" as const) : ("running" as const) };
  const state = {
    ...complete,
    ...inputs,
    region: client.region,
    runState,
    instances: own,
    applicationState: view.applicationState,
    observationSource: view.instances ? ("componentInstances" as const) : ("operations" as const),
    driftVisible: view.instances !== undefined,
    configsApplied: true,
    observedConfigs: {},
    lastOperationId: "",
    lastRequestId: "",
    lastActionAt: latestOutcome(entry, targets.map(targetKey)),
  } as ApplicationState;
  return { id: applicationKey(complete), state, inputs: inputs as Partial<ApplicationStateInputs> };
}

export const emrApplicationState: Resource<ApplicationStateInputs, ApplicationState> = {
  type: "volcengine:EmrApplicationState",
  description,
  ...fieldsOf(applicationStateInputs, applicationStateOutputs),
  deleteBeforeReplace: true,
  importId,
  subject: {
    kind: "cluster",
    id: "clusterId",
    size: undefined,
    importIds: ({ clusterId, application, components, releaseName }) =>
      clusterId && application ? [applicationKey({ clusterId, application, components, releaseName })] : [],
    status: {
      token: getVkeApplications.token,
      asked: ({ clusterId }) => ({ clusterId }),
      told: ({ clusterState }, { clusterId }) => ({ name: clusterId, status: String(clusterState) }),
    },
  },
  // To take charge of something restarts nothing.
  takeOver: (found, { restartTriggers }) => ({
    state: { ...found, ...(restartTriggers === undefined ? {} : { restartTriggers }) },
    warnings: [],
  }),
  find,
  previewOutputs: async (_context, _olds, news) => ({ runState: news.state }),
  claims: ({ clusterId, application, components, releaseName, state }) => [
    {
      property: "application",
      thing: `${application.toLowerCase()} on ${clusterId}`,
      part: {
        // An unknown list is a text.
        components: Array.isArray(components) ? components.map((name) => name.toLowerCase()) : components,
        releases: releaseName ? [releaseName] : undefined,
      },
      wish: state,
    },
  ],
  check: (news) => checkInputs(applicationStateInputs, applicationStateRules, news),
  recall: recallApplication,
  diff,
  planFromState,
  openOn: openActionsIn,
  read,
  ...changesOf<ApplicationStateInputs, ApplicationState>({
    idOf: applicationKey,
    apply: applyApplication,
    wantedOnDelete: left,
    forget: forgetApplication,
    leaves,
    limit: usualLimit,
    exists: async (context, state) => {
      const client = volcengineClient(context, state);
      if (!(await findCluster(client, state.clusterId))) return false;
      return !("others" in (await viewApplication(client, state.clusterId, state.application)));
    },
  }),
};
