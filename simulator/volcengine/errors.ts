// Errors as the Volcengine gateway and EMR report them.
import type { RefusalKind, VolcengineSettings } from "./settings";

/** Becomes `ResponseMetadata.Error`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** Undefined: the error has none. */
  readonly codeN: number | undefined;

  constructor(code: string, status: number, codeN: number | undefined, message: string) {
    super(message);
    this.code = code;
    this.status = status;
    this.codeN = codeN;
  }
}

interface GatewayCode {
  codeN: number;
  status: number;
  text: string;
}

const gatewayCodes: Record<string, GatewayCode> = {
  UndefinedError: { codeN: 100001, status: 500, text: "An undefined error occurred." },
  MissingParameter: { codeN: 100002, status: 400, text: "A required parameter is missing." },
  MissingAuthenticationToken: { codeN: 100003, status: 401, text: "The request carries no authentication." },
  MissingRequestInfo: { codeN: 100004, status: 400, text: "The request lacks X-Date, region or service." },
  MissingSignature: { codeN: 100005, status: 401, text: "The request is not signed." },
  InvalidTimestamp: { codeN: 100006, status: 400, text: "The signature has expired or lies in the future." },
  ServiceNotFound: { codeN: 100007, status: 404, text: "The service does not exist." },
  InvalidActionOrVersion: { codeN: 100008, status: 404, text: "Could not find this action in this version." },
  InvalidAccessKey: { codeN: 100009, status: 401, text: "The access key does not exist." },
  SignatureDoesNotMatch: { codeN: 100010, status: 401, text: "The signature does not match." },
  LackPolicy: { codeN: 100012, status: 403, text: "The user has no policy." },
  AccessDenied: { codeN: 100013, status: 403, text: "The user is not authorized to perform the action." },
  InternalError: { codeN: 100014, status: 500, text: "The service failed." },
  FailToConnect: { codeN: 100015, status: 502, text: "The gateway could not connect to the service." },
  InternalServiceTimeout: { codeN: 100016, status: 504, text: "The service did not answer in time." },
  FlowLimitExceeded: { codeN: 100018, status: 429, text: "The request rate exceeds the limit." },
  ServiceUnavailableTemp: { codeN: 100019, status: 503, text: "The service is overloaded." },
  InvalidAuthorization: { codeN: 100024, status: 400, text: "The Authorization header is malformed." },
  InvalidCredential: { codeN: 100025, status: 400, text: "The credential in Authorization is malformed." },
  InvalidSecretToken: { codeN: 100026, status: 401, text: "The security token is invalid or has expired." },
  AccountFlowLimitExceeded: { codeN: 100027, status: 429, text: "The account's rate exceeds the limit." },
};

/** The documents give business errors no number. */
const businessNumber = 1_000_001;

/** Any code, with the status and number it usually has. */
export function errorOf(
  settings: VolcengineSettings,
  code: string,
  message?: string,
  status?: number,
): ApiError {
  const known = Object.hasOwn(gatewayCodes, code) ? gatewayCodes[code] : undefined;
  const codeN = known?.codeN ?? (settings.businessCodeN ? businessNumber : undefined);
  const usual = statusOf(settings, code) ?? known?.status ?? 400;
  return new ApiError(code, status ?? usual, codeN, message ?? known?.text ?? "The request was refused.");
}

/** One of the service's own refusals. */
export function refusal(settings: VolcengineSettings, kind: RefusalKind, message: string): ApiError {
  return errorOf(settings, settings.codes[kind], message, settings.statuses[kind]);
}

function statusOf(settings: VolcengineSettings, code: string): number | undefined {
  if (code.endsWith("FlowLimitExceeded")) return settings.flowLimitStatus;
  return code === "InvalidTimestamp" ? settings.invalidTimestampStatus : undefined;
}
