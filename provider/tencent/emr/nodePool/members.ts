// Which nodes a pool has while an operation on it goes on, which of them it must not touch, and which lack their tags.
import { type Context, warn } from "../../../base/context";
import { perSession } from "../../../base/session";
import { badInput, type Note, note } from "../../../core/note";
import type { Operation } from "../../../core/operation";
import { removedBy } from "../../../core/plan";
import type { TencentClient } from "../../client";
import type { EmrNode } from "../cluster";
import { journalKey, type Orders, openOrders } from "./orders";
import { nodesOf, type ObservedPool, planPool, recordedPool } from "./plan";
import type { NodeOutput, NodePoolInputs, NodePoolState } from "./schema";
import {
  isExcluded,
  isNamed,
  memberOf,
  nodeOutputOf,
  type Survey,
  showsTags,
  survey,
  unowned,
} from "./survey";

// Which pool of this session took a node over: where tags cannot be seen, nothing else says so to the next one.
const adoptions = perSession(() => new Map<string, string>());

type Vanished = Pick<NodeOutput, "resourceId" | "applyTime">;

const isListed = (id: string, nodes: readonly EmrNode[]) =>
  nodes.some(({ emrResourceId }) => emrResourceId === id);

export class PoolMembers {
  readonly key: string;
  readonly orders: Orders;
  readonly ids: Set<string>;
  /** Ids and machine ids of nodes that were taken over in this run. */
  private readonly adopted = new Set<string>();
  /** Nodes whose tags were set in this run, seen or not. */
  readonly tagged = new Set<string>();
  /** Whether the cloud has said that it could not bind tags. */
  hasTagStageFailed = false;
  appliedTags: NodePoolInputs["tags"];
  /** What the preview could know: the nodes to remove by name, and all that were there. */
  private readonly recorded: readonly NodeOutput[];
  private readonly removable: Set<string> | undefined;
  /** Nodes that this run has removed. */
  private readonly removed = new Set<string>();
  /** Nodes that this run has bought. */
  private readonly came: NodeOutput[] = [];
  private readonly told = new Set<string>();

  constructor(
    private readonly context: Context,
    client: TencentClient,
    private readonly operation: Operation,
    private readonly wanted: NodePoolInputs,
    private readonly known: NodePoolState | undefined,
  ) {
    this.recorded = (known?.nodes ?? []).filter((node) => !isExcluded(node, wanted));
    this.ids = new Set(
      [...(known?.nodes ?? []), ...(known?.vanished ?? [])].map(({ resourceId }) => resourceId),
    );
    // A new pool has nothing to bring tags to; an existing one without tags has applied none.
    this.appliedTags = known ? (known.tags ?? []) : wanted.tags;
    this.key = journalKey(client.region, wanted);
    this.orders = openOrders(context, this.key, known);
    for (const { resourceId } of this.orders.brought) this.ids.add(resourceId);
    // What is found out only in this run was announced as not known.
    if (operation === "update")
      this.removable = new Set([
        ...removedBy(planPool(wanted, recordedPool(known, wanted))),
        ...this.orders.brought.map(({ resourceId }) => resourceId),
      ]);
  }

  /** Those that have not been found missing before. */
  expected(): string[] {
    const vanished = (this.known?.vanished ?? []).map(({ resourceId }) => resourceId);
    return [...this.ids].filter((id) => !vanished.includes(id));
  }

  /** Once for each text. */
  private warn(text: string): void {
    if (!this.told.has(text)) warn(this.context, text);
    this.told.add(text);
  }

  survey(nodes: readonly EmrNode[]): Survey {
    return survey(nodes, this.wanted, { recorded: [...this.ids], owner: this.orders.owner });
  }

  living(nodes: readonly EmrNode[]): EmrNode[] {
    return this.survey(nodes).members;
  }

