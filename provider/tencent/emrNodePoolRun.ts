// Carries a node pool's plan out. Promises: nothing is bought while it is not known what an earlier order brought,
// only members are removed, and whatever exists when it ends is told to the caller.
import type { z } from "zod";
import { type Context, warn } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { measured } from "../history";
import { badInput, type Note, note, sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { listLag } from "../pages";
import { type CallStep, type Plan, PlanTeller, removedBy, type Step } from "../plan";
import { backoffMilliseconds } from "../retry";
import { perSession } from "../session";
import { Status } from "../status";
import type { Deadline } from "../wait";
import type { TencentClient } from "./client";
import { tencentClient } from "./config";
import {
  inquiryPriceScaleOutInstance,
  modifyResourcesTags,
  scaleOutInstance,
  terminateClusterNodes,
  terminateTasks,
} from "./emr";
import {
  clusterAtRest,
  describeCluster,
  type EmrCluster,
  type EmrNode,
  type Flow,
  findCluster,
  flowOf,
  listNodes,
  type Sight,
  timeOf,
  watchWork,
} from "./emrCluster";
import { journalKey, type Orders, openOrders, otherOpenOrders, tokenWindow } from "./emrNodePoolOrders";
import {
  byBirth,
  countFields,
  isExcluded,
  isNamed,
  memberOf,
  nodeOutputOf,
  nodesOf,
  nodesOfOrder,
  planPool,
  priceRequest,
  purchaseSettings,
  recordedSituation,
  type Survey,
  showsTags,
  specHash,
  survey,
  tagOf,
  tagsFor,
  timeSpanOf,
  unowned,
} from "./emrNodePoolPlan";
import {
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  type Order,
  poolTag,
} from "./emrNodePoolSchema";

/** Limit of an operation where the program sets none. */
export const usualLimit = "60m";
/** How long what a removal did may take to be listed. */
const listingGrace = 60_000;
/** An order that the cloud has done counts as open for so long, in milliseconds, if its nodes are not listed: they are billed. */
const deliveryWindow = 3_600_000;

/** The inputs do not go with what an earlier run has begun: they have to be put right before anything is recorded. */
export class InputsDisagree extends StoppedError {}

/**
 * Makes the cluster hold what is wanted, under the cluster's lock. `known` is what state recorded. Throws Stopped with
 * what exists where that does not succeed.
 */
export async function applyPool(
  context: Context,
  operation: Operation,
  wanted: NodePoolInputs,
  known: NodePoolState | undefined,
): Promise<NodePoolState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `tencent/${tencentClient(context, place).region}/${clusterId}`;
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    new PoolRun(limited, tencentClient(limited, place), operation, wanted, known).run(),
  );
}

// Which pool of this session took a node over: where tags cannot be seen, nothing else says so to the next one.
const adoptions = perSession(() => new Map<string, string>());

type Vanished = Pick<NodeOutput, "resourceId" | "applyTime">;

/** Thrown where the world moved under a plan: it is made again. */
class Replan extends Error {}

/** Whether a status is that of a cluster to which nodes are being added. */
const isScalingOut = ({ status }: EmrCluster) => status === 4 || status === 5;

const timeTextOf = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ").concat(" UTC");

const isListed = (id: string, nodes: readonly EmrNode[]) =>
  nodes.some(({ emrResourceId }) => emrResourceId === id);

/** Those of the nodes that a plan names, in its order. */
const named = (ids: readonly string[], nodes: readonly EmrNode[]) =>
  ids.flatMap((id) => nodes.find(({ emrResourceId }) => emrResourceId === id) ?? []);

class PoolRun {
  private readonly deadline: Deadline;
  private readonly status: Status;
  private readonly members: Set<string>;
  /** What the preview could know: the nodes to remove by name, and all that were there. */
  private readonly recorded: readonly NodeOutput[];
  private readonly removable: Set<string> | undefined;
  private readonly key: string;
  private readonly orders: Orders;
  /** Undefined until the nodes have been listed for the first time. */
  private nodes: EmrNode[] | undefined;
  private cluster: EmrCluster | undefined;
  private appliedTags: NodePoolInputs["tags"];
  private lastFlow: string;
  private lastRequestId: string;
  private touched = false;
  /** Ids of nodes that were taken over in this run. */
  private readonly adopted = new Set<string>();
  /** Nodes whose tags were set in this run, seen or not. */
  private readonly tagged = new Set<string>();
  private tagStageFailed = false;
  /** Nodes that this run has removed. */
  private readonly removed = new Set<string>();
  /** Nodes that this run has bought. */
  private readonly came: NodeOutput[] = [];
  private readonly repeats = { purchases: 0, removals: 0, waits: 0 };
  /** Ids of the nodes that the plan was made for, and of those that have come by it. */
  private readonly planned = new Set<string>();
  /** How many nodes the plan is to buy. */
  private missing = 0;
  private toldLost = false;
  /** Nodes with other tags than the preview could know of. */
  private readonly strangelyTagged = new Set<string>();

