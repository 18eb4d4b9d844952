// The API gateway of Huawei Cloud: who is calling, rate, shape; then the action; then the envelope.

import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as realDelay } from "node:timers/promises";
import type { Clock } from "../clock";
import type { Faults } from "../faults";
import type { Hooks } from "../hooks";
import type { Ids } from "../ids";
import { type JournalEntry, withoutSecrets } from "../journal";
import type { Settings } from "../settings";
import type { Outcome } from "./action";
import { findAction, type Match } from "./actions";
import type { DdmWorld } from "./ddm/world";
import { ApiError, gatewayError, parameterCode, usualStatus } from "./errors";
import type { IamAccount } from "./iam/account";
import { checkBody, checkQuery } from "./shape";
import { type SignedRequest, verify } from "./signature";

export interface GatewayParts {
  clock: Clock;
  settings: Settings;
  faults: Faults;
  hooks: Hooks;
  ids: Ids;
  journal: JournalEntry[];
  ddm: DdmWorld;
  iam: IamAccount;
}

/** What goes back to the caller; undefined = the connection is destroyed. */
export type Answer = { status: number; body: string; headers: Record<string, string> } | undefined;

const largestBody = 12 * 1024 * 1024;
const second = 1000;

export class HuaweiGateway {
  readonly #parts: GatewayParts;
  #calls = new Map<string, number[]>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  reset(): void {
    this.#calls.clear();
  }

  /** Whether a request is for this cloud. */
  serves(method: string, pathname: string, headers: IncomingHttpHeaders): boolean {
    return (
      headers["x-auth-token"] !== undefined ||
      headers["x-sdk-date"] !== undefined ||
      (headers.authorization ?? "").startsWith("SDK-HMAC-SHA256") ||
      findAction(method, pathname) !== undefined
    );
  }

  async answer(request: SignedRequest): Promise<Answer> {
    const { clock, hooks, ids, journal, settings } = this.#parts;
    clock.settle();
    const url = new URL(request.target, "http://simulator");
    const match = findAction(request.method, url.pathname);
    const entry = this.#newEntry(request, url, match, ids.uuid());
    journal.push(entry);
    const event = { sequence: entry.sequence, action: entry.action, request: entry.request };
    if (await hooks.drops({ ...event, phase: "received" })) {
      entry.outcome = "dropped";
      return undefined;
    }
    clock.settle();
    let misfortune = noMisfortune;
    let answer: Answer;
    const fail = (error: ApiError) => errorAnswer(error, entry, settings);
    try {
      const call = this.#accept(request, url, match);
      misfortune = this.#misfortune(entry.action);
      if (misfortune.before) return finish(entry, misfortune.before, fail);
      const outcome = this.#act(call, misfortune);
      entry.acted = outcome.changed;
      entry.outcome = "ok";
      answer = successAnswer(outcome, entry.requestId);
      if (await hooks.drops({ ...event, phase: "acted" })) return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = fail(error);
    }
    if (misfortune.delay > 0) await realDelay(misfortune.delay);
    if (misfortune.after) return finish(entry, misfortune.after, fail);
    entry.answered = true;
    return answer;
  }

  /** Everything that is checked before the service is reached. */
  #accept(request: SignedRequest, url: URL, match: Match | undefined) {
    const { settings } = this.#parts;
    const { headers, body } = request;
    if (body.length > largestBody) throw gatewayError(413, "0201", "The request entity is too large.");
    if (!match || settings.missingActions.includes(match.name)) {
      throw gatewayError(404, "0101", "The API does not exist or has not been published in the environment.");
    }
    const { action, name, path } = match;
    const projectId = path.project_id ?? "";
    if (action.authenticated !== false) this.#authenticate(request, projectId);
    this.#count(name);
    const fromQuery = request.method === "GET";
    const type = headers["content-type"] ?? "";
    if (body.length > 0 && !/^application\/json\b/i.test(type)) {
      throw new ApiError(415, parameterCode, "The Content-Type must be application/json.");
    }
    const checked = fromQuery
      ? checkQuery(action.fields, url.searchParams)
      : checkBody(action.fields, parse(body), settings.huawei.unknownFields);
    return { match, projectId, request: checked };
  }

  #authenticate(request: SignedRequest, projectId: string): void {
    const { clock, iam, settings } = this.#parts;
    const token = text(request.headers["x-auth-token"]);
    const forbidden = (reason: string) =>
      gatewayError(403, "0302", `You are not authorized to access the API: ${reason}`);
    if (request.headers.authorization === undefined && token !== "") {
      const scope = iam.requireToken(token).projectId;
      if (projectId !== "" && scope !== projectId) throw forbidden("the token is for another project.");
    } else {
      verify(request, {
        findCredential: (accessKey) => iam.findCredential(accessKey),
        nowMilliseconds: clock.now(),
        allowedSkewSeconds: settings.huawei.clockSkewSeconds,
        signed: (accessKey, right) => iam.signed(accessKey, right),
      });
    }
    if (projectId === "") return;
    const header = text(request.headers["x-project-id"]);
    if (header !== "" && header !== projectId) throw forbidden("X-Project-Id differs from the path.");
    if (!settings.huawei.projects.some(({ id }) => id === projectId)) {
      throw forbidden(`the project ${projectId} is not yours.`);
    }
  }

  /** Refused calls do not count. */
  #count(action: string): void {
    const { clock, settings } = this.#parts;
    const limit = settings.huawei.rateLimitPerSecond;
    const recent = (this.#calls.get(action) ?? []).filter((time) => time > clock.now() - second);
    if (limit !== null && recent.length >= limit) throw throttled(`${limit} times per second`);
    recent.push(clock.now());
    this.#calls.set(action, recent);
  }

  #act(
    call: { match: Match; projectId: string; request: Record<string, unknown> },
    misfortune: Misfortune,
  ): Outcome {
    const { ddm, faults, iam } = this.#parts;
    const { action, name, path } = call.match;
    const instanceId = path.instance_id ?? "";
    if (misfortune.busyMilliseconds !== undefined && ddm.find(instanceId, call.projectId)) {
      ddm.holdLock(instanceId, misfortune.busyMilliseconds);
    }
    const { projectId, request } = call;
    return action.handle({ request, path, projectId, action: name, ddm, iam, faults });
  }

  /** The pending faults that strike this call. */
  #misfortune(action: string): Misfortune {
    const { faults } = this.#parts;
    const dropRequest = faults.take("dropRequest", action);
    const dropAnswer = faults.take("dropAnswer", action);
    const throttle = faults.take("throttle", action);
    const error = faults.take("error", action);
    const http = faults.take("http", action);
    const result: Misfortune = { delay: faults.take("delayAnswer", action)?.milliseconds ?? 0 };
    const busy = takesLock.has(action) ? faults.take("busy", action) : undefined;
    if (busy) result.busyMilliseconds = busy.milliseconds;
    if (http) {
      result[http.acted ? "after" : "before"] = { kind: "http", status: http.status, body: http.body };
    }
    if (error) {
      result[error.acted ? "after" : "before"] = { kind: "error", error: orderedError(error) };
    }
    // The other cloud's code is the fault's default.
    if (throttle) result.before = { kind: "error", error: throttled("the simulated limit") };
    if (dropAnswer) result.after = { kind: "drop" };
    if (dropRequest) result.before = { kind: "drop" };
    return result;
  }

  #newEntry(request: SignedRequest, url: URL, match: Match | undefined, requestId: string): JournalEntry {
    const { clock, journal, settings } = this.#parts;
    const project = settings.huawei.projects.find(({ id }) => id === match?.path.project_id);
    return {
      sequence: journal.length + 1,
      time: clock.now(),
      cloud: "huawei",
      service: match?.action.service ?? "",
      action: match?.name ?? "",
      version: match?.version ?? "",
      region: project?.name ?? "",
      target: `${request.method} ${request.target}`,
      request: loggedRequest(request, url),
      requestId,
      outcome: "",
      answered: false,
      acted: false,
    };
  }
}

