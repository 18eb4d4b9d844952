// tencent.EmrServiceState: whether the processes of an EMR service run.
import type { Context } from "../context";
import { compare } from "../diff";
import { warnedOfTimeout } from "../durations";
import { StoppedError } from "../errors";
import { changesOf } from "../lifecycle";
import { note } from "../note";
import { inputsIn, inputsSeen } from "../operation";
import type { Place } from "../place";
import { nothing, type Plan, planBeforeLook, saysSomething, tellPlan, unknownWarnings } from "../plan";
import type { Diff, Found, Resource } from "../resource";
import { checkInputs, sameValue } from "../schema";
import { tencentClient } from "./config";
import { findCluster } from "./emrCluster";
import {
  applyService,
  openRestarts,
  outputsOf,
  planService,
  serviceKey,
  usualLimit,
  viewService,
} from "./emrServiceStateRun";
import {
  type ServiceState,
  type ServiceStateInputs,
  serviceStateInputs,
  serviceStateOutputs,
  serviceStateRules,
} from "./emrServiceStateSchema";

const description = `Whether the processes of a service of a Tencent Cloud EMR cluster run: of the whole service, of some of its components,
or of components on some nodes.

A service of which some processes run and others do not is drift, and so is a process that joins with a new node and
does not run: the next \`up\` brings them to the wanted state. A change of \`restartTriggers\` restarts the processes
that run; a restart whose answer got lost is never sent again before it is seen that nothing was restarted.

Another cluster or service replaces the resource, everything else changes in place. Deleting it does nothing to the
processes unless \`onDelete\` says otherwise.`;

const replaceOnChanges: readonly string[] = ["region", "clusterId", "service"];

const foundWhereAbsent: readonly string[] = ["region"];

function diff(olds: ServiceState, news: ServiceStateInputs): Diff {
  const properties = compare<ServiceState, ServiceStateInputs>(
    {
      inputs: serviceStateInputs,
      replaceOnChanges,
      foundWhereAbsent,
      recorded: (property) => seen(property as keyof ServiceStateInputs, olds, news),
      isSame: (_property, before, after) => sameValue(normal(before), normal(after)),
    },
    olds,
    news,
  );
  return { changes: properties.length > 0, properties, deleteBeforeReplace: true };
}

/** What an input is compared with: where the processes tell, what they tell. */
function seen(property: keyof ServiceStateInputs, olds: ServiceState, news: ServiceStateInputs): unknown {
  if (property === "state") return olds.runState;
  if (property === "maintenance" && news.maintenance !== undefined) {
    return olds.maintenanceState === "some" ? "some" : olds.maintenanceState === "all";
  }
  return olds[property];
}

/** Lists here are sets, and empty is absent. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [...value].sort() : undefined;
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty ? undefined : value;
}

/** The plan as far as state tells it. */
function planFromState(olds: ServiceState | undefined, news: ServiceStateInputs | undefined): Plan {
  const timeouts = (news ?? olds)?.timeouts;
  return warnedOfTimeout(planUnlimited(olds, news), timeouts, news ? "update" : "delete", usualLimit);
}

function planUnlimited(olds: ServiceState | undefined, news: ServiceStateInputs | undefined): Plan {
  const wanted = news ?? (olds && left(olds));
  if (!olds) return planBeforeLook();
  if (!wanted) return nothing();
  const processes = olds.processes.filter(
    ({ component, ip }) =>
      (wanted.components?.includes(component) ?? true) && (wanted.nodeIps?.includes(ip) ?? true),
  );
  const changed =
    !sameValue(normal(olds.restartTriggers), normal(wanted.restartTriggers)) && wanted.state === "running";
  const components = [...new Set(processes.map(({ component }) => component))];
  const plan = planService(wanted, { processes, components, missingIps: [] }, changed ? processes : [], true);
  const isWider =
    !sameValue(normal(olds.components), normal(wanted.components)) ||
    !sameValue(normal(olds.nodeIps), normal(wanted.nodeIps));
  if (isWider)
    plan.warnings.push(
      note("askFirst", "which processes come into scope is only known once the cluster is asked"),
    );
  plan.warnings.push(
    ...unknownWarnings(wanted, { restartTriggers: "nothing is restarted if it turns out not to change" }),
  );
  return plan;
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

/** Shows what is going to happen, in previews too. */
function announce(context: Context, olds: ServiceState | undefined, news: ServiceStateInputs): void {
  if (!olds) return;
  const isReplacement = diff(olds, news).properties.some(({ replace }) => replace);
  const plan = isReplacement ? undefined : planFromState(olds, news);
  if (plan && saysSomething(plan)) tellPlan(context, `${news.service} on ${news.clusterId}`, plan);
}

async function read(context: Context, id: string, state: ServiceState) {
  const client = tencentClient(context, state);
  if (!(await findCluster(client, state.clusterId))) return undefined;
  const { processes } = await viewService(client, inputsOf(state));
  const seen = { ...state, ...outputsOf(processes) };
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
  place: Place = {},
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
  inputs: serviceStateInputs,
  outputs: serviceStateOutputs,
  replaceOnChanges,
  defaultedBySdk: [],
  foundWhereAbsent,
  secrets: [],
  stableOutputs: ["region"],
  importId,
  find,
  foresee: async (_context, _olds, news) => ({ runState: news.state }),
  check: (news) => checkInputs(serviceStateInputs, serviceStateRules, news),
  diff,
  announce,
  planFromState,
  read,
  openOn: openRestarts,
  keyOf: serviceKey,
  ...changesOf<ServiceStateInputs, ServiceState>({
    idOf: serviceKey,
    nameOf: ({ service, clusterId }) => `${service} on ${clusterId}`,
    apply: applyService,
    wantedOnDelete: left,
    exists: async (context, state) =>
      (await findCluster(tencentClient(context, state), state.clusterId)) !== undefined,
  }),
};
