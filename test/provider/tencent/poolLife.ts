// The life of one pool in process, and what must hold whatever happens.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Context } from "../../../provider/base/context";
import { messageOf, PartialFailure } from "../../../provider/base/errors";
import type { Session } from "../../../provider/base/session";
import { recalled } from "../../../provider/core/memory";
import { type CallStep, removedBy } from "../../../provider/core/plan";
import type { Resource } from "../../../provider/core/resource";
import { emrNodePool } from "../../../provider/tencent/emr/nodePool/resource";
import type { CallEvent, Simulator } from "../../../simulator/index";
import { scratch } from "../../scratch";
import { type Deed, type Happening, type Life, switchesOf, type Trouble } from "./anyLife";
import { contextOf, filesOf, mortal, restoreFiles } from "./mortal";

const pool = emrNodePool as unknown as Resource;
const minute = 60_000;
const hour = 60 * minute;
const clusterId = "emr-lives001";

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

interface Program {
  count: number;
  tag: string | undefined;
  adopt: Set<string>;
  exclude: Set<string>;
}

/** What became of an operation. */
interface Outcome {
  error: string | undefined;
  changed: boolean;
}

/** What an update says that it will do, where it says all of it. */
interface Announced {
  mostBought?: number;
  removed?: readonly string[];
}

/** Lives a life to its end, and throws where something happens that must not. `log` gets what happens. */
export async function live(sim: Simulator, life: Life, log: string[]): Promise<void> {
  sim.reset();
  Object.assign(sim.settings, switchesOf(life));
  sim.emr.createCluster({ clusterId });
  const journalDirectory = mkdtempSync(join(scratch, "life-"));
  try {
    await new PoolLife(sim, journalDirectory, life.losesJournals, log).run(life.happenings);
  } finally {
    sim.faults.clear();
    rmSync(journalDirectory, { recursive: true, force: true });
  }
}

class PoolLife {
  private saved: Record<string, unknown> | undefined;
  private readonly program: Program = { count: 0, tag: undefined, adopt: new Set(), exclude: new Set() };
  private inputs: Record<string, unknown> = {};
  private readonly foreign = new Set<string>();
  private readonly taken = new Set<string>();
  private isKilled = false;
  private session: Session | undefined;
  private wrong: string | undefined;

  constructor(
    private readonly sim: Simulator,
    private readonly journalDirectory: string,
    private readonly losesJournals: boolean,
    private readonly log: string[],
  ) {}

  async run(happenings: readonly Happening[]): Promise<void> {
    for (const each of happenings) {
      this.log.push(JSON.stringify(each));
      await this.happen(each);
      if (this.wrong) throw new Error(this.wrong);
    }
    await this.settleDown();
  }

  private async happen(each: Happening): Promise<void> {
    switch (each.kind) {
      case "up": {
        this.program.count = each.count;
        this.program.tag = each.tag;
        const before = this.saved;
        const outcome = await this.operate("up", each.trouble);
        if (!each.isSaved) this.saved = before;
        return this.tellPerson(outcome);
      }
      case "refresh":
      case "destroy":
        return this.tellPerson(await this.operate(each.kind, each.trouble));
      case "deed":
        return this.act(each.deed);
      case "loseJournal":
        if (!this.losesJournals) return;
        for (const name of readdirSync(this.journalDirectory)) rmSync(join(this.journalDirectory, name));
        return;
      case "wait":
        return this.sim.clock.advance(each.minutes * minute);
    }
  }

