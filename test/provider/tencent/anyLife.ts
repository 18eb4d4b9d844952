// What may happen to a pool, drawn at random.
import fc from "fast-check";
import type { CallEvent, Fault, Settings } from "../../../simulator/index";

/** Something that other hands do, or the cloud does by itself. */
export type Deed =
  | { kind: "vanish" | "strip" | "protect" | "replace"; which: number }
  | { kind: "foreign" | "autoscaled" }
  | { kind: "hideTags"; hidden: boolean };

export type Trouble =
  | { kind: "fault"; fault: Fault }
  | { kind: "kill"; at: number; phase: CallEvent["phase"] }
  | { kind: "during"; at: number; deed: Deed };

export type Happening =
  | { kind: "up"; count: number; tag: string | undefined; trouble: Trouble[]; isSaved: boolean }
  | { kind: "refresh" | "destroy"; trouble: Trouble[] }
  | { kind: "deed"; deed: Deed }
  | { kind: "loseJournal" }
  | { kind: "wait"; minutes: number };

export interface Life {
  settings: {
    scaleOutAnswer: "traceId" | "flowId" | "nothing";
    repeatedToken: "sameAnswer" | "duplicateOrder" | "invalidToken" | "ignored";
    tagsVisible: boolean;
    nodeListLagMinutes: number;
    nodeCountLags: boolean;
    statusLagSeconds: number;
    flowLagSeconds: number;
    failedPurchaseLeavesGhosts: boolean;
    unknownIdsOnRemoval: "refused" | "skipped";
    offsetCounts: "pages" | "pagesFromOne" | "items";
  };
  /** Journals may be lost. What was bought is known by its tags then, so that they have to be seen, and at once. */
  losesJournals: boolean;
  happenings: Happening[];
}

const which = fc.nat(9);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constantFrom("vanish", "strip", "protect", "replace"), which }),
  fc.record({ kind: fc.constantFrom("foreign", "autoscaled") }),
  fc.record({ kind: fc.constant("hideTags"), hidden: fc.boolean() }),
);

const changes = ["ScaleOutInstance", "TerminateClusterNodes", "ModifyResourcesTags"];
const looks = [
  "DescribeInstances",
  "DescribeClusterNodes",
  "DescribeClusterFlowStatusDetail",
  "InquiryPriceScaleOutInstance",
];
const skip = fc.nat(3);
const action = fc.constantFrom(...changes, ...looks);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("dropAnswer", "dropRequest"),
    action,
    skip,
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant("http"),
    status: fc.constantFrom(500, 502, 503),
    acted: fc.boolean(),
    action,
    skip,
    times: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant("error"),
    code: fc.constantFrom("InternalError", "FailedOperation", "InternalError.TradeCgwError"),
    acted: fc.boolean(),
    action,
    skip,
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant("error"),
    code: fc.constantFrom(
      "ResourceInUse.InstanceInProcess",
      "ResourcesSoldOut.CvmSoldOut",
      "UnauthorizedOperation.CheckCamAuth",
    ),
    action: fc.constantFrom(...changes),
    skip: fc.nat(1),
  }),
  fc.record({ kind: fc.constant("throttle"), action, skip, times: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant("partialFill"), filled: fc.nat(2), tagged: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom("flowFails", "flowBlocks"),
    stage: fc.constantFrom(
      "lookupResources",
      "applyCvm",
      "bindTags",
      "createSecurityGroup",
      "queryWoodpeckerFlow",
    ),
  }),
  fc.record({ kind: fc.constant("tagStageFails") }),
  fc.record({ kind: fc.constant("vanishNode"), after: fc.constantFrom(0, 5_000, 60_000) }),
  fc.record({
    kind: fc.constant("cutList"),
    rows: fc.integer({ min: 1, max: 5 }),
    action: fc.constant("DescribeClusterNodes"),
    skip,
    times: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({
    kind: fc.constant("busy"),
    milliseconds: fc.constantFrom(20_000, 300_000),
    action: fc.constantFrom(...changes),
  }),
) as fc.Arbitrary<Fault>;

const at = fc.integer({ min: 1, max: 40 });
const trouble: fc.Arbitrary<Trouble[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("fault" as const), fault }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("kill" as const),
        at,
        phase: fc.constantFrom("received" as const, "acted" as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("during" as const), at, deed }) },
  ),
  { maxLength: 2 },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      count: fc.nat(5),
      tag: fc.constantFrom(undefined, "a", "b"),
      trouble,
      isSaved: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refresh" as const), trouble }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("destroy" as const), trouble }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("deed" as const), deed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("loseJournal" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.constantFrom(1, 6, 90) }),
  },
);

export const life: fc.Arbitrary<Life> = fc.record({
  settings: fc.record({
    scaleOutAnswer: fc.constantFrom("traceId", "flowId", "nothing"),
    repeatedToken: fc.constantFrom("sameAnswer", "duplicateOrder", "invalidToken", "ignored"),
    tagsVisible: fc.boolean(),
    nodeListLagMinutes: fc.constantFrom(0, 0, 2, 8),
    nodeCountLags: fc.boolean(),
    statusLagSeconds: fc.constantFrom(0, 0, 4),
    flowLagSeconds: fc.constantFrom(0, 20),
    failedPurchaseLeavesGhosts: fc.boolean(),
    unknownIdsOnRemoval: fc.constantFrom("refused", "skipped"),
    offsetCounts: fc.constantFrom("pages", "pagesFromOne", "items"),
  }),
  losesJournals: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  happenings: fc.array(happening, { minLength: 2, maxLength: 8 }),
});

const timeScale = 0.2;

/** The simulator's switches as a life has them. */
export function switchesOf({ settings, losesJournals }: Life): Partial<Settings> {
  const { nodeListLagMinutes, statusLagSeconds, flowLagSeconds, ...asTheyAre } = settings;
  return {
    ...asTheyAre,
    timeScale,
    nodeListLagMilliseconds: losesJournals ? 0 : (nodeListLagMinutes * 60_000) / timeScale,
    statusLagMilliseconds: losesJournals ? 0 : (statusLagSeconds * 1000) / timeScale,
    flowLagMilliseconds: (flowLagSeconds * 1000) / timeScale,
    ...(losesJournals ? { tagsVisible: true } : {}),
  };
}
