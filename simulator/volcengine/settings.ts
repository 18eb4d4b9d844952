// The switches of simulated Volcengine, with their defaults. Durations and lags are multiplied by the common
// timeScale; limits that belong to the API (skew, rate) are not.

const refusals = [
  /** Bodies that are not JSON, values of wrong types, impossible pages. */
  "parameter",
  /** An ActionName that does not exist. */
  "verb",
  "scope",
  "application",
  "component",
  /** `applicationConfigs` that cannot be read, or may not come with this action. */
  "configs",
  /** A key of ActionParams that does not exist, when `unknownParams` is "refuse". */
  "params",
  "missingRelease",
  "unknownRelease",
  /** `stop`, when `stopAccepted` is false. */
  "stop",
  /** Start of a started component and the like, when refused. */
  "alreadyThere",
  "overlap",
  "clusterNotReady",
  "unknownCluster",
  "foreignCluster",
  "unknownOperation",
] as const;
export type RefusalKind = (typeof refusals)[number];

const operationStates = ["ACCEPT", "RUNNING", "PENDING", "SUCCESS", "FAILED", "CANCEL", "SKIP"] as const;
export type OperationState = (typeof operationStates)[number];

type StateField = "InstanceState" | "ComponentInstanceState" | "ComponentState" | "State" | "Status";
type NameField = "ComponentInstanceName" | "InstanceName" | "ReleaseName" | "Name";
type NameCase = "ignored" | "exact";

export interface VolcengineSettings {
  // Gateway

  /** Whether the API of version 2024-06-13 can be called at all. */
  newerVersion: boolean;
  /** `Version/Action` pairs that do not exist: InvalidActionOrVersion. */
  missingActions: string[];
  /** `Version/Action` pairs, or actions of any version, that the caller's policy refuses: AccessDenied. */
  deniedActions: string[];
  /** "none": the caller has no policy at all, LackPolicy. */
  policy: "full" | "none";
  /** Regions the gateway routes no call to: ServiceNotFound. */
  missingRegions: string[];
  /** Service names that a signature's scope may carry; add "elasticmapreduce" for the other spelling. */
  serviceNames: string[];
  /** Lifetime of a signature without X-Expires. */
  clockSkewSeconds: number;
  /** How far in the future X-Date may lie. */
  futureSkewSeconds: number;
  /** Whether the host must be among the signed headers. The vendor's own Node client leaves it out. */
  hostSignatureRequired: boolean;
  /** Whether a call without X-Content-Sha256 is refused. */
  contentHashRequired: boolean;
  /** Calls per second in simulator time; null = no limit. */
  rateLimits: { read: number | null; write: number | null };
  rateScope: "action" | "account";
  flowLimitCode: "FlowLimitExceeded" | "AccountFlowLimitExceeded";
  flowLimitStatus: 429 | 400 | 200;
  invalidTimestampStatus: 400 | 403;
  /** Whether business errors carry CodeN too. */
  businessCodeN: boolean;
  /** How the envelope of a success says that there is no error. */
  errorOnSuccess: "null" | "absent" | "empty";
  resultOnFailure: "absent" | "null";
  /** The envelope's flag in answers of version 2023-12-30. */
  deprecated: boolean;
  /** Fields of a body that the API does not have. */
  unknownFields: "ignored" | "refused";
  /** Codes of the service's own refusals, none of which the documents of this version give. */
  codes: Record<RefusalKind, string>;
  /** Their HTTP statuses. */
  statuses: Record<RefusalKind, number>;

  // Reads

