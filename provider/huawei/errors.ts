// What Huawei Cloud's error codes mean for a caller, and what to do about each. By code where one is known, else by
// HTTP status. Never judged by the message.
import { CloudError, type ErrorKind } from "../errors";

interface Meaning {
  kind: ErrorKind;
  advice: string;
}

const busy: Meaning = {
  kind: "busy",
  advice: "The instance is not normal or something else operates on it.",
};
const doubt = "Nothing is sent again before it is known what happened.";

/** The published codes of DDM, and those of the vendor's other clients. */
export const ddmCodes: Readonly<Record<string, Meaning>> = {
  "DBS.280001": {
    kind: "fixInput",
    advice: "Check instanceId, groupId, flavorId and nodeCount against the instance.",
  },
  "DBS.200001": { kind: "fixInput", advice: "Check the inputs against the instance." },
  "DBS.200002": { kind: "gone", advice: "Check instanceId, the project and the region." },
  "DBS.200019": busy,
  "DBS.200011": busy,
  "DBS.200047": busy,
  "DBS.212033": busy,
  "DBS.200412": { kind: "server", advice: doubt },
  "DBS.300002": { kind: "server", advice: doubt },
  "DBS.300005": {
    kind: "fixInput",
    advice: "The request could not be processed: look at the instance in the DDM console.",
  },
  "DBS.300120": { kind: "server", advice: "The task's information could not be had." },
  "DBS.300323": {
    kind: "busy",
    advice: "An associated RDS instance is missing, abnormal or busy: mend it or wait for it.",
  },
  "DBS.300360": { kind: "refused", advice: "The associated instance does not support it." },
  "DBS.300370": { kind: "refused", advice: "Load balancing is not enabled for the instance." },
  "DBS.300375": { kind: "fixInput", advice: "Check the inputs against the instance." },
  "DBS.300400": { kind: "refused", advice: "The task does not exist." },
};

/** The gateway's codes, by their digits: the prefix is APIGW. on some pages and APIG. on others. */
const gatewayCodes: Readonly<Record<string, Meaning>> = {
  "0101": {
    kind: "refused",
    advice: "This endpoint does not offer the call: check huaweiEndpoint and the region.",
  },
  "0301": {
    kind: "credentials",
    advice:
      "Check huaweiAccessKey, huaweiSecretKey, huaweiSecurityToken (or HW_ACCESS_KEY and its kin) and this machine's clock. It is not tried again: five wrong signatures lock the key.",
  },
  "0302": { kind: "permission", advice: "Grant the user the DDM permissions that the call needs." },
  "0308": { kind: "throttled", advice: "Too many requests; run again later." },
};

const statuses: Readonly<Record<number, Meaning>> = {
  400: { kind: "fixInput", advice: "Check the inputs against the instance." },
  401: gatewayCodes["0301"] as Meaning,
  403: gatewayCodes["0302"] as Meaning,
  // Without DDM's own code it may be any server's: nothing is taken for gone because of it.
  404: { kind: "refused", advice: "Check huaweiEndpoint, the project, the region and instanceId." },
  405: { kind: "refused", advice: "This endpoint does not offer the call." },
  409: busy,
  413: { kind: "soldOut", advice: "The quota is used up: ask for a higher one." },
  415: { kind: "bug", advice: "The gateway did not take the content type." },
  429: gatewayCodes["0308"] as Meaning,
};

const gone = ddmCodes["DBS.200002"] as Meaning;

/** `isMissing`: the service itself has no such thing, whatever its code for that. */
export function meaningOf(code: string, status: number, isMissing = false): Meaning {
  const digits = /^APIG(?:W)?\.(\d{4})$/.exec(code)?.[1];
  if (isMissing && digits === undefined) return gone;
  const known = ddmCodes[code];
  return (
    // Those statuses say that it cannot be asked for, not that it is not there.
    (known?.kind === "gone" && (status === 400 || status === 403) ? undefined : known) ??
    (digits === undefined ? undefined : gatewayCodes[digits]) ??
    statuses[status] ?? { kind: "server", advice: doubt }
  );
}

const credentialAdvice = {
  key: undefined,
  token: "Check huaweiAuthToken (or HW_AUTH_TOKEN): it may have expired, or be for another project.",
  password: "Check huaweiUserName, huaweiPassword and huaweiDomainName.",
};

export function huaweiError(failed: {
  service?: string;
  /** How the call was authenticated. */
  by?: keyof typeof credentialAdvice;
  action: string;
  code: string;
  status: number;
  isMissing?: boolean;
  message: string;
  requestId?: string | undefined;
}): CloudError {
  const { kind, advice } = meaningOf(failed.code, failed.status, failed.isMissing);
  return new CloudError({
    cloud: failed.service ?? "Huawei DDM",
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice: (kind === "credentials" && credentialAdvice[failed.by ?? "key"]) || advice,
    mayHaveHappened: kind === "server",
  });
}