  constructor(
    private readonly context: Limited,
    private readonly client: TencentClient,
    private readonly operation: Operation,
    private readonly wanted: NodePoolInputs,
    private readonly known: NodePoolState | undefined,
  ) {
    this.deadline = context.deadline;
    this.status = new Status(context);
    this.recorded = (known?.nodes ?? []).filter((node) => !isExcluded(node, wanted));
    const ids = [...(known?.nodes ?? []), ...(known?.vanished ?? [])].map(({ resourceId }) => resourceId);
    this.members = new Set(ids);
    // A new pool has nothing to bring tags to; an existing one without tags has applied none.
    this.appliedTags = known ? (known.tags ?? []) : wanted.tags;
    this.lastFlow = known?.lastFlow ?? "";
    this.lastRequestId = known?.lastRequestId ?? "";
    this.key = journalKey(client.region, wanted);
    this.orders = openOrders(context, this.key, known);
    for (const { resourceId } of this.orders.brought) this.members.add(resourceId);
    // What is found out only in this run was announced as not known.
    if (operation === "update")
      this.removable = new Set([
        ...removedBy(planPool(wanted, recordedSituation(known, wanted))),
        ...this.orders.brought.map(({ resourceId }) => resourceId),
      ]);
  }

  async run(): Promise<NodePoolState> {
    try {
      if (this.operation === "create") this.warnOfOthers();
      const teller = new PlanTeller(this.context);
      for (;;) {
        const plan = await this.makePlan();
        teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        if (plan.steps.length === 0) return this.state();
        await this.execute(plan);
      }
    } catch (error) {
      throw await this.stopped(error);
    }
  }

  private warnOfOthers(): void {
    const { clusterId } = this.wanted;
    for (const { name, isUnderWay, ...other } of otherOpenOrders(
      this.context,
      `${this.client.region}/${clusterId}`,
      this.key,
    )) {
      const order = `order of ${nodesOf(other.count, other.role)}, sent ${timeTextOf(other.sentAt)}`;
      if (isUnderWay) this.say(`pool ${name} has an ${order}, under way in another run on this machine`);
      else
        this.warn(
          `pool ${name} on ${clusterId} has an ${order}, whose outcome is not known. If that pool has got another name since, its nodes carry the old one in the tag ${poolTag}: adopt or remove them`,
        );
    }
  }

  private namesOf(id: string): string[] {
    const node = this.nodes?.find(({ emrResourceId }) => emrResourceId === id);
    return node?.orderNo ? [id, node.orderNo] : [id];
  }

  private say(message: string): void {
    this.status.say(message);
  }

  private warn(message: string): void {
    warn(this.context, message);
  }

  /** Waits for the cluster, looks at its nodes, and plans. */
  private async makePlan(): Promise<Plan> {
    const nodes = (await this.observeAtRest()).nodes;
    let view = this.surveyOf(nodes);
    // What the pool has bought goes with it, however it was bought.
    if (this.operation === "delete" && view.otherSpec.length > 0) {
      for (const node of view.otherSpec) this.members.add(node.emrResourceId);
      view = this.surveyOf(nodes);
    }
    for (const { emrResourceId } of nodes) this.planned.add(emrResourceId);
    const others = this.ordersOfOthers(nodes);
    const gone = this.orders.brought.map(({ resourceId }) => resourceId).filter((id) => !isListed(id, nodes));
    this.orders.forget(gone);
    for (const id of gone) this.members.delete(id);
    const named = (id: string) => nodes.some((node) => node.emrResourceId === id || node.orderNo === id);
    const deleting = this.operation === "delete";
    const adopt = deleting ? [] : (this.wanted.adopt ?? []);
    const { target, vanished, lost } = this.targetFor(view.members);
    this.missing = target - view.members.length;
    const plan = planPool(
      { ...this.wanted, count: target },
      {
        isNew: this.operation === "create",
        ...(this.removable ? { removable: this.removable } : {}),
        claimed: view.claimed
          .filter(({ node }) => !this.orders.left.includes(node.emrResourceId))
          .map(({ node, isForeign }) => ({ resourceId: node.emrResourceId, isForeign })),
        vanished: vanished.map(({ resourceId }) => resourceId),
        appeared: this.appeared(nodes, vanished),
        members: view.members.map((node) => this.memberOf(node)),
        found: view.found.map((node) => node.emrResourceId),
        otherSpec: view.otherSpec.map((node) => node.emrResourceId),
        notAdoptable: deleting ? [] : [...view.notAdoptable, ...this.takenByOthers(view.found)],
        adoptMissing: adopt.filter(
          (id) => !named(id) && !this.known?.adopt?.includes(id) && !this.adopted.has(id),
        ),
        pendingOrder: this.orders.open(),
        warnings: view.warnings,
      },
    );
    plan.blocked.push(...others);
    const bringsTags = plan.steps.some(
      (step) => step.kind === "call" && step.action === "ModifyResourcesTags",
    );
    // Members that are not listed just now may come back with the tags that they had.
    if (!bringsTags && !this.orders.open() && lost.length === 0) this.appliedTags = this.wanted.tags ?? [];
    return plan;
  }

