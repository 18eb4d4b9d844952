// What may happen in a life of a few resources: what is declared, what the engine does, what others do, what goes wrong, and how
// the clouds read what their documents leave open.
import fc from "fast-check";
import type { Fault } from "../../simulator/index";

/** What a program declares, by the stack that declares it. */
export const things = {
  workers: "a",
  extra: "a",
  yarn: "a",
  image: "a",
  group: "a",
  operator: "a",
  batch: "b",
  serving: "b",
} as const;
export type Thing = keyof typeof things;
export type StackName = (typeof things)[Thing];

/** What is wanted of a thing: numbers that each kind of thing reads in its own way. */
export interface Wanted {
  /** How many, or in which state. */
  level: number;
  /** Of triggers. */
  turn: number;
}

type How = "kill" | "cancel";

/** Where a run ends early: at the so manieth of all calls, answers and writes to the journal. */
export interface End {
  at: number;
  how: How;
}

export type Step =
  | { do: "declare"; thing: Thing; wanted: Wanted | null }
  | { do: "up" | "refresh" | "preview"; stack: StackName; end: End | null }
  | { do: "both"; end: End | null }
  | { do: "others"; deed: Deed; which: number }
  | { do: "fault"; fault: Fault }
  | { do: "wait"; minutes: number }
  | { do: "forget"; machine: 0 | 1 }
  | { do: "move"; stack: StackName }
  | { do: "import" | "rename"; thing: Thing };

const deeds = [
  "buyNode",
  "autoscale",
  "removeNode",
  "removeForeignNode",
  "takeTagsAway",
  "stopProcess",
  "restartProcess",
  "holdCluster",
  "moveVersion",
  "suspendEngine",
  "resumeEngine",
  "holdEngine",
  "addDdmNode",
  "removeDdmNode",
  "holdInstance",
  "payOrder",
  "cancelOrder",
  "stopApplication",
  "startApplication",
  "breakApplication",
  "holdVke",
] as const;
export type Deed = (typeof deeds)[number];

/** What the documents leave open, as `simulator/settings.ts` has it. */
type Readings = Record<string, unknown>;

export interface Life {
  readings: Readings[];
  steps: Step[];
}

const readings: Readings[] = [
  ...["flowId", "nothing"].map((scaleOutAnswer) => ({ scaleOutAnswer })),
  ...["duplicateOrder", "invalidToken", "ignored"].map((repeatedToken) => ({ repeatedToken })),
  { statusLagMilliseconds: 20_000 },
  { flowLagMilliseconds: 20_000 },
  { busyCode: "FlowRejected" },
  { failedClusterAcceptsChanges: false },
  ...["pagesFromOne", "items"].map((offsetCounts) => ({ offsetCounts })),
  { nodeListLagMilliseconds: 60_000 },
  { nodeListLagMilliseconds: 60_000, nodeCountLags: false },
  { tagsVisible: false },
  { nodeMarksShown: false },
  { tagsVisible: false, nodeMarksShown: false },
  { tagResourceId: "cvm" },
  { failedPurchaseLeavesGhosts: true },
  { unknownIdsOnRemoval: "skipped" },
  { removalStatus: "shrinking" },
  { stock: { task: 5 } },
  { watchdogRevives: true },
  { restartTimeLagMilliseconds: 30_000 },
  { failedRestart: "holdsCluster" },
  { stoppedWord: "STOPED" },
  { imageChangeState: 2 },
  { imageChangeLingerMilliseconds: 30_000 },
  { sameImageVersion: "error" },
  { secondImageChangeCode: "FailedOperation" },
  { tasksRefuseImageChange: true },
  { engineListDefaults: "never" },
  { looseTypes: true },
  ...[
    { edition: "payPerUseOnly" },
    { offsetCounts: "pages" },
    { nodeListLagMilliseconds: 60_000 },
    { statusLagMilliseconds: 20_000 },
    { jobLagMilliseconds: 20_000 },
    { v2JobsShown: false },
    { busyCode: "DBS.212033" },
    { reduceTakes: "oldest" },
    { deleteBodyArrives: false },
    { creatingNodesListed: false },
    { failedNodesListed: false },
    { statusAfterFailure: "ERROR" },
    { nodeGroupsShown: false },
  ].map((huawei) => ({ huawei })),
  ...[
    { newerVersion: false },
    { newerVersion: false, operationIdInAnswer: false },
    { startTimeShown: false },
    { deniedActions: ["ListOperations"] },
    { deniedActions: ["GetOperation"] },
    { deniedActions: ["ListComponentInstances"] },
    { operationIdInAnswer: false },
    { alreadyThere: "skip" },
    { alreadyThere: "refuse" },
    { restartOfStopped: "refuse" },
    { overlap: "refuse" },
    { overlap: "failed" },
    { settleLag: 20_000 },
    { operationVisibleAfter: 20_000 },
    { operationListLag: 20_000 },
    { startTimeLag: 20_000 },
    { unknownOperation: "empty" },
    { stateDuringOperation: "CHANGING" },
    { instancesPaged: false },
    { totalCount: "absent" },
  ].map((volcengine) => ({ volcengine })),
];

