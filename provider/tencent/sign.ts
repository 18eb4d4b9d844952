// TC3-HMAC-SHA256, the signature of Tencent Cloud API 3.0. Pure: request and time in, Authorization header out.
import { createHash, createHmac } from "node:crypto";

export interface TencentSigningInput {
  secretId: string;
  secretKey: string;
  /** Product short name, such as `emr`. */
  service: string;
  /** Unix seconds, as sent in X-TC-Timestamp. */
  timestamp: number;
  /** The headers to sign, by any-case name; `content-type` and `host` are compulsory. */
  headers: Record<string, string>;
  /** The exact bytes (or UTF-8 text) that are sent. */
  body: string | Uint8Array;
}

export function signTencent(input: TencentSigningInput): string {
  const date = utcDate(input.timestamp);
  const scope = `${date}/${input.service}/tc3_request`;
  const { canonical, names } = canonicalHeaders(input.headers);
  const canonicalRequest = ["POST", "/", "", canonical, names, sha256(input.body)].join("\n");
  const stringToSign = ["TC3-HMAC-SHA256", String(input.timestamp), scope, sha256(canonicalRequest)].join(
    "\n",
  );
  const signature = hmac(signingKey(input.secretKey, date, input.service), stringToSign).toString("hex");
  return `TC3-HMAC-SHA256 Credential=${input.secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

/** The UTC calendar date of Unix seconds, YYYY-MM-DD. */
function utcDate(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10);
}

function canonicalHeaders(headers: Record<string, string>): { canonical: string; names: string } {
  const entries = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().toLowerCase()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    canonical: entries.map(([name, value]) => `${name}:${value}\n`).join(""),
    names: entries.map(([name]) => name).join(";"),
  };
}

// The key of a day serves every request of that day. Few accounts sign in one process, so few are kept.
const keys = new Map<string, Buffer>();

export function signingKey(secretKey: string, date: string, service: string): Buffer {
  const cached = keys.get(`${date}/${service}/${secretKey}`);
  if (cached) return cached;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), "tc3_request");
  if (keys.size >= 32) keys.clear();
  keys.set(`${date}/${service}/${secretKey}`, key);
  return key;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Uint8Array, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
