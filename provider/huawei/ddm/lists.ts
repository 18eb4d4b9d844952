// The lists of DDM, each read whole or not at all: some documents say that an offset counts pages, others say records.
import type { z } from "zod";
import { type Page, wholeList } from "../../call/pages";
import type { HuaweiClient } from "../client";
import { listFlavors, listGroups, listInstances, listJobs, listNodes } from "./api";

/** The most that one answer may be asked for. */
const limit = 128;

export type ListedGroups = z.output<typeof listGroups.response>["groupList"];
export type ListedNodes = z.output<typeof listNodes.response>["nodes"];
type Flavor = z.output<typeof listFlavors.response>["flavorGroups"][number]["flavors"][number];

/** A thing counts once, by its id, also where it changes between two pages. */
async function whole<T>(
  what: string,
  ask: (offset: number) => Promise<Page<T>>,
  idOf: (row: T) => string,
): Promise<T[]> {
  const rows = new Map<string, T>();
  let total: number | undefined;
  return wholeList({
    what,
    who: "DDM",
    size: limit,
    ask: async (offset = 0) => {
      const page = await ask(offset);
      total = page.total ?? total;
      const items = page.items.map((row) => {
        const first = rows.get(idOf(row)) ?? row;
        rows.set(idOf(row), first);
        return first;
      });
      return { items: [...new Set(items)], total };
    },
  });
}

export async function allInstances(client: HuaweiClient) {
  return whole(
    `instances of project ${client.projectId}`,
    async (offset) => {
      const { instances, totalRecord } = await client.call(listInstances, { query: { offset, limit } });
      return { items: instances, total: totalRecord };
    },
    ({ id }) => id,
  );
}

export async function allGroups(client: HuaweiClient, instance: string): Promise<ListedGroups> {
  return whole(
    `node groups of ${instance}`,
    async (offset) => {
      const request = { path: { instance }, query: { offset, limit } };
      const { groupList, totalCount } = await client.call(listGroups, request);
      return { items: groupList, total: totalCount };
    },
    ({ id }) => id,
  );
}

export async function allNodes(client: HuaweiClient, instance: string): Promise<ListedNodes> {
  return whole(
    `nodes of ${instance}`,
    async (offset) => {
      const request = { path: { instance }, query: { offset, limit } };
      const { nodes, total } = await client.call(listNodes, request);
      return { items: nodes, total };
    },
    ({ nodeId }) => nodeId,
  );
}

/** The jobs of all instances that were begun between two times. */
export async function allJobs(client: HuaweiClient, from: number, to: number) {
  return whole(
    "jobs",
    async (offset) => {
      const query = { start_time: from, end_time: to, offset, limit };
      const { jobs, total } = await client.call(listJobs, { query });
      return { items: jobs, total };
    },
    ({ id }) => id,
  );
}

/** The flavors of a version. Each architecture is a list of its own, with its own total, under one offset. */
export async function allFlavors(
  client: HuaweiClient,
  engineVersion: string,
): Promise<(Flavor & { architecture: string })[]> {
  const pages = new Map<number, ReturnType<typeof pageAt>>();
  const pageAt = async (offset: number) =>
    (await client.call(listFlavors, { query: { engine_version: engineVersion, offset, limit } }))
      .flavorGroups;
  const page = (offset: number) => {
    const asked = pages.get(offset) ?? pageAt(offset);
    pages.set(offset, asked);
    return asked;
  };
  const flavors: (Flavor & { architecture: string })[] = [];
  for (const architecture of new Set((await page(0)).map(({ groupType }) => groupType))) {
    const listed = await whole<Flavor>(
      `${architecture} flavors for version ${engineVersion}`,
      async (offset) => {
        const group = (await page(offset)).find(({ groupType }) => groupType === architecture);
        return { items: group?.flavors ?? [], total: group?.total };
      },
      ({ id }) => id,
    );
    flavors.push(...listed.map((flavor) => ({ ...flavor, architecture })));
  }
  return flavors;
}
