// A pool's purchases as this machine remembers them, until the stack's state holds what they brought: the one whose outcome
// is open, those that are over, and the tokens that are used up.
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Context } from "../../../base/context";
import { entriesOf, type Journal, journalsIn, openJournal, type WrittenJournal } from "../../../base/journal";
import { runsStill } from "../../../base/session";
import type { Open } from "../../../core/resource";
import { specHash } from "./birth";
import { nodesOf } from "./plan";
import {
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  nodeOutput,
  type Order,
  order as orderSchema,
  type PoolName,
  poolKey,
} from "./schema";

/** How long the cloud may remember a ClientToken (5 minutes), and what is added for clocks that disagree. */
export const tokenWindow = 300_000 + 30_000;

const remembered = z.object({
  order: orderSchema,
  /** What it brought, once that is known. */
  brought: z.array(nodeOutput).optional(),
  /** Whether it is for a pool that no state held when it was sent. */
  isCreate: z.boolean(),
  /** Whether it is for a pool whose state told no owner yet: one of version 0.1, or an imported one. */
  isUnnamed: z.boolean().default(false),
  /** The session that has sent it: while that goes on, it is its business. */
  process: z.string().optional(),
  /** Whether its operation has handed over what exists: from then on state may hold it, under whatever name. */
  isTold: z.boolean(),
});

type Remembered = z.output<typeof remembered>;

const entrySchema = z.preprocess(
  // As version 0.1 wrote it.
  (entry) => {
    if (typeof entry !== "object" || entry === null || "orders" in entry) return entry;
    const { order, ...rest } = entry as { order?: unknown };
    return { ...rest, orders: order ? [{ order, isCreate: true, isTold: false }] : [] };
  },
  z.object({
    orders: z.array(remembered),
    /** Tokens of orders that are settled, so that a purchase like them gets another. */
    used: z.array(z.object({ token: z.string(), sentAt: z.number() })),
    /** Nodes that a pool of this name had when it was deleted and its nodes were to stay. */
    left: z.array(z.string()).default([]),
  }),
);

type Entry = z.output<typeof entrySchema>;

export const journalKey = (region: string, pool: PoolName) => `${region}/${poolKey(pool)}`;

const journalOf = (context: Pick<Context, "journalDirectory">, key: string): Journal<Entry> =>
  openJournal(context.journalDirectory, key, entrySchema);

type Where = Pick<Context, "session" | "journalDirectory">;
type Known = Pick<NodePoolState, "nodes" | "pendingOrder" | "owner">;

/** What is remembered of a pool: by its owner where state tells it, and for a new one what a killed create has begun. */
function ownOrders({ session }: Where, entry: Entry, known: Known | undefined): Remembered[] {
  if (!known) {
    const begun = entry.orders.filter(
      ({ isCreate, isTold, process: sender }) =>
        isCreate && !isTold && !(sender && runsStill(sender, session)),
    );
    return begun.filter(({ order }) => order.owner === begun[0]?.order.owner);
  }
  return entry.orders.filter(
    (each) =>
      (each.order.owner === undefined ||
        (known.owner === undefined ? each.isUnnamed : each.order.owner === known.owner)) &&
      !isSaved(each, known),
  );
}

/** Whether state holds all that an order brought. */
function isSaved({ brought }: Remembered, { nodes }: Known): boolean {
  return brought?.every(({ resourceId }) => nodes.some((node) => node.resourceId === resourceId)) ?? false;
}

/** What a saved state holds need not be remembered any more. */
export function forgetSaved(context: Pick<Context, "journalDirectory">, key: string, saved: Known): void {
  const journal = journalOf(context, key);
  const entry = journal.read();
  if (!entry?.orders.some((each) => isSaved(each, saved))) return;
  journal.write({ ...entry, orders: entry.orders.filter((each) => !isSaved(each, saved)) });
}

