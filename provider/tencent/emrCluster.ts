// What every EMR resource shares: looking at a cluster, waiting for it to be at rest, following a workflow.
import type { z } from "zod";
import type { Clock } from "../clock";
import { CloudError, StoppedError } from "../errors";
import { listLag, ShortList, wholeList } from "../pages";
import type { Deadline } from "../wait";
import type { TencentClient } from "./client";
import {
  clusterPhase,
  describeClusterFlowStatusDetail,
  describeClusterNodes,
  describeInstances,
} from "./emr";
import { notThere } from "./errors";

export type ClusterRow = z.output<typeof describeInstances.response>["clusterList"][number];
export type EmrNode = z.output<typeof describeClusterNodes.response>["nodeList"][number];

export interface EmrCluster {
  id: string;
  status: number;
  /** `failed`: the last scale-out failed; the cluster rests, and may or may not accept the next change. */
  phase: "idle" | "failed" | "busy" | "unusable";
  title: string;
  zoneId: number | undefined;
  uin: string | undefined;
}

/** Handle of a workflow: whichever of the two the edition of the API gives. */
export interface Flow {
  key: "TraceId" | "FlowId";
  value: string;
}

/** The handle in an answer, if it holds a usable one: a FlowId of 0 is none. */
export function flowOf(answer: {
  traceId?: string | undefined;
  flowId?: number | undefined;
}): Flow | undefined {
  if (answer.traceId) return { key: "TraceId", value: answer.traceId };
  if (answer.flowId && answer.flowId > 0) return { key: "FlowId", value: String(answer.flowId) };
  return undefined;
}

/** The cluster, or undefined when it is proven to be gone. */
export async function findCluster(client: TencentClient, clusterId: string): Promise<EmrCluster | undefined> {
  const found = await findClusterRow(client, clusterId);
  if (!found) return undefined;
  return {
    id: clusterId,
    status: found.status,
    phase: found.status === 302 ? "failed" : found.phase,
    title: found.clusterTitle ?? "",
    zoneId: found.zoneId,
    uin: found.uin === undefined ? undefined : String(found.uin),
  };
}

/**
 * The same with all that the cloud tells of it. An empty list alone proves nothing (the credentials may not see the
 * cluster), so a second call has to say the same.
 */
