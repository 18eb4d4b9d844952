// Looks at a DDM node group, plans the way to the wanted size, and goes it. The call that enlarges takes a number to
// add and has no token, so it is sent once; whether it took is found out from the instance, its nodes and its jobs.
import { z } from "zod";
import type { Context } from "../context";
import { CloudError, messageOf, StoppedError } from "../errors";
import { type Journal, openJournal } from "../journal";
import { exclusively, type Operation, Stopped } from "../operation";
import { type CallStep, describePlan, describeStep, type Plan } from "../plan";
import { backoffMilliseconds } from "../retry";
import { type Deadline, poll } from "../wait";
import type { HuaweiClient } from "./client";
import { huaweiClient } from "./config";
import {
  deleteNodes,
  enlarge,
  instancePhase,
  isGoodNode,
  listGroups,
  listJobs,
  listNodes,
  showInstance,
  showInstanceV3,
  showJob,
} from "./ddm";
import {
  type GroupNode,
  type NodeGroupInputs,
  type NodeGroupState,
  type PendingEnlarge,
  pendingEnlarge,
} from "./ddmNodeGroupSchema";

/** How long nothing may be seen of a request before it counts as not received. */
const settlingPeriod = 180_000;
/** How long an accepted request whose job cannot be seen is waited for on an instance at rest. */
const acceptedLimit = 1_800_000;
/** How long a finished job's nodes may take to be listed and good. */
const listingGrace = 60_000;

export interface GroupView {
  status: string;
  isPrepaid: boolean;
  errorMessage: string;
  /** Every group of the instance; empty where the instance tells none. */
  groups: { id: string; name: string; flavorId: string | undefined }[];
  groupId: string;
  nodes: GroupNode[];
}

