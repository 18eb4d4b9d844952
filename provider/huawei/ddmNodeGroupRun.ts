// Brings a DDM node group to the wanted size. The call that enlarges takes a number to add and has no token, so it is sent
// once; whether it took is found out from the instance, its nodes, its jobs and its orders.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { noteDuration } from "../history";
import { type Journal, openJournal, readJournals } from "../journal";
import { sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { type CallStep, describeStep, PlanTeller } from "../plan";
import type { Open } from "../resource";
import { backoffMilliseconds } from "../retry";
import { type Deadline, poll } from "../wait";
import type { HuaweiClient } from "./client";
import { huaweiClient } from "./config";
import { deleteNodes, enlarge, instancePhase, isGoodNode, listJobs, showJob, showOrder } from "./ddm";
import { flavorProblem, type GroupView, isFinal, viewGroup } from "./ddmGroup";
import { type Members, nodesText, planGroup, planShrink } from "./ddmNodeGroupPlan";
import {
  type GroupNode,
  type NodeGroupInputs,
  type NodeGroupState,
  type PendingEnlarge,
  pendingEnlarge,
} from "./ddmNodeGroupSchema";

/** How long nothing may be seen of a request, or of what a job did, before it counts as not there. */
const settlingPeriod = 180_000;
/** How long a job that is completed, or a request that was accepted, is waited for where nothing shows. */
const acceptedLimit = 1_800_000;
/** How long a list that lacks what was there is not believed. */
const listingGrace = 60_000;
/** How long a create that did not end is taken up again. */
const resumeLimit = 86_400_000;
const keptSettled = 20;

const journalEntry = z.object({
  pending: z.array(pendingEnlarge),
  /** Enlargements whose outcome is known: what state says about them is out of date. */
  settled: z.array(z.string()),
  /** By group: when a resource last took charge of it, what there was then, and what was added since. */
  groups: z.record(
    z.string(),
    z.object({ at: z.number(), initial: z.array(z.string()), added: z.array(z.string()) }),
  ),
});
type Entry = z.output<typeof journalEntry>;

/** Enlargements that this machine remembers, and whose outcome it does not know. */
export function openEnlargements(directory: string): Open[] {
  return readJournals(directory, journalEntry).flatMap(({ key, entry }) => {
    const [kind, , , on = ""] = key.split("/");
    if (kind !== "ddm") return [];
    return entry.pending.map(
      ({ id, count, groupId, sentAt, jobId, orderId, isOrder }): Open => ({
        on,
        what: `enlargement by ${nodesText(count)}${groupId ? ` of group ${groupId}` : ""}`,
        outcome: "unknown",
        isLost: true,
        since: sentAt,
        ids: { id, ...(jobId ? { job: jobId } : {}), ...(orderId ? { order: orderId } : {}) },
        advice: `run \`pulumi up\` on the stack that has this group: it finds out what came of it before it adds anything. Without such a stack, look in the ${isOrder ? "billing" : "DDM"} console`,
      }),
    );
  });
}

export async function applyGroup(
  context: Context,
  operation: Operation,
  wanted: NodeGroupInputs,
  known: NodeGroupState | undefined,
): Promise<NodeGroupState> {
  const place = { ...(known ?? wanted), profile: wanted.profile };
  const { instanceId, timeouts } = wanted;
  const key = `huawei/${huaweiClient(context, place).region}/${instanceId}`;
  return exclusively(context, { key, name: instanceId, operation, timeouts, limit: "60m" }, (limited) =>
    new GroupRun(limited, huaweiClient(limited, place), operation, wanted, known).run(),
  );
}

interface Job {
  id: string | undefined;
  status: string | undefined;
  process: string | undefined;
  failReason: string | undefined;
}

class GroupRun {
  private readonly deadline: Deadline;
  private readonly journal: Journal<Entry>;
  private readonly members: { initial: string[]; added: string[] };
  private groupId: string;
  private createdAt: number;
  private pending: PendingEnlarge | undefined;
  private view: GroupView | undefined;
  private touched = false;
  private resends = 0;
  private waits = 0;
  private removals = 0;
  private lastJobId: string;
  private lastRequestId: string;
  /** Jobs that turned out to be somebody else's. */
  private readonly strangers = new Set<string>();

  constructor(
    private readonly context: Limited,
    private readonly client: HuaweiClient,
    private readonly operation: Operation,
    private readonly wanted: NodeGroupInputs,
    private readonly known: NodeGroupState | undefined,
  ) {
    this.deadline = context.deadline;
    // By instance: the group may be named only later.
    const scope = `ddm/${client.region}/${client.projectId}/${wanted.instanceId}`;
    this.journal = openJournal(context.journalDirectory, scope, journalEntry);
    this.members = { initial: known?.initialNodeIds ?? [], added: known?.addedNodeIds ?? [] };
    this.groupId = known?.groupId ?? "";
    this.createdAt = known?.createdAt ?? 0;
    this.lastJobId = known?.lastJobId ?? "";
    this.lastRequestId = known?.lastRequestId ?? "";
  }

  async run(): Promise<NodeGroupState> {
    try {
      const first = await this.look();
      this.pending = this.openEnlargement();
      const taken = this.known && this.entry().groups[this.groupId];
      if (this.operation === "delete" && taken && taken.at > this.createdAt) {
        this.say("another resource has taken charge of the group since; its nodes stay");
        return this.state(first);
      }
      if (!this.known && !this.hasProblems(first))
        await this.takeCharge(this.pending ? first : await this.atRest());
      else this.members.added.push(...(taken?.added ?? []).filter((id) => !this.members.added.includes(id)));
      const teller = new PlanTeller(this.context, this.wanted.instanceId);
      for (;;) {
        // An open enlargement is looked at as it is; a new one needs an instance at rest.
        const view = this.pending ? await this.look() : await this.surely(await this.atRest());
        const plan =
          this.operation === "delete"
            ? planShrink(this.wanted, view, this.pending, this.members)
            : planGroup(this.wanted, view, this.pending, this.members);
        if (plan.steps.length > 0) teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        const step = plan.steps[0];
        if (!step) return this.state(view);
        if (step.kind === "settle" && this.pending) await this.settle(this.pending);
        if (step.kind === "call") {
          if (step.buys) await this.requireFlavor(view);
          else this.requireSeen(step.removes ?? []);
          await requireTime(this.context, step);
          this.say(`${describeStep(step)} …`);
          if (step.buys) await this.enlarge(step, view);
          else await this.remove(step);
        }
      }
    } catch (error) {
      const isRefused = error instanceof CloudError && isFinal(error);
      if (this.touched && !isRefused)
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

  private hasProblems(view: GroupView): boolean {
    return planGroup(this.wanted, view, undefined, this.members).blocked.some(
      ({ property }) => property === "groupId" || property === "flavorId",
    );
  }

  private async look(): Promise<GroupView> {
    const view = await viewGroup(this.client, this.wanted, this.groupId);
    if (!view) {
      throw new StoppedError(
        `DDM instance ${this.wanted.instanceId} does not exist in project ${this.client.projectId} of ${this.client.region}: check instanceId, projectId and region.`,
      );
    }
    if (instancePhase(view.status) === "unusable") {
      throw new StoppedError(
        `DDM instance ${this.wanted.instanceId} is ${view.status}${view.errorMessage ? ` (${view.errorMessage})` : ""} and cannot be changed: ${/FR[EO]+Z/.test(view.status) ? "settle the account's arrears" : "look at it in the DDM console"}.`,
      );
    }
    this.view = view;
    this.groupId ||= view.groupId;
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

  /** One list alone makes no node vanish: where known ones are missing, it is looked at again for a while. */
  private async surely(view: GroupView): Promise<GroupView> {
    const expected = [
      ...(this.known?.nodes ?? []).map(({ id }) => id),
      ...this.members.initial,
      ...this.members.added,
    ];
    const isWhole = ({ nodes }: GroupView) =>
      nodes.length > 0 && expected.every((id) => nodes.some((node) => node.id === id));
    if (this.hasProblems(view) || isWhole(view)) return view;
    const until = (await this.context.clock.now()) + listingGrace;
    const seen = await poll(
      this.context.clock,
      this.deadline,
      () => `the nodes of ${this.wanted.instanceId} to be listed`,
      async (now) => {
        const again = await this.atRest();
        return isWhole(again) || now >= until ? again : undefined;
      },
      true,
    );
    if (seen.nodes.length > 0) return seen;
    throw new StoppedError(
      `DDM lists no nodes of group ${seen.groupId || "default"} of ${this.wanted.instanceId}, though a group always has some. Nothing is bought on that; look at the instance in the DDM console and run again.`,
    );
  }

  private entry(): Entry {
    return this.journal.read() ?? { pending: [], settled: [], groups: {} };
  }

  /** The enlargement of this group whose outcome is not known, if there is one: by the journal, or by state. */
  private openEnlargement(): PendingEnlarge | undefined {
    const { pending, settled } = this.entry();
    const isOurs = ({ groupId }: PendingEnlarge) =>
      groupId === "" || this.groupId === "" || groupId === this.groupId;
    const recorded = this.known?.pendingEnlarge;
    return pending.find(isOurs) ?? (recorded && !settled.includes(recorded.id) ? recorded : undefined);
  }

  /** Records what there is before anything is added; a create that did not end goes on with what it recorded. */
  private async takeCharge(view: GroupView): Promise<void> {
    const entry = this.entry();
    const now = await this.context.clock.now();
    const before = entry.groups[this.groupId];
    const isResumed = before !== undefined && now - before.at < resumeLimit;
    const initial = isResumed ? before.initial : (this.pending?.before ?? view.nodes.map(({ id }) => id));
    const added = isResumed ? before.added : [];
    this.members.initial.push(...initial);
    this.members.added.push(...added);
    this.createdAt = now;
    this.journal.write({
      ...entry,
      groups: { ...entry.groups, [this.groupId]: { at: now, initial, added } },
    });
  }

  private savePending(pending: PendingEnlarge): void {
    const entry = this.entry();
    const others = entry.pending.filter(({ id }) => id !== pending.id);
    this.journal.write({ ...entry, pending: [...others, pending] });
    this.pending = pending;
  }

  /** The outcome is known: these nodes came. Where others have added some at the same time, ours cannot be told. */
  private close(pending: PendingEnlarge, fresh: readonly GroupNode[]): void {
    const entry = this.entry();
    const isTold = fresh.length <= pending.count;
    if (!isTold)
      this.say("others have added nodes at the same time: none of the new ones is taken for our own");
    const ids = isTold ? fresh.map(({ id }) => id) : [];
    this.members.added.push(...ids.filter((id) => !this.members.added.includes(id)));
    const group = entry.groups[this.groupId] ?? { at: this.createdAt, initial: this.members.initial };
    this.journal.write({
      pending: entry.pending.filter(({ id }) => id !== pending.id),
      settled: [...entry.settled, pending.id].slice(-keptSettled),
      groups: { ...entry.groups, [this.groupId]: { ...group, added: this.members.added } },
    });
    this.pending = undefined;
  }

  private async requireFlavor(view: GroupView): Promise<void> {
    const problem = await flavorProblem(this.client, view, this.wanted.flavorId);
    if (problem) throw new StoppedError(`${problem}.`);
  }

  /** Nodes that no preview can have named are not removed. */
  private requireSeen(going: readonly string[]): void {
    if (!this.known) return;
    const seen = [...this.known.nodes.map(({ id }) => id), ...this.members.added];
    const unseen = going.filter((id) => !seen.includes(id));
    if (unseen.length === 0) return;
    throw new StoppedError(
      `Others have changed the group since the stack last saw it, and ${unseen.join(", ")} would have to go unseen. Run \`pulumi refresh\`, look at the preview, and run again.`,
    );
  }

  private async enlarge(step: CallStep, view: GroupView): Promise<void> {
    const sentAt = await this.context.clock.now();
    const pending: PendingEnlarge = {
      id: randomUUID(),
      groupId: this.groupId,
      sentAt,
      count: step.buys ?? 0,
      before: view.nodes.map(({ id }) => id),
      jobsBefore: (await this.jobsSince(sentAt))?.flatMap(({ id }) => id ?? []) ?? [],
      isOrder: view.isPrepaid,
      acknowledged: false,
    };
    this.savePending(pending);
    try {
      const answer = await this.client.call(enlarge, {
        path: { instance: this.wanted.instanceId },
        body: step.parameters as never,
      });
      this.touched = true;
      pending.acknowledged = true;
      if (answer.jobId) pending.jobId = answer.jobId;
      if (answer.orderId) pending.orderId = answer.orderId;
      this.lastRequestId = answer.requestId;
      this.savePending(pending);
      this.say(
        `enlarge accepted, ${answer.jobId ? `job ${answer.jobId}` : `order ${answer.orderId ?? "?"}`}, RequestId ${answer.requestId}`,
      );
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!error.mayHaveHappened) {
        this.close(pending, []);
        if (error.kind === "busy") return this.waitForOthers(error);
        throw error;
      }
      this.touched = true;
      this.say(`${error.message} Looks for its effect before anything else`);
      const brought = await this.settle(pending);
      if (brought > 0 || this.resends++ === 0) return;
      throw error;
    }
    await this.settle(pending);
    await noteDuration(this.context, step, sentAt);
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
    const names = [pending.orderId, pending.jobId, pending.id];
    const isGivenUp = (this.wanted.cancelledOrders ?? []).some((name) => names.includes(name));
    const sentAt = Math.min(pending.sentAt, await this.context.clock.now());
    let restingSince: number | undefined;
    let told = "";
    const what = pending.orderId
      ? ` (order ${pending.orderId})`
      : pending.jobId
        ? ` (job ${pending.jobId})`
        : "";
    const brought = await poll(
      this.context.clock,
      this.deadline,
      () => `${nodesText(pending.count)} to be added${what}`,
      async (now) => {
        const view = await this.look();
        const fresh = view.nodes.filter(({ id }) => !pending.before.includes(id));
        const isRunning = instancePhase(view.status) === "running";
        const job = await this.jobOf(pending, now);
        const order = pending.orderId ? await this.orderStatus(pending.orderId) : undefined;
        const text = `instance ${view.status}, ${fresh.length} of ${nodesText(pending.count)} there${job?.process ? `, job ${job.process}` : ""}`;
        if (text !== told) this.say(text);
        told = text;
        if (fresh.length > 0 && !pending.acknowledged) {
          pending.acknowledged = true;
          this.savePending(pending);
        }
        if (isGivenUp) return fresh;
        if (isRunning && job?.status !== "Running") restingSince ??= now;
        else restingSince = undefined;
        const rested = restingSince === undefined ? 0 : now - restingSince;
        const isWhole = fresh.length >= pending.count && fresh.every(({ status }) => isGoodNode(status));
        if (isWhole && restingSince !== undefined && order !== "unpaid") return fresh;
        if (order === "cancelled") return fresh;
        if (pending.orderId) this.checkOrder(pending, view, order, job, fresh.length, now - sentAt);
        if (job?.status === "Failed" && rested >= settlingPeriod)
          throw this.failed(pending, fresh, job.failReason);
        const isOver = job?.status === "Completed" || (pending.acknowledged && !pending.orderId);
        if (isOver && fresh.length > 0 && rested >= settlingPeriod) {
          throw this.failed(pending, fresh, job?.status === "Completed" ? "the job is completed" : undefined);
        }
        const hasShownNothing =
          fresh.length === 0 && rested >= settlingPeriod && now - sentAt >= settlingPeriod;
        if (!hasShownNothing) return undefined;
        if (!pending.acknowledged && job?.status !== "Completed" && !pending.isOrder) return fresh;
        if (pending.acknowledged && (pending.orderId || rested < acceptedLimit)) return undefined;
        throw this.inDoubt(pending, job);
      },
      pending === this.pending,
    );
    this.close(pending, brought);
    return brought.length;
  }

  /** Stops where an order waits for somebody to pay it. */
  private checkOrder(
    { orderId, count }: PendingEnlarge,
    { status }: GroupView,
    order: OrderStatus | undefined,
    job: Job | undefined,
    fresh: number,
    age: number,
  ): void {
    if (age < 30_000 || job !== undefined) return;
    const isIdle = instancePhase(status) === "running" || status.toUpperCase().startsWith("PERIOD");
    const seemsUnpaid = order === undefined && fresh === 0 && isIdle && !this.wanted.isAutoPay;
    if (order !== "unpaid" && !seemsUnpaid) return;
    const state = order === "unpaid" ? "is not paid" : "is not paid, or just being carried out";
    const why = order === "unpaid" && this.wanted.isAutoPay ? " (the balance may not suffice)" : "";
    throw new StoppedError(
      `Order ${orderId} for ${nodesText(count)} ${state}${why}. Pay it in the billing console and run \`pulumi up\` again, or cancel it there and name it in cancelledOrders. Nothing else is ordered before that.`,
    );
  }

  /** Nothing tells what became of it, and waiting does not change that. */
  private inDoubt(pending: PendingEnlarge, job: Job | undefined): StoppedError {
    const what =
      pending.isOrder && !pending.acknowledged
        ? "may have made an order"
        : "was received, but shows no nodes";
    const where = pending.isOrder ? "the billing console" : "the DDM console";
    const name = pending.jobId ?? pending.id;
    return new StoppedError(
      `enlarge of ${this.wanted.instanceId} by ${nodesText(pending.count)} ${what}${job?.id ? ` (job ${job.id}, ${job.status})` : ""}. Nothing is sent again on a guess: look in ${where}. Where nothing is to come of it, name ${name} in cancelledOrders; else run \`pulumi up\` again once the nodes are there.`,
    );
  }

  private failed(pending: PendingEnlarge, fresh: GroupNode[], why: string | undefined): StoppedError {
    const bad = fresh
      .filter(({ status }) => !isGoodNode(status))
      .map(({ id, status }) => `${id} (${status})`);
    // The outcome is known, bad as it is: it is not looked for again.
    this.close(pending, fresh);
    return new StoppedError(
      `enlarge of ${this.wanted.instanceId} brought ${fresh.length} of ${nodesText(pending.count)}${bad.length > 0 ? `, not good: ${bad.join(", ")}` : ""}${why ? `: ${why}` : ""} (job ${pending.jobId ?? "unknown"}, RequestId ${this.lastRequestId || "unknown"}). The next \`pulumi up\` asks only for what is missing; to remove nodes that failed, lower nodeCount with scaleIn.allowed first.`,
    );
  }

  /** The instance's enlargements since some time before; undefined where jobs cannot be read. */
  private async jobsSince(sentAt: number): Promise<Job[] | undefined> {
    const now = await this.context.clock.now();
    try {
      const { jobs } = await this.client.call(listJobs, {
        query: {
          // Clocks differ; the API goes back 30 days.
          start_time: Math.max(sentAt - 600_000, now - 29 * 86_400_000),
          end_time: now + 60_000,
          offset: 0,
          limit: 128,
        },
      });
      return jobs
        .filter(({ name, instanceId }) => name === "EnlargeNode" && instanceId === this.wanted.instanceId)
        .map(({ id, status, failReason }) => ({ id, status, failReason, process: undefined }));
    } catch (error) {
      // Where jobs cannot be read, the instance and its nodes tell.
      if (error instanceof CloudError && !isFinal(error)) return undefined;
      throw error;
    }
  }

  /** The job of an enlargement: by its id, or one that was not there before. */
  private async jobOf(pending: PendingEnlarge, now: number): Promise<Job | undefined> {
    const jobs = await this.jobsSince(Math.min(pending.sentAt, now));
    if (!pending.jobId)
      return jobs?.find(({ id = "" }) => !pending.jobsBefore.includes(id) && !this.strangers.has(id));
    this.lastJobId = pending.jobId;
    const listed = jobs?.find(({ id }) => id === pending.jobId);
    try {
      const { job } = await this.client.call(showJob, { path: { job: pending.jobId } });
      const { status, process } = job;
      return { id: pending.jobId, status, process, failReason: listed?.failReason };
    } catch (error) {
      // A job can be slow to appear, and some stacks show none.
      if (error instanceof CloudError && !isFinal(error)) return listed;
      throw error;
    }
  }

  private async orderStatus(order: string): Promise<OrderStatus | undefined> {
    if (!this.client.hasBilling) return undefined;
    try {
      const { orderInfo } = await this.client.call(showOrder, { path: { order } });
      return orderStatuses[orderInfo.status] ?? "open";
    } catch (error) {
      if (error instanceof CloudError) return undefined;
      throw error;
    }
  }

  private async remove(step: CallStep): Promise<void> {
    const ids = step.removes ?? [];
    const sentAt = await this.context.clock.now();
    this.touched = true;
    let refusal: CloudError | undefined;
    try {
      const answer = await this.client.call(deleteNodes, {
        path: { instance: this.wanted.instanceId },
        body: { node_ids: ids },
      });
      this.lastRequestId = answer.requestId;
      if (answer.jobId) this.lastJobId = answer.jobId;
      const made = answer.jobId ? `, job ${answer.jobId}` : answer.orderId ? `, order ${answer.orderId}` : "";
      this.say(`batch-delete accepted${made}, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.kind === "busy") return this.waitForOthers(error);
      if (isFinal(error) || error.kind === "permission" || this.removals >= 3) throw error;
      // They may have gone already, and be listed still.
      if (!error.mayHaveHappened) refusal = error;
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
        const patience = refusal ? listingGrace : settlingPeriod;
        return still.length === 0 || now - restingSince >= patience ? still : undefined;
      },
      true,
    );
    if (left.length === 0) {
      this.removals = 0;
      await noteDuration(this.context, step, sentAt);
    } else if (refusal) throw refusal;
    else if (this.removals >= 2) {
      throw new StoppedError(
        `batch-delete on ${this.wanted.instanceId} left ${left.map(({ id }) => id).join(", ")} (RequestId ${this.lastRequestId || "unknown"}). Look at the instance in the DDM console.`,
      );
    }
  }

  private state(view: GroupView): NodeGroupState {
    return {
      ...this.wanted,
      ...outputsOf(view),
      groupId: this.groupId,
      region: this.client.region,
      projectId: this.client.projectId,
      initialNodeIds: this.members.initial,
      addedNodeIds: this.members.added.filter((id) => view.nodes.some((node) => node.id === id)),
      createdAt: this.createdAt,
      lastJobId: this.lastJobId,
      lastRequestId: this.lastRequestId,
      ...(this.pending ? { pendingEnlarge: this.pending } : {}),
    };
  }
}

type OrderStatus = "unpaid" | "cancelled" | "open" | "done";
/** The billing service's numbers; all others are on their way. */
const orderStatuses: Readonly<Record<number, OrderStatus>> = { 4: "cancelled", 5: "done", 6: "unpaid" };

export function membersOf({ initialNodeIds, addedNodeIds }: NodeGroupState): Members {
  return { initial: initialNodeIds, added: addedNodeIds };
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