const takesLock = new Set([
  "AddNodes",
  "BatchDeleteNodes",
  "ChangeFlavor",
  "CreateGroup",
  "DeleteGroup",
  "DeleteNodes",
  "EnlargeInstance",
  "ReduceInstance",
  "RestartInstance",
]);

type Ending =
  | { kind: "drop" }
  | { kind: "error"; error: ApiError }
  | { kind: "http"; status: number; body: string | undefined };

interface Misfortune {
  /** Real milliseconds. */
  delay: number;
  busyMilliseconds?: number;
  /** Instead of the call. */
  before?: Ending;
  /** Instead of the answer. */
  after?: Ending;
}
const noMisfortune: Misfortune = { delay: 0 };

/** Ends a call in another way than by the action's answer. */
function finish(entry: JournalEntry, ending: Ending, fail: (error: ApiError) => Answer): Answer {
  switch (ending.kind) {
    case "drop":
      if (entry.outcome === "") entry.outcome = "dropped";
      return undefined;
    case "error":
      entry.answered = true;
      return fail(ending.error);
    case "http":
      entry.outcome = `http ${ending.status}`;
      entry.answered = true;
      return {
        status: ending.status,
        body: ending.body ?? `<html><body><h1>${ending.status}</h1></body></html>`,
        headers: { "Content-Type": "text/html", "X-Request-Id": entry.requestId },
      };
  }
}

