// Brings an application's components to the wanted state: what an action sends, and what is remembered of it. It has no token, so
// that it is sent once; whether it took is found out from its operation and from what the components show.
import { randomUUID } from "node:crypto";
import { cloudTime } from "../../../base/clock";
import { type Context, warn } from "../../../base/context";
import { apply, type Call, type Work } from "../../../core/apply";
import { inputsThat } from "../../../core/fields";
import { exclusively, type Limited, type Operation } from "../../../core/operation";
import { requestOf } from "../../../core/plan";
import { sameValue } from "../../../core/schema";
import type { VolcengineClient } from "../../client";
import { volcengineClient } from "../../config";
import {
  clusterPhase,
  instancePhase,
  type OperationRecord,
  operationIdOf,
  runApplicationAction,
} from "../api";
import { byKey, configsOf, operationsOf } from "../applications";
import type { Pages } from "../pages";
import {
  type ActionFacts,
  type Came,
  isOnItsWay,
  isOpen,
  judgeAction,
  madeBy,
  mostRepeats,
  nameOf,
  waitingFor,
} from "./evidence";
import { ApplicationMemory, configsPrint, type Recalled, recordedState } from "./memory";
import { ActionWatch, areConfigsThere, clusterStateOf, type Seen, viewComponents } from "./observe";
import {
  type Action,
  changesEvent,
  instancesOfTarget,
  type Known,
  planApplication,
  runStateOf,
  type Target,
  targetKey,
  targetOf,
  targetsOf,
  wantsRestart,
} from "./plan";
import {
  type ApplicationState,
  type ApplicationStateInputs,
  applicationStateInputs,
  type PendingAction,
} from "./schema";

/** How many operations can be remembered as having been there before: state keeps their ids while an action is open. */
const mostBefore = 1000;
/** How often a cluster that is taken is asked again: the same answer says that it never allows the action. */
const mostWaits = 6;

export const usualLimit = "30m";

export async function applyApplication(
  context: Context,
  operation: Operation,
  wanted: ApplicationStateInputs,
  known: Recalled | undefined,
): Promise<ApplicationState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `volcengine/${volcengineClient(context, place).region}/${clusterId}`;
  // What only says how the provider works needs no cluster that takes actions.
  if (operation === "update" && known && changesPolicyOnly(known, wanted))
    return { ...emptied(known), ...wanted, region: known.region };
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    apply(
      limited,
      applicationWork(limited, volcengineClient(limited, place), operation, wanted, known),
      known?.lastRequestId,
    ),
  );
}

const laterInputs: readonly string[] = inputsThat(applicationStateInputs, "later");

function changesPolicyOnly(known: Recalled, wanted: ApplicationStateInputs): boolean {
  if (known.pendingAction || known.unsaved || known.runState !== wanted.state) return false;
  if (!known.configsApplied && wanted.state === "running" && wanted.applicationConfigs?.length) return false;
  return Object.keys(applicationStateInputs.shape).every((name) => {
    const property = name as keyof ApplicationStateInputs;
    if (laterInputs.includes(name) || (name === "region" && wanted.region === undefined)) return true;
    return sameValue(known[property], wanted[property]);
  });
}

/** State without the inputs: what is not among the new ones shall not stay. */
function emptied(known: ApplicationState): ApplicationState {
  const outputs = Object.entries(known).filter(([name]) => !(name in applicationStateInputs.shape));
  return Object.fromEntries(outputs) as unknown as ApplicationState;
}

