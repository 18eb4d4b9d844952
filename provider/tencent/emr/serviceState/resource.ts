// tencent.EmrServiceState: whether the processes of an EMR service run.
import { cloudTime } from "../../../base/clock";
import type { Context } from "../../../base/context";
import { StoppedError } from "../../../base/errors";
import type { AccountRef } from "../../../call/account";
import { listLag } from "../../../call/pages";
import { changesOf } from "../../../core/define";
import { compare, isSameInput } from "../../../core/diff";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf } from "../../../core/fields";
import { type Note, note } from "../../../core/note";
import { inputsIn, inputsSeen } from "../../../core/operation";
import {
  type CallStep,
  joined,
  nothing,
  type Plan,
  planBeforeLook,
  unknownWarnings,
} from "../../../core/plan";
import type { Diff, Found, Resource } from "../../../core/resource";
import { checkInputs } from "../../../core/schema";
import { tencentClient } from "../../config";
import { findCluster } from "../cluster";
import { clusterStatus } from "../functions/clusters";
import { applyService } from "./calls";
import { showsEnd } from "./evidence";
import {
  dueForRestart,
  forgetSavedService,
  forgetService,
  openOperations,
  type RecalledService,
  recallService,
  rememberOutcome,
  serviceJournal,
  serviceKey,
  usualLimit,
  wasRestarted,
} from "./memory";
import { isMeant, outputsOf, viewService } from "./observe";
import { movesAll, planService } from "./plan";
import {
  type ServiceState,
  type ServiceStateInputs,
  serviceStateInputs,
  serviceStateOutputs,
  serviceStateRules,
} from "./schema";

const description = `Whether the processes of a service of a Tencent Cloud EMR cluster run: of the whole service, of some of its components,
or of components on some nodes.

A service of which some processes run and others do not is drift, and so is a process that joins with a new node and
does not run: the next \`up\` brings them to the wanted state. A change of \`restartTriggers\` restarts the processes
that run; a restart whose answer got lost is never sent again before it is seen that nothing was restarted.

Another cluster or service replaces the resource, everything else changes in place. Deleting it does nothing to the
processes unless \`onDelete\` says otherwise.`;

function diff(olds: ServiceState, news: ServiceStateInputs): Diff {
  const properties = compare<ServiceState, ServiceStateInputs>(
    {
      inputs: serviceStateInputs,
      recorded: (property) => seen(property as keyof ServiceStateInputs, olds, news),
    },
    olds,
    news,
  );
  // What an earlier run left to look after is looked after even where the inputs ask for nothing.
  if (olds.pendingOperation && properties.length === 0)
    properties.push({ property: "processes", kind: "update", replace: false });
  return { changes: properties.length > 0, properties };
}

/** What an input is compared with: where the processes tell, what they tell. */
function seen(property: keyof ServiceStateInputs, olds: ServiceState, news: ServiceStateInputs): unknown {
  if (property === "state") return olds.runState;
  if (property === "maintenance" && news.maintenance !== undefined) {
    return olds.maintenanceState === "some" ? "some" : olds.maintenanceState === "all";
  }
  return olds[property];
}

const isSame = (
  name: "restartTriggers" | "components" | "nodeIps",
  olds: ServiceStateInputs,
  news: ServiceStateInputs,
) => isSameInput(serviceStateInputs, name, olds[name], news[name]);

/** The plan as far as state tells it. */
function planFromState(olds: RecalledService | undefined, news: ServiceStateInputs | undefined): Plan {
  const timeouts = (news ?? olds)?.timeouts;
  return warnedOfTimeout(planUnlimited(olds, news), timeouts, news ? "update" : "delete", usualLimit);
}

function planUnlimited(olds: RecalledService | undefined, news: ServiceStateInputs | undefined): Plan {
  const wanted = news ?? (olds && left(olds));
  if (!olds) return planBeforeLook();
  if (!wanted) return nothing(...leaves(olds));
  const processes = olds.processes.filter((process) => isMeant(process, wanted));
  const changed = !isSame("restartTriggers", olds, wanted) && wanted.state === "running";
  const components = [...new Set(processes.map(({ component }) => component))];
  const restart = changed ? dueForRestart(olds, wanted) : [];
  const plan = planService(wanted, { processes, components, missingIps: [] }, restart, true);
  if ((changed && !wasRestarted(olds, wanted)) || movesAll(olds, wanted)) sayWhoFollows(plan);
  const isWider = !isSame("components", olds, wanted) || !isSame("nodeIps", olds, wanted);
  if (isWider)
    plan.warnings.push(
      note("askFirst", "which processes come into scope is only known once the cluster is asked"),
    );
  plan.warnings.push(
    ...unknownWarnings(wanted, { restartTriggers: "nothing is restarted if it turns out not to change" }),
  );
  return joined(planToSettle(olds, wanted), plan);
}

/** What is for all processes is also for those that state does not know yet. */
function sayWhoFollows({ steps }: Plan): void {
  const calls = steps.filter((step): step is CallStep => step.kind === "call");
  const ofAll = ["RestartService", "StartService", "StopService"].flatMap((verb) =>
    calls.filter((step) => step.verb === verb),
  );
  if (ofAll[0]) ofAll[0].summary += ", and processes that have joined since";
}

