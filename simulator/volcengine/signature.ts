// HMAC-SHA256 in its header form, as the gateway verifies it.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type ApiRequest, urlOf } from "../call";
import type { Credential } from "../credential";
import { createKeyCache } from "../keyCache";
import { type ApiError, errorOf } from "./errors";
import type { VolcengineSettings } from "./settings";

export interface Scope {
  accessKey: string;
  date: string;
  region: string;
  service: string;
}

export interface Verification {
  credentials: readonly Credential[];
  settings: VolcengineSettings;
  nowMilliseconds: number;
}

/** The scope as far as it can be read, without a check. */
export function scopeOf(request: ApiRequest): Scope {
  return scopeIn(header(request, "authorization"));
}

function scopeIn(authorization: string): Scope {
  const credential = partOf(authorization, "Credential");
  const [accessKey = "", date = "", region = "", service = ""] = credential.split("/");
  return { accessKey, date, region, service };
}

/** Throws unless the request was signed by one of the credentials, just now. */
export function verify(request: ApiRequest, { credentials, settings, nowMilliseconds }: Verification): void {
  const fail: Fail = (code, message) => errorOf(settings, code, message);
  const { names, scope, signature } = readAuthorization(header(request, "authorization"), fail);
  const { accessKey, date, region, service } = scope;
  const dateTime = header(request, "x-date");
  if (dateTime === "" || region === "" || service === "") throw fail("MissingRequestInfo");
  for (const name of settings.hostSignatureRequired ? ["host", "x-date"] : ["x-date"]) {
    if (!names.includes(name)) throw fail("InvalidAuthorization", `The header ${name} must be signed.`);
  }
  checkTime(request, dateTime, nowMilliseconds, settings);
  if (date !== dateTime.slice(0, 8))
    throw fail("InvalidCredential", "The scope's date is not that of X-Date.");

  const credential = credentials.find(({ secretId }) => secretId === accessKey);
  if (!credential) throw fail("InvalidAccessKey");
  if (header(request, "x-security-token") !== (credential.token ?? "")) throw fail("InvalidSecretToken");

  checkContentHash(request, settings, fail);
  const absent = names.find((name) => request.headers[name] === undefined);
  if (absent !== undefined) throw fail("SignatureDoesNotMatch", `The signed header ${absent} is missing.`);
  const text = stringToSign(canonicalRequest(request, names), dateTime, { region, service });
  const right = sign(text, credential.secretKey, dateTime, { region, service });
  if (!sameText(right, signature)) throw fail("SignatureDoesNotMatch");
}

type Fail = (code: string, message?: string) => ApiError;

function readAuthorization(authorization: string, fail: Fail) {
  if (authorization === "") throw fail("MissingAuthenticationToken");
  if (!authorization.startsWith("HMAC-SHA256 ")) throw fail("InvalidAuthorization");
  const signature = partOf(authorization, "Signature");
  if (signature === "") throw fail("MissingSignature");
  const pattern = /^HMAC-SHA256 Credential=[^,\s]+, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/;
  if (!pattern.test(authorization)) throw fail("InvalidAuthorization");
  const scope = scopeIn(authorization);
  const parts = partOf(authorization, "Credential").split("/");
  const isWhole = parts.length === 5 && parts[4] === "request";
  if (!isWhole || scope.accessKey === "" || !/^\d{8}$/.test(scope.date)) throw fail("InvalidCredential");
  return { names: partOf(authorization, "SignedHeaders").split(";"), scope, signature };
}

function checkContentHash(request: ApiRequest, settings: VolcengineSettings, fail: Fail): void {
  const declared = header(request, "x-content-sha256");
  if (declared === "" && settings.contentHashRequired) {
    throw fail("MissingRequestInfo", "The header X-Content-Sha256 is missing.");
  }
  if (declared !== "" && declared !== sha256(request.body)) {
    throw fail("SignatureDoesNotMatch", "X-Content-Sha256 is not the hash of the body.");
  }
}

export function canonicalRequest(request: ApiRequest, signedHeaders: readonly string[]): string {
  const names = [...signedHeaders].sort();
  const headers = names.map((name) => `${name}:${signedValue(request, name)}\n`).join("");
  const url = urlOf(request);
  return [
    request.method,
    url.pathname,
    canonicalQuery(url.search.slice(1)),
    headers,
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

export function stringToSign(
  canonical: string,
  dateTime: string,
  { region, service }: Pick<Scope, "region" | "service">,
): string {
  const scope = `${dateTime.slice(0, 8)}/${region}/${service}/request`;
  return ["HMAC-SHA256", dateTime, scope, sha256(canonical)].join("\n");
}

const derivedKey = createKeyCache((secretKey, ...scope) => {
  let key = Buffer.from(secretKey);
  for (const part of [...scope, "request"]) key = createHmac("sha256", key).update(part).digest();
  return key;
});

export function signingKey(
  secretKey: string,
  dateTime: string,
  { region, service }: Pick<Scope, "region" | "service">,
): Buffer {
  return derivedKey(secretKey, dateTime.slice(0, 8), region, service);
}

export function sign(
  text: string,
  secretKey: string,
  dateTime: string,
  scope: Pick<Scope, "region" | "service">,
): string {
  return createHmac("sha256", signingKey(secretKey, dateTime, scope))
    .update(text)
    .digest("hex");
}

function checkTime(request: ApiRequest, dateTime: string, now: number, settings: VolcengineSettings): void {
  const fail = (message?: string) => errorOf(settings, "InvalidTimestamp", message);
  const time = timeOf(dateTime);
  if (time === undefined) throw fail("X-Date is malformed.");
  const expires = urlOf(request).searchParams.get("X-Expires");
  if (expires !== null && !/^\d{1,9}$/.test(expires)) throw fail("X-Expires is not a number of seconds.");
  const lifetime = expires === null ? settings.clockSkewSeconds : Number(expires);
  if (now - time > lifetime * 1000) throw fail("The signature has expired.");
  if (time - now > settings.futureSkewSeconds * 1000) throw fail("X-Date lies in the future.");
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [encode(decode(name)), encode(decode(value.join("=")))] as const;
    });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function signedValue(request: ApiRequest, name: string): string {
  const value = header(request, name).trim();
  return name === "host" ? value.replace(/:(80|443)$/, "") : value;
}

/** `Credential`, `SignedHeaders` or `Signature` of the header; empty if there is none. */
function partOf(authorization: string, name: string): string {
  return new RegExp(`\\b${name}=([^,\\s]*)`).exec(authorization)?.[1] ?? "";
}

/** `20260102T030405Z` in milliseconds. */
function timeOf(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const time = iso === text ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
}

function header(request: ApiRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(",") : value) ?? "";
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function encode(text: string): string {
  const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escaped);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
