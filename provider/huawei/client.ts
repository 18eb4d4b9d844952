// Calls Huawei Cloud APIs: signs or brings a token, sends, reads whichever error envelope comes, retries where a
// repeat cannot do harm.
import type { z } from "zod";
import { cloudTime, wallTime } from "../base/clock";
import type { Caller } from "../base/context";
import type { CloudError } from "../base/errors";
import { withoutSecrets } from "../base/printable";
import { perSession } from "../base/session";
import { urlOf } from "../call/endpoint";
import type { HttpResponse } from "../call/http";
import { type KeySource, type Keys, keyring } from "../call/keys";
import { callWithRetries } from "../call/retry";
import { compactDate, encodeQuery, sha256 } from "../call/signing";
import { turnsByName } from "../call/turns";
import {
  type Answer,
  type ClockLearnt,
  checkedAnswer,
  checkedRequest,
  clockOffsetBy,
  faultOf,
  parseObject,
  placeKey,
  renamed,
  sendFor,
  signatureIn,
  spelling,
  textOf,
  type WireAction,
} from "../call/wire";
import { huaweiError, iamError } from "./errors";
import { oncePerKey } from "./keyGuard";
import { encodePath, signHuawei } from "./sign";

export type HuaweiCredentials =
  | { kind: "key"; accessKey: string; secretKey: string; securityToken?: string | undefined }
  | { kind: "token"; token: string }
  | { kind: "password"; userName: string; password: string; domainName: string }
  | { kind: "renewed"; source: KeySource };

export interface HuaweiSettings {
  credentials: HuaweiCredentials;
  region: string;
  projectId: string;
  endpoint?: string | undefined;
  iamEndpoint?: string | undefined;
  /** The billing service's. Default: the mainland's, in its regions; elsewhere orders cannot be looked at. */
  bssEndpoint?: string | undefined;
  /** How often a call may be made, where the account's quota is another than the usual. */
  callsPerSecond?: number;
}

/** One call. */
export interface HuaweiAction<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType>
  extends WireAction<Request, Response> {
  /** Default: DDM. */
  service?: "bss";
  /** The service's own 404 means that what is asked for is gone. */
  isGoneOn404?: true;
  method: "GET" | "POST";
  /** With `{project}` and `{instance}` and the like in braces; the request has `path`, `query` and `body`, each optional. */
  path: string;
}

const ddm = { cloud: "Huawei DDM", endpointKey: "huaweiEndpoint" };
const bss = { cloud: "Huawei billing", endpointKey: "huaweiBssEndpoint" };

