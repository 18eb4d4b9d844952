// A pool's purchases as this machine remembers them: the one whose outcome is open, and the tokens that are used up.
import { z } from "zod";
import type { Context } from "../context";
import { type Journal, openJournal, readJournals } from "../journal";
import { orderToken } from "./emrNodePoolPlan";
import { type NodePoolInputs, type Order, order as orderSchema } from "./emrNodePoolSchema";

/** How long the cloud may remember a ClientToken (5 minutes), and what is added for clocks that disagree. */
export const tokenWindow = 300_000 + 30_000;

const entrySchema = z.object({
  /** The order whose outcome is not known. */
  order: orderSchema.optional(),
  /** Tokens of orders that are settled, so that a purchase like them gets another. */
  used: z.array(z.object({ token: z.string(), sentAt: z.number() })),
});

type Entry = z.output<typeof entrySchema>;

export interface Orders {
  /** The order whose outcome is not known, if there is one. */
  open(): Order | undefined;
  /** Makes an order and writes it down, before it is sent. */
  start(order: Omit<Order, "token" | "acknowledged">, inputs: NodePoolInputs, members: string[]): Order;
  /** Writes down what the cloud answered. */
  update(order: Order): void;
  /** The outcome is known: the token is not used again while the cloud may remember it. */
  settle(order: Order): void;
}

/** `recorded` is the open order in state. The journal is newer where it knows of it: that run could not save. */
export function openOrders(context: Context, key: string, recorded: Order | undefined): Orders {
  const journal: Journal<Entry> = openJournal(context.journalDirectory, key, entrySchema);
  const entry = journal.read() ?? { used: [] };
  const isSettled = (order: Order) => entry.used.some(({ token }) => token === order.token);
  entry.order ??= recorded && !isSettled(recorded) ? recorded : undefined;

  function save(next: Partial<Entry>): void {
    const changed = { ...entry, ...next };
    journal.write(changed);
    Object.assign(entry, changed);
  }

  return {
    open: () => entry.order,
    start(order, inputs, members) {
      let salt = 0;
      let token = orderToken(inputs, members, order.count, salt);
      while (entry.used.some((earlier) => earlier.token === token)) {
        salt += 1;
        token = orderToken(inputs, members, order.count, salt);
      }
      const started = { ...order, token, acknowledged: false };
      save({ order: started });
      return started;
    },
    update: (order) => save({ order }),
    settle: ({ token, sentAt }) => {
      // A handful is enough: an older token is not known to the cloud any more.
      save({ order: undefined, used: [...entry.used, { token, sentAt }].slice(-50) });
    },
  };
}

/** Other pools on a cluster with an order whose outcome nobody has found out. */
export function otherOpenOrders(context: Context, clusterKey: string, key: string): string[] {
  return readJournals(context.journalDirectory, entrySchema)
    .filter(
      (journal) => journal.key !== key && journal.key.startsWith(`${clusterKey}/`) && journal.entry.order,
    )
    .map((journal) => journal.key.slice(clusterKey.length + 1));
}
