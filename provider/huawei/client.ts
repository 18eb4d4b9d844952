// Calls Huawei Cloud APIs: signs or brings a token, sends, reads whichever error envelope comes, retries where a
// repeat cannot do harm.
import type { z } from "zod";
import type { Clock } from "../clock";
import { CloudError, StoppedError } from "../errors";
import { type HttpResponse, send, TransportError } from "../http";
import { callWithRetries, createRateLimit } from "../retry";
import { huaweiError } from "./errors";
import { encodePath, encodeQuery, sdkDate, signHuawei } from "./sign";

export type HuaweiCredentials =
  | { kind: "key"; accessKey: string; secretKey: string; securityToken?: string | undefined }
  | { kind: "token"; token: string }
  | { kind: "password"; userName: string; password: string; domainName: string };

export interface HuaweiSettings {
  credentials: HuaweiCredentials;
  region: string;
  projectId: string;
  endpoint?: string | undefined;
  iamEndpoint?: string | undefined;
}

/** One call of DDM, its request and response in our spelling. */
export interface HuaweiAction<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  name: string;
  method: "GET" | "POST";
  /** With `{project}` and `{instance}` and the like in braces. */
  path: string;
  repeat: "read" | "never";
  /** `path`, `query` and `body`, each optional. */
  request: Request;
  response: Response;
}

export type HuaweiAnswer<T> = T & { requestId: string };

export interface HuaweiClient {
  readonly region: string;
  readonly projectId: string;
  call<Q extends z.ZodType, A extends z.ZodType>(
    action: HuaweiAction<Q, A>,
    request: z.input<Q>,
  ): Promise<HuaweiAnswer<z.output<A>>>;
}

interface Outgoing {
  path?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
}

// DDM's own limits are not published.
const takeTurn = createRateLimit(10);

