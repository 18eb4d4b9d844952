// What to do with the processes of an EMR service. Pure.
import type { z } from "zod";
import { badInput, type Note } from "../note";
import type { Operation } from "../operation";
import type { Plan } from "../plan";
import { callStep } from "../plan";
import { sameValue } from "../schema";
import { startStopServiceOrMonitor } from "./emr";
import { isMeant, processKey, type Scope, type ServiceView } from "./emrServiceStateObserve";
import type { ProcessOutput, ServiceState, ServiceStateInputs } from "./emrServiceStateSchema";

type OpType = z.input<typeof startStopServiceOrMonitor.request>["opType"];

/** Whether a change is for all processes, and not only for those that are not as the others. */
export const movesAll = ({ runState }: Pick<ServiceState, "runState">, { state }: ServiceStateInputs) =>
  runState !== state && runState !== "partial";

/** One operation on a service; `restarts`: whether the diff has announced a restart. */
export interface Asked {
  operation: Operation;
  wanted: ServiceStateInputs;
  known: ServiceState | undefined;
  restarts: boolean;
}

/**
 * The processes as far as an update has announced to change them, judged by what state recorded: what has changed since
 * counts as it should be. A restart is for all, and so is what looks after an interrupted run.
 */
export function announcedOf(
  { operation, wanted, known, restarts }: Asked,
  processes: readonly ProcessOutput[],
): ProcessOutput[] {
  if (operation !== "update" || !known) return [...processes];
  const recorded = new Map(known.processes.map((process) => [processKey(process), process]));
  const changesAll = movesAll(known, wanted) || restarts || known.pendingOperation !== undefined;
  const watchesAll =
    known.maintenanceState === (wanted.maintenance ? "none" : "all") || known.pendingOperation !== undefined;
  return processes.map((process) => {
    const before = recorded.get(processKey(process));
    const isNew = !before && !isMeant(process, known);
    const follows = changesAll || isNew || (before !== undefined && before.state !== wanted.state);
    const isWatched =
      watchesAll || isNew || (before !== undefined && before.maintenance !== wanted.maintenance);
    return {
      ...process,
      state: follows ? process.state : wanted.state,
      maintenance: isWatched ? process.maintenance : (wanted.maintenance ?? process.maintenance),
    };
  });
}

/** What is seen and was not announced is told, and recorded for the next preview to show. */
export function unannounced(asked: Asked, processes: readonly ProcessOutput[]): string | undefined {
  const announced = announcedOf(asked, processes);
  const left = processes.filter((process, index) => !sameValue(process, announced[index]));
  if (left.length === 0) return undefined;
  const list = left.map(
    (process) => `${processKey(process)} (${process.state}${process.maintenance ? ", in maintenance" : ""})`,
  );
  return `not as last recorded: ${list.join(", ")}. This was not announced, and they are left as they are. Run \`pulumi refresh\` and \`pulumi up\` to have them changed`;
}

/**
 * What to do to get the processes from what they are to what they shall be. Pure. `restart` are those still to restart;
 * where something is deleted, what is missing is as good as done.
 */
export function planService(
  wanted: ServiceStateInputs,
  view: ServiceView,
  restart: ProcessOutput[],
  isDelete = false,
): Plan {
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const { processes } = view;
  if (!isDelete) plan.blocked.push(...missingParts(wanted, view));
  if (plan.blocked.length > 0) return plan;
  const add = (opType: OpType, targets: ProcessOutput[], verb: string) => {
    if (targets.length === 0) return;
    const request = {
      instanceId: wanted.clusterId,
      opType,
      opScope: scopeOf(wanted, targets, view),
      ...(opType === "RestartService" ? { strategyConfig: strategyOf(wanted) } : {}),
    };
    plan.steps.push(
      callStep(startStopServiceOrMonitor, request, {
        verb: opType,
        target: wanted.clusterId,
        targets: targets.map(processKey),
        summary: `${verb} ${processesOf(targets, wanted.service)}`,
        ...disturbance(opType, targets, wanted),
      }),
    );
    plan.steps.push({
      kind: "wait",
      summary: "wait until every process shows it and the cluster is free again",
    });
  };
  const toEnter = wanted.maintenance === true ? processes.filter(({ maintenance }) => !maintenance) : [];
  const toLeave = wanted.maintenance === false ? processes.filter(({ maintenance }) => maintenance) : [];
  if (wanted.state === "stopped") {
    // Maintenance comes first, or the watchdog revives what has been stopped.
    add("StopMonitor", toEnter, "enter maintenance with");
    add(
      "StopService",
      processes.filter(({ state }) => state === "running"),
      "stop",
    );
    add("StartMonitor", toLeave, "leave maintenance with");
    return plan;
  }
  const stopped = processes.filter(({ state }) => state === "stopped");
  add("StartService", stopped, "start");
  // What is only now started has the new configuration anyway.
  add(
    "RestartService",
    restart.filter((process) => !stopped.some((other) => processKey(other) === processKey(process))),
    "restart",
  );
  add("StopMonitor", toEnter, "enter maintenance with");
  add("StartMonitor", toLeave, "leave maintenance with");
  return plan;
}

