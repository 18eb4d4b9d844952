// TC3-HMAC-SHA256, the signature of Tencent Cloud API 3.0. Pure: request and time in, Authorization header out.
import type { KeyObject } from "node:crypto";
import { canonicalHeaders, createKeyCache, hmac, sha256 } from "../call/signing";

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
  const { canonical, names } = canonicalHeaders(input.headers, (value) => value.trim().toLowerCase());
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

const cachedKey = createKeyCache();

export function signingKey(secretKey: string, date: string, service: string): KeyObject {
  return cachedKey(`${date}/${service}/${secretKey}`, () =>
    hmac(hmac(hmac(`TC3${secretKey}`, date), service), "tc3_request"),
  );
}
