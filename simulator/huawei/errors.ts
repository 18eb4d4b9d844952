// Errors of the simulated Huawei Cloud.

/** Who refuses; each spells its errors differently. */
export type Speaker = "gateway" | "service";

/** Without a message the vendor's text for the code is used. */
export class ApiError extends Error {
  readonly status: number;
  /** For the gateway its digits, which get the prefix later. */
  readonly code: string;
  readonly speaker: Speaker;

  constructor(status: number, code: string, message?: string, speaker: Speaker = "service") {
    super(message ?? texts[code] ?? "Parameter error.");
    this.status = status;
    this.code = code;
    this.speaker = speaker;
  }
}

export const parameterCode = "DBS.280001";

export function parameterError(detail: string): ApiError {
  return new ApiError(400, parameterCode, `Parameter error. ${detail}`);
}

export function gatewayError(status: number, digits: string, message: string): ApiError {
  return new ApiError(status, digits, message, "gateway");
}

/** 401: whatever is wrong with who is calling. */
export function unauthorised(message: string): ApiError {
  return gatewayError(401, "0301", `Incorrect IAM authentication information: ${message}`);
}

/** The HTTP status a code usually comes with. */
export function usualStatus(code: string): number {
  const digits = /^APIG(?:W)?\.(\d{4})$/.exec(code)?.[1];
  return statuses[digits ?? code] ?? 400;
}

const statuses: Record<string, number> = {
  "0101": 404,
  "0201": 504,
  "0301": 401,
  "0302": 403,
  "0308": 429,
  "DBS.200002": 404,
  "DBS.200011": 409,
  "DBS.200019": 409,
  "DBS.200047": 409,
  "DBS.200412": 500,
  "DBS.212033": 409,
};

const texts: Record<string, string> = {
  "DBS.200001": "Parameter error.",
  "DBS.200002": "The instance does not exist.",
  "DBS.200011": "The instance status does not allow the operation.",
  "DBS.200019": "Another operation is being performed on the instance, or the instance is not normal.",
  "DBS.200047": "The instance status does not allow the operation.",
  "DBS.200412": "Server failure.",
  "DBS.212033": "The instance is being operated on.",
  "DBS.280001": "Parameter error.",
  "DBS.300002": "Server failure.",
  "DBS.300005": "The request could not be processed.",
  "DBS.300120": "Failed to obtain the task information.",
  "DBS.300323": "The associated RDS instance does not exist, is abnormal or is being operated on.",
  "DBS.300360": "The operation is not supported by the associated instance.",
  "DBS.300370": "Load balancing is not enabled.",
  "DBS.300375": "A parameter is invalid.",
  "DBS.300400": "The task was not found.",
};