  /** Fields of ListComponentInstances for state and name. "unmappable": none of the known ones. */
  instanceShape: `${StateField}/${NameField}` | "unmappable";
  namespaceShown: boolean;
  startTimeShown: boolean;
  /** Whether ListComponentInstances gives pages like the other lists, or everything. */
  instancesPaged: boolean;
  /** How an instance's state is spelt, before `letterCase`. */
  instanceWords: Record<"started" | "stopped" | "starting" | "stopping" | "exception", string>;
  letterCase: {
    /** Names of applications and components in answers. */
    names: "asIs" | "upper" | "lower";
    /** States of everything. */
    states: "upper" | "lower" | "capital";
  };
  /** NextToken of an answer. "stuck": every page is the first one. "text": a token that means nothing to the caller. */
  nextToken: "currentPage" | "nextPage" | "stuck" | "text";
  /** MaxResults of a question. "ignored": pages hold 10. "refused": InvalidParameter. */
  maxResults: "accepted" | "ignored" | "refused";
  /** TotalCount of a list. */
  totalCount: "number" | "text" | "absent";
  /** How many rows of a list are shown at most, whatever its TotalCount says; null = all. */
  listsEndAfter: number | null;
  operationShape: "flat" | "items";
  /** "Operate": ListOperations says OperateId, OperateName and OperateState. */
  operationFields: "Operation" | "Operate";
  operationWords: Record<OperationState, string>;
  operationIds: "text" | "number";
  /** Fields that operations show with these values, whatever is true. */
  operationShows: [field: string, value: unknown][];
  timeUnit: "ms" | "s" | "iso";
  /** A time that has not come yet. */
  unsetTime: "null" | "empty" | "zero";
  /** StateChangeReason of a failed operation. */
  reasonShape: "text" | "object";
  /** Whether an operation's Content shows the ActionParams, secrets and all. */
  contentEchoesParams: boolean;
  /** How long after its start an operation cannot be found. */
  operationVisibleAfter: number;
  /** How long after its start ListOperations does not show it, though GetOperation does. */
  operationListLag: number;
  /** How long an instance that was started still shows when it was started before. */
  startTimeLag: number;
  /** How long after its end an operation can still be found; null = for ever. Not scaled. */
  operationRetention: number | null;
  /** GetOperation of an unknown operation. "empty": an empty list, or an empty result. */
  unknownOperation: "refuse" | "empty";
  /** State of an application that is well. */
  applicationStateWord: string;
  /** Whether an application's state tells of stopped and broken components. */
  applicationStateFollows: boolean;
  /** Whether 2023-12-30 reports CHANGING, RECOVERING, EXCEPTION and STOPPED clusters; if not: RUNNING. */
  olderVersionKnowsAllStates: boolean;
  /** Cluster state while an operation runs. */
  stateDuringOperation: "RUNNING" | "CHANGING";
  /** "unknown": as if it had never been. */
  deletedCluster: "shown" | "unknown";
  /** Spelling of Effective in ListConfigs. */
  effectiveShape: "boolean" | "text";

  // Actions

  /** Case of names in requests. "exact": the name itself, or as the answers spell it. */
  applicationNames: NameCase;
  componentNames: NameCase;
  actionNameCase: NameCase;
  stopAccepted: boolean;
  missingScope: "refuse" | "component";
  /** ActionScope APPLICATION: all components of the applications named. */
  applicationScope: "refuse" | "accepted";
  unknownParams: "ignored" | "refuse";
  /** No releaseName for a component with several instances. */
  missingRelease: "refuse" | "first" | "all";
  /** More than one releaseName in a call. */
  severalReleases: "refuse" | "first" | "last" | "all";
  /** A releaseName that instances in several namespaces have. */
  ambiguousRelease: "refuse" | "first" | "all";
  /** start of what is started, stop of what is stopped. "success": nothing happens to it. "restart": start does. */
  alreadyThere: "success" | "skip" | "refuse" | "restart";
  restartOfStopped: "starts" | "skip" | "refuse";
  /** An action while another one is under way. "failed", "skip": accepted, and ends like this. */
  overlap: "queue" | "refuse" | "failed" | "skip";
  overlapScope: "cluster" | "component";
  operationIdInAnswer: boolean;
  /** How long after SUCCESS instances are still in transition. */
  settleLag: number;
  /** How an operation ends whose cluster is deleted meanwhile. */
  clusterDeletedMeanwhile: "CANCEL" | "FAILED";
  /** How an operation ends whose instance is deleted meanwhile. */
  instanceDeletedMeanwhile: "FAILED" | "SUCCESS";
  /** false: what applicationConfigs says is forgotten after the action. */
  configsPersist: boolean;
  /** "replace": values of the application that the call does not name go back to their presets. */
  configsMode: "merge" | "replace";
  /** When the values are listed: with their effect, or from the beginning, not in effect yet. */
  configsWritten: "onSuccess" | "onAccept";
  configsWithStart: "accepted" | "refuse";
  configsWithStop: "refuse" | "ignored";
  /** A file or key that the application does not have. */
  unknownConfigs: "added" | "refuse";
  /** An empty configItemValue. "unsets": back to the preset. */
  emptyConfigValue: "sets" | "unsets";

