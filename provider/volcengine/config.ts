// Where Volcengine's credentials and region come from: stack config first, then the environment.
import type { Context } from "../base/context";
import { StoppedError } from "../base/errors";
import { type AccountRef, endpointAt, keptByAccount, settingsOf } from "../call/account";
import { keySourceOf } from "../call/keys";
import type { ClockLearnt } from "../call/wire";
import { createVolcengineClient, type VolcengineClient } from "./client";
import { hostsOf } from "./hosts";

const learntAt = keptByAccount<ClockLearnt>();

/** The client for a place; what a resource says comes before what is configured. Throws what to set where it is not. */
export function volcengineClient(
  context: Context,
  place: AccountRef,
  environment: NodeJS.ProcessEnv = process.env,
): VolcengineClient {
  const settings = settingsOf(context.config, place.profile, environment);
  // A key pair comes from one place as a whole, so that half of one account never meets half of another.
  const own = ["volcengineAccessKey", "volcengineSecretKey"].find((key) => settings.config(key));
  const look = (key: string, variable: string) => (own ? settings.config(key) : settings.variable(variable));
  const accessKey = look("volcengineAccessKey", "VOLCENGINE_ACCESS_KEY");
  const secretKey = look("volcengineSecretKey", "VOLCENGINE_SECRET_KEY");
  const sessionToken = look("volcengineSessionToken", "VOLCENGINE_SESSION_TOKEN");
  const source = keySourceOf(settings, "config", "volcengine", own);
  const region = place.region ?? settings.shared("volcengineRegion", "VOLCENGINE_REGION");
  const missing: string[] = [];
  if (!source && !accessKey)
    missing.push(`the access key, ${settings.setting("volcengineAccessKey", "VOLCENGINE_ACCESS_KEY")}`);
  if (!source && !secretKey) {
    missing.push(`the secret key, ${settings.setting("volcengineSecretKey", "VOLCENGINE_SECRET_KEY", true)}`);
  }
  if (!region) {
    missing.push(
      "the region, such as cn-beijing: the input region, bigdata:volcengineRegion, or VOLCENGINE_REGION",
    );
  }
  const credentials = source ?? (accessKey && secretKey ? { accessKey, secretKey, sessionToken } : undefined);
  if (!credentials || !region) {
    throw new StoppedError(`Volcengine is not configured${settings.suffix}: set ${missing.join("; and ")}.`);
  }
  const endpoint = endpointAt(
    settings,
    "volcengineEndpoint",
    (text) => hostsOf(text, region).usual,
    "a URL or host in which {region} may stand for the region, such as https://emr.{region}.volcengineapi.com",
  );
  const hosts = hostsOf(endpoint, region);
  const learnt = learntAt(context, `${region}/${place.profile ?? ""}`);
  return createVolcengineClient({ credentials, region, hosts }, context, learnt);
}
