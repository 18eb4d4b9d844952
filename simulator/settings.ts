// Every switch of the simulator with its default. Where the vendor's documents leave a question open, the
// switch offers each answer; change it at any time, the next call obeys.
import { defaultHuaweiSettings, type HuaweiSettings } from "./huawei/settings";
import { defaultVolcengineSettings, type VolcengineSettings } from "./volcengine/settings";

export interface Settings {
  /** Everything about Huawei Cloud. */
  huawei: HuaweiSettings;
  /** Everything about Volcengine. */
  volcengine: VolcengineSettings;
  /** Which edition's fields are known; a field of the other edition is an UnknownParameter. */
  edition: "mainland" | "international";
  /** Multiplies every simulated duration below. Limits that belong to the API (skew, token window, rate) stay. */
  timeScale: number;
  /** false: integers may arrive as strings ("1"), as in the vendor's own example. true: InvalidParameter. */
  strictTypes: boolean;
  /** Calls per second and action, in simulator time. In stepped mode the second only passes when it is advanced. */
  rateLimitPerSecond: number;
  /** Greatest distance between X-TC-Timestamp and simulator time. */
  clockSkewSeconds: number;
  /** Actions this edition does not have: InvalidAction. */
  missingActions: string[];
  /** Time zone of the API's zone-less time strings, in minutes east of UTC. */
  timeZoneOffsetMinutes: number;

  /** What ScaleOutInstance returns to follow the flow by. "flowId": FlowId > 0 without TraceId. "nothing": FlowId 0. */
  scaleOutAnswer: "traceId" | "flowId" | "nothing";
  /** A ClientToken seen again inside its window. "ignored": a second purchase. */
  repeatedToken: "sameAnswer" | "duplicateOrder" | "invalidToken" | "ignored";
  /** A ClientToken seen again with another body, when repeatedToken is "sameAnswer". */
  repeatedTokenOtherBody: "invalidToken" | "sameAnswer";
  tokenWindowMilliseconds: number;
  /** How long status and node list still show the old state after a change was accepted. */
  statusLagMilliseconds: number;
  /** How long after its start a flow cannot be queried yet (FailedOperation). */
  flowLagMilliseconds: number;
  /** Status of a flow's stage that has not begun: the model says 0, examples show 4. */
  notStartedStageStatus: 0 | 4;
  /** The code for "another workflow holds the cluster". */
  busyCode: "InstanceInProcess" | "FlowRejected";
  /** Whether a cluster in status 302 (scale-out failed) accepts changes. If not: FailedOperation. */
  failedClusterAcceptsChanges: boolean;
  /** How DescribeInstances shows a cluster that does not exist. */
  missingCluster: "error" | "empty";
  missingClusterCode:
    | "ResourceNotFound.InstanceNotFound"
    | "ResourceNotFound.ClusterNotFound"
    | "InternalError.ClusterNotFound";
  /** What Offset counts in lists: pages from 0 or from 1, or records. */
  offsetCounts: "pages" | "pagesFromOne" | "items";
  /** DescribeClusterNodes without Offset and Limit: at most a page, as the maximum says, or all, as a sentence says. */
  unpagedNodeList: "capped" | "whole";
  /** How long after the end of its workflow a new node is not in DescribeClusterNodes yet. */
  nodeListLagMilliseconds: number;
  /** Whether TotalCnt lags along. false: it counts the nodes that are not in the list yet. */
  nodeCountLags: boolean;
  /** Code for an unknown NodeFlag in DescribeClusterNodes. */
  unknownNodeFlagCode: string;

  /** false: the node list never shows tags. */
  tagsVisible: boolean;
  /** true: tags named at scale-out must be in knownTags, else ResourceNotFound.TagsNotFound. */
  tagsMustExist: boolean;
  knownTags: { TagKey: string; TagValue: string }[];
  /** Which id ModifyResourcesTags expects in ResourceId for nodes. */
  tagResourceId: "emr-vm" | "cvm" | "either";
  /** Whether the node list returns what NodeMarks said at scale-out. */
  nodeMarksShown: boolean;
  /** How long a new node is listed with an empty OrderNo. */
  orderNoLagMilliseconds: number;
  /** Whether machines that were ordered but never obtained stay in the list, without OrderNo. */
  failedPurchaseLeavesGhosts: boolean;
  nameTagNumbering: "growing" | "lowestFree";
  replacementKeepsTags: boolean;

