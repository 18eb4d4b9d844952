// What the clients of all clouds share: a call's request and answer have their schema's word on them, and a call that
// gets no answer says whether it can have reached the cloud.
import { z } from "zod";
import type { Caller } from "../base/context";
import { CloudError, messageOf } from "../base/errors";
import { untilStopped } from "./cancel";
import type { HttpRequest, HttpResponse } from "./http";
import { sha256 } from "./signing";
import { TransportError } from "./transportError";

/** One action of a cloud, its request and response in our spelling. */
export interface WireAction<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  name: string;
  /**
   * What a second sending may do: `read` and `converge` end in the same place and are repeated after faults;
   * `never` could act twice, so that after a doubtful failure the caller has to look first.
   */
  repeat: "read" | "converge" | "never";
  request: Request;
  response: Response;
}

export type Answer<T> = T & { requestId: string };

/** Who is called, for errors. */
export interface Callee {
  /** Such as `Tencent EMR`. */
  cloud: string;
  /** Config key of the endpoint, such as `tencentEndpoint`. */
  endpointKey: string;
}

/** The request with its schema's word on it. What inputs may contain is checked long before, so a failure is ours. */
export function checkedRequest(callee: Callee, action: WireAction, request: unknown): unknown {
  const parsed = action.request.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new CloudError({
    cloud: callee.cloud,
    action: action.name,
    code: "InvalidRequest",
    kind: "bug",
    message: `the request was not sent, since it breaks its own rules at ${pathsOf(parsed.error)}`,
    advice: "Please report this.",
    mayHaveHappened: false,
  });
}

export function checkedAnswer<A extends z.ZodType>(
  callee: Callee,
  action: WireAction<z.ZodType, A>,
  decode: () => unknown,
  requestId: string,
): Answer<z.output<A>> {
  const unexpected = (message: string) =>
    new CloudError({
      cloud: callee.cloud,
      action: action.name,
      code: "UnexpectedAnswer",
      kind: "bug",
      message,
      requestId,
      advice: "The API has changed or the endpoint is not this cloud's; please report this.",
      mayHaveHappened: action.repeat !== "read",
    });
  let fields: unknown;
  try {
    fields = decode();
  } catch (error) {
    throw error instanceof TooDeep ? unexpected(error.message) : error;
  }
  const parsed = action.response.safeParse(fields);
  if (parsed.success) return { ...(parsed.data as object), requestId } as Answer<z.output<A>>;
  throw unexpected(`the answer lacks or misspells: ${pathsOf(parsed.error)}`);
}

function pathsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join(".")} (${message})`).join(", ");
}

/** Loaded with the first call: what only checks and compares needs no HTTP. */
let http: typeof import("./http") | undefined;

/**
 * Sends what is signed; a call that must not be made twice gets a connection of its own. After `stop` nothing is sent
 * that changes something, and no answer is waited for that tells nothing new.
 */
export async function sendFor(
  callee: Callee,
  action: WireAction,
  request: HttpRequest,
  { stop, session }: Pick<Caller, "stop" | "session">,
): Promise<HttpResponse> {
  const isRead = action.repeat === "read";
  if (stop?.aborted && !isRead) throw notSent(callee, action, "the run is to stop", messageOf(stop.reason));
  const outgoing = { ...request, freshConnection: action.repeat === "never" };
  http ??= await import("./http.js");
  const { send } = http;
  try {
    const response = await untilStopped(stop, isRead, (signal) => send(outgoing, signal));
    const time = dateOf(response);
    if (time !== undefined) await session?.hear(time);
    return response;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (stop?.aborted && isRead) throw stop.reason;
    const { remedy } = error;
    if (remedy) throw unsent(callee, action, `${request.url.host} was not reached: ${error.message}`, remedy);
    const message = `no answer from ${request.url.host}: ${error.message}`;
    throw faultOf(callee, action, { code: "NoAnswer", message, sent: error.sent });
  }
}

/** Nothing that changes something begins once the work is to end. */
export function notSent({ cloud }: Callee, action: WireAction, why: string, advice: string): CloudError {
  return new CloudError({
    cloud,
    action: action.name,
    code: "NotSent",
    kind: "stopped",
    message: `it was not sent, since ${why}`,
    advice,
    mayHaveHappened: false,
  });
}

function unsent({ cloud, endpointKey }: Callee, action: WireAction, message: string, remedy: string) {
  return new CloudError({
    cloud,
    action: action.name,
    code: "NotSent",
    kind: "unsent",
    message,
    advice: `The request did not reach the cloud. ${remedy} The address is that of bigdata:${endpointKey}.`,
    mayHaveHappened: false,
  });
}

/** A field of an answer that is only told on: absent where it has a form that is not known. */
export function lenient<Field extends z.ZodType>(field: Field): z.ZodCatch<z.ZodOptional<Field>> {
  return field.optional().catch(undefined as never);
}

/** A whole number, which some editions write as text. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.int()),
]);

/** How many there are; absent where it is told in a form that counts nothing. */
export const count = lenient(wholeNumber.pipe(z.int().min(0)));

/** A list's answer. One that neither has rows nor counts them is not understood: it is no empty list. */
export function listOf<Fields extends z.ZodObject>(
  rows: keyof z.output<Fields> & string,
  total: keyof z.output<Fields> & string,
  fields: Fields,
): z.ZodPipe<z.ZodType<Record<string, unknown>>, Fields> {
  const isList = (answer: Record<string, unknown>) =>
    answer[rows] !== undefined || count.parse(answer[total]) !== undefined;
  return z
    .record(z.string(), z.unknown())
    .refine(isList, { path: [rows], message: "no rows" })
    .pipe(fields as never);
}

/** A call without a usable answer. */
export function faultOf(
  { cloud, endpointKey }: Callee,
  action: WireAction,
  fault: { code: string; message: string; sent: boolean; requestId?: string | undefined },
): CloudError {
  return new CloudError({
    cloud,
    action: action.name,
    code: fault.code,
    kind: "network",
    message: fault.message,
    requestId: fault.requestId,
    advice: fault.sent
      ? "Whether the request went through is not known from this."
      : `The request did not reach the cloud: check the network and bigdata:${endpointKey}.`,
    mayHaveHappened: fault.sent && action.repeat !== "read",
  });
}

class TooDeep extends Error {
  override readonly name = "TooDeep";
}

/** Far more than any answer has. */
const deepest = 64;

/** The same value with its fields called otherwise, all the way down; null and undefined become absent. */
export function renamed(value: unknown, to: (name: string) => string, depth = 0): unknown {
  if (depth > deepest) throw new TooDeep("the answer is nested too deep");
  if (Array.isArray(value)) return value.map((item) => renamed(item, to, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[name];
    // No field is called so, and to set it would do something else.
    if (item === undefined || item === null || name === "__proto__") continue;
    fields[to(name)] = renamed(item, to, depth + 1);
  }
  return fields;
}

/** A spelling that is worked out once for each name. */
export function spelling(to: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const spelt = known.get(name) ?? to(name);
    // An answer can have names of its own at will.
    if (known.size < 1_000) known.set(name, spelt);
    return spelt;
  };
}

export const upperFirst = spelling((name) => name.charAt(0).toUpperCase() + name.slice(1));
export const lowerFirst = spelling((name) => name.charAt(0).toLowerCase() + name.slice(1));

/** A word of an answer, also where it comes as a number; undefined for anything else, and where it is empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
}

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What tells an account and where it is asked from all others; nothing can be read from it. */
export const placeKey = (settings: object) => sha256(JSON.stringify(settings));

/** The signature of a request, which whoever is asked could repeat. */
export const signatureIn = (authorization: string | undefined) => authorization?.split("Signature=")[1];

/** What a client learns of the cloud's clock. */
export interface ClockLearnt {
  /** How far it is ahead of ours in milliseconds, by its answers when it refuses our timestamps. */
  clockOffset: number | undefined;
}

function dateOf({ headers }: HttpResponse): number | undefined {
  const date = Date.parse(headers["date"] ?? "");
  return Number.isNaN(date) ? undefined : date;
}

/** How far the cloud's clock is ahead of ours in milliseconds, by an answer's Date header. */
export function clockOffsetBy(response: HttpResponse, now: number): number | undefined {
  const date = dateOf(response);
  return date === undefined ? undefined : date - now;
}
