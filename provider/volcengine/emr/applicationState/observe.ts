// What is looked at to bring an application's components to what is wanted: the cluster, the components, and an action's operation.
import { CloudError, StoppedError } from "../../../base/errors";
import { sameValue } from "../../../core/schema";
import type { VolcengineClient } from "../../client";
import {
  clusterPhase,
  getOperation,
  isTime,
  type OperationRecord,
  operationIdOf,
  operationPhase,
  operationStateOf,
} from "../api";
import {
  type ApplicationView,
  byKey,
  configsOf,
  findCluster,
  operationsOf,
  viewApplication,
} from "../applications";
import type { Pages } from "../pages";
import { type ActionFacts, candidateIn, type Followed, isOpen, isStranger, needsConfigs } from "./evidence";
import { eventOf } from "./memory";
import type { ApplicationStateInputs, PendingAction } from "./schema";

/** The components of an application, and how its cluster is. */
export interface Seen extends ApplicationView {
  cluster: string;
}

/** Looks at the components. `ifGone`: what to do where something is missing. */
export async function viewComponents(
  client: VolcengineClient,
  { clusterId, application, releaseName }: ApplicationStateInputs,
  ifGone: string,
): Promise<ApplicationView> {
  const view = await viewApplication(client, clusterId, application, releaseName !== undefined);
  if (!("others" in view)) return view;
  const others = view.others.length > 0 ? `it has ${view.others.join(", ")}` : "it has none";
  throw new StoppedError(`application: ${clusterId} has no application ${application}; ${others}.${ifGone}`);
}

/** The state of the cluster; fails where it takes no action, however long one waits. */
export async function clusterStateOf(
  client: VolcengineClient,
  { clusterId }: ApplicationStateInputs,
  ifGone: string,
): Promise<string> {
  const cluster = await findCluster(client, clusterId);
  if (!cluster) {
    throw new StoppedError(
      `EMR on VKE cluster ${clusterId} does not exist in ${client.region}: check clusterId and the region.${ifGone}`,
    );
  }
  if (clusterPhase(cluster.state) === "unusable") {
    throw new StoppedError(
      `EMR on VKE cluster ${clusterId} is ${cluster.state} and takes no action: look at it in the EMR console.`,
    );
  }
  return cluster.state;
}

/** Whether the cluster shows all of the configuration already, in effect. */
export async function areConfigsThere(
  client: VolcengineClient,
  { clusterId, applicationConfigs = [] }: ApplicationStateInputs,
  { application }: ApplicationView,
): Promise<boolean> {
  const shown = await configsOf(client, clusterId, application, applicationConfigs);
  return shown?.areEffective === true && sameValue(byKey(shown.items), byKey(applicationConfigs));
}

/** What an operation says. */
type Told = Pick<Followed, "phase" | "state" | "reason">;
type Found = Pick<Followed, "id" | "match">;

/** Follows the operations of a run's actions. */
export class ActionWatch {
  /** The operation that was looked at last. */
  followed: Followed | undefined;
  /** Operations that are not those of our actions: somebody else's, and our latest, which may be listed late. */
  private readonly others: string[];
  /** What may be the operation of an action whose answer got lost, by the action's id. */
  private readonly candidates = new Map<string, Found>();
  /** Since when operations have been followed. */
  private readonly followedSince = new Map<string, number>();
  /** What operations have ended with, and since when that is known. */
  private readonly ends = new Map<string, { told: Told; since: number }>();

  constructor(
    private readonly client: VolcengineClient,
    private readonly wanted: ApplicationStateInputs,
    private readonly view: () => Promise<ApplicationView>,
    public lastOperationId: string,
  ) {
    this.others = [lastOperationId];
  }

  /** An operation is known to be that of an action which is over. */
  conclude(operationId: string): void {
    this.others.push(operationId);
    this.lastOperationId = operationId;
  }

  /** What an action's operation says, and in `seen` what the components show after that. */
  async facts(
    pending: PendingAction,
    seen: Seen,
    now: number,
    rest: Pick<ActionFacts, "isAsked" | "said" | "isLast">,
  ): Promise<ActionFacts> {
    for (;;) {
      const { found, list } = await this.find(pending);
      const operation = found && (await this.follow(found, now));
      // What an operation has done shows after its end.
      if (!operation || !isOpen(operation)) Object.assign(seen, await this.view());
      const configs = await this.configsOf(pending, seen, operation);
      const facts = { ...rest, operation, list, configs };
      this.followed = operation;
      if (!operation || !isStranger(pending, seen, facts)) return facts;
      this.others.push(operation.id);
      this.candidates.delete(pending.id);
    }
  }

  private async find(pending: PendingAction): Promise<{ found?: Found; list?: Pages<OperationRecord> }> {
    if (pending.operationId) return { found: { id: pending.operationId, match: "named" } };
    const candidate = this.candidates.get(pending.id);
    if (candidate) return { found: candidate };
    const list = await operationsOf(this.client, this.wanted.clusterId);
    const found = candidateIn(list, pending, this.wanted, this.others);
    if (found) this.candidates.set(pending.id, found);
    return { ...(found ? { found } : {}), ...(list ? { list } : {}) };
  }

  private async follow({ id, match }: Found, now: number): Promise<Followed> {
    const since = this.followedSince.get(id) ?? now;
    this.followedSince.set(id, since);
    const followedFor = now - since;
    const end = this.ends.get(id);
    if (end) return { ...end.told, id, match, followedFor, endedFor: now - end.since };
    const told = await this.ask(id);
    const { phase } = told;
    if (phase !== undefined && phase !== "open" && phase !== "unknown") {
      this.ends.set(id, { told, since: now });
      if (match === "named") this.conclude(id);
    }
    return { ...told, id, match, followedFor, endedFor: 0 };
  }

  private async ask(operationId: string): Promise<Told> {
    const record = await this.recordOf(operationId);
    if (!record) return { phase: undefined, state: "", reason: "" };
    return {
      phase: operationPhase(record),
      state: operationStateOf(record) ?? "",
      reason: reasonText(record.stateChangeReason),
    };
  }

  /** Undefined where the cloud does not know it. */
  private async recordOf(operationId: string): Promise<OperationRecord | undefined> {
    try {
      const { items, ...flat } = await this.client.call(getOperation, { operationId });
      // The answer to a question for one needs no id.
      const idIs = (id: string) => items?.find((item) => operationIdOf(item) === id);
      const record = items ? (idIs(operationId) ?? idIs("")) : flat;
      // An empty answer is one way of saying that there is none.
      const tells = record && (operationStateOf(record) !== undefined || isTime(record.endTime));
      return tells ? record : undefined;
    } catch (error) {
      const isUnknown =
        error instanceof CloudError && ["fixInput", "gone", "refused", "permission"].includes(error.kind);
      if (isUnknown) return undefined;
      throw error;
    }
  }

  private async configsOf(
    { hasConfigs, event }: PendingAction,
    { application }: ApplicationView,
    operation: Followed | undefined,
  ): Promise<ActionFacts["configs"]> {
    if (!hasConfigs) return "yes";
    if (event !== eventOf(this.wanted) || (operation && !needsConfigs(operation))) return "unknown";
    const { clusterId, applicationConfigs = [] } = this.wanted;
    const shown = await configsOf(this.client, clusterId, application, applicationConfigs);
    if (!shown) return "unknown";
    return sameValue(byKey(shown.items), byKey(applicationConfigs)) ? "yes" : "no";
  }
}

function reasonText(reason: unknown): string {
  if (reason === undefined || reason === null || reason === "") return "";
  const text = typeof reason === "string" ? reason : JSON.stringify(reason);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
