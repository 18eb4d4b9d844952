// The DDM account: its instances, and everything that can be done to them by somebody other than our caller.
import type { z } from "zod";
import type { Clock } from "../../clock";
import type { Ids } from "../../ids";
import { ApiError } from "../errors";
import { defaultFlavors, type Flavor } from "./flavor";
import {
  type DdmGroup,
  type DdmGroupFixture,
  type DdmHolder,
  type DdmInstance,
  type DdmInstanceFixture,
  type DdmJob,
  type DdmNode,
  type DdmNodeFixture,
  type DdmOrder,
  type DdmPurchase,
  groupFixture,
  instanceFixture,
  nodeFixture,
} from "./instance";
import { Orders, orderStates } from "./orders";
import type { DdmSettings } from "./settings";

const running = "RUNNING";

/** A change that takes the instance for a while. */
export interface Change {
  status: string;
  jobName: string;
  v2: boolean;
  duration: number;
  /** Runs when the job ends; a text makes the job fail with this reason. */
  atEnd: () => string | undefined;
  /** Status of the instance after a failure; default: the setting. */
  statusAfterFailure?: "RUNNING" | "ERROR" | undefined;
}

export class DdmWorld {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly #settings: DdmSettings;
  /** The catalogue; change it at will. */
  flavors: Flavor[] = defaultFlavors();
  #instances = new Map<string, DdmInstance>();
  readonly #orders: Orders;

  constructor(clock: Clock, settings: DdmSettings, ids: Ids) {
    this.clock = clock;
    this.#settings = settings;
    this.ids = ids;
    this.#orders = new Orders(this, (instanceId) => this.#instances.get(instanceId));
  }

  get settings(): DdmSettings["huawei"] {
    return this.#settings.huawei;
  }

