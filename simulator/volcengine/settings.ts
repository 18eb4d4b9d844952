// The switches of simulated Volcengine. Durations and lags are multiplied by the common timeScale; limits that
// belong to the API (skew, rate) are not.
import { z } from "zod";
import { flag, group, limit, list, number, oneOf, text } from "../setting";
import type { BaseSettings } from "../settings";

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

const stateFields = ["InstanceState", "ComponentInstanceState", "ComponentState", "State", "Status"] as const;
const nameFields = ["ComponentInstanceName", "InstanceName", "ReleaseName", "Name"] as const;

const volcengine = z.strictObject({
  // Gateway

  /** Whether the API of version 2024-06-13 can be called at all. */
  newerVersion: flag(true),
  /** `Version/Action` pairs that do not exist: InvalidActionOrVersion. */
  missingActions: list(z.string()),
  /** `Version/Action` pairs, or actions of any version, that the caller's policy refuses: AccessDenied. */
  deniedActions: list(z.string()),
  /** "none": the caller has no policy at all, LackPolicy. */
  policy: oneOf("full", "none"),
  /** Regions the gateway routes no call to: ServiceNotFound. */
  missingRegions: list(z.string()),
  /** Service names that a signature's scope may carry; add "elasticmapreduce" for the other spelling. */
  serviceNames: list(z.string(), ["emr"]),
  /** Lifetime of a signature without X-Expires. */
  clockSkewSeconds: number(900),
  /** How far in the future X-Date may lie. */
  futureSkewSeconds: number(900),
  /** Whether the host must be among the signed headers. The vendor's own Node client leaves it out. */
  hostSignatureRequired: flag(true),
  /** Whether a call without X-Content-Sha256 is refused. */
  contentHashRequired: flag(true),
  /** Calls per second in simulator time; null = no limit. */
  rateLimits: group({
    read: limit(300),
    write: limit(50),
  }),
  rateScope: oneOf("action", "account"),
  flowLimitCode: oneOf("FlowLimitExceeded", "AccountFlowLimitExceeded"),
  flowLimitStatus: oneOf(429, 400, 200),
  invalidTimestampStatus: oneOf(400, 403),
  /** Whether business errors carry CodeN too. */
  businessCodeN: flag(false),
  /** How the envelope of a success says that there is no error. */
  errorOnSuccess: oneOf("null", "absent", "empty"),
  resultOnFailure: oneOf("absent", "null"),
  /** The envelope's flag in answers of version 2023-12-30. */
  deprecated: flag(false),
  /** Fields of a body that the API does not have. */
  unknownFields: oneOf("ignored", "refused"),
  /** Codes of the service's own refusals, none of which the documents of this version give. */
  codes: group({
    ...each(() => text("InvalidParameter")),
    overlap: text("IllegalOperationForCluster"),
    clusterNotReady: text("IllegalOperationForCluster"),
    stop: text("IllegalOperationForCluster"),
    alreadyThere: text("IllegalOperationForCluster"),
    unknownCluster: text("InvalidClusterId"),
    foreignCluster: text("InvalidRequest"),
  }),
  /** Their HTTP statuses. */
  statuses: group(each(() => number(400))),

  // Reads

  /** Fields of ListComponentInstances for state and name. "unmappable": none of the known ones. */
  instanceShape: z
    .union([z.templateLiteral([z.enum(stateFields), "/", z.enum(nameFields)]), z.literal("unmappable")])
    .default("InstanceState/ComponentInstanceName"),
  namespaceShown: flag(true),
  startTimeShown: flag(true),
  /** Whether ListComponentInstances gives pages like the other lists, or everything. */
  instancesPaged: flag(true),
  /** How an instance's state is spelt, before `letterCase`. */
  instanceWords: group({
    started: text("STARTED"),
    stopped: text("STOPPED"),
    starting: text("STARTING"),
    stopping: text("STOPPING"),
    exception: text("EXCEPTION"),
  }),
  letterCase: group({
    /** Names of applications and components in answers. */
    names: oneOf("asIs", "upper", "lower"),
    /** States of everything. */
    states: oneOf("upper", "lower", "capital"),
  }),
  /** NextToken of an answer. "stuck": every page is the first one. "text": a token that means nothing to the caller. */
  nextToken: oneOf("currentPage", "nextPage", "stuck", "text"),
  /** MaxResults of a question. "ignored": pages hold 10. "refused": InvalidParameter. */
  maxResults: oneOf("accepted", "ignored", "refused"),
  /** TotalCount of a list. */
  totalCount: oneOf("number", "text", "absent"),
  /** How many rows of a list are shown at most, whatever its TotalCount says; null = all. */
  listsEndAfter: limit(),
  operationShape: oneOf("flat", "items"),
  /** "Operate": ListOperations says OperateId, OperateName and OperateState. */
  operationFields: oneOf("Operation", "Operate"),
  operationWords: group({
    ACCEPT: text("ACCEPT"),
    RUNNING: text("RUNNING"),
    PENDING: text("PENDING"),
    SUCCESS: text("SUCCESS"),
    FAILED: text("FAILED"),
    CANCEL: text("CANCEL"),
    SKIP: text("SKIP"),
  }),
  operationIds: oneOf("text", "number"),
  /** Fields that operations show with these values, whatever is true. */
  operationShows: list(z.tuple([z.string(), z.unknown()])),
  timeUnit: oneOf("ms", "s", "iso"),
  /** A time that has not come yet. */
  unsetTime: oneOf("null", "empty", "zero"),
  /** StateChangeReason of a failed operation. */
  reasonShape: oneOf("text", "object"),
  /** Whether an operation's Content shows the ActionParams, secrets and all. */
  contentEchoesParams: flag(true),
  /** How long after its start an operation cannot be found. */
  operationVisibleAfter: number(0),
  /** How long after its start ListOperations does not show it, though GetOperation does. */
  operationListLag: number(0),
  /** How long an instance that was started still shows when it was started before. */
  startTimeLag: number(0),
  /** How long after its end an operation can still be found; null = for ever. Not scaled. */
  operationRetention: limit(),
  /** GetOperation of an unknown operation. "empty": an empty list, or an empty result. */
  unknownOperation: oneOf("refuse", "empty"),
  /** State of an application that is well. */
  applicationStateWord: text("INSTALLED"),
  /** Whether an application's state tells of stopped and broken components. */
  applicationStateFollows: flag(false),
  /** Whether 2023-12-30 reports CHANGING, RECOVERING, EXCEPTION and STOPPED clusters; if not: RUNNING. */
  olderVersionKnowsAllStates: flag(true),
  /** Cluster state while an operation runs. */
  stateDuringOperation: oneOf("RUNNING", "CHANGING"),
  /** "unknown": as if it had never been. */
  deletedCluster: oneOf("shown", "unknown"),
  /** Spelling of Effective in ListConfigs. */
  effectiveShape: oneOf("boolean", "text"),

  // Actions

  /** Case of names in requests. "exact": the name itself, or as the answers spell it. */
  applicationNames: oneOf("ignored", "exact"),
  componentNames: oneOf("exact", "ignored"),
  actionNameCase: oneOf("exact", "ignored"),
  stopAccepted: flag(true),
  missingScope: oneOf("refuse", "component"),
  /** ActionScope APPLICATION: all components of the applications named. */
  applicationScope: oneOf("refuse", "accepted"),
  unknownParams: oneOf("ignored", "refuse"),
  /** No releaseName for a component with several instances. */
  missingRelease: oneOf("all", "refuse", "first"),
  /** More than one releaseName in a call. */
  severalReleases: oneOf("refuse", "first", "last", "all"),
  /** A releaseName that instances in several namespaces have. */
  ambiguousRelease: oneOf("all", "refuse", "first"),
  /** start of what is started, stop of what is stopped. "success": nothing happens to it. "restart": start does. */
  alreadyThere: oneOf("success", "skip", "refuse", "restart"),
  restartOfStopped: oneOf("starts", "skip", "refuse"),
  /** An action while another one is under way. "failed", "skip": accepted, and ends like this. */
  overlap: oneOf("queue", "refuse", "failed", "skip"),
  overlapScope: oneOf("cluster", "component"),
  operationIdInAnswer: flag(true),
  /** How long after SUCCESS instances are still in transition. */
  settleLag: number(0),
  /** How an operation ends whose cluster is deleted meanwhile. */
  clusterDeletedMeanwhile: oneOf("CANCEL", "FAILED"),
  /** How an operation ends whose instance is deleted meanwhile. */
  instanceDeletedMeanwhile: oneOf("FAILED", "SUCCESS"),
  /** false: what applicationConfigs says is forgotten after the action. */
  configsPersist: flag(true),
  /** "replace": values of the application that the call does not name go back to their presets. */
  configsMode: oneOf("merge", "replace"),
  /** When the values are listed: with their effect, or from the beginning, not in effect yet. */
  configsWritten: oneOf("onSuccess", "onAccept"),
  configsWithStart: oneOf("accepted", "refuse"),
  configsWithStop: oneOf("refuse", "ignored"),
  /** A file or key that the application does not have. */
  unknownConfigs: oneOf("added", "refuse"),
  /** An empty configItemValue. "unsets": back to the preset. */
  emptyConfigValue: oneOf("sets", "unsets"),

  durations: group({
    /** From the call to RUNNING. */
    accept: number(3_000),
    /** From RUNNING to the end. */
    run: number(40_000),
  }),
});
export type VolcengineSettings = z.output<typeof volcengine>;
export type OperationState = keyof VolcengineSettings["operationWords"];

export const volcengineSettings = z.strictObject({ volcengine: volcengine.prefault({}) });
export type AllVolcengineSettings = z.output<typeof volcengineSettings> & BaseSettings;

export function defaultVolcengineSettings(): VolcengineSettings {
  return volcengine.parse({});
}

function each<Value>(value: () => Value): Record<RefusalKind, Value> {
  return Object.fromEntries(refusals.map((kind) => [kind, value()])) as Record<RefusalKind, Value>;
}
