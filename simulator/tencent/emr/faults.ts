// What can befall calls of EMR.
import { z } from "zod";
import { defineFaults, sharedFaults } from "../../faults";
import { scaleOutStages } from "./settings";

const stage = z.enum(scaleOutStages);

const { partialFill, vanishNode } = sharedFaults;
export const emrFaults = {
  partialFill,
  vanishNode,
  ...defineFaults({
    /** The next scale-out fails at a stage: no nodes at lookupResources or applyCvm, nodes without services later. */
    flowFails: {
      stage: stage.default("woodpeckerScaleoutCluster"),
      reason: z.string().default("woodpecker job failed"),
    },
    /** The next scale-out stops at a stage with -3 and keeps the cluster until `emr.releaseFlow`. */
    flowBlocks: {
      stage: stage.default("queryWoodpeckerFlow"),
      reason: z.string().default("waiting for manual confirmation"),
    },
    /** The next scale-out's nodes never get their tags; the flow goes on and ends 3. */
    tagStageFails: { reason: z.string().default("bind tags failed") },
    /**
     * The next start, stop or restart of services leaves `count` processes, the first that fit, as they were.
     * `stopped`: a restart has taken them down, and they did not come up again.
     */
    processesFail: {
      service: z.string().optional(),
      component: z.string().optional(),
      ip: z.string().optional(),
      count: z.int().positive().default(1),
      stopped: z.boolean().default(false),
    },
    /** The lists of EMR show their first `rows` only, whatever is asked; TotalCnt still tells of all. */
    cutList: { rows: z.int().nonnegative() },
    /** DescribeInstances reports this cluster status. */
    lyingStatus: { status: z.int() },
  }),
};
