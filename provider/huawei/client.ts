// Calls Huawei Cloud APIs: signs or brings a token, sends, reads whichever error envelope comes, retries where a
// repeat cannot do harm.
import type { z } from "zod";
import type { Clock } from "../clock";
import { type CloudError, StoppedError } from "../errors";
import { type HttpResponse, send } from "../http";
import { callWithRetries, createRateLimit } from "../retry";
import { compactDate, encodeQuery } from "../signing";
import {
  type Answer,
  checkedAnswer,
  checkedRequest,
  parseObject,
  renamed,
  sendFor,
  type WireAction,
  withoutSecrets,
} from "../wire";
import { huaweiError } from "./errors";
import { encodePath, signHuawei } from "./sign";

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

/** One call of DDM. */
export interface HuaweiAction<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType>
  extends WireAction<Request, Response> {
  method: "GET" | "POST";
  /** With `{project}` and `{instance}` and the like in braces; the request has `path`, `query` and `body`, each optional. */
  path: string;
}

const callee = { cloud: "Huawei DDM", endpointKey: "huaweiEndpoint" };

export interface HuaweiClient {
  readonly region: string;
  readonly projectId: string;
  call<Q extends z.ZodType, A extends z.ZodType>(
    action: HuaweiAction<Q, A>,
    request: z.input<Q>,
  ): Promise<Answer<z.output<A>>>;
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

  async function once<A extends z.ZodType>(
    action: HuaweiAction<z.ZodType, A>,
    outgoing: Outgoing,
  ): Promise<Answer<z.output<A>>> {
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
      headers["x-sdk-date"] = compactDate(await clock.now());
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
    const { method } = action;
    const response = await sendFor(callee, action, { method, url, headers, ...(body ? { body } : {}) });
    const parsed = parseObject(response.text);
    const requestId = response.headers["x-request-id"] ?? textOf(parsed?.["request_id"]);
    if (response.status >= 200 && response.status < 300)
      return checkedAnswer(callee, action, camel(parsed ?? {}), requestId ?? "");
    throw failure(action, response.status, parsed, requestId);
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
    return huaweiError({
      action: action.name,
      code: code ?? `HTTP${status}`,
      status,
      message: clean(message ?? `HTTP ${status} without a usable body`),
      requestId,
    });
  }

  function clean(text: string): string {
    if (credentials.kind === "key") {
      return withoutSecrets(text, [credentials.secretKey, credentials.securityToken]);
    }
    return withoutSecrets(
      text,
      credentials.kind === "token" ? [credentials.token] : [credentials.password, login?.token],
    );
  }

  return {
    region: settings.region,
    projectId: settings.projectId,
    async call(action, request) {
      const outgoing = checkedRequest(callee, action, request) as Outgoing;
      return callWithRetries({
        clock,
        once: async () => {
          await takeTurn(action.name, clock);
          return once(action, outgoing);
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
  const parsed = parseObject(response.text) as
    | { token?: { expires_at?: string }; error?: { message?: string } }
    | undefined;
  if (response.status !== 201 || !token) {
    throw new StoppedError(
      `Huawei IAM does not let ${userName} of ${domainName} in (HTTP ${response.status}${parsed?.error?.message ? `: ${parsed.error.message.replaceAll(password, "[secret]")}` : ""}). Check huaweiUserName, huaweiPassword and huaweiDomainName; a HUAWEI ID cannot log in this way, an IAM user can.`,
    );
  }
  return { token, expiresAt: Date.parse(parsed?.token?.expires_at ?? "") || 0 };
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

/** snake_case to ours, all the way down. */
function camel(value: unknown): object {
  return renamed(value, (name) =>
    name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  ) as object;
}
