// What Volcengine's error codes mean for a caller, and what to do about each. By code where one is known, else by HTTP
// status. Never judged by the message.
import { CloudError, type ErrorKind } from "../base/errors";

interface ErrorClass {
  kind: ErrorKind;
  advice: string;
}

const meaning = (kind: ErrorKind) => (advice: string) => ({ kind, advice });

const all = (names: readonly string[], meant: ErrorClass): Readonly<Record<string, ErrorClass>> =>
  Object.fromEntries(names.map((name) => [name, meant]));

const credentials = meaning("credentials")(
  "Check the access key and secret key: bigdata:volcengineAccessKey and bigdata:volcengineSecretKey where they are set, else VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY.",
);
const permission = meaning("permission")(
  "Grant the action (emr:<Action>) on the cluster to the credentials' user or role.",
);
const malformed = meaning("bug")("The gateway could not read the request; please report this.");
const doubt = meaning("server")("Run again later; nothing is sent twice before it is known what happened.");
const throttled = meaning("throttled")("Too many requests; run again later.");
const inputs = meaning("fixInput")(
  "Check `clusterId`, `application`, `components`, `releaseName` and `applicationConfigs` against the EMR console.",
);
const serviceKey = meaning("credentials")(
  "Use the access key of a user or a role, not of a service (bigdata:volcengineAccessKey, or VOLCENGINE_ACCESS_KEY).",
);

/** The gateway's codes, with the names that some had before, and those that EMR publishes. */
const volcengineCodes: Readonly<Record<string, ErrorClass>> = {
  ...all(
    [
      "UndefinedError",
      "InternalError",
      "InternalServiceError",
      "FailToConnect",
      "InternalServiceTimeout",
      "ServiceUnavailableTemp",
      "ServiceUnavailable",
    ],
    doubt,
  ),
  ...all(["MissingParameter", "InvalidParameter"], inputs),
  ...all(
    [
      "MissingAuthenticationToken",
      "MissingRequestInfo",
      "MissingSignature",
      "InvalidAuthorization",
      "InvalidCredential",
      "MethodNotAllowed",
    ],
    malformed,
  ),
  InvalidTimestamp: meaning("clock")("Set this machine's clock: it may be at most 15 minutes off."),
  ServiceNotFound: meaning("fixInput")("Check bigdata:volcengineEndpoint and the region."),
  InvalidActionOrVersion: meaning("refused")(
    "Check bigdata:volcengineEndpoint and the region: this endpoint does not offer the action.",
  ),
  ...all(["InvalidAccessKey", "InvalidClientTokenId", "SignatureDoesNotMatch"], credentials),
  ...all(["InnerApiNeedAccountInfo", "ServiceShouldCallSelfApi"], serviceKey),
  ...all(["LackPolicy", "AccessDenied"], permission),
  LackProjectPolicy: meaning("permission")(
    "Grant the credentials' user or role the action in the project that the cluster belongs to.",
  ),
  ...all(["FlowLimitExceeded", "AccountFlowLimitExceeded"], throttled),
  InvalidSecretToken: meaning("credentials")(
    "The temporary credentials have expired or do not belong together: get new ones (bigdata:volcengineSessionToken, or VOLCENGINE_SESSION_TOKEN, with their key).",
  ),
  InvalidClusterId: meaning("gone")("Check `clusterId` and the region."),
  // A generic name for: the caller has no right to this cluster.
  InvalidRequest: permission,
  IllegalOperationForCluster: meaning("busy")(
    "Look at the cluster in the EMR console: it does not support the action, or something else operates on it.",
  ),
};

const statuses: Readonly<Record<number, ErrorClass>> = {
  400: inputs,
  401: credentials,
  403: permission,
  404: meaning("refused")(
    "Check bigdata:volcengineEndpoint and the region: this endpoint does not offer the action.",
  ),
  409: meaning("busy")("Wait until nothing else operates on the cluster, then run again."),
  429: throttled,
};

export function meaningOf(code: string, status: number): ErrorClass {
  return (
    volcengineCodes[code] ??
    (/FlowLimitExceeded/.test(code) ? throttled : undefined) ??
    statuses[status] ??
    doubt
  );
}

export function volcengineError(failed: {
  action: string;
  code: string;
  status: number;
  message: string;
  requestId?: string | undefined;
  isRead: boolean;
  /** What to do where the credentials are refused, if that depends on where they come from. */
  credentialsAdvice?: string | undefined;
}): CloudError {
  const { kind, advice } = meaningOf(failed.code, failed.status);
  return new CloudError({
    cloud: "Volcengine EMR",
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice: (kind === "credentials" && failed.credentialsAdvice) || advice,
    mayHaveHappened: kind === "server" && !failed.isRead,
  });
}
