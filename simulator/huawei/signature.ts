// SDK-HMAC-SHA256 as the API gateway verifies it.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ApiRequest } from "../call";
import type { Credential } from "../credential";
import { unauthorised } from "./errors";

export interface Verification {
  /** Asked for each access key; throws if it must not be used now. */
  findCredential(accessKey: string): Credential | undefined;
  nowMilliseconds: number;
  allowedSkewSeconds: number;
  /** Told whether the signature was right. */
  signed?(accessKey: string, right: boolean): void;
}

const authorizationPattern =
  /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/** Returns the access key. */
export function verify(request: ApiRequest, how: Verification): string {
  const [, accessKey, signedHeaders, signature] =
    authorizationPattern.exec(request.headers.authorization ?? "") ?? [];
  if (!accessKey || !signedHeaders || !signature)
    throw unauthorised("the Authorization header is malformed.");
  const names = signedHeaders.split(";");
  if (signedHeaders !== signedHeaders.toLowerCase()) throw unauthorised("SignedHeaders must be lower-case.");
  if (!names.includes("x-sdk-date")) throw unauthorised("the header X-Sdk-Date must be signed.");
  const date = header(request, "x-sdk-date");
  const time = timeOf(date);
  if (time === undefined) throw unauthorised("the header X-Sdk-Date is malformed.");
  const credential = how.findCredential(accessKey);
  if (!credential) throw unauthorised(`the access key ${accessKey} does not exist.`);
  if (Math.abs(how.nowMilliseconds - time) > how.allowedSkewSeconds * 1000) {
    throw unauthorised("the signature has expired: X-Sdk-Date is too far from the present time.");
  }
  const right = sameText(sign(canonicalRequest(request, names), date, credential.secretKey), signature);
  how.signed?.(accessKey, right);
  if (!right) throw unauthorised("verify aksk signature fail.");
  if (header(request, "x-security-token") !== (credential.token ?? "")) {
    throw unauthorised("the security token is invalid.");
  }
  return accessKey;
}

export function canonicalRequest(request: ApiRequest, signedHeaders: string[]): string {
  const [path = "", query = ""] = split(request.target);
  const headers = signedHeaders.map((name) => `${name}:${header(request, name).trim()}\n`).join("");
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers,
    signedHeaders.join(";"),
    header(request, "x-sdk-content-sha256") || sha256(request.body),
  ].join("\n");
}

export function sign(canonical: string, date: string, secretKey: string): string {
  const text = ["SDK-HMAC-SHA256", date, sha256(canonical)].join("\n");
  return createHmac("sha256", secretKey).update(text).digest("hex");
}

function canonicalPath(path: string): string {
  const encoded = path
    .split("/")
    .map((segment) => encode(decode(segment)))
    .join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decode(name), decode(value.join("="))] as const;
    });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

function split(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
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

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