  private surveyOf(nodes: readonly EmrNode[]): Survey {
    return survey(nodes, this.wanted, { recorded: [...this.members], owner: this.orders.owner });
  }

  /**
   * How many nodes the pool is to have. For nodes whose loss the preview could not know of nothing is bought, also where they
   * have only come in this run: the next preview shows it.
   */
  private targetFor(members: readonly EmrNode[]): { target: number; vanished: Vanished[]; lost: Vanished[] } {
    const { count } = this.wanted;
    const isMissing = ({ resourceId }: Vanished) =>
      !members.some((node) => node.emrResourceId === resourceId) && !this.removed.has(resourceId);
    const lost = [...this.recorded, ...this.came]
      .filter(isMissing)
      .map(({ resourceId, applyTime }) => ({ resourceId, applyTime }));
    const vanished = [...(this.known?.vanished ?? []).filter(isMissing), ...lost];
    if (lost.length === 0 || members.length >= count) return { target: count, vanished, lost };
    const text = lost.map(({ resourceId }) => resourceId).join(", ");
    if (!this.toldLost)
      this.warn(
        `${text} of the pool ${lost.length === 1 ? "is" : "are"} not listed any more, which the preview could not show: nothing is bought for that now. Run \`pulumi refresh\`, and look at the next preview`,
      );
    this.toldLost = true;
    return { target: Math.max(members.length, count - lost.length), vanished, lost };
  }

  /** Nodes of the role that nobody owns and that were applied for after those that vanished. */
  private appeared(nodes: readonly EmrNode[], vanished: readonly { applyTime: string }[]): string[] {
    const since = vanished.map(({ applyTime }) => applyTime).sort()[0];
    if (since === undefined) return [];
    return unowned(nodes, this.wanted)
      .filter((node) => !this.members.has(node.emrResourceId) && (node.applyTime ?? since) >= since)
      .map(({ emrResourceId }) => emrResourceId);
  }

  /** What an earlier run has bought under this name, for a resource that nobody can tell from this new one. */
  private ordersOfOthers(nodes: readonly EmrNode[]): Note[] {
    return this.orders.others.flatMap(({ order, brought }) => {
      const came = brought
        ? nodes.filter((node) => brought.some(({ resourceId }) => resourceId === node.emrResourceId))
        : unowned(nodes, this.wanted).filter((node) => !order.before.includes(node.emrResourceId));
      const open = came.filter(
        (node) => !isNamed(node, [...(this.wanted.adopt ?? []), ...(this.wanted.exclude ?? [])]),
      );
      if (open.length === 0) return [];
      return [
        note(
          "ownership",
          `An earlier run on this machine bought ${nodesOf(order.count, this.wanted.role)} for a pool of this name (ClientToken ${order.token}), and ${open.map(({ emrResourceId }) => emrResourceId).join(", ")} may be these: if no other resource has them now, name them in adopt; else in exclude, or give this pool another poolId`,
          "poolId",
        ),
      ];
    });
  }

  private takenByOthers(found: EmrNode[]): Note[] {
    return found.flatMap(({ emrResourceId }) => {
      const owner = adoptions(this.context.session).get(emrResourceId);
      if (owner === undefined || owner === this.key) return [];
      return [badInput("adopt", `${emrResourceId} cannot be taken over: ${owner} has taken it in this run`)];
    });
  }

  /** Tags are set where the preview could know of it: what other hands have done since waits for the next one. */
  private memberOf(node: EmrNode) {
    const member = this.taggedMember(node);
    const wasThere = this.recorded.some(({ resourceId }) => resourceId === member.resourceId);
    const isAnnounced =
      this.changedTags().length + this.droppedTags().length > 0 ||
      this.known?.untagged?.includes(member.resourceId);
    if (member.tags !== "wrong" || this.operation !== "update" || !wasThere || isAnnounced) return member;
    if (!this.strangelyTagged.has(member.resourceId))
      this.warn(
        `${member.resourceId} has lost tags since the preview could see it, and they are not set now: run \`pulumi refresh\`, and look at the next preview`,
      );
    this.strangelyTagged.add(member.resourceId);
    return { ...member, tags: "right" as const };
  }

  private taggedMember(node: EmrNode) {
    const member = memberOf(node, this.wanted, this.droppedTags(), this.orders.owner);
    // Nobody needs tags on nodes that are about to go, and what was set once is not set again in the same run.
    if (this.operation === "delete" || this.tagged.has(node.emrResourceId))
      return { ...member, tags: "right" as const };
    if (member.tags !== "unseen") return member;
    const isNew = !(this.known?.nodes ?? []).some(({ resourceId }) => resourceId === member.resourceId);
    const isAdopted = (this.wanted.adopt ?? []).some(
      (id) => id === member.resourceId || id === member.orderNo,
    );
    const lacksTags =
      showsTags(this.nodes ?? []) || this.known?.untagged?.includes(member.resourceId) || this.tagStageFailed;
    const hasChange = this.droppedTags().length > 0 || this.changedTags().length > 0;
    const needsTags = lacksTags || (isAdopted && isNew) || hasChange;
    return needsTags ? { ...member, tags: "wrong" as const } : member;
  }

