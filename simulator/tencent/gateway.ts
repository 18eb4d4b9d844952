// The API gateway of Tencent Cloud: signature, version, rate, shape; then the action; then the envelope.

import {
  type Answer,
  type ApiRequest,
  type CallParts,
  type Conduct,
  conductCall,
  type Gateway,
  type SentAnswer,
  urlOf,
} from "../call";
import type { Credential } from "../credential";
import type { Ids } from "../ids";
import { type JournalEntry, withoutSecrets } from "../journal";
import { RateLimiter } from "../rate";
import type { Settings } from "../settings";
import type { Action, Outcome } from "./action";
import { dlcActions } from "./dlc/actions";
import type { DlcWorld } from "./dlc/world";
import { emrActions } from "./emr/actions";
import type { EmrWorld } from "./emr/world";
import { ApiError } from "./errors";
import { checkShape } from "./shape";
import { verify } from "./signature";

export interface GatewayParts extends CallParts {
  settings: Settings;
  ids: Ids;
  emr: EmrWorld;
  dlc: DlcWorld;
  credentials: readonly Credential[];
}

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
const takesLock = new Set([
  "ModifyResourcesTags",
  "ScaleOutInstance",
  "RestartDataEngine",
  "RollbackDataEngineImage",
  "StartStopServiceOrMonitor",
  "SuspendResumeDataEngine",
  "SwitchDataEngineImage",
  "TerminateClusterNodes",
  "TerminateTasks",
  "UpgradeDataEngineImage",
]);

interface Accepted {
  action: Action;
  service: Product["service"];
  request: Record<string, unknown>;
}

export class TencentGateway implements Gateway {
  readonly #parts: GatewayParts;
  readonly #rate: RateLimiter;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#rate = new RateLimiter(parts.clock);
  }

  reset(): void {
    this.#rate.reset();
  }

  serves(request: ApiRequest): boolean {
    const { headers } = request;
    const authorization = headers.authorization ?? "";
    const calls = headers["x-tc-action"] !== undefined || authorization.startsWith("TC3-HMAC-SHA256");
    return calls && urlOf(request).pathname === "/";
  }

  answer(request: ApiRequest): Promise<Answer> {
    const conduct: Conduct<Accepted, ApiError> = {
      takesLock,
      refusal: ApiError,
      describe: () => this.#describe(request),
      accept: (entry) => this.#accept(entry, request),
      act: (accepted, entry, busyMilliseconds) => {
        const { answer, changed } = this.#act(entry, accepted, busyMilliseconds);
        return { changed, answer: envelope(answer, entry.requestId) };
      },
      refuse: (error, entry) => ({
        outcome: error.code,
        answer: envelope({ Error: { Code: error.code, Message: error.message } }, entry.requestId),
      }),
      page: (status, body) => ({ status, body, headers: { "Content-Type": "text/html" } }),
      orderedError: ({ code, message }) => new ApiError(code, message),
      throttled: ({ code }) => new ApiError(code),
    };
    return conductCall(this.#parts, conduct);
  }

  #describe({ body, headers }: ApiRequest) {
    const version = text(headers["x-tc-version"]);
    return {
      cloud: "tencent" as const,
      service: products[version]?.service ?? "",
      action: text(headers["x-tc-action"]),
      version,
      region: text(headers["x-tc-region"]),
      request: loggedRequest(body),
      requestId: this.#parts.ids.uuid(),
    };
  }

  /** Everything that is checked before the service is reached. */
  #accept(entry: JournalEntry, { method, headers, body }: ApiRequest): Accepted {
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
    if (!this.#rate.admits(entry.action, settings.rateLimitPerSecond)) {
      throw new ApiError("RequestLimitExceeded");
    }
    return {
      action,
      service: product.service,
      request: checkShape(action.fields, parse(body), settings),
    };
  }

  #act(entry: JournalEntry, call: Accepted, busyMilliseconds: number | undefined): Outcome {
    const { dlc, emr, faults } = this.#parts;
    if (busyMilliseconds !== undefined && call.service === "dlc") {
      const { DataEngineId, DataEngineName } = call.request;
      for (const { dataEngineId, dataEngineName } of dlc.engines()) {
        if (dataEngineId === DataEngineId || dataEngineName === DataEngineName) {
          dlc.holdEngine(dataEngineId, busyMilliseconds);
        }
      }
    } else if (busyMilliseconds !== undefined) {
      const { InstanceId } = call.request;
      // A change of tags names no cluster, an order for a compute resource need not: they find all of them taken.
      for (const { clusterId } of emr.clusters()) {
        if (!InstanceId || InstanceId === clusterId) {
          emr.holdLock(clusterId, busyMilliseconds);
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
}

function loggedRequest(body: Buffer): unknown {
  try {
    return withoutSecrets(JSON.parse(body.toString("utf8")));
  } catch {
    return body.toString("utf8");
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiError("InvalidRequest", "The request body is not JSON.");
  }
}

function envelope(response: Record<string, unknown>, requestId: string): SentAnswer {
  return {
    status: 200,
    body: JSON.stringify({ Response: { ...response, RequestId: requestId } }),
    headers: { "Content-Type": "application/json" },
  };
}

function text(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