/** Why what is meant is not there. */
export function missingParts(wanted: Scope, { processes, components, missingIps }: ServiceView): Note[] {
  const unknown = (wanted.components ?? []).filter((component) => !components.includes(component));
  if (components.length > 0 && unknown.length > 0) {
    return [
      badInput(
        "components",
        `${wanted.service} has no ${unknown.join(", ")}; it has ${components.join(", ")}`,
      ),
    ];
  }
  if (components.length > 0 && missingIps.length > 0)
    return [badInput("nodeIps", `no such process is on ${missingIps.join(", ")}`)];
  if (processes.length > 0) return [];
  return [
    badInput(
      "service",
      `${wanted.service} has no processes on ${wanted.clusterId}: it is not installed, is spelled otherwise (names are upper case, such as YARN), or consists of clients only, which neither run nor stop`,
    ),
  ];
}

/** What people notice of an operation: only stops and restarts are noticed. */
function disturbance(
  opType: OpType,
  targets: ProcessOutput[],
  wanted: ServiceStateInputs,
): { disturbs?: string } {
  const what = processesOf(targets, wanted.service);
  if (opType === "StopService") return { disturbs: `${what} stop` };
  if (opType !== "RestartService") return {};
  const { rollingRestartSwitch, batchSize, timeWait } = strategyOf(wanted);
  const how =
    rollingRestartSwitch === 1
      ? `${batchSize} at a time${timeWait > 0 ? `, ${timeWait} s apart` : ""}`
      : "all at once";
  return { disturbs: `${what} restart, ${how}` };
}

function processesOf(processes: ProcessOutput[], service: string): string {
  const components = [...new Set(processes.map(({ component }) => component))];
  return `${processes.length} process${processes.length === 1 ? "" : "es"} of ${service} (${components.join(", ")})`;
}

type Strategy = NonNullable<z.input<typeof startStopServiceOrMonitor.request>["strategyConfig"]>;
/** Every field of a request, so that the compiler asks for those that are new. */
type Complete<Request> = { [Name in keyof Request]-?: NonNullable<Request[Name]> };

function strategyOf({ restart = {} }: ServiceStateInputs): Complete<Strategy> {
  const { rolling = true, batchSize = 1, waitSeconds = 0, onFailure = "block", ...untold } = restart;
  // A new setting has to be told what it means here.
  untold satisfies Record<string, never>;
  return {
    rollingRestartSwitch: rolling ? 1 : 0,
    batchSize,
    timeWait: waitSeconds,
    dealOnFail: onFailure === "continue" ? 1 : 0,
  };
}

/** The whole service where all of it is meant, else the components and nodes one by one. */
function scopeOf(
  { components: meant, service }: ServiceStateInputs,
  targets: readonly ProcessOutput[],
  { processes }: ServiceView,
): z.input<typeof startStopServiceOrMonitor.request>["opScope"] {
  if (!meant && targets.length === processes.length) return { serviceInfoList: [{ serviceName: service }] };
  const components = [...new Set(targets.map(({ component }) => component))];
  const componentInfoList = components.map((componentName) => ({
    componentName,
    // Two processes of one name on one node can only be named together.
    ipList: [...new Set(targets.filter(({ component }) => component === componentName).map(({ ip }) => ip))],
  }));
  return { serviceInfoList: [{ serviceName: service, componentInfoList }] };
}
