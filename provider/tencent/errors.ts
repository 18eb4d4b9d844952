// What Tencent Cloud's error codes mean for a caller, and what to do about each. What a product's code means for the
// action comes first, then the product's codes, those of all products, and the class before the first dot. Never judged
// by the message.
import { CloudError } from "../base/errors";
import { dlcCodes } from "./dlc/errors";
import { emrCodes, emrCodesByAction } from "./emr/errors";
import {
  bug,
  busy,
  type Codes,
  type ErrorClass,
  fixInput,
  permission,
  refused,
  server,
  soldOut,
} from "./errorClass";

const products: Readonly<Record<string, Codes>> = { EMR: emrCodes, DLC: dlcCodes };
const byAction: Readonly<Record<string, Readonly<Record<string, Codes>>>> = { EMR: emrCodesByAction };

/** Codes that any call can return. */
const common: Codes = {
  "AuthFailure.SignatureExpire": {
    kind: "clock",
    advice: "Set this machine's clock: it may be at most 5 minutes off.",
  },
  "AuthFailure.MFAFailure": {
    kind: "credentials",
    advice:
      "Use credentials that need no second factor (MFA), or get temporary ones with it (bigdata:tencentToken, or TENCENTCLOUD_SECURITY_TOKEN).",
  },
  "AuthFailure.TokenFailure": {
    kind: "credentials",
    advice:
      "The temporary credentials have expired or do not belong together: get new ones (bigdata:tencentToken, or TENCENTCLOUD_SECURITY_TOKEN, with their id and key).",
  },
  "AuthFailure.UnauthorizedOperation": permission("Grant the action to the credentials' user or role."),
};

const inputs = fixInput("Check the inputs against the documentation.");
const noStock = soldOut("Wait until the cloud has stock again, or ask for less or for something else.");
const console = refused("Look at the resource in the console, then run again.");

/** The same by class. */
const classes: Codes = {
  RequestLimitExceeded: { kind: "throttled", advice: "Too many requests; run again later." },
  AuthFailure: {
    kind: "credentials",
    advice:
      "Check the secret id and key: bigdata:tencentSecretId and bigdata:tencentSecretKey where they are set, else TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.",
  },
  UnauthorizedOperation: permission(
    "Grant the action to the credentials' user or role in access management (CAM).",
  ),
  IpInBlacklist: permission("Take this machine's address off the list of those that the account bars."),
  IpNotInWhitelist: permission("Put this machine's address on the list of those that the account allows."),
  InvalidParameter: inputs,
  InvalidParameterCombination: inputs,
  InvalidParameterValue: inputs,
  MissingParameter: bug("The request lacks a field that this edition of the API wants"),
  UnknownParameter: fixInput(
    "This edition of the API does not know a field that was asked for: leave that input out.",
  ),
  InvalidRequest: bug("The gateway could not read the request"),
  UnsupportedProtocol: fixInput("Check bigdata:tencentEndpoint."),
  RequestSizeLimitExceeded: fixInput("The request is too large: ask for less."),
  // What was asked for was done: only its answer is missing.
  ResponseSizeLimitExceeded: { kind: "server", advice: "The answer was too large; please report this." },
  InvalidAction: refused(
    "This endpoint does not offer the action: check bigdata:tencentEndpoint and the region.",
  ),
  NoSuchVersion: bug("This endpoint does not offer the API version"),
  NoSuchProduct: fixInput("Check bigdata:tencentEndpoint."),
  UnsupportedRegion: fixInput("Check `region`, or bigdata:tencentRegion."),
  RegionError: fixInput("Check `region`, or bigdata:tencentRegion."),
  ActionOffline: bug("The cloud has retired the action"),
  LimitExceeded: soldOut("Ask for a higher quota, or for less."),
  ResourceInUse: busy("Something else uses the resource: wait for its end, then run again."),
  ResourceInsufficient: noStock,
  ResourcesSoldOut: noStock,
  ResourceNotFound: fixInput("Check the ids in the inputs: something that they name does not exist."),
  ResourceUnavailable: console,
  UnsupportedOperation: refused("Check in the console that the resource allows the operation."),
  OperationDenied: console,
  FailedOperation: {
    kind: "server",
    advice: "Look at the resource in the console; nothing is sent again before it is known what happened.",
  },
  InternalError: server("the cloud"),
  ServiceUnavailable: server("the cloud"),
  DryRunOperation: bug("The request was sent as a dry run"),
};

/** The meaning of a code; an unknown one is taken as a failure whose effect is not known. */
export function meaningOf(product: string, code: string, action = ""): ErrorClass {
  return (
    byAction[product]?.[action]?.[code] ??
    products[product]?.[code] ??
    common[code] ??
    classes[code.split(".")[0] ?? ""] ?? {
      kind: "server",
      advice:
        "Look at the resource in the console: the code is not documented; nothing is sent again before it is known what happened.",
    }
  );
}

export function tencentError(failed: {
  product: string;
  action: string;
  code: string;
  message: string;
  requestId?: string | undefined;
  /** What to do where the credentials are refused, if that depends on where they come from. */
  credentialsAdvice?: string | undefined;
}): CloudError {
  const { kind, advice } = meaningOf(failed.product, failed.code, failed.action);
  return new CloudError({
    cloud: `Tencent ${failed.product}`,
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice: (kind === "credentials" && failed.credentialsAdvice) || advice,
    // A duplicate refers to an earlier order, and that one may stand.
    mayHaveHappened: kind === "server" || kind === "duplicate",
  });
}

/** What is told where a resource works on something that is not there. */
export const notThere = (told: string) =>
  `${told} If it existed before, run \`pulumi refresh\`, which removes from the state what is gone.`;
