// The account's virtual clusters, and everything that can be done to them by somebody other than our caller.
import type { Clock } from "../../clock";
import type { Ids } from "../../ids";
import { refusal } from "../errors";
import type { AllVolcengineSettings, VolcengineSettings } from "../settings";
import {
  configFixture,
  defaultVkeCluster,
  instanceFixture,
  markStarted,
  newCluster,
  newInstance,
  type VkeApplication,
  type VkeCluster,
  type VkeClusterFixture,
  type VkeConfig,
  type VkeConfigFixture,
  type VkeInstance,
  type VkeInstanceFixture,
} from "./cluster";
import { findConfig } from "./configs";
import { type ActionName, fullName, type VkeOperation } from "./operation";
import { type OperationPlan, Operations } from "./operations";

/** Names an instance, a component, or everything; `name` may be `namespace/name`. */
export interface VkeSelector {
  application: string;
  component: string;
  name?: string | undefined;
}

export class VkeWorld {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly #settings: AllVolcengineSettings;
  readonly #operations: Operations;
  #clusters = new Map<string, VkeCluster>();

  constructor(clock: Clock, settings: AllVolcengineSettings, ids: Ids) {
    this.clock = clock;
    this.#settings = settings;
    this.ids = ids;
    this.#operations = new Operations({
      clock,
      ids,
      settings: () => this.settings,
      scaled: (milliseconds) => this.scaled(milliseconds),
    });
    this.createCluster(defaultVkeCluster);
  }

  get settings(): VolcengineSettings {
    return this.#settings.volcengine;
  }

  createCluster(given: VkeClusterFixture = {}): VkeCluster {
    const cluster = newCluster(given, () => this.ids.prefixed("emr-"), this.clock.now());
    if (this.#clusters.has(cluster.clusterId)) {
      throw new Error(`There is a cluster ${cluster.clusterId} already.`);
    }
    this.#clusters.set(cluster.clusterId, cluster);
    return cluster;
  }

  /** Deleted ones too. */
  clusters(): VkeCluster[] {
    this.clock.settle();
    return [...this.#clusters.values()];
  }

  /** The cluster itself, not a copy; throws if there is none. */
  cluster(clusterId: string): VkeCluster {
    this.clock.settle();
    const cluster = this.#clusters.get(clusterId);
    if (!cluster) throw new Error(`There is no cluster ${clusterId}.`);
    return cluster;
  }

  application(clusterId: string, application: string): VkeApplication {
    const found = this.cluster(clusterId).applications.get(application);
    if (!found) throw new Error(`There is no application ${application} in cluster ${clusterId}.`);
    return found;
  }

  /** Instances themselves, not copies. */
  instances(clusterId: string, application?: string, component?: string): VkeInstance[] {
    return instancesOf(this.cluster(clusterId)).filter(
      (instance) =>
        (application === undefined || instance.application === application) &&
        (component === undefined || instance.component === component),
    );
  }

  /** `name` may be `namespace/name`. */
  instance(clusterId: string, application: string, component: string, name: string): VkeInstance {
    const found = this.instances(clusterId, application, component).find(
      (instance) => instance.name === name || fullName(instance) === name,
    );
    if (!found) {
      throw new Error(`There is no instance ${name} of ${application} ${component} in cluster ${clusterId}.`);
    }
    return found;
  }

  /** Somebody else's hand: the instance is in this state from now on. */
  setState(clusterId: string, application: string, component: string, name: string, state: string): void {
    const instance = this.instance(clusterId, application, component, name);
    if (state === "STARTED" && instance.state !== "STARTED") markStarted(instance, this.clock.now());
    instance.state = state;
    instance.heldBy = undefined;
  }

  /** Also adds the component if there is none. */
  addInstance(
    clusterId: string,
    application: string,
    component: string,
    given: VkeInstanceFixture,
  ): VkeInstance {
    const { components } = this.application(clusterId, application);
    const fixture = instanceFixture.parse(typeof given === "string" ? { name: given } : given);
    const instance = newInstance(application, component, fixture, this.clock.now());
    components.set(component, [...(components.get(component) ?? []), instance]);
    return instance;
  }

  removeInstance(clusterId: string, application: string, component: string, name: string): void {
    const instance = this.instance(clusterId, application, component, name);
    const { components } = this.application(clusterId, application);
    components.set(component, components.get(component)?.filter((one) => one !== instance) ?? []);
  }

  removeApplication(clusterId: string, application: string): void {
    this.application(clusterId, application);
    this.cluster(clusterId).applications.delete(application);
  }

  /** The cluster is deleted: it stays readable, everything in it is gone. */
  removeCluster(clusterId: string): void {
    const cluster = this.cluster(clusterId);
    cluster.state = "DELETED";
    cluster.stateChangeReason = "DeleteVirtualCluster";
    cluster.deleteTime = this.clock.now();
    cluster.updateTime = this.clock.now();
    cluster.applications.clear();
    this.#operations.clusterGone(cluster);
  }

  /** As if the cluster had never been. */
  destroyCluster(clusterId: string): void {
    this.#operations.clusterGone(this.cluster(clusterId));
    this.#clusters.delete(clusterId);
  }

  setClusterState(clusterId: string, state: VkeCluster["state"]): void {
    const cluster = this.cluster(clusterId);
    cluster.state = state;
    cluster.updateTime = this.clock.now();
  }

  /** Somebody changes the cluster for a while: CHANGING, and no action is accepted. */
  holdCluster(clusterId: string, milliseconds: number): void {
    const cluster = this.cluster(clusterId);
    cluster.holders.push("a change started in the console");
    this.clock.at(this.clock.now() + milliseconds, () => {
      cluster.holders.pop();
    });
  }

  configs(clusterId: string, application: string): VkeConfig[] {
    return this.application(clusterId, application).configs;
  }

  /** Somebody changes a value in the console; it waits for a restart. */
  setConfig(clusterId: string, application: string, given: VkeConfigFixture): VkeConfig {
    const fixture = configFixture.parse(given);
    const found = this.application(clusterId, application);
    const known = findConfig(found, fixture.file, fixture.key);
    if (known) return Object.assign(known, { value: fixture.value });
    const config: VkeConfig = { ...fixture, effective: undefined, preset: undefined };
    found.configs.push(config);
    return config;
  }

  /** Everybody's, oldest first; themselves, not copies. */
  operations(clusterId?: string): VkeOperation[] {
    this.clock.settle();
    const all = this.#operations.all();
    return all.filter((operation) => clusterId === undefined || operation.clusterId === clusterId);
  }

  operation(operationId: string): VkeOperation {
    this.clock.settle();
    const operation = this.#operations.find(operationId);
    if (!operation) throw new Error(`There is no operation ${operationId}.`);
    return operation;
  }

  /** Every action that a caller of the API got accepted, whatever became of it. */
  actions(clusterId?: string): VkeOperation[] {
    return this.operations(clusterId).filter(({ by }) => by === "caller");
  }

  /** A stuck operation goes on. */
  release(operationId: string): void {
    this.clock.settle();
    this.#operations.release(operationId);
  }

  /** Somebody cancels an operation. */
  cancel(operationId: string): void {
    this.clock.settle();
    this.#operations.cancel(operationId);
  }

  /** Somebody acts in the console; seen in ListOperations like any other operation. */
  actInConsole(clusterId: string, actionName: ActionName, where: VkeSelector): VkeOperation {
    const { application, component, name } = where;
    const instances =
      name === undefined
        ? this.instances(clusterId, application, component)
        : [this.instance(clusterId, application, component, name)];
    const plan: OperationPlan = { actionName, by: "console", configs: [], params: [], instances };
    return this.#operations.accept(this.cluster(clusterId), plan);
  }

  reset(): void {
    this.#clusters.clear();
    this.#operations.reset();
    this.createCluster(defaultVkeCluster);
  }

  // From here on: for the actions.

  /** The cluster, wherever a caller in this region and version can see it. */
  require(clusterId: string, { region, version }: { region: string; version: string }): VkeCluster {
    this.clock.settle();
    const cluster = this.#clusters.get(clusterId);
    if (!cluster || !this.isKnown(cluster, { region, version })) {
      throw refusal(this.settings, "unknownCluster", `The cluster ${clusterId} does not exist.`);
    }
    if (cluster.foreign) {
      throw refusal(this.settings, "foreignCluster", `Access denied: the cluster ${clusterId} is not yours.`);
    }
    return cluster;
  }

  isKnown(cluster: VkeCluster, { region, version }: { region: string; version: string }): boolean {
    const hidden = cluster.state === "DELETED" && this.settings.deletedCluster === "unknown";
    return cluster.region === region && cluster.versions.includes(version) && !hidden;
  }

  /** Throws unless the cluster would take an action now; its own operations do not count. */
  requireReady(cluster: VkeCluster): void {
    const state = cluster.holders.length > 0 ? "CHANGING" : cluster.state;
    if (state === "RUNNING") return;
    throw refusal(
      this.settings,
      "clusterNotReady",
      `The cluster ${cluster.clusterId} is in state ${state}, which does not allow the operation.`,
    );
  }

  /** The state that callers see. */
  clusterState(cluster: VkeCluster, version: string): string {
    const { olderVersionKnowsAllStates, stateDuringOperation } = this.settings;
    const changing =
      cluster.holders.length > 0 || (stateDuringOperation === "CHANGING" && this.#operations.isBusy(cluster));
    const state = changing && cluster.state === "RUNNING" ? "CHANGING" : cluster.state;
    const newer = ["CHANGING", "RECOVERING", "EXCEPTION", "STOPPED"].includes(state);
    return newer && version === "2023-12-30" && !olderVersionKnowsAllStates ? "RUNNING" : state;
  }

  accept(cluster: VkeCluster, plan: OperationPlan): VkeOperation {
    return this.#operations.accept(cluster, plan);
  }

  /** Whether callers can find the operation now. */
  isVisible(operation: VkeOperation): boolean {
    const { operationRetention, operationVisibleAfter } = this.settings;
    const now = this.clock.now();
    const expired = operationRetention !== null && now > (operation.endTime ?? now) + operationRetention;
    return now >= operation.createTime + this.scaled(operationVisibleAfter) && !expired;
  }

  /** Whether ListOperations shows an operation that can be found. */
  isListed({ createTime }: VkeOperation): boolean {
    return this.clock.now() >= createTime + this.scaled(this.settings.operationListLag);
  }

  /** When callers see that the instance was started. */
  seenStartTime({ startTime, startTimeBefore }: VkeInstance): number | undefined {
    const since = this.clock.now() - this.scaled(this.settings.startTimeLag);
    return startTime !== undefined && startTime > since ? startTimeBefore : startTime;
  }

  scaled(milliseconds: number): number {
    return milliseconds * this.#settings.timeScale;
  }
}

function instancesOf(cluster: VkeCluster): VkeInstance[] {
  return [...cluster.applications.values()].flatMap((application) =>
    [...application.components.values()].flat(),
  );
}
