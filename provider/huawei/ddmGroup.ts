// A DDM instance and one of its node groups, as seen. What cannot be seen is never taken for absent.
import type { z } from "zod";
import { CloudError, StoppedError } from "../errors";
import type { HuaweiClient } from "./client";
import { instancePhase, listFlavors, listGroups, listNodes, showInstance, showInstanceV3 } from "./ddm";
import type { GroupNode, NodeGroupInputs } from "./ddmNodeGroupSchema";

export interface ListedGroup {
  id: string;
  name: string;
  /** Undefined where it is not told. */
  flavorId: string | undefined;
  cpu: string;
  memory: string;
  architecture: string;
}

export interface GroupView {
  status: string;
  isPrepaid: boolean;
  errorMessage: string;
  engineVersion: string;
  groups: ListedGroup[];
  /** False where the groups are only known from their nodes, or not at all. */
  areGroupsListed: boolean;
  /** Empty where the instance tells none, or none of several is meant. */
  groupId: string;
  nodes: GroupNode[];
}

type Groups = z.output<typeof listGroups.response>["groupList"];
type Nodes = z.output<typeof listNodes.response>["nodes"];

export interface InstanceView {
  instance: z.output<typeof showInstance.response>;
  groups: ListedGroup[];
  /** The groups in the API's own words; undefined where it lists none. */
  listed: Groups | undefined;
  /** Groups that the nodes say they are in. */
  told: string[];
  allNodes: Nodes;
}

/** An instance with all its groups and nodes, or undefined where it is gone. */
export async function viewInstance(
  client: HuaweiClient,
  instanceId: string,
): Promise<InstanceView | undefined> {
  const path = { instance: instanceId };
  const instance = await client.call(showInstance, { path }).catch((error: unknown) => {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  });
  if (!instance || instancePhase(instance.status) === "gone") return undefined;
  const listed = await groupsOf(client, instanceId);
  const flavors = await flavorsOf(client, instanceId);
  const allNodes = await nodesOf(client, instanceId);
  const told = [...new Set(allNodes.flatMap(({ groupId }) => groupId ?? []))];
  const groups: ListedGroup[] = listed
    ? listed.map((group) => ({
        id: group.id,
        name: group.name ?? "",
        flavorId: flavors.get(group.id),
        cpu: String(group.cpuNumPerNode ?? ""),
        memory: String(group.memNumPerNode ?? ""),
        architecture: group.architecture ?? "",
      }))
    : told.map((id) => ({ id, name: "", flavorId: flavors.get(id), cpu: "", memory: "", architecture: "" }));
  return { instance, groups, listed, told, allNodes };
}

/**
 * The instance and one of its groups, or undefined where the instance is gone. `knownGroupId` is the group that was found
 * before, for where the inputs name none.
 */
export async function viewGroup(
  client: HuaweiClient,
  inputs: Pick<NodeGroupInputs, "instanceId" | "groupId">,
  knownGroupId = "",
): Promise<GroupView | undefined> {
  const view = await viewInstance(client, inputs.instanceId);
  if (!view) return undefined;
  const { instance, groups, listed, told } = view;
  const only = groups.length === 1 ? groups[0]?.id : undefined;
  const groupId = inputs.groupId ?? (knownGroupId || only || "");
  if (groupId !== "" && !listed && told.length === 0) {
    throw new StoppedError(
      `DDM lists no groups of ${inputs.instanceId} and does not say which group its nodes are in, so that it cannot be told which are those of group ${groupId}. Run again later.`,
    );
  }
  return {
    status: instance.status,
    isPrepaid: Boolean(instance.orderId),
    errorMessage: instance.errorMsg ?? "",
    engineVersion: instance.engineVersion ?? "",
    groups,
    areGroupsListed: listed !== undefined,
    groupId,
    nodes: nodesOfGroup(view, groupId),
  };
}