export interface HuaweiClient {
  readonly region: string;
  readonly projectId: string;
  /** Whether orders can be looked at. */
  readonly hasBilling: boolean;
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
const callsPerSecond = 10;

/** How far a request's time may be from the cloud's, in milliseconds: it takes 15 minutes. */
const clockTolerance = 600_000;

const turnsOf = perSession(turnsByName);

export interface HuaweiLearnt extends ClockLearnt {
  /** What a password was last exchanged for. */
  login: { token: string; expiresAt: number } | undefined;
}

export function createHuaweiClient(
  settings: HuaweiSettings,
  caller: Caller,
  learnt: Partial<HuaweiLearnt> = {},
): HuaweiClient {
  const owner = caller.session ?? caller;
  const { credentials, region } = settings;
  const place = placeKey(settings);
  const given = keysOf(credentials);
  const keys = given && keyring(owner, given);
  const billing =
    settings.bssEndpoint ?? (region.startsWith("cn-") ? "https://bss.myhuaweicloud.com" : undefined);

  /** The token to send, if calls are made with one; a password is exchanged for one, well before the last runs out. */
  async function currentToken(sender: Caller): Promise<string | undefined> {
    if (credentials.kind === "token") return credentials.token;
    if (credentials.kind !== "password") return undefined;
    if (!learnt.login || learnt.login.expiresAt - (await cloudTime(sender.clock)) < 10 * 60_000)
      learnt.login = await logIn(settings, credentials, sender);
    return learnt.login.token;
  }

  /** The headers of a request, signed or with a token. */
  async function signed(
    sender: Caller,
    own: Keys | undefined,
    {
      host,
      ...request
    }: { host: string; method: string; path: string; query: Record<string, string>; body: string },
  ): Promise<Record<string, string>> {
    const token = await currentToken(sender);
    const headers: Record<string, string> = {
      host,
      "content-type": "application/json",
      "x-project-id": settings.projectId,
      ...(token ? { "x-auth-token": token } : {}),
    };
    if (!own) return headers;
    headers["x-sdk-date"] = compactDate((await wallTime(sender.clock)) + (learnt.clockOffset ?? 0));
    if (own.token) headers["x-security-token"] = own.token;
    headers["authorization"] = signHuawei({ accessKey: own.id, secretKey: own.secret, headers, ...request });
    return headers;
  }

  async function once<A extends z.ZodType>(
    sender: Caller,
    own: Keys | undefined,
    action: HuaweiAction<z.ZodType, A>,
    outgoing: Outgoing,
  ): Promise<Answer<z.output<A>>> {
    const callee = action.service === "bss" ? bss : ddm;
    const base =
      action.service === "bss" && billing ? urlOf(billing) : hostOf(settings.endpoint, "ddm", region);
    const names = { project: settings.projectId, ...outgoing.path };
    const path = action.path.replace(
      /\{(\w+)\}/g,
      (_, name: string) => names[name as keyof typeof names] ?? "",
    );
    const query = Object.fromEntries(
      Object.entries(outgoing.query ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const body = outgoing.body === undefined ? "" : JSON.stringify(outgoing.body);
    const { method } = action;
    const headers = await signed(sender, own, { method, path, query, body, host: base.host });
    const search = encodeQuery(query);
    const url = new URL(`${encodePath(path)}${search ? `?${search}` : ""}`, base);
    const request = { method, url, headers, ...(body ? { body } : {}) };
    const sentAt = await wallTime(sender.clock);
    const response = await sendFor(callee, action, request, sender);
    const parsed = parseObject(response.text);
    const requestId = response.headers["x-request-id"] ?? textOf(parsed?.["request_id"]);
    const refusal = refusalIn(parsed);
    if (response.status < 200 || response.status > 299 || refusal.code !== undefined)
      throw failure(action, response, refusal, {
        requestId,
        isLate: own !== undefined && learnsOffset(response, sentAt),
        secrets: [own?.secret, own?.token, signatureIn(headers["authorization"]), ...ownSecrets()],
      });
    if (!parsed && response.text.trim() !== "") {
      const message = `${base.host} answered HTTP ${response.status} without a usable body`;
      throw faultOf(callee, action, { code: `HTTP${response.status}`, message, sent: true, requestId });
    }
    return checkedAnswer(callee, action, () => camel(parsed ?? {}), requestId ?? "");
  }

  /** Whether a request was signed with a time far from the cloud's. The next one is signed with that. */
  function learnsOffset(response: HttpResponse, sentAt: number): boolean {
    const offset = clockOffsetBy(response, sentAt);
    const isLate = offset !== undefined && Math.abs(offset - (learnt.clockOffset ?? 0)) >= clockTolerance;
    if (isLate) learnt.clockOffset = offset;
    return isLate;
  }

  function failure(
    action: HuaweiAction,
    { status }: HttpResponse,
    { own, code, message }: Refusal,
    how: { requestId: string | undefined; isLate: boolean; secrets: readonly (string | undefined)[] },
  ): CloudError {
    return huaweiError({
      service: (action.service === "bss" ? bss : ddm).cloud,
      by: credentials.kind,
      action: action.name,
      code: code ?? `HTTP${status}`,
      status,
      // Without the service's own envelope it may be any server's.
      isMissing: action.isGoneOn404 === true && own !== undefined && status === 404,
      message: withoutSecrets(message ?? `HTTP ${status} without a usable body`, how.secrets),
      requestId: how.requestId,
      isLate: how.isLate,
      credentialsAdvice: keys?.advice,
    });
  }

  function ownSecrets(): (string | undefined)[] {
    if (credentials.kind === "token") return [credentials.token];
    return credentials.kind === "password" ? [credentials.password, learnt.login?.token] : [];
  }

  return {
    region,
    projectId: settings.projectId,
    hasBilling: billing !== undefined,
    async call(action, request) {
      const callee = action.service === "bss" ? bss : ddm;
      const outgoing = checkedRequest(callee, action, request) as Outgoing;
      // Another site's opinion of the key counts for nothing here.
      const isGuarded = action.service === undefined;
      const withKeys = (sender: Caller, own: Keys) => {
        const attempt = () => once(sender, own, action, outgoing);
        if (!isGuarded) return attempt();
        const name = sha256([own.id, own.secret, own.token, settings.endpoint].join("\n"));
        return oncePerKey(owner, name, attempt);
      };
      return callWithRetries({
        caller,
        callee,
        action,
        question: `${place} ${action.path} ${action.name} ${JSON.stringify(outgoing)}`,
        turns: turnsOf(owner)(action.name, settings.callsPerSecond ?? callsPerSecond),
        // A signature that is wrong once is wrong again, and locks the key, unless its time was what was wrong.
        ...(keys?.call(callee, action, withKeys) ?? {
          once: (sender) => once(sender, undefined, action, outgoing),
          // A token can be withdrawn before its time.
          mend: async (error) => {
            if (credentials.kind !== "password" || error.kind !== "credentials" || error.cloud === iam.cloud)
              return false;
            learnt.login = undefined;
            return true;
          },
        }),
      });
    },
  };
}

function keysOf(credentials: HuaweiCredentials): Keys | KeySource | undefined {
  if (credentials.kind === "renewed") return credentials.source;
  if (credentials.kind !== "key") return undefined;
  return { id: credentials.accessKey, secret: credentials.secretKey, token: credentials.securityToken };
}

interface Refusal {
  /** The service's own code. */
  own: string | undefined;
  /** That, or another server's. Absent where nothing is refused. */
  code: string | undefined;
  message: string | undefined;
}

/** The billing service's word for no error. */
const noError = "CBC.0000";

/** What an answer says of an error, in whichever envelope, and whatever its HTTP status. */
function refusalIn(body: Record<string, unknown> | undefined): Refusal {
  const inner = body?.["error"] as Record<string, unknown> | null | undefined;
  const given = textOf(body?.["errCode"] ?? body?.["error_code"]);
  const own = given === noError ? undefined : given;
  return {
    own,
    code: own ?? textOf(inner?.["code"]),
    message: textOf(body?.["externalMessage"] ?? body?.["error_msg"] ?? inner?.["message"]),
  };
}

/** Where a service answers; one region is under another domain than all the rest. */
function hostOf(endpoint: string | undefined, service: string, region: string): URL {
  const domain = region === "eu-west-101" ? "myhuaweicloud.eu" : "myhuaweicloud.com";
  return urlOf(endpoint ?? `https://${service}.${region}.${domain}`);
}

const iam = { cloud: "Huawei IAM", endpointKey: "huaweiIamEndpoint" };

/** Exchanges a password for a token, which comes in a header. */
async function logIn(
  settings: HuaweiSettings,
  { userName, password, domainName }: HuaweiCredentials & { kind: "password" },
  caller: Caller,
): Promise<{ token: string; expiresAt: number }> {
  const { iamEndpoint, region, projectId } = settings;
  const user = { name: userName, password, domain: { name: domainName } };
  const identity = { methods: ["password"], password: { user } };
  const body = JSON.stringify({ auth: { identity, scope: { project: { id: projectId } } } });
  const url = new URL("/v3/auth/tokens?nocatalog=true", hostOf(iamEndpoint, "iam", region));
  const headers = { "content-type": "application/json;charset=utf8" };
  const action = { name: "log in", repeat: "read" } as WireAction;
  return callWithRetries({
    caller,
    callee: iam,
    action,
    question: `${placeKey(settings)} ${action.name}`,
    turns: undefined,
    once: async (sender) => {
      const request = { method: "POST" as const, url, headers, body };
      const response: HttpResponse = await sendFor(iam, action, request, sender);
      const token = response.headers["x-subject-token"];
      const parsed = parseObject(response.text) as
        | { token?: { expires_at?: unknown } | null; error?: { message?: unknown } | null }
        | undefined;
      if (response.status === 201 && token)
        return { token, expiresAt: Date.parse(textOf(parsed?.token?.expires_at) ?? "") || 0 };
      const reason = textOf(parsed?.error?.message);
      const said = reason ? `: ${reason}` : "";
      const { status } = response;
      const isDown = status >= 500 || status === 429;
      const message = isDown ? "IAM fails" : `IAM does not let ${userName} of ${domainName} in`;
      throw iamError({ cloud: iam.cloud, status, message: withoutSecrets(`${message}${said}`, [password]) });
    },
  });
}

const fromSnakeCase = spelling((name) =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
);

/** snake_case to ours, all the way down. */
function camel(value: unknown): object {
  return renamed(value, fromSnakeCase) as object;
}