  private droppedTags() {
    const kept = (this.wanted.tags ?? []).map(({ tagKey }) => tagKey);
    return (this.appliedTags ?? []).filter(({ tagKey }) => !kept.includes(tagKey));
  }

  private changedTags() {
    const applied = this.appliedTags ?? [];
    return (this.wanted.tags ?? []).filter(
      ({ tagKey, tagValue }) => !applied.some((tag) => tag.tagKey === tagKey && tag.tagValue === tagValue),
    );
  }

  private async observeAtRest(): Promise<{ cluster: EmrCluster; nodes: EmrNode[] }> {
    const seen = await clusterAtRest(
      this.client,
      this.context.clock,
      this.wanted.clusterId,
      [...this.members],
      this.deadline,
      (busy) => this.say(`waits for ${describeCluster(busy)}`),
    );
    this.cluster = seen.cluster;
    this.nodes = seen.nodes;
    return seen;
  }

  private watch<T>(
    what: string,
    flow: Flow | undefined,
    justSent: boolean,
    decide: (sight: Sight) => T | undefined,
  ): Promise<T> {
    if (flow) this.lastFlow = `${flow.key} ${flow.value}`;
    const { client, deadline } = this;
    const tell = (message: string) => this.say(message);
    const { clock } = this.context;
    return watchWork(
      { client, clock, clusterId: this.wanted.clusterId, flow, deadline, what, justSent, tell },
      (sight) => {
        this.nodes = sight.nodes;
        return decide(sight);
      },
    );
  }

  /** Does the steps in order; ends early where the world turns out to differ from what the plan was made for. */
  private async execute(plan: Plan): Promise<void> {
    try {
      for (const step of plan.steps) await this.perform(step);
    } catch (error) {
      if (!(error instanceof Replan)) throw error;
      if (error.message) this.say(`${error.message}; plans again`);
    }
  }

  private async perform(step: Step): Promise<void> {
    switch (step.kind) {
      case "settle": {
        const order = this.orders.open();
        if (order) await this.settle(order, false);
        throw new Replan("");
      }
      case "adopt":
        for (const id of step.nodes) {
          this.members.add(id);
          for (const name of this.namesOf(id)) this.adopted.add(name);
          adoptions(this.context.session).set(id, this.key);
        }
        this.touched = true;
        return;
      case "ask":
        return this.askPrice(step.summary);
      case "wait":
        // Every call below returns once what it started is over, so that a plan can stop between calls.
        if (step.until === "machineIds") await this.pause(10_000, step.summary);
        return;
      case "call":
        await requireTime(this.context, step);
        return this.status.during(step, () => measured(this.context, step, () => this.callFor(step)));
    }
  }

  private callFor(step: CallStep): Promise<void> {
    if (step.buys) return this.buy(step.buys);
    if (step.removes) return this.remove(step.action, step.removes);
    return this.setTags(step.parameters["ResourceIds"] as string[]);
  }

  /** Lets time pass until the plan is made again, or ends where the limit has passed. */
  private async pause(milliseconds: number, why: string): Promise<never> {
    if ((await this.context.clock.now()) >= this.deadline.at) {
      throw new StoppedError(`Gave up: ${why}. ${this.deadline.hint}`);
    }
    await this.context.clock.sleep(milliseconds);
    throw new Replan(why);
  }

  private waitForOthers(error: CloudError): Promise<never> {
    this.repeats.waits += 1;
    const why = `another workflow holds ${this.wanted.clusterId} (${error.code})`;
    return this.pause(backoffMilliseconds(this.repeats.waits, 10_000, 60_000), why);
  }

  private async askPrice(what: string): Promise<void> {
    const zoneId = this.wanted.zoneId ?? this.cluster?.zoneId;
    if (zoneId === undefined) return;
    const { missing } = this;
    const { role, payMode } = this.wanted;
    const timeSpan = timeSpanOf(this.wanted);
    try {
      const request = priceRequest(this.wanted, missing, zoneId);
      const { originalCost, discountCost } = await this.client.call(inquiryPriceScaleOutInstance, request);
      const cost = discountCost ?? originalCost;
      const per = payMode === 1 ? `for ${timeSpan} month${timeSpan === 1 ? "" : "s"}` : "per hour";
      if (cost) this.say(`price of ${nodesOf(missing, role)}: ${cost} CNY ${per}`);
    } catch (error) {
      // What says that the purchase cannot succeed ends it here; a missing price does not.
      if (error instanceof CloudError && ["soldOut", "credentials", "unsent"].includes(error.kind))
        throw error;
      if (error instanceof CloudError && error.code === "ResourceUnavailable.ResourceSpecNotDefaultSpec")
        throw error;
      this.say(`could not ${what}, goes on without: ${messageOf(error)}`);
    }
  }