export async function findClusterRow(
  client: TencentClient,
  clusterId: string,
): Promise<(ClusterRow & { phase: "idle" | "busy" | "unusable" }) | undefined> {
  let found: ClusterRow | undefined;
  try {
    const { clusterList } = await client.call(describeInstances, {
      displayStrategy: "clusterList",
      instanceIds: [clusterId],
      projectId: -1,
    });
    found = clusterList.find((cluster) => cluster.clusterId === clusterId);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  if (!found) {
    try {
      await client.call(describeClusterNodes, { instanceId: clusterId, nodeFlag: "all" });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
    throw new StoppedError(
      `Tencent EMR does not list cluster ${clusterId}, yet does not say that it is gone. Check the permissions of the ` +
        "credentials (DescribeInstances) and the region.",
    );
  }
  let phase = clusterPhase(found.status);
  if (phase === "gone") {
    // A status alone drops nothing: a cluster that still lists nodes is not gone.
    const nodes = await listNodes(client, clusterId).catch((error: unknown) => {
      if (isGone(error)) return [];
      throw error;
    });
    if (nodes.length === 0) return undefined;
    phase = "unusable";
  }
  return { ...found, phase };
}

const clusterPage = 100;

/** All clusters of the region, in the order of their ids. */
export async function listClusters(client: TencentClient): Promise<ClusterRow[]> {
  const clusters = await wholeList<ClusterRow>({
    what: `clusters of ${client.region}`,
    who: "EMR",
    keyOf: ({ clusterId }) => clusterId,
    size: clusterPage,
    ask: async (offset = 0) => {
      const { clusterList, totalCnt } = await client.call(describeInstances, {
        displayStrategy: "clusterList",
        projectId: -1,
        offset,
        limit: clusterPage,
        orderField: "clusterId",
        asc: 1,
      });
      return { items: clusterList, total: totalCnt };
    },
  });
  return clusters.sort((a, b) => (a.clusterId < b.clusterId ? -1 : 1));
}

export function isGone(error: unknown): boolean {
  return error instanceof CloudError && error.kind === "gone";
}

const nodePage = 100;

/** All nodes of a cluster, however many answers that takes. */
export async function listNodes(client: TencentClient, clusterId: string): Promise<EmrNode[]> {
  return wholeList({
    what: `nodes of ${clusterId}`,
    who: "EMR",
    size: nodePage,
    keyOf: ({ emrResourceId }) => emrResourceId,
    ask: async (offset) => {
      const page = offset === undefined ? {} : { offset, limit: nodePage };
      const asked = { instanceId: clusterId, nodeFlag: "all" as const, ...page };
      const { nodeList, totalCnt } = await client.call(describeClusterNodes, asked);
      return { items: nodeList, total: totalCnt };
    },
  });
}

/** The cluster's own time when its nodes were listed; empty where it does not tell. */
export const timeOf = (nodes: readonly EmrNode[]) =>
  nodes.map(({ currentTime = "" }) => currentTime).reduce((a, b) => (a > b ? a : b), "");

/** Milliseconds between two of the cloud's times, which name no zone; undefined where one is not told. */
export function elapsed(from: string | undefined, to: string | undefined): number | undefined {
  const between = Date.parse(`${to?.replace(" ", "T")}Z`) - Date.parse(`${from?.replace(" ", "T")}Z`);
  return Number.isNaN(between) ? undefined : between;
}

/**
 * The nodes, looked at again where those that are expected are missing: one list alone makes nothing vanish. What is counted
 * and not listed yet is waited for: with a deadline as long as a list may lag, else for a moment.
 */
export async function listNodesSurely(
  client: TencentClient,
  clock: Clock,
  clusterId: string,
  expected: readonly string[],
  deadline?: Deadline,
): Promise<EmrNode[]> {
  const patience = deadline ? Math.min((await clock.now()) + listLag, deadline.at) : undefined;
  let looks = 0;
  for (let shortLooks = 0; ; ) {
    try {
      const nodes = await listNodes(client, clusterId);
      const ids = new Set(nodes.map(({ emrResourceId }) => emrResourceId));
      // A cluster without a single node, not even a master, is hardly one.
      const isCredible = nodes.length > 0 && expected.every((id) => ids.has(id));
      looks += 1;
      if (isCredible || looks === 3) return nodes;
    } catch (error) {
      if (!(error instanceof ShortList)) throw error;
      shortLooks += 1;
      if (patience === undefined ? shortLooks === 3 : (await clock.now()) >= patience) throw error;
    }
    await clock.sleep(5_000);
  }
}

export function describeCluster(cluster: EmrCluster): string {
  return `cluster ${cluster.id} (status ${cluster.status}${cluster.title ? `, ${cluster.title}` : ""})`;
}

/** The cluster, if it is there and can be changed at all. */
export async function usableCluster(client: TencentClient, clusterId: string): Promise<EmrCluster> {
  const cluster = await findCluster(client, clusterId);
  if (!cluster)
    throw new StoppedError(
      notThere(`EMR cluster ${clusterId} does not exist: check clusterId and the region.`),
    );
  if (cluster.phase === "unusable") {
    throw new StoppedError(`${describeCluster(cluster)} cannot be changed: look at it in the EMR console.`);
  }
  return cluster;
}

export interface FlowStatus {
  /** `unknown`: the workflow is not registered yet, or cannot be read just now. */
  state: "unknown" | "running" | "finished" | "failed" | "blocked";
  /** 0 to 1. */
  progress: number;
  /** The stage that runs, or that failed, for people. */
  stage: string;
  reason: string;
  status: number | undefined;
  /** How the stage that binds tags to new nodes ended. */
  tags: "bound" | "failed" | "unknown";
  /** When its first stage was begun, and when the last that is over ended, in the cloud's time; empty where that is not told. */
  startedAt: string;
  endedAt: string;
}

/** Times in their order. A stage that has not begun, or not ended, has a time of zeros. */
const told = (times: readonly (string | undefined)[]) =>
  times.filter((time = "") => /[1-9]/.test(time)).sort() as string[];

export async function flowStatus(client: TencentClient, clusterId: string, flow: Flow): Promise<FlowStatus> {
  try {
    const detail = await client.call(describeClusterFlowStatusDetail, {
      instanceId: clusterId,
      flowParam: { fKey: flow.key, fValue: flow.value },
    });
    const stages = detail.stageDetails ?? [];
    const failed = stages.find((stage) => stage.status === -1);
    const running = stages.find((stage) => stage.status === 1);
    const named = failed ?? running;
    return {
      state: stateOf(detail.flowTotalStatus),
      status: detail.flowTotalStatus,
      progress: detail.flowTotalProgress ?? 0,
      stage: named?.stage ?? named?.name ?? "",
      reason: failed?.failedReason ?? "",
      tags: tagsOf(stages.find(({ stage }) => stage === "bindTags")?.status),
      startedAt: told(stages.map(({ starttime }) => starttime))[0] ?? "",
      endedAt: told(stages.map(({ endtime }) => endtime)).at(-1) ?? "",
    };
  } catch (error) {
    // No code is documented for a workflow that is not registered yet.
    if (
      error instanceof CloudError &&
      !["permission", "credentials", "clock", "unsent"].includes(error.kind)
    ) {
      return {
        state: "unknown",
        status: undefined,
        progress: 0,
        stage: "",
        reason: error.message,
        tags: "unknown",
        startedAt: "",
        endedAt: "",
      };
    }
    throw error;
  }
}

function tagsOf(stage: number | undefined): FlowStatus["tags"] {
  if (stage === 2) return "bound";
  return stage === -1 || stage === 3 ? "failed" : "unknown";
}

function stateOf(total: number): FlowStatus["state"] {
  if (total === 2 || total === 3) return "finished";
  if (total === -1) return "failed";
  if (total === -3) return "blocked";
  return "running";
}
