// The EMR account: its clusters, and everything that can be done to them by somebody other than our caller.
import type { Clock } from "../../clock";
import type { Ids } from "../../ids";
import { ApiError } from "../errors";
import {
  type Cluster,
  type EmrNode,
  type Holder,
  type Process,
  type Purchase,
  type Role,
  roleFlags,
} from "./cluster";
import { componentsOf, serviceNames } from "./components";
import { type ClusterFixture, clusterFixture, newCluster } from "./fixture";
import type { Flow } from "./flow";
import { fits, newProcess, type ProcessSelector, restart, stop } from "./process";
import type { EmrSettings } from "./settings";

const idle = 2;
const scaleOutFailed = 302;
const executingCommand = 7;

export interface Service {
  serviceName: string;
  processes: Process[];
}

export class EmrWorld {
  readonly clock: Clock;
  readonly settings: EmrSettings;
  readonly ids: Ids;
  #clusters = new Map<string, Cluster>();

  constructor(clock: Clock, settings: EmrSettings, ids: Ids) {
    this.clock = clock;
    this.settings = settings;
    this.ids = ids;
  }

  createCluster(given: ClusterFixture = {}): Cluster {
    const fixture = clusterFixture.parse(given);
    const clusterId = fixture.clusterId ?? this.ids.prefixed("emr-");
    if (this.#clusters.has(clusterId)) throw new Error(`There is a cluster ${clusterId} already.`);
    const cluster = newCluster(fixture, clusterId, this.clock.now());
    this.#clusters.set(clusterId, cluster);
    for (const [role, count] of Object.entries(fixture.nodes)) {
      for (let index = 0; index < (count ?? 0); index++) {
        this.addNode(cluster, { role: role as Role, appliedAt: cluster.createdAt });
      }
    }
    return cluster;
  }

  clusters(): Cluster[] {
    this.clock.settle();
    return [...this.#clusters.values()];
  }

  /** The cluster; throws if there is none. */
  cluster(clusterId: string): Cluster {
    this.clock.settle();
    const cluster = this.#clusters.get(clusterId);
    if (!cluster) throw new Error(`There is no cluster ${clusterId}.`);
    return cluster;
  }

  /** What an API call sees: clusters of other regions do not exist. */
  find(clusterId: string, region: string): Cluster | undefined {
    this.clock.settle();
    const cluster = this.#clusters.get(clusterId);
    return cluster && (region === "" || region === cluster.region) ? cluster : undefined;
  }

  /** As `find`, with the error the cloud answers. */
  require(clusterId: string, region: string): Cluster {
    const cluster = this.find(clusterId, region);
    if (!cluster) {
      throw new ApiError(this.settings.missingClusterCode, `The instance ${clusterId} was not found.`);
    }
    return cluster;
  }

  /** The cluster ceases to exist. */
  destroyCluster(clusterId: string): void {
    this.cluster(clusterId);
    this.#clusters.delete(clusterId);
  }

  /** Nodes that are alive, of all roles. */
  nodes(clusterId: string): EmrNode[] {
    return this.cluster(clusterId).allNodes.filter((node) => node.goneAt === undefined && !node.ghost);
  }

  purchases(clusterId: string): Purchase[] {
    return this.cluster(clusterId).purchases;
  }

  /** A node that somebody made in the console: ordinary, without tags of ours. Default role: task. */
  addForeignNode(clusterId: string, node: Partial<EmrNode> = {}): EmrNode {
    return this.addNode(this.cluster(clusterId), { role: "task", ...node });
  }

  /** A task node made by autoscaling. */
  addAutoscaledNode(clusterId: string, node: Partial<EmrNode> = {}): EmrNode {
    return this.addNode(this.cluster(clusterId), { role: "task", autoFlag: 1, ...node });
  }

  /** The node vanishes behind everybody's back. */
  removeNode(clusterId: string, emrResourceId: string): void {
    this.#node(clusterId, emrResourceId).goneAt = this.clock.now();
  }

  /** Automatic replacement of a broken node: another machine of the same model, under new ids. */
  replaceNode(clusterId: string, emrResourceId: string): EmrNode {
    const cluster = this.cluster(clusterId);
    const old = this.#node(clusterId, emrResourceId);
    this.removeNode(clusterId, emrResourceId);
    const { emrResourceId: _id, orderNo: _orderNo, serialNo: _serialNo, goneAt: _goneAt, ...kept } = old;
    const tags = this.settings.replacementKeepsTags ? [...old.tags] : [];
    const appliedAt = this.clock.now();
    const processes = old.processes.map((process) => ({
      ...process,
      lastRestartAt: process.started ? appliedAt : undefined,
    }));
    return this.addNode(cluster, { ...kept, tags, processes, appliedAt });
  }

  /** Somebody's workflow keeps the cluster busy for a while. Default status: 7, executing a command. */
  holdLock(clusterId: string, milliseconds: number, status = executingCommand): void {
    const cluster = this.cluster(clusterId);
    const release = this.hold(cluster, status, "a workflow started in the console");
    this.clock.at(this.clock.now() + milliseconds, release);
  }

  /** A person deals with a blocked flow: it fails, the cluster is free again; after a scale-out in status 302. */
  releaseFlow(clusterId: string, traceId: string): void {
    const cluster = this.cluster(clusterId);
    const flow = cluster.flows.find((candidate) => candidate.traceId === traceId);
    if (!flow) throw new Error(`There is no flow ${traceId} in cluster ${clusterId}.`);
    if (flow.endsAt !== undefined) throw new Error(`Flow ${traceId} is not blocked.`);
    flow.endsAt = this.clock.now();
    flow.finalStatus = -1;
    for (const stage of flow.stages) if (stage.ends === "blocked") stage.ends = "failed";
    cluster.holders = cluster.holders.filter((holder) => holder.traceId !== traceId);
    if (flow.name === "ScaleOutCluster") cluster.restingStatus = scaleOutFailed;
  }

  /** Every service of the cluster with its processes on nodes that are alive. Clients have none. */
  services(clusterId: string): Service[] {
    return serviceNames(this.cluster(clusterId)).map((serviceName) => ({
      serviceName,
      processes: this.processes(clusterId, { service: serviceName }),
    }));
  }

  /** Processes on nodes that are alive; themselves, not copies. */
  processes(clusterId: string, selector: ProcessSelector = {}): Process[] {
    const processes = this.nodes(clusterId).flatMap((node) => node.processes);
    return processes.filter((process) => fits(process, selector));
  }

  /** Processes die, or somebody stops them on their nodes. */
  stopProcesses(clusterId: string, selector: ProcessSelector = {}): Process[] {
    const processes = this.#processes(clusterId, selector);
    for (const process of processes) stop(process, this);
    return processes;
  }

  /** Somebody starts or restarts processes in the console. */
  restartProcesses(clusterId: string, selector: ProcessSelector = {}): Process[] {
    const processes = this.#processes(clusterId, selector);
    for (const process of processes) restart(process, this);
    return processes;
  }

  /** Sets fields of processes; the same as setting them on the objects themselves. */
  changeProcesses(clusterId: string, selector: ProcessSelector, fields: Partial<Process>): Process[] {
    const processes = this.#processes(clusterId, selector);
    for (const process of processes) {
      for (const name of Object.keys(fields)) {
        if (!Object.hasOwn(process, name)) throw new Error(`A process has no field "${name}".`);
      }
      Object.assign(process, fields);
    }
    return processes;
  }

  reset(): void {
    this.#clusters.clear();
  }

  // From here on: for the actions.

  addNode(cluster: Cluster, given: Partial<EmrNode> & { role: Role }): EmrNode {
    if (!Object.hasOwn(roleFlags, given.role)) throw new Error(`There is no role "${given.role}".`);
    const zone = cluster.zones.find((candidate) => candidate.zoneId === given.zoneId) ?? cluster.zones[0];
    const subnet = cluster.subnets.find((candidate) => candidate.subnetId === given.subnetId);
    const inZone = cluster.subnets.find((candidate) => candidate.zoneId === zone?.zoneId);
    const number = cluster.allNodes.length + 10;
    const node: EmrNode = {
      role: given.role,
      emrResourceId: this.ids.prefixed("emr-vm-"),
      orderNo: this.ids.prefixed("ins-"),
      serialNo: this.ids.uuid(),
      nameTag: this.#nameTag(cluster, given.role),
      ip: `10.0.${Math.floor(number / 250)}.${number % 250}`,
      spec: "CVM.S5",
      cpuNum: 8,
      memoryGigabytes: 16,
      diskGigabytes: 200,
      rootGigabytes: 50,
      storageType: 5,
      chargeType: cluster.chargeType,
      autoRenew: 0,
      autoFlag: 0,
      appliedAt: this.clock.now(),
      expiresAt: undefined,
      goneAt: undefined,
      recycledAt: undefined,
      tags: [],
      processes: [],
      // As the console offers its removal button, which says nothing of what the API removes.
      destroyable: given.role === "task" || given.role === "router" ? 1 : 0,
      disableApiTermination: false,
      timingResource: false,
      hardwareResourceType: "HOST",
      zone: zone?.zone ?? "",
      zoneId: zone?.zoneId ?? 0,
      subnetId: (subnet ?? inZone)?.subnetId ?? "",
      subnetName: (subnet ?? inZone)?.subnetName ?? "",
      nodeMark: "",
      yarnNodeLabel: "",
      remark: "",
      flowTraceId: "",
      ghost: false,
    };
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(node, name)) throw new Error(`A node has no field "${name}".`);
    }
    Object.assign(node, given);
    if (!given.processes) {
      const components = componentsOf(node.role, cluster);
      node.processes = components.map((component) => newProcess(component, node.ip, node.appliedAt));
    }
    cluster.allNodes.push(node);
    return node;
  }

