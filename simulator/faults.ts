// Misfortunes that can be ordered in advance. Each waits for the next call it fits, and is used up by it.
import { z } from "zod";

const common = {
  /** Only calls of this action; any fitting action if absent. */
  action: z.string().optional(),
  /** How often it strikes. */
  times: z.int().positive().default(1),
  /** How many fitting calls pass unharmed first. */
  skip: z.int().nonnegative().default(0),
};
const milliseconds = z.number().nonnegative();

type Shapes = Record<string, z.ZodRawShape>;
type Defined<Given extends Shapes> = {
  [Kind in keyof Given & string]: z.ZodObject<
    { kind: z.ZodLiteral<Kind> } & Given[Kind] & typeof common,
    z.core.$strict
  >;
};
type FaultSchema = z.ZodObject<{ kind: z.ZodLiteral<string> } & typeof common, z.core.$strict>;
/** By kind. */
export type FaultSchemas = Record<string, FaultSchema>;
type AnyFault = z.output<FaultSchema>;

/** Kinds of faults with what each says besides the common. */
export function defineFaults<const Given extends Shapes>(given: Given): Defined<Given> {
  const schemas = Object.entries(given).map(([kind, shape]) => [
    kind,
    z.strictObject({ kind: z.literal(kind), ...shape, ...common }),
  ]);
  return Object.fromEntries(schemas) as Defined<Given>;
}

/** What can befall a call of any cloud. */
export const callFaults = defineFaults({
  /** The call takes effect, the connection dies instead of an answer. */
  dropAnswer: {},
  /** The connection dies before anything is done. */
  dropRequest: {},
  /** The answer comes late, in real milliseconds. */
  delayAnswer: { milliseconds },
  /** A gateway error, in any form. `acted`: the call took effect all the same. */
  http: {
    status: z.int().min(400).max(599),
    body: z.string().optional(),
    acted: z.boolean().default(false),
  },
  /** A business error of any code. `acted`: the call took effect all the same. */
  error: {
    code: z.string(),
    message: z.string().optional(),
    /** Huawei Cloud and Volcengine only. Default: the status the code usually comes with. */
    status: z.int().min(200).max(599).optional(),
    acted: z.boolean().default(false),
  },
  throttle: { code: z.string().default("RequestLimitExceeded") },
  /** Somebody takes the cluster's lock, or the engine, just before the call. */
  busy: { milliseconds },
});

/** Of several products. */
export const sharedFaults = defineFaults({
  /**
   * The next scale-out gets only `filled` machines; the flow ends -1 and the cluster goes to 302.
   * `tagged`: whether those machines still get their tags before the flow is closed.
   * DDM: the job fails, the other nodes end as `enlargefail`.
   */
  partialFill: {
    filled: z.int().nonnegative(),
    tagged: z.boolean().default(true),
  },
  /** A node of the next scale-out is lost `after` milliseconds after it appeared. */
  vanishNode: { after: milliseconds.default(0) },
  /** DDM's instance calls, and VKE's ListComponentInstances, report this status. */
  lyingInstanceStatus: { status: z.string() },
});

export class Faults<Fault extends AnyFault = AnyFault> {
  readonly #schema: z.ZodType<Fault>;
  #pending: Fault[] = [];

  constructor(kinds: FaultSchemas) {
    this.#schema = z.discriminatedUnion("kind", Object.values(kinds) as [FaultSchema]) as never;
  }

  /** All of them, or none. */
  add(...faults: unknown[]): void {
    this.#pending.push(...faults.map((fault) => this.#schema.parse(fault)));
  }

  clear(): void {
    this.#pending = [];
  }

  get pending(): readonly Fault[] {
    return this.#pending;
  }

  /** Uses up one strike of the first fault of this kind that fits the action. Ask once per call and kind. */
  take<Schema extends FaultSchema>(schema: Schema, action: string): z.output<Schema> | undefined {
    let taken: Fault | undefined;
    for (const fault of this.#pending) {
      const fits = fault.action === undefined || fault.action === action;
      if (fault.kind !== schema.shape.kind.value || !fits) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
      } else if (!taken) {
        fault.times -= 1;
        taken = fault;
      }
    }
    this.#pending = this.#pending.filter((fault) => fault.times > 0);
    return taken as z.output<Schema> | undefined;
  }
}