  /** Most nodes a scale-out may add of a role, and whether nodes already there count. */
  countLimit: number;
  countLimitScope: "call" | "cluster";
  countLimitRoles: ScalableRole[];
  /** Which non-zero counts may stand together in one request. */
  mixedRoles: "refused" | "routerAndMasterAllowed";
  minimumCoreCount: number;
  /** What becomes of removed monthly nodes: in the bin for good, or destroyed by a second call. */
  prepaidRemoval: "recycleBin" | "secondCallDestroys";
  terminateTasksPrepaid: "accepted" | "refused";
  /** Status while nodes are removed: 15/16/17 by role, or 24 always. */
  removalStatus: "byRole" | "shrinking";
  /** Removal of a node that shows Destroyable 0. "accepted": only DisableApiTermination protects. */
  removalOfUndestroyable: "accepted" | "refused";
  /** Removal that names an unknown id among known ones. */
  unknownIdsOnRemoval: "refused" | "skipped";

  /** Machines left to buy per role; null = as many as you like. Purchases count it down. */
  stock: Record<ScalableRole, number | null>;
  /** Greatest number of hourly nodes in a cluster; null = no limit. */
  quota: number | null;
  pricePerNodeHour: Record<ScalableRole, number>;
  hasDefaultSpec: Record<ScalableRole, boolean>;

  /** "mainland": StopMonitor enters maintenance. "literal", as the international page has it: StartMonitor does. */
  monitorOperations: "mainland" | "literal";
  /** Whether processes that stopped, by a call too, come up again after a while unless in maintenance. */
  watchdogRevives: boolean;
  /** How long LastRestartTime of a process goes on as it was before a restart. */
  restartTimeLagMilliseconds: number;
  /** Services without processes. "notSupported": UnsupportedOperation.ServiceNotSupport from both calls. */
  clientsOnlyServices: "emptyList" | "notSupported";
  unknownOpTypeCode: string;
  restartWithoutStrategyCode: string;
  /** After a failure with DealOnFail 0 the next batches are not touched; the flow ends, or blocks until released. */
  failedRestart: "ends" | "holdsCluster";
  /** How the node list spells a stopped process. */
  stoppedWord: "STOPPED" | "STOPED";
  /** Values of ServiceStatus and Status (the first two) and of MonitorStatus. */
  stateNumbers: Record<"started" | "stopped" | "monitored" | "maintenance", number>;

  /** State shown while an engine's image changes, after the linger. */
  imageChangeState: 0 | 2;
  /** How long an engine still shows state 2 after a change of its image was accepted; the change takes longer by it. */
  imageChangeLingerMilliseconds: number;
  /** "failed": state -1 with a Message. "oldVersion": state 2 with the version the engine had. */
  imageChangeEnds: "newVersion" | "failed" | "oldVersion";
  /** A switch to the major, or an upgrade to the minor, that the engine has. "error": FailedOperation. */
  sameImageVersion: "noOp" | "error";
  /** Code for an image change while the engine is busy with another change. */
  secondImageChangeCode: "ResourceNotFound.DataEngineNotActivity" | "FailedOperation";
  /** Code for any change of an engine that `dlc.holdEngine` or the fault "busy" has taken. */
  heldEngineCode:
    | "FailedOperation.AnotherProcessRunning"
    | "FailedOperation.AnotherRequestProcessing"
    | "InvalidParameter.InstanceInProcess"
    | "ResourceNotFound.DataEngineNotRunning";
  /** A minor version's id as NewImageVersionId: accepted (the engine gets that minor), or the code. */
  childIdInSwitch:
    | "accepted"
    | "InvalidParameter.ImageUserRecordsTypeNotMatch"
    | "ResourceNotFound.ImageVersionNotFound";
  /** A switch to a version made for another type of engine. "refused": ImageEngineTypeNotMatch. */
  otherTypeSwitch: "refused" | "accepted";
  /** Code for a switch to a version that is not online. */
  offlineImageCode: "ResourceNotFound.ImageVersionNotActivity" | "InvalidParameter.ImageStateNotMatch";
  /** Whether running tasks make an image change fail (FailedOperation). */
  tasksRefuseImageChange: boolean;
  /** Whether standard (Native) engines can change versions. If not: DataEngineNotMultiVersion. */
  standardEnginesVersioned: boolean;
  /** Code for an engine the caller may not change. */
  noPermissionCode:
    | "FailedOperation.NoPermissionToUseTheDataEngine"
    | "UnauthorizedOperation.UnauthorizedOperationCode_NoEngineCamPermissions";
  /** When DescribeDataEngines takes EngineExecType for SQL and EngineGeneration for SuperSQL if left out. */
  engineListDefaults: "always" | "notWithEngineId" | "never";
  /** Most engines that DescribeDataEngines shows of those it counts, on all pages together; null = all of them. */
  enginesShown: number | null;
  /** The same of DescribeDataEngineImageVersions. */
  imageVersionsShown: number | null;
  /** EngineType of DescribeDataEngineImageVersions for SQL engines: `SQL`, `SparkSQL` and `PrestoSQL`, or either. */
  sqlImageTypes: "either" | "SQL" | "detailed";
  /** Whether what is only for people comes in other types than documented: flags as 0 and 1, numbers as text, texts as null. */
  looseTypes: boolean;
  /** Whether deleted engines are still described, in state -2. */
  deletedEnginesListed: boolean;