  /** What the plan is made for. */
  observed(nodes: readonly EmrNode[]): ObservedPool & { target: number } {
    const { wanted, orders } = this;
    let view = this.survey(nodes);
    const isDelete = this.operation === "delete";
    // What the pool has bought goes with it, however it was bought.
    if (isDelete && view.otherSpec.length > 0) {
      for (const node of view.otherSpec) this.ids.add(node.emrResourceId);
      view = this.survey(nodes);
    }
    this.forgetGone(nodes);
    const named = (id: string) => nodes.some((node) => node.emrResourceId === id || node.orderNo === id);
    const { target, vanished } = this.targetFor(view.members);
    const obstacles = isDelete ? [] : [...view.notAdoptable, ...this.takenByOthers(view.found)];
    return {
      target,
      isNew: this.operation === "create",
      ...(this.removable ? { removable: this.removable } : {}),
      claimed: view.claimed
        .filter(({ node }) => !orders.left.includes(node.emrResourceId))
        .map(({ node, isForeign }) => ({ resourceId: node.emrResourceId, isForeign })),
      vanished: vanished.map(({ resourceId }) => resourceId),
      appeared: this.appeared(nodes, vanished),
      members: view.members.map((node) => this.memberOf(node, nodes)),
      found: view.found.map((node) => node.emrResourceId),
      otherSpec: view.otherSpec.map((node) => node.emrResourceId),
      notAdoptable: obstacles,
      adoptMissing: (isDelete ? [] : (wanted.adopt ?? [])).filter(
        (id) => !named(id) && !this.known?.adopt?.includes(id) && !this.adopted.has(id),
      ),
      pendingOrder: orders.open(),
      warnings: view.warnings,
    };
  }

  /** Of what earlier orders brought, some may be gone. */
  private forgetGone(nodes: readonly EmrNode[]): void {
    const gone = this.orders.brought.map(({ resourceId }) => resourceId).filter((id) => !isListed(id, nodes));
    this.orders.forget(gone);
    for (const id of gone) this.ids.delete(id);
  }

  private missing(members: readonly EmrNode[]): { vanished: Vanished[]; lost: Vanished[] } {
    const isMissing = ({ resourceId }: Vanished) =>
      !members.some((node) => node.emrResourceId === resourceId) && !this.removed.has(resourceId);
    const lost = [...this.recorded, ...this.came]
      .filter(isMissing)
      .map(({ resourceId, applyTime }) => ({ resourceId, applyTime }));
    return { lost, vanished: [...(this.known?.vanished ?? []).filter(isMissing), ...lost] };
  }

  /** Whether members that the preview knew are not listed just now. */
  hasLost(nodes: readonly EmrNode[]): boolean {
    return this.missing(this.living(nodes)).lost.length > 0;
  }

  /**
   * How many nodes the pool is to have. For nodes whose loss the preview could not know of nothing is bought, also where they
   * have only come in this run: the next preview shows it.
   */
  private targetFor(members: readonly EmrNode[]): { target: number; vanished: Vanished[] } {
    const { count } = this.wanted;
    const { vanished, lost } = this.missing(members);
    if (lost.length === 0 || members.length >= count) return { target: count, vanished };
    const text = lost.map(({ resourceId }) => resourceId).join(", ");
    this.warn(
      `${text} of the pool ${lost.length === 1 ? "is" : "are"} not listed any more, which the preview could not show: nothing is bought for that now. Run \`pulumi refresh\`, and look at the next preview`,
    );
    return { target: Math.max(members.length, count - lost.length), vanished };
  }

  /** Nodes of the role that nobody owns and that were applied for after those that vanished. */
  private appeared(nodes: readonly EmrNode[], vanished: readonly { applyTime: string }[]): string[] {
    const since = vanished.map(({ applyTime }) => applyTime).sort()[0];
    if (since === undefined) return [];
    return unowned(nodes, this.wanted)
      .filter((node) => !this.ids.has(node.emrResourceId) && (node.applyTime ?? since) >= since)
      .map(({ emrResourceId }) => emrResourceId);
  }

  /** What the next preview has to know of: an earlier loss too, while it is not said whether a new node makes up for it. */
  lastingVanished(nodes: readonly EmrNode[]): Vanished[] {
    if (this.operation === "delete") return [];
    const { vanished, lost } = this.missing(this.living(nodes));
    return this.appeared(nodes, vanished).length > 0 ? vanished : lost;
  }

