// What Huawei Cloud's error codes mean for a caller, and what to do about each. By code where one is known, else by
// HTTP status. Never judged by the message.
import { CloudError, type ErrorKind } from "../base/errors";

interface ErrorClass {
  kind: ErrorKind;
  advice: string;
}

type Codes = Readonly<Record<string, ErrorClass>>;

const meaning = (kind: ErrorKind) => (advice: string) => ({ kind, advice });
const bug = meaning("bug");
const fixInput = meaning("fixInput");
const gone = meaning("gone");
const permission = meaning("permission");
const refused = meaning("refused");
const soldOut = meaning("soldOut");

const all = (names: readonly string[], meant: ErrorClass): Codes =>
  Object.fromEntries(names.map((name) => [name, meant]));

const busy: ErrorClass = {
  kind: "busy",
  advice:
    "Wait until the instance is normal and nothing else operates on it, or look at it in the DDM console.",
};
const doubt: ErrorClass = {
  kind: "server",
  advice: "Run again later; nothing is sent twice before it is known what happened.",
};
const inputs = fixInput("Check the inputs against the instance.");
const support = fixInput("Look at the instance in the DDM console, or ask Huawei Cloud's support.");
const unavailable = refused("Check `region` and huaweiEndpoint: the service is not offered there.");

/** The published codes of DDM that concern its instances, nodes and tasks, and those of its sibling database services. */
const ddmCodes: Codes = {
  "DBS.280001": fixInput("Check `instanceId`, `groupId`, `flavorId` and `nodeCount` against the instance."),
  "DBS.300002": doubt,
  "DBS.300005": fixInput("Look at the instance in the DDM console: the request could not be processed."),
  "DBS.300120": doubt,
  "DBS.300133": {
    kind: "busy",
    advice: "Wait until the schema that is being scaled out is done, or look at it in the DDM console.",
  },
  "DBS.300322": doubt,
  "DBS.300323": {
    kind: "busy",
    advice: "Mend the associated RDS instance, or wait for it: it is missing, abnormal or busy.",
  },
  "DBS.300330": doubt,
  "DBS.300346": doubt,
  "DBS.300350": support,
  "DBS.300360": refused("Look at the associated instance in its console: it does not support the operation."),
  "DBS.300363": support,
  "DBS.300369": doubt,
  "DBS.300370": refused("Ask Huawei Cloud's support to enable load balancing for the instance."),
  "DBS.300375": inputs,
  "DBS.300377": bug("The cloud does not take the period that was asked for; please report this."),
  "DBS.300379": refused("Look at the task in the DDM console: its kind does not allow it."),
  "DBS.300400": refused("Look for the task in the DDM console: the cloud does not find it."),
  "DBS.200412": doubt,
  // Only siblings publish those below.
  "DBS.200001": inputs,
  ...all(["DBS.200002", "DBS.280110"], gone("Check `instanceId`, the project and the region.")),
  ...all(
    ["DBS.200010", "DBS.200044"],
    permission("Check that the instance belongs to the project, and grant the user the DDM permissions."),
  ),
  "DBS.200025": fixInput("Check `availabilityZones`."),
  "DBS.200046": soldOut("Ask for a higher quota of instances."),
  ...all(["DBS.200053", "DBS.200054"], fixInput("Check `flavorId`: it must be on sale in the zone.")),
  "DBS.200056": fixInput("Lower `nodeCount`: the instance has as many nodes as it may have."),
  // The status of the instance forbids it for now; the vendor's other clients wait and send again.
  ...all(
    [
      "DBS.200011",
      "DBS.200018",
      "DBS.200019",
      "DBS.200047",
      "DBS.200076",
      "DBS.200080",
      "DBS.200086",
      "DBS.200452",
      "DBS.200463",
      "DBS.200611",
      "DBS.201000",
      "DBS.201014",
      "DBS.201015",
      "DBS.201202",
      "DBS.201206",
      "DBS.212033",
      "DBS.216011",
      "DBS.280005",
      "DBS.280011",
      "DBS.280343",
      "DBS.280816",
      "DBS.00010009",
      "DBS.01010337",
      "DBS.01280030",
      "DBS.05000084",
    ],
    busy,
  ),
};

/** The billing service's, of the call that looks at an order. */
const bssCodes: Codes = {
  ...all(
    ["CBC.0100", "CBC.0101"],
    refused("Look for the order in the billing center: its number is not taken."),
  ),
  ...all(
    ["CBC.0150", "CBC.0156"],
    fixInput("Check huaweiBssEndpoint: the account belongs to another site of Huawei Cloud."),
  ),
  "CBC.0151": permission("Grant the user billing:order:view."),
  "CBC.0155": permission("Grant the user the right to look at orders in the billing center."),
  "CBC.0250": { kind: "throttled", advice: "Too many requests; run again later." },
  "CBC.0999": doubt,
  "CBC.30000010": gone("Look for the order in the billing center: the cloud does not find it."),
};

const credentials: ErrorClass = {
  kind: "credentials",
  advice:
    "Check huaweiAccessKey, huaweiSecretKey, huaweiSecurityToken (or HW_ACCESS_KEY and its kin) and this machine's clock. It is not tried again: five wrong signatures lock the key.",
};
const wrongClock: ErrorClass = {
  kind: "clock",
  advice: "Set this machine's clock: it may be at most 15 minutes off.",
};
const forbidden = permission(
  "Grant the user the permissions that the call needs: DDM's, or billing:order:view for an order.",
);
const throttled: ErrorClass = { kind: "throttled", advice: "Too many requests; run again later." };
const unreadable = bug("The gateway did not take the request; please report this.");
const address = permission(
  "Let this machine's address call the API: the account's or the gateway's lists bar it.",
);

