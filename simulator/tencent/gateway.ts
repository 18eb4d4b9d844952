// The API gateway of Tencent Cloud: signature, version, rate, shape; then the action; then the envelope.

import {
  type Answer,
  type ApiRequest,
  type Conduct,
  conductCall,
  type Gateway,
  type SentAnswer,
  urlOf,
} from "../call";
import { type JournalEntry, withoutSecrets } from "../journal";
import type { GatewayParts, World } from "../product";
import { RateLimiter } from "../rate";
import type { Action, Outcome } from "./action";
import { ApiError } from "./errors";
import type { TencentProduct } from "./product";
import type { TencentSettings } from "./settings";
import { checkShape } from "./shape";
import { verify } from "./signature";

export type Parts = GatewayParts<TencentSettings, Record<string, World>>;
type Products = Record<string, TencentProduct<World>>;

const largestBody = 10 * 1024 * 1024;
interface Accepted {
  action: Action;
  product: TencentProduct<World>;
  world: World;
  request: Record<string, unknown>;
}

export class TencentGateway implements Gateway {
  readonly #parts: Parts;
  readonly #products: Products;
  readonly #rate: RateLimiter;

  constructor(parts: Parts, products: Products) {
    this.#parts = parts;
    this.#products = products;
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
      service: this.#serviceOf(version),
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
    const product = this.#products[entry.service];
    verify(
      { headers, body },
      {
        credentials,
        service: product && entry.service,
        nowMilliseconds: clock.now(),
        allowedSkewSeconds: settings.clockSkewSeconds,
      },
    );
    const named = this.#find(entry);
    if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
      throw new ApiError("InvalidRequest", "The Content-Type must be application/json.");
    }
    if (!this.#rate.admits(entry.action, settings.rateLimitPerSecond)) {
      throw new ApiError("RequestLimitExceeded");
    }
    return { ...named, request: checkShape(named.action.fields, parse(body), settings) };
  }

  /** The action that the headers name. */
  #find(entry: JournalEntry): Omit<Accepted, "request"> {
    const { settings, worlds } = this.#parts;
    const product = this.#products[entry.service];
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
    return { action, product, world: worlds[entry.service] as World };
  }

  #act(entry: JournalEntry, call: Accepted, busyMilliseconds: number | undefined): Outcome {
    const { action, product, request, world } = call;
    if (busyMilliseconds !== undefined) product.takeLock(world, request, busyMilliseconds);
    const { region, requestId } = entry;
    return action.handle({ request, region, requestId, world, faults: this.#parts.faults });
  }

  #serviceOf(version: string): string {
    return Object.keys(this.#products).find((name) => this.#products[name]?.version === version) ?? "";
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
