// The actions that list and operate the processes of EMR services.
import { z } from "zod";
import { lenient } from "../../call/wire";
import { emrAction } from "./action";
import { emrClusterId } from "./purchaseApi";

export const describeServiceNodeInfos = emrAction(
  "DescribeServiceNodeInfos",
  "read",
  z.strictObject({
    instanceId: emrClusterId,
    serviceName: z.string().min(1),
    offset: z.int(),
    limit: z.int(),
    /** 0 all, 1 normal, 2 in maintenance. What the numbers in the answer mean is not documented; these are. */
    maintainStateId: z.int().optional(),
    /** 0 all, 1 started, 2 stopped. */
    operatorStateId: z.int().optional(),
  }),
  z.looseObject({
    totalCnt: z.int().optional(),
    serviceNodeList: z
      .array(
        z.looseObject({
          ip: z.string(),
          nodeName: z.string(),
          // What tells two processes of one name on one node apart.
          nameService: lenient(z.string()),
          nodeFlagFilter: lenient(z.string()),
          lastRestartTime: z.string().optional(),
          healthStatus: z.looseObject({ code: z.int().optional(), text: z.string().optional() }).optional(),
        }),
      )
      .default([]),
  }),
);

const operationScope = z.strictObject({
  serviceInfoList: z
    .array(
      z.strictObject({
        serviceName: z.string().min(1),
        componentInfoList: z
          .array(z.strictObject({ componentName: z.string().min(1), ipList: z.array(z.string()).optional() }))
          .optional(),
      }),
    )
    .min(1),
});

export const startStopServiceOrMonitor = emrAction(
  "StartStopServiceOrMonitor",
  // Starting and stopping end in the same place; a restart does not.
  "never",
  z.strictObject({
    instanceId: emrClusterId,
    opType: z.enum(["StartService", "StopService", "RestartService", "StartMonitor", "StopMonitor"]),
    opScope: operationScope,
    strategyConfig: z
      .strictObject({
        rollingRestartSwitch: z.int().min(0).max(1),
        batchSize: z.int().min(1).max(99_999).optional(),
        timeWait: z.int().min(0).max(300).optional(),
        dealOnFail: z.int().min(0).max(1).optional(),
      })
      .optional(),
  }),
  z.looseObject({}),
);