/** The gateway's codes, by their digits: the prefix is APIGW. on some pages and APIG. on others. */
const gatewayCodes: Codes = {
  "0101": refused("Check huaweiEndpoint and the region: this endpoint does not offer the call."),
  // The gateway is set up wrongly. It is no sign that the service does not offer the call.
  ...all(["0103", "0104", "0105", "0106"], doubt),
  ...all(["0301", "0303", "0305", "0307", "0311"], credentials),
  ...all(["0302", "0304", "0306"], forbidden),
  "0308": throttled,
  "0310": fixInput("Check `projectId`, or huaweiProjectId: the project is not available."),
  ...all(["0401", "0402", "0404"], address),
  "0501": soldOut("Ask for a higher quota of calls."),
  "0502": soldOut("Top up the account, then run again."),
  ...all(["0601", "0605", "0606", "0608", "0609", "0610", "0611", "0612", "0613", "0705"], doubt),
  "0602": unreadable,
  "0607": fixInput("Check huaweiEndpoint: the gateway wants another protocol, http or https."),
  "0801": unavailable,
  "0802": permission("Let the user use the region, or choose another `region`."),
};

const statuses: Readonly<Record<number, ErrorClass>> = {
  400: inputs,
  401: credentials,
  403: forbidden,
  // Without DDM's own code it may be any server's: nothing is taken for gone because of it.
  404: refused("Check huaweiEndpoint, the project, the region and `instanceId`."),
  405: unavailable,
  409: busy,
  413: soldOut("Ask for a higher quota: it is used up."),
  415: bug("The gateway did not take the content type; please report this."),
  429: throttled,
};

/** One code for all that is wrong with a request, and for servers that cannot be reached. */
const badRequest = "0201";
const missing = ddmCodes["DBS.200002"] as ErrorClass;

/** `isMissing`: the service itself has no such thing, whatever its code for that. */
export function meaningOf(code: string, status: number, isMissing = false): ErrorClass {
  const digits = /^APIG(?:W)?\.(\d{4})$/.exec(code)?.[1];
  if (isMissing && digits === undefined) return missing;
  if (digits === badRequest) return status >= 500 ? doubt : unreadable;
  const known = ddmCodes[code];
  // Those statuses say that it cannot be asked for, not that it is not there.
  const isRefusal = known?.kind === "gone" && (status === 400 || status === 403);
  return (
    (isRefusal ? undefined : known) ??
    bssCodes[code] ??
    gatewayCodes[digits ?? ""] ??
    statuses[status] ??
    doubt
  );
}

const credentialAdvice = {
  key: undefined,
  renewed: undefined,
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
  /** Whether it was signed with a time that is far from the cloud's. */
  isLate?: boolean;
  /** What to do where the credentials are refused, if that depends on where they come from. */
  credentialsAdvice?: string | undefined;
}): CloudError {
  const meant = meaningOf(failed.code, failed.status, failed.isMissing);
  // No code tells a time that is wrong from a key that is.
  const { kind, advice } = failed.isLate && meant.kind === "credentials" ? wrongClock : meant;
  const own = failed.credentialsAdvice ?? credentialAdvice[failed.by ?? "key"];
  return new CloudError({
    cloud: failed.service ?? "Huawei DDM",
    action: failed.action,
    code: failed.code,
    kind,
    message: failed.message,
    requestId: failed.requestId,
    advice: (kind === "credentials" && own) || advice,
    // "Busy" from a server that failed refuses nothing for certain.
    mayHaveHappened: kind === "server" || (kind === "busy" && failed.status >= 500),
  });
}

const badLogin: ErrorClass = {
  kind: "credentials",
  advice:
    "Check huaweiUserName, huaweiPassword and huaweiDomainName; a HUAWEI ID cannot log in this way, an IAM user can.",
};

/** What an answer of the token call means where it is not a token. Its codes are those of HTTP. */
const iamStatuses: Readonly<Record<number, ErrorClass>> = {
  400: badLogin,
  401: badLogin,
  403: {
    kind: "credentials",
    advice: "Let the IAM user log in to the API (programmatic access) and use the project huaweiProjectId.",
  },
  404: {
    kind: "credentials",
    advice: "Check huaweiProjectId, huaweiDomainName and the region: IAM does not find one of them.",
  },
  // Not "throttled": each attempt of the call that needs the token logs in anew, and has repeats of its own.
  429: { kind: "server", advice: "Too many logins; run again later." },
};

/** A login that failed: what was to be called was not reached. */
export function iamError(failed: { cloud: string; status: number; message: string }): CloudError {
  const trouble: ErrorClass = { kind: "server", advice: "Run again later." };
  const { kind, advice } = iamStatuses[failed.status] ?? (failed.status >= 500 ? trouble : badLogin);
  return new CloudError({
    cloud: failed.cloud,
    action: "log in",
    code: `HTTP${failed.status}`,
    kind,
    message: failed.message,
    advice,
    mayHaveHappened: false,
  });
}
