// Carries a node pool's plan out. Promises: nothing is bought while it is not known what an earlier order brought,
// only members are removed, and whatever exists when it ends is told to the caller.
import type { z } from "zod";
import type { Context } from "../context";
import { CloudError, messageOf, StoppedError } from "../errors";
import { type Journal, openJournal } from "../journal";
import { withLock } from "../lock";
import { describePlan, describeStep, type Plan, type Step } from "../plan";
import { backoffMilliseconds } from "../retry";
import { type Deadline, durationMilliseconds, poll } from "../wait";
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
  flowStatus,
  isGone,
  listNodes,
} from "./emrCluster";
import {
  birthSettings,
  countFields,
  memberOf,
  nodeOutputOf,
  nodesOf,
  nodesOfOrder,
  orderToken,
  planPool,
  specHash,
  survey,
  tagsFor,
  timeSpanOf,
} from "./emrNodePoolPlan";
import { type NodePoolInputs, type NodePoolState, type Order, poolTag } from "./emrNodePoolSchema";

/** How long the cloud may remember a ClientToken (5 minutes), and what is added for clocks that disagree. */
const tokenWindow = 300_000 + 30_000;
/** How long a finished order's nodes may take to be listed. */
const listingGrace = 60_000;
/** How long a workflow may be blocked, or not be found, before it is reported. */
const blockedGrace = 300_000;

interface JournalEntry {
  /** The order whose outcome is not known. */
  order?: Order | undefined;
  /** Tokens of orders that are settled, so that a purchase like them gets another. */
  used: { token: string; sentAt: number }[];
}

/** What state knew when the operation began. */
export interface Known {
  members: string[];
  order: Order | undefined;
  appliedTags: NodePoolInputs["tags"];
  /** Ids in `adopt` that were taken over before. */
  adopted: string[];
  lastFlow: string;
  lastRequestId: string;
}

export const nothingKnown: Known = {
  members: [],
  order: undefined,
  appliedTags: undefined,
  adopted: [],
  lastFlow: "",
  lastRequestId: "",
};

export function knownFrom(state: NodePoolState): Known {
  return {
    members: (state.nodes ?? []).map(({ resourceId }) => resourceId),
    order: state.pendingOrder,
    appliedTags: state.tags ?? [],
    adopted: state.adopt ?? [],
    lastFlow: state.lastFlow ?? "",
    lastRequestId: state.lastRequestId ?? "",
  };
}

/** A pool's operation ended before it was done. `touched` says whether anything may have been changed. */
export class PoolStopped extends Error {
  override readonly name = "PoolStopped";
  constructor(
    readonly reason: unknown,
    readonly state: NodePoolState,
    readonly touched: boolean,
  ) {
    super(messageOf(reason), { cause: reason });
  }
}

export function poolKey({
  clusterId,
  role,
  poolId,
}: Pick<NodePoolInputs, "clusterId" | "role" | "poolId">): string {
  return `${clusterId}/${role}/${poolId}`;
}

type Operation = "create" | "update" | "delete";

/** Makes the cluster hold what is wanted, under the cluster's lock. Throws PoolStopped with what exists otherwise. */
export async function applyPool(
  context: Context,
  operation: Operation,
  wanted: NodePoolInputs,
  known: Known,
): Promise<NodePoolState> {
  const client = tencentClient(context);
  const limit = wanted.timeouts?.[operation] ?? "60m";
  return withLock(
    `tencent/${client.region}/${wanted.clusterId}`,
    async () => {
      const deadline: Deadline = {
        at: (await context.clock.now()) + durationMilliseconds(limit),
        hint: `Raise timeouts.${operation} (now ${limit}) if this is normal for the cluster; run \`pulumi up\` again to go on from here.`,
      };
      return new PoolRun(context, client, operation, wanted, known, deadline).run();
    },
    () => context.progress(`${wanted.poolId}: waits for other changes to ${wanted.clusterId} in this run`),
  );
}

/** Thrown where the world moved under a plan: it is made again. */
class Replan extends Error {}