/** The nodes of a group, in the order of their ids. */
export function nodesOfGroup({ allNodes, groups, listed }: InstanceView, groupId: string): GroupNode[] {
  const zones = new Map(
    (listed ?? []).flatMap(({ nodeList }) => nodeList.map(({ id, az }) => [id, az ?? ""] as const)),
  );
  return allNodes
    .filter((node) => isInGroup(node, groupId, groups, listed))
    .map(({ nodeId, ip = "", status = "" }) => ({ id: nodeId, ip, status, zone: zones.get(nodeId) ?? "" }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a node is the group's. Older stacks say it of no node, but the group lists its nodes; or there is one group. */
function isInGroup(
  { nodeId, groupId: own }: Nodes[number],
  groupId: string,
  groups: readonly ListedGroup[],
  listed: Groups | undefined,
): boolean {
  if (own) return groupId === "" ? groups.length < 2 : own === groupId;
  const holder = listed?.find(({ nodeList }) => nodeList.some(({ id }) => id === nodeId))?.id;
  if (holder) return holder === groupId;
  return groups.length < 2;
}

/** Whether no call would fare better than this one. */
export const isFinal = ({ kind }: CloudError) => kind === "credentials" || kind === "unsent";

const isNotOffered = (error: unknown) => error instanceof CloudError && error.kind === "refused";

/** All groups; undefined where the call does not exist, as with old kernels. */
async function groupsOf(client: HuaweiClient, instance: string): Promise<Groups | undefined> {
  try {
    return await all(async (offset) => {
      const { groupList, totalCount } = await client.call(listGroups, {
        path: { instance },
        query: { offset, limit: 100 },
      });
      return { items: groupList, total: totalCount };
    });
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
}

async function nodesOf(client: HuaweiClient, instance: string): Promise<Nodes> {
  return all(async (offset) => {
    const { nodes, total } = await client.call(listNodes, {
      path: { instance },
      query: { offset, limit: 128 },
    });
    return { items: nodes, total };
  });
}

/** All records of a list whose offset counts records. */
export async function all<T>(
  page: (offset: number) => Promise<{ items: T[]; total: number | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const { items, total } = await page(found.length);
    found.push(...items);
    if (items.length === 0 || found.length >= (total ?? found.length)) return found;
  }
}

/** Flavour id of each group; only a recent call tells it. */
async function flavorsOf(client: HuaweiClient, instance: string): Promise<Map<string, string | undefined>> {
  try {
    const { instances } = await client.call(showInstanceV3, { path: { instance } });
    return new Map(
      (instances[0]?.groups ?? []).map(({ id, extendMap }) => [id, extendMap?.flavorPrimaryKeyId]),
    );
  } catch (error) {
    if (isNotOffered(error)) return new Map();
    throw error;
  }
}

/** Why a flavour cannot be the group's, by what the catalogue says of it; undefined where it can, or that is not told. */
export async function flavorProblem(
  client: HuaweiClient,
  { engineVersion, groups, groupId }: GroupView,
  flavorId: string,
): Promise<string | undefined> {
  const group = groups.find(({ id }) => id === groupId);
  if (!group || group.flavorId !== undefined || engineVersion === "" || group.cpu === "") return undefined;
  const flavor = await findFlavor(client, engineVersion, flavorId);
  if (!flavor) return undefined;
  const described = (cpu: string, memory: string, architecture: string) =>
    `${cpu} vCPU, ${memory} GB, ${architecture.toUpperCase()}`;
  const has = described(group.cpu, group.memory, group.architecture);
  const is = described(flavor.cpu, flavor.memory, flavor.architecture);
  if (has === is) return undefined;
  return `flavorId: ${flavorId} has ${is}, but the nodes of the group have ${has}, and new nodes can have no other: name the group's flavour`;
}

/** The flavours of an engine version, page by page. */
export async function* listedFlavors(client: HuaweiClient, engineVersion: string) {
  for (let offset = 0; ; offset += 100) {
    const query = { engine_version: engineVersion, offset, limit: 100 };
    const { flavorGroups } = await client.call(listFlavors, { query });
    for (const { groupType, flavors } of flavorGroups) {
      yield* flavors.map((flavor) => ({ ...flavor, architecture: groupType }));
    }
    // Each architecture has a total of its own under one offset.
    if (offset + 100 >= Math.max(0, ...flavorGroups.map(({ total }) => total ?? 0))) return;
  }
}

async function findFlavor(client: HuaweiClient, engineVersion: string, flavorId: string) {
  try {
    for await (const { id, vcpus, ram, architecture } of listedFlavors(client, engineVersion)) {
      if (id === flavorId) return { cpu: String(vcpus), memory: String(ram), architecture };
    }
    return undefined;
  } catch (error) {
    // It only spares a call that the cloud would refuse.
    if (error instanceof CloudError && !isFinal(error)) return undefined;
    throw error;
  }
}