  /** A workflow takes the cluster; the returned function gives it back. */
  hold(cluster: Cluster, status: number, description: string, traceId = ""): () => void {
    const holder: Holder = { status, since: this.clock.now(), description, traceId };
    cluster.holders.push(holder);
    return () => {
      cluster.holders = cluster.holders.filter((candidate) => candidate !== holder);
    };
  }

  /** A flow takes the cluster until it ends; a blocked one keeps it. `atEnd` runs when it ends. */
  startFlow(cluster: Cluster, flow: Flow, status: number, atEnd: () => void): void {
    const release = this.hold(cluster, status, flow.name, flow.traceId);
    cluster.flows.push(flow);
    if (flow.endsAt === undefined) return;
    this.clock.at(flow.endsAt, () => {
      release();
      atEnd();
    });
  }

  newTraceId(): string {
    return `${this.ids.digits(10)}-${this.ids.digits(8)}-${this.ids.digits(4)}`;
  }

  /** The status shown to callers, which may lag behind. */
  status(cluster: Cluster): number {
    const lag = this.scaled(this.settings.statusLagMilliseconds);
    const shown = cluster.holders.filter((holder) => holder.since + lag <= this.clock.now());
    return shown.at(-1)?.status ?? cluster.restingStatus;
  }

  /** Throws unless the cluster would take a change now. */
  requireIdle(cluster: Cluster): void {
    const holder = cluster.holders.at(-1);
    if (holder) throw this.#busy(cluster);
    const status = cluster.restingStatus;
    if (status === idle) return;
    if (status === scaleOutFailed && this.settings.failedClusterAcceptsChanges) return;
    const unusable = [14, 19, 21, 23, 33, 34, 201, 301, scaleOutFailed];
    if (!unusable.includes(status)) throw this.#busy(cluster);
    throw new ApiError(
      "FailedOperation",
      `The operation is not allowed while instance ${cluster.clusterId} is in status ${status}.`,
    );
  }

