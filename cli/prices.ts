// What purchases cost and removals free, asked from the cloud itself. Where that cannot be asked, nothing is said of money.
import type { Context } from "../provider/base/context";
import { messageOf } from "../provider/base/errors";
import { callFunction } from "../provider/byName";
import type { PriceQuestion } from "../provider/core/resource";
import { containsUnknown } from "../provider/core/schema";
import type { Change } from "./change";
import { containsHidden } from "./hidden";

export interface Money {
  currency: string;
  perHour: number;
  perMonth: number;
}

export interface ChangePrice {
  /** What is bought. */
  bought: Money;
  /** What is no longer billed, at the price that the same nodes have today. */
  freed: Money;
  /** Everything that the resource has afterwards, at today's price; absent while its size is not known. */
  after?: Money;
  /** Whether nodes go that are paid until their month ends, so that nothing is freed. */
  isPaidOn: boolean;
}

export interface Prices {
  /** By URN. */
  known: Map<string, ChangePrice>;
  /** Why others are not known, by URN. */
  unknown: Map<string, string>;
}

/** Hours of a month, as bills count them. */
const hoursOfMonth = 730;

/** Prices of what is bought and removed. */
export async function askPrices(changes: readonly Change[], context: Context): Promise<Prices> {
  const prices: Prices = { known: new Map(), unknown: new Map() };
  for (const change of changes) {
    if (change.buys === 0 && change.removes.length === 0) continue;
    try {
      const { prices: question } = change.resource.subject;
      if (!question) throw new Error("no call is known that tells it");
      prices.known.set(change.urn, await priceOf(question, change, context));
    } catch (error) {
      prices.unknown.set(change.urn, messageOf(error));
    }
  }
  return prices;
}

type Question = PriceQuestion<Record<string, unknown>>;

async function priceOf(question: Question, change: Change, context: Context): Promise<ChangePrice> {
  const { buys, removes, inputs, olds } = change;
  const isMonthly = question.isMonthly(change.op === "create" ? inputs : (olds ?? inputs));
  const ask = (of: Record<string, unknown>, count: number) => priceOfNodes(question, of, count, context);
  const freed = isMonthly ? 0 : removes.length;
  const [bought, less, after] = await Promise.all([
    ask(inputs, buys),
    ask(olds ?? inputs, freed),
    change.nodesAfter === undefined ? undefined : ask(inputs, change.nodesAfter),
  ]);
  return { bought, freed: less, ...(after ? { after } : {}), isPaidOn: isMonthly && removes.length > 0 };
}

/** What that many nodes cost. */
async function priceOfNodes(
  { asked }: Question,
  inputs: Record<string, unknown>,
  count: number,
  context: Context,
): Promise<Money> {
  if (count === 0) return { currency: "CNY", perHour: 0, perMonth: 0 };
  const names = Object.keys(asked.inputs.shape);
  const given = Object.fromEntries(
    names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
  );
  const open = names.filter((name) => containsHidden(given[name]) || containsUnknown(given[name]));
  if (open.length > 0) throw new Error(`it depends on ${open.join(", ")}, which is not known`);
  const { discountedPrice, currency, unit, span } = await callFunction(
    asked.token,
    { ...given, count },
    context,
  );
  const price = Number(discountedPrice) / Number(span ?? 1);
  return unit === "month"
    ? { currency: String(currency), perHour: price / hoursOfMonth, perMonth: price }
    : { currency: String(currency), perHour: price, perMonth: price * hoursOfMonth };
}

/** `12.00 CNY per hour, 8760.00 CNY per month`; with a sign where it is a difference. */
export function moneyText({ currency, perHour, perMonth }: Money, isDifference = false): string {
  const amount = (value: number) => `${isDifference && value > 0 ? "+" : ""}${value.toFixed(2)} ${currency}`;
  return `${amount(perHour)} per hour, ${amount(perMonth)} per month`;
}

/** What a bill grows by. */
export function delta({ bought, freed }: Pick<ChangePrice, "bought" | "freed">): Money {
  return {
    currency: bought.currency,
    perHour: bought.perHour - freed.perHour,
    perMonth: bought.perMonth - freed.perMonth,
  };
}

/** The sums of some part of all known prices, by currency. */
export function sums({ known }: Prices, part: (price: ChangePrice) => Money | undefined): Money[] {
  const found = new Map<string, Money>();
  for (const price of known.values()) {
    const money = part(price);
    if (!money) continue;
    const sum = found.get(money.currency) ?? { currency: money.currency, perHour: 0, perMonth: 0 };
    found.set(money.currency, {
      currency: money.currency,
      perHour: sum.perHour + money.perHour,
      perMonth: sum.perMonth + money.perMonth,
    });
  }
  return [...found.values()];
}