const changes = [
  "ScaleOutInstance",
  "TerminateClusterNodes",
  "ModifyResourcesTags",
  "StartStopServiceOrMonitor",
  "SwitchDataEngineImage",
  "SuspendResumeDataEngine",
  "EnlargeInstance",
  "BatchDeleteNodes",
  "RunApplicationAction",
];
const reads = [
  "DescribeInstances",
  "DescribeClusterNodes",
  "DescribeClusterFlowStatusDetail",
  "DescribeServiceNodeInfos",
  "DescribeDataEngine",
  "DescribeDataEngines",
  "DescribeDataEngineImageVersions",
  "ShowInstance",
  "ListNodes",
  "ListGroups",
  "ShowJob",
  "ListComponentInstances",
  "ListOperations",
  "GetOperation",
];

const action = fc.oneof(fc.constantFrom(...changes), fc.constantFrom(...reads));
const skip = fc.nat(2);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom("dropAnswer", "dropRequest"), action, skip }),
  fc.record({
    kind: fc.constant("http"),
    action,
    skip,
    status: fc.constantFrom(500, 502, 503, 429),
    acted: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("error"),
    action,
    skip,
    code: fc.constantFrom(
      "InternalError",
      "UnauthorizedOperation",
      "FailedOperation",
      "ResourceInsufficient",
    ),
    acted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("throttle"), action, times: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant("busy"), milliseconds: fc.constantFrom(60_000, 7_200_000) }),
  fc.record({ kind: fc.constant("partialFill"), filled: fc.nat(2), tagged: fc.boolean() }),
  fc.record({ kind: fc.constant("vanishNode"), after: fc.constantFrom(0, 60_000) }),
  fc.record({
    kind: fc.constant("flowFails"),
    stage: fc.constantFrom("applyCvm", "woodpeckerScaleoutCluster"),
  }),
  fc.record({ kind: fc.constant("flowBlocks") }),
  fc.record({ kind: fc.constant("tagStageFails") }),
  fc.record({
    kind: fc.constant("processesFail"),
    count: fc.integer({ min: 1, max: 2 }),
    stopped: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("cutList"), rows: fc.nat(3), skip }),
  fc.record({ kind: fc.constant("lyingStatus"), status: fc.constantFrom(2, 7, 14, 302) }),
  fc.record({ kind: fc.constant("imageChangeFails"), ends: fc.constantFrom("failed", "oldVersion") }),
  fc.record({ kind: fc.constant("jobFails"), nodes: fc.constantFrom("enlargefail", "gone") }),
  fc.record({
    kind: fc.constant("operationFails"),
    instances: fc.constantFrom("asBefore", "failed", "exception"),
  }),
  fc.record({ kind: fc.constant("operationStuck") }),
) as fc.Arbitrary<Fault>;

const thing = fc.constantFrom(...(Object.keys(things) as Thing[]));
const wanted = fc.record({ level: fc.nat(4), turn: fc.nat(2) });
const stack = fc.constantFrom<StackName>("a", "a", "a", "b");
const end = fc.option(
  fc.record({ at: fc.nat(60), how: fc.constantFrom<How>("kill", "kill", "kill", "cancel") }),
  { freq: 2 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      thing,
      wanted: fc.option(wanted, { freq: 6 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("up" as const), stack, end }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("refresh" as const, "preview" as const), stack, end }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("both" as const), end }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("others" as const),
      deed: fc.constantFrom(...deeds),
      which: fc.nat(5),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("fault" as const), fault }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), minutes: fc.constantFrom(1, 15, 240) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("forget" as const), machine: fc.constantFrom<0 | 1>(0, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("move" as const), stack }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("import" as const, "rename" as const), thing }) },
);

export const life: fc.Arbitrary<Life> = fc.noBias(
  fc.record({
    readings: fc.subarray(readings, { maxLength: 6 }),
    steps: fc
      .tuple(
        fc.array(fc.record({ do: fc.constant("declare" as const), thing, wanted }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(step, { minLength: 4, maxLength: 24 }),
      )
      .map(([declared, others]) => [...declared, ...others] as Step[]),
  }),
);
