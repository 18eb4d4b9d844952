// A world to live in: the clouds with one of everything, two stacks that share it, and two machines to run them on. It knows
// what is whose, and ends a run where it is told to.
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { settingsSchema } from "../../simulator/clouds";
import { type Simulator, startSimulator } from "../../simulator/index";
import { patchSettings } from "../../simulator/settings";
import type { UpdateResult } from "../drivers/driver";
import { createTestEngineDriver, type TestEngineDriver } from "../drivers/testEngine";
import type { ProviderStarted } from "../engine/providerProcess";
import type { ListedResource } from "../engine/resourceList";
import { startDirectly } from "../scenarios/direct";
import {
  applicationState,
  configure,
  credentials,
  engineImage,
  nodeGroup,
  pool,
  serviceState,
} from "../scenarios/stand";
import { newVersion, oldVersion } from "../scenarios/subjects";
import { scratch } from "../scratch";
import { type Deed, type End, type Life, type StackName, type Thing, things, type Wanted } from "./life";

export const clusterId = "emr-campaign1";
export const vkeClusterId = "emr-vke-campaign1";
export const dataEngineId = "DataEngine-campaign1";
const instanceId = "campaign1in09";
/** A secret of the program. */
export const programSecret = "campaign-value-of-a-secret";

export const pools = ["workers", "extra", "batch"] as const;
export type Pool = (typeof pools)[number];
const isPool = (thing: Thing): thing is Pool => (pools as readonly string[]).includes(thing);

const runStateOf = ({ level }: Wanted) => (level % 2 === 0 ? "running" : "stopped");
export const versionOf = ({ level }: Wanted) => (level % 2 === 0 ? newVersion : oldVersion);
export const nodeCountOf = ({ level }: Wanted) => level + 2;

interface Run {
  stack: StackName;
  end: End | null;
  abort: AbortController;
  provider?: ProviderStarted;
  passed: number;
  /** Where it was ended. */
  ended?: string;
}

interface Stack {
  driver: TestEngineDriver;
  machine: 0 | 1;
  run: Run | undefined;
}

// Each run of this process goes on from where the last one's clock was: what keeps its distance in time is the process's.
let latest = Date.UTC(2026, 0, 1);

/** The world whose journals are written at present. */
let writing: World | undefined;
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  const run = writing?.runWriting(String(to));
  if (run && writing?.endsAt(run, "journal before")) throw new Error("killed");
  renameSync(from, to);
  if (run) writing?.endsAt(run, "journal after");
};
syncBuiltinESMExports();

export class World {
  readonly stacks: Record<StackName, Stack>;
  readonly wanted = new Map<Thing, Wanted>();
  /** The most nodes that a pool or the group was ever to have. */
  readonly mostWanted = new Map<Thing, number>();
  /** Which pool an order is for, by its token. */
  readonly orders = new Map<string, Pool>();
  /** Restarts that the program has asked for. */
  readonly turns = new Map<Thing, number>();
  readonly foreign = new Set<string>();
  readonly foreignDdm = new Set<string>();
  /** What people have done to the engine. */
  isSuspended = false;
  /** Whether something happened after which only a person can tell what is whose. */
  readonly losses = new Set<string>();
  /** What a person has said of nodes. */
  private readonly answers = new Map<Pool, { adopt: string[]; exclude: string[] }>();
  private readonly names = new Map<Thing, string>();
  /** Everything that was told, latest last. */
  readonly told: string[] = [];
  private readonly machines = [0, 1].map(() => mkdtempSync(join(scratch, "campaign-")));