  /** Nodes as the list shows them, which may lag behind. Gone ones that are not shown any more are left out. */
  listedNodes(cluster: Cluster): EmrNode[] {
    const seenUntil = this.clock.now() - this.scaled(this.settings.statusLagMilliseconds);
    return cluster.allNodes.filter(
      (node) => node.appliedAt <= seenUntil && (node.goneAt === undefined || node.goneAt > seenUntil),
    );
  }

  /** Whether DescribeClusterNodes shows it yet: new nodes may come later than the end of the flow that made them. */
  isInNodeList(node: EmrNode, cluster: Cluster): boolean {
    const lag = this.scaled(this.settings.nodeListLagMilliseconds);
    if (lag === 0) return true;
    const flow = cluster.flows.find(({ traceId }) => traceId === node.flowTraceId);
    return Math.max(node.appliedAt, flow?.endsAt ?? 0) + lag <= this.clock.now();
  }

  scaled(milliseconds: number): number {
    return milliseconds * this.settings.timeScale;
  }

  /** A time as the API writes it. */
  timeText(milliseconds: number | undefined): string {
    if (milliseconds === undefined) return "0000-00-00 00:00:00";
    const local = new Date(milliseconds + this.settings.timeZoneOffsetMinutes * 60_000);
    return local.toISOString().slice(0, 19).replace("T", " ");
  }

  #busy(cluster: Cluster): ApiError {
    if (this.settings.busyCode === "FlowRejected") {
      const running = cluster.holders.at(-1)?.description ?? `status ${cluster.restingStatus}`;
      return new ApiError(
        "FailedOperation.FlowRejected",
        `The request was rejected because a flow is running: ${running}.`,
      );
    }
    return new ApiError("ResourceInUse.InstanceInProcess");
  }

  #processes(clusterId: string, selector: ProcessSelector): Process[] {
    const processes = this.processes(clusterId, selector);
    if (processes.length > 0) return processes;
    throw new Error(`There is no process ${JSON.stringify(selector)} in cluster ${clusterId}.`);
  }

  #node(clusterId: string, emrResourceId: string): EmrNode {
    const node = this.nodes(clusterId).find((candidate) => candidate.emrResourceId === emrResourceId);
    if (!node) throw new Error(`There is no node ${emrResourceId} in cluster ${clusterId}.`);
    return node;
  }

  #nameTag(cluster: Cluster, role: Role): string {
    const ofRole = cluster.allNodes.filter((node) => node.role === role);
    if (this.settings.nameTagNumbering === "growing") return `${role}.${ofRole.length}`;
    const taken = new Set(ofRole.filter((node) => node.goneAt === undefined).map((node) => node.nameTag));
    let number = 0;
    while (taken.has(`${role}.${number}`)) number += 1;
    return `${role}.${number}`;
  }
}