  /** Nothing goes wrong any more, and a person does what is asked for: then all is as declared. */
  private async settleDown(): Promise<void> {
    const { emr, clock, faults } = this.sim;
    this.log.push("settles down");
    for (let run = 0; ; run++) {
      faults.clear();
      for (const { traceId, endsAt } of emr.cluster(clusterId).flows)
        if (endsAt === undefined) emr.releaseFlow(clusterId, traceId);
      for (const node of emr.nodes(clusterId)) node.disableApiTermination = false;
      clock.advance(2 * hour);
      this.tellPerson(await this.operate("refresh", []));
      const { error } = await this.operate("up", []);
      if (error === undefined && (await this.isDone())) break;
      if (run >= 6)
        throw new Error(`It does not come to rest: ${error ?? "it always finds something to do"}`);
      this.tellPerson({ error, changed: true });
    }
    // What the cloud has put in a node's place is the pool's once somebody has said so.
    const left = this.ownAlive().filter((id) => !this.taken.has(id) || this.held().includes(id));
    expect(left.sort(), "all that was bought and is there is in the pool").toEqual(this.held().sort());
    expect(this.held()).toHaveLength(this.program.count);
    await this.checkForeign();
    const { error } = await this.operate("destroy", []);
    expect(error).toBeUndefined();
    const remaining = this.ownAlive().filter((id) => !this.taken.has(id));
    expect(remaining, "destroyed").toEqual([]);
    await this.checkForeign();
  }

  private async isDone(): Promise<boolean> {
    if (this.held().length !== this.program.count) return false;
    return !(await this.operate("up", [])).changed;
  }

  private async checkForeign(): Promise<void> {
    const alive = this.sim.emr.nodes(clusterId).map(({ emrResourceId }) => emrResourceId);
    expect(alive, "nodes of others").toEqual(expect.arrayContaining([...this.foreign]));
  }

  private held(): string[] {
    return ((this.saved?.["nodes"] ?? []) as { resourceId: string }[]).map(({ resourceId }) => resourceId);
  }

  /** Every node that was ever bought, or put by the cloud in the place of one that was. */
  private own(): Set<string> {
    const bought = this.sim.emr.purchases(clusterId).flatMap(({ nodeIds }) => nodeIds);
    return new Set([...bought, ...this.taken]);
  }

  private ownAlive(): string[] {
    const own = this.own();
    return this.sim.emr
      .nodes(clusterId)
      .map(({ emrResourceId }) => emrResourceId)
      .filter((id) => own.has(id));
  }

  private act(deed: Deed): void {
    const { emr, settings } = this.sim;
    switch (deed.kind) {
      case "foreign": {
        // The workflow that made it held the cluster until now, so that its machine is older than any order from now on.
        const appliedAt = this.sim.clock.now() - 4 * minute;
        this.foreign.add(emr.addForeignNode(clusterId, { role: "task", appliedAt }).emrResourceId);
        return;
      }
      case "autoscaled":
        this.foreign.add(emr.addAutoscaledNode(clusterId, {}).emrResourceId);
        return;
      case "hideTags":
        if (!this.losesJournals) settings.tagsVisible = !deed.hidden;
        return;
    }
    const alive = this.ownAlive();
    const id = alive[deed.which % alive.length];
    const node = emr.nodes(clusterId).find(({ emrResourceId }) => emrResourceId === id);
    if (!node || !id) return;
    if (deed.kind === "vanish") emr.removeNode(clusterId, id);
    if (deed.kind === "protect") node.disableApiTermination = true;
    // A replacement that is listed late cannot be told from none.
    const isListed = settings.nodeListLagMilliseconds === 0;
    if (deed.kind === "replace" && isListed && this.held().includes(id))
      this.taken.add(emr.replaceNode(clusterId, id).emrResourceId);
    // A node that nothing marks is nobody's once the journal is lost too.
    if (deed.kind === "strip" && !this.losesJournals) node.tags = [];
  }

  /** A person reads what went wrong, and says whose nodes are. */
  private tellPerson({ error = "" }: Outcome): void {
    const [, count] = /(?:raise|set) count to (\d+)/.exec(error) ?? [];
    if (count) this.program.count = Number(count);
    if (!/\badopt\b|\bexclude\b/.test(error)) return;
    const own = this.own();
    const held = this.held();
    const alive = this.sim.emr.nodes(clusterId).map(({ emrResourceId }) => emrResourceId);
    for (const [id] of error.matchAll(/emr-vm-\w+/g)) {
      if (!alive.includes(id) || held.includes(id)) continue;
      (own.has(id) ? this.program.adopt : this.program.exclude).add(id);
    }
  }

