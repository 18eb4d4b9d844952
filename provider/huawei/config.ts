// Where Huawei Cloud's credentials, region and project come from: stack config first, then the environment.
import type { Context } from "../base/context";
import { StoppedError } from "../base/errors";
import { endpointAt, keptByAccount, type ProjectRef, type Settings, settingsOf } from "../call/account";
import { urlOf } from "../call/endpoint";
import { keySourceOf } from "../call/keys";
import { createHuaweiClient, type HuaweiClient, type HuaweiCredentials, type HuaweiLearnt } from "./client";

/** Of which a set is made, by their variables. */
const keyNames = [
  ["huaweiAccessKey", "HW_ACCESS_KEY"],
  ["huaweiSecretKey", "HW_SECRET_KEY"],
  ["huaweiAuthToken", "HW_AUTH_TOKEN"],
  ["huaweiUserName", "HW_USER_NAME"],
  ["huaweiPassword", "HW_USER_PASSWORD"],
  ["huaweiDomainName", "HW_DOMAIN_NAME"],
] as const;

function credentialsFrom(settings: Settings): HuaweiCredentials | undefined {
  // Each set comes from one place as a whole, so that half of one account never meets half of another.
  const places: ["config" | "environment", (key: string, variable: string) => string | undefined][] = [
    ["config", (key) => settings.config(key)],
    ["environment", (_, variable) => settings.variable(variable)],
  ];
  for (const [place, look] of places) {
    const own = keyNames.find(([key, variable]) => look(key, variable))?.[0];
    const source = keySourceOf(settings, place, "huawei", own, "HUAWEICLOUD_SDK_CREDENTIALS_FILE");
    if (source) return { kind: "renewed", source };
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
    if (own) return undefined;
  }
  return undefined;
}

const learntAt = keptByAccount<HuaweiLearnt>();

/** The client for a place; what a resource says comes before what is configured. Throws what to set where it is not. */
export function huaweiClient(
  context: Context,
  place: ProjectRef,
  environment: NodeJS.ProcessEnv = process.env,
): HuaweiClient {
  const settings = settingsOf(context.config, place.profile, environment);
  const region = place.region || settings.shared("huaweiRegion", "HW_REGION_NAME");
  const projectId = place.projectId || settings.shared("huaweiProjectId", "HW_PROJECT_ID");
  const credentials = credentialsFrom(settings);
  const missing: string[] = [];
  if (!credentials) {
    const { setting } = settings;
    missing.push(
      `credentials, one set as a whole: ${setting("huaweiAccessKey", "HW_ACCESS_KEY")} and ${setting("huaweiSecretKey", "HW_SECRET_KEY", true)}; or ${setting("huaweiAuthToken", "HW_AUTH_TOKEN", true)}; or ${setting("huaweiUserName", "HW_USER_NAME")}, ${setting("huaweiPassword", "HW_USER_PASSWORD", true)} and ${setting("huaweiDomainName", "HW_DOMAIN_NAME")}`,
    );
  }
  if (!region) missing.push("the region (the input region, bigdata:huaweiRegion, or HW_REGION_NAME)");
  if (!projectId)
    missing.push("the project (the input projectId, bigdata:huaweiProjectId, or HW_PROJECT_ID)");
  if (!credentials || !region || !projectId) {
    throw new StoppedError(
      `Huawei Cloud is not configured${settings.suffix}: set ${missing.join(", and ")}.`,
    );
  }
  const endpoints = ["huaweiEndpoint", "huaweiIamEndpoint", "huaweiBssEndpoint"].map((key) =>
    endpointAt(settings, key, urlOf, "a URL or host, such as https://ddm.eu-west-101.myhuaweicloud.eu"),
  );
  const [endpoint, iamEndpoint, bssEndpoint] = endpoints;
  const learnt = learntAt(context, `${region}/${projectId}/${place.profile ?? ""}`);
  return createHuaweiClient(
    { credentials, region, projectId, endpoint, iamEndpoint, bssEndpoint },
    context,
    learnt,
  );
}
