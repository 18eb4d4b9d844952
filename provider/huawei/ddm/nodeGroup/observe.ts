// A DDM instance and one of its node groups, as seen. What cannot be seen is never taken for absent.
import type { z } from "zod";
import { CloudError, StoppedError } from "../../../base/errors";
import type { HuaweiClient } from "../../client";
import { instancePhase, showInstance, showInstanceV3 } from "../api";
import { allFlavors, allGroups, allNodes, type ListedGroups, type ListedNodes } from "../lists";
import type { GroupNode, NodeGroupInputs } from "./schema";

interface ListedGroup {
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
  /** All nodes of the instance, by id. */
  allNodeIds: string[];
  errorMessage: string;
  engineVersion: string;
  groups: ListedGroup[];
  /** False where the groups are only known from their nodes, or not at all. */
  areGroupsListed: boolean;
  /** Empty where the instance tells none, or none of several is meant. */
  groupId: string;
  nodes: GroupNode[];
}

export interface InstanceView {
  instance: z.output<typeof showInstance.response>;
  groups: ListedGroup[];
  /** The groups in the API's own words; undefined where it lists none. */
  listed: ListedGroups | undefined;
  /** Groups that the nodes say they are in. */
  told: string[];
  allNodes: ListedNodes;
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
  const nodes = await allNodes(client, instanceId);
  const told = [...new Set(nodes.flatMap(({ groupId }) => groupId ?? []))];
  // A group that has nodes is there, listed or not.
  const unlisted = told.filter((id) => !listed?.some((group) => group.id === id));
  const named = ({ id, ...more }: Partial<ListedGroups[number]> & { id: string }): ListedGroup => ({
    id,
    name: more.name ?? "",
    flavorId: flavors.get(id),
    cpu: more.cpuNumPerNode ?? "",
    memory: more.memNumPerNode ?? "",
    architecture: more.architecture ?? "",
  });
  const groups = [...(listed ?? []), ...unlisted.map((id) => ({ id }))].map(named);
  return { instance, groups, listed, told, allNodes: nodes };
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
    allNodeIds: view.allNodes.map(({ nodeId }) => nodeId),
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
  { nodeId, groupId: own }: ListedNodes[number],
  groupId: string,
  groups: readonly ListedGroup[],
  listed: ListedGroups | undefined,
): boolean {
  if (own) return groupId === "" ? groups.length < 2 : own === groupId;
  const holder = listed?.find(({ nodeList }) => nodeList.some(({ id }) => id === nodeId))?.id;
  if (holder) return holder === groupId;
  return groups.length < 2;
}

/** Whether no call would fare better than this one. */
export const isFinal = ({ kind }: CloudError) => kind === "credentials" || kind === "unsent";

const isNotOffered = (error: unknown) => error instanceof CloudError && error.kind === "refused";

/** All groups; undefined where the call does not exist, as with old kernels, or tells none: an instance always has one. */
async function groupsOf(client: HuaweiClient, instance: string): Promise<ListedGroups | undefined> {
  try {
    const groups = await allGroups(client, instance);
    return groups.length > 0 ? groups : undefined;
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
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
  const { vcpus = "", ram = "", architecture } = flavor;
  const wanted = [vcpus, ram, architecture.toUpperCase()];
  const own = [group.cpu, group.memory, group.architecture.toUpperCase()];
  // What either does not tell is no difference.
  if (wanted.every((part, index) => part === "" || own[index] === "" || own[index] === part))
    return undefined;
  const described = ([cpu, memory, kind]: string[]) => `${cpu} vCPU, ${memory} GB, ${kind}`;
  return `flavorId: ${flavorId} has ${described(wanted)}, but the nodes of the group have ${described(own)}, and new nodes can have no other: name the group's flavour`;
}

async function findFlavor(client: HuaweiClient, engineVersion: string, flavorId: string) {
  try {
    return (await allFlavors(client, engineVersion)).find(({ id }) => id === flavorId);
  } catch (error) {
    // It only spares a call that the cloud would refuse.
    if (error instanceof CloudError && !isFinal(error)) return undefined;
    throw error;
  }
}
