// Calls the simulator as a client would, with a signer of its own that shares nothing with what is tested.
import { createHash, createHmac } from "node:crypto";
import type { Simulator } from "../../simulator";

export interface CallOptions {
  region?: string | undefined;
  version?: string;
  service?: string;
  secretId?: string;
  secretKey?: string;
  token?: string;
  /** Added to simulator time. */
  skewSeconds?: number;
  /** Date in the credential scope, if not that of the timestamp. */
  date?: string;
  /** Changes headers after signing; undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** Sent instead of the signed body. */
  sentBody?: string;
}

export interface Reply {
  status: number;
  date: string;
  /** "ok" or the error code. */
  outcome: string;
  message: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
  response: any;
}

export async function call(
  simulator: Simulator,
  action: string,
  request: unknown,
  options: CallOptions = {},
): Promise<Reply> {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  const headers = signedHeaders(new URL(simulator.url).host, simulator.clock.now(), action, body, options);
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const answer = await fetch(simulator.url, { method: "POST", headers, body: options.sentBody ?? body });
  const text = await answer.text();
  const response = answer.status === 200 ? JSON.parse(text).Response : text;
  return {
    status: answer.status,
    date: answer.headers.get("date") ?? "",
    outcome: answer.status === 200 ? (response.Error?.Code ?? "ok") : `http ${answer.status}`,
    message: response.Error?.Message ?? "",
    response,
  };
}

function signedHeaders(
  host: string,
  now: number,
  action: string,
  body: string,
  options: CallOptions,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000) + (options.skewSeconds ?? 0));
  const date = options.date ?? new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const service = options.service ?? "emr";
  const scope = `${date}/${service}/tc3_request`;
  const canonical = [
    "POST",
    "/",
    "",
    `content-type:application/json\nhost:${host}\n`,
    "content-type;host",
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  const canonicalHash = createHash("sha256").update(canonical).digest("hex");
  const stringToSign = ["TC3-HMAC-SHA256", timestamp, scope, canonicalHash].join("\n");
  let key: Buffer | string = `TC3${options.secretKey ?? "simulatorSecretKey0001"}`;
  for (const part of [date, service, "tc3_request"]) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(stringToSign).digest("hex");
  const region = "region" in options ? options.region : "ap-guangzhou";
  return {
    Authorization:
      `TC3-HMAC-SHA256 Credential=${options.secretId ?? "AKIDsimulator"}/${scope}, ` +
      `SignedHeaders=content-type;host, Signature=${signature}`,
    "Content-Type": "application/json",
    "X-TC-Action": action,
    "X-TC-Version": options.version ?? "2019-01-03",
    "X-TC-Timestamp": timestamp,
    "X-TC-Language": "en-US",
    ...(region === undefined ? {} : { "X-TC-Region": region }),
    ...(options.token === undefined ? {} : { "X-TC-Token": options.token }),
  };
}

export const clusterId = "emr-test0001";

/** The smallest valid scale-out, with changes; a member set to undefined is left out. */
export function scaleOut(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    InstanceId: clusterId,
    TimeUnit: "s",
    TimeSpan: 3600,
    PayMode: 0,
    ...("TaskCount" in changes || "CoreCount" in changes || "RouterCount" in changes ? {} : { TaskCount: 1 }),
    ...changes,
  };
}

export async function listNodes(simulator: Simulator, nodeFlag = "task") {
  const { response } = await call(simulator, "DescribeClusterNodes", {
    InstanceId: clusterId,
    NodeFlag: nodeFlag,
  });
  return (response.NodeList ?? []) as Record<string, unknown>[];
}

export async function clusterStatus(simulator: Simulator): Promise<number> {
  const { response } = await call(simulator, "DescribeInstances", {
    DisplayStrategy: "clusterList",
    InstanceIds: [clusterId],
    ProjectId: -1,
  });
  return response.ClusterList[0].Status;
}

export async function flowOf(simulator: Simulator, key: "TraceId" | "FlowId", value: string) {
  const { response } = await call(simulator, "DescribeClusterFlowStatusDetail", {
    InstanceId: clusterId,
    FlowParam: { FKey: key, FValue: value },
  });
  return response;
}

export const seconds = (count: number) => count * 1000;
/** Long enough for any flow at time scale 1. */
export const longEnough = seconds(600);

export const engineId = "DataEngine-sim00001";

/** As `call`, to DLC. */
export function callDlc(simulator: Simulator, action: string, request: unknown, options: CallOptions = {}) {
  return call(simulator, action, request, { version: "2021-01-25", service: "dlc", ...options });
}

/** The engine's row of DescribeDataEngine. */
export async function describedEngine(simulator: Simulator, name = "engine-sim00001") {
  return (await callDlc(simulator, "DescribeDataEngine", { DataEngineName: name })).response.DataEngine;
}
