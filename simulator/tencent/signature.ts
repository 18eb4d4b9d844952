// TC3-HMAC-SHA256 as the API gateway verifies it.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Credential } from "../credential";
import { createKeyCache } from "../keyCache";
import { ApiError } from "./errors";

export interface SignedRequest {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Verification {
  credentials: readonly Credential[];
  /** Short name of the called product, which the scope must name; undefined if the version is unknown. */
  service: string | undefined;
  nowMilliseconds: number;
  allowedSkewSeconds: number;
}

interface Authorization {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const authorizationPattern =
  /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([^/,\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

export function verify(request: SignedRequest, how: Verification): void {
  const authorization = parseAuthorization(request.headers.authorization);
  const timestamp = header(request, "x-tc-timestamp");
  if (!/^\d+$/.test(timestamp)) {
    throw timestamp === ""
      ? missing("X-TC-Timestamp")
      : new ApiError("InvalidParameter", "The value type of header `X-TC-Timestamp` is not integer.");
  }
  const credential = how.credentials.find((candidate) => candidate.secretId === authorization.secretId);
  if (!credential) throw new ApiError("AuthFailure.SecretIdNotFound");
  if (Math.abs(how.nowMilliseconds / 1000 - Number(timestamp)) > how.allowedSkewSeconds) {
    throw new ApiError("AuthFailure.SignatureExpire");
  }
  checkScope(request, authorization, timestamp, how.service);
  const fits = hostForms(header(request, "host")).some((host) =>
    sameText(sign(request, authorization, timestamp, credential.secretKey, host), authorization.signature),
  );
  if (!fits) throw new ApiError("AuthFailure.SignatureFailure");
  if (header(request, "x-tc-token") !== (credential.token ?? "")) {
    throw new ApiError("AuthFailure.TokenFailure");
  }
}

function parseAuthorization(text: string | undefined): Authorization {
  const [, secretId, date, service, signedHeaders, signature] = authorizationPattern.exec(text ?? "") ?? [];
  if (!secretId || !date || !service || !signedHeaders || !signature) {
    throw new ApiError("AuthFailure.InvalidAuthorization");
  }
  return { secretId, date, service, signedHeaders: signedHeaders.split(";"), signature };
}

function checkScope(
  request: SignedRequest,
  authorization: Authorization,
  timestamp: string,
  service: string | undefined,
): void {
  const { signedHeaders } = authorization;
  for (const name of ["content-type", "host"]) {
    if (!signedHeaders.includes(name)) {
      throw new ApiError(
        "AuthFailure.InvalidAuthorization",
        `The header \`${name}\` must be among the signed headers.`,
      );
    }
  }
  if (signedHeaders.join(";") !== [...signedHeaders].sort().join(";").toLowerCase()) {
    throw new ApiError(
      "AuthFailure.InvalidAuthorization",
      "SignedHeaders must be lower-case and in ascending order.",
    );
  }
  if (authorization.date !== new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)) {
    throw new ApiError(
      "AuthFailure.SignatureFailure",
      "The date in the credential scope differs from the UTC date of `X-TC-Timestamp`.",
    );
  }
  const named = authorization.service;
  if (service !== undefined && named !== service && !isVendorClientOnAddress(request, named)) {
    throw new ApiError(
      "AuthFailure.SignatureFailure",
      `The service in the credential scope is \`${named}\`, the called product is \`${service}\`.`,
    );
  }
}

/**
 * The vendor's Node client takes the service from the first label of the host name, so that on 127.0.0.1 it
 * signs for a service "127". Nobody else may do so.
 */
function isVendorClientOnAddress(request: SignedRequest, service: string): boolean {
  const host = header(request, "host");
  return (
    header(request, "x-tc-requestclient").startsWith("SDK_NODEJS_") &&
    /^\d+\.\d+\.\d+\.\d+(:\d+)?$/.test(host) &&
    host.split(".")[0] === service
  );
}

/** The vendor's client signs the host without the port but sends it with the port. */
function hostForms(host: string): string[] {
  const withoutPort = host.replace(/:\d+$/, "");
  return withoutPort === host ? [host] : [host, withoutPort];
}

function sign(
  request: SignedRequest,
  authorization: Authorization,
  timestamp: string,
  secretKey: string,
  host: string,
): string {
  const { date, service, signedHeaders } = authorization;
  const canonicalHeaders = signedHeaders.map((name) => {
    const value = name === "host" ? host : header(request, name);
    return `${name}:${value.trim().toLowerCase()}\n`;
  });
  const canonicalRequest = [
    "POST",
    "/",
    "",
    canonicalHeaders.join(""),
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = `${date}/${service}/tc3_request`;
  const stringToSign = ["TC3-HMAC-SHA256", timestamp, scope, sha256(canonicalRequest)].join("\n");
  return hmac(signingKey(secretKey, date, service), stringToSign).toString("hex");
}

function header(request: SignedRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(",") : value) ?? "";
}

function missing(name: string): ApiError {
  return new ApiError("MissingParameter", `The request is missing the header \`${name}\`.`);
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

const signingKey = createKeyCache((secretKey, date = "", service = "") =>
  hmac(hmac(hmac(`TC3${secretKey}`, date), service), "tc3_request"),
);

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