  private constructor(readonly sim: Simulator) {
    const stack = (name: StackName): Stack => ({
      machine: name === "a" ? 0 : 1,
      run: undefined,
      driver: createTestEngineDriver({
        programDirectory: scratch,
        project: "campaign",
        stack: name,
        resources: [],
        startProvider: (command) => this.start(name, command),
      }),
    });
    this.stacks = { a: stack("a"), b: stack("b") };
    sim.onCall(({ action, phase, request }) => {
      if (action === "ScaleOutInstance") this.note(request as ScaleOut);
      const due = [...this.runs()].find((run) => this.endsAt(run, `${action} ${phase}`));
      return due?.end?.how === "kill" ? "drop" : undefined;
    });
    writing = this;
  }

  static async make({ readings }: Life): Promise<World> {
    const sim = await startSimulator({
      credentials: [credentials],
      timeScale: 0.1,
      startTime: new Date(latest + 3_600_000),
    });
    for (const reading of readings) patchSettings(settingsSchema, sim.settings, reading);
    sim.emr.createCluster({ clusterId });
    sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
    sim.ddm.createInstance({ instanceId });
    sim.vke.createCluster({
      clusterId: vkeClusterId,
      applications: { Ray: { RayOperator: ["operator"], RayCluster: ["batch", "serving"] } },
    });
    const world = new World(sim);
    for (const { emrResourceId } of sim.emr.nodes(clusterId)) world.foreign.add(emrResourceId);
    for (const { nodeId } of world.groupNodes()) world.foreignDdm.add(nodeId);
    for (const { driver } of Object.values(world.stacks)) await configure(driver, sim.url);
    return world;
  }

  async close(): Promise<void> {
    latest = this.sim.clock.now();
    writing = undefined;
    await this.sim.close();
    for (const machine of this.machines) rmSync(machine, { recursive: true, force: true });
  }

  // Runs

  private start(name: StackName, command: Parameters<typeof startDirectly>[0]) {
    const { machine } = this.stacks[name];
    return startDirectly(
      {
        ...command,
        onStart: (provider) => {
          const { run } = this.stacks[name];
          if (run) run.provider = provider;
        },
      },
      this.sim,
      this.machines[machine] ?? "",
      (method) => {
        const { run } = this.stacks[name];
        const isSaved = /^(create|read|update|delete)$/.test(method);
        return isSaved && run && this.endsAt(run, `${method} answered`) && run.end?.how === "kill"
          ? "drop"
          : undefined;
      },
    );
  }

  private *runs(): Generator<Run> {
    for (const { run } of Object.values(this.stacks)) if (run) yield run;
  }

  /** Whose journal a file is. */
  runWriting(path: string): Run | undefined {
    if (!path.endsWith(".json")) return undefined;
    return Object.values(this.stacks).find(({ machine }) => path.startsWith(this.machines[machine] ?? "-"))
      ?.run;
  }

  /** Ends the run if it is to end here. */
  endsAt(run: Run, where: string): boolean {
    if (!run.end || run.ended !== undefined || run.passed++ !== run.end.at) return false;
    run.ended = where;
    if (run.end.how === "cancel") run.abort.abort();
    else run.provider?.kill("SIGKILL");
    return run.end.how === "kill";
  }

  async run(
    stack: StackName,
    kind: "up" | "up --refresh" | "refresh" | "preview" | { import: Thing },
    end: End | null = null,
  ): Promise<UpdateResult & { ended?: string }> {
    const own = this.stacks[stack];
    const abort = new AbortController();
    const run: Run = { stack, end, abort, passed: 0 };
    own.run = run;
    own.driver.declare(this.declared(stack));
    const options = { signal: abort.signal };
    const { driver } = own;
    const result =
      kind === "up --refresh"
        ? await driver.up({ ...options, refresh: true })
        : typeof kind === "string"
          ? await driver[kind](options)
          : await driver.importResource(this.importOf(kind.import), options);
    own.run = undefined;
    if (run.ended === "create answered") this.losses.add("unsaved");
    this.told.push(...result.messages.map(({ message }) => message), ...(result.error ? [result.error] : []));
    return { ...result, ...(run.ended !== undefined && { ended: run.ended }) };
  }

  // What is declared

