import type { z } from "zod";
// The life of operations: accepted, perhaps queued, run, ended; and what they do to instances meanwhile.
import type { Clock } from "../../clock";
import type { Faults } from "../../faults";
import type { Ids } from "../../ids";
import { refusal } from "../errors";
import type { OperationState, VolcengineSettings } from "../settings";
import { markStarted, type VkeCluster, type VkeInstance } from "./cluster";
import { applyConfigs, writeConfigs } from "./configs";
import { vkeFaults } from "./faults";
import { fullName, type VkeOperation } from "./operation";

export interface OperationPlan extends Pick<VkeOperation, "actionName" | "by" | "configs" | "params"> {
  instances: VkeInstance[];
  /** Asked once the operation is accepted. */
  misfortune?: () => Misfortune;
}

interface Misfortune {
  failure?: z.output<typeof vkeFaults.operationFails> | undefined;
  stuck: boolean;
}

export function misfortuneOf(faults: Faults, action: string): Misfortune {
  return {
    failure: faults.take(vkeFaults.operationFails, action),
    stuck: faults.take(vkeFaults.operationStuck, action) !== undefined,
  };
}

interface Work extends Misfortune {
  operation: VkeOperation;
  cluster: VkeCluster;
  plan: OperationPlan;
  /** Each instance as it was at the beginning of the run. */
  before: Map<VkeInstance, string>;
  /** The acceptance is over. */
  due: boolean;
  /** Instead of running. */
  endsAs: OperationState | undefined;
  /** Whether instances are touched at all. */
  effective: boolean;
}

const ended: readonly OperationState[] = ["SUCCESS", "FAILED", "CANCEL", "SKIP"];

export interface OperationParts {
  clock: Clock;
  ids: Ids;
  settings(): VolcengineSettings;
  scaled(milliseconds: number): number;
}

export class Operations {
  readonly #parts: OperationParts;
  #works = new Map<string, Work>();

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  reset(): void {
    this.#works.clear();
  }

  all(): VkeOperation[] {
    return [...this.#works.values()].map(({ operation }) => operation);
  }

  find(operationId: string): VkeOperation | undefined {
    return this.#works.get(operationId)?.operation;
  }

  /** Whether something is under way in the cluster. */
  isBusy(cluster: VkeCluster): boolean {
    return [...this.#works.values()].some((work) => work.cluster === cluster && isOpen(work));
  }

  /** Throws if the plan is one that is refused at once. */
  accept(cluster: VkeCluster, plan: OperationPlan): VkeOperation {
    const { clock, ids } = this.#parts;
    const settings = this.#parts.settings();
    this.#checkPlan(plan);
    const work: Work = {
      operation: this.#newOperation(
        cluster,
        plan,
        settings.operationIds === "number" ? ids.digits(12) : ids.prefixed("op-"),
      ),
      cluster,
      plan,
      before: new Map(),
      due: false,
      endsAs: undefined,
      effective: true,
      stuck: false,
    };
    const other = this.#blocker(work);
    if (other && plan.by === "caller") {
      if (settings.overlap === "refuse") {
        throw refusal(settings, "overlap", `The operation ${other.operation.operationId} is running.`);
      }
      if (settings.overlap !== "queue") work.endsAs = settings.overlap === "failed" ? "FAILED" : "SKIP";
    }
    Object.assign(work, plan.misfortune?.());
    this.#works.set(work.operation.operationId, work);
    if (settings.configsPersist && settings.configsWritten === "onAccept") this.#writeConfigs(work);
    clock.at(clock.now() + this.#parts.scaled(settings.durations.accept), () => {
      work.due = true;
      this.#tryBegin(work);
    });
    return work.operation;
  }

  /** A stuck operation goes on. */
  release(operationId: string): void {
    const work = this.#open(operationId);
    if (work.operation.state !== "PENDING" && !work.stuck) {
      throw new Error(`The operation ${operationId} is not stuck.`);
    }
    work.stuck = false;
    if (work.operation.state === "PENDING") this.#begin(work);
  }

