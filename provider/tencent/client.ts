// Calls Tencent Cloud API 3.0: signs, sends, reads the envelope, retries where a repeat cannot do harm.
import type { z } from "zod";
import { wallTime } from "../base/clock";
import type { Caller } from "../base/context";
import { withoutSecrets } from "../base/printable";
import { perSession } from "../base/session";
import { urlOf } from "../call/endpoint";
import { type KeySource, type Keys, keyring } from "../call/keys";
import { callWithRetries } from "../call/retry";
import { turnsByName } from "../call/turns";
import {
  type Answer,
  type Callee,
  type ClockLearnt,
  checkedAnswer,
  checkedRequest,
  clockOffsetBy,
  faultOf,
  lowerFirst,
  parseObject,
  placeKey,
  renamed,
  sendFor,
  signatureIn,
  textOf,
  upperFirst,
  type WireAction,
} from "../call/wire";
import { tencentError } from "./errors";
import { signTencent } from "./sign";

interface TencentCredentials {
  secretId: string;
  secretKey: string;
  /** Session token of temporary credentials. */
  token?: string | undefined;
}

export interface TencentSettings {
  credentials: TencentCredentials | KeySource;
  region: string;
  /** URL, or a pattern in which `{service}` stands for the product's short name. */
  endpoint?: string | undefined;
  /** How often an action may be called, where the account's quota is another than the usual. */
  callsPerSecond?: number;
}

/** One action of one product. */
export interface TencentAction<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType>
  extends WireAction<Request, Response> {
  product: string;
  service: string;
  version: string;
}

export interface TencentClient {
  readonly region: string;
  call<Q extends z.ZodType, A extends z.ZodType>(
    action: TencentAction<Q, A>,
    request: z.input<Q>,
  ): Promise<Answer<z.output<A>>>;
}

// Of each action: the documented default quota, shared by all resources of a session.
const callsPerSecond = 20;

const turnsOf = perSession(turnsByName);

export function createTencentClient(
  settings: TencentSettings,
  caller: Caller,
  learnt: Partial<ClockLearnt> = {},
): TencentClient {
  const owner = caller.session ?? caller;
  const { credentials } = settings;
  const keys = keyring(
    owner,
    "from" in credentials
      ? credentials
      : { id: credentials.secretId, secret: credentials.secretKey, token: credentials.token },
  );
  const place = placeKey(settings);

  async function once<A extends z.ZodType>(
    sender: Caller,
    { id: secretId, secret: secretKey, token }: Keys,
    callee: Callee,
    action: TencentAction<z.ZodType, A>,
    body: string,
  ): Promise<Answer<z.output<A>>> {
    const url = endpointUrl(settings.endpoint, action.service);
    const now = await wallTime(sender.clock);
    const timestamp = Math.floor((now + (learnt.clockOffset ?? 0)) / 1000);
    const signed = {
      "content-type": "application/json; charset=utf-8",
      host: url.host,
      "x-tc-action": action.name,
    };
    const { service } = action;
    const authorization = signTencent({ secretId, secretKey, service, timestamp, headers: signed, body });
    const headers = {
      ...signed,
      authorization,
      "x-tc-version": action.version,
      "x-tc-timestamp": String(timestamp),
      "x-tc-region": settings.region,
      "x-tc-language": "en-US",
      ...(token ? { "x-tc-token": token } : {}),
    };
    const response = await sendFor(callee, action, { method: "POST", url, headers, body }, sender);
    const envelope = parseObject(response.text)?.["Response"] as Envelope | null | undefined;
    if (response.status !== 200 || typeof envelope !== "object" || envelope === null) {
      throw faultOf(callee, action, {
        code: `HTTP${response.status}`,
        message: `${url.host} answered HTTP ${response.status} without a usable body`,
        sent: true,
        requestId: textOf(envelope?.RequestId),
      });
    }
    const requestId = textOf(envelope.RequestId);
    if (envelope.Error) {
      const { Code, Message } = envelope.Error;
      if (Code === "AuthFailure.SignatureExpire")
        learnt.clockOffset = clockOffsetBy(response, now) ?? learnt.clockOffset;
      throw tencentError({
        product: action.product,
        action: action.name,
        code: textOf(Code) ?? "UnknownError",
        message: withoutSecrets(textOf(Message) ?? "", [secretKey, token, signatureIn(authorization)]),
        requestId,
        credentialsAdvice: keys.advice,
      });
    }
    return checkedAnswer(callee, action, () => decode(envelope), requestId ?? "");
  }

  return {
    region: settings.region,
    async call(action, request) {
      const callee = { cloud: `Tencent ${action.product}`, endpointKey: "tencentEndpoint" };
      const body = JSON.stringify(encode(checkedRequest(callee, action, request)));
      return callWithRetries({
        caller,
        callee,
        action,
        question: `${place} ${action.version}/${action.name} ${body}`,
        turns: turnsOf(owner)(action.name, settings.callsPerSecond ?? callsPerSecond),
        ...keys.call(callee, action, (sender, own) => once(sender, own, callee, action, body)),
      });
    },
  };
}

/** Where a service answers: the international and mainland hosts share the scheme `<service>.<domain>`. */
export function endpointUrl(endpoint: string | undefined, service: string): URL {
  const pattern = endpoint ?? "https://{service}.tencentcloudapi.com";
  return urlOf(pattern.replaceAll("{service}", service));
}

interface Envelope {
  RequestId?: unknown;
  Error?: { Code?: unknown; Message?: unknown };
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
  return renamed(value, (name) => odd[name] ?? upperFirst(name));
}

/** Wire names to ours; null becomes absent. */
export function decode(value: unknown): unknown {
  return renamed(value, (name) => oddBack[name] ?? lowerFirst(name));
}
