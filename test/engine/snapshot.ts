// The state of a stack while an operation runs, saved after every change as the real engine saves it:
// what this run has dealt with, then what it has not touched yet, and the operations under way.

import type { PendingOperation, PendingOperationType, ResourceV3 } from "./types";
import { providerUrn } from "./urn";

export interface StackState {
  resources: ResourceV3[];
  pendingOperations: PendingOperation[];
}

export class Snapshot {
  private base: ResourceV3[];
  private readonly done: ResourceV3[] = [];
  private readonly inherited: PendingOperation[];
  private readonly underWay = new Set<PendingOperation>();
  private frozen = false;

  constructor(
    initial: StackState,
    private readonly save: (state: StackState) => void,
  ) {
    this.base = [...initial.resources];
    this.inherited = [...initial.pendingOperations];
  }

  /** Resources from before that this run has not dealt with yet. */
  get untouched(): readonly ResourceV3[] {
    return this.base;
  }

  get resources(): readonly ResourceV3[] {
    return [...this.done, ...this.base];
  }

  get pendingOperations(): readonly PendingOperation[] {
    return this.inherited;
  }

  find(urn: string): ResourceV3 | undefined {
    return this.base.find((resource) => resource.urn === urn && resource.delete !== true);
  }

  findDone(urn: string): ResourceV3 | undefined {
    return this.done.find((resource) => resource.urn === urn);
  }

  begin(resource: ResourceV3, type: PendingOperationType): PendingOperation {
    const operation = { resource, type };
    this.underWay.add(operation);
    this.write();
    return operation;
  }

  end(operation: PendingOperation): void {
    this.underWay.delete(operation);
  }

  /** `next` takes the place of `old`. */
  put(next: ResourceV3, old?: ResourceV3): void {
    this.done.push(next);
    if (old) this.remove(old);
    this.write();
  }

  drop(old: ResourceV3): void {
    this.remove(old);
    this.write();
  }

  /** After a refresh: the same resources in the same order, without those that are gone. */
  refreshed(changes: Map<ResourceV3, ResourceV3 | undefined>): void {
    const kept = this.base.flatMap((resource) =>
      changes.has(resource) ? (changes.get(resource) ?? []) : resource,
    );
    const urns = new Set(kept.map((resource) => resource.urn));
    this.base = kept.map((resource) => withoutDangling(resource, urns));
    this.write();
  }

  clearPendingOperations(): void {
    this.inherited.length = 0;
    this.write();
  }

  /** As when the engine is killed: nothing that happens from here on reaches the state. */
  freeze(): void {
    this.frozen = true;
  }

  /** Writes state that was changed in place. */
  write(): void {
    if (this.frozen) return;
    // Of an earlier run's pending operations only creations are kept: only they need a person to look.
    const inherited = this.inherited.filter((operation) => operation.type === "creating");
    this.save({
      resources: [...this.resources],
      pendingOperations: [...this.underWay, ...inherited],
    });
  }

  private remove(old: ResourceV3): void {
    // What an import has brought may be updated in the same run.
    for (const resources of [this.base, this.done]) {
      const index = resources.indexOf(old);
      if (index >= 0) resources.splice(index, 1);
    }
  }
}

function withoutDangling(resource: ResourceV3, urns: Set<string>): ResourceV3 {
  const result = { ...resource };
  if (result.dependencies) result.dependencies = result.dependencies.filter((urn) => urns.has(urn));
  if (result.propertyDependencies) {
    result.propertyDependencies = Object.fromEntries(
      Object.entries(result.propertyDependencies).map(([key, list]) => [
        key,
        list.filter((urn) => urns.has(urn)),
      ]),
    );
  }
  return result;
}

/** Every URN that must not be deleted before this resource. */
export function dependenciesOf(resource: ResourceV3): string[] {
  return [
    ...(resource.parent ? [resource.parent] : []),
    ...(resource.provider ? [providerUrn(resource.provider)] : []),
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flat(),
    ...(resource.deletedWith ? [resource.deletedWith] : []),
  ];
}

/** Refuses state that the real engine would refuse: dependencies come first, live URNs are unique. */
export function verifyOrder(resources: ResourceV3[]): void {
  const known = new Set<string>();
  const live = new Set<string>();
  for (const resource of resources) {
    for (const dependency of dependenciesOf(resource)) {
      if (!known.has(dependency)) {
        throw new Error(
          `state is broken: ${resource.urn} refers to ${dependency}, which does not come before it`,
        );
      }
    }
    known.add(resource.urn);
    if (resource.delete) continue;
    if (live.has(resource.urn)) throw new Error(`state is broken: duplicate resource ${resource.urn}`);
    live.add(resource.urn);
  }
}
