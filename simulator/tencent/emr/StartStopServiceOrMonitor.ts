import { ApiError } from "../errors";
import { type Call, defineAction } from "./action";
import type { Cluster, Process } from "./cluster";
import { checkClusterId } from "./clusterId";
import { emrFaults } from "./faults";
import { requireService } from "./service";
import { type ServiceOperation, startServiceFlow } from "./serviceFlow";

interface Request {
  InstanceId: string;
  OpType: string;
  OpScope: { ServiceInfoList?: ServiceScope[] };
  StrategyConfig?: {
    RollingRestartSwitch?: number;
    BatchSize?: number;
    TimeWait?: number;
    DealOnFail?: number;
  };
  StopParams?: { StopPolicy?: string; ThreadCount?: number; GraceDownTime?: number };
  KeepMonitorButNotRecoverProcess?: boolean;
}

interface ServiceScope {
  ServiceName: string;
  /** Absent = every component. */
  ComponentInfoList?: { ComponentName: string; IpList?: string[] }[];
}

const largestBatch = 99_999;
const longestWaitSeconds = 300;

export const StartStopServiceOrMonitor = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    OpType: { type: "string", required: true },
    OpScope: {
      type: "object",
      required: true,
      fields: {
        ServiceInfoList: {
          type: "objects",
          fields: {
            ServiceName: { type: "string", required: true },
            ComponentInfoList: {
              type: "objects",
              fields: { ComponentName: { type: "string", required: true }, IpList: { type: "strings" } },
            },
          },
        },
      },
    },
    StrategyConfig: {
      type: "object",
      fields: {
        RollingRestartSwitch: { type: "integer" },
        BatchSize: { type: "integer" },
        TimeWait: { type: "integer" },
        DealOnFail: { type: "integer" },
        Args: { type: "objects", fields: { Key: { type: "string" }, Values: { type: "strings" } } },
      },
    },
    StopParams: {
      type: "object",
      edition: "mainland",
      fields: {
        StopPolicy: { type: "string" },
        ThreadCount: { type: "integer" },
        GraceDownTime: { type: "integer" },
      },
    },
    KeepMonitorButNotRecoverProcess: { type: "boolean", edition: "mainland" },
  },
  (call) => {
    const { request, region, world, faults } = call;
    checkClusterId(request.InstanceId);
    const cluster = world.require(request.InstanceId, region);
    const operation = operationOf(call);
    const processes = inScope(call, cluster);
    world.requireIdle(cluster);
    // Services that consist of clients only.
    if (processes.length === 0) return { answer: {}, changed: false };
    const canFail = ["start", "stop", "restart"].includes(operation.kind);
    const fault = canFail ? faults.take(emrFaults.processesFail, "StartStopServiceOrMonitor") : undefined;
    startServiceFlow(operation, processes, cluster, fault, world);
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);

function operationOf(call: Call<Request>): ServiceOperation {
  const { request, world } = call;
  const entering = world.settings.monitorOperations === "mainland" ? "StopMonitor" : "StartMonitor";
  switch (request.OpType) {
    case "StartService":
      return { kind: "start" };
    case "StopService":
      return { kind: "stop", graceSeconds: graceOf(request) };
    case "RestartService":
      return restartOf(call);
    case "StartMonitor":
    case "StopMonitor":
      return request.OpType === entering
        ? { kind: "enterMaintenance", staysProbed: request.KeepMonitorButNotRecoverProcess ?? false }
        : { kind: "leaveMaintenance" };
    default:
      throw new ApiError(world.settings.unknownOpTypeCode, `OpType ${request.OpType} is not supported.`);
  }
}

function restartOf({ request, world }: Call<Request>): ServiceOperation {
  const strategy = request.StrategyConfig;
  if (!strategy) {
    throw new ApiError(
      world.settings.restartWithoutStrategyCode,
      "StrategyConfig is required for a restart.",
    );
  }
  const { RollingRestartSwitch = 0, BatchSize = 1, TimeWait = 0, DealOnFail = 0 } = strategy;
  check("StrategyConfig.RollingRestartSwitch", [0, 1].includes(RollingRestartSwitch));
  check("StrategyConfig.BatchSize", BatchSize >= 1 && BatchSize <= largestBatch);
  check("StrategyConfig.TimeWait", TimeWait >= 0 && TimeWait <= longestWaitSeconds);
  check("StrategyConfig.DealOnFail", [0, 1].includes(DealOnFail));
  const rolling = RollingRestartSwitch === 1;
  return {
    kind: "restart",
    strategy: {
      batchSize: rolling ? BatchSize : undefined,
      waitSeconds: rolling ? TimeWait : 0,
      skipsFailures: DealOnFail === 1,
    },
  };
}

function graceOf({ StopParams: { StopPolicy = "default", GraceDownTime = 0 } = {} }: Request): number {
  check("StopParams.StopPolicy", ["default", "safe"].includes(StopPolicy));
  check("StopParams.GraceDownTime", GraceDownTime >= 0);
  return StopPolicy === "safe" ? GraceDownTime : 0;
}

/** The processes that are meant, each once, in the order of the nodes. */
function inScope({ request, world }: Call<Request>, cluster: Cluster): Process[] {
  const services = request.OpScope.ServiceInfoList ?? [];
  if (services.length === 0) throw invalidScope("names no service");
  const all = world.processes(cluster.clusterId);
  const meant = new Set<Process>();
  for (const service of services) {
    requireService(service.ServiceName, cluster, world);
    const ofService = all.filter((process) => process.service === service.ServiceName);
    for (const process of ofScope(service, ofService)) meant.add(process);
  }
  return all.filter((process) => meant.has(process));
}

function ofScope({ ServiceName, ComponentInfoList = [] }: ServiceScope, processes: Process[]): Process[] {
  if (ComponentInfoList.length === 0) return processes;
  return ComponentInfoList.flatMap(({ ComponentName, IpList = [] }) => {
    const ofComponent = processes.filter((process) => process.component === ComponentName);
    if (ofComponent.length === 0) throw invalidScope(`${ServiceName} has no component ${ComponentName}`);
    const elsewhere = IpList.find((ip) => !ofComponent.some((process) => process.ip === ip));
    if (elsewhere !== undefined) throw invalidScope(`there is no ${ComponentName} on ${elsewhere}`);
    return IpList.length === 0 ? ofComponent : ofComponent.filter((one) => IpList.includes(one.ip));
  });
}

function check(name: string, valid: boolean): void {
  if (!valid) throw new ApiError("InvalidParameter", `Invalid parameter: ${name}.`);
}

function invalidScope(reason: string): ApiError {
  return new ApiError("InvalidParameter.InvalidJobFlow", `Invalid process task: OpScope ${reason}.`);
}
