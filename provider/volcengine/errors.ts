// What Volcengine's error codes mean for a caller, and what to do about each. By code where one is known, else by HTTP
// status. Never judged by the message.
import { CloudError, type ErrorKind } from "../errors";

interface Meaning {
  kind: ErrorKind;
  advice: string;
}

const credentials: Meaning = {
  kind: "credentials",
  advice:
    "Check the access key and secret key: bigdata:volcengineAccessKey and bigdata:volcengineSecretKey where they are set, else VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY.",
};
const permission: Meaning = {
  kind: "permission",
  advice: "Grant the action (emr:<Action>) on the cluster to the credentials' user or role.",
};
const malformed: Meaning = {
  kind: "bug",
  advice: "The gateway could not read the request; please report this.",
};
const doubt: Meaning = { kind: "server", advice: "Nothing is sent again before it is known what happened." };
const throttled: Meaning = { kind: "throttled", advice: "Too many requests; run again later." };
const inputs: Meaning = {
  kind: "fixInput",
  advice:
    "Check clusterId, application, components, releaseName and applicationConfigs against the EMR console.",
};

/** The gateway's codes, and those that EMR publishes. */
export const volcengineCodes: Readonly<Record<string, Meaning>> = {
  UndefinedError: doubt,
  MissingParameter: inputs,
  MissingAuthenticationToken: malformed,
  MissingRequestInfo: malformed,
  MissingSignature: malformed,
  InvalidTimestamp: { kind: "clock", advice: "Set this machine's clock: it may be at most 15 minutes off." },
  ServiceNotFound: { kind: "fixInput", advice: "Check bigdata:volcengineEndpoint and the region." },
  InvalidActionOrVersion: { kind: "refused", advice: "This endpoint does not offer the action." },
  InvalidAccessKey: credentials,
  SignatureDoesNotMatch: credentials,
  LackPolicy: permission,
  AccessDenied: permission,
  InternalError: doubt,
  FailToConnect: doubt,
  InternalServiceTimeout: doubt,
  FlowLimitExceeded: throttled,
  AccountFlowLimitExceeded: throttled,
  ServiceUnavailableTemp: doubt,
  InvalidAuthorization: malformed,
  InvalidCredential: malformed,
  InvalidSecretToken: {
    kind: "credentials",
    advice:
      "The temporary credentials have expired or do not belong together: get new ones (bigdata:volcengineSessionToken, or VOLCENGINE_SESSION_TOKEN, with their key).",
  },
  InvalidParameter: inputs,
  InvalidClusterId: { kind: "gone", advice: "Check clusterId and the region." },
  // A generic name for: the caller has no right to this cluster.
  InvalidRequest: permission,
  IllegalOperationForCluster: {
    kind: "busy",
    advice:
      "The cluster does not support the action, or something else operates on it: look at it in the EMR console.",
  },
};

const statuses: Readonly<Record<number, Meaning>> = {
  400: inputs,
  401: credentials,
  403: permission,
  404: { kind: "refused", advice: "This endpoint does not offer the action." },
  409: { kind: "busy", advice: "Something else operates on the cluster." },
  429: throttled,
};

export function meaningOf(code: string, status: number): Meaning {
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
}): CloudError {
  const { kind, advice } = meaningOf(failed.code, failed.status);
  return new CloudError({
    cloud: "Volcengine EMR",
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice,
    mayHaveHappened: kind === "server" && !failed.isRead,
  });
}