/** The instance and one of its groups, or undefined where the instance is gone. */
export async function viewGroup(
  client: HuaweiClient,
  inputs: Pick<NodeGroupInputs, "instanceId" | "groupId">,
): Promise<GroupView | undefined> {
  const path = { instance: inputs.instanceId };
  const instance = await client.call(showInstance, { path }).catch((error: unknown) => {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  });
  if (!instance || instancePhase(instance.status) === "gone") return undefined;
  const groups = await groupsOf(client, inputs.instanceId);
  const flavors = await flavorsOf(client, inputs.instanceId);
  const only = groups.length === 1 ? groups[0]?.id : undefined;
  const groupId = inputs.groupId ?? only ?? "";
  const zones = new Map(
    groups.flatMap(({ nodeList }) => nodeList.map(({ id, az }) => [id, az ?? ""] as const)),
  );
  const nodes = (await nodesOf(client, inputs.instanceId))
    // Older stacks do not say which group a node is in; they have one.
    .filter(
      (node) =>
        groups.length < 2 || (node.groupId ? node.groupId === groupId : isIn(groups, groupId, node.nodeId)),
    )
    .map(({ nodeId, ip = "", status = "" }) => ({ id: nodeId, ip, status, zone: zones.get(nodeId) ?? "" }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    status: instance.status,
    isPrepaid: Boolean(instance.orderId),
    errorMessage: instance.errorMsg ?? "",
    groups: groups.map(({ id, name = "" }) => ({ id, name, flavorId: flavors.get(id) })),
    groupId,
    nodes,
  };
}

type Groups = z.output<typeof listGroups.response>["groupList"];

function isIn(groups: Groups, groupId: string, nodeId: string): boolean {
  return groups.some(({ id, nodeList }) => id === groupId && nodeList.some((node) => node.id === nodeId));
}

const notOffered = (error: unknown) =>
  error instanceof CloudError && (["refused", "bug"].includes(error.kind) || error.kind === "gone");

async function groupsOf(client: HuaweiClient, instance: string): Promise<Groups> {
  try {
    return await all(async (offset) => {
      const { groupList, totalCount } = await client.call(listGroups, {
        path: { instance },
        query: { offset, limit: 100 },
      });
      return { items: groupList, total: totalCount };
    });
  } catch (error) {
    // Old kernels know no groups.
    if (notOffered(error)) return [];
    throw error;
  }
}

async function nodesOf(client: HuaweiClient, instance: string) {
  return all(async (offset) => {
    const { nodes, total } = await client.call(listNodes, {
      path: { instance },
      query: { offset, limit: 128 },
    });
    return { items: nodes, total };
  });
}

async function all<T>(
  page: (offset: number) => Promise<{ items: T[]; total: number | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const { items, total } = await page(found.length);
    found.push(...items);
    if (items.length === 0 || found.length >= (total ?? found.length)) return found;
  }
}

/** Flavour id of each group; only a recent call tells it. */
async function flavorsOf(client: HuaweiClient, instance: string): Promise<Map<string, string | undefined>> {
  try {
    const { instances } = await client.call(showInstanceV3, { path: { instance } });
    return new Map(
      (instances[0]?.groups ?? []).map(({ id, extendMap }) => [id, extendMap?.flavorPrimaryKeyId]),
    );
  } catch (error) {
    if (notOffered(error)) return new Map();
    throw error;
  }
}

/** What to do to get a group from its size to the wanted one. Pure. */
export function planGroup(
  wanted: NodeGroupInputs,
  view: GroupView,
  pending: PendingEnlarge | undefined,
  initial: readonly string[],
): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const { nodes, groups } = view;
  const names = groups.map(({ id, name }) => `${id}${name ? ` (${name})` : ""}`).join(", ");
  if (groups.length > 1 && wanted.groupId === undefined) {
    plan.blocked.push(`groupId: is required, since the instance has several groups: ${names}`);
  } else if (
    wanted.groupId !== undefined &&
    groups.length > 0 &&
    !groups.some(({ id }) => id === wanted.groupId)
  ) {
    plan.blocked.push(`groupId: the instance has no group ${wanted.groupId}; it has ${names}`);
  }
  const flavor = groups.find(({ id }) => id === view.groupId)?.flavorId;
  if (flavor !== undefined && flavor !== wanted.flavorId) {
    plan.blocked.push(
      `flavorId: the group has flavour ${flavor}, and new nodes can have no other: set flavorId to it`,
    );
  }
  if (plan.blocked.length > 0) return plan;
  if (pending) {
    plan.steps.push({
      kind: "settle",
      summary: `find out what an earlier enlargement by ${nodesText(pending.count)} brought`,
    });
    plan.warnings.push("the rest is planned once that is known");
    return plan;
  }
  const failed = nodes.filter(({ status }) => status.toLowerCase() === "enlargefail");
  if (failed.length > 0) {
    plan.warnings.push(
      `${failed.map(({ id }) => id).join(", ")} could not be set up (enlargefail): lower nodeCount with scaleIn.allowed to remove them`,
    );
  }
  const missing = wanted.nodeCount - nodes.length;
  if (missing > 0) {
    const zones = wanted.availabilityZones;
    if (zones && zones.length !== missing) {
      plan.blocked.push(
        `availabilityZones: names ${zones.length} zones, but ${nodesText(missing)} are to be added: name one for each`,
      );
      return plan;
    }
    plan.steps.push(
      {
        kind: "call",
        action: "enlarge",
        target: wanted.instanceId,
        parameters: {
          flavor_id: wanted.flavorId,
          node_number: missing,
          ...(groups.length > 1 ? { group_id: view.groupId } : {}),
          ...(wanted.isAutoPay === undefined ? {} : { is_auto_pay: wanted.isAutoPay }),
          ...(zones ? { available_zones: zones } : {}),
        },
        summary: `add ${nodesText(missing)} to group ${view.groupId || "default"}`,
        buys: missing,
        ...(view.isPrepaid ? { irreversible: "it is a yearly/monthly order" } : {}),
      },
      { kind: "wait", summary: "wait until the nodes are there and good, and the instance runs" },
    );
    if (view.isPrepaid && !wanted.isAutoPay) {
      plan.warnings.push(
        "the instance is yearly/monthly and isAutoPay is not true: the order is left unpaid, and nothing comes before somebody pays it",
      );
    }
  }
  if (missing < 0) {
    if (!wanted.scaleIn?.allowed) {
      plan.blocked.push(
        `nodeCount: the group has ${nodesText(nodes.length)}, and removing ${-missing} of them is not allowed: set scaleIn.allowed to true, or nodeCount to ${nodes.length}`,
      );
      return plan;
    }
    const going = inLeavingOrder(nodes, initial)
      .slice(0, -missing)
      .map(({ id }) => id);
    plan.steps.push(
      {
        kind: "call",
        action: "batch-delete",
        target: wanted.instanceId,
        parameters: { node_ids: going },
        summary: `remove ${nodesText(going.length)}: ${going.join(", ")}`,
        removes: going,
        irreversible: "removed nodes do not come back",
      },
      { kind: "wait", summary: "wait until the nodes are gone and the instance runs" },
    );
  }
  return plan;
}

function nodesText(count: number): string {
  return `${count} node${count === 1 ? "" : "s"}`;
}