  declare(thing: Thing, wanted: Wanted | null): void {
    const before = this.wanted.get(thing);
    if (!wanted) {
      this.wanted.delete(thing);
      return;
    }
    if (!before || before.turn !== wanted.turn || before.level >= 3 !== wanted.level >= 3)
      this.turns.set(thing, (this.turns.get(thing) ?? 0) + 1);
    this.wanted.set(thing, wanted);
    const most = thing === "group" ? nodeCountOf(wanted) : wanted.level;
    this.mostWanted.set(thing, Math.max(this.mostWanted.get(thing) ?? 0, most));
  }

  private declared(stack: StackName): ListedResource[] {
    return [...this.wanted]
      .filter(([thing]) => things[thing] === stack)
      .map(([thing, wanted]) => this.resource(thing, wanted));
  }

  private resource(thing: Thing, wanted: Wanted): ListedResource {
    const { level, turn } = wanted;
    const name = this.nameOf(thing);
    const restartTriggers = { image: String(turn) };
    if (isPool(thing)) {
      const inputs = {
        poolId: `campaign/${things[thing]}/${thing}`,
        tags: [{ tagKey: "thing", tagValue: thing }],
        ...this.answers.get(thing),
      };
      return pool({ clusterId }, level, inputs, name);
    }
    const onDelete = turn === 2 ? { onDelete: "running" } : {};
    switch (thing) {
      case "yarn":
        return serviceState(
          { clusterId },
          {
            ...{ service: "YARN", components: ["NodeManager"], state: runStateOf(wanted) },
            ...{ restartTriggers, ...onDelete },
          },
          name,
        );
      case "image":
        return engineImage(
          {
            ...{ dataEngineId, imageVersion: versionOf(wanted), allowSuspended: turn !== 1 },
            ...(turn === 2 ? { onDelete: "restorePrevious" } : {}),
          },
          name,
        );
      case "group":
        return nodeGroup(
          {
            ...{ instanceId, flavorId: this.sim.ddm.groups(instanceId)[0]?.flavorId },
            ...{ nodeCount: nodeCountOf(wanted), scaleIn: { allowed: true } },
            ...(turn === 2 ? { onDelete: "shrinkToInitial" } : {}),
          },
          name,
        );
      case "operator":
      case "serving": {
        const which = thing === "operator" ? "RayOperator" : "RayCluster";
        const applicationConfigs = [{ file: "ray-operator-values.yaml", key: "mode", value: programSecret }];
        return applicationState(
          {
            ...{ clusterId: vkeClusterId, application: "Ray" },
            ...{ components: [which], ...(thing === "serving" && { releaseName: "serving" }) },
            ...{ state: runStateOf(wanted), restartTriggers, ...onDelete },
            ...(thing === "operator" && level >= 3 ? { applicationConfigs } : {}),
          },
          name,
        );
      }
    }
  }

  private importOf(thing: Thing): { type: string; name: string; id: string } {
    const ids: Record<Thing, string> = {
      workers: `${clusterId}/task/campaign/a/workers`,
      extra: `${clusterId}/task/campaign/a/extra`,
      batch: `${clusterId}/task/campaign/b/batch`,
      yarn: `${clusterId}/YARN/NodeManager`,
      image: dataEngineId,
      group: instanceId,
      operator: `${vkeClusterId}/Ray/RayOperator`,
      serving: `${vkeClusterId}/Ray/RayCluster/serving`,
    };
    const { type } = this.resource(thing, { level: 0, turn: 0 });
    return { type, name: this.nameOf(thing), id: ids[thing] };
  }

  private nameOf(thing: Thing): string {
    return this.names.get(thing) ?? thing;
  }

  /** Another name in the program, with an alias. */
  async rename(thing: Thing): Promise<void> {
    const { driver } = this.stacks[things[thing]];
    const from = this.nameOf(thing);
    const to = from === thing ? `${thing}-anew` : thing;
    this.names.set(thing, to);
    const state = JSON.stringify(await driver.exportState());
    await driver.importState(JSON.parse(state.replaceAll(`::${from}"`, `::${to}"`)));
  }

