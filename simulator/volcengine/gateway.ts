// The API gateway of Volcengine: signature, action and version, policy, rate, shape; then the action; then the
// envelope.
import {
  type Answer,
  type ApiRequest,
  type Conduct,
  conductCall,
  type Gateway,
  type SentAnswer,
  urlOf,
} from "../call";
import type { JournalEntry } from "../journal";
import type { GatewayParts, World } from "../product";
import { RateLimiter } from "../rate";
import type { Action } from "./action";
import { ApiError, errorOf, refusal } from "./errors";
import { loggedRequest } from "./logged";
import type { VolcengineProduct } from "./product";
import type { AllVolcengineSettings } from "./settings";
import { checkBody } from "./shape";
import { scopeOf, verify } from "./signature";

export type Parts = GatewayParts<AllVolcengineSettings, Record<string, World>>;
type Products = Record<string, VolcengineProduct<World>>;

interface Accepted {
  action: Action;
  product: VolcengineProduct<World>;
  world: World;
  request: Record<string, unknown>;
}

const service = "emr";
const largestBody = 8 * 1024 * 1024;

export class VolcengineGateway implements Gateway {
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
    const { pathname, searchParams } = urlOf(request);
    const named = searchParams.has("Action") && searchParams.has("Version");
    return pathname === "/" && (named || (request.headers.authorization ?? "").startsWith("HMAC-SHA256 "));
  }

  answer(request: ApiRequest): Promise<Answer> {
    const { faults, settings } = this.#parts;
    const conduct: Conduct<Accepted, ApiError> = {
      refusal: ApiError,
      describe: () => this.#describe(request),
      accept: (entry) => this.#accept(entry, request),
      act: (accepted, entry, busyMilliseconds) => {
        const { action, product, world, request: checked } = accepted;
        if (busyMilliseconds !== undefined) product.takeLock(world, checked, busyMilliseconds);
        const { action: name, region, version } = entry;
        const { changed, result } = action.handle({
          request: checked,
          action: name,
          version,
          region,
          world,
          faults,
        });
        return { changed, answer: this.#success(entry, result) };
      },
      refuse: (error, entry) => ({ outcome: error.code, answer: this.#failure(entry, error) }),
      page: (status, body) => ({
        status,
        body,
        headers: { "Content-Type": body.startsWith("{") ? "application/json" : "text/html" },
      }),
      orderedError: ({ code, message, status }) => errorOf(settings.volcengine, code, message, status),
      // Another cloud's code is the fault's default.
      throttled: ({ code }) =>
        errorOf(
          settings.volcengine,
          code === "RequestLimitExceeded" ? settings.volcengine.flowLimitCode : code,
        ),
    };
    return conductCall(this.#parts, conduct);
  }

  #describe(request: ApiRequest) {
    const { clock, ids } = this.#parts;
    const { searchParams } = urlOf(request);
    return {
      cloud: "volcengine" as const,
      service,
      action: searchParams.get("Action") ?? "",
      version: searchParams.get("Version") ?? "",
      region: scopeOf(request).region,
      request: loggedRequest(request.body),
      requestId: requestIdOf(clock.now(), ids.uuid()),
    };
  }

  /** Everything that is checked before the service is reached, in the order in which the cloud does. */
  #accept(entry: JournalEntry, request: ApiRequest): Accepted {
    const { clock, credentials } = this.#parts;
    const settings = this.#parts.settings.volcengine;
    const fail = (code: string, message?: string) => errorOf(settings, code, message);
    const { action: name, region, version } = entry;
    for (const [parameter, value] of [
      ["Action", name],
      ["Version", version],
    ]) {
      if (!value) throw fail("MissingParameter", `The query parameter ${parameter} is missing.`);
    }
    if (request.body.length > largestBody) throw fail("InvalidRequestSize", "The body is too large.");
    verify(request, { credentials, settings, nowMilliseconds: clock.now() });
    const scope = scopeOf(request);
    if (!settings.serviceNames.includes(scope.service) || settings.missingRegions.includes(region)) {
      throw fail("ServiceNotFound", `There is no service ${scope.service} in ${region}.`);
    }
    const found = this.#find(name, version);
    if (!found || request.method !== "POST") {
      throw fail("InvalidActionOrVersion", `Could not find the action ${name} of version ${version}.`);
    }
    const { action } = found;
    if (settings.policy === "none") throw fail("LackPolicy");
    if (settings.deniedActions.some((one) => one === name || one === `${version}/${name}`)) {
      throw fail("AccessDenied", `The user is not authorized to perform emr:${name}.`);
    }
    const rateKey = settings.rateScope === "action" ? name : action.kind;
    if (!this.#rate.admits(rateKey, settings.rateLimits[action.kind])) throw fail(settings.flowLimitCode);
    if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
      throw refusal(settings, "parameter", "The Content-Type must be application/json.");
    }
    const checked = checkBody(action.fields, this.#parse(request.body), settings);
    return { ...found, request: checked };
  }

  #find(name: string, version: string): Omit<Accepted, "request"> | undefined {
    const { missingActions, newerVersion } = this.#parts.settings.volcengine;
    if (missingActions.includes(`${version}/${name}`)) return undefined;
    if (version === "2024-06-13" && !newerVersion) return undefined;
    for (const [productName, product] of Object.entries(this.#products)) {
      const actions = Object.hasOwn(product.actions, version) ? product.actions[version] : undefined;
      const action = actions && Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (action) return { action, product, world: this.#parts.worlds[productName] as World };
    }
    return undefined;
  }

  #parse(body: Buffer): unknown {
    if (body.length === 0) return {};
    try {
      return JSON.parse(body.toString("utf8"));
    } catch {
      throw refusal(this.#parts.settings.volcengine, "parameter", "The body is not JSON.");
    }
  }

  #success(entry: JournalEntry, result: unknown): SentAnswer {
    const { errorOnSuccess } = this.#parts.settings.volcengine;
    const error = errorOnSuccess === "null" ? null : { Code: "", Message: "" };
    const metadata = this.#metadata(entry, errorOnSuccess === "absent" ? {} : { Error: error });
    return json(200, { ResponseMetadata: metadata, Result: result });
  }

  #failure(entry: JournalEntry, { code, codeN, message, status }: ApiError): SentAnswer {
    const error = { Code: code, ...(codeN === undefined ? {} : { CodeN: codeN }), Message: message };
    const metadata = this.#metadata(entry, { Error: error });
    const { resultOnFailure } = this.#parts.settings.volcengine;
    return json(status, {
      ResponseMetadata: metadata,
      ...(resultOnFailure === "null" ? { Result: null } : {}),
    });
  }

  #metadata({ action, region, requestId, version }: JournalEntry, error: { Error?: unknown }) {
    return {
      RequestId: requestId,
      Action: action,
      Version: version,
      Service: service,
      Region: region,
      ...error,
      Deprecated: version === "2023-12-30" && this.#parts.settings.volcengine.deprecated,
    };
  }
}

/** `20260102030405` and upper-case hexadecimal digits. */
function requestIdOf(now: number, uuid: string): string {
  const time = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  return time + uuid.replaceAll("-", "").slice(0, 20).toUpperCase();
}

function json(status: number, body: unknown): SentAnswer {
  return {
    status,
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json; charset=utf-8" },
  };
}