  durations: {
    /** From the call to RUNNING. */
    accept: number;
    /** From RUNNING to the end. */
    run: number;
  };
}

export function defaultVolcengineSettings(): VolcengineSettings {
  return {
    newerVersion: true,
    missingActions: [],
    deniedActions: [],
    policy: "full",
    missingRegions: [],
    serviceNames: ["emr"],
    clockSkewSeconds: 900,
    futureSkewSeconds: 900,
    hostSignatureRequired: true,
    contentHashRequired: true,
    rateLimits: { read: 300, write: 50 },
    rateScope: "action",
    flowLimitCode: "FlowLimitExceeded",
    flowLimitStatus: 429,
    invalidTimestampStatus: 400,
    businessCodeN: false,
    errorOnSuccess: "null",
    resultOnFailure: "absent",
    deprecated: false,
    unknownFields: "ignored",
    codes: {
      ...each("InvalidParameter"),
      overlap: "IllegalOperationForCluster",
      clusterNotReady: "IllegalOperationForCluster",
      stop: "IllegalOperationForCluster",
      alreadyThere: "IllegalOperationForCluster",
      unknownCluster: "InvalidClusterId",
      foreignCluster: "InvalidRequest",
    },
    statuses: each(400),

    instanceShape: "InstanceState/ComponentInstanceName",
    namespaceShown: true,
    startTimeShown: true,
    instancesPaged: true,
    instanceWords: {
      started: "STARTED",
      stopped: "STOPPED",
      starting: "STARTING",
      stopping: "STOPPING",
      exception: "EXCEPTION",
    },
    letterCase: { names: "asIs", states: "upper" },
    nextToken: "currentPage",
    maxResults: "accepted",
    totalCount: "number",
    listsEndAfter: null,
    operationShape: "flat",
    operationFields: "Operation",
    operationWords: {
      ACCEPT: "ACCEPT",
      RUNNING: "RUNNING",
      PENDING: "PENDING",
      SUCCESS: "SUCCESS",
      FAILED: "FAILED",
      CANCEL: "CANCEL",
      SKIP: "SKIP",
    },
    operationIds: "text",
    operationShows: [],
    timeUnit: "ms",
    unsetTime: "null",
    reasonShape: "text",
    contentEchoesParams: true,
    operationVisibleAfter: 0,
    operationListLag: 0,
    startTimeLag: 0,
    operationRetention: null,
    unknownOperation: "refuse",
    applicationStateWord: "INSTALLED",
    applicationStateFollows: false,
    olderVersionKnowsAllStates: true,
    stateDuringOperation: "RUNNING",
    deletedCluster: "shown",
    effectiveShape: "boolean",

    applicationNames: "ignored",
    componentNames: "exact",
    actionNameCase: "exact",
    stopAccepted: true,
    missingScope: "refuse",
    applicationScope: "refuse",
    unknownParams: "ignored",
    missingRelease: "all",
    severalReleases: "refuse",
    ambiguousRelease: "all",
    alreadyThere: "success",
    restartOfStopped: "starts",
    overlap: "queue",
    overlapScope: "cluster",
    operationIdInAnswer: true,
    settleLag: 0,
    clusterDeletedMeanwhile: "CANCEL",
    instanceDeletedMeanwhile: "FAILED",
    configsPersist: true,
    configsMode: "merge",
    configsWritten: "onSuccess",
    configsWithStart: "accepted",
    configsWithStop: "refuse",
    unknownConfigs: "added",
    emptyConfigValue: "sets",

    durations: { accept: 3_000, run: 40_000 },
  };
}

function each<Value>(value: Value): Record<RefusalKind, Value> {
  return Object.fromEntries(refusals.map((kind) => [kind, value])) as Record<RefusalKind, Value>;
}
