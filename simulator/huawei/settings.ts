// The switches of simulated Huawei Cloud that all its products obey.
import { z } from "zod";
import { limit, list, number, oneOf } from "../setting";
import type { BaseSettings } from "../settings";

export const defaultProjectId = "0123456789abcdef0123456789abcdef";

const common = z.strictObject({
  /** The account's projects; a token can be got for each by id or name (the region). The first is the default. */
  projects: list(z.object({ id: z.string(), name: z.string() }), [
    { id: defaultProjectId, name: "eu-west-101" },
  ]),
  /** Who can get a token by password. */
  users: list(z.object({ domain: z.string(), name: z.string(), password: z.string() }), [
    { domain: "simulated-account", name: "simulated-user", password: "simulatorPassword0001" },
  ]),
  /** How long a token is valid, in simulator time; not scaled. */
  tokenLifetimeMilliseconds: number(86_400_000),
  /** Greatest distance between X-Sdk-Date and simulator time. */
  clockSkewSeconds: number(900),
  /** That many wrong signatures in a row lock the key; 0 = never. */
  lockAfterFailures: number(5),
  /** Not scaled. */
  keyLockMilliseconds: number(300_000),
  /** Calls per second and action in simulator time; null = no limit. */
  rateLimitPerSecond: limit(),
  gatewayCodePrefix: oneOf("APIGW", "APIG"),
  /** How v3 calls spell their errors: error_code and error_msg (schema), or errCode and externalMessage. */
  v3ErrorShape: oneOf("schema", "example"),
  /** Fields of a body that the API does not have. "refused": 400. */
  unknownFields: oneOf("ignored", "refused"),
});
export const huaweiSettings = z.strictObject({ huawei: common.prefault({}) });
export type HuaweiSettings = z.output<typeof huaweiSettings> & BaseSettings;
