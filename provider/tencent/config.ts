// Where Tencent Cloud's credentials and region come from: stack config first, then the environment. They are read
// for each process and never become part of a resource.
import type { ConfigLookup, Context } from "../context";
import { StoppedError } from "../errors";
import { createTencentClient, endpointUrl, type TencentClient, type TencentSettings } from "./client";

export function tencentSettings(
  config: ConfigLookup,
  environment: NodeJS.ProcessEnv = process.env,
): TencentSettings {
  // A key pair comes from one place as a whole, so that half of one account never meets half of another.
  const fromConfig = config("tencentSecretId") || config("tencentSecretKey");
  const secretId = fromConfig ? config("tencentSecretId") : environment["TENCENTCLOUD_SECRET_ID"];
  const secretKey = fromConfig ? config("tencentSecretKey") : environment["TENCENTCLOUD_SECRET_KEY"];
  const token = fromConfig ? config("tencentToken") : environment["TENCENTCLOUD_SECURITY_TOKEN"];
  const region = config("tencentRegion") || environment["TENCENTCLOUD_REGION"];
  const missing: string[] = [];
  if (!secretId) {
    missing.push("the secret id (`pulumi config set bigdata:tencentSecretId …`, or TENCENTCLOUD_SECRET_ID)");
  }
  if (!secretKey) {
    missing.push(
      "the secret key (`pulumi config set --secret bigdata:tencentSecretKey …`, or TENCENTCLOUD_SECRET_KEY)",
    );
  }
  if (!region) {
    missing.push(
      "the region (`pulumi config set bigdata:tencentRegion ap-guangzhou`, or TENCENTCLOUD_REGION)",
    );
  }
  if (!secretId || !secretKey || !region) {
    throw new StoppedError(`Tencent Cloud is not configured: set ${missing.join(", and ")}.`);
  }
  const endpoint = config("tencentEndpoint") || undefined;
  try {
    endpointUrl(endpoint, "emr");
  } catch {
    throw new StoppedError(
      "bigdata:tencentEndpoint must be a URL or host in which {service} may stand for the product, such as " +
        "https://{service}.intl.tencentcloudapi.com.",
    );
  }
  return { credentials: { secretId, secretKey, token: token || undefined }, region, endpoint };
}

const clients = new WeakMap<ConfigLookup, TencentClient>();

/** The client for the configured account and region; throws what to set when it is not configured. */
export function tencentClient(context: Context): TencentClient {
  let client = clients.get(context.config);
  if (!client) {
    client = createTencentClient(tencentSettings(context.config), context.clock);
    clients.set(context.config, client);
  }
  return client;
}

/** The client for what state says is in `region`: elsewhere an id that does not exist proves nothing. */
export function clientInRegion(context: Context, region: string | undefined, what: string): TencentClient {
  const client = tencentClient(context);
  if (region && region !== client.region) {
    throw new StoppedError(
      `${what} is in region ${region}, but bigdata:tencentRegion (or TENCENTCLOUD_REGION) says ${client.region}. Set it back to ${region}: it cannot move.`,
    );
  }
  return client;
}
