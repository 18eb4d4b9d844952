// What can befall calls of DLC.
import { z } from "zod";
import { defineFaults } from "../../faults";

export const dlcFaults = defineFaults({
  /**
   * The next switch, upgrade or rollback of an engine's image comes to nothing. "failed": state -1 with the
   * reason as Message. "oldVersion": state 2 with the version it had.
   */
  imageChangeFails: {
    ends: z.enum(["failed", "oldVersion"]).default("failed"),
    reason: z.string().default("image change failed"),
  },
});
