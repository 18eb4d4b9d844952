// The processes of an EMR service, as they are seen.
import type { z } from "zod";
import { CloudError } from "../errors";
import { wholeList } from "../pages";
import type { TencentClient } from "./client";
import { describeServiceNodeInfos } from "./emr";
import type { ProcessOutput, ServiceState, ServiceStateInputs } from "./emrServiceStateSchema";

const pageSize = 999;

export const processKey = ({
  component,
  ip,
  instance,
}: Pick<ProcessOutput, "component" | "ip" | "instance">) =>
  instance === undefined ? `${component}@${ip}` : `${component}@${ip}/${instance}`;

export const isMeant = (
  { component, ip }: Pick<ProcessOutput, "component" | "ip">,
  { components, nodeIps }: Pick<ServiceStateInputs, "components" | "nodeIps">,
) => (components?.includes(component) ?? true) && (nodeIps?.includes(ip) ?? true);

/** All processes of a service. States are asked for through filters, whose meaning is documented. */
async function listProcesses(
  client: TencentClient,
  clusterId: string,
  service: string,
): Promise<ProcessOutput[]> {
  const all = await listFiltered(client, clusterId, service, {});
  const isStopped = among(await listFiltered(client, clusterId, service, { operatorStateId: 2 }));
  const isMaintained = among(await listFiltered(client, clusterId, service, { maintainStateId: 2 }));
  const instanceOf = instancesOf(all);
  return all
    .map((process) => ({
      component: process.nodeName,
      ip: process.ip,
      ...instanceOf(process),
      state: isStopped(process) ? "stopped" : "running",
      maintenance: isMaintained(process),
      health: healthOf(process),
      lastRestart: process.lastRestartTime ?? "",
    }))
    .sort((a, b) => (processKey(a) < processKey(b) ? -1 : 1));
}

/** Whether a process is one of these: ask once for each, since those that nothing tells apart are counted off. */
function among(rows: readonly ListedProcess[]): (row: ListedProcess) => boolean {
  const left = countsOf(rows.map(keyOf));
  return (row) => {
    const count = left.get(keyOf(row)) ?? 0;
    left.set(keyOf(row), count - 1);
    return count > 0;
  };
}

/** What tells a process from others of its name on its node, again asked once for each. Nothing where it is alone. */
function instancesOf(rows: readonly ListedProcess[]): (row: ListedProcess) => { instance?: string } {
  const placeOf = ({ nodeName, ip }: ListedProcess) => `${nodeName}@${ip}`;
  const neighbors = countsOf(rows.map(placeOf));
  const told = new Map<string, number>();
  return (row) => {
    if (neighbors.get(placeOf(row)) === 1) return {};
    const number = (told.get(keyOf(row)) ?? 0) + 1;
    told.set(keyOf(row), number);
    const parts = [row.nameService, row.nodeFlagFilter, number > 1 ? String(number) : undefined];
    return { instance: parts.filter(Boolean).join("/") || "1" };
  };
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** The probe's word; the number 0 is documented as unavailable, whatever the text says. */
function healthOf({ healthStatus }: ListedProcess): string {
  return healthStatus?.code === 0 ? "unavailable" : (healthStatus?.text ?? "");
}

type ListedProcess = z.output<typeof describeServiceNodeInfos.response>["serviceNodeList"][number];
const keyOf = ({ nodeName, ip, nameService = "", nodeFlagFilter = "" }: ListedProcess) =>
  [nodeName, ip, nameService, nodeFlagFilter].join("@");

export async function listFiltered(
  client: TencentClient,
  instanceId: string,
  serviceName: string,
  filter: { operatorStateId?: number; maintainStateId?: number },
): Promise<ListedProcess[]> {
  return wholeList({
    what: `processes of ${serviceName} on ${instanceId}`,
    who: "EMR",
    // The health of a process changes by itself, and the time of its restart while it is restarted.
    keyOf,
    size: pageSize,
    ask: async (offset = 0) => {
      const { serviceNodeList, totalCnt } = await client.call(describeServiceNodeInfos, {
        instanceId,
        serviceName,
        offset,
        limit: pageSize,
        ...filter,
      });
      return { items: serviceNodeList, total: totalCnt };
    },
  });
}

export interface ServiceView {
  /** The processes that are meant. */
  processes: ProcessOutput[];
  /** Components that the service has, for errors. */
  components: string[];
  /** Addresses in nodeIps on which no such process is. */
  missingIps: string[];
}

/** Which processes are meant. */
export type Scope = Pick<ServiceStateInputs, "clusterId" | "service" | "components" | "nodeIps">;

export async function viewService(client: TencentClient, inputs: Scope): Promise<ServiceView> {
  const all = await listProcesses(client, inputs.clusterId, inputs.service).catch((error: unknown) => {
    // A service of clients only has no processes, and some editions refuse to list them.
    if (error instanceof CloudError && error.code === "UnsupportedOperation.ServiceNotSupport") return [];
    throw error;
  });
  const processes = all.filter((process) => isMeant(process, inputs));
  return {
    processes,
    components: [...new Set(all.map(({ component }) => component))],
    missingIps: (inputs.nodeIps ?? []).filter((ip) => !processes.some((process) => process.ip === ip)),
  };
}

function runStateOf(processes: ProcessOutput[]): "running" | "stopped" | "partial" | "none" {
  const states = new Set(processes.map(({ state }) => state));
  if (states.size === 0) return "none";
  return states.size > 1 ? "partial" : states.has("running") ? "running" : "stopped";
}

function maintenanceStateOf(processes: ProcessOutput[]): "all" | "none" | "some" {
  const count = processes.filter(({ maintenance }) => maintenance).length;
  return count === 0 ? "none" : count === processes.length ? "all" : "some";
}

export function outputsOf(
  processes: ProcessOutput[],
): Pick<ServiceState, "processes" | "runState" | "maintenanceState"> {
  return {
    processes,
    runState: runStateOf(processes),
    maintenanceState: maintenanceStateOf(processes),
  };
}
