// The switches of simulated Tencent Cloud that all its products obey.
import { z } from "zod";
import { flag, number, oneOf } from "../setting";
import type { BaseSettings } from "../settings";

export const tencentSettings = z.strictObject({
  /** Which edition's fields are known; a field of the other edition is an UnknownParameter. */
  edition: oneOf("mainland", "international"),
  /** false: integers may arrive as strings ("1"), as in the vendor's own example. true: InvalidParameter. */
  strictTypes: flag(false),
  /** Calls per second and action, in simulator time. In stepped mode the second only passes when it is advanced. */
  rateLimitPerSecond: number(20),
  /** Greatest distance between X-TC-Timestamp and simulator time. */
  clockSkewSeconds: number(300),
  /** Time zone of the API's zone-less time strings, in minutes east of UTC. */
  timeZoneOffsetMinutes: number(480),
});
export type TencentSettings = z.output<typeof tencentSettings> & BaseSettings;
