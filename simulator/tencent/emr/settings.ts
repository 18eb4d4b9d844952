// The switches of simulated EMR. Durations are multiplied by the common timeScale; limits that belong to the API
// (token window) are not.
import { z } from "zod";
import { flag, group, limit, list, number, oneOf, text } from "../../setting";
import type { TencentSettings } from "../settings";

const scalableRoles = ["master", "core", "task", "router"] as const;
export type ScalableRole = (typeof scalableRoles)[number];

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

export const emrSettings = z.strictObject({
  /** What ScaleOutInstance returns to follow the flow by. "flowId": FlowId > 0 without TraceId. "nothing": FlowId 0. */
  scaleOutAnswer: oneOf("traceId", "flowId", "nothing"),
  /** A ClientToken seen again inside its window. "ignored": a second purchase. */
  repeatedToken: oneOf("sameAnswer", "duplicateOrder", "invalidToken", "ignored"),
  /** A ClientToken seen again with another body, when repeatedToken is "sameAnswer". */
  repeatedTokenOtherBody: oneOf("invalidToken", "sameAnswer"),
  tokenWindowMilliseconds: number(300_000),
  /** How long status and node list still show the old state after a change was accepted. */
  statusLagMilliseconds: number(0),
  /** How long after its start a flow cannot be queried yet (FailedOperation). */
  flowLagMilliseconds: number(0),
  /** Status of a flow's stage that has not begun: the model says 0, examples show 4. */
  notStartedStageStatus: oneOf(0, 4),
  /** The code for "another workflow holds the cluster". */
  busyCode: oneOf("InstanceInProcess", "FlowRejected"),
  /** Whether a cluster in status 302 (scale-out failed) accepts changes. If not: FailedOperation. */
  failedClusterAcceptsChanges: flag(true),
  /** How DescribeInstances shows a cluster that does not exist. */
  missingCluster: oneOf("error", "empty"),
  missingClusterCode: oneOf(
    "ResourceNotFound.InstanceNotFound",
    "ResourceNotFound.ClusterNotFound",
    "InternalError.ClusterNotFound",
  ),
  /** What Offset counts in lists: pages from 0 or from 1, or records. */
  offsetCounts: oneOf("pages", "pagesFromOne", "items"),
  /** DescribeClusterNodes without Offset and Limit: at most a page, as the maximum says, or all, as a sentence says. */
  unpagedNodeList: oneOf("capped", "whole"),
  /** How long after the end of its workflow a new node is not in DescribeClusterNodes yet. */
  nodeListLagMilliseconds: number(0),
  /** Whether TotalCnt lags along. false: it counts the nodes that are not in the list yet. */
  nodeCountLags: flag(true),
  /** Code for an unknown NodeFlag in DescribeClusterNodes. */
  unknownNodeFlagCode: text("InvalidParameter.InvalidNodeType"),

  /** false: the node list never shows tags. */
  tagsVisible: flag(true),
  /** true: tags named at scale-out must be in knownTags, else ResourceNotFound.TagsNotFound. */
  tagsMustExist: flag(false),
  knownTags: list(z.object({ TagKey: z.string(), TagValue: z.string() })),
  /** Which id ModifyResourcesTags expects in ResourceId for nodes. */
  tagResourceId: oneOf("emr-vm", "cvm", "either"),
  /** Whether the node list returns what NodeMarks said at scale-out. */
  nodeMarksShown: flag(true),
  /** How long a new node is listed with an empty OrderNo. */
  orderNoLagMilliseconds: number(10_000),
  /** Whether machines that were ordered but never obtained stay in the list, without OrderNo. */
  failedPurchaseLeavesGhosts: flag(false),
  nameTagNumbering: oneOf("growing", "lowestFree"),
  replacementKeepsTags: flag(false),

  /** Most nodes a scale-out may add of a role, and whether nodes already there count. */
  countLimit: number(20),
  countLimitScope: oneOf("call", "cluster"),
  countLimitRoles: list(z.enum(scalableRoles), ["task"]),
  /** Which non-zero counts may stand together in one request. */
  mixedRoles: oneOf("refused", "routerAndMasterAllowed"),
  minimumCoreCount: number(0),
  /** What becomes of removed monthly nodes: in the bin for good, or destroyed by a second call. */
  prepaidRemoval: oneOf("recycleBin", "secondCallDestroys"),
  terminateTasksPrepaid: oneOf("accepted", "refused"),
  /** Status while nodes are removed: 15/16/17 by role, or 24 always. */
  removalStatus: oneOf("byRole", "shrinking"),
  /** Removal of a node that shows Destroyable 0. "accepted": only DisableApiTermination protects. */
  removalOfUndestroyable: oneOf("accepted", "refused"),
  /** Removal that names an unknown id among known ones. */
  unknownIdsOnRemoval: oneOf("refused", "skipped"),

  /** Machines left to buy per role; null = as many as you like. Purchases count it down. */
  stock: group({ master: limit(), core: limit(), task: limit(), router: limit() }),
  /** Greatest number of hourly nodes in a cluster; null = no limit. */
  quota: limit(),
  pricePerNodeHour: group({ master: number(2.4), core: number(1.8), task: number(1.2), router: number(1.2) }),
  hasDefaultSpec: group({ master: flag(true), core: flag(true), task: flag(true), router: flag(true) }),

  /** "mainland": StopMonitor enters maintenance. "literal", as the international page has it: StartMonitor does. */
  monitorOperations: oneOf("mainland", "literal"),
  /** Whether processes that stopped, by a call too, come up again after a while unless in maintenance. */
  watchdogRevives: flag(false),
  /** How long LastRestartTime of a process goes on as it was before a restart. */
  restartTimeLagMilliseconds: number(0),
  /** Services without processes. "notSupported": UnsupportedOperation.ServiceNotSupport from both calls. */
  clientsOnlyServices: oneOf("emptyList", "notSupported"),
  unknownOpTypeCode: text("InvalidParameter.InvalidJobFlow"),
  restartWithoutStrategyCode: text("InvalidParameter"),
  /** After a failure with DealOnFail 0 the next batches are not touched; the flow ends, or blocks until released. */
  failedRestart: oneOf("ends", "holdsCluster"),
  /** How the node list spells a stopped process. */
  stoppedWord: oneOf("STOPPED", "STOPED"),
  /** Values of ServiceStatus and Status (the first two) and of MonitorStatus. */
  stateNumbers: group({
    started: number(1),
    stopped: number(2),
    monitored: number(1),
    maintenance: number(2),
  }),

  durations: group({
    /** Milliseconds each stage of a scale-out takes, in order. Nodes appear half-way through applyCvm. */
    scaleOut: group({
      lookupResources: number(10_000),
      applyCvm: number(50_000),
      bindTags: number(10_000),
      createSecurityGroup: number(10_000),
      addCVMAndCDBToWoodpecker: number(20_000),
      woodpeckerScaleoutCluster: number(80_000),
      queryWoodpeckerFlow: number(55_000),
      endPoint: number(5_000),
    }),
    /** A removal as a whole; graceful time comes on top. */
    removal: number(90_000),
    /** When in the removal the nodes leave the list, as a share of it. */
    removalNodesGoneShare: number(0.7),
    modifyTags: number(20_000),
    startService: number(60_000),
    stopService: number(40_000),
    /** Each batch of a restart; the waits between them come on top. */
    restartBatch: number(45_000),
    /** Entering or leaving maintenance. */
    maintenance: number(10_000),
    /** How long the watchdog leaves a process down. */
    watchdog: number(60_000),
  }),
});
export type EmrSettings = z.output<typeof emrSettings> & TencentSettings;
