// Calls the simulator as a Volcengine client would, with a signer of its own that shares nothing with what is tested.
import { createHash, createHmac } from "node:crypto";
import { defaultVkeClusterId, type Simulator } from "../../simulator";

export const clusterId = defaultVkeClusterId;
export const older = "2023-12-30";
export const newer = "2024-06-13";

export interface VolcengineCallOptions {
  version?: string;
  region?: string;
  service?: string;
  accessKey?: string;
  secretKey?: string;
  token?: string;
  method?: string;
  path?: string;
  /** The whole query instead of Action and Version. */
  query?: string;
  skewSeconds?: number;
  /** Date in the credential scope, if not that of X-Date. */
  scopeDate?: string;
  /** Names to sign, in this order. */
  signed?: string[];
  /** No authentication at all. */
  anonymous?: boolean;
  contentType?: string;
  /** Changes headers after signing; undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** Sent instead of the signed body. */
  sentBody?: string;
}

export interface VolcengineReply {
  status: number;
  headers: Headers;
  /** "ok", the error code, or "http 502". */
  outcome: string;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
  body: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  result: any;
}

export async function callVolcengine(
  simulator: Simulator,
  action: string,
  request: unknown,
  options: VolcengineCallOptions = {},
): Promise<VolcengineReply> {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  const query = options.query ?? `Action=${action}&Version=${options.version ?? older}`;
  const url = new URL(`${options.path ?? "/"}?${query}`, simulator.url);
  const headers = options.anonymous
    ? { "content-type": "application/json" }
    : signedHeaders(url, simulator.clock.now(), body, options);
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const method = options.method ?? "POST";
  const sent = method === "GET" ? {} : { body: options.sentBody ?? body };
  const answer = await fetch(url, { method, headers, ...sent });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
  const json = isJson ? JSON.parse(text) : {};
  const code = json.ResponseMetadata?.Error?.Code;
  const unknown = answer.ok ? "ok" : `http ${answer.status}`;
  return {
    status: answer.status,
    headers: answer.headers,
    outcome: code ? String(code) : unknown,
    text,
    body: json,
    result: json.Result,
  };
}

function signedHeaders(
  url: URL,
  now: number,
  body: string,
  options: VolcengineCallOptions,
): Record<string, string> {
  const dateTime = new Date(now + (options.skewSeconds ?? 0) * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
  const date = options.scopeDate ?? dateTime.slice(0, 8);
  const scope = [date, options.region ?? "cn-beijing", options.service ?? "emr", "request"];
  const bodyHash = sha256(body);
  const headers: Record<string, string> = {
    "content-type": options.contentType ?? "application/json",
    "x-content-sha256": bodyHash,
    "x-date": dateTime,
    ...(options.token === undefined ? {} : { "x-security-token": options.token }),
  };
  const names = options.signed ?? ["host", ...Object.keys(headers)].sort();
  const values: Record<string, string> = { ...headers, host: url.host };
  const canonicalQuery = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const canonical = [
    options.method ?? "POST",
    url.pathname,
    canonicalQuery,
    names.map((name) => `${name}:${values[name] ?? ""}\n`).join(""),
    names.join(";"),
    bodyHash,
  ].join("\n");
  const text = ["HMAC-SHA256", dateTime, scope.join("/"), sha256(canonical)].join("\n");
  let key: string | Buffer = options.secretKey ?? "simulatorSecretKey0001";
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = [options.accessKey ?? "AKIDsimulator", ...scope].join("/");
  headers.authorization = `HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

/** A restart of one RayCluster, with changes; a member set to undefined is left out. */
export function restart(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ClusterId: clusterId,
    ActionName: "restart",
    ActionScope: "COMPONENT",
    Components: [{ ApplicationName: "RAY", ComponentNames: ["RayCluster"] }],
    ActionParams: [{ Key: "releaseName", Value: "raycluster-a" }],
    ...changes,
  };
}

/** One component that has a single instance. */
export const operator = [{ ApplicationName: "Ray", ComponentNames: ["RayOperator"] }];

export const configs = (...items: [file: string, key: string, value: string][]) => ({
  Key: "applicationConfigs",
  Value: JSON.stringify(
    items.map(([configFileName, configItemKey, configItemValue]) => ({
      configFileName,
      configItemKey,
      configItemValue,
    })),
  ),
});

export function act(
  simulator: Simulator,
  changes: Record<string, unknown> = {},
  options?: VolcengineCallOptions,
) {
  return callVolcengine(simulator, "RunApplicationAction", restart(changes), options);
}

export const callNewer = (simulator: Simulator, action: string, request: unknown) =>
  callVolcengine(simulator, action, request, { version: newer });

/** The rows of ListComponentInstances. */
export async function listInstances(simulator: Simulator, application = "Ray") {
  const reply = await callNewer(simulator, "ListComponentInstances", {
    ClusterId: clusterId,
    ApplicationName: application,
  });
  return reply.result.Items as Record<string, unknown>[];
}

export async function getOperation(simulator: Simulator, operationId: string) {
  return (await callVolcengine(simulator, "GetOperation", { OperationId: operationId })).result;
}

/** The state in which an action ends, or the code that refuses it. */
export async function actAndEnd(simulator: Simulator, changes: Record<string, unknown> = {}) {
  const reply = await act(simulator, changes);
  if (reply.outcome !== "ok") return reply.outcome;
  simulator.clock.advance(longEnough);
  return (await getOperation(simulator, reply.result.OperationId)).OperationState as string;
}

/** Long enough for any operation at time scale 1. */
export const longEnough = 60_000;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