  durations: {
    /** Milliseconds each stage of a scale-out takes, in order. Nodes appear half-way through applyCvm. */
    scaleOut: Record<ScaleOutStage, number>;
    /** A removal as a whole; graceful time comes on top. */
    removal: number;
    /** When in the removal the nodes leave the list, as a share of it. */
    removalNodesGoneShare: number;
    modifyTags: number;
    startService: number;
    stopService: number;
    /** Each batch of a restart; the waits between them come on top. */
    restartBatch: number;
    /** Entering or leaving maintenance. */
    maintenance: number;
    /** How long the watchdog leaves a process down. */
    watchdog: number;
    switchImage: number;
    upgradeImage: number;
    rollbackImage: number;
    restartEngine: number;
    suspendEngine: number;
    resumeEngine: number;
  };
}

export type ScalableRole = "master" | "core" | "task" | "router";

export const scaleOutStages = [
  "lookupResources",
  "applyCvm",
  "bindTags",
  "createSecurityGroup",
  "addCVMAndCDBToWoodpecker",
  "woodpeckerScaleoutCluster",
  "queryWoodpeckerFlow",
  "endPoint",
] as const;
export type ScaleOutStage = (typeof scaleOutStages)[number];

export function defaultSettings(timeScale: number): Settings {
  return {
    huawei: defaultHuaweiSettings(),
    volcengine: defaultVolcengineSettings(),
    edition: "mainland",
    timeScale,
    strictTypes: false,
    rateLimitPerSecond: 20,
    clockSkewSeconds: 300,
    missingActions: [],
    timeZoneOffsetMinutes: 480,

    scaleOutAnswer: "traceId",
    repeatedToken: "sameAnswer",
    repeatedTokenOtherBody: "invalidToken",
    tokenWindowMilliseconds: 300_000,
    statusLagMilliseconds: 0,
    flowLagMilliseconds: 0,
    notStartedStageStatus: 0,
    busyCode: "InstanceInProcess",
    failedClusterAcceptsChanges: true,
    missingCluster: "error",
    missingClusterCode: "ResourceNotFound.InstanceNotFound",
    offsetCounts: "pages",
    unpagedNodeList: "capped",
    nodeListLagMilliseconds: 0,
    nodeCountLags: true,
    unknownNodeFlagCode: "InvalidParameter.InvalidNodeType",

    tagsVisible: true,
    tagsMustExist: false,
    knownTags: [],
    tagResourceId: "emr-vm",
    nodeMarksShown: true,
    orderNoLagMilliseconds: 10_000,
    failedPurchaseLeavesGhosts: false,
    nameTagNumbering: "growing",
    replacementKeepsTags: false,

    countLimit: 20,
    countLimitScope: "call",
    countLimitRoles: ["task"],
    mixedRoles: "refused",
    minimumCoreCount: 0,
    prepaidRemoval: "recycleBin",
    terminateTasksPrepaid: "accepted",
    removalStatus: "byRole",
    removalOfUndestroyable: "accepted",
    unknownIdsOnRemoval: "refused",

    stock: { master: null, core: null, task: null, router: null },
    quota: null,
    pricePerNodeHour: { master: 2.4, core: 1.8, task: 1.2, router: 1.2 },
    hasDefaultSpec: { master: true, core: true, task: true, router: true },

    monitorOperations: "mainland",
    watchdogRevives: false,
    restartTimeLagMilliseconds: 0,
    clientsOnlyServices: "emptyList",
    unknownOpTypeCode: "InvalidParameter.InvalidJobFlow",
    restartWithoutStrategyCode: "InvalidParameter",
    failedRestart: "ends",
    stoppedWord: "STOPPED",
    stateNumbers: { started: 1, stopped: 2, monitored: 1, maintenance: 2 },

    imageChangeState: 0,
    imageChangeLingerMilliseconds: 0,
    imageChangeEnds: "newVersion",
    sameImageVersion: "noOp",
    secondImageChangeCode: "ResourceNotFound.DataEngineNotActivity",
    heldEngineCode: "FailedOperation.AnotherProcessRunning",
    childIdInSwitch: "InvalidParameter.ImageUserRecordsTypeNotMatch",
    otherTypeSwitch: "refused",
    offlineImageCode: "ResourceNotFound.ImageVersionNotActivity",
    tasksRefuseImageChange: false,
    standardEnginesVersioned: true,
    noPermissionCode: "FailedOperation.NoPermissionToUseTheDataEngine",
    engineListDefaults: "always",
    enginesShown: null,
    imageVersionsShown: null,
    sqlImageTypes: "either",
    looseTypes: false,
    deletedEnginesListed: false,

    durations: {
      scaleOut: {
        lookupResources: 10_000,
        applyCvm: 50_000,
        bindTags: 10_000,
        createSecurityGroup: 10_000,
        addCVMAndCDBToWoodpecker: 20_000,
        woodpeckerScaleoutCluster: 80_000,
        queryWoodpeckerFlow: 55_000,
        endPoint: 5_000,
      },
      removal: 90_000,
      removalNodesGoneShare: 0.7,
      modifyTags: 20_000,
      startService: 60_000,
      stopService: 40_000,
      restartBatch: 45_000,
      maintenance: 10_000,
      watchdog: 60_000,
      switchImage: 300_000,
      upgradeImage: 180_000,
      rollbackImage: 180_000,
      restartEngine: 120_000,
      suspendEngine: 30_000,
      resumeEngine: 60_000,
    },
  };
}

