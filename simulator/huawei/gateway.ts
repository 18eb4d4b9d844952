// The API gateway of Huawei Cloud: who is calling, rate, shape; then the action; then the envelope.
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
import { findAction, type Match, type Products } from "./actions";
import { ApiError, gatewayError, parameterCode, usualStatus } from "./errors";
import type { IamAccount } from "./iam/account";
import type { HuaweiSettings } from "./settings";
import { checkBody, checkQuery } from "./shape";
import { verify } from "./signature";

export type Parts = GatewayParts<HuaweiSettings, { iam: IamAccount } & Record<string, World>>;

const largestBody = 12 * 1024 * 1024;
interface Accepted {
  action: Action;
  match: Match;
  projectId: string;
  request: Record<string, unknown>;
}

export class HuaweiGateway implements Gateway {
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
    const { headers, method } = request;
    return (
      headers["x-auth-token"] !== undefined ||
      headers["x-sdk-date"] !== undefined ||
      (headers.authorization ?? "").startsWith("SDK-HMAC-SHA256") ||
      findAction(this.#products, method, urlOf(request).pathname) !== undefined
    );
  }

  answer(request: ApiRequest): Promise<Answer> {
    const { settings } = this.#parts;
    const url = urlOf(request);
    const match = findAction(this.#products, request.method, url.pathname);
    const conduct: Conduct<Accepted, ApiError> = {
      refusal: ApiError,
      describe: () => this.#describe(request, url, match),
      accept: () => this.#accept(request, url, match),
      act: (accepted, entry, busyMilliseconds) => {
        const outcome = this.#act(accepted, busyMilliseconds);
        return { changed: outcome.changed, answer: successAnswer(outcome, entry.requestId) };
      },
      refuse: (error, entry) => errorAnswer(error, entry, settings),
      page: (status, body, entry) => ({
        status,
        body,
        headers: { "Content-Type": "text/html", "X-Request-Id": entry.requestId },
      }),
      orderedError,
      // The other cloud's code is the fault's default.
      throttled: () => throttled("the simulated limit"),
    };
    return conductCall(this.#parts, conduct);
  }

  /** Everything that is checked before the service is reached. */
  #accept(request: ApiRequest, url: URL, match: Match | undefined): Accepted {
    const { settings } = this.#parts;
    const { headers, body } = request;
    if (body.length > largestBody) throw gatewayError(413, "0201", "The request entity is too large.");
    if (!match || settings.missingActions.includes(match.name)) {
      throw gatewayError(404, "0101", "The API does not exist or has not been published in the environment.");
    }
    const { action, name, path } = match;
    const projectId = path.project_id ?? "";
    if (action.authenticated !== false) this.#authenticate(request, projectId);
    const limit = settings.huawei.rateLimitPerSecond;
    if (!this.#rate.admits(name, limit)) throw throttled(`${limit} times per second`);
    const fromQuery = request.method === "GET";
    const type = headers["content-type"] ?? "";
    if (body.length > 0 && !/^application\/json\b/i.test(type)) {
      throw new ApiError(415, parameterCode, "The Content-Type must be application/json.");
    }
    const checked = fromQuery
      ? checkQuery(action.fields, url.searchParams)
      : checkBody(action.fields, parse(body), settings.huawei.unknownFields);
    return { action, match, projectId, request: checked };
  }

  #authenticate(request: ApiRequest, projectId: string): void {
    const { clock, settings, worlds } = this.#parts;
    const { iam } = worlds;
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

  #act(call: Accepted, busyMilliseconds: number | undefined): Outcome {
    const { faults, worlds } = this.#parts;
    const { action, match, projectId, request } = call;
    const { name, path, product } = match;
    const world = worlds[product] as World;
    if (busyMilliseconds !== undefined) {
      this.#products[product]?.takeLock?.(world, path, projectId, busyMilliseconds);
    }
    return action.handle({ request, path, projectId, action: name, world, faults });
  }

  #describe(request: ApiRequest, url: URL, match: Match | undefined) {
    const { ids, settings } = this.#parts;
    const project = settings.huawei.projects.find(({ id }) => id === match?.path.project_id);
    return {
      cloud: "huawei" as const,
      service: match?.action.service ?? "",
      action: match?.name ?? "",
      version: match?.version ?? "",
      region: project?.name ?? "",
      target: `${request.method} ${request.target}`,
      request: loggedRequest(request, url),
      requestId: ids.uuid(),
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

function successAnswer({ status = 200, answer, headers }: Outcome, requestId: string): SentAnswer {
  const type = answer === undefined ? undefined : { "Content-Type": "application/json" };
  return {
    status,
    body: answer === undefined ? "" : JSON.stringify(answer),
    headers: { ...type, "X-Request-Id": requestId, ...headers },
  };
}

function errorAnswer(error: ApiError, entry: JournalEntry, settings: HuaweiSettings) {
  const code =
    error.speaker === "gateway" ? `${settings.huawei.gatewayCodePrefix}.${error.code}` : error.code;
  const answer: SentAnswer = {
    status: error.status,
    body: JSON.stringify(errorBody(error, code, entry, settings)),
    headers: { "Content-Type": "application/json", "X-Request-Id": entry.requestId },
  };
  return { outcome: code, answer };
}

/** Each part of the cloud has its own envelope. */
function errorBody(error: ApiError, code: string, entry: JournalEntry, settings: HuaweiSettings): unknown {
  const { message } = error;
  const flat = { error_code: code, error_msg: message };
  if (error.speaker === "gateway") return { ...flat, request_id: entry.requestId };
  if (entry.service === "iam") {
    const title = error.status === 401 ? "Unauthorized" : "Bad Request";
    return { error: { code: error.status, message, title } };
  }
  const schema = entry.version === "v3" && settings.huawei.v3ErrorShape === "schema";
  return schema || entry.service === "bss" ? flat : { errCode: error.code, externalMessage: message };
}

function loggedRequest({ method, body }: ApiRequest, url: URL): unknown {
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
