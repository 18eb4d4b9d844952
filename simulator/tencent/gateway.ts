// The API gateway of Tencent Cloud: signature, version, rate, shape; then the action; then the envelope.

import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as realDelay } from "node:timers/promises";
import type { Clock } from "../clock";
import type { Faults } from "../faults";
import type { Hooks } from "../hooks";
import type { Ids } from "../ids";
import { type JournalEntry, withoutSecrets } from "../journal";
import type { Settings } from "../settings";
import type { Action, Outcome } from "./action";
import { dlcActions } from "./dlc/actions";
import type { DlcWorld } from "./dlc/world";
import { emrActions } from "./emr/actions";
import type { EmrWorld } from "./emr/world";
import { ApiError } from "./errors";
import { RateLimiter } from "./rate";
import { checkShape } from "./shape";
import { type Credential, verify } from "./signature";

export interface GatewayParts {
  clock: Clock;
  settings: Settings;
  faults: Faults;
  hooks: Hooks;
  ids: Ids;
  journal: JournalEntry[];
  emr: EmrWorld;
  dlc: DlcWorld;
  credentials: readonly Credential[];
}

/** What goes back to the caller; undefined = the connection is destroyed. */
export type Answer = { status: number; body: string; contentType: string } | undefined;

interface Product {
  service: "emr" | "dlc";
  actions: Record<string, Action>;
  regionRequired: boolean;
}

const products: Record<string, Product> = {
  "2019-01-03": { service: "emr", actions: emrActions, regionRequired: false },
  "2021-01-25": { service: "dlc", actions: dlcActions, regionRequired: true },
};
const largestBody = 10 * 1024 * 1024;

export class TencentGateway {
  readonly #parts: GatewayParts;
  readonly #rate: RateLimiter;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#rate = new RateLimiter(parts.clock);
  }

  reset(): void {
    this.#rate.reset();
  }

  async answer(method: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const { clock, hooks, ids, journal } = this.#parts;
    clock.settle();
    const entry = newEntry(headers, body, journal.length + 1, clock.now(), ids.uuid());
    journal.push(entry);
    const event = { sequence: entry.sequence, action: entry.action, request: entry.request };
    if (await hooks.drops({ ...event, phase: "received" })) {
      entry.outcome = "dropped";
      return undefined;
    }
    clock.settle();
    let misfortune = noMisfortune;
    let response: Record<string, unknown>;
    try {
      const call = this.#accept(entry, method, headers, body);
      misfortune = this.#misfortune(entry.action);
      if (misfortune.before) return finish(entry, misfortune.before);
      const outcome = this.#act(entry, call, misfortune);
      entry.acted = outcome.changed;
      entry.outcome = "ok";
      response = outcome.answer;
      if (await hooks.drops({ ...event, phase: "acted" })) return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      entry.outcome = error.code;
      response = errorBody(error);
    }
    if (misfortune.delay > 0) await realDelay(misfortune.delay);
    if (misfortune.after) return finish(entry, misfortune.after);
    entry.answered = true;
    return envelope(response, entry.requestId);
  }

  /** Everything that is checked before the service is reached. */
  #accept(entry: JournalEntry, method: string, headers: IncomingHttpHeaders, body: Buffer) {
    const { clock, credentials, settings } = this.#parts;
    if (method !== "POST") {
      throw new ApiError("UnsupportedProtocol", "Only POST with a JSON body is simulated.");
    }
    if (body.length > largestBody) throw new ApiError("RequestSizeLimitExceeded");
    const product = products[entry.version];
    verify(
      { headers, body },
      {
        credentials,
        service: product?.service,
        nowMilliseconds: clock.now(),
        allowedSkewSeconds: settings.clockSkewSeconds,
      },
    );
    for (const [name, value] of [
      ["X-TC-Action", entry.action],
      ["X-TC-Version", entry.version],
    ]) {
      if (!value) throw new ApiError("MissingParameter", `The request is missing the header \`${name}\`.`);
    }
    if (!product) {
      throw new ApiError("NoSuchVersion", `The requested API version ${entry.version} does not exist.`);
    }
    const action = Object.hasOwn(product.actions, entry.action) ? product.actions[entry.action] : undefined;
    if (!action || settings.missingActions.includes(entry.action)) {
      throw new ApiError("InvalidAction", `The action ${entry.action} does not exist.`);
    }
    if (product.regionRequired && !entry.region) {
      throw new ApiError("MissingParameter", "The request is missing the header `X-TC-Region`.");
    }
    if (entry.region && !/^[a-z]{2,3}(-[a-z0-9]+)+$/.test(entry.region)) {
      throw new ApiError("UnsupportedRegion", `The region ${entry.region} is not supported.`);
    }
    if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
      throw new ApiError("InvalidRequest", "The Content-Type must be application/json.");
    }
    this.#rate.count(entry.action, settings.rateLimitPerSecond);
    return {
      action,
      service: product.service,
      request: checkShape(action.fields, parse(body), settings),
    };
  }

  #act(
    entry: JournalEntry,
    call: { action: Action; service: Product["service"]; request: Record<string, unknown> },
    misfortune: Misfortune,
  ): Outcome {
    const { emr, faults } = this.#parts;
    if (misfortune.busyMilliseconds !== undefined) {
      const { InstanceId } = call.request;
      // A change of tags names no cluster, so that it finds all of them taken.
      for (const { clusterId } of emr.clusters()) {
        if (InstanceId === undefined || InstanceId === clusterId) {
          emr.holdLock(clusterId, misfortune.busyMilliseconds);
        }
      }
    }
    return call.action.handle({
      request: call.request,
      region: entry.region,
      requestId: entry.requestId,
      world: this.#parts[call.service],
      faults,
    });
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
    if (http)
      result[http.acted ? "after" : "before"] = { kind: "http", status: http.status, body: http.body };
    if (error) {
      const apiError = new ApiError(error.code, error.message);
      result[error.acted ? "after" : "before"] = { kind: "error", error: apiError };
    }
    if (throttle) result.before = { kind: "error", error: new ApiError(throttle.code) };
    if (dropAnswer) result.after = { kind: "drop" };
    if (dropRequest) result.before = { kind: "drop" };
    return result;
  }
}