/** Token of a purchase: the same for the same purchase on the same members, so that a repeat is known as one. */
export function orderToken(
  inputs: NodePoolInputs,
  members: readonly string[],
  count: number,
  salt: number,
): string {
  const purpose = [
    inputs.clusterId,
    inputs.role,
    inputs.poolId,
    specHash(inputs),
    [...members].sort(),
    count,
    salt,
  ];
  return `pb-${createHash("sha256").update(JSON.stringify(purpose)).digest("hex").slice(0, 32)}`;
}

export interface Memory {
  /** The order whose outcome is not known. */
  pendingOrder: Order | undefined;
  /** Nodes that earlier orders brought, and that state does not hold. */
  brought: NodeOutput[];
}

/** What this machine knows of a pool and state does not. */
export function recallPool(context: Where, key: string, known: Known | undefined): Memory {
  const entry = journalOf(context, key).read();
  const own = entry ? ownOrders(context, entry, known) : [];
  const isSettled = (order: Order) =>
    entry?.used.some(({ token }) => token === order.token) ||
    own.some(({ order: other, brought }) => brought && other.token === order.token);
  const recorded = known?.pendingOrder;
  const has = (id: string) => known?.nodes.some(({ resourceId }) => resourceId === id);
  return {
    pendingOrder:
      own.find(({ brought }) => !brought)?.order ?? (recorded && !isSettled(recorded) ? recorded : undefined),
    brought: own.flatMap(({ brought }) => brought ?? []).filter(({ resourceId }) => !has(resourceId)),
  };
}

export interface Orders {
  /** What the pool's nodes carry in their tag. */
  owner: string;
  /** The order whose outcome is not known, if there is one. */
  open(): Order | undefined;
  /** What earlier orders brought, and state does not hold. */
  brought: readonly NodeOutput[];
  /** Orders under this name that may belong to another resource: of something new nobody knows that. */
  others: readonly Remembered[];
  /** Of what earlier orders brought, these are not there any more. */
  forget(gone: readonly string[]): void;
  /** Nodes that were left when a pool of this name was deleted. */
  left: readonly string[];
  /** Makes an order, with a token of its own. */
  begin(
    order: Omit<Order, "token" | "acknowledged" | "owner">,
    inputs: NodePoolInputs,
    members: string[],
  ): Order;
  /** Writes it down, before it is sent and as more is known of it. */
  save(order: Order): void;
  /** The outcome is known: what it brought is remembered until state holds it, and its token is not used again. */
  settle(order: Order, brought: NodeOutput[]): void;
}

export function openOrders(context: Context, key: string, known: Known | undefined): Orders {
  const journal = journalOf(context, key);
  const entry = journal.read() ?? { orders: [], used: [], left: [] };
  const own = ownOrders(context, entry, known);
  const memory = recallPool(context, key, known);
  const owner = known?.owner ?? own[0]?.order.owner ?? randomBytes(8).toString("hex");
  const others = known ? [] : entry.orders.filter((each) => !own.includes(each));
  let open = memory.pendingOrder;

  /** Other runs on this machine may write too, so that each change starts from what is there. */
  function save(change: (present: Entry) => Partial<Entry>): void {
    const present = journal.read() ?? { orders: [], used: [], left: [] };
    journal.write({ ...present, ...change(present) });
  }
  // Equal orders of two pools of one name have one token; one of version 0.1 names no owner.
  const isSame = (a: Order, b: Order) =>
    a.token === b.token && (a.owner === b.owner || a.owner === undefined || b.owner === undefined);
  const without = ({ orders }: Entry, order: Order) => orders.filter((each) => !isSame(each.order, order));
  const isUnnamed = known !== undefined && known.owner === undefined;
  const fresh = { isCreate: known === undefined, isUnnamed, isTold: false, process: context.session.name };

  return {
    owner,
    open: () => open,
    brought: memory.brought,
    others,
    left: entry.left,
    forget(gone) {
      if (gone.length === 0) return;
      const isThere = ({ resourceId }: NodeOutput) => !gone.includes(resourceId);
      save(({ orders }) => ({
        orders: orders.flatMap((each) => {
          const brought = each.brought?.filter(isThere);
          return brought === undefined ? each : brought.length > 0 ? { ...each, brought } : [];
        }),
      }));
    },
    begin(order, inputs, members) {
      const { used } = journal.read() ?? entry;
      let salt = 0;
      let token = orderToken(inputs, members, order.count, salt);
      while (used.some((earlier) => earlier.token === token)) {
        salt += 1;
        token = orderToken(inputs, members, order.count, salt);
      }
      return { ...order, owner, token, acknowledged: false };
    },
    save(order) {
      save((present) => {
        const before = present.orders.find((each) => isSame(each.order, order));
        return { orders: [...without(present, order), { ...fresh, ...before, order }] };
      });
      open = order;
    },
    settle(order, brought) {
      const kept = brought.length > 0 ? [{ ...fresh, order, brought }] : [];
      save((present) => ({
        orders: [...without(present, order), ...kept],
        // A handful is enough: an older token is not known to the cloud any more.
        used: [...present.used, { token: order.token, sentAt: order.sentAt }].slice(-50),
      }));
      if (open?.token === order.token) open = undefined;
    },
  };
}