class PoolRun {
  private readonly members: Set<string>;
  private readonly journal: Journal<JournalEntry>;
  private nodes: EmrNode[] = [];
  private order: Order | undefined;
  private appliedTags: NodePoolInputs["tags"];
  private lastFlow: string;
  private lastRequestId: string;
  private touched = false;
  /** Purchases that turned out not to have happened, one after the other. */
  private lost = 0;
  private waits = 0;

  constructor(
    private readonly context: Context,
    private readonly client: TencentClient,
    private readonly operation: Operation,
    private readonly wanted: NodePoolInputs,
    private readonly known: Known,
    private readonly deadline: Deadline,
  ) {
    this.members = new Set(known.members);
    this.appliedTags = known.appliedTags;
    this.lastFlow = known.lastFlow;
    this.lastRequestId = known.lastRequestId;
    this.journal = openJournal(context.journalDirectory, `${client.region}/${poolKey(wanted)}`);
  }

  async run(): Promise<NodePoolState> {
    try {
      // The journal is newer than state: it was written by the run that did not get to save its state.
      this.order = this.journal.read()?.order ?? this.known.order;
      for (let shown = ""; ; ) {
        const plan = await this.makePlan();
        const text = describePlan(plan).join("; ");
        if (plan.steps.length > 0 && text !== shown) this.say(`plan: ${text}`);
        shown = text;
        if (plan.blocked.length > 0) throw new StoppedError(`${plan.blocked.join(". ")}.`);
        if (plan.steps.length === 0) return this.state();
        await this.execute(plan);
      }
    } catch (error) {
      throw await this.stopped(error);
    }
  }

  private say(message: string): void {
    this.context.progress(`${this.wanted.poolId}: ${message}`);
  }

  /** Waits for the cluster, looks at its nodes, and plans. */
  private async makePlan(): Promise<Plan> {
    await this.observeAtRest();
    const view = survey(this.nodes, this.wanted, [...this.members]);
    const named = (id: string) => this.nodes.some((node) => node.emrResourceId === id || node.orderNo === id);
    const deleting = this.operation === "delete";
    return planPool(this.wanted, {
      members: view.members.map((node) => memberOf(node, this.wanted)),
      found: view.found.map((node) => node.emrResourceId),
      otherSpec: deleting ? [] : view.otherSpec.map((node) => node.emrResourceId),
      notAdoptable: deleting ? [] : view.notAdoptable,
      adoptMissing: (this.wanted.adopt ?? []).filter((id) => !named(id) && !this.known.adopted.includes(id)),
      pendingOrder: this.order,
      // Nobody needs tags on nodes that are about to go.
      appliedTags: deleting ? this.wanted.tags : this.appliedTags,
      warnings: view.warnings,
    });
  }

