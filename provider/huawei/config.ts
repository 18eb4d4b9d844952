// Where Huawei Cloud's credentials, region and project come from: stack config first, then the environment.
import type { ConfigLookup, Context } from "../context";
import { StoppedError } from "../errors";
import { createHuaweiClient, type HuaweiClient, type HuaweiCredentials } from "./client";

export interface HuaweiPlace {
  region?: string | undefined;
  projectId?: string | undefined;
}

function credentialsFrom(
  config: ConfigLookup,
  environment: NodeJS.ProcessEnv,
): HuaweiCredentials | undefined {
  // Each set comes from one place as a whole, so that half of one account never meets half of another.
  const places: ((key: string, variable: string) => string | undefined)[] = [
    (key) => config(key),
    (_, variable) => environment[variable],
  ];
  for (const look of places) {
    const accessKey = look("huaweiAccessKey", "HW_ACCESS_KEY");
    const secretKey = look("huaweiSecretKey", "HW_SECRET_KEY");
    if (accessKey && secretKey) {
      const securityToken = look("huaweiSecurityToken", "HW_SECURITY_TOKEN") || undefined;
      return { kind: "key", accessKey, secretKey, securityToken };
    }
    const token = look("huaweiAuthToken", "HW_AUTH_TOKEN");
    if (token) return { kind: "token", token };
    const userName = look("huaweiUserName", "HW_USER_NAME");
    const password = look("huaweiPassword", "HW_USER_PASSWORD");
    const domainName = look("huaweiDomainName", "HW_DOMAIN_NAME");
    if (userName && password && domainName) return { kind: "password", userName, password, domainName };
    if (accessKey || secretKey || userName || password || domainName) return undefined;
  }
  return undefined;
}

const clients = new WeakMap<ConfigLookup, Map<string, HuaweiClient>>();

/** The client for a place; what a resource says comes before what is configured. Throws what to set where it is not. */
export function huaweiClient(
  context: Context,
  place: HuaweiPlace,
  environment: NodeJS.ProcessEnv = process.env,
): HuaweiClient {
  const { config } = context;
  const region = place.region || config("huaweiRegion") || environment["HW_REGION_NAME"];
  const projectId = place.projectId || config("huaweiProjectId") || environment["HW_PROJECT_ID"];
  const credentials = credentialsFrom(config, environment);
  const missing: string[] = [];
  if (!credentials) {
    missing.push(
      "credentials, one set as a whole: bigdata:huaweiAccessKey and (with --secret) bigdata:huaweiSecretKey, or HW_ACCESS_KEY and HW_SECRET_KEY; or bigdata:huaweiAuthToken (HW_AUTH_TOKEN); or bigdata:huaweiUserName, bigdata:huaweiPassword and bigdata:huaweiDomainName (HW_USER_NAME, HW_USER_PASSWORD, HW_DOMAIN_NAME)",
    );
  }
  if (!region) missing.push("the region (the input region, bigdata:huaweiRegion, or HW_REGION_NAME)");
  if (!projectId)
    missing.push("the project (the input projectId, bigdata:huaweiProjectId, or HW_PROJECT_ID)");
  if (!credentials || !region || !projectId) {
    throw new StoppedError(`Huawei Cloud is not configured: set ${missing.join(", and ")}.`);
  }
  const known = clients.get(config) ?? new Map<string, HuaweiClient>();
  clients.set(config, known);
  const key = `${region}/${projectId}`;
  const client =
    known.get(key) ??
    createHuaweiClient(
      {
        credentials,
        region,
        projectId,
        endpoint: config("huaweiEndpoint") || undefined,
        iamEndpoint: config("huaweiIamEndpoint") || undefined,
      },
      context.clock,
    );
  known.set(key, client);
  return client;
}