  private news(): Record<string, unknown> {
    const { count, tag, adopt, exclude } = this.program;
    const alive = this.sim.emr.nodes(clusterId).map(({ emrResourceId }) => emrResourceId);
    for (const id of [...adopt]) if (!alive.includes(id)) adopt.delete(id);
    return {
      clusterId,
      role: "task",
      count,
      poolId: "lives/test/workers",
      ...(tag ? { tags: [{ tagKey: "team", tagValue: tag }] } : {}),
      ...(adopt.size > 0 ? { adopt: [...adopt] } : {}),
      ...(exclude.size > 0 ? { exclude: [...exclude] } : {}),
    };
  }

  private context(): Context {
    // Each operation has a provider of its own.
    this.session?.end();
    const context = contextOf(this.sim, this.journalDirectory);
    this.session = context.session;
    return mortal(
      context,
      () => this.isKilled,
      (line) => this.log.push(line),
    );
  }

  private async operate(what: "up" | "refresh" | "destroy", troubles: readonly Trouble[]): Promise<Outcome> {
    const { sim } = this;
    const declared = what === "up" ? this.program.count : 0;
    const boughtBefore = this.orderedSoFar();
    const removedIds: string[] = [];
    let seen = 0;
    let journalThen: ReadonlyMap<string, string> = new Map();
    this.orderFaults(troubles);
    const unhook = sim.onCall((event) => {
      if (event.phase === "received") seen += 1;
      if (event.phase === "acted") this.watch(event, what, declared, removedIds);
      for (const each of troubles) {
        // What is replaced while it is removed is seen by nobody.
        const isSeen = what !== "destroy" || each.kind !== "during" || each.deed.kind !== "replace";
        if (each.kind === "during" && each.at === seen && event.phase === "received" && isSeen)
          this.act(each.deed);
        if (each.kind === "kill" && each.at === seen && each.phase === event.phase && !this.isKilled) {
          this.log.push(`  killed at call ${seen}, ${event.action} ${event.phase}`);
          journalThen = filesOf(this.journalDirectory);
          this.isKilled = true;
          return "drop";
        }
      }
      return undefined;
    });
    const startedAt = sim.clock.now();
    const context = this.context();
    const outcome: Outcome = { error: undefined, changed: false };
    const promise: Announced = {};
    try {
      if (what === "up") await this.up(context, outcome, promise);
      else if (what === "refresh" && this.saved) {
        const found = await pool.read(context, "pool", recalled(pool, context, this.saved));
        this.saved = found && plain(found.state);
      } else if (what === "destroy" && this.saved) {
        await pool.delete(context, "pool", recalled(pool, context, this.saved));
        this.saved = undefined;
        this.inputs = {};
        this.leave(this.log.join("\n"));
      }
    } catch (error) {
      if (!this.isKilled && error instanceof PartialFailure) this.saved = plain(error.properties);
      outcome.error = this.isKilled ? "killed" : messageOf(error);
    } finally {
      unhook();
      sim.faults.clear();
    }
    if (this.isKilled) restoreFiles(this.journalDirectory, journalThen);
    this.isKilled = false;
    const took = sim.clock.now() - startedAt;
    this.log.push(
      `  -> ${what}: ${outcome.error ?? "ok"} [${Math.round(took / 1000)} s, ${seen} calls] held ${this.held()} alive ${this.ownAlive()}`,
    );
    if (took > 70 * minute) this.wrong ??= `${what} took ${Math.round(took / minute)} minutes`;
    const { mostBought, removed } = promise;
    if (mostBought !== undefined && this.orderedSoFar() - boughtBefore > mostBought)
      this.wrong ??= `${this.orderedSoFar() - boughtBefore} bought, ${mostBought} announced`;
    const unannounced = removed && removedIds.filter((id) => !removed.includes(id));
    if (unannounced && unannounced.length > 0) this.wrong ??= `${unannounced} removed, ${removed} announced`;
    const strange = this.held().filter((id) => this.foreign.has(id));
    if (strange.length > 0) this.wrong ??= `${strange} of others are held`;
    if (this.wrong) throw new Error(this.wrong);
    return outcome;
  }