  /** What an earlier run has bought under this name, for a resource that nobody can tell from this new one. */
  ordersOfOthers(nodes: readonly EmrNode[]): Note[] {
    const { wanted } = this;
    return this.orders.others.flatMap(({ order, brought }) => {
      const came = brought
        ? nodes.filter((node) => brought.some(({ resourceId }) => resourceId === node.emrResourceId))
        : unowned(nodes, wanted).filter((node) => !order.before.includes(node.emrResourceId));
      const open = came.filter(
        (node) => !isNamed(node, [...(wanted.adopt ?? []), ...(wanted.exclude ?? [])]),
      );
      if (open.length === 0) return [];
      return [
        note(
          "ownership",
          `An earlier run on this machine bought ${nodesOf(order.count, wanted.role)} for a pool of this name (ClientToken ${order.token}), and ${open.map(({ emrResourceId }) => emrResourceId).join(", ")} may be these: if no other resource has them now, name them in adopt; else in exclude, or give this pool another poolId`,
          "poolId",
        ),
      ];
    });
  }

  private takenByOthers(found: readonly EmrNode[]): Note[] {
    return found.flatMap(({ emrResourceId }) => {
      const owner = adoptions(this.context.session).get(emrResourceId);
      if (owner === undefined || owner === this.key) return [];
      return [badInput("adopt", `${emrResourceId} cannot be taken over: ${owner} has taken it in this run`)];
    });
  }

  adopt(ids: readonly string[], nodes: readonly EmrNode[]): void {
    for (const id of ids) {
      this.ids.add(id);
      const node = nodes.find(({ emrResourceId }) => emrResourceId === id);
      for (const name of [id, node?.orderNo]) if (name) this.adopted.add(name);
      adoptions(this.context.session).set(id, this.key);
    }
  }

  bought(nodes: readonly EmrNode[]): void {
    this.came.push(...nodes.map(nodeOutputOf));
    for (const { emrResourceId } of nodes) {
      this.ids.add(emrResourceId);
      this.removable?.add(emrResourceId);
    }
  }

  gone(ids: readonly string[]): void {
    for (const id of ids) {
      this.ids.delete(id);
      this.removed.add(id);
    }
  }

  /** Tags are set where the preview could know of it: what other hands have done since waits for the next one. */
  memberOf(node: EmrNode, nodes: readonly EmrNode[]) {
    const member = this.taggedMember(node, nodes);
    const wasThere = this.recorded.some(({ resourceId }) => resourceId === member.resourceId);
    const isAnnounced =
      this.changedTags().length + this.droppedTags().length > 0 ||
      this.known?.untagged?.includes(member.resourceId);
    if (member.tags !== "wrong" || this.operation !== "update" || !wasThere || isAnnounced) return member;
    this.warn(
      `${member.resourceId} has lost tags since the preview could see it, and they are not set now: run \`pulumi refresh\`, and look at the next preview`,
    );
    return { ...member, tags: "right" as const };
  }

  private taggedMember(node: EmrNode, nodes: readonly EmrNode[]) {
    const { wanted, known } = this;
    const member = memberOf(node, wanted, this.droppedTags(), this.orders.owner);
    // Nobody needs tags on nodes that are about to go, and what was set once is not set again in the same run.
    if (this.operation === "delete" || this.tagged.has(node.emrResourceId))
      return { ...member, tags: "right" as const };
    if (member.tags !== "unseen") return member;
    const isNew = !(known?.nodes ?? []).some(({ resourceId }) => resourceId === member.resourceId);
    const isAdopted = (wanted.adopt ?? []).some((id) => id === member.resourceId || id === member.orderNo);
    const lacksTags =
      showsTags(nodes) || known?.untagged?.includes(member.resourceId) || this.hasTagStageFailed;
    const hasChange = this.droppedTags().length > 0 || this.changedTags().length > 0;
    const needsTags = lacksTags || (isAdopted && isNew) || hasChange;
    return needsTags ? { ...member, tags: "wrong" as const } : member;
  }

  droppedTags() {
    const kept = (this.wanted.tags ?? []).map(({ tagKey }) => tagKey);
    return (this.appliedTags ?? []).filter(({ tagKey }) => !kept.includes(tagKey));
  }

  private changedTags() {
    const applied = this.appliedTags ?? [];
    return (this.wanted.tags ?? []).filter(
      ({ tagKey, tagValue }) => !applied.some((tag) => tag.tagKey === tagKey && tag.tagValue === tagValue),
    );
  }

  /** Members that lack their tags; whether those of an open order have got them is not known yet. */
  untagged(nodes: readonly EmrNode[]): string[] {
    if (this.orders.open()) return [];
    return this.living(nodes)
      .map((node) => this.memberOf(node, nodes))
      .filter(({ tags }) => tags === "wrong")
      .map(({ resourceId }) => resourceId)
      .sort();
  }
}