  private livingMembers(): EmrNode[] {
    return this.surveyOf(this.nodes ?? []).members;
  }

  private async buy(count: number): Promise<void> {
    // Looked at again just before the purchase: the list of what was there before tells later what is new.
    const expected = this.livingMembers().length;
    const { nodes } = await this.observeAtRest();
    const members = this.livingMembers().map((node) => node.emrResourceId);
    const isNews = nodes.some((node) => !this.planned.has(node.emrResourceId));
    if (members.length !== expected || isNews) throw new Replan("the cluster's nodes have changed meanwhile");
    const order = this.orders.start(
      {
        sentAt: await this.context.clock.now(),
        serverTime: timeOf(nodes),
        count,
        specHash: specHash(this.wanted),
        payMode: this.wanted.payMode,
        ...(this.wanted.zoneId === undefined ? {} : { zoneId: this.wanted.zoneId }),
        // A member that is not listed just now is none that the order brings.
        before: [...new Set([...nodes.map((node) => node.emrResourceId), ...this.members])],
      },
      this.wanted,
      members,
    );
    this.touched = true;
    try {
      const answer = await this.client.call(scaleOutInstance, this.request(order));
      order.acknowledged = true;
      const flow = flowOf(answer);
      if (flow) order.flow = flow;
      this.lastRequestId = answer.requestId;
      this.orders.update(order);
      this.say(`accepted, RequestId ${answer.requestId}`);
    } catch (error) {
      await this.settleDoubtful(order, error);
      return;
    }
    const { brought, failure, replayed } = await this.settle(order, true);
    if (brought >= count) {
      this.repeats.waits = 0;
      if (failure) this.warn(`the nodes are there, but ${failure}`);
      return;
    }
    if (replayed !== undefined && this.repeats.purchases++ === 0) {
      this.requireNoneOf(order, replayed);
      throw new Replan("the answer was that of an earlier order");
    }
    throw new StoppedError(
      `ScaleOutInstance on ${this.wanted.clusterId} brought ${brought} of ${nodesOf(count, this.wanted.role)}` +
        `${failure ? `: ${failure}` : ""} (RequestId ${this.lastRequestId}). ` +
        "What exists is in the stack's state; the next `pulumi up` asks only for the rest.",
    );
  }

  /** A purchase that failed: either it certainly did not happen, or it is found out what it brought. */
  private async settleDoubtful(order: Order, error: unknown): Promise<void> {
    if (!(error instanceof CloudError)) throw error;
    if (error.requestId) this.lastRequestId = error.requestId;
    if (!error.mayHaveHappened) {
      this.orders.settle(order, []);
      if (error.kind === "busy") return this.waitForOthers(error);
      throw error;
    }
    this.say(`${error.message} Looks for the nodes of this order before anything else`);
    const { brought } = await this.settle(order, true);
    if (brought >= order.count) throw new Replan("");
    // A repeat is only right where the request got lost on the way, or the token was that of an order which has left
    // nothing, and then only once.
    if (brought > 0 || this.repeats.purchases++ > 0) throw error;
    if (error.kind === "network") throw new Replan("the order did not get through");
    if (error.kind !== "duplicate") throw error;
    this.requireNoneOf(order, "");
    throw new Replan("the token was that of an earlier order, of which nothing is left");
  }

  /**
   * The cloud has repeated the answer to an equal order that was sent before: by now it has forgotten the token. What that
   * order brought must be nobody's loss, so that a node which may have come with it stops the purchase.
   */
  private requireNoneOf(order: Order, replayed: string): void {
    // Where tags are seen, the next plan knows its nodes by them.
    if (showsTags(this.nodes ?? [])) return;
    const came = unowned(this.nodes ?? [], this.wanted).filter(
      (node) => !this.members.has(node.emrResourceId) && (node.applyTime ?? replayed) >= replayed,
    );
    if (came.length > 0) throw new StoppedError(this.explainUnclear(order, came));
  }

  private request(order: Order): z.input<typeof scaleOutInstance.request> {
    const { wanted } = this;
    const start = wanted.startServiceAfterScaleOut;
    return {
      ...purchaseSettings(wanted),
      // "new" makes the server group: once the pool has nodes it exists.
      clickHouseClusterType:
        wanted.clickHouseClusterType === "new" && this.livingMembers().length > 0
          ? "old"
          : wanted.clickHouseClusterType,
      instanceId: wanted.clusterId,
      timeUnit: wanted.payMode === 1 ? "m" : "s",
      timeSpan: timeSpanOf(wanted),
      autoRenew: wanted.autoRenew === undefined ? undefined : Number(wanted.autoRenew),
      startServiceAfterScaleOut: start === undefined ? undefined : start ? "true" : "false",
      clientToken: order.token,
      [countFields[wanted.role]]: order.count,
      tags: tagsFor(wanted, this.orders.owner),
    };
  }

