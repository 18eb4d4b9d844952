// SDK-HMAC-SHA256, the signature of Huawei Cloud APIs. Pure: request and time in, Authorization header out.
import { createHash, createHmac } from "node:crypto";

export interface HuaweiSigningInput {
  accessKey: string;
  secretKey: string;
  method: string;
  /** Path as sent, not encoded. */
  path: string;
  query: Record<string, string>;
  /** The headers to sign, `x-sdk-date` among them, by any-case name. */
  headers: Record<string, string>;
  /** The exact text that is sent. */
  body: string;
}

export function signHuawei(input: HuaweiSigningInput): string {
  const headers = Object.entries(input.headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(";");
  const canonicalRequest = [
    input.method,
    canonicalPath(input.path),
    encodeQuery(input.query),
    headers.map(([name, value]) => `${name}:${value}\n`).join(""),
    names,
    sha256(input.body),
  ].join("\n");
  const date = headers.find(([name]) => name === "x-sdk-date")?.[1] ?? "";
  const stringToSign = ["SDK-HMAC-SHA256", date, sha256(canonicalRequest)].join("\n");
  const signature = createHmac("sha256", input.secretKey).update(stringToSign).digest("hex");
  return `SDK-HMAC-SHA256 Access=${input.accessKey}, SignedHeaders=${names}, Signature=${signature}`;
}

/** The form of a path that is signed: always with a slash at its end, which the request itself has not. */
function canonicalPath(path: string): string {
  const encoded = encodePath(path);
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

export function encodePath(path: string): string {
  return path.split("/").map(encode).join("/");
}

export function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `YYYYMMDDTHHMMSSZ`. */
export function sdkDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
