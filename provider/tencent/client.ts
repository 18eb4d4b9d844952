// Calls Tencent Cloud API 3.0: signs, sends, reads the envelope, retries where a repeat cannot do harm.
import type { z } from "zod";
import type { Clock } from "../clock";
import { CloudError } from "../errors";
import { send, TransportError } from "../http";
import { callWithRetries, createRateLimit } from "../retry";
import { tencentError } from "./errors";
import { signTencent } from "./sign";

export interface TencentCredentials {
  secretId: string;
  secretKey: string;
  /** Session token of temporary credentials. */
  token?: string | undefined;
}

export interface TencentSettings {
  credentials: TencentCredentials;
  region: string;
  /** URL, or a pattern in which `{service}` stands for the product's short name. */
  endpoint?: string | undefined;
}

/** One action of one product, its request and response in our spelling. */
export interface TencentAction<
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  name: string;
  product: string;
  service: string;
  version: string;
  /**
   * What a second sending may do: `read` and `converge` end in the same place and are repeated after faults;
   * `never` could act twice, so that after a doubtful failure the caller has to look first.
   */
  repeat: "read" | "converge" | "never";
  request: Request;
  response: Response;
}

export type TencentAnswer<T> = T & { requestId: string };

export interface TencentClient {
  readonly region: string;
  call<Q extends z.ZodType, A extends z.ZodType>(
    action: TencentAction<Q, A>,
    request: z.input<Q>,
  ): Promise<TencentAnswer<z.output<A>>>;
}

// The documented default quota of every action, shared by all resources of the process.
const takeTurn = createRateLimit(20);

export function createTencentClient(settings: TencentSettings, clock: Clock): TencentClient {
  // How far the cloud's clock is ahead of ours, learnt from its answers when it refuses our timestamps.
  let clockOffset = 0;

  async function once(action: TencentAction, body: string): Promise<unknown> {
    const url = endpointUrl(settings.endpoint, action.service);
    const localSeconds = Math.floor((await clock.now()) / 1000);
    const timestamp = localSeconds + clockOffset;
    const signed = {
      "content-type": "application/json; charset=utf-8",
      host: url.host,
      "x-tc-action": action.name,
    };
    const { secretId, secretKey, token } = settings.credentials;
    const authorization = signTencent({
      secretId,
      secretKey,
      service: action.service,
      timestamp,
      headers: signed,
      body,
    });
    const fault = (code: string, message: string, sent: boolean, requestId?: string) =>
      new CloudError({
        cloud: `Tencent ${action.product}`,
        action: action.name,
        code,
        kind: "network",
        message,
        requestId,
        advice: sent
          ? "Whether the request went through is not known from this."
          : "The request did not reach the cloud: check the network and bigdata:tencentEndpoint.",
        mayHaveHappened: sent && action.repeat !== "read",
      });
    let response: Awaited<ReturnType<typeof send>>;
    try {
      response = await send({
        method: "POST",
        url,
        headers: {
          ...signed,
          authorization,
          "x-tc-version": action.version,
          "x-tc-timestamp": String(timestamp),
          "x-tc-region": settings.region,
          "x-tc-language": "en-US",
          ...(token ? { "x-tc-token": token } : {}),
        },
        body,
        freshConnection: action.repeat === "never",
      });
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw fault("NoAnswer", `no answer from ${url.host}: ${error.message}`, error.sent);
    }
    const envelope = parseEnvelope(response.text);
    if (response.status !== 200 || !envelope) {
      throw fault(
        `HTTP${response.status}`,
        `${url.host} answered HTTP ${response.status} without a usable body`,
        true,
        envelope?.RequestId,
      );
    }
    if (envelope.Error) {
      const date = Date.parse(response.headers["date"] ?? "");
      if (envelope.Error.Code === "AuthFailure.SignatureExpire" && !Number.isNaN(date)) {
        clockOffset = Math.round(date / 1000) - localSeconds;
      }
      throw tencentError({
        product: action.product,
        action: action.name,
        code: envelope.Error.Code,
        message: redact(envelope.Error.Message ?? "", settings.credentials),
        requestId: envelope.RequestId,
      });
    }
    return decode(envelope);
  }

  return {
    region: settings.region,
    async call(action, request) {
      const body = JSON.stringify(encode(readRequest(action, request)));
      return callWithRetries({
        clock,
        once: async () => {
          await takeTurn(action.name, clock);
          return readAnswer(action, await once(action, body));
        },
        isRepeatable: action.repeat !== "never",
        // The refusal has told the cloud's time, so that the next timestamp is right.
        mend: async (error) => error.kind === "clock",
      });
    },
  };
}

