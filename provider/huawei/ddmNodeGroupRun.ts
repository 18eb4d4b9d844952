// Brings a DDM node group to the wanted size. The call that enlarges takes a number to add and has no token, so it is sent
// once; whether it took is found out from the instance, its nodes, its jobs and its orders.
import { randomUUID } from "node:crypto";
import { type Context, warn } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { noteDuration } from "../history";
import type { Journal } from "../journal";
import { sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { inRecordedOrder } from "../order";
import { listLag } from "../pages";
import { type CallStep, type Plan, PlanTeller, removedBy } from "../plan";
import { backoffMilliseconds } from "../retry";
import { Status } from "../status";
import { type Deadline, poll } from "../wait";
import type { HuaweiClient } from "./client";
import { huaweiClient } from "./config";
import { deleteNodes, enlarge, instancePhase, isGoodNode, showJob, showOrder } from "./ddm";
import { flavorProblem, type GroupView, isFinal, viewGroup } from "./ddmGroup";
import { allJobs } from "./ddmLists";
import { type Entry, entryOf, groupJournal, type Recalled, recentOf } from "./ddmNodeGroupJournal";
import { type Members, nodesText, planGroup, planShrink } from "./ddmNodeGroupPlan";
import type { GroupNode, NodeGroupInputs, NodeGroupState, PendingEnlarge } from "./ddmNodeGroupSchema";

/** How long nodes that are not good may still become so once the instance is at rest. */
const settlingPeriod = 180_000;
/** How long a job that is completed, or a request that was accepted, is waited for where nothing shows. */
const acceptedLimit = 1_800_000;
/** How long a list that lacks what was there is not believed. */
const listingGrace = 60_000;
/** How long a create that did not end is taken up again. */
const resumeLimit = 86_400_000;
const keptSettled = 20;
export const usualLimit = "60m";

export async function applyGroup(
  context: Context,
  operation: Operation,
  wanted: NodeGroupInputs,
  known: Recalled | undefined,
): Promise<NodeGroupState> {
  const place = { ...(known ?? wanted), profile: wanted.profile };
  const { instanceId, timeouts } = wanted;
  const key = `huawei/${huaweiClient(context, place).region}/${instanceId}`;
  return exclusively(context, { key, name: instanceId, operation, timeouts, limit: usualLimit }, (limited) =>
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
  private readonly status: Status;
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
  private bought = 0;
  /** Who had charge of the group before this create. */
  private displaced: Entry["groups"][string] | undefined;
  /** Enlargements that this run has asked for. */
  private readonly ordered = new Set<string>();
  /** Nodes that are gone at our request. */
  private readonly removed: string[] = [];

  constructor(
    private readonly context: Limited,
    private readonly client: HuaweiClient,
    private readonly operation: Operation,
    private readonly wanted: NodeGroupInputs,
    private readonly known: Recalled | undefined,
  ) {
    this.deadline = context.deadline;
    this.status = new Status(context);
    const { region, projectId } = client;
    this.journal = groupJournal(context, { region, projectId, instanceId: wanted.instanceId });
    this.members = {
      initial: known?.initialNodeIds ?? [],
      added: [...(known?.addedNodeIds ?? []), ...(known?.unsaved ?? [])],
    };
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
        await this.takeCharge(this.pending ? first : await this.surely(await this.atRest()));
      // What an earlier run brought is recorded, however this one ends.
      if (this.known?.unsaved) this.touched = true;
      const teller = new PlanTeller(this.context);
      for (;;) {
        // An open enlargement is looked at as it is; a new one needs an instance at rest.
        const view = this.pending ? await this.look() : await this.surely(await this.atRest());
        const plan =
          this.operation === "delete"
            ? planShrink(this.wanted, view, this.pending, this.members)
            : planGroup(this.wanted, view, this.pending, this.members, this.operation);
        if (!this.pending && !this.hasProblems(view)) this.forgetGone(view);
        if (this.isAllUnannounced(plan, view)) return this.state(view);
        if (plan.steps.length > 0) teller.tell(plan);
        this.requireAnnounced(plan, view);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        const step = plan.steps[0];
        if (!step) {
          this.markTold();
          return this.state(view);
        }
        if (step.kind === "settle" && this.pending) await this.settle(this.pending);
        if (step.kind === "call") {
          if (step.buys) await this.requireFlavor(view);
          else this.requireSeen(step.removes ?? []);
          await requireTime(this.context, step);
          await this.status.during(step, () => (step.buys ? this.enlarge(step, view) : this.remove(step)));
        }
      }
    } catch (error) {
      const isRefused = error instanceof CloudError && isFinal(error);
      if (this.touched && !isRefused)
        await this.look().catch((failure: unknown) =>
          this.say(`could not look at the group again: ${messageOf(failure)}`),
        );
      const isTouched = this.touched || this.pending !== undefined;
      if (!isTouched) this.giveBack();
      else if (this.view) this.tryMarkTold();
      throw new Stopped(error, this.view && this.state(this.view), isTouched);
    }
  }

  private say(message: string): void {
    this.status.say(message);
  }

  private hasProblems(view: GroupView): boolean {
    return planGroup(this.wanted, view, undefined, this.members, this.operation).blocked.some(
      ({ property }) => property === "groupId" || property === "flavorId",
    );
  }

  private async look(): Promise<GroupView> {
    const view = await viewGroup(this.client, this.wanted, this.groupId);
    if (!view) {
      throw new StoppedError(
        `DDM instance ${this.wanted.instanceId} does not exist in project ${this.client.projectId} of ${this.client.region}: check instanceId, projectId and region.${this.known ? " If it existed before, run `pulumi refresh`." : ""}`,
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
    const now = await this.context.clock.now();
    const cameAt = recentOf(this.entry().groups[this.groupId]?.cameAt, now);
    const expected = [
      ...(this.known?.nodes ?? []).map(({ id }) => id),
      ...this.members.initial,
      ...this.members.added,
      ...Object.keys(cameAt),
    ].filter((id) => !this.removed.includes(id));
    const missingFrom = ({ nodes }: GroupView) =>
      expected.filter((id) => !nodes.some((node) => node.id === id));
    const isWhole = (seen: GroupView) => seen.nodes.length > 0 && missingFrom(seen).length === 0;
    if (this.hasProblems(view) || isWhole(view)) return view;
    /** Those that came only lately may not be listed by each server yet. */
    const patience = (seen: GroupView) =>
      Math.max(
        now + listingGrace,
        ...missingFrom(seen).map((id) => Math.min(cameAt[id] ?? 0, now) + listLag),
      );
    const seen = await poll(
      this.context.clock,
      this.deadline,
      () => `the nodes of ${this.wanted.instanceId} to be listed`,
      async (at) => {
        const again = await this.atRest();
        return isWhole(again) || at >= patience(again) ? again : undefined;
      },
      true,
    );
    if (seen.nodes.length > 0) return seen;
    throw new StoppedError(
      `DDM lists no nodes of group ${seen.groupId || "default"} of ${this.wanted.instanceId}, though a group always has some. Nothing is bought on that; look at the instance in the DDM console and run again.`,
    );
  }

  private entry(): Entry {
    return entryOf(this.journal);
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
    const begun = before?.isTold ? undefined : before;
    const isResumed = begun !== undefined && now - begun.at < resumeLimit;
    const { pending } = this;
    const recorded = entry.pending.find(({ id }) => id === pending?.id);
    // Another resource's enlargement is settled first, too, but its nodes stay that resource's.
    const isOwn = recorded?.owner === undefined || recorded.owner === begun?.at;
    const present = pending && isOwn ? pending.before : view.nodes.map(({ id }) => id);
    const initial = isResumed ? begun.initial : present;
    const unsaved = entry.unsaved.map((each) =>
      isResumed && each.owner === begun.at ? { ...each, owner: now } : each,
    );
    this.members.initial.push(...initial);
    this.members.added.push(...unsaved.filter(({ owner }) => owner === now).map(({ id }) => id));
    this.createdAt = now;
    const cameAt = before?.cameAt ?? {};
    if (!isResumed) this.displaced = before;
    this.journal.write({
      ...entry,
      pending: entry.pending.map((each) =>
        each.id === pending?.id && isOwn ? { ...each, owner: now } : each,
      ),
      unsaved,
      groups: { ...entry.groups, [this.groupId]: { cameAt, at: now, initial, isTold: false } },
    });
  }

  /** A create that has done nothing leaves the charge to whoever had it. */
  private giveBack(): void {
    if (!this.displaced) return;
    const entry = this.entry();
    this.journal.write({ ...entry, groups: { ...entry.groups, [this.groupId]: this.displaced } });
  }

  private savePending(pending: PendingEnlarge): void {
    const entry = this.entry();
    const before = entry.pending.find(({ id }) => id === pending.id);
    const others = entry.pending.filter(({ id }) => id !== pending.id);
    this.journal.write({
      ...entry,
      pending: [...others, { owner: this.createdAt, ...before, ...pending }],
    });
    this.pending = pending;
  }

  /** The operation hands over what exists: from now on state may hold it. */
  private markTold(): void {
    if (this.operation === "delete") return;
    const entry = this.entry();
    const group = entry.groups[this.groupId];
    const isNew = group?.at === this.createdAt && !group.isTold;
    if (!isNew && !this.pending) return;
    this.journal.write({
      ...entry,
      pending: entry.pending.map((each) => (each.id === this.pending?.id ? { ...each, isTold: true } : each)),
      groups: isNew ? { ...entry.groups, [this.groupId]: { ...group, isTold: true } } : entry.groups,
    });
  }

  /** Where something else has failed, that counts. */
  private tryMarkTold(): void {
    try {
      this.markTold();
    } catch (error) {
      this.say(messageOf(error));
    }
  }

  /** The outcome is known: these nodes came. Where others have added some at the same time, ours cannot be told. */
  private close(pending: PendingEnlarge, fresh: readonly GroupNode[], now: number): void {
    const entry = this.entry();
    const isTold = fresh.length <= pending.count;
    if (!isTold)
      this.say("others have added nodes at the same time: none of the new ones is taken for our own");
    const ids = isTold ? fresh.map(({ id }) => id) : [];
    const owner = entry.pending.find(({ id }) => id === pending.id)?.owner ?? this.createdAt;
    if (owner === this.createdAt)
      this.members.added.push(...ids.filter((id) => !this.members.added.includes(id)));
    const known = this.known?.addedNodeIds ?? [];
    const group = entry.groups[this.groupId] ?? {
      at: this.createdAt,
      initial: this.members.initial,
      cameAt: {},
      isTold: true,
    };
    const cameAt = {
      ...recentOf(group.cameAt, now),
      ...Object.fromEntries(fresh.map(({ id }) => [id, now])),
    };
    this.journal.write({
      pending: entry.pending.filter(({ id }) => id !== pending.id),
      settled: [...entry.settled, pending.id].slice(-keptSettled),
      unsaved: [
        ...entry.unsaved.filter(({ id }) => !ids.includes(id)),
        ...ids.filter((id) => !known.includes(id)).map((id) => ({ id, owner })),
      ],
      groups: { ...entry.groups, [this.groupId]: { ...group, cameAt } },
    });
    this.pending = undefined;
  }

  /** Nodes that were removed are not waited for any more. */
  private forget(ids: readonly string[]): void {
    this.removed.push(...ids);
    this.members.added = this.members.added.filter((id) => !ids.includes(id));
    const entry = this.entry();
    const group = entry.groups[this.groupId];
    const unsaved = entry.unsaved.filter(({ id }) => !ids.includes(id));
    const cameAt = Object.fromEntries(
      Object.entries(group?.cameAt ?? {}).filter(([id]) => !ids.includes(id)),
    );
    const groups = group ? { ...entry.groups, [this.groupId]: { ...group, cameAt } } : entry.groups;
    this.journal.write({ ...entry, unsaved, groups });
  }

  /** What an earlier run brought, and was not recorded, may have gone since. */
  private forgetGone({ nodes }: GroupView): void {
    const entry = this.entry();
    const isGone = ({ id, owner }: Entry["unsaved"][number]) =>
      owner === this.createdAt && !nodes.some((node) => node.id === id);
    if (!entry.unsaved.some(isGone)) return;
    this.journal.write({ ...entry, unsaved: entry.unsaved.filter((each) => !isGone(each)) });
  }

  private async requireFlavor(view: GroupView): Promise<void> {
    const problem = await flavorProblem(this.client, view, this.wanted.flavorId);
    if (problem) throw new StoppedError(`${problem}.`);
  }

  /** The state that the preview was made from, where that has told all that would be done. */
  private get announcedFrom(): NodeGroupState | undefined {
    const isOpen = this.known?.pendingEnlarge !== undefined || this.known?.unsaved !== undefined;
    return this.operation === "update" && !isOpen ? this.known : undefined;
  }

  /** Whether the preview has announced neither nodes nor removals, and others have changed their number: that is only told. */
  private isAllUnannounced(plan: Plan, { nodes }: GroupView): boolean {
    const seen = this.announcedFrom?.nodes.length;
    const isOther = plan.blocked.some(
      ({ code, property }) => code === "badInput" && property !== "availabilityZones",
    );
    if (this.pending || isOther || seen !== this.wanted.nodeCount || nodes.length === seen) return false;
    warn(
      this.context,
      `others have changed the group since the stack last saw it: it has ${nodesText(nodes.length)}, not ${seen}. No node is added or removed, since no preview has announced it; the next one does`,
    );
    return true;
  }

  /** No more is added or removed than a preview from the recorded state has announced. */
  private requireAnnounced(plan: Plan, { nodes }: GroupView): void {
    const from = this.announcedFrom;
    if (!from || this.pending) return;
    const { nodeCount } = this.wanted;
    const missing = nodeCount - nodes.length;
    const announced = Math.max(0, nodeCount - from.nodes.length - this.bought);
    if (missing > announced) {
      throw new StoppedError(
        `Others have changed the group since the stack last saw it: it had ${nodesText(from.nodes.length)} then, has ${nodes.length} now, and ${missing} would have to be added where the preview announced ${announced}. Run \`pulumi refresh\`, look at the preview, and run again.`,
      );
    }
    const view = { groups: [], groupId: from.groupId, nodes: from.nodes, isPrepaid: false };
    const going = removedBy(planGroup(this.wanted, view, undefined, membersOf(from), "update"));
    const unseen = removedBy(plan).filter((id) => !going.includes(id));
    if (unseen.length > 0) throw unannounced(unseen);
  }

  /** Nodes that no preview can have named are not removed. */
  private requireSeen(going: readonly string[]): void {
    if (!this.known) return;
    const seen = [...this.known.nodes.map(({ id }) => id), ...this.members.added];
    const unseen = going.filter((id) => !seen.includes(id));
    if (unseen.length === 0) return;
    throw unannounced(unseen);
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
    this.ordered.add(pending.id);
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
      this.say(`accepted${madeBy(answer)}, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!error.mayHaveHappened) {
        this.close(pending, [], sentAt);
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
        if (order === "cancelled") {
          if (!this.ordered.has(pending.id) || fresh.length >= pending.count) return fresh;
          this.close(pending, fresh, now);
          throw new StoppedError(
            `Order ${pending.orderId} for ${nodesText(pending.count)} was canceled while it was waited for, and nothing is ordered in its place now. The next \`pulumi up\` orders what nodeCount still asks for: lower nodeCount if the group is to stay as it is.`,
          );
        }
        if (pending.orderId) this.checkOrder(pending, view, order, job, fresh.length, now - sentAt);
        // What has not come may only not be listed yet. The rest counts from after the request was sent.
        if (rested < (fresh.length < pending.count ? listLag : settlingPeriod)) return undefined;
        if (this.isPassed(pending, job, order, rested)) return fresh;
        if (job?.status === "Failed") throw this.failed(pending, fresh, job.failReason, now);
        const isOver = job?.status === "Completed" || (pending.acknowledged && !pending.orderId);
        if (isOver && fresh.length > 0) {
          const why = job?.status === "Completed" ? "the job is completed" : undefined;
          throw this.failed(pending, fresh, why, now);
        }
        if (fresh.length > 0) return undefined;
        if (!pending.acknowledged && job?.status !== "Completed" && !pending.isOrder) return fresh;
        if (pending.acknowledged && (pending.orderId || rested < acceptedLimit)) return undefined;
        throw this.inDoubt(pending, job);
      },
      pending === this.pending,
    );
    this.close(pending, brought, await this.context.clock.now());
    this.bought += brought.length;
    return brought.length;
  }

  /** Whether another machine has found out about it long ago: nodes that are not there have gone since. */
  private isPassed(
    { id, orderId }: PendingEnlarge,
    job: Job | undefined,
    order: OrderStatus | undefined,
    rested: number,
  ): boolean {
    if (!this.known?.isPassed || this.known.pendingEnlarge?.id !== id) return false;
    if (orderId && order !== "done") return false;
    return job?.status === "Completed" || job?.status === "Failed" || rested >= acceptedLimit;
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

  private failed(
    pending: PendingEnlarge,
    fresh: GroupNode[],
    why: string | undefined,
    now: number,
  ): StoppedError {
    const bad = fresh
      .filter(({ status }) => !isGoodNode(status))
      .map(({ id, status }) => `${id} (${status})`);
    // The outcome is known, bad as it is: it is not looked for again.
    this.close(pending, fresh, now);
    return new StoppedError(
      `enlarge of ${this.wanted.instanceId} brought ${fresh.length} of ${nodesText(pending.count)}${bad.length > 0 ? `, not good: ${bad.join(", ")}` : ""}${why ? `: ${why}` : ""} (job ${pending.jobId ?? "unknown"}, RequestId ${this.lastRequestId || "unknown"}). The next \`pulumi up\` asks only for what is missing; to remove nodes that failed, lower nodeCount with scaleIn.allowed first.`,
    );
  }

  /** The instance's enlargements since some time before; undefined where jobs cannot be read. */
  private async jobsSince(sentAt: number): Promise<Job[] | undefined> {
    const now = await this.context.clock.now();
    try {
      // Clocks differ; the API goes back 30 days.
      const from = Math.max(sentAt - 600_000, now - 29 * 86_400_000);
      return (await allJobs(this.client, from, now + 60_000))
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
    if (!pending.jobId) return jobs?.find(({ id = "" }) => !pending.jobsBefore.includes(id));
    this.lastJobId = pending.jobId;
    const listed = jobs?.find(({ id }) => id === pending.jobId);
    try {
      const { job } = await this.client.call(showJob, { path: { job: pending.jobId } });
      const status = job?.status ?? listed?.status;
      return { id: pending.jobId, status, process: job?.process, failReason: listed?.failReason };
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
      return orderInfo?.status === undefined ? undefined : (orderStatuses[orderInfo.status] ?? "open");
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
      this.say(`accepted${madeBy(answer)}, RequestId ${answer.requestId}`);
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
        const patience = refusal ? listingGrace : listLag;
        // A group always has some node: an empty list tells nothing.
        const isOver = still.length === 0 && view.nodes.length > 0;
        return isOver || now - restingSince >= patience ? still : undefined;
      },
      true,
    );
    if (left.length === 0) {
      this.removals = 0;
      this.forget(ids);
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
      ...outputsOf(view, this.known?.nodes),
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

function unannounced(ids: readonly string[]): StoppedError {
  return new StoppedError(
    `Others have changed the group since the stack last saw it, and ${ids.join(", ")} would have to go unseen. Run \`pulumi refresh\`, look at the preview, and run again.`,
  );
}

type OrderStatus = "unpaid" | "cancelled" | "open" | "done";
/** The billing service's numbers; all others are on their way. */
const orderStatuses: Readonly<Record<number, OrderStatus>> = { 4: "cancelled", 5: "done", 6: "unpaid" };

/** What an accepted change is followed by: `, job 1`. */
function madeBy({ jobId, orderId }: { jobId?: string | undefined; orderId?: string | undefined }): string {
  if (jobId) return `, job ${jobId}`;
  return orderId ? `, order ${orderId}` : "";
}

export function membersOf({ initialNodeIds, addedNodeIds }: NodeGroupState): Members {
  return { initial: initialNodeIds, added: addedNodeIds };
}

/** Nodes stay in the order that is recorded, and new ones come last. */
export function outputsOf(
  view: GroupView,
  recorded?: NodeGroupState["nodes"],
): Pick<NodeGroupState, "groupId" | "nodes" | "privateIps" | "instanceStatus"> {
  const nodes = inRecordedOrder(view.nodes, recorded, ({ id }) => id);
  return {
    groupId: view.groupId,
    nodes,
    privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
    instanceStatus: view.status,
  };
}
