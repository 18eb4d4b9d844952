// Looks at a pool's cluster, and at the workflow of a call on it.
import type { Context } from "../../../base/context";
import { listLag, ShortList } from "../../../call/pages";
import type { TencentClient } from "../../client";
import { type Flow, findCluster, flowStatus, listNodes, usableCluster } from "../cluster";
import type { PoolFacts, PoolSeen } from "./evidence";

export class ClusterLooks {
  last: PoolSeen | undefined;
  /** Whether the nodes have ever been listed. */
  hasListed = false;
  private shortSince: number | undefined;
  private readonly blockedSince = new WeakMap<object, number>();

  constructor(
    private readonly context: Context,
    private readonly client: TencentClient,
    private readonly clusterId: string,
    public lastFlow: string,
  ) {}

  /** `isClose`: how a call gets on, so that a cluster that has gone is an answer. */
  async look(isClose: boolean): Promise<PoolSeen> {
    const { client, clusterId } = this;
    const cluster = isClose ? await findCluster(client, clusterId) : await usableCluster(client, clusterId);
    let short: ShortList | undefined;
    // New nodes may be counted before they are listed.
    const nodes = cluster
      ? await listNodes(client, clusterId).catch((error: unknown) => {
          if (!(error instanceof ShortList)) throw error;
          short = error;
          return this.last?.nodes ?? [];
        })
      : [];
    await this.heedShort(short, isClose);
    this.hasListed ||= !short;
    this.last = { cluster, nodes, short };
    return this.last;
  }

  /** A list that stays shorter than its own count ends what has not begun; what has is looked at as long as it may take. */
  private async heedShort(short: ShortList | undefined, isClose: boolean): Promise<void> {
    const now = await this.context.clock.now();
    this.shortSince = short && (this.shortSince ?? now);
    if (short && !isClose && now - (this.shortSince ?? now) >= listLag) throw short;
  }

  /** What is said of such a list where the time is over. */
  get shortText(): string {
    return this.last?.short ? `. ${this.last.short.message}` : "";
  }

  /** The workflow of a call, if it has told a handle; for how long it has been blocked counts from the first look at it. */
  async facts(
    sent: object,
    handle: Flow | undefined,
    pool: { hasTagStageFailed: boolean },
  ): Promise<PoolFacts> {
    if (!handle) return { flow: undefined, blockedFor: undefined };
    this.lastFlow = `${handle.key} ${handle.value}`;
    const flow = this.last?.cluster && (await flowStatus(this.client, this.clusterId, handle));
    if (flow?.tags === "failed") pool.hasTagStageFailed = true;
    if (flow?.state !== "blocked") {
      this.blockedSince.delete(sent);
      return { flow, blockedFor: undefined };
    }
    const now = await this.context.clock.now();
    const since = this.blockedSince.get(sent) ?? now;
    this.blockedSince.set(sent, since);
    return { flow, blockedFor: now - since };
  }
}