  /**
   * Finds out what an order brought, and takes it into the pool. `replayed`: the answer was that to an earlier order, whose
   * workflow was begun at that time, before this one was sent.
   */
  private async settle(
    order: Order,
    justSent: boolean,
  ): Promise<{ brought: number; failure: string; replayed: string | undefined }> {
    this.touched = true;
    // A time in the future is that of a clock that was wrong: the window then counts from now.
    const sentAt = Math.min(order.sentAt, await this.context.clock.now());
    const what = `what the order of ${nodesOf(order.count, this.wanted.role)} (ClientToken ${order.token}) brought`;
    let failure = "";
    let replayed: string | undefined;
    // What state has of an order is its own, also where other hands have taken the tags away since.
    const sighted = new Set([...this.members].filter((id) => !order.before.includes(id)));
    const brought = await this.watch(what, order.flow, justSent, (sight) => {
      const { now, cluster, nodes, flow, ended, rested } = sight;
      if (!cluster) throw new StoppedError(`EMR cluster ${this.wanted.clusterId} is gone.`);
      if (flow?.tags === "failed") this.tagStageFailed = true;
      if (flow?.state === "failed") {
        failure = `its workflow failed${flow.stage ? ` at ${flow.stage}` : ""}${flow.reason ? `: ${flow.reason}` : ""}`;
      }
      // Without a handle, an accepted order that was watched from the start held the cluster until it was over.
      const isOverUnwatched = !order.flow && order.acknowledged && justSent && rested !== undefined;
      const found = nodesOfOrder(nodes, this.wanted, order, {
        flow:
          ended === undefined
            ? isOverUnwatched
              ? "finished"
              : "unknown"
            : !ended
              ? "running"
              : flow?.state === "finished"
                ? "finished"
                : "ended",
        tags: flow?.tags ?? "unknown",
        ...(ended && flow ? { endedAt: flow.endedAt } : {}),
        members: this.members,
      });
      if (!order.begun && isScalingOut(cluster)) {
        order.begun = true;
        this.orders.update(order);
      }
      const wasSighted = (node: EmrNode) =>
        sighted.has(node.emrResourceId) && tagOf(node, poolTag) === undefined && !this.isSettledByName(node);
      const bought = nodes.filter((node) => found.bought.includes(node) || wasSighted(node));
      const unclear = found.unclear.filter((node) => !bought.includes(node));
      for (const { emrResourceId } of bought) sighted.add(emrResourceId);
      if (rested === undefined) return undefined;
      if (bought.length + this.accountedFor(order, nodes) >= order.count) return bought;
      const isEarlier =
        Boolean(flow?.startedAt) && order.serverTime !== "" && (flow?.startedAt ?? "") < order.serverTime;
      if (order.acknowledged && ended && isEarlier) replayed = flow?.startedAt;
      // A list may lag behind, and a token is remembered for a while: before that nothing is called empty.
      const isOver = rested >= listLag && now - sentAt >= tokenWindow;
      if (!isOver) return undefined;
      if (unclear.length > 0) throw new StoppedError(this.explainUnclear(order, unclear));
      const isDone =
        ended === undefined
          ? cluster.phase === "idle" && (order.acknowledged || order.begun)
          : flow?.state === "finished" && replayed === undefined;
      // What was listed once and is not any more has come and gone.
      const unseen = order.count - sighted.size - this.accountedFor(order, nodes);
      if (isDone && unseen > 0 && now - sentAt < deliveryWindow) {
        throw new StoppedError(
          `The order of ${nodesOf(order.count, this.wanted.role)} (ClientToken ${order.token}) seems to be done, but ${this.wanted.clusterId} lists only ${order.count - unseen} of ${order.count}: the rest may be listed later, and is billed then. Nothing is bought for it until ${timeTextOf(sentAt + deliveryWindow)}. Look in the EMR console, and run \`pulumi up\` again later.`,
        );
      }
      return bought;
    });
    if (order.specHash !== specHash(this.wanted) && brought.length > 0 && this.operation !== "delete") {
      throw new InputsDisagree(
        `An earlier order (ClientToken ${order.token}) brought ${brought.map((node) => node.emrResourceId).join(", ")} with other settings than the present ones, before an interrupted run. Go back to the earlier inputs, or name the nodes in adopt to keep them as they are (in exclude to leave them alone), then run \`pulumi up\` again.`,
      );
    }
    this.came.push(...brought.map(nodeOutputOf));
    for (const node of brought) {
      this.members.add(node.emrResourceId);
      this.planned.add(node.emrResourceId);
      this.removable?.add(node.emrResourceId);
    }
    this.orders.settle(order, brought.map(nodeOutputOf));
    this.say(`the order brought ${brought.length} of ${nodesOf(order.count, this.wanted.role)}`);
    return { brought: brought.length, failure, replayed };
  }

  /** Nodes that may be the order's, and of which a person has said whose they are. */
  private accountedFor(order: Order, nodes: readonly EmrNode[]): number {
    return nodes.filter((node) => this.isSettledByName(node) && !order.before.includes(node.emrResourceId))
      .length;
  }