  private async observeAtRest(): Promise<EmrCluster> {
    const { cluster, nodes } = await clusterAtRest(
      this.client,
      this.context.clock,
      this.wanted.clusterId,
      this.deadline,
      (busy) => this.say(`waits for ${describeCluster(busy)}`),
    );
    this.nodes = nodes;
    return cluster;
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
      case "settle":
        if (this.order) await this.settle(this.order);
        throw new Replan("");
      case "adopt":
        for (const id of step.nodes) this.members.add(id);
        return;
      case "ask":
        return this.askPrice(step.summary);
      case "wait":
        // Every call below returns once what it started is over, so that a plan can stop between calls.
        return;
      case "call":
        this.say(`${describeStep(step)} …`);
        if (step.buys) return this.buy(step.buys.count);
        if (step.removes) return this.remove(step.action, step.removes);
        return this.setTags(step.parameters["ResourceIds"] as string[]);
    }
  }

  private async askPrice(what: string): Promise<void> {
    const cluster = await findCluster(this.client, this.wanted.clusterId);
    const zoneId = this.wanted.zoneId ?? cluster?.zoneId;
    if (zoneId === undefined) return;
    const missing = this.wanted.count - this.livingMembers().length;
    const { role, payMode, hardwareResourceType } = this.wanted;
    try {
      const { originalCost, discountCost, unit } = await this.client.call(inquiryPriceScaleOutInstance, {
        instanceId: this.wanted.clusterId,
        timeUnit: payMode === 1 ? "m" : "s",
        timeSpan: timeSpanOf(this.wanted),
        payMode,
        zoneId,
        currency: "CNY",
        coreCount: role === "core" ? missing : 0,
        taskCount: role === "task" ? missing : 0,
        ...(role === "router" ? { routerCount: missing } : {}),
        ...(role === "master" ? { masterCount: missing } : {}),
        ...(hardwareResourceType ? { hardwareResourceType } : {}),
      });
      const cost = discountCost ?? originalCost;
      if (cost) this.say(`price of ${nodesOf(missing, role)}: ${cost} CNY${unit ? ` (${unit})` : ""}`);
    } catch (error) {
      // What says that the purchase cannot succeed ends it here; a missing price does not.
      if (error instanceof CloudError && (error.kind === "soldOut" || error.kind === "credentials"))
        throw error;
      if (error instanceof CloudError && error.code === "ResourceUnavailable.ResourceSpecNotDefaultSpec")
        throw error;
      this.say(`could not ${what}, goes on without: ${messageOf(error)}`);
    }
  }

  private livingMembers(): EmrNode[] {
    return survey(this.nodes, this.wanted, [...this.members]).members;
  }

  private async buy(count: number): Promise<void> {
    // Looked at again just before the purchase: the list of what was there before tells later what is new.
    const expected = this.livingMembers().length;
    await this.observeAtRest();
    const members = this.livingMembers();
    if (members.length !== expected) throw new Replan("the pool's nodes have changed meanwhile");
    const order = await this.startOrder(members, count);
    try {
      const answer = await this.client.call(scaleOutInstance, this.request(order));
      order.acknowledged = true;
      const flow = flowOf(answer);
      if (flow) order.flow = flow;
      this.lastRequestId = answer.requestId;
      this.writeJournal(order);
      this.say(`ScaleOutInstance accepted, RequestId ${answer.requestId}`);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.requestId) this.lastRequestId = error.requestId;
      if (!error.mayHaveHappened) {
        this.endOrder(order);
        if (error.kind === "busy") return this.waitForOthers(error);
        throw error;
      }
      this.say(`${error.message} Looks for the nodes of this order before anything else`);
      const brought = await this.settle(order);
      // A repeat is only right where the request got lost on the way, and then only once.
      const gotLost = error.kind === "network" && brought === 0 && this.lost++ === 0;
      if (brought >= count || gotLost) throw new Replan(gotLost ? "the order did not get through" : "");
      throw error;
    }
    const brought = await this.settle(order);
    if (brought < count) {
      throw new StoppedError(
        `ScaleOutInstance on ${this.wanted.clusterId} brought ${brought} of ${nodesOf(count, this.wanted.role)}` +
          `${this.failure ? `: ${this.failure}` : ""} (RequestId ${this.lastRequestId}). ` +
          "What exists is in the stack's state; the next `pulumi up` asks only for the rest.",
      );
    }
  }

  private request(order: Order): z.input<typeof scaleOutInstance.request> {
    const { wanted } = this;
    return {
      ...birthSettings(wanted),
      instanceId: wanted.clusterId,
      timeUnit: wanted.payMode === 1 ? "m" : "s",
      timeSpan: timeSpanOf(wanted),
      autoRenew: wanted.autoRenew === undefined ? undefined : Number(wanted.autoRenew),
      startServiceAfterScaleOut:
        wanted.startServiceAfterScaleOut === undefined
          ? undefined
          : wanted.startServiceAfterScaleOut
            ? "true"
            : "false",
      clientToken: order.token,
      [countFields[wanted.role]]: order.count,
      tags: tagsFor(wanted),
    };
  }

  /** Writes down what is about to be bought, before it is asked for. */
  private async startOrder(members: EmrNode[], count: number): Promise<Order> {
    const now = await this.context.clock.now();
    const used = this.usedTokens(now);
    const ids = members.map((node) => node.emrResourceId);
    let token = orderToken(this.wanted, ids, count, 0);
    for (let salt = 1; used.some((earlier) => earlier.token === token); salt++) {
      token = orderToken(this.wanted, ids, count, salt);
    }
    const order: Order = {
      token,
      sentAt: now,
      serverTime: this.nodes.map((node) => node.currentTime ?? "").reduce((a, b) => (a > b ? a : b), ""),
      count,
      before: this.nodes.map((node) => node.emrResourceId),
      acknowledged: false,
    };
    this.touched = true;
    this.writeJournal(order);
    return order;
  }

  private usedTokens(now: number): JournalEntry["used"] {
    return (this.journal.read()?.used ?? []).filter(({ sentAt }) => now - sentAt < 2 * tokenWindow);
  }

  private writeJournal(order: Order): void {
    this.order = order;
    this.journal.write({ order, used: this.usedTokens(order.sentAt) });
  }

  /** The outcome is known: nothing is pending, and the token is not used again while the cloud may remember it. */
  private endOrder(order: Order): void {
    this.order = undefined;
    this.journal.write({
      used: [...this.usedTokens(order.sentAt), { token: order.token, sentAt: order.sentAt }],
    });
  }

  private failure = "";

  /** Finds out what an order brought, takes it into the pool, and says how many nodes that is. */
  private async settle(order: Order): Promise<number> {
    this.touched = true;
    this.failure = "";
    const seenDuringFlow = new Set<string>();
    const { clock } = this.context;
    let restingSince: number | undefined;
    let unreadableSince: number | undefined;
    let told = "";
    const tell = (text: string) => {
      if (text !== told) this.say(text);
      told = text;
    };
    const what = `${nodesOf(order.count, this.wanted.role)} (ClientToken ${order.token})`;
    const bought = await poll(
      clock,
      this.deadline,
      () => `the order of ${what}`,
      async (now) => {
        const flow = order.flow
          ? await flowStatus(this.client, this.wanted.clusterId, order.flow)
          : undefined;
        if (order.flow) this.lastFlow = `${order.flow.key} ${order.flow.value}`;
        const cluster = await findCluster(this.client, this.wanted.clusterId);
        if (!cluster) throw new StoppedError(`EMR cluster ${this.wanted.clusterId} is gone.`);
        if (cluster.phase === "unusable")
          throw new StoppedError(`${describeCluster(cluster)} cannot be used any more.`);
        this.nodes = await listNodes(this.client, this.wanted.clusterId);
        const ended = flow?.state === "finished" || flow?.state === "failed";
        if (order.flow) for (const node of this.nodes) seenDuringFlow.add(node.emrResourceId);
        const { bought: own, unclear } = nodesOfOrder(this.nodes, this.wanted, order, {
          flow: !flow ? "none" : ended ? "ended" : "running",
          seenDuringFlow,
        });
        if (flow?.state === "failed")
          this.failure = `workflow failed${flow.stage ? ` at ${flow.stage}` : ""}${flow.reason ? `: ${flow.reason}` : ""}`;
        if (flow && !ended) {
          tell(`workflow ${Math.floor(flow.progress * 10) * 10}%${flow.stage ? `, ${flow.stage}` : ""}`);
        }
        if (cluster.phase === "busy") restingSince = undefined;
        else restingSince ??= now;
        const rested = restingSince === undefined ? 0 : now - restingSince;
        const isResting = restingSince !== undefined;

        if (isResting && own.length >= order.count && (!flow || ended || flow.state === "unknown"))
          return own;
        const isStuck = flow?.state === "blocked" || flow?.state === "unknown";
        if (isStuck) unreadableSince ??= now;
        else unreadableSince = undefined;
        if (
          unreadableSince !== undefined &&
          now - unreadableSince >= blockedGrace &&
          flow?.state === "blocked"
        ) {
          throw new StoppedError(
            `The workflow ${this.lastFlow} on ${this.wanted.clusterId} is blocked${flow.stage ? ` at ${flow.stage}` : ""}: a person has to act in the EMR console. The order of ${what} stays recorded; run \`pulumi up\` again afterwards.`,
          );
        }
        const isOver = flow && !isStuck ? ended : now - order.sentAt >= tokenWindow;
        if (!isOver || !isResting || rested < listingGrace) return undefined;
        if (unclear.length > 0) {
          throw new StoppedError(
            `An order of ${what} was sent, and ${unclear.map((node) => node.emrResourceId).join(", ")} are new on ${this.wanted.clusterId}, but carry no tag that says whose they are. ` +
              `Name those that belong to the pool in adopt; give the others the tag ${poolTag} with another value. Then run \`pulumi up\` again.`,
          );
        }
        return own;
      },
    );
    for (const node of bought) this.members.add(node.emrResourceId);
    this.endOrder(order);
    this.say(`the order brought ${bought.length} of ${nodesOf(order.count, this.wanted.role)}`);
    return bought.length;
  }

  private async waitForOthers(error: CloudError): Promise<never> {
    if ((await this.context.clock.now()) >= this.deadline.at) throw error;
    this.waits += 1;
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 10_000, 60_000));
    throw new Replan(`another workflow holds ${this.wanted.clusterId} (${error.code})`);
  }

  private async remove(action: string, ids: string[]): Promise<void> {
    const going = this.nodes.filter((node) => ids.includes(node.emrResourceId));
    this.touched = true;
    let flow: Flow | undefined;
    try {
      flow = await this.sendRemoval(action, going);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.kind === "busy") return this.waitForOthers(error);
      // Removal goes by id: what is gone is gone, and what is still there is asked for again by the next plan.
      if (error.kind !== "gone" && !error.mayHaveHappened) throw error;
      if (error.mayHaveHappened && this.lost++ >= 3) throw error;
      this.say(`${error.message} Looks at what is still there`);
      await this.context.clock.sleep(backoffMilliseconds(1, 10_000));
      throw new Replan("");
    }
    const { clock } = this.context;
    let restingSince: number | undefined;
    const left = await poll(
      clock,
      this.deadline,
      () => `${ids.join(", ")} to be removed`,
      async (now) => {
        const status = flow ? await flowStatus(this.client, this.wanted.clusterId, flow) : undefined;
        const cluster = await findCluster(this.client, this.wanted.clusterId);
        if (!cluster) {
          this.nodes = [];
          return [];
        }
        this.nodes = await listNodes(this.client, this.wanted.clusterId);
        const still = this.nodes.filter((node) => ids.includes(node.emrResourceId));
        if (cluster.phase === "busy") restingSince = undefined;
        else restingSince ??= now;
        if (restingSince === undefined) return undefined;
        if (still.length === 0) return still;
        if (status?.state === "failed") this.failure = `${status.stage} ${status.reason}`.trim();
        const isOver = status?.state === "failed" || status?.state === "finished" || !flow;
        return isOver && now - restingSince >= listingGrace ? still : undefined;
      },
    );
    for (const id of ids) if (!left.some((node) => node.emrResourceId === id)) this.members.delete(id);
    // Prepaid nodes may need to be asked twice; more than that is not patience but a fault.
    if (left.length > 0 && this.lost++ >= 1) {
      throw new StoppedError(
        `${action} on ${this.wanted.clusterId} was accepted (RequestId ${this.lastRequestId}), but ${left.map((node) => node.emrResourceId).join(", ")} are still there${this.failure ? `: ${this.failure}` : ""}. Look at the cluster in the EMR console.`,
      );
    }
    if (left.length > 0) throw new Replan("some nodes are still there");
    this.say(`${ids.join(", ")} removed`);
  }

  private async sendRemoval(action: string, going: EmrNode[]): Promise<Flow | undefined> {
    const { role, clusterId, scaleIn } = this.wanted;
    const answer =
      action === "TerminateTasks"
        ? await this.client.call(terminateTasks, {
            instanceId: clusterId,
            resourceIds: going.map((node) => node.emrResourceId),
          })
        : await this.client
            .call(terminateClusterNodes, {
              instanceId: clusterId,
              cvmInstanceIds: going.flatMap((node) => node.orderNo ?? []),
              nodeFlag: role.toUpperCase() as "TASK" | "CORE" | "ROUTER",
              ...(scaleIn?.graceSeconds ? { graceDownFlag: true, graceDownTime: scaleIn.graceSeconds } : {}),
            })
            .catch((error: unknown) => {
              // Editions without the newer call still have the older one, for task nodes and without grace.
              const isMissing = error instanceof CloudError && error.code.startsWith("InvalidAction");
              if (!isMissing || role !== "task" || scaleIn?.graceSeconds) throw error;
              return this.sendRemoval("TerminateTasks", going).then(() => undefined);
            });
    if (!answer) return undefined;
    this.lastRequestId = answer.requestId;
    this.say(`${action} accepted, RequestId ${answer.requestId}`);
    const flow = flowOf(answer);
    if (flow) this.lastFlow = `${flow.key} ${flow.value}`;
    return flow;
  }

  private async setTags(ids: string[]): Promise<void> {
    const cluster = await this.observeAtRest();
    const region = this.client.region;
    const targets = this.nodes.filter((node) => ids.includes(node.emrResourceId));
    const wanted = tagsFor(this.wanted);
    const dropped = (this.appliedTags ?? []).filter(
      (tag) => !wanted.some(({ tagKey }) => tagKey === tag.tagKey),
    );
    this.touched = true;
    try {
      const answer = await this.client.call(modifyResourcesTags, {
        modifyType: "Node",
        modifyResourceTagsInfoList: targets.map((node) => {
          const has = (key: string) => node.tags?.some(({ tagKey }) => tagKey === key) ?? false;
          const modify = wanted.filter(({ tagKey }) => has(tagKey));
          const add = wanted.filter(({ tagKey }) => !has(tagKey));
          return {
            resourceId: node.emrResourceId,
            resource: `qcs::emr:${region}:uin/${cluster.uin ?? ""}:emr-vm/${node.emrResourceId}`,
            resourcePrefix: "emr-vm" as const,
            resourceRegion: region,
            serviceType: "emr" as const,
            ...(add.length > 0 ? { addTags: add } : {}),
            ...(modify.length > 0 ? { modifyTags: modify } : {}),
            ...(dropped.length > 0 ? { deleteTags: dropped } : {}),
          };
        }),
      });
      this.lastRequestId = answer.requestId;
      const failed = [...(answer.failList ?? []), ...(answer.partSuccessList ?? [])];
      if (failed.length > 0) {
        throw new StoppedError(
          `ModifyResourcesTags on ${this.wanted.clusterId} did not set all tags (RequestId ${answer.requestId}). Check the tag permissions and that the tags exist, then run \`pulumi up\` again.`,
        );
      }
    } catch (error) {
      if (error instanceof CloudError && error.kind === "busy") return this.waitForOthers(error);
      throw error;
    }
    await this.observeAtRest();
    // Once every member is done, the tags are applied.
    this.appliedTags = this.wanted.tags ?? [];
  }

  /** What to record: the inputs as wanted, and the pool as last seen. */
  private state(): NodePoolState {
    const nodes = this.livingMembers()
      .map(nodeOutputOf)
      .sort((a, b) => (a.resourceId < b.resourceId ? -1 : 1));
    return {
      ...this.wanted,
      nodes,
      nodeCount: nodes.length,
      privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
      lastFlow: this.lastFlow,
      lastRequestId: this.lastRequestId,
      specHash: specHash(this.wanted),
      ...(this.order ? { pendingOrder: this.order } : {}),
    };
  }

  /** Looks once more at what exists, as far as that is possible, and hands it over with the reason. */
  private async stopped(error: unknown): Promise<PoolStopped> {
    if (this.touched) {
      try {
        const cluster = await findCluster(this.client, this.wanted.clusterId);
        this.nodes = cluster ? await listNodes(this.client, this.wanted.clusterId) : [];
      } catch (failure) {
        if (!isGone(failure)) this.say(`could not look at the nodes again: ${messageOf(failure)}`);
      }
    }
    return new PoolStopped(error, this.state(), this.touched || this.order !== undefined);
  }
}