export function createHuaweiClient(settings: HuaweiSettings, clock: Clock): HuaweiClient {
  const { credentials } = settings;
  let login: { token: string; expiresAt: number } | undefined;

  /** The token to send, if calls are made with one; a password is exchanged for one, well before the last runs out. */
  async function currentToken(): Promise<string | undefined> {
    if (credentials.kind === "token") return credentials.token;
    if (credentials.kind !== "password") return undefined;
    if (!login || login.expiresAt - (await clock.now()) < 10 * 60_000)
      login = await logIn(settings, credentials);
    return login.token;
  }

  async function once(action: HuaweiAction, outgoing: Outgoing): Promise<unknown> {
    const base = new URL(settings.endpoint ?? `https://ddm.${settings.region}.myhuaweicloud.com`);
    const names = { project: settings.projectId, ...outgoing.path };
    const path = action.path.replace(
      /\{(\w+)\}/g,
      (_, name: string) => names[name as keyof typeof names] ?? "",
    );
    const query = Object.fromEntries(
      Object.entries(outgoing.query ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const body = outgoing.body === undefined ? "" : JSON.stringify(outgoing.body);
    const token = await currentToken();
    const headers: Record<string, string> = {
      host: base.host,
      "content-type": "application/json",
      "x-project-id": settings.projectId,
      ...(token ? { "x-auth-token": token } : {}),
    };
    if (credentials.kind === "key") {
      headers["x-sdk-date"] = sdkDate(await clock.now());
      if (credentials.securityToken) headers["x-security-token"] = credentials.securityToken;
      const { accessKey, secretKey } = credentials;
      headers["authorization"] = signHuawei({
        accessKey,
        secretKey,
        method: action.method,
        path,
        query,
        headers,
        body,
      });
    }
    const search = encodeQuery(query);
    const url = new URL(`${encodePath(path)}${search ? `?${search}` : ""}`, base);
    const response = await sendOnce(action, url, headers, body);
    const parsed = parse(response.text);
    const requestId = response.headers["x-request-id"] ?? textOf(parsed?.["request_id"]);
    if (response.status >= 200 && response.status < 300)
      return { ...(camel(parsed ?? {}) as object), requestId: requestId ?? "" };
    throw failure(action, response.status, parsed, requestId);
  }

  async function sendOnce(
    action: HuaweiAction,
    url: URL,
    headers: Record<string, string>,
    body: string,
  ): Promise<HttpResponse> {
    try {
      return await send({
        method: action.method,
        url,
        headers,
        ...(body ? { body } : {}),
        freshConnection: action.repeat === "never",
      });
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw new CloudError({
        cloud: "Huawei DDM",
        action: action.name,
        code: "NoAnswer",
        kind: "network",
        message: `no answer from ${url.host}: ${error.message}`,
        advice: error.sent
          ? "Whether the request went through is not known from this."
          : "The request did not reach the cloud: check the network and bigdata:huaweiEndpoint.",
        mayHaveHappened: error.sent && action.repeat !== "read",
      });
    }
  }

  function failure(
    action: HuaweiAction,
    status: number,
    body: Record<string, unknown> | undefined,
    requestId: string | undefined,
  ): CloudError {
    const inner = body?.["error"] as Record<string, unknown> | undefined;
    const code = textOf(body?.["errCode"] ?? body?.["error_code"] ?? inner?.["code"]);
    const message = textOf(body?.["externalMessage"] ?? body?.["error_msg"] ?? inner?.["message"]);
    const error = huaweiError({
      action: action.name,
      code: code ?? `HTTP${status}`,
      status,
      message: clean(message ?? `HTTP ${status} without a usable body`),
      requestId,
    });
    return error;
  }

  function clean(text: string): string {
    const secrets = [
      credentials.kind === "key" ? [credentials.secretKey, credentials.securityToken] : [],
      credentials.kind === "token" ? [credentials.token] : [],
      credentials.kind === "password" ? [credentials.password, login?.token] : [],
    ].flat();
    return secrets.reduce<string>(
      (left, secret) => (secret ? left.replaceAll(secret, "[secret]") : left),
      text,
    );
  }

  return {
    region: settings.region,
    projectId: settings.projectId,
    async call(action, request) {
      const outgoing = action.request.parse(request) as Outgoing;
      return callWithRetries({
        clock,
        once: async () => {
          await takeTurn(action.name, clock);
          return readAnswer(action, await once(action, outgoing));
        },
        isRepeatable: action.repeat === "read",
        // A token can be withdrawn before its time; a signature that is wrong once is wrong again, and locks the key.
        mend: async (error) => {
          if (credentials.kind !== "password" || error.kind !== "credentials") return false;
          login = undefined;
          return true;
        },
      });
    },
  };
}

/** Exchanges a password for a token, which comes in a header. */
async function logIn(
  { iamEndpoint, region, projectId }: HuaweiSettings,
  { userName, password, domainName }: HuaweiCredentials & { kind: "password" },
): Promise<{ token: string; expiresAt: number }> {
  const base = iamEndpoint ?? `https://iam.${region}.myhuaweicloud.com`;
  const user = { name: userName, password, domain: { name: domainName } };
  const identity = { methods: ["password"], password: { user } };
  const body = JSON.stringify({ auth: { identity, scope: { project: { id: projectId } } } });
  let response: HttpResponse;
  try {
    response = await send({
      method: "POST",
      url: new URL("/v3/auth/tokens?nocatalog=true", base),
      headers: { "content-type": "application/json;charset=utf8" },
      body,
    });
  } catch (error) {
    throw new StoppedError(
      `Huawei IAM at ${base} does not answer: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const token = response.headers["x-subject-token"];
  const parsed = parse(response.text) as
    | { token?: { expires_at?: string }; error?: { message?: string } }
    | undefined;
  if (response.status !== 201 || !token) {
    throw new StoppedError(
      `Huawei IAM does not let ${userName} of ${domainName} in (HTTP ${response.status}${parsed?.error?.message ? `: ${parsed.error.message.replaceAll(password, "[secret]")}` : ""}). Check huaweiUserName, huaweiPassword and huaweiDomainName; a HUAWEI ID cannot log in this way, an IAM user can.`,
    );
  }
  return { token, expiresAt: Date.parse(parsed?.token?.expires_at ?? "") || 0 };
}

function readAnswer<A extends z.ZodType>(
  action: HuaweiAction<z.ZodType, A>,
  fields: unknown,
): HuaweiAnswer<z.output<A>> {
  const requestId = String((fields as { requestId?: unknown }).requestId ?? "");
  const parsed = action.response.safeParse(fields);
  if (parsed.success) return { ...(parsed.data as object), requestId } as HuaweiAnswer<z.output<A>>;
  const where = parsed.error.issues.map((issue) => issue.path.map(String).join(".")).join(", ");
  throw new CloudError({
    cloud: "Huawei DDM",
    action: action.name,
    code: "UnexpectedAnswer",
    kind: "bug",
    message: `the answer lacks or misspells: ${where}`,
    requestId,
    advice: "The API has changed or the endpoint is not Huawei Cloud; please report this.",
    mayHaveHappened: action.repeat !== "read",
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

/** snake_case to ours, all the way down; null becomes absent. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [
        name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
        camel(item),
      ]),
  );
}