/** The code of a fault: `APIGW.0301`, or one of a service. */
function orderedError(fault: { code: string; message?: string | undefined; status?: number | undefined }) {
  const status = fault.status ?? usualStatus(fault.code);
  const digits = /^APIGW?\.(\d{4})$/.exec(fault.code)?.[1];
  return digits === undefined
    ? new ApiError(status, fault.code, fault.message)
    : gatewayError(status, digits, fault.message ?? "The request was refused.");
}

function throttled(limit: string): ApiError {
  return gatewayError(429, "0308", `The throttling threshold has been reached: ${limit}.`);
}

function successAnswer({ status = 200, answer, headers }: Outcome, requestId: string): Answer {
  const type = answer === undefined ? undefined : { "Content-Type": "application/json" };
  return {
    status,
    body: answer === undefined ? "" : JSON.stringify(answer),
    headers: { ...type, "X-Request-Id": requestId, ...headers },
  };
}

function errorAnswer(error: ApiError, entry: JournalEntry, settings: Settings): Answer {
  const { gatewayCodePrefix } = settings.huawei;
  entry.outcome = error.speaker === "gateway" ? `${gatewayCodePrefix}.${error.code}` : error.code;
  return {
    status: error.status,
    body: JSON.stringify(errorBody(error, entry, settings)),
    headers: { "Content-Type": "application/json", "X-Request-Id": entry.requestId },
  };
}

/** Each part of the cloud has its own envelope. */
function errorBody(error: ApiError, entry: JournalEntry, settings: Settings): unknown {
  const { message } = error;
  const flat = { error_code: entry.outcome, error_msg: message };
  if (error.speaker === "gateway") return { ...flat, request_id: entry.requestId };
  if (entry.service === "iam") {
    const title = error.status === 401 ? "Unauthorized" : "Bad Request";
    return { error: { code: error.status, message, title } };
  }
  const schema = entry.version === "v3" && settings.huawei.v3ErrorShape === "schema";
  return schema || entry.service === "bss" ? flat : { errCode: error.code, externalMessage: message };
}

function loggedRequest({ method, body }: SignedRequest, url: URL): unknown {
  if (method === "GET") return Object.fromEntries(url.searchParams);
  if (body.length === 0) return {};
  try {
    return withoutSecrets(JSON.parse(body.toString("utf8")));
  } catch {
    return body.toString("utf8");
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiError(400, parameterCode, "Parameter error. The body is not JSON.");
  }
}

function text(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