const takesLock = new Set([
  "ModifyResourcesTags",
  "ScaleOutInstance",
  "StartStopServiceOrMonitor",
  "TerminateClusterNodes",
  "TerminateTasks",
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
function finish(entry: JournalEntry, ending: Ending): Answer {
  switch (ending.kind) {
    case "drop":
      if (entry.outcome === "") entry.outcome = "dropped";
      return undefined;
    case "error":
      entry.outcome = ending.error.code;
      entry.answered = true;
      return envelope(errorBody(ending.error), entry.requestId);
    case "http":
      entry.outcome = `http ${ending.status}`;
      entry.answered = true;
      return {
        status: ending.status,
        body: ending.body ?? `<html><body><h1>${ending.status}</h1></body></html>`,
        contentType: "text/html",
      };
  }
}

function newEntry(
  headers: IncomingHttpHeaders,
  body: Buffer,
  sequence: number,
  time: number,
  requestId: string,
): JournalEntry {
  const version = text(headers["x-tc-version"]);
  let request: unknown;
  try {
    request = withoutSecrets(JSON.parse(body.toString("utf8")));
  } catch {
    request = body.toString("utf8");
  }
  return {
    sequence,
    time,
    cloud: "tencent",
    service: products[version]?.service ?? "",
    action: text(headers["x-tc-action"]),
    version,
    region: text(headers["x-tc-region"]),
    request,
    requestId,
    outcome: "",
    answered: false,
    acted: false,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiError("InvalidRequest", "The request body is not JSON.");
  }
}

function errorBody(error: ApiError): Record<string, unknown> {
  return { Error: { Code: error.code, Message: error.message } };
}

function envelope(response: Record<string, unknown>, requestId: string): Answer {
  return {
    status: 200,
    body: JSON.stringify({ Response: { ...response, RequestId: requestId } }),
    contentType: "application/json",
  };
}

function text(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