/** Bad nodes first, then those that came after the resource was created, then the rest; ids break ties. */
function inLeavingOrder(nodes: readonly GroupNode[], initial: readonly string[]): GroupNode[] {
  const rank = ({ id, status }: GroupNode) => (isGoodNode(status) ? 0 : 2) + (initial.includes(id) ? 0 : 1);
  return [...nodes].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? 1 : -1));
}

const journalEntry = z.object({
  pending: pendingEnlarge.optional(),
  /** When the last enlargement was settled: what state says about an older one is out of date. */
  settledAt: z.number().optional(),
});

export async function applyGroup(
  context: Context,
  operation: Operation,
  wanted: NodeGroupInputs,
  known: NodeGroupState | undefined,
): Promise<NodeGroupState> {
  const client = huaweiClient(context, { ...(known ?? wanted), profile: wanted.profile });
  const { instanceId, timeouts } = wanted;
  const key = `huawei/${client.region}/${instanceId}`;
  return exclusively(context, { key, name: instanceId, operation, timeouts, limit: "60m" }, (deadline) =>
    new GroupRun(context, client, wanted, known, deadline).run(),
  );
}

class GroupRun {
  private readonly journal: Journal<z.output<typeof journalEntry>>;
  private pending: PendingEnlarge | undefined;
  private view: GroupView | undefined;
  private initial: string[] | undefined;
  private touched = false;
  private resends = 0;
  private waits = 0;
  private removals = 0;
  private lastJobId: string;
  private lastRequestId: string;

  constructor(
    private readonly context: Context,
    private readonly client: HuaweiClient,
    private readonly wanted: NodeGroupInputs,
    private readonly known: NodeGroupState | undefined,
    private readonly deadline: Deadline,
  ) {
    const scope = `ddm/${client.region}/${client.projectId}/${wanted.instanceId}/${wanted.groupId ?? ""}`;
    this.journal = openJournal(context.journalDirectory, scope, journalEntry);
    this.initial = known?.initialNodeIds;
    this.lastJobId = known?.lastJobId ?? "";
    this.lastRequestId = known?.lastRequestId ?? "";
  }