/** The operation hands over what exists: from now on state may hold it. */
export function handOver(context: Context, key: string, owner: string | undefined): void {
  const journal = journalOf(context, key);
  const entry = journal.read();
  if (!entry?.orders.some(({ isTold }) => !isTold)) return;
  const orders = entry.orders.map((each) => (each.order.owner === owner ? { ...each, isTold: true } : each));
  journal.write({ ...entry, orders });
}

/** The pool is deleted. `left`: its nodes that stay. */
export function forgetPool(
  context: Context,
  key: string,
  owner: string | undefined,
  left: readonly string[] = [],
): void {
  const journal = journalOf(context, key);
  const entry = journal.read();
  if (!entry && left.length === 0) return;
  const { orders = [], used = [] } = entry ?? {};
  journal.write({
    used,
    orders: orders.filter(({ order }) => order.owner !== owner && order.owner !== undefined),
    left: [...new Set([...(entry?.left ?? []), ...left])].slice(-500),
  });
}

/** What this machine remembers of purchases: those whose outcome is open, and nodes that no state is known to hold. */
export function openPurchases(journals: readonly WrittenJournal[]): Open[] {
  return entriesOf(journals, "", entrySchema).flatMap(({ key, entry }) => {
    const [, on = "", role = "", ...name] = key.split("/");
    return entry.orders.map(({ order, brought, isCreate, isTold, process: sender }): Open => {
      const isUnderWay = sender !== undefined && runsStill(sender);
      const bought = brought?.map(({ resourceId }) => resourceId).join(", ");
      return {
        on,
        name: name.join("/"),
        what: brought
          ? `${nodesOf(brought.length, role)} bought: ${bought}`
          : `purchase of ${nodesOf(order.count, role)}`,
        outcome: brought ? "unsaved" : "unknown",
        isLost: !isUnderWay && (!brought || (isCreate && !isTold)),
        since: order.sentAt,
        ids: { token: order.token, ...(order.flow ? { [order.flow.key]: order.flow.value } : {}) },
        advice: isUnderWay
          ? "wait for the run that is under way"
          : brought
            ? "run `pulumi refresh` or `pulumi up` on the stack that has this pool; the note goes once its state holds the nodes"
            : "run `pulumi up` on the stack that has this pool: it finds out what the order brought before it buys anything. Without such a stack, look for the nodes in the EMR console",
      };
    });
  });
}

/** Orders of other pools on a cluster whose outcome is open; one that is under way is another run's business. */
export function otherOpenOrders(context: Context, clusterKey: string, key: string) {
  const { journals, unreadable } = journalsIn(context.journalDirectory);
  const orders = entriesOf(journals, `${clusterKey}/`, entrySchema)
    .filter((journal) => journal.key !== key)
    .flatMap((journal) => {
      const [role = "", ...name] = journal.key.slice(clusterKey.length + 1).split("/");
      return journal.entry.orders
        .filter(({ brought }) => !brought)
        .map(({ order: { count, sentAt }, process: sender }) => ({
          name: name.join("/"),
          role,
          count,
          sentAt,
          isUnderWay: sender !== undefined && runsStill(sender, context.session),
        }));
    });
  return { orders, unreadable };
}