  /** `promise` gets what is announced before it is done. */
  private async up(context: Context, outcome: Outcome, promise: Announced): Promise<void> {
    const checked = pool.check(this.news(), this.saved ? this.inputs : {});
    expect(checked.failures).toEqual([]);
    const news = plain(checked.inputs);
    if (this.saved === undefined) {
      outcome.changed = true;
      pool.recall?.(context, undefined, news);
      this.saved = plain((await pool.create(context, news)).state);
    } else {
      const known = recalled(pool, context, this.saved, news);
      const { changes, properties } = pool.diff(known, news);
      outcome.changed = changes;
      expect(properties.filter(({ replace }) => replace)).toEqual([]);
      if (changes) {
        Object.assign(promise, this.announced(known, news));
        this.saved = plain(await pool.update(context, "pool", known, news));
      }
    }
    this.inputs = news;
  }

  private announced(known: Record<string, unknown>, news: Record<string, unknown>): Announced {
    const plan = pool.planFromState(known, news);
    if (plan.steps.some(({ kind }) => kind === "settle")) return {};
    const calls = plan.steps.filter((step): step is CallStep => step.kind === "call");
    const nodes = known["nodes"] as { resourceId: string }[];
    const knownIds = new Set(nodes.map(({ resourceId }) => resourceId));
    return {
      mostBought: calls.reduce((sum, { buys = 0 }) => sum + buys, 0),
      // What was not known of could not be named.
      removed: [...removedBy(plan), ...[...this.own()].filter((id) => !knownIds.has(id))],
    };
  }

  private orderFaults(troubles: readonly Trouble[]): void {
    const losing = ["tagStageFails", "flowFails", "flowBlocks", "partialFill"];
    for (const each of troubles) {
      if (each.kind !== "fault" || (this.losesJournals && losing.includes(each.fault.kind))) continue;
      this.sim.faults.add(each.fault);
    }
  }

  /** A pool is deleted. What the cloud has put in place of its nodes is nobody's then, and that is told. */
  private leave(told: string): void {
    for (const id of this.ownAlive()) {
      if (!this.taken.delete(id)) continue;
      this.foreign.add(id);
      this.program.adopt.delete(id);
      if (!told.includes(id)) this.wrong ??= `${id} stays, and nobody is told`;
    }
  }

  private orderedSoFar(): number {
    // What an order did not bring is not bought.
    return this.sim.emr.purchases(clusterId).reduce((sum, { nodeIds }) => sum + nodeIds.length, 0);
  }

  /** The cloud has accepted a call. */
  private watch(
    { action: called, request }: CallEvent,
    what: string,
    declared: number,
    removedIds: string[],
  ): void {
    if (called === "ScaleOutInstance") {
      const { purchases } = this.sim.emr.cluster(clusterId);
      const latest = purchases.at(-1);
      const isNew = latest && latest.time === this.sim.clock.now() && latest.nodeIds.length === 0;
      const there = this.ownAlive().length;
      if (isNew && there + latest.count > declared)
        this.wrong ??= `${what}: ${latest.count} bought beside ${there}, declared ${declared}`;
    }
    if (called === "TerminateClusterNodes" || called === "TerminateTasks") {
      const { CvmInstanceIds = [], ResourceIds = [] } = request as {
        CvmInstanceIds?: string[];
        ResourceIds?: string[];
      };
      const ids = this.sim.emr
        .cluster(clusterId)
        .allNodes.filter(
          ({ orderNo, emrResourceId }) =>
            CvmInstanceIds.includes(orderNo) || ResourceIds.includes(emrResourceId),
        )
        .map(({ emrResourceId }) => emrResourceId);
      removedIds.push(...ids);
      const own = this.own();
      const strange = ids.filter((id) => !own.has(id) || this.program.exclude.has(id));
      if (strange.length > 0) this.wrong ??= `${what}: ${strange} of others removed`;
      if (what === "refresh") this.wrong ??= "a refresh removes";
    }
  }
}
