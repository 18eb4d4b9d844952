// What purchases cost, asked from the cloud itself. Where that cannot be asked, nothing is said of money.
import { createContext } from "../provider/context";
import { messageOf } from "../provider/errors";
import { callFunction } from "../provider/functions";
import type { Change } from "./summary";

export interface Price {
  currency: string;
  perHour: number;
  perMonth: number;
}

export interface Prices {
  /** By URN. */
  known: Map<string, Price>;
  /** Why others are not known, by URN. */
  unknown: Map<string, string>;
}

/** Hours of a month, as bills count them. */
const hoursOfMonth = 730;

/** Prices of what is bought. Credentials come from the environment; region and endpoint from the stack's configuration too. */
export async function askPrices(changes: readonly Change[], config: Record<string, string>): Promise<Prices> {
  const context = createContext(
    (key) => config[`bigdata:${key}`],
    () => {},
  );
  const prices: Prices = { known: new Map(), unknown: new Map() };
  for (const change of changes) {
    if (change.buys === 0) continue;
    if (change.type !== "tencent:EmrNodePool") {
      prices.unknown.set(change.urn, "its cloud has no call that tells prices");
      continue;
    }
    const { clusterId, role, payMode, timeUnit, timeSpan, zoneId, hardwareResourceType, region, profile } =
      change.inputs;
    const asked = {
      clusterId,
      role,
      payMode,
      timeUnit,
      timeSpan,
      zoneId,
      hardwareResourceType,
      region,
      profile,
    };
    const inputs = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    try {
      const answer = await callFunction(
        "tencent:getEmrScaleOutPrice",
        { ...inputs, count: change.buys },
        context,
      );
      prices.known.set(change.urn, priceOf(answer));
    } catch (error) {
      prices.unknown.set(change.urn, messageOf(error));
    }
  }
  return prices;
}

function priceOf({ discountedPrice, currency, unit, span }: Record<string, unknown>): Price {
  const price = Number(discountedPrice) / Number(span ?? 1);
  const perHour = unit === "month" ? price / hoursOfMonth : price;
  return { currency: String(currency), perHour, perMonth: unit === "month" ? price : price * hoursOfMonth };
}

export function priceText({ currency, perHour, perMonth }: Price): string {
  return `${perHour.toFixed(2)} ${currency} per hour, ${perMonth.toFixed(2)} ${currency} per month`;
}

/** The sum of all known prices, by currency. */
export function total({ known }: Prices): Price[] {
  const sums = new Map<string, Price>();
  for (const { currency, perHour, perMonth } of known.values()) {
    const sum = sums.get(currency) ?? { currency, perHour: 0, perMonth: 0 };
    sums.set(currency, { currency, perHour: sum.perHour + perHour, perMonth: sum.perMonth + perMonth });
  }
  return [...sums.values()];
}
