// SDK-HMAC-SHA256, the signature of Huawei Cloud APIs. Pure: request and time in, Authorization header out.
import { canonicalHeaders, createKeyCache, encodeQuery, hmac, percentEncode, sha256 } from "../call/signing";

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
  const { canonical, names } = canonicalHeaders(input.headers);
  const canonicalRequest = [
    input.method,
    canonicalPath(input.path),
    encodeQuery(input.query),
    canonical,
    names,
    sha256(input.body),
  ].join("\n");
  const date = Object.entries(input.headers).find(([name]) => name.toLowerCase() === "x-sdk-date")?.[1] ?? "";
  const stringToSign = ["SDK-HMAC-SHA256", date, sha256(canonicalRequest)].join("\n");
  const signature = hmac(
    cachedKey(input.secretKey, () => input.secretKey),
    stringToSign,
  ).toString("hex");
  return `SDK-HMAC-SHA256 Access=${input.accessKey}, SignedHeaders=${names}, Signature=${signature}`;
}

const cachedKey = createKeyCache();

/** The form of a path that is signed: always with a slash at its end, which the request itself has not. */
function canonicalPath(path: string): string {
  const encoded = encodePath(path);
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

export function encodePath(path: string): string {
  return path.split("/").map(percentEncode).join("/");
}