  /** Somebody cancels it; instances go back to what they were. */
  cancel(operationId: string): void {
    const work = this.#open(operationId);
    this.#restore(work);
    this.#end(work, "CANCEL", "cancelled in the console");
  }

  clusterGone(cluster: VkeCluster): void {
    for (const work of this.#works.values()) {
      if (work.cluster !== cluster || !isOpen(work)) continue;
      this.#end(work, this.#parts.settings().clusterDeletedMeanwhile, "the cluster was deleted");
    }
  }

  #checkPlan({ actionName, by, instances }: OperationPlan): void {
    const settings = this.#parts.settings();
    if (by === "console") return;
    const state = reached(actionName, instances);
    if (state !== undefined && settings.alreadyThere === "refuse") {
      throw refusal(settings, "alreadyThere", `The component is ${state} already.`);
    }
    if (actionName === "restart" && settings.restartOfStopped === "refuse" && allAre("STOPPED", instances)) {
      throw refusal(settings, "alreadyThere", "A stopped component cannot be restarted.");
    }
  }

  #newOperation(cluster: VkeCluster, plan: OperationPlan, operationId: string): VkeOperation {
    const targets: VkeOperation["targets"] = [];
    for (const instance of plan.instances) {
      const { application, component } = instance;
      let target = targets.find((one) => one.application === application && one.component === component);
      if (!target) {
        target = { application, component, instances: [] };
        targets.push(target);
      }
      target.instances.push(fullName(instance));
    }
    return {
      operationId,
      clusterId: cluster.clusterId,
      region: cluster.region,
      actionName: plan.actionName,
      targets,
      configs: plan.configs,
      by: plan.by,
      params: plan.params,
      state: "ACCEPT",
      reason: undefined,
      createTime: this.#parts.clock.now(),
      startTime: undefined,
      endTime: undefined,
    };
  }

  /** An earlier operation that is not over and stands in the way. */
  #blocker(work: Work): Work | undefined {
    const perComponent = this.#parts.settings().overlapScope === "component";
    for (const other of this.#works.values()) {
      if (other === work) return undefined;
      if (other.cluster !== work.cluster || !isOpen(other) || other.endsAs) continue;
      if (!perComponent || shareComponent(other.operation, work.operation)) return other;
    }
    return undefined;
  }

  #tryBegin(work: Work): void {
    if (!isOpen(work) || !work.due || work.operation.state !== "ACCEPT") return;
    if (work.endsAs) {
      this.#end(work, work.endsAs, "another operation is running");
    } else if (!this.#blocker(work)) {
      if (work.stuck) work.operation.state = "PENDING";
      else this.#begin(work);
    }
  }

  #begin(work: Work): void {
    const { clock, scaled } = this.#parts;
    const settings = this.#parts.settings();
    const { operation, plan } = work;
    const { actionName, instances } = plan;
    const isReached = reached(actionName, instances) !== undefined;
    const isStopped = actionName === "restart" && allAre("STOPPED", instances);
    if (
      (isReached && settings.alreadyThere === "skip") ||
      (isStopped && settings.restartOfStopped === "skip")
    ) {
      this.#end(work, "SKIP");
      return;
    }
    work.effective = !isReached || (actionName === "start" && settings.alreadyThere === "restart");
    operation.state = "RUNNING";
    operation.startTime = clock.now();
    const run = scaled(settings.durations.run);
    if (work.effective) this.#takeInstances(work, run);
    clock.at(clock.now() + run, () => this.#finish(work));
  }

  #takeInstances({ before, operation, plan: { actionName, instances } }: Work, run: number): void {
    const { clock } = this.#parts;
    for (const instance of instances) {
      before.set(instance, instance.state);
      instance.heldBy = operation.operationId;
      instance.state = actionName === "start" ? "STARTING" : "STOPPING";
    }
    if (actionName !== "restart") return;
    clock.at(clock.now() + run / 2, () => {
      const held = instances.filter(({ heldBy }) => heldBy === operation.operationId);
      for (const instance of held) instance.state = "STARTING";
    });
  }

  #finish(work: Work): void {
    if (!isOpen(work)) return;
    const { failure } = work;
    const { actionName, instances } = work.plan;
    if (failure) {
      if (failure.instances === "asBefore") this.#restore(work);
      else this.#spoil(work, failure.instances);
      this.#end(work, "FAILED", failure.reason);
      return;
    }
    if (actionName !== "stop") this.#applyConfigs(work);
    if (work.effective) this.#settle(work);
    const lost = instances.filter((instance) => !isThere(work.cluster, instance));
    const fails = lost.length > 0 && this.#parts.settings().instanceDeletedMeanwhile === "FAILED";
    this.#end(
      work,
      fails ? "FAILED" : "SUCCESS",
      fails ? `${lost.map(fullName).join(", ")} does not exist` : undefined,
    );
  }

  #spoil({ plan: { actionName, instances } }: Work, as: "failed" | "exception"): void {
    for (const instance of instances) {
      instance.state = as === "exception" ? "EXCEPTION" : `${actionName.toUpperCase()}_FAILED`;
      instance.heldBy = undefined;
    }
  }

  /** Instances reach the state, at once or later. */
  #settle(work: Work): void {
    const { clock, scaled } = this.#parts;
    const { actionName, instances } = work.plan;
    const { operationId } = work.operation;
    const settle = () => {
      for (const instance of instances) {
        if (instance.heldBy !== operationId) continue;
        instance.heldBy = undefined;
        if (actionName === "stop") {
          instance.state = "STOPPED";
        } else {
          instance.state = "STARTED";
          markStarted(instance, clock.now());
        }
      }
    };
    const lag = scaled(this.#parts.settings().settleLag);
    if (lag > 0) clock.at(clock.now() + lag, settle);
    else settle();
  }

  #restore(work: Work): void {
    for (const [instance, state] of work.before) {
      if (instance.heldBy !== work.operation.operationId) continue;
      instance.state = state;
      instance.heldBy = undefined;
    }
  }

  #end(work: Work, state: OperationState, reason?: string): void {
    work.operation.state = state;
    work.operation.reason = reason;
    work.operation.endTime = this.#parts.clock.now();
    for (const other of this.#works.values()) this.#tryBegin(other);
  }

  #writeConfigs({ cluster, operation }: Work): void {
    for (const target of operation.targets) {
      const application = cluster.applications.get(target.application);
      if (!application) continue;
      writeConfigs(application, target.component, operation.configs, this.#parts.settings());
    }
  }

  #applyConfigs(work: Work): void {
    const settings = this.#parts.settings();
    if (settings.configsPersist && settings.configsWritten === "onSuccess") this.#writeConfigs(work);
    for (const target of work.operation.targets) {
      const application = work.cluster.applications.get(target.application);
      if (application) applyConfigs(application, target.component);
    }
  }

  #open(operationId: string): Work {
    const work = this.#works.get(operationId);
    if (!work) throw new Error(`There is no operation ${operationId}.`);
    if (!isOpen(work)) throw new Error(`The operation ${operationId} is over.`);
    return work;
  }
}

function isOpen({ operation }: Work): boolean {
  return !ended.includes(operation.state);
}

/** The state that the instances have already and the action leads to. */
function reached(actionName: string, instances: readonly VkeInstance[]): string | undefined {
  if (actionName === "start" && allAre("STARTED", instances)) return "STARTED";
  return actionName === "stop" && allAre("STOPPED", instances) ? "STOPPED" : undefined;
}

function allAre(state: string, instances: readonly VkeInstance[]): boolean {
  return instances.every((instance) => instance.state === state);
}

function isThere(cluster: VkeCluster, instance: VkeInstance): boolean {
  const components = cluster.applications.get(instance.application)?.components;
  return components?.get(instance.component)?.includes(instance) ?? false;
}

function shareComponent(one: VkeOperation, other: VkeOperation): boolean {
  return one.targets.some(({ application, component }) =>
    other.targets.some((target) => target.application === application && target.component === component),
  );
}
