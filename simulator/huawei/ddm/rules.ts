// What calls that change an instance check before anything else.
import { ApiError, parameterError } from "../errors";
import type { Flavor } from "./flavor";
import type { DdmGroup, DdmInstance } from "./instance";
import type { DdmWorld } from "./world";

type Code = keyof DdmWorld["settings"]["codes"];

export function refusal(world: DdmWorld, code: Code, message: string, status = 400): ApiError {
  return new ApiError(status, world.settings.codes[code], message);
}

/** The group that is meant: named, or the only one. */
export function requireGroup(world: DdmWorld, instance: DdmInstance, groupId: string | undefined): DdmGroup {
  const groups = world.groups(instance.instanceId);
  if (groupId === undefined) {
    const [only, second] = groups;
    if (!only || second) {
      throw refusal(world, "groupRequired", "group_id is required: the instance has more than one group.");
    }
    return only;
  }
  if (groups.length === 1 && world.settings.groupIdOfOnlyGroup === "refused") {
    throw refusal(world, "unknownGroup", "group_id is not supported: the instance has one group.");
  }
  const group = groups.find((candidate) => candidate.groupId === groupId);
  if (!group) throw refusal(world, "unknownGroup", `The group ${groupId} does not exist.`);
  return group;
}

export function requireFlavor(world: DdmWorld, flavorId: string): Flavor {
  const flavor = world.flavor(flavorId);
  if (!flavor) throw refusal(world, "flavor", `The flavor ${flavorId} does not exist.`);
  return flavor;
}

/** Nodes that exist or are being made. */
function nodeCount(world: DdmWorld, instance: DdmInstance): number {
  return world.nodes(instance.instanceId).length;
}

export function checkCount(world: DdmWorld, instance: DdmInstance, count: number): void {
  if (count < 1) throw parameterError("node_number must be at least 1.");
  const total = nodeCount(world, instance) + count;
  if (total > world.settings.maximumNodes) {
    throw refusal(world, "tooManyNodes", `The instance cannot have ${total} nodes.`);
  }
}

export function checkQuota(world: DdmWorld, instance: DdmInstance, count: number): void {
  const { quota } = world.settings;
  if (quota === null) return;
  const instances = world.instances().filter(({ projectId }) => projectId === instance.projectId);
  const present = instances.reduce((sum, one) => sum + nodeCount(world, one), 0);
  if (present + count > quota) {
    throw refusal(world, "tooManyForAccount", `The quota of ${quota} nodes is exceeded.`, 413);
  }
}

/** The associated data nodes must be available and not in another operation. */
export function checkData(world: DdmWorld, instance: DdmInstance): void {
  if (instance.rds !== "normal") throw new ApiError(400, world.settings.rdsCode);
}

/** Each zone must offer the class. */
export function checkZones(world: DdmWorld, flavor: Flavor, zones: string[]): void {
  for (const zone of zones) {
    const status = flavor.zones[zone];
    if (status === undefined) throw refusal(world, "zones", `The zone ${zone} does not exist.`);
    if (status !== "normal") throw refusal(world, "soldOut", `${flavor.code} is sold out in ${zone}.`);
  }
}

/** Zones for nodes whose caller has no choice. */
export function chooseZones(
  world: DdmWorld,
  instance: DdmInstance,
  group: DdmGroup,
  flavor: Flavor,
  count: number,
): string[] {
  const open = instance.availableZones.filter((zone) => flavor.zones[zone] === "normal");
  if (open.length === 0) throw refusal(world, "soldOut", `${flavor.code} is sold out.`);
  const { placement } = world.settings;
  const first = placement === "spread" ? group.allNodes.length : 0;
  return Array.from({ length: count }, (_, index) => {
    const at = placement === "spread" ? (first + index) % open.length : 0;
    return open[at] ?? "";
  });
}
