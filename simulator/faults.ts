// Misfortunes that can be ordered in advance. Each waits for the next call it fits, and is used up by it.
import { z } from "zod";
import { scaleOutStages } from "./settings";

const common = {
  /** Only calls of this action; any fitting action if absent. */
  action: z.string().optional(),
  /** How often it strikes. */
  times: z.int().positive().default(1),
  /** How many fitting calls pass unharmed first. */
  skip: z.int().nonnegative().default(0),
};
const milliseconds = z.number().nonnegative();
const stage = z.enum(scaleOutStages);

export const faultSchema = z.discriminatedUnion("kind", [
  /** The call takes effect, the connection dies instead of an answer. */
  z.strictObject({ kind: z.literal("dropAnswer"), ...common }),
  /** The connection dies before anything is done. */
  z.strictObject({ kind: z.literal("dropRequest"), ...common }),
  /** The answer comes late, in real milliseconds. */
  z.strictObject({ kind: z.literal("delayAnswer"), milliseconds, ...common }),
  /** A gateway error, in any form. `acted`: the call took effect all the same. */
  z.strictObject({
    kind: z.literal("http"),
    status: z.int().min(400).max(599),
    body: z.string().optional(),
    acted: z.boolean().default(false),
    ...common,
  }),
  /** A business error of any code. `acted`: the call took effect all the same. */
  z.strictObject({
    kind: z.literal("error"),
    code: z.string(),
    message: z.string().optional(),
    /** Huawei Cloud and Volcengine only. Default: the status the code usually comes with. */
    status: z.int().min(200).max(599).optional(),
    acted: z.boolean().default(false),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("throttle"),
    code: z.string().default("RequestLimitExceeded"),
    ...common,
  }),
  /**
   * The next scale-out gets only `filled` machines; the flow ends -1 and the cluster goes to 302.
   * `tagged`: whether those machines still get their tags before the flow is closed.
   * DDM: the job fails, the other nodes end as `enlargefail`.
   */
  z.strictObject({
    kind: z.literal("partialFill"),
    filled: z.int().nonnegative(),
    tagged: z.boolean().default(true),
    ...common,
  }),
  /** The next scale-out fails at a stage: no nodes at lookupResources or applyCvm, nodes without services later. */
  z.strictObject({
    kind: z.literal("flowFails"),
    stage: stage.default("woodpeckerScaleoutCluster"),
    reason: z.string().default("woodpecker job failed"),
    ...common,
  }),
  /** The next scale-out stops at a stage with -3 and keeps the cluster until `emr.releaseFlow`. */
  z.strictObject({
    kind: z.literal("flowBlocks"),
    stage: stage.default("queryWoodpeckerFlow"),
    reason: z.string().default("waiting for manual confirmation"),
    ...common,
  }),
  /** The next scale-out's nodes never get their tags; the flow goes on and ends 3. */
  z.strictObject({
    kind: z.literal("tagStageFails"),
    reason: z.string().default("bind tags failed"),
    ...common,
  }),
  /**
   * The next start, stop or restart of services leaves `count` processes, the first that fit, as they were.
   * `stopped`: a restart has taken them down, and they did not come up again.
   */
  z.strictObject({
    kind: z.literal("processesFail"),
    service: z.string().optional(),
    component: z.string().optional(),
    ip: z.string().optional(),
    count: z.int().positive().default(1),
    stopped: z.boolean().default(false),
    ...common,
  }),
  /**
   * The next switch, upgrade or rollback of an engine's image comes to nothing. "failed": state -1 with the
   * reason as Message. "oldVersion": state 2 with the version it had.
   */
  z.strictObject({
    kind: z.literal("imageChangeFails"),
    ends: z.enum(["failed", "oldVersion"]).default("failed"),
    reason: z.string().default("image change failed"),
    ...common,
  }),
  /** DDM: the job of the next call that starts one fails, and with it every node it was to make. */
  z.strictObject({
    kind: z.literal("jobFails"),
    reason: z.string().default("the job failed"),
    /** Status of the instance afterwards. Default: `huawei.statusAfterFailure`. */
    status: z.enum(["RUNNING", "ERROR"]).optional(),
    /** What becomes of the nodes: they stay as `enlargefail`, or there are none. */
    nodes: z.enum(["enlargefail", "gone"]).default("enlargefail"),
    ...common,
  }),
  /** VKE: the next action's operation ends FAILED. `instances`: what becomes of those it was to change. */
  z.strictObject({
    kind: z.literal("operationFails"),
    reason: z.string().default("the operation failed"),
    /** "failed": `START_FAILED` and the like. */
    instances: z.enum(["asBefore", "failed", "exception"]).default("asBefore"),
    ...common,
  }),
  /** VKE: the next action's operation stays PENDING until `vke.release`. */
  z.strictObject({ kind: z.literal("operationStuck"), ...common }),
  /** A node of the next scale-out is lost `after` milliseconds after it appeared. */
  z.strictObject({ kind: z.literal("vanishNode"), after: milliseconds.default(0), ...common }),
  /** The lists of EMR show their first `rows` only, whatever is asked; TotalCnt still tells of all. */
  z.strictObject({ kind: z.literal("cutList"), rows: z.int().nonnegative(), ...common }),
  /** DescribeInstances reports this cluster status. */
  z.strictObject({ kind: z.literal("lyingStatus"), status: z.int(), ...common }),
  /** DDM's instance calls, and VKE's ListComponentInstances, report this status. */
  z.strictObject({ kind: z.literal("lyingInstanceStatus"), status: z.string(), ...common }),
  /** Somebody takes the cluster's lock, or the engine, just before the call. */
  z.strictObject({ kind: z.literal("busy"), milliseconds, ...common }),
]);

export type Fault = z.input<typeof faultSchema>;
export type PendingFault = z.output<typeof faultSchema>;
export type FaultKind = Fault["kind"];
type FaultOf<K extends FaultKind> = Extract<PendingFault, { kind: K }>;

export class Faults {
  #pending: PendingFault[] = [];

  add(fault: Fault): void {
    this.#pending.push(faultSchema.parse(fault));
  }

  clear(): void {
    this.#pending = [];
  }

  get pending(): readonly PendingFault[] {
    return this.#pending;
  }

  /** Uses up one strike of the first fault of this kind that fits the action. Ask once per call and kind. */
  take<K extends FaultKind>(kind: K, action: string): FaultOf<K> | undefined {
    let taken: FaultOf<K> | undefined;
    for (const fault of this.#pending) {
      if (fault.kind !== kind || (fault.action !== undefined && fault.action !== action)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
      } else if (!taken) {
        fault.times -= 1;
        taken = fault as FaultOf<K>;
      }
    }
    this.#pending = this.#pending.filter((fault) => fault.times > 0);
    return taken;
  }
}
