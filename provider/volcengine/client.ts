// Calls Volcengine APIs: signs, sends, reads the envelope, retries where a repeat cannot do harm.
import type { z } from "zod";
import { wallTime } from "../base/clock";
import type { Caller } from "../base/context";
import { CloudError } from "../base/errors";
import { withoutSecrets } from "../base/printable";
import { perSession } from "../base/session";
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
import { volcengineError } from "./errors";
import type { Hosts } from "./hosts";
import { signVolcengine } from "./sign";

export interface VolcengineSettings {
  credentials: { accessKey: string; secretKey: string; sessionToken?: string | undefined } | KeySource;
  region: string;
  hosts: Hosts;
  /** How often an action may be called, where the account's quota is another than the usual. */
  callsPerSecond?: number;
}

/** One action of EMR. */
export interface VolcengineAction<
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> extends WireAction<Request, Response> {
  version: string;
  /** Whether the gateway of all regions may lack it, so that the region's own host is asked too. */
  isRegional: boolean;
}

export interface VolcengineClient {
  readonly region: string;
  call<Q extends z.ZodType, A extends z.ZodType>(
    action: VolcengineAction<Q, A>,
    request: z.input<Q>,
  ): Promise<Answer<z.output<A>>>;
}

const callee = { cloud: "Volcengine EMR", endpointKey: "volcengineEndpoint" };

// Far below the published 50 operations and 300 queries a second of an account.
const callsPerSecond = 20;

const turnsOf = perSession(turnsByName);

/** Which host has an action, by what the first answers said. */
const hostsKnown = perSession(() => new Map<string, URL>());

export function createVolcengineClient(
  settings: VolcengineSettings,
  caller: Caller,
  learnt: Partial<ClockLearnt> = {},
): VolcengineClient {
  const owner = caller.session ?? caller;
  const { credentials, region } = settings;
  const keys = keyring(
    owner,
    "from" in credentials
      ? credentials
      : { id: credentials.accessKey, secret: credentials.secretKey, token: credentials.sessionToken },
  );
  const place = placeKey(settings);

  async function once<A extends z.ZodType>(
    sender: Caller,
    { id: accessKey, secret: secretKey, token: sessionToken }: Keys,
    action: VolcengineAction<z.ZodType, A>,
    body: string,
    host: URL,
  ): Promise<Answer<z.output<A>>> {
    const query = { Action: action.name, Version: action.version };
    const url = new URL(`/?${encodeQuery(query)}`, host);
    const now = await wallTime(sender.clock);
    const headers: Record<string, string> = {
      "content-type": "application/json",
      host: url.host,
      "x-content-sha256": sha256(body),
      "x-date": compactDate(now + (learnt.clockOffset ?? 0)),
      ...(sessionToken ? { "x-security-token": sessionToken } : {}),
    };
    const signed = { accessKey, secretKey, region, service: "emr", method: "POST", query, headers, body };
    const authorization = signVolcengine(signed);
    const request = { method: "POST" as const, url, headers: { ...headers, authorization }, body };
    const response = await sendFor(callee, action, request, sender);
    const envelope = readEnvelope(parseObject(response.text));
    if (envelope.code !== undefined) {
      if (envelope.code === "InvalidTimestamp")
        learnt.clockOffset = clockOffsetBy(response, now) ?? learnt.clockOffset;
      throw volcengineError({
        action: action.name,
        code: envelope.code,
        status: response.status,
        message: withoutSecrets(envelope.message ?? `HTTP ${response.status}`, [
          secretKey,
          sessionToken,
          signatureIn(authorization),
        ]),
        requestId: envelope.requestId,
        isRead: action.repeat === "read",
        credentialsAdvice: keys.advice,
      });
    }
    if (response.status < 200 || response.status > 299 || !envelope.isWhole) {
      throw faultOf(callee, action, {
        code: `HTTP${response.status}`,
        message: `${url.host} answered HTTP ${response.status} without a usable body`,
        sent: true,
        requestId: envelope.requestId,
      });
    }
    return checkedAnswer(callee, action, () => decode(envelope.result), envelope.requestId ?? "");
  }

  /** Asks the usual host, and where that does not have the action the region's own. */
  async function onceAnywhere<A extends z.ZodType>(
    sender: Caller,
    own: Keys,
    action: VolcengineAction<z.ZodType, A>,
    body: string,
  ): Promise<Answer<z.output<A>>> {
    const { usual, regional } = settings.hosts;
    const key = `${regional} ${action.version}/${action.name}`;
    const hostOf = hostsKnown(owner);
    const known = hostOf.get(key);
    try {
      return await once(sender, own, action, body, known ?? usual);
    } catch (missing) {
      // Only what changes nothing is asked for twice.
      const isElsewhere = action.isRegional && action.repeat === "read" && isMissing(missing);
      if (known || !regional || !isElsewhere) throw missing;
      try {
        const answer = await once(sender, own, action, body, regional);
        hostOf.set(key, regional);
        return answer;
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        const isThere = error.kind !== "network" && !isMissing(error);
        hostOf.set(key, isThere ? regional : usual);
        throw isThere ? error : missing;
      }
    }
  }

  return {
    region,
    async call(action, request) {
      const body = JSON.stringify(renamed(checkedRequest(callee, action, request), upperFirst));
      return callWithRetries({
        caller,
        callee,
        action,
        question: `${place} ${action.version}/${action.name} ${body}`,
        turns: turnsOf(owner)(`${action.version}/${action.name}`, settings.callsPerSecond ?? callsPerSecond),
        ...keys.call(callee, action, (sender, own) => onceAnywhere(sender, own, action, body)),
      });
    },
  };
}

const isMissing = (error: unknown) =>
  error instanceof CloudError && ["InvalidActionOrVersion", "ServiceNotFound"].includes(error.code);

interface Envelope {
  /** Whether it is the gateway's envelope; without one there is nothing to believe. */
  isWhole: boolean;
  requestId: string | undefined;
  /** Absent where the call succeeded, whatever the HTTP status. */
  code: string | undefined;
  message: string | undefined;
  result: unknown;
}

function readEnvelope(body: Record<string, unknown> | undefined): Envelope {
  const metadata = body?.["ResponseMetadata"] as Record<string, unknown> | null | undefined;
  const error = metadata?.["Error"] as { Code?: unknown; Message?: unknown } | null | undefined;
  const flat = body && !metadata ? { Code: body["errorcode"], Message: body["message"] } : undefined;
  return {
    isWhole: Boolean(metadata),
    requestId: textOf(metadata?.["RequestId"]),
    code: textOf((error ?? flat)?.Code) ?? (error ? "UnknownError" : undefined),
    message: textOf((error ?? flat)?.Message),
    result: body?.["Result"],
  };
}

function decode(result: unknown): object {
  const isObject = typeof result === "object" && result !== null && !Array.isArray(result);
  return renamed(isObject ? result : {}, lowerFirst) as object;
}
