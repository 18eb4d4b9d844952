import type { z } from "zod";
// What happens after an operation on services was accepted.
import type { Cluster, Process } from "./cluster";
import type { emrFaults } from "./faults";
import type { Flow, Stage } from "./flow";
import { enterMaintenance, fits, leaveMaintenance, restart, start, stop } from "./process";
import type { EmrWorld } from "./world";

export type ServiceOperation =
  | { kind: "start" }
  | { kind: "stop"; graceSeconds: number }
  | { kind: "restart"; strategy: RestartStrategy }
  | { kind: "enterMaintenance"; staysProbed: boolean }
  | { kind: "leaveMaintenance" };

interface RestartStrategy {
  /** Undefined: all at once. Otherwise nodes per batch. */
  batchSize: number | undefined;
  waitSeconds: number;
  skipsFailures: boolean;
}

export type ProcessesFail = z.output<typeof emrFaults.processesFail>;

const statuses = { restart: 8, enterMaintenance: 9, stop: 10, leaveMaintenance: 11, start: 12 } as const;
const flowNames = {
  restart: "RestartService",
  enterMaintenance: "EnterMaintenance",
  stop: "StopService",
  leaveMaintenance: "LeaveMaintenance",
  start: "StartService",
} as const;

export function startServiceFlow(
  operation: ServiceOperation,
  processes: Process[],
  cluster: Cluster,
  fault: ProcessesFail | undefined,
  world: EmrWorld,
): void {
  const failing = new Set(fault ? processes.filter((one) => fits(one, fault)).slice(0, fault.count) : []);
  const flow =
    operation.kind === "restart"
      ? restartInBatches(operation.strategy, processes, failing, fault?.stopped ?? false, world)
      : oneByOne(operation, processes, failing, world);
  world.startFlow(cluster, flow, statuses[operation.kind], () => {});
}

function oneByOne(
  operation: Exclude<ServiceOperation, { kind: "restart" }>,
  processes: Process[],
  failing: Set<Process>,
  world: EmrWorld,
): Flow {
  const { durations } = world.settings;
  const from =
    world.clock.now() + world.scaled(operation.kind === "stop" ? operation.graceSeconds * 1000 : 0);
  const takes = {
    start: durations.startService,
    stop: durations.stopService,
    enterMaintenance: durations.maintenance,
    leaveMaintenance: durations.maintenance,
  };
  const duration = world.scaled(takes[operation.kind]);
  const act = (process: Process) => {
    switch (operation.kind) {
      case "start":
        return start(process, world);
      case "stop":
        return stop(process, world);
      case "enterMaintenance":
        return enterMaintenance(process, operation.staysProbed);
      case "leaveMaintenance":
        return leaveMaintenance(process, world);
    }
  };
  for (const [index, process] of processes.entries()) {
    if (failing.has(process)) continue;
    world.clock.at(from + (duration * (index + 1)) / processes.length, () => act(process));
  }
  const stage: Stage = {
    stage: operation.kind,
    name: flowNames[operation.kind],
    from: world.clock.now(),
    to: from + duration,
    ends: failing.size > 0 ? "failed" : "done",
  };
  return newFlow(flowNames[operation.kind], [stage], failing.size > 0 ? -1 : 2, world);
}

function restartInBatches(
  strategy: RestartStrategy,
  processes: Process[],
  failing: Set<Process>,
  failuresStayDown: boolean,
  world: EmrWorld,
): Flow {
  const duration = world.scaled(world.settings.durations.restartBatch);
  const wait = world.scaled(strategy.waitSeconds * 1000);
  const at = (when: number, which: Process[], change: (process: Process, world: EmrWorld) => void) => {
    for (const process of which) world.clock.at(when, () => change(process, world));
  };
  const stages: Stage[] = [];
  let stopped = false;
  let time = world.clock.now();
  for (const batch of batchesOf(processes, strategy.batchSize)) {
    const from = time;
    const to = from + duration;
    time = to + wait;
    const stage = `batch${stages.length + 1}`;
    const succeeding = batch.filter((process) => !failing.has(process));
    const fails = succeeding.length < batch.length;
    stages.push({ stage, name: stage, from, to, ends: fails ? "failed" : "done" });
    at(from, failuresStayDown ? batch : succeeding, stop);
    at(to, succeeding, restart);
    stopped = fails && !strategy.skipsFailures;
    if (stopped) break;
  }
  const someFailed = failing.size > 0 ? 3 : 2;
  const flow = newFlow(flowNames.restart, stages, stopped ? -1 : someFailed, world);
  const last = stages.at(-1);
  if (stopped && last && world.settings.failedRestart === "holdsCluster") {
    last.ends = "blocked";
    flow.endsAt = undefined;
  }
  return flow;
}

/** By nodes, in the order of the list. */
function batchesOf(processes: Process[], batchSize: number | undefined): Process[][] {
  if (batchSize === undefined) return [processes];
  const ips = [...new Set(processes.map((process) => process.ip))];
  const batches: Process[][] = [];
  for (let first = 0; first < ips.length; first += batchSize) {
    const here = ips.slice(first, first + batchSize);
    batches.push(processes.filter((process) => here.includes(process.ip)));
  }
  return batches;
}

function newFlow(name: string, stages: Stage[], finalStatus: Flow["finalStatus"], world: EmrWorld): Flow {
  return {
    flowId: world.ids.number(),
    traceId: world.newTraceId(),
    name,
    startedAt: world.clock.now(),
    stages,
    endsAt: stages.at(-1)?.to,
    finalStatus,
    description: [],
  };
}