/** Where a service answers: the international and mainland hosts share the scheme `<service>.<domain>`. */
export function endpointUrl(endpoint: string | undefined, service: string): URL {
  const pattern = endpoint ?? "https://{service}.tencentcloudapi.com";
  const text = pattern.replaceAll("{service}", service);
  return new URL(/^https?:\/\//.test(text) ? text : `https://${text}`);
}

interface Envelope {
  RequestId?: string;
  Error?: { Code: string; Message?: string };
  [field: string]: unknown;
}

function parseEnvelope(text: string): Envelope | undefined {
  try {
    const response = (JSON.parse(text) as { Response?: unknown } | null)?.Response;
    return typeof response === "object" && response !== null ? (response as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** The request with its schema's word on it. What inputs may contain is checked long before, so a failure is ours. */
function readRequest(action: TencentAction, request: unknown): unknown {
  const parsed = action.request.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new CloudError({
    cloud: `Tencent ${action.product}`,
    action: action.name,
    code: "InvalidRequest",
    kind: "bug",
    message: `the request was not sent, since it breaks its own rules at ${pathsOf(parsed.error)}`,
    advice: "Please report this.",
    mayHaveHappened: false,
  });
}

function pathsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join(".")} (${message})`).join(", ");
}

function readAnswer<A extends z.ZodType>(
  action: TencentAction<z.ZodType, A>,
  fields: unknown,
): TencentAnswer<z.output<A>> {
  const requestId = (fields as { requestId?: unknown }).requestId;
  const parsed = action.response.safeParse(fields);
  if (!parsed.success) {
    throw new CloudError({
      cloud: `Tencent ${action.product}`,
      action: action.name,
      code: "UnexpectedAnswer",
      kind: "bug",
      message: `the answer lacks or misspells: ${pathsOf(parsed.error)}`,
      requestId: typeof requestId === "string" ? requestId : undefined,
      advice: "The API has changed or the endpoint is not Tencent Cloud; please report this.",
      mayHaveHappened: action.repeat !== "read",
    });
  }
  return { ...(parsed.data as object), requestId: String(requestId ?? "") } as TencentAnswer<z.output<A>>;
}

// Names whose wire spelling is not ours with a capital first letter.
const odd: Readonly<Record<string, string>> = {
  unnecessaryNodeList: "UnNecessaryNodeList",
  cosFileUri: "CosFileURI",
  pvcVolume: "PVCVolume",
};
const oddBack = Object.fromEntries(Object.entries(odd).map(([ours, wire]) => [wire, ours]));

/** Our names to wire names, all the way down; absent fields stay absent. */
export function encode(value: unknown): unknown {
  return rename(value, (name) => odd[name] ?? name.charAt(0).toUpperCase() + name.slice(1));
}

/** Wire names to ours; null becomes absent. */
export function decode(value: unknown): unknown {
  return rename(value, (name) => oddBack[name] ?? name.charAt(0).toLowerCase() + name.slice(1));
}

function rename(value: unknown, to: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([name, item]) => [to(name), rename(item, to)]),
  );
}

function redact(text: string, { secretKey, token }: TencentCredentials): string {
  let clean = text.replaceAll(secretKey, "[secret]");
  if (token) clean = clean.replaceAll(token, "[secret]");
  return clean;
}