// Records with free values: a member's type cannot be told from its default.
const nullableNumbers = new Set([
  "quota",
  "enginesShown",
  "imageVersionsShown",
  "stock.master",
  "stock.core",
  "stock.task",
  "stock.router",
  "huawei.quota",
  "huawei.rateLimitPerSecond",
  "huawei.shownAtMost.ListFlavorsV3",
  "huawei.shownAtMost.ListGroups",
  "huawei.shownAtMost.ListInstances",
  "huawei.shownAtMost.ListJobs",
  "huawei.shownAtMost.ListNodes",
  "volcengine.rateLimits.read",
  "volcengine.rateLimits.write",
  "volcengine.listsEndAfter",
  "volcengine.operationRetention",
]);

/** Merges a partial object into the settings; unknown names and wrong types are errors. */
export function patchSettings(target: object, patch: unknown, path = ""): void {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) {
    throw new Error(`Settings${path && ` "${path}"`} must be patched with a JSON object.`);
  }
  const members = target as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    const fullName = path ? `${path}.${name}` : name;
    const present = members[name];
    if (!Object.hasOwn(members, name)) throw new Error(`There is no setting "${fullName}".`);
    if (present !== null && typeof present === "object" && !Array.isArray(present)) {
      patchSettings(present, value, fullName);
    } else if (nullableNumbers.has(fullName)) {
      if (value !== null && typeof value !== "number")
        throw new Error(`Setting "${fullName}" must be a number or null.`);
      members[name] = value;
    } else if (typeof value !== typeof present || Array.isArray(value) !== Array.isArray(present)) {
      const wanted = Array.isArray(present) ? "an array" : `a ${typeof present}`;
      throw new Error(`Setting "${fullName}" must be ${wanted}.`);
    } else {
      members[name] = value;
    }
  }
}