  /** Says of nodes that pools ask about whose they are. Whether there were any. */
  answer(questions: string): boolean {
    let isAsked = false;
    for (const line of questions.split("\n")) {
      const pool = pools.find((thing) => line.startsWith(`${this.nameOf(thing)}: `));
      if (!pool || !/in adopt|in exclude/.test(line)) continue;
      const named = [...new Set(line.match(/emr-vm-\w+/g) ?? [])];
      const own = this.bought(pool);
      const before = this.answers.get(pool) ?? { adopt: [], exclude: [] };
      const adopt = [...before.adopt, ...named.filter((id) => own.includes(id))];
      const wanted = this.wanted.get(pool);
      // Adopting removes nothing.
      if (wanted && wanted.level < adopt.length) this.declare(pool, { ...wanted, level: adopt.length });
      const others = named.filter((id) => !own.includes(id) && this.isAlive(id));
      this.answers.set(pool, { adopt, exclude: [...before.exclude, ...others] });
      isAsked = true;
    }
    return isAsked;
  }

  private isAlive(id: string): boolean {
    return this.sim.emr.nodes(clusterId).some(({ emrResourceId }) => emrResourceId === id);
  }

  // What others do

  others(deed: Deed, which: number): void {
    const { sim } = this;
    const one = <T>(list: readonly T[]): T | undefined => list[which % Math.max(1, list.length)];
    const tasks = () => sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
    const engine = sim.dlc.engine(dataEngineId);
    const instance = () => one(sim.vke.instances(vkeClusterId, "Ray"));
    const setState = (state: string) => {
      const { component = "", name = "", heldBy } = instance() ?? {};
      if (heldBy === undefined) sim.vke.setState(vkeClusterId, "Ray", component, name, state);
    };
    const unpaid = () => sim.ddm.orders(instanceId).find((order) => String(order.status) === "3");
    const removeNode = (isForeign: boolean) => {
      const node = one(tasks().filter(({ emrResourceId }) => this.foreign.has(emrResourceId) === isForeign));
      if (!node) return;
      sim.emr.removeNode(clusterId, node.emrResourceId);
      this.foreign.delete(node.emrResourceId);
    };
    const acts: Record<Deed, () => unknown> = {
      buyNode: () => this.foreign.add(sim.emr.addForeignNode(clusterId).emrResourceId),
      autoscale: () => this.foreign.add(sim.emr.addAutoscaledNode(clusterId).emrResourceId),
      removeNode: () => removeNode(false),
      removeForeignNode: () => removeNode(true),
      takeTagsAway: () => {
        const node = one(tasks().filter(({ tags }) => tags.length > 0));
        if (!node) return;
        node.tags = [];
        this.losses.add("tags");
      },
      stopProcess: () => {
        const { component, ip } = one(sim.emr.processes(clusterId, { service: "YARN" })) ?? {};
        if (component && ip) sim.emr.stopProcesses(clusterId, { component, ip });
      },
      restartProcess: () =>
        sim.emr.restartProcesses(clusterId, { service: "YARN", component: "NodeManager" }),
      holdCluster: () => sim.emr.holdLock(clusterId, 120_000),
      moveVersion: () => {
        if (!engine.change)
          sim.dlc.moveVersion(
            dataEngineId,
            sim.dlc.image(which % 2 ? newVersion : oldVersion).imageVersionId,
          );
      },
      suspendEngine: () => {
        if (engine.change || engine.state !== 2) return;
        engine.state = 1;
        this.isSuspended = true;
      },
      resumeEngine: () => {
        if (engine.change || engine.state !== 1) return;
        engine.state = 2;
        this.isSuspended = false;
      },
      holdEngine: () => sim.dlc.holdEngine(dataEngineId, 120_000),
      addDdmNode: () => this.foreignDdm.add(sim.ddm.addNode(instanceId).nodeId),
      removeDdmNode: () => {
        const node = one(this.groupNodes());
        if (!node || this.groupNodes().length < 2) return;
        sim.ddm.removeNode(instanceId, node.nodeId);
      },
      holdInstance: () => sim.ddm.holdLock(instanceId, 120_000),
      payOrder: () => {
        const order = unpaid();
        if (order) sim.ddm.payOrder(order.orderId);
      },
      cancelOrder: () => {
        const order = unpaid();
        if (order) sim.ddm.cancelOrder(order.orderId);
      },
      stopApplication: () => setState("STOPPED"),
      startApplication: () => setState("STARTED"),
      breakApplication: () => setState("EXCEPTION"),
      holdVke: () => sim.vke.holdCluster(vkeClusterId, 120_000),
    };
    acts[deed]();
    if (/^(buyNode|autoscale|addDdmNode)$/.test(deed)) {
      this.losses.add("boughtByOthers");
      // A place takes one purchase at a time: another's is asked for earlier than ours, or later.
      sim.clock.advance(5_000);
    }
    if (deed.endsWith("Application")) this.losses.add("unseen");
  }

