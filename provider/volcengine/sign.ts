// HMAC-SHA256, the signature of Volcengine APIs. Pure: request in, Authorization header out.
import type { KeyObject } from "node:crypto";
import { canonicalHeaders, createKeyCache, encodeQuery, hmac, sha256 } from "../call/signing";

export interface VolcengineSigningInput {
  accessKey: string;
  secretKey: string;
  region: string;
  /** Service name of the scope, such as `emr`. */
  service: string;
  method: string;
  query: Record<string, string>;
  /** The headers to sign, `host` and `x-date` among them, by any-case name. */
  headers: Record<string, string>;
  /** The exact text that is sent. */
  body: string;
}

export function signVolcengine(input: VolcengineSigningInput): string {
  const { region, service } = input;
  const { canonical, names } = canonicalHeaders(input.headers, (value) => value.trim().replace(/\s+/g, " "));
  const query = encodeQuery(input.query);
  const canonicalRequest = [input.method, "/", query, canonical, names, sha256(input.body)].join("\n");
  const time = Object.entries(input.headers).find(([name]) => name.toLowerCase() === "x-date")?.[1] ?? "";
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/${service}/request`;
  const stringToSign = ["HMAC-SHA256", time, scope, sha256(canonicalRequest)].join("\n");
  const signature = hmac(signingKey(input.secretKey, date, region, service), stringToSign).toString("hex");
  return `HMAC-SHA256 Credential=${input.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

const cachedKey = createKeyCache();

function signingKey(secretKey: string, date: string, region: string, service: string): KeyObject {
  return cachedKey(`${date}/${region}/${service}/${secretKey}`, () =>
    [region, service, "request"].reduce<Buffer>((key, part) => hmac(key, part), hmac(secretKey, date)),
  );
}
