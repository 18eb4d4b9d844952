// What the run-state of an EMR service may be told, and what it tells.
import { z } from "zod";
import { choice, named } from "../choice";
import { input, inputObject, output } from "../fields";
import { profileInput, regionInput } from "../placeInputs";
import { runState, runStateOnDelete } from "../runState";
import type { Rule } from "../schema";
import { timeoutProblems, timeoutsInput } from "../timeouts";
import { emrClusterId } from "./emrPurchase";

const restart = z.strictObject({
  rolling: z
    .boolean()
    .optional()
    .describe("Restart in batches instead of all at once. Default `true`. API: `RollingRestartSwitch`."),
  batchSize: z
    .int()
    .min(1)
    .max(99_999)
    .optional()
    .describe("Processes in a batch, 1 to 99999. Default `1`. API: `BatchSize`."),
  waitSeconds: z
    .int()
    .min(0)
    .max(300)
    .optional()
    .describe("Seconds between batches, 0 to 300. Default `0`. API: `TimeWait`."),
  onFailure: choice({
    block: "The restart stops at the batch that fails.",
    continue: "The other batches are restarted all the same.",
  })
    .optional()
    .describe("What a batch that fails does to the others. Default `block`. API: `DealOnFail`."),
});

export const serviceStateInputs = inputObject({
  region: regionInput,
  profile: profileInput,
  clusterId: input(
    { change: "replaces" },
    emrClusterId.describe(
      "Id of the EMR cluster, such as `emr-5n3l5c83`. Changing it replaces the resource. API: `InstanceId`.",
    ),
  ),
  service: input(
    { change: "replaces" },
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, "must be the name of a service, such as HDFS or YARN")
      .describe(
        "Name of the service, such as `YARN`. Changing it replaces the resource. API: `ServiceName`.",
      ),
  ),
  components: input(
    { change: "inPlace", set: true },
    z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Components of the service, such as `NodeManager`. Default: all. API: `ComponentName`."),
  ),
  nodeIps: input(
    { change: "inPlace", set: true },
    z
      .array(z.ipv4("must be an IPv4 address"))
      .min(1)
      .optional()
      .describe(
        "Nodes on which the components are meant, by private IP address. Needs `components`. Default: all. API: `IpList`.",
      ),
  ),
  state: input(
    { change: "inPlace" },
    runState.describe("What the processes shall be. API: `OpType` StartService and StopService."),
  ),
  maintenance: input(
    { change: "inPlace" },
    z
      .boolean()
      .optional()
      .describe(
        "`true`: in maintenance, the watchdog leaves the processes alone and raises no alarms; `false`: it watches and revives them. Default: as it is. API: `OpType` StopMonitor enters maintenance, StartMonitor leaves it.",
      ),
  ),
  restartTriggers: input(
    { change: "inPlace" },
    z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Any values, such as a checksum of the configuration: a change restarts the processes. API: `OpType` RestartService.",
      ),
  ),
  restart: input(
    { change: "later" },
    restart.optional().describe("How a restart goes about it. API: `StrategyConfig`."),
  ),
  onDelete: input(
    { change: "later" },
    runStateOnDelete
      .default("leave")
      .describe(
        "What deleting the resource does to the processes: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`.",
      ),
  ),
  timeouts: timeoutsInput("30m"),
});

export type ServiceStateInputs = z.output<typeof serviceStateInputs>;

const processOutput = named(
  "EmrProcess",
  "A process of a service of an EMR cluster.",
  z.object({
    component: z.string().describe("Name of the process, such as `NodeManager`. API: `NodeName`."),
    ip: z.string().describe("Private IP address of its node. API: `Ip`."),
    instance: z
      .string()
      .optional()
      .describe(
        "What tells it from other processes of its name on that node, such as `ns1/master`; absent where there is no other. API: `NameService`, `NodeFlagFilter`.",
      ),
    state: z.string().describe("`running` or `stopped`."),
    maintenance: z.boolean().describe("Whether it is in maintenance."),
    health: z
      .string()
      .describe("What the cloud's probe says; empty where it says nothing. API: `HealthStatus`."),
    lastRestart: z
      .string()
      .describe("When it was last restarted, in the cloud's clock. API: `LastRestartTime`."),
  }),
);

export type ProcessOutput = z.output<typeof processOutput>;

/** An operation that was sent, and of which no run has seen the end. */
export const pendingOperation = z.object({
  opType: z.string().describe("The operation. API: `OpType`."),
  sentAt: z.number().describe("When it was sent, in milliseconds since the epoch."),
});

export type PendingOperation = z.output<typeof pendingOperation>;

export const serviceStateOutputs = z.object({
  processes: z.array(processOutput).describe("The processes that are meant."),
  runState: z.string().describe("`running`, `stopped`, `partial` (some of each) or `none` (no processes)."),
  maintenanceState: z.string().describe("`all`, `none` or `some` of the processes are in maintenance."),
  region: output({ stable: true }, z.string().describe("Region of the cluster.")),
  lastRequestId: z
    .string()
    .describe("RequestId of the latest call that changed something; empty if there was none."),
  pendingOperation: pendingOperation
    .optional()
    .describe(
      "An operation that was sent by a run that did not see its end. The next `up` looks what became of it.",
    ),
});

export type ServiceState = ServiceStateInputs & z.output<typeof serviceStateOutputs>;

export const serviceStateRules: readonly Rule<ServiceStateInputs>[] = [
  {
    property: "nodeIps",
    reads: ["nodeIps", "components"],
    problem: ({ nodeIps, components }) =>
      nodeIps !== undefined && components === undefined
        ? "needs components: say which of the service's components are meant on these nodes"
        : undefined,
  },
  {
    property: "timeouts",
    reads: ["timeouts"],
    problem: ({ timeouts: limits }) => timeoutProblems(limits),
  },
];