/** What an interrupted run has sent may have gone through. */
function planToSettle({ pendingOperation: sent }: ServiceState, { state }: ServiceStateInputs): Plan {
  if (!sent) return nothing();
  const isRestart = sent.opType === "RestartService";
  const text = isRestart
    ? `what it has restarted is not restarted for it again; processes that are not ${state} then are brought there`
    : `processes that are not ${state} then are brought there`;
  return {
    steps: [
      { kind: "settle", summary: `look what became of the ${sent.opType} that an interrupted run sent` },
    ],
    warnings: [note("settleFirst", text)],
    blocked: [],
  };
}

/** What a person should know where the processes are left alone. */
function leaves({ pendingOperation: sent }: ServiceState): Note[] {
  if (!sent) return [];
  const text = `an interrupted run has sent ${sent.opType}, whose end nobody has seen: look at the processes in the EMR console`;
  return [note("leftAlone", text)];
}

/** What deleting asks for, or undefined where the processes are left alone. */
function left(state: ServiceState): ServiceStateInputs | undefined {
  if (state.onDelete === "leave") return undefined;
  const { maintenance: _, ...inputs } = inputsOf(state);
  return { ...inputs, state: state.onDelete };
}

function inputsOf(state: ServiceState): ServiceStateInputs {
  return inputsIn(serviceStateInputs, state);
}

async function read(context: Context, id: string, { restartedFor: _, ...state }: RecalledService) {
  const client = tencentClient(context, state);
  const cluster = await findCluster(client, state.clusterId);
  if (!cluster) return undefined;
  const { processes } = await viewService(client, inputsOf(state));
  const outputs = outputsOf(processes);
  const { pendingOperation: sent, ...rest } = state;
  const isOver =
    sent &&
    cluster.phase !== "busy" &&
    (showsEnd(sent, outputs) || (await cloudTime(context.clock)) - sent.sentAt >= listLag);
  // Remembered until a saved state has it.
  if (isOver) rememberOutcome(serviceJournal(context, state), state, outputs);
  const seen: ServiceState = { ...rest, ...outputs, ...(sent && !isOver ? { pendingOperation: sent } : {}) };
  if (seen.runState === state.state) return { id, state: seen };
  // What runs is no longer what was asked for: that is what a difference is shown with.
  const drifted = { ...seen, state: seen.runState as ServiceState["state"] };
  return { id, state: drifted, ...inputsSeen<ServiceStateInputs>(serviceStateInputs, drifted) };
}

const importId = "<clusterId>/<service>[/<component>+<component>[@<ip>+<ip>]]";

/** The processes of a service, or of a part of it. */
async function find(
  context: Context,
  id: string,
  place: AccountRef = {},
): Promise<Found<ServiceStateInputs, ServiceState> | undefined> {
  const [, clusterId, service, components, ips] = /^([^/]+)\/([^/]+)(?:\/([^@]+)(?:@(.+))?)?$/.exec(id) ?? [];
  const names = (text: string | undefined) => (text ? text.split("+") : undefined);
  const scope = {
    clusterId,
    service,
    ...(components ? { components: names(components) } : {}),
    ...(ips ? { nodeIps: names(ips) } : {}),
  };
  const parsed = serviceStateInputs.safeParse({ ...scope, state: "running" });
  if (!parsed.success) throw new StoppedError(`The id ${id} must have the form ${importId}.`);
  const client = tencentClient(context, place);
  if (!(await findCluster(client, parsed.data.clusterId))) return undefined;
  const { processes } = await viewService(client, parsed.data);
  if (processes.length === 0) return undefined;
  const seen = outputsOf(processes);
  const inputs = {
    ...scope,
    state: seen.runState === "stopped" ? ("stopped" as const) : ("running" as const),
  };
  const state = { ...parsed.data, ...inputs, ...seen, region: client.region, lastRequestId: "" };
  return {
    id: serviceKey(parsed.data),
    state: state as ServiceState,
    inputs: inputs as Partial<ServiceStateInputs>,
  };
}

export const emrServiceState: Resource<ServiceStateInputs, ServiceState> = {
  type: "tencent:EmrServiceState",
  description,
  ...fieldsOf(serviceStateInputs, serviceStateOutputs),
  deleteBeforeReplace: true,
  importId,
  subject: {
    kind: "cluster",
    id: "clusterId",
    size: undefined,
    importIds: ({ clusterId, service, components, nodeIps }) =>
      // Processes are imported by components and nodes, or all of them.
      clusterId && service && (components || !nodeIps)
        ? [serviceKey({ clusterId, service, components, nodeIps })]
        : [],
    status: clusterStatus,
  },
  // To take charge of something restarts nothing.
  takeOver: (found, { restartTriggers }) => ({
    state: { ...found, ...(restartTriggers === undefined ? {} : { restartTriggers }) },
    warnings: [],
  }),
  find,
  previewOutputs: async (_context, _olds, news) => ({ runState: news.state }),
  claims: ({ clusterId, service, components, nodeIps, state }) => [
    { property: "service", thing: `${service} on ${clusterId}`, part: { components, nodeIps }, wish: state },
  ],
  check: (news) => checkInputs(serviceStateInputs, serviceStateRules, news),
  recall: (context, olds) => olds && recallService(context, olds),
  forgetSaved: forgetSavedService,
  diff,
  planFromState,
  read,
  openOn: openOperations,
  keyOf: serviceKey,
  ...changesOf<ServiceStateInputs, ServiceState>({
    idOf: serviceKey,
    apply: applyService,
    wantedOnDelete: left,
    leaves,
    forget: forgetService,
    limit: usualLimit,
    exists: async (context, state) =>
      (await findCluster(tencentClient(context, state), state.clusterId)) !== undefined,
  }),
};
