// What can be seen of an application's components. Accounts differ in the calls that they offer, so there are several
// ways to look; what is not offered is said, never guessed.
import type { z } from "zod";
import { CloudError, StoppedError } from "../errors";
import type { VolcengineAction, VolcengineClient } from "./client";
import {
  clusterPhase,
  getVirtualCluster,
  listApplications,
  listComponentInstances,
  listConfigs,
  listOperations,
  type OperationRecord,
} from "./vke";

export interface ComponentInstance {
  component: string;
  name: string;
  namespace: string;
  state: string;
  /** When it was started, as the cloud writes it; empty where it does not. */
  startTime: string;
}

export interface Sight {
  /** The application's name as the cloud spells it. */
  application: string;
  applicationState: string;
  /** Undefined where they cannot be seen. */
  instances: ComponentInstance[] | undefined;
  /** Why not. */
  reason: string;
}

/** The cluster's state, or undefined where it does not exist any more: deleted clusters stay readable for a while. */
export async function findCluster(
  client: VolcengineClient,
  clusterId: string,
): Promise<{ state: string } | undefined> {
  try {
    const { clusterState } = await client.call(getVirtualCluster, { clusterId });
    return clusterPhase(clusterState) === "gone" ? undefined : { state: clusterState };
  } catch (error) {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  }
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Looks at an application, or says which there are. Undefined: it does not exist. */
export async function viewApplication(
  client: VolcengineClient,
  clusterId: string,
  application: string,
): Promise<Sight | { others: string[] }> {
  const listed = await applicationsOf(client, clusterId);
  const found = listed?.find(({ applicationName }) => same(applicationName, application));
  if (listed && (!found || same(found.applicationState ?? "", "UNINSTALLED"))) {
    return { others: listed.map(({ applicationName }) => applicationName) };
  }
  const name = found?.applicationName ?? application;
  const { instances, reason } = await instancesOf(client, clusterId, name);
  return { application: name, applicationState: found?.applicationState ?? "", instances, reason };
}

type ListedApplication = z.output<typeof listApplications.response>["items"][number];

/** All applications; undefined where the account may not list them. The token is the number of a page. */
async function applicationsOf(
  client: VolcengineClient,
  clusterId: string,
): Promise<ListedApplication[] | undefined> {
  const found: ListedApplication[] = [];
  for (let page = 0; page < 100; page++) {
    const answer = await ifOffered(client, listApplications, { clusterId, maxResults: 100, nextToken: page });
    if (isRefusal(answer)) return undefined;
    found.push(...answer.items);
    if (answer.items.length === 0 || found.length >= (answer.totalCount ?? found.length)) return found;
  }
  throw new StoppedError(`ListApplications on ${clusterId} does not come to an end.`);
}

async function instancesOf(
  client: VolcengineClient,
  clusterId: string,
  applicationName: string,
): Promise<Pick<Sight, "instances" | "reason">> {
  const found = new Map<string, ComponentInstance>();
  // The paging of this call is not published: it is asked for only where one answer is not all.
  for (let page = -1; page < 100; page++) {
    const part = page < 0 ? {} : { maxResults: 100, nextToken: page };
    const answer = await ifOffered(client, listComponentInstances, { clusterId, applicationName, ...part });
    if (isRefusal(answer)) return { instances: undefined, reason: answer.refusal };
    const read = readInstances(answer);
    if (typeof read === "string") return { instances: undefined, reason: read };
    const before = found.size;
    for (const each of read.instances) found.set(`${each.component}/${each.namespace}/${each.name}`, each);
    if (found.size >= (read.total ?? found.size)) break;
    if (page > 0 && found.size === before) {
      const reason = `ListComponentInstances counts ${read.total} instances, but shows only ${before}`;
      return { instances: undefined, reason };
    }
  }
  const instances = [...found.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { instances, reason: "" };
}

const keyOf = ({ component, name, namespace }: ComponentInstance) => `${component}/${name}/${namespace}`;

/** Reads a list of instances by whatever names its fields have; a text says why that cannot be done. */
export function readInstances(
  answer: object,
): { instances: ComponentInstance[]; total: number | undefined } | string {
  const fields = Object.entries(answer);
  const list = fields.find(([, value]) => Array.isArray(value))?.[1] as unknown[] | undefined;
  const total = fieldOf(answer, ["totalCount", "total"]);
  const count = typeof total === "number" ? total : undefined;
  const names = (value: object) =>
    Object.keys(value)
      .filter((name) => name !== "requestId")
      .join(", ") || "none";
  if (!list) {
    if (count === 0) return { instances: [], total: 0 };
    return `ListComponentInstances answers in a form that is not known: it has the fields ${names(answer)}`;
  }
  const instances: ComponentInstance[] = [];
  for (const item of list) {
    const entry = typeof item === "object" && item !== null ? item : {};
    const component = fieldOf(entry, ["componentName", "component"]);
    const state = fieldOf(entry, [
      "instanceState",
      "componentInstanceState",
      "componentState",
      "state",
      "status",
    ]);
    if (typeof component !== "string" || typeof state !== "string") {
      return `ListComponentInstances answers in a form that is not known: an instance has the fields ${names(entry)}`;
    }
    instances.push({
      component,
      state,
      name: textIn(entry, ["componentInstanceName", "instanceName", "releaseName", "name"]),
      namespace: textIn(entry, ["namespace"]),
      startTime: textIn(entry, ["startTime"]),
    });
  }
  return { instances, total: count };
}

/** A field by the first of these names, whatever their case. */
function fieldOf(entry: object, names: readonly string[]): unknown {
  const fields = Object.entries(entry);
  for (const name of names) {
    const found = fields.find(([field, value]) => same(field, name) && value !== null && value !== undefined);
    if (found) return found[1];
  }
  return undefined;
}

function textIn(entry: object, names: readonly string[]): string {
  const value = fieldOf(entry, names);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export interface ConfigItem {
  file: string;
  key: string;
  value: string;
}

/** The values that the cluster shows for these items, and whether all of them are in effect; undefined where it shows none. */
export async function configsOf(
  client: VolcengineClient,
  clusterId: string,
  applicationName: string,
  wanted: readonly ConfigItem[],
): Promise<{ items: ConfigItem[]; areEffective: boolean } | undefined> {
  if (wanted.length === 0) return undefined;
  const answer = await ifOffered(client, listConfigs, { clusterId, applicationName });
  if (isRefusal(answer)) return undefined;
  const found = wanted.map(({ file, key }) =>
    answer.items.find((item) => item.fileName === file && item.configKey === key),
  );
  const isOff = (value: unknown) => value === false || String(value).toLowerCase() === "false";
  return {
    items: found.flatMap((item) =>
      item ? [{ file: item.fileName ?? "", key: item.configKey ?? "", value: item.configValue ?? "" }] : [],
    ),
    areEffective: found.every((item) => item !== undefined && !isOff(item.effective)),
  };
}

/** The cluster's operations; undefined where the account may not list them. */
export async function operationsOf(
  client: VolcengineClient,
  clusterId: string,
): Promise<OperationRecord[] | undefined> {
  const answer = await ifOffered(client, listOperations, { clusterIds: [clusterId] });
  return isRefusal(answer) ? undefined : answer.items;
}

class Refusal {
  constructor(readonly refusal: string) {}
}
const isRefusal = (answer: unknown): answer is Refusal => answer instanceof Refusal;

// What an endpoint has said it does not have at all is not asked for again.
const notOffered = new WeakMap<VolcengineClient, Map<string, string>>();

/** Makes a call that an account may lack; a refusal is an answer, and a failure is none. */
async function ifOffered<Q extends z.ZodType, A extends z.ZodType>(
  client: VolcengineClient,
  action: VolcengineAction<Q, A>,
  request: z.input<Q>,
): Promise<z.output<A> | Refusal> {
  const known = notOffered.get(client) ?? new Map<string, string>();
  notOffered.set(client, known);
  const key = `${action.version}/${action.name}`;
  const before = known.get(key);
  if (before !== undefined) return new Refusal(before);
  try {
    return await client.call(action, request);
  } catch (error) {
    const isRefused =
      error instanceof CloudError &&
      ["refused", "permission", "gone", "fixInput", "bug"].includes(error.kind);
    if (!isRefused) throw error;
    const refusal = `${action.name} of version ${action.version} is refused (${error.code})`;
    if (error.code === "InvalidActionOrVersion") known.set(key, refusal);
    return new Refusal(refusal);
  }
}
