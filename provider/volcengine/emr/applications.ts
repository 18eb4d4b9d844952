// What can be seen of an application's components. Accounts differ in the calls that they offer, so there are several
// ways to look; what is not offered is said, never guessed.
import type { z } from "zod";
import { CloudError, StoppedError } from "../../base/errors";
import type { VolcengineAction, VolcengineClient } from "../client";
import {
  clusterPhase,
  getVirtualCluster,
  isTime,
  listApplications,
  listComponentInstances,
  listConfigs,
  listOperations,
  type OperationRecord,
} from "./api";
import { allPages, type Page, type Pages } from "./pages";

export interface ComponentInstance {
  component: string;
  name: string;
  namespace: string;
  state: string;
  /** When it was started, as the cloud writes it; empty where it does not. */
  startTime: string;
}

export interface ApplicationView {
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

/**
 * Looks at an application, or says which there are where it is not among them. `needsNames`: an instance is meant by its
 * name, so that instances without names are as good as unseen.
 */
export async function viewApplication(
  client: VolcengineClient,
  clusterId: string,
  application: string,
  needsNames = false,
): Promise<ApplicationView | { others: string[] }> {
  const listed = await applicationsOf(client, clusterId);
  const found = listed?.find(({ applicationName }) => same(applicationName, application));
  if (listed && (!found || same(found.applicationState ?? "", "UNINSTALLED"))) {
    return { others: listed.map(({ applicationName }) => applicationName) };
  }
  const name = found?.applicationName ?? application;
  const seen = await instancesOf(client, clusterId, name);
  const { instances } = seen;
  const isNameless =
    needsNames &&
    instances !== undefined &&
    instances.length > 0 &&
    instances.every((each) => each.name === "");
  const { reason } = isNameless ? { reason: "ListComponentInstances gives no names of instances" } : seen;
  return {
    application: name,
    applicationState: found?.applicationState ?? "",
    instances: isNameless ? undefined : instances,
    reason,
  };
}

type ListedApplication = NonNullable<z.output<typeof listApplications.response>["items"]>[number];

interface ListAnswer<T> {
  items?: T[] | undefined;
  totalCount?: number | undefined;
  maxResults?: number | undefined;
  nextToken?: unknown;
}

const pageOf = <T>({ items = [], totalCount, maxResults, nextToken }: ListAnswer<T>): Page<T> => ({
  items,
  total: totalCount,
  maxResults,
  nextToken,
});

/** All applications; undefined where the account may not list them. */
async function applicationsOf(
  client: VolcengineClient,
  clusterId: string,
): Promise<ListedApplication[] | undefined> {
  const answer = await orRefusal(client, listApplications, () => allApplications(client, clusterId));
  return isRefusal(answer) ? undefined : answer;
}

/** All applications. */
export async function allApplications(
  client: VolcengineClient,
  clusterId: string,
): Promise<ListedApplication[]> {
  const { items, gap } = await allPages("ListApplications", `applications of ${clusterId}`, async (page) =>
    pageOf(await client.call(listApplications, { clusterId, ...page })),
  );
  if (gap === "") return items;
  throw new StoppedError(
    `${gap}: nothing is concluded from such a list. Run again; if it stays so, look in the EMR console.`,
  );
}

async function instancesOf(
  client: VolcengineClient,
  clusterId: string,
  applicationName: string,
): Promise<Pick<ApplicationView, "instances" | "reason">> {
  let unread = "";
  const answer = await orRefusal(client, listComponentInstances, () =>
    allPages("ListComponentInstances", `instances of ${applicationName}`, async (page) => {
      const read = readInstances(
        await client.call(listComponentInstances, { clusterId, applicationName, ...page }),
      );
      if (typeof read !== "string") return read;
      unread = read;
      return { items: [], total: 0, maxResults: undefined, nextToken: undefined };
    }),
  );
  if (isRefusal(answer)) return { instances: undefined, reason: answer.refusal };
  const reason = unread || answer.gap;
  if (reason) return { instances: undefined, reason };
  const instances = [...answer.items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { instances, reason: "" };
}

const keyOf = ({ component, name, namespace }: ComponentInstance) => `${component}/${name}/${namespace}`;

/** Reads a page of instances by whatever names its fields have; a text says why that cannot be done. */
export function readInstances(answer: object): Page<ComponentInstance> | string {
  const fields = Object.entries(answer);
  const list = fields.find(([, value]) => Array.isArray(value))?.[1] as unknown[] | undefined;
  const page = {
    total: countIn(answer, ["totalCount", "total"]),
    maxResults: countIn(answer, ["maxResults"]),
    nextToken: fieldOf(answer, ["nextToken"]),
  };
  const names = (value: object) =>
    Object.keys(value)
      .filter((name) => name !== "requestId")
      .join(", ") || "none";
  if (!list) {
    if (page.total === 0) return { ...page, items: [] };
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
      startTime: isTime(fieldOf(entry, ["startTime"])) ? textIn(entry, ["startTime"]) : "",
    });
  }
  return { ...page, items: instances };
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

function countIn(entry: object, names: readonly string[]): number | undefined {
  const text = textIn(entry, names);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

export interface ConfigItem {
  file: string;
  key: string;
  value: string;
}

export function byKey(items: readonly ConfigItem[]): Record<string, string> {
  return Object.fromEntries(items.map(({ file, key, value }) => [`${file}/${key}`, value]));
}

/**
 * The values that the cluster shows for these items, and whether all of them are in effect; undefined where that cannot be
 * seen. `report` is called where a list that should show it is not all.
 */
export async function configsOf(
  client: VolcengineClient,
  clusterId: string,
  applicationName: string,
  wanted: readonly ConfigItem[],
  report: (warning: string) => void = () => {},
): Promise<{ items: ConfigItem[]; areEffective: boolean } | undefined> {
  if (wanted.length === 0) return undefined;
  const answer = await orRefusal(client, listConfigs, () =>
    allPages("ListConfigs", `items of ${applicationName}`, async (page) =>
      pageOf(await client.call(listConfigs, { clusterId, applicationName, ...page })),
    ),
  );
  if (isRefusal(answer)) return undefined;
  if (answer.gap) {
    report(`what is configured cannot be seen (${answer.gap})`);
    return undefined;
  }
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

/** The cluster's operations, newest first or not; undefined where the account may not list them. */
export async function operationsOf(
  client: VolcengineClient,
  clusterId: string,
): Promise<Pages<OperationRecord> | undefined> {
  const answer = await orRefusal(client, listOperations, () =>
    allPages("ListOperations", `operations of ${clusterId}`, async (page) =>
      pageOf(await client.call(listOperations, { clusterIds: [clusterId], ...page })),
    ),
  );
  return isRefusal(answer) ? undefined : answer;
}

class Refusal {
  constructor(readonly refusal: string) {}
}
const isRefusal = (answer: unknown): answer is Refusal => answer instanceof Refusal;

// What an endpoint has said it does not have at all is not asked for again.
const notOffered = new WeakMap<VolcengineClient, Map<string, string>>();

/** Asks what an account may lack; a refusal is an answer, and a failure is none. */
async function orRefusal<T>(
  client: VolcengineClient,
  action: Pick<VolcengineAction, "name" | "version">,
  work: () => Promise<T>,
): Promise<T | Refusal> {
  const known = notOffered.get(client) ?? new Map<string, string>();
  notOffered.set(client, known);
  const key = `${action.version}/${action.name}`;
  const before = known.get(key);
  if (before !== undefined) return new Refusal(before);
  try {
    return await work();
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
