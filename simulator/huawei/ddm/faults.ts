// What can befall calls of DDM.
import { z } from "zod";
import { defineFaults, sharedFaults } from "../../faults";

const { lyingInstanceStatus, partialFill, vanishNode } = sharedFaults;
export const ddmFaults = {
  partialFill,
  vanishNode,
  lyingInstanceStatus,
  ...defineFaults({
    /** The job of the next call that starts one fails, and with it every node it was to make. */
    jobFails: {
      reason: z.string().default("the job failed"),
      /** Status of the instance afterwards. Default: `huawei.statusAfterFailure`. */
      status: z.enum(["RUNNING", "ERROR"]).optional(),
      /** What becomes of the nodes: they stay as `enlargefail`, or there are none. */
      nodes: z.enum(["enlargefail", "gone"]).default("enlargefail"),
    },
  }),
};
