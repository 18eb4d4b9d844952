// What can befall calls of VKE.
import { z } from "zod";
import { defineFaults, sharedFaults } from "../../faults";

export const vkeFaults = {
  lyingInstanceStatus: sharedFaults.lyingInstanceStatus,
  ...defineFaults({
    /** The next action's operation ends FAILED. `instances`: what becomes of those it was to change. */
    operationFails: {
      reason: z.string().default("the operation failed"),
      /** "failed": `START_FAILED` and the like. */
      instances: z.enum(["asBefore", "failed", "exception"]).default("asBefore"),
    },
    /** The next action's operation stays PENDING until `vke.release`. */
    operationStuck: {},
  }),
};