  /** A machine's disk is gone. */
  forget(machine: 0 | 1): void {
    for (const name of readdirSync(this.machines[machine] ?? ""))
      rmSync(join(this.machines[machine] ?? "", name), { recursive: true });
    this.losses.add("journal");
  }

  move(stack: StackName): void {
    const own = this.stacks[stack];
    own.machine = own.machine === 0 ? 1 : 0;
    this.losses.add("machine");
  }

  /** Nothing goes wrong any more, and what others hold is let go. */
  calmDown(): void {
    const { sim } = this;
    sim.faults.clear();
    for (const flow of sim.emr.cluster(clusterId).flows)
      if (flow.endsAt === undefined) sim.emr.releaseFlow(clusterId, flow.traceId);
    // What was queued behind one that is let go may be held itself.
    for (let round = 0; round < 6; round++) {
      sim.clock.advance(1_800_000);
      for (const { operationId, state } of sim.vke.operations(vkeClusterId))
        if (state === "PENDING") sim.vke.release(operationId);
    }
  }

  // What there is

  private note({ ClientToken = "", Tags = [] }: ScaleOut): void {
    const thing = Tags.find(({ TagKey }) => TagKey === "thing")?.TagValue as Pool | undefined;
    if (thing) this.orders.set(ClientToken, thing);
  }

  groupNodes() {
    return this.sim.ddm.nodes(instanceId);
  }

  /** Living nodes that were bought for a pool. */
  bought(thing: Pool): string[] {
    const living = new Set(this.sim.emr.nodes(clusterId).map(({ emrResourceId }) => emrResourceId));
    return this.sim.emr
      .purchases(clusterId)
      .filter(({ clientToken }) => this.orders.get(clientToken) === thing)
      .flatMap(({ nodeIds }) => nodeIds)
      .filter((id) => living.has(id));
  }

  /** Everything that the states hold. */
  async states(): Promise<string> {
    const all = Object.values(this.stacks).map(({ driver }) => driver.exportState());
    return JSON.stringify(await Promise.all(all));
  }

  async recorded(thing: Thing): Promise<Record<string, unknown> | undefined> {
    const { deployment } = await this.stacks[things[thing]].driver.exportState();
    return deployment.resources?.find(({ urn }) => urn.endsWith(`::${this.nameOf(thing)}`))?.outputs;
  }

  /** Everything that the machines remember. */
  journals(): string {
    const files = this.machines.flatMap((machine) =>
      readdirSync(machine, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")),
    );
    return files.join("\n");
  }
}

interface ScaleOut {
  ClientToken?: string;
  Tags?: { TagKey: string; TagValue: string }[];
}
