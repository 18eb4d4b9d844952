// Where Tencent Cloud's credentials and region come from: stack config first, then the environment. They are read
// for each process and never become part of a resource.
import type { ConfigLookup, Context } from "../base/context";
import { StoppedError } from "../base/errors";
import { type AccountRef, endpointAt, keptByAccount, settingsOf } from "../call/account";
import { keySourceOf } from "../call/keys";
import type { ClockLearnt } from "../call/wire";
import { createTencentClient, endpointUrl, type TencentClient, type TencentSettings } from "./client";

export function tencentSettings(
  config: ConfigLookup,
  place: AccountRef = {},
  environment: NodeJS.ProcessEnv = process.env,
): TencentSettings {
  const settings = settingsOf(config, place.profile, environment);
  // A key pair comes from one place as a whole, so that half of one account never meets half of another.
  const own = ["tencentSecretId", "tencentSecretKey"].find((key) => settings.config(key));
  const look = (key: string, variable: string) => (own ? settings.config(key) : settings.variable(variable));
  const secretId = look("tencentSecretId", "TENCENTCLOUD_SECRET_ID");
  const secretKey = look("tencentSecretKey", "TENCENTCLOUD_SECRET_KEY");
  const token = look("tencentToken", "TENCENTCLOUD_SECURITY_TOKEN");
  const source =
    keySourceOf(settings, "config", "tencent", own) ??
    keySourceOf(settings, "environment", "tencent", secretId ?? secretKey, "TENCENTCLOUD_CREDENTIALS_FILE");
  const region = place.region ?? settings.shared("tencentRegion", "TENCENTCLOUD_REGION");
  const missing: string[] = [];
  if (!source && !secretId)
    missing.push(`the secret id, ${settings.setting("tencentSecretId", "TENCENTCLOUD_SECRET_ID")}`);
  if (!source && !secretKey) {
    missing.push(`the secret key, ${settings.setting("tencentSecretKey", "TENCENTCLOUD_SECRET_KEY", true)}`);
  }
  if (!region) {
    missing.push(
      "the region, such as ap-guangzhou: the input region, bigdata:tencentRegion, or TENCENTCLOUD_REGION",
    );
  }
  const credentials = source ?? (secretId && secretKey ? { secretId, secretKey, token } : undefined);
  if (!credentials || !region) {
    throw new StoppedError(
      `Tencent Cloud is not configured${settings.suffix}: set ${missing.join("; and ")}.`,
    );
  }
  const endpoint = endpointAt(
    settings,
    "tencentEndpoint",
    (text) => endpointUrl(text, "emr"),
    "a URL or host in which {service} may stand for the product, such as https://{service}.intl.tencentcloudapi.com",
  );
  return { credentials, region, endpoint };
}

const learntAt = keptByAccount<ClockLearnt>();

/**
 * The client for a place; what a resource says comes before what is configured. What exists is looked for where state
 * says it is: elsewhere an id that does not exist proves nothing. Throws what to set where it is not.
 */
export function tencentClient(context: Context, place: AccountRef): TencentClient {
  const learnt = learntAt(context, `${place.region ?? ""}/${place.profile ?? ""}`);
  return createTencentClient(tencentSettings(context.config, place), context, learnt);
}