  async run(): Promise<NodeGroupState> {
    try {
      const entry = this.journal.read();
      const recorded = this.known?.pendingEnlarge;
      this.pending =
        entry?.pending ?? (recorded && recorded.sentAt > (entry?.settledAt ?? 0) ? recorded : undefined);
      for (let shown = ""; ; ) {
        // An open enlargement is looked at as it is; a new one needs an instance at rest.
        const view = this.pending ? await this.look() : await this.atRest();
        this.initial ??= this.pending?.before ?? view.nodes.map(({ id }) => id);
        const plan = planGroup(this.wanted, view, this.pending, this.initial);
        const lines = describePlan(plan);
        if (lines.join() !== shown && plan.steps.length > 0)
          for (const line of lines) this.say(`plan: ${line}`);
        shown = lines.join();
        if (plan.blocked.length > 0) throw new StoppedError(`${plan.blocked.join(". ")}.`);
        const step = plan.steps[0];
        if (!step) return this.state(view);
        if (step.kind === "settle" && this.pending) await this.settle(this.pending);
        if (step.kind === "call") {
          this.say(`${describeStep(step)} …`);
          if (step.buys) await this.enlarge(step, view);
          else await this.remove(step.removes ?? []);
        }
      }
    } catch (error) {
      if (this.touched)
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the group again: ${messageOf(failure)}`),
        );
      const isTouched = this.touched || this.pending !== undefined;
      throw new Stopped(error, this.view && this.state(this.view), isTouched);
    }
  }

  private say(message: string): void {
    this.context.progress(`${this.wanted.instanceId}: ${message}`);
  }

  private async look(): Promise<GroupView> {
    const view = await viewGroup(this.client, this.wanted);
    if (!view) {
      throw new StoppedError(
        `DDM instance ${this.wanted.instanceId} does not exist in project ${this.client.projectId} of ${this.client.region}: check instanceId, projectId and region.`,
      );
    }
    this.view = view;
    if (instancePhase(view.status) === "unusable") {
      throw new StoppedError(
        `DDM instance ${this.wanted.instanceId} is ${view.status}${view.errorMessage ? ` (${view.errorMessage})` : ""} and cannot be changed: ${/FR[EO]+Z/.test(view.status) ? "settle the account's arrears" : "look at it in the DDM console"}.`,
      );
    }
    return view;
  }

  private async atRest(): Promise<GroupView> {
    let told = false;
    return poll(
      this.context.clock,
      this.deadline,
      () => `instance ${this.wanted.instanceId} to run (last seen ${this.view?.status ?? "nothing"})`,
      async () => {
        const view = await this.look();
        if (instancePhase(view.status) === "running") return view;
        if (!told) this.say(`waits for the instance, which is ${view.status}`);
        told = true;
        return undefined;
      },
    );
  }

  private save(pending: PendingEnlarge | undefined, now: number): void {
    this.journal.write(pending ? { pending } : { settledAt: now });
    this.pending = pending;
  }

  private async enlarge(step: CallStep, view: GroupView): Promise<void> {
    const sentAt = await this.context.clock.now();
    const pending: PendingEnlarge = {
      sentAt,
      count: step.buys ?? 0,
      before: view.nodes.map(({ id }) => id),
      acknowledged: false,
    };
    this.save(pending, sentAt);
    this.touched = true;
    try {
      const answer = await this.client.call(enlarge, {
        path: { instance: this.wanted.instanceId },
        body: step.parameters as never,
      });
      pending.acknowledged = true;
      if (answer.jobId) pending.jobId = answer.jobId;
      if (answer.orderId) pending.orderId = answer.orderId;
      this.lastRequestId = answer.requestId;
      this.save(pending, sentAt);
      this.say(
        `enlarge accepted, ${answer.jobId ? `job ${answer.jobId}` : `order ${answer.orderId ?? "?"}`}`,
      );
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!error.mayHaveHappened) {
        this.save(undefined, sentAt);
        if (error.kind === "busy") return this.waitForOthers(error);
        throw error;
      }
      this.say(`${error.message} Looks for its effect before anything else`);
      const brought = await this.settle(pending);
      if (brought > 0 || this.resends++ === 0) return;
      throw error;
    }
    await this.settle(pending);
  }

  private async waitForOthers(error: CloudError): Promise<void> {
    if ((await this.context.clock.now()) >= this.deadline.at) throw error;
    this.waits += 1;
    this.say(`something else operates on the instance (${error.code}); waits`);
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 10_000, 60_000));
  }

  /** Finds out what an enlargement brought, and says how many nodes that is. */
  private async settle(pending: PendingEnlarge): Promise<number> {
    this.touched = true;
    const { orderId } = pending;
    const isCancelled = orderId !== undefined && (this.wanted.cancelledOrders ?? []).includes(orderId);
    const sentAt = Math.min(pending.sentAt, await this.context.clock.now());
    let restingSince: number | undefined;
    let told = "";
    const brought = await poll(
      this.context.clock,
      this.deadline,
      () => `${nodesText(pending.count)} to be added${pending.jobId ? ` (job ${pending.jobId})` : ""}`,
      async (now) => {
        const view = await this.look();
        const fresh = view.nodes.filter(({ id }) => !pending.before.includes(id));
        const isRunning = instancePhase(view.status) === "running";
        const job = await this.jobOf(pending, now);
        if (job?.id && !pending.jobId) pending.jobId = job.id;
        if (pending.jobId) this.lastJobId = pending.jobId;
        const text = `instance ${view.status}, ${fresh.length} of ${nodesText(pending.count)} there${job?.process ? `, job ${job.process}` : ""}`;
        if (text !== told) this.say(text);
        told = text;
        // Work on the instance, new nodes or a job are signs that the request was received.
        if (!isRunning || fresh.length > 0 || job) pending.acknowledged = true;
        const isOver = job ? job.status !== "Running" : isRunning;
        if (isRunning && isOver) restingSince ??= now;
        else restingSince = undefined;
        const rested = restingSince === undefined ? 0 : now - restingSince;
        if (
          restingSince !== undefined &&
          fresh.length >= pending.count &&
          fresh.every(({ status }) => isGoodNode(status))
        ) {
          return fresh;
        }
        if (isCancelled) return fresh;
        const isWaitingForPay = isRunning || view.status.toUpperCase().startsWith("PERIOD");
        if (
          orderId &&
          fresh.length === 0 &&
          isWaitingForPay &&
          now - sentAt >= 30_000 &&
          !this.wanted.isAutoPay
        ) {
          throw new StoppedError(
            `Order ${orderId} for ${nodesText(pending.count)} is not paid, or just being carried out. Pay it in the billing console and run \`pulumi up\` again, or cancel it there and name it in cancelledOrders. Nothing else is ordered before that.`,
          );
        }
        if (job?.status === "Failed" && rested >= listingGrace) {
          throw this.failed(pending, fresh, job.failReason);
        }
        if (restingSince !== undefined && job?.status === "Completed" && rested >= listingGrace) {
          throw this.failed(pending, fresh, "the job is completed");
        }
        // Accepted, and after half an hour at rest nothing to be seen of it: that will not change by waiting.
        if (!job && !orderId && rested >= settlingPeriod && now - sentAt >= acceptedLimit) {
          throw this.failed(pending, fresh, "no job of it can be seen");
        }
        if (!pending.acknowledged && now - sentAt >= settlingPeriod) return fresh;
        return undefined;
      },
      pending === this.pending,
    );
    this.save(undefined, await this.context.clock.now());
    return brought.length;
  }

  private failed(pending: PendingEnlarge, fresh: GroupNode[], why: string | undefined): StoppedError {
    const bad = fresh
      .filter(({ status }) => !isGoodNode(status))
      .map(({ id, status }) => `${id} (${status})`);
    // The outcome is known, bad as it is: it is not looked for again.
    this.journal.write({ settledAt: pending.sentAt });
    this.pending = undefined;
    return new StoppedError(
      `enlarge of ${this.wanted.instanceId} brought ${fresh.length} of ${nodesText(pending.count)}${bad.length > 0 ? `, not good: ${bad.join(", ")}` : ""}${why ? `: ${why}` : ""} (job ${pending.jobId ?? "unknown"}). The next \`pulumi up\` asks only for what is missing; to remove nodes that failed, lower nodeCount with scaleIn.allowed first.`,
    );
  }

  /** The job of an enlargement: by its id, or the one that began on the instance since it was sent. */
  private async jobOf(pending: PendingEnlarge, now: number) {
    try {
      const start = pending.sentAt - 60_000;
      const { jobs } = await this.client.call(listJobs, {
        query: {
          start_time: Math.max(start, now - 29 * 86_400_000),
          end_time: now + 60_000,
          offset: 0,
          limit: 128,
        },
      });
      // The job of the enlargement before may be as young as the margin for clocks that differ.
      const isNew = ({ id, name, instanceId }: (typeof jobs)[number]) =>
        name === "EnlargeNode" && instanceId === this.wanted.instanceId && id !== this.lastJobId;
      const listed = jobs.find((job) => (pending.jobId ? job.id === pending.jobId : isNew(job)));
      if (!pending.jobId) return listed && { ...listed, process: undefined };
      const { job } = await this.client.call(showJob, { path: { job: pending.jobId } });
      return { ...job, failReason: listed?.failReason };
    } catch (error) {
      // A job can be slow to appear, and some stacks show none: then the instance and its nodes tell.
      if (error instanceof CloudError && !["permission", "credentials"].includes(error.kind))
        return undefined;
      throw error;
    }
  }

  private async remove(ids: string[]): Promise<void> {
    this.touched = true;
    try {
      const answer = await this.client.call(deleteNodes, {
        path: { instance: this.wanted.instanceId },
        body: { node_ids: ids },
      });
      this.lastRequestId = answer.requestId;
      if (answer.jobId) this.lastJobId = answer.jobId;
      this.say(`batch-delete accepted${answer.jobId ? `, job ${answer.jobId}` : ""}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.kind === "busy") return this.waitForOthers(error);
      if (!error.mayHaveHappened || this.removals >= 3) throw error;
      this.say(`${error.message} Looks at what is left`);
    }
    this.removals += 1;
    let restingSince: number | undefined;
    const left = await poll(
      this.context.clock,
      this.deadline,
      () => `${ids.join(", ")} to be gone`,
      async (now) => {
        const view = await this.look();
        const still = view.nodes.filter(({ id }) => ids.includes(id));
        if (instancePhase(view.status) === "running") restingSince ??= now;
        else restingSince = undefined;
        if (restingSince === undefined) return undefined;
        return still.length === 0 || now - restingSince >= settlingPeriod ? still : undefined;
      },
      true,
    );
    if (left.length === 0) this.removals = 0;
    else if (this.removals >= 2) {
      throw new StoppedError(
        `batch-delete on ${this.wanted.instanceId} left ${left.map(({ id }) => id).join(", ")} (request ${this.lastRequestId}). Look at the instance in the DDM console.`,
      );
    }
  }

  private state(view: GroupView): NodeGroupState {
    return {
      ...this.wanted,
      ...outputsOf(view),
      region: this.client.region,
      projectId: this.client.projectId,
      initialNodeIds: this.initial ?? [],
      lastJobId: this.lastJobId,
      lastRequestId: this.lastRequestId,
      ...(this.pending ? { pendingEnlarge: this.pending } : {}),
    };
  }
}

export function outputsOf(
  view: GroupView,
): Pick<NodeGroupState, "groupId" | "nodes" | "privateIps" | "instanceStatus"> {
  return {
    groupId: view.groupId,
    nodes: view.nodes,
    privateIps: view.nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
    instanceStatus: view.status,
  };
}
