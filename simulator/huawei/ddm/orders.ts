// Orders and what begins when they are paid.
import type { Clock } from "../../clock";
import type { Ids } from "../../ids";
import type { DdmInstance, DdmJob, DdmOrder } from "./instance";
import type { DdmSettings } from "./settings";

export const orderStates = { paid: 3, cancelled: 4, done: 5, unpaid: 6 } as const;

interface Work {
  order: DdmOrder;
  begin: () => DdmJob;
}

interface Surroundings {
  clock: Clock;
  ids: Ids;
  settings: DdmSettings["huawei"];
  scaled(milliseconds: number): number;
}

export class Orders {
  readonly #world: Surroundings;
  readonly #instance: (instanceId: string) => DdmInstance | undefined;
  #work = new Map<string, Work>();

  constructor(world: Surroundings, instance: (instanceId: string) => DdmInstance | undefined) {
    this.#world = world;
    this.#instance = instance;
  }

  /** All orders, or those of an instance. */
  of(instanceId: string | undefined): DdmOrder[] {
    const orders = [...this.#work.values()].map(({ order }) => order);
    return orders.filter((order) => instanceId === undefined || order.instanceId === instanceId);
  }

  find(orderId: string): DdmOrder {
    const order = this.#work.get(orderId)?.order;
    if (!order) throw new Error(`There is no order ${orderId}.`);
    return order;
  }

  add(
    instance: DdmInstance,
    given: Pick<DdmOrder, "purpose" | "count">,
    begin: (order: DdmOrder) => DdmJob,
  ): DdmOrder {
    const order: DdmOrder = {
      ...given,
      orderId: this.newId(),
      instanceId: instance.instanceId,
      status: orderStates.unpaid,
      createdAt: this.#world.clock.now(),
      paidAt: undefined,
      resourceIds: [],
    };
    this.#work.set(order.orderId, { order, begin: () => begin(order) });
    return order;
  }

  pay(orderId: string): DdmOrder {
    const { clock, settings } = this.#world;
    const order = this.#unpaid(orderId);
    order.status = orderStates.paid;
    order.paidAt = clock.now();
    clock.at(clock.now() + this.#world.scaled(settings.durations.order), () => this.#begin(orderId));
    return order;
  }

  cancel(orderId: string): DdmOrder {
    const order = this.#unpaid(orderId);
    order.status = orderStates.cancelled;
    return order;
  }

  clear(): void {
    this.#work.clear();
  }

  newId(): string {
    const { ids } = this.#world;
    return `CS${ids.digits(10)}${ids.prefixed("").slice(0, 5).toUpperCase()}`;
  }

  #unpaid(orderId: string): DdmOrder {
    const order = this.find(orderId);
    if (order.status !== orderStates.unpaid) throw new Error(`Order ${orderId} does not wait for payment.`);
    return order;
  }

  #begin(orderId: string): void {
    const { clock } = this.#world;
    const work = this.#work.get(orderId);
    const instance = work && this.#instance(work.order.instanceId);
    if (!work || !instance) return;
    if (instance.holders.length > 0) {
      clock.at(clock.now() + 1000, () => this.#begin(orderId));
      return;
    }
    const job = work.begin();
    clock.at(job.endsAt, () => {
      work.order.status = orderStates.done;
    });
  }
}