  createInstance(given: DdmInstanceFixture = {}): DdmInstance {
    const { groups, ...fixture } = instanceFixture.parse(given);
    const instanceId = fixture.instanceId ?? this.newId("in");
    if (this.#instances.has(instanceId)) throw new Error(`There is an instance ${instanceId} already.`);
    const createdAt = this.clock.now() - 86_400_000;
    const instance: DdmInstance = {
      ...fixture,
      instanceId,
      instanceName: fixture.instanceName ?? `ddm-${instanceId.slice(0, 4)}`,
      projectId: fixture.projectId ?? this.settings.projects[0]?.id ?? "",
      orderId: fixture.charging === "prePaid" ? this.#orders.newId() : "",
      errorMsg: undefined,
      createdAt,
      updatedAt: createdAt,
      allGroups: [],
      holders: [],
      jobs: [],
      purchases: [],
    };
    this.#instances.set(instanceId, instance);
    for (const group of groups) this.#newGroup(instance, group, createdAt);
    return instance;
  }

  instances(): DdmInstance[] {
    this.clock.settle();
    return [...this.#instances.values()];
  }

  /** The instance itself, not a copy; throws if there is none. */
  instance(instanceId: string): DdmInstance {
    this.clock.settle();
    const instance = this.#instances.get(instanceId);
    if (!instance) throw new Error(`There is no instance ${instanceId}.`);
    return instance;
  }

  /** The instance ceases to exist. */
  destroyInstance(instanceId: string): void {
    this.instance(instanceId);
    this.#instances.delete(instanceId);
  }

  /** Groups that exist; themselves, not copies. */
  groups(instanceId: string): DdmGroup[] {
    return this.instance(instanceId).allGroups.filter((group) => group.goneAt === undefined);
  }

  /** Nodes that exist, failed ones too, whether listed or not; themselves, not copies. */
  nodes(instanceId: string, groupId?: string): DdmNode[] {
    return this.groups(instanceId)
      .filter((group) => groupId === undefined || group.groupId === groupId)
      .flatMap((group) => group.allNodes)
      .filter((node) => node.goneAt === undefined);
  }

  /** Every enlarging that was executed; unpaid orders are not among them. */
  purchases(instanceId: string): DdmPurchase[] {
    return this.instance(instanceId).purchases;
  }

  jobs(instanceId: string): DdmJob[] {
    return this.instance(instanceId).jobs;
  }

  orders(instanceId?: string): DdmOrder[] {
    this.clock.settle();
    return this.#orders.of(instanceId);
  }

  order(orderId: string): DdmOrder {
    this.clock.settle();
    return this.#orders.find(orderId);
  }

  /** Somebody pays: the work begins after `durations.order`, or once the instance is free. */
  payOrder(orderId: string): DdmOrder {
    this.clock.settle();
    return this.#orders.pay(orderId);
  }

  /** Somebody cancels an order that is not paid. */
  cancelOrder(orderId: string): DdmOrder {
    this.clock.settle();
    return this.#orders.cancel(orderId);
  }

  /** Somebody made a group in the console; it is ready. */
  addGroup(instanceId: string, given: DdmGroupFixture = {}): DdmGroup {
    return this.#newGroup(this.instance(instanceId), groupFixture.parse(given), this.clock.now());
  }

  /** A group and its nodes vanish behind everybody's back. */
  removeGroup(instanceId: string, groupId: string): void {
    const group = this.groups(instanceId).find((candidate) => candidate.groupId === groupId);
    if (!group) throw new Error(`There is no group ${groupId} in instance ${instanceId}.`);
    for (const node of group.allNodes) node.goneAt ??= this.clock.now();
    group.goneAt = this.clock.now();
  }

  /** Somebody added a node in the console; it is ready. */
  addNode(instanceId: string, given: DdmNodeFixture = {}): DdmNode {
    const { groupId, ...fixture } = nodeFixture.parse(given);
    const instance = this.instance(instanceId);
    const groups = this.groups(instanceId);
    const group = groupId === undefined ? groups[0] : groups.find((one) => one.groupId === groupId);
    if (!group) throw new Error(`There is no group ${groupId} in instance ${instanceId}.`);
    return this.newNode(instance, group, { ...fixture, createdAt: this.clock.now() });
  }

  /** The node vanishes behind everybody's back. */
  removeNode(instanceId: string, nodeId: string): void {
    this.#node(instanceId, nodeId).goneAt = this.clock.now();
  }

  /** Sets fields of a node; the same as setting them on the object itself. */
  changeNode(instanceId: string, nodeId: string, fields: Partial<DdmNode>): DdmNode {
    return assign(this.#node(instanceId, nodeId), fields, "A node");
  }

  /** Sets fields of the instance; the same as setting them on the object itself. */
  changeInstance(instanceId: string, fields: Partial<DdmInstance>): DdmInstance {
    return assign(this.instance(instanceId), fields, "An instance");
  }

  /** Somebody's operation keeps the instance busy for a while. */
  holdLock(instanceId: string, milliseconds: number, status = "BACKUP"): void {
    const release = this.hold(this.instance(instanceId), status, "an operation started in the console");
    this.clock.at(this.clock.now() + milliseconds, release);
  }

  reset(): void {
    this.#instances.clear();
    this.#orders.clear();
    this.flavors = defaultFlavors();
  }

  // From here on: for the actions.

  find(instanceId: string, projectId: string): DdmInstance | undefined {
    this.clock.settle();
    const instance = this.#instances.get(instanceId);
    return instance?.projectId === projectId ? instance : undefined;
  }

  require(instanceId: string, projectId: string): DdmInstance {
    const instance = this.find(instanceId, projectId);
    if (!instance) {
      throw new ApiError(
        404,
        this.settings.missingInstanceCode,
        `The instance ${instanceId} does not exist.`,
      );
    }
    return instance;
  }

  /** Throws unless the instance would take a change now. */
  requireIdle(instance: DdmInstance): void {
    const status = instance.holders.at(-1)?.status ?? this.#restingStatus(instance);
    if (instance.holders.length === 0 && status === running) return;
    throw new ApiError(this.settings.busyStatus, this.settings.busyCode);
  }

  /** The status shown to callers, which may lag behind. */
  status(instance: DdmInstance): string {
    const shown = instance.holders.filter((holder) => holder.since <= this.#seenUntil());
    return shown.at(-1)?.status ?? this.#restingStatus(instance);
  }

  listedGroups(instance: DdmInstance): DdmGroup[] {
    return instance.allGroups.filter((group) => this.#isSeen(group));
  }

  listedNodes(group: DdmGroup): DdmNode[] {
    const { creatingNodesListed, failedNodesListed } = this.settings;
    return group.allNodes.filter(
      (node) =>
        this.#isSeen(node) &&
        (node.status !== "creating" || creatingNodesListed) &&
        (node.status !== "enlargefail" || failedNodesListed),
    );
  }

  listedInstanceNodes(instance: DdmInstance): DdmNode[] {
    return this.listedGroups(instance).flatMap((group) => this.listedNodes(group));
  }

  flavor(id: string): Flavor | undefined {
    return this.flavors.find((flavor) => flavor.id === id);
  }

  hold(instance: DdmInstance, status: string, description: string): () => void {
    const holder: DdmHolder = { status, since: this.clock.now(), description };
    instance.holders.push(holder);
    return () => {
      instance.holders = instance.holders.filter((candidate) => candidate !== holder);
    };
  }

  startChange(instance: DdmInstance, change: Change): DdmJob {
    const now = this.clock.now();
    const job: DdmJob = {
      jobId: this.ids.uuid(),
      name: change.jobName,
      v2: change.v2,
      instanceId: instance.instanceId,
      instanceName: instance.instanceName,
      createdAt: now,
      endsAt: now + this.scaled(change.duration),
      status: "Running",
      failReason: "",
    };
    instance.jobs.push(job);
    const release = this.hold(instance, change.status, change.jobName);
    this.clock.at(job.endsAt, () => {
      const failReason = change.atEnd();
      job.status = failReason === undefined ? "Completed" : "Failed";
      job.failReason = failReason ?? "";
      if (failReason !== undefined) {
        const after = change.statusAfterFailure ?? this.settings.statusAfterFailure;
        instance.restingStatus = after;
        instance.errorMsg = after === running ? undefined : failReason;
      }
      instance.updatedAt = this.clock.now();
      this.clock.at(this.clock.now() + this.scaled(this.settings.durations.afterJob), release);
    });
    return job;
  }

  /** An order whose work begins when it is paid. */
  newOrder(
    instance: DdmInstance,
    given: Pick<DdmOrder, "purpose" | "count">,
    begin: (order: DdmOrder) => DdmJob,
  ): DdmOrder {
    return this.#orders.add(instance, given, begin);
  }

  newNode(
    instance: DdmInstance,
    group: DdmGroup,
    given: {
      nodeId?: string | undefined;
      status: string;
      createdAt: number;
      availableZone?: string | undefined;
      subnetId?: string | undefined;
    },
  ): DdmNode {
    const number = instance.allGroups.reduce((sum, { allNodes }) => sum + allNodes.length, 0) + 10;
    const zones = instance.availableZones;
    const node: DdmNode = {
      nodeId: given.nodeId ?? this.newId("no"),
      name: `${instance.instanceName}-${number - 9}`,
      groupId: group.groupId,
      ip: `192.168.${Math.floor(number / 250)}.${number % 250}`,
      availableZone: given.availableZone ?? zones[group.allNodes.length % zones.length] ?? "",
      subnetId: given.subnetId ?? instance.subnetId,
      status: given.status,
      createdAt: given.createdAt,
      goneAt: undefined,
    };
    group.allNodes.push(node);
    return node;
  }

  /** For instance `…in09`. */
  newId(kind: "in" | "gr" | "no"): string {
    return `${this.ids.uuid().replaceAll("-", "")}${kind}09`;
  }

  scaled(milliseconds: number): number {
    return milliseconds * this.#settings.timeScale;
  }

  #restingStatus(instance: DdmInstance): string {
    const unpaid = this.#orders.of(instance.instanceId).some(({ status }) => status === orderStates.unpaid);
    return unpaid && instance.restingStatus === running
      ? this.settings.unpaidOrderStatus
      : instance.restingStatus;
  }

  #seenUntil(): number {
    return this.clock.now() - this.scaled(this.settings.statusLagMilliseconds);
  }

  #isSeen({ createdAt, goneAt }: { createdAt: number; goneAt: number | undefined }): boolean {
    const until = this.#seenUntil();
    return createdAt <= until && (goneAt === undefined || goneAt > until);
  }

  #newGroup(instance: DdmInstance, given: z.output<typeof groupFixture>, createdAt: number): DdmGroup {
    const { nodes, ...fixture } = given;
    const number = instance.allGroups.length;
    const group: DdmGroup = {
      ...fixture,
      groupId: fixture.groupId ?? this.newId("gr"),
      name: fixture.name ?? (number === 0 ? "group-default" : `group-${number}`),
      isDefault: number === 0,
      createdAt,
      goneAt: undefined,
      allNodes: [],
    };
    instance.allGroups.push(group);
    for (let index = 0; index < nodes; index++) {
      this.newNode(instance, group, { status: "normal", createdAt });
    }
    return group;
  }

  #node(instanceId: string, nodeId: string): DdmNode {
    const node = this.nodes(instanceId).find((candidate) => candidate.nodeId === nodeId);
    if (!node) throw new Error(`There is no node ${nodeId} in instance ${instanceId}.`);
    return node;
  }
}

function assign<Thing extends object>(thing: Thing, fields: Partial<Thing>, name: string): Thing {
  for (const field of Object.keys(fields)) {
    if (!Object.hasOwn(thing, field)) throw new Error(`${name} has no field "${field}".`);
  }
  return Object.assign(thing, fields);
}