  private isSettledByName(node: EmrNode): boolean {
    return isNamed(node, [...(this.wanted.adopt ?? []), ...(this.wanted.exclude ?? [])]);
  }

  private explainUnclear(order: Order, unclear: EmrNode[]): string {
    const ids = unclear.map((node) => node.emrResourceId).join(", ");
    return (
      `An order of ${nodesOf(order.count, this.wanted.role)} was sent (ClientToken ${order.token}), and ${ids} are new on ` +
      `${this.wanted.clusterId}, but carry no tag that says whose they are, or that of another pool of this name. Name those that belong to the pool in adopt, ` +
      `and the others in exclude. Then run \`pulumi up\` again; until then nothing is bought.`
    );
  }

  private async remove(action: string, ids: string[]): Promise<void> {
    this.touched = true;
    let flow: Flow | undefined;
    try {
      flow = await this.sendRemoval(action, ids);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.kind === "busy") return this.waitForOthers(error);
      // Removal goes by id: what is gone is gone, and what is still there is asked for again by the next plan.
      if (error.kind !== "gone" && !error.mayHaveHappened) throw error;
      this.repeats.removals += 1;
      if (this.repeats.removals > 5) throw error;
      return this.pause(
        backoffMilliseconds(this.repeats.removals, 10_000),
        `${error.message} Looks at what is left`,
      );
    }
    let failure = "";
    const left = await this.watch(
      `${ids.join(", ")} to be gone`,
      flow,
      true,
      ({ cluster, nodes, flow: status, ended, rested }) => {
        if (!cluster) return [];
        if (rested === undefined) return undefined;
        if (status?.state === "failed") failure = `its workflow failed at ${status.stage}: ${status.reason}`;
        const still = nodes.filter((node) => ids.includes(node.emrResourceId));
        if (still.length === 0) return still;
        return ended !== false && rested >= listingGrace ? still : undefined;
      },
    );
    for (const id of ids.filter((each) => !left.some((node) => node.emrResourceId === each))) {
      this.members.delete(id);
      this.removed.add(id);
    }
    if (left.length === 0) {
      this.repeats.removals = 0;
      this.repeats.waits = 0;
      return this.say(`${ids.join(", ")} removed`);
    }
    // Prepaid nodes may need to be asked twice; more than that is not patience but a fault.
    this.repeats.removals += 1;
    if (this.repeats.removals > 2) {
      throw new StoppedError(
        `${action} on ${this.wanted.clusterId} was accepted (RequestId ${this.lastRequestId}), but ${left.map((node) => node.emrResourceId).join(", ")} are still there${failure ? `: ${failure}` : ""}. Look at the cluster in the EMR console.`,
      );
    }
    throw new Replan("some nodes are still there");
  }

  private async sendRemoval(action: string, ids: string[]): Promise<Flow | undefined> {
    const { role, clusterId, scaleIn } = this.wanted;
    const going = named(ids, this.nodes ?? []);
    if (going.length === 0) throw new Replan("the pool's nodes have changed meanwhile");
    let used = action;
    const asTasks = () =>
      this.client.call(terminateTasks, {
        instanceId: clusterId,
        resourceIds: going.map((node) => node.emrResourceId),
      });
    const asNodes = () =>
      this.client.call(terminateClusterNodes, {
        instanceId: clusterId,
        cvmInstanceIds: going.flatMap((node) => node.orderNo || []),
        nodeFlag: role.toUpperCase() as "TASK" | "CORE" | "ROUTER",
        ...(scaleIn?.graceSeconds ? { graceDownFlag: true, graceDownTime: scaleIn.graceSeconds } : {}),
      });
    const answer =
      action === "TerminateTasks"
        ? await asTasks()
        : await asNodes().catch((error: unknown) => {
            // Editions without the newer call still have the older one, for task nodes and without grace.
            const isMissing = error instanceof CloudError && error.code.startsWith("InvalidAction");
            if (!isMissing || role !== "task" || scaleIn?.graceSeconds) throw error;
            used = "TerminateTasks";
            return asTasks();
          });
    this.lastRequestId = answer.requestId;
    this.say(`${used} accepted, RequestId ${answer.requestId}`);
    return flowOf(answer);
  }

  private async setTags(ids: string[]): Promise<void> {
    const { cluster, nodes } = await this.observeAtRest();
    const targets = named(ids, nodes);
    if (targets.length < ids.length) throw new Replan("the pool's nodes have changed meanwhile");
    this.touched = true;
    try {
      let failed = await this.sendTags(cluster, targets, false);
      // Where a node's tags cannot be seen it is not known whether a key is there: then the other way is right.
      if (failed && targets.some((node) => !node.tags))
        failed = await this.sendTags(await this.rest(), targets, true);
      if (failed) {
        throw new StoppedError(
          `ModifyResourcesTags on ${this.wanted.clusterId} did not set all tags (RequestId ${this.lastRequestId}). Check the tag permissions and that the tags exist, then run \`pulumi up\` again.`,
        );
      }
    } catch (error) {
      if (error instanceof CloudError && error.kind === "busy") return this.waitForOthers(error);
      throw error;
    }
    for (const id of ids) this.tagged.add(id);
    const isDone = this.livingMembers().every((node) => this.memberOf(node).tags !== "wrong");
    if (isDone) this.appliedTags = this.wanted.tags ?? [];
  }

  private async rest(): Promise<EmrCluster> {
    return (await this.observeAtRest()).cluster;
  }

  /** `present`: take keys on nodes that show no tags to be there already. Says whether some could not be set. */
  private async sendTags(cluster: EmrCluster, targets: EmrNode[], present: boolean): Promise<boolean> {
    const region = this.client.region;
    const tags = tagsFor(this.wanted, this.orders.owner);
    const dropped = this.droppedTags();
    const answer = await this.client.call(modifyResourcesTags, {
      modifyType: "Node",
      modifyResourceTagsInfoList: targets.map((node) => {
        const has = (key: string) => node.tags?.some(({ tagKey }) => tagKey === key) ?? present;
        const modify = tags.filter(({ tagKey }) => has(tagKey));
        const add = tags.filter(({ tagKey }) => !has(tagKey));
        const drop = dropped.filter(({ tagKey }) => has(tagKey));
        return {
          resourceId: node.emrResourceId,
          // Where the account is not told, the name is taken without it.
          resource: `qcs::emr:${region}:uin/${cluster.uin ?? ""}:emr-vm/${node.emrResourceId}`,
          resourcePrefix: "emr-vm" as const,
          resourceRegion: region,
          serviceType: "emr" as const,
          ...(add.length > 0 ? { addTags: add } : {}),
          ...(modify.length > 0 ? { modifyTags: modify } : {}),
          ...(drop.length > 0 ? { deleteTags: drop } : {}),
        };
      }),
    });
    this.lastRequestId = answer.requestId;
    const flow = flowOf({ flowId: answer.clusterToFlowIdList?.find(({ flowId }) => flowId)?.flowId });
    await this.watch("the tags to be set", flow, true, ({ rested, ended }) =>
      rested !== undefined && ended !== false ? true : undefined,
    );
    return (answer.failList ?? []).length + (answer.partSuccessList ?? []).length > 0;
  }

  /** What to record: the inputs as wanted, the tags as applied, and the pool as last seen. */
  private state(): NodePoolState {
    const nodes = this.nodes
      ? byBirth(this.livingMembers().map(nodeOutputOf), this.known?.nodes)
      : (this.known?.nodes ?? []);
    const pendingOrder = this.orders.open();
    const untagged = this.untagged();
    const vanished = this.nodes ? this.lastingVanished(this.nodes) : [];
    const { tags: _tags, adopt, ...inputs } = this.wanted;
    const isTaken = (id: string) =>
      this.known?.adopt?.includes(id) ||
      nodes.some(({ resourceId, orderNo }) => resourceId === id || orderNo === id);
    return {
      ...inputs,
      ...(adopt ? { adopt: adopt.filter(isTaken) } : {}),
      ...(this.appliedTags?.length || this.wanted.tags ? { tags: this.appliedTags ?? [] } : {}),
      nodes,
      nodeCount: nodes.length,
      privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
      region: this.client.region,
      lastFlow: this.lastFlow,
      lastRequestId: this.lastRequestId,
      specHash: specHash(this.wanted),
      owner: this.orders.owner,
      ...(pendingOrder ? { pendingOrder } : {}),
      ...(vanished.length > 0 ? { vanished } : {}),
      ...(untagged.length > 0 ? { untagged } : {}),
    };
  }

  /** What the next preview has to know of: an earlier loss too, while it is not said whether a new node makes up for it. */
  private lastingVanished(nodes: readonly EmrNode[]): Vanished[] {
    if (this.operation === "delete") return [];
    const { vanished, lost } = this.targetFor(this.livingMembers());
    return this.appeared(nodes, vanished).length > 0 ? vanished : lost;
  }

  /** Members that lack their tags; whether those of an open order have got them is not known yet. */
  private untagged(): string[] {
    if (!this.nodes) return this.known?.untagged ?? [];
    if (this.orders.open()) return [];
    return this.livingMembers()
      .map((node) => this.memberOf(node))
      .filter(({ tags }) => tags === "wrong")
      .map(({ resourceId }) => resourceId)
      .sort();
  }

  /** Looks once more at what exists, as far as that is possible, and hands it over with the reason. */
  private async stopped(error: unknown): Promise<Stopped<NodePoolState>> {
    if (this.touched) {
      try {
        const cluster = await findCluster(this.client, this.wanted.clusterId);
        this.nodes = cluster ? await listNodes(this.client, this.wanted.clusterId) : [];
      } catch (failure) {
        this.say(`could not look at the nodes again: ${messageOf(failure)}`);
      }
    }
    const state = this.state();
    // Of what is wanted, as much is recorded as there is: the next preview shows what is missing.
    const present = { ...state, count: state.nodeCount };
    return new Stopped(error, present, this.touched || this.orders.open() !== undefined);
  }
}