function applicationWork(
  context: Limited,
  client: VolcengineClient,
  operation: Operation,
  wanted: ApplicationStateInputs,
  known: ApplicationState | undefined,
): Work<ApplicationState, Seen> {
  const { clusterId, application, applicationConfigs = [] } = wanted;
  const { clock, deadline } = context;
  const ifGone = known ? " If it existed before, run `pulumi refresh`." : "";
  const view = () => viewComponents(client, wanted, ifGone);
  const memory = new ApplicationMemory(context, client.region, wanted, known);
  const watch = new ActionWatch(client, wanted, view, known?.lastOperationId ?? "");
  /** Whether components that run are to be restarted at all. */
  let isRestart = wantsRestart(operation, known, wanted);
  /** Whether the preview could tell, or leave open, that components in scope are brought to what is wanted. */
  const isStateOpen =
    operation !== "update" || !known || recordedState(known) !== wanted.state || memory.open().length > 0;
  /** Targets with which another configuration came than state knows of. */
  const overwritten = new Set<string>();
  let last: Seen | undefined;
  /** Whether what a person says of the components has been taken into account: what is done after that is not meant. */
  let isHeeded = false;
  /** The latest action, where the cloud has refused it. */
  let refused: PendingAction | undefined;
  /** What the cluster shows for the configuration, once all is as wanted. */
  let observed: Record<string, string> | undefined;

  /** How an action gets on is looked at with its operation. */
  async function look(isClose = false): Promise<Seen> {
    if (isClose && last) return last;
    last = { cluster: await clusterStateOf(client, wanted, ifGone), ...(await view()) };
    return last;
  }

  const targetsIn = (seen: Seen): Target[] => targetsOf(wanted, seen).targets;
  const instancesIn = (seen: Seen, targets: readonly Target[]) =>
    targets.flatMap((target) => instancesOfTarget(seen.instances ?? [], target));

  function knownOf(view: Seen): Known {
    const wasInScope = (target: Target) => known === undefined || inScopeOf(known, target);
    return {
      view,
      isChanged: known !== undefined && changesEvent(known, wanted),
      mayAct: (target) =>
        isStateOpen ||
        isRestart ||
        !view.instances ||
        !wasInScope(target) ||
        memory.recent(target) !== undefined,
      last: (target) =>
        memory.recent(target)?.made ?? (known && wasInScope(target) ? known.runState : undefined),
      needsRestart: (target) =>
        (isRestart || overwritten.has(targetKey(target))) && memory.recent(target)?.event !== memory.event,
    };
  }

  /** Where components cannot be seen, what a person says of them counts, until something else is done. */
  async function heedSaid(seen: Seen): Promise<void> {
    if (seen.instances || isHeeded) return;
    isHeeded = true;
    const targets = targetsIn(seen);
    const said = memory.news(targets);
    if (said) memory.heed(said, targets, await cloudTime(clock));
  }

  /** Another configuration came with an action that state does not know of: the wanted one is put back where it does not show. */
  async function heedConfigs(seen: Seen): Promise<void> {
    const own = configsPrint(wanted);
    if (operation !== "update" || wanted.state !== "running" || !own) return;
    const others = targetsIn(seen).filter((target) => {
      const { configs } = memory.recent(target) ?? {};
      return configs !== undefined && configs !== own;
    });
    if (others.length === 0 || (await areConfigsThere(client, wanted, seen))) return;
    for (const target of others) overwritten.add(targetKey(target));
  }

  function isStillAsked(pending: PendingAction): boolean {
    const isWanted = pending.action === "restart" ? isRestart : madeBy(pending) === wanted.state;
    return pending.event === memory.event && isWanted && inScopeOf(wanted, pending);
  }

  const acting: Call<Seen, PendingAction, Came, ActionFacts> = {
    repeats: mostRepeats,
    mostWaits,
    async intend({ targets: [key] = [], verb }, seen, sentAt) {
      const target = targetsIn(seen).find((each) => targetKey(each) === key);
      if (!target) throw new Error(`no target ${key}`);
      const action = verb as Action;
      const operationsBefore = idsOf(await operationsOf(client, clusterId));
      return {
        id: randomUUID(),
        component: target.component,
        releaseName: target.release,
        action,
        // The clock of a machine that was here before may be ahead, and what is newer counts.
        sentAt: Math.max(sentAt, (known?.lastActionAt ?? 0) + 1),
        accepted: false,
        operationId: "",
        requestId: "",
        startTimes: instancesIn(seen, [target])
          .map(({ startTime }) => startTime)
          .filter((time) => time !== ""),
        ...(operationsBefore ? { operationsBefore } : {}),
        hasConfigs: action !== "stop" && applicationConfigs.length > 0,
        event: memory.event,
      };
    },
    async send(step) {
      const answer = await client.call(runApplicationAction, requestOf(runApplicationAction, step));
      const { requestId } = answer;
      const operationId = operationIdOf(answer);
      const progress = operationId ? `, operation ${operationId}` : ", without an operation to follow";
      return { requestId, progress, keep: { accepted: true, operationId, requestId } };
    },
    facts(sent, seen, now) {
      const said = seen.instances || isHeeded ? undefined : memory.news(targetsIn(seen));
      const isAsked = isStillAsked(sent) && said === undefined;
      return watch.facts(sent, seen, now, { isAsked, said, isLast: now >= deadline.at });
    },
    isMoving: (seen, { operation: followed }, sent) =>
      (followed !== undefined && isOpen(followed)) || isOnItsWay(sent, seen),
    judge: (sent, seen) => judgeAction(wanted, sent, seen),
    waitingFor: (sent) => waitingFor(sent, watch.followed),
    remember: (sent) => memory.save(sent),
    forget(sent, came) {
      refused = came ? undefined : sent;
      memory.close(sent, came?.made);
      if (came?.operationId) watch.conclude(came.operationId);
    },
  };

  return {
    name: `${application} of ${clusterId}`,
    look,
    busy(seen) {
      if (clusterPhase(seen.cluster) !== "running") return `the cluster, which is ${seen.cluster}`;
      const moving = instancesIn(seen, targetsIn(seen)).find(
        ({ state }) => instancePhase(state) === "moving",
      );
      return moving && `${moving.component}, which is ${moving.state}`;
    },
    async begin(atRest) {
      memory.begin(await cloudTime(clock));
      const isOpenStill = memory.open().length > 0;
      const isNew = operation === "create" && isRestart;
      if (!isOpenStill && !isNew) return undefined;
      const seen = isOpenStill ? await look() : await atRest();
      if (isNew && (await areConfigsThere(client, wanted, seen))) isRestart = false;
      return undefined;
    },
    open() {
      const [sent] = memory.open();
      return (
        sent && { call: "RunApplicationAction", sent, what: `an earlier ${sent.action} of ${nameOf(sent)}` }
      );
    },
    async plan(seen) {
      await heedSaid(seen);
      await heedConfigs(seen);
      return planApplication(wanted, knownOf(seen), operation === "delete" ? "delete" : "apply");
    },
    calls: { RunApplicationAction: acting },
    state: stateOf,
    endedEarly(seen) {
      if (!refused || !seen || seen.instances) return undefined;
      const counts = knownOf(seen).last(targetOf(refused)) ?? "unknown";
      const again = wanted.actualState ? ", which counts anew once it was taken out" : "";
      return `What ${nameOf(refused)} is cannot be seen here, and counts as ${counts}: if it is something else, say so with actualState${again}.`;
    },
    mustRecord: () => known !== undefined && known.actualState !== wanted.actualState,
    async finish(seen) {
      if (operation === "delete") memory.forget(targetsIn(seen));
      const shown = await configsOf(client, clusterId, seen.application, applicationConfigs, (warning) =>
        warn(context, warning),
      );
      if (shown && !shown.areEffective && wanted.state === "running")
        warn(context, "the cluster does not show all of applicationConfigs in effect");
      observed = byKey(shown?.items ?? []);
    },
  };

  /** What to record: the inputs as carried out, and the components as last seen. */
  function stateOf(seen: Seen, lastRequestId: string): ApplicationState {
    const { restartTriggers: _, applicationConfigs: __, ...inputs } = wanted;
    const targets = targetsIn(seen);
    const isDone = observed !== undefined;
    const isApplied = isDone || (targets.length > 0 && !targets.some(knownOf(seen).needsRestart));
    const applied: Partial<ApplicationStateInputs> = isApplied ? wanted : (known ?? {});
    const [pendingAction] = memory.open();
    const mayHaveOthers = !isDone && memory.mayHaveConfigs(targets);
    return {
      ...inputs,
      ...eventIn(applied),
      region: client.region,
      ...seenIn(seen, targets),
      configsApplied: !mayHaveOthers && areApplied(applied.applicationConfigs, isApplied),
      observedConfigs: observed ?? known?.observedConfigs ?? {},
      lastOperationId: watch.lastOperationId,
      lastRequestId,
      lastActionAt: memory.recordedAt(isApplied, isDone ? targets : []),
      ...(pendingAction ? { pendingAction } : {}),
    };
  }

  function seenIn(seen: Seen, targets: readonly Target[]) {
    const instances = instancesIn(seen, targets);
    const { applicationState } = seen;
    if (seen.instances) {
      const observationSource = "componentInstances" as const;
      const runState = runStateOf(instances);
      return { runState, instances, applicationState, observationSource, driftVisible: true };
    }
    const { last: lastOf } = knownOf(seen);
    const lasts = new Set(targets.map((target) => lastOf(target) ?? "unknown"));
    const runState = lasts.size === 1 ? [...lasts].join() : "partial";
    const observationSource = "operations" as const;
    return { runState, instances, applicationState, observationSource, driftVisible: false };
  }

  function areApplied(
    configs: ApplicationStateInputs["applicationConfigs"] = [],
    isApplied: boolean,
  ): boolean {
    if (configs.length === 0) return true;
    if (!isApplied) return known?.configsApplied ?? true;
    // What is stopped gets them with its start.
    const wereApplied = known?.configsApplied && sameValue(known.applicationConfigs ?? [], configs);
    return wanted.state === "running" || (wereApplied ?? false);
  }
}

const inScopeOf = ({ components }: ApplicationStateInputs, { component }: Pick<Target, "component">) =>
  components?.some((name) => name.toLowerCase() === component.toLowerCase()) ?? true;

/** What restarts components, as far as it is set. */
const eventIn = ({ restartTriggers, applicationConfigs }: Partial<ApplicationStateInputs>) => ({
  ...(restartTriggers ? { restartTriggers } : {}),
  ...(applicationConfigs ? { applicationConfigs } : {}),
});

/** The ids of a list of operations; undefined where it is not all, or too long to be kept. */
function idsOf(list: Pages<OperationRecord> | undefined): string[] | undefined {
  if (!list || list.gap || list.items.length > mostBefore) return undefined;
  return list.items.map(operationIdOf).filter((id) => id !== "");
}
