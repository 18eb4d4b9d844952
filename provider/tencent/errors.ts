// What Tencent Cloud's error codes mean for a caller, and what to do about each. A product's full codes come first,
// then those of all products, then the class before the first dot. Never judged by the message.
import { CloudError } from "../errors";
import { dlcCodes } from "./dlcErrors";
import { emrCodes, soldOutAdvice } from "./emrErrors";
import { fixInput, type Meaning, server } from "./meaning";

const products: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  EMR: emrCodes,
  DLC: dlcCodes,
};

/** Codes that any call can return. */
const common: Readonly<Record<string, Meaning>> = {
  "AuthFailure.SignatureExpire": {
    kind: "clock",
    advice: "Set this machine's clock: it may be at most 5 minutes off.",
  },
  "AuthFailure.TokenFailure": {
    kind: "credentials",
    advice:
      "The temporary credentials have expired or do not belong together: get new ones (bigdata:tencentToken, or TENCENTCLOUD_SECURITY_TOKEN, with their id and key).",
  },
  "AuthFailure.UnauthorizedOperation": {
    kind: "permission",
    advice: "Grant the action to the credentials' user or role.",
  },
};

/** The same by class. */
const classes: Readonly<Record<string, Meaning>> = {
  RequestLimitExceeded: { kind: "throttled", advice: "Too many requests; run again later." },
  AuthFailure: {
    kind: "credentials",
    advice:
      "Check the secret id and key: bigdata:tencentSecretId and bigdata:tencentSecretKey where they are set, else TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.",
  },
  UnauthorizedOperation: {
    kind: "permission",
    advice: "Grant the action to the credentials' user or role in access management (CAM).",
  },
  IpInBlacklist: { kind: "permission", advice: "This machine's address is barred by the account's policy." },
  IpNotInWhitelist: { kind: "permission", advice: "This machine's address is not on the account's list." },
  InvalidParameter: fixInput("Check the inputs against the documentation."),
  InvalidParameterValue: fixInput("Check the inputs against the documentation."),
  MissingParameter: { kind: "bug", advice: "The request lacks a field that this edition of the API wants." },
  UnknownParameter: {
    kind: "fixInput",
    advice: "This edition of the API does not know a field that was asked for: leave that input out.",
  },
  InvalidRequest: { kind: "bug", advice: "The gateway could not read the request." },
  UnsupportedProtocol: fixInput("Check bigdata:tencentEndpoint."),
  RequestSizeLimitExceeded: fixInput("The request is too large: ask for less."),
  ResponseSizeLimitExceeded: { kind: "bug", advice: "The answer was too large." },
  InvalidAction: { kind: "refused", advice: "This endpoint does not offer the action." },
  NoSuchVersion: { kind: "bug", advice: "This endpoint does not offer the API version." },
  NoSuchProduct: fixInput("Check bigdata:tencentEndpoint."),
  UnsupportedRegion: fixInput("Check bigdata:tencentRegion."),
  ActionOffline: { kind: "refused", advice: "The cloud has retired the action." },
  LimitExceeded: { kind: "soldOut", advice: "Ask for a higher quota, or for fewer nodes." },
  ResourceInUse: { kind: "busy", advice: "The resource is in use by something else." },
  ResourceInsufficient: { kind: "soldOut", advice: soldOutAdvice },
  ResourcesSoldOut: { kind: "soldOut", advice: soldOutAdvice },
  ResourceNotFound: { kind: "fixInput", advice: "Something that the request names does not exist." },
  ResourceUnavailable: { kind: "refused", advice: "Look at the resource in the console." },
  UnsupportedOperation: { kind: "refused", advice: "The resource does not support the operation." },
  OperationDenied: { kind: "refused", advice: "Look at the resource in the console." },
  FailedOperation: {
    kind: "server",
    advice: "Look at the resource in the console; nothing is sent again before it is known what happened.",
  },
  InternalError: server("the cloud"),
  ServiceUnavailable: server("the cloud"),
  DryRunOperation: { kind: "bug", advice: "The request was sent as a dry run." },
};

/** The meaning of a code; an unknown one is taken as a failure whose effect is not known. */
export function meaningOf(product: string, code: string): Meaning {
  return (
    products[product]?.[code] ??
    common[code] ??
    classes[code.split(".")[0] ?? ""] ?? {
      kind: "server",
      advice: "This code is not documented; nothing is sent again before it is known what happened.",
    }
  );
}

export function tencentError(failed: {
  product: string;
  action: string;
  code: string;
  message: string;
  requestId?: string | undefined;
}): CloudError {
  const { kind, advice } = meaningOf(failed.product, failed.code);
  return new CloudError({
    cloud: `Tencent ${failed.product}`,
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice,
    // A duplicate refers to an earlier order, and that one may stand.
    mayHaveHappened: kind === "server" || kind === "duplicate",
  });
}
